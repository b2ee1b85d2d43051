//! `cargo xtask test`: everything, and how much of it passed.

use crate::stage::{seconds, stage};
use crate::workshop::{Report, Workshop};
use crate::{cases, demo, generate, instructions, language, readme, setup};
use std::process::Command;
use std::time::Instant;

/// What can be named after `test`.
const PARTS: [&str; 9] = ["checks", "rust", "python", "node", "c", "wasm", "readme", "demo", "cases"];

/// Runs every test, or some parts (a list with commas). A stage that fails does not stop the others.
pub fn run(workshop: &Workshop, parts: Option<&str>) -> Result<(), String> {
    let parts: Vec<&str> = parts.map_or_else(|| PARTS.to_vec(), |list| list.split(',').collect());
    if let Some(part) = parts.iter().find(|part| !PARTS.contains(part)) {
        return Err(format!("{part:?} is none of {}", PARTS.join(", ")));
    }
    let start = Instant::now();
    let mut report = Report::default();
    check(&mut report, "set up the virtual environment", || setup::python_environment(workshop));
    if parts.contains(&"checks") {
        checks(workshop, &mut report);
    }
    if parts.contains(&"rust") {
        rust_tests(workshop, &mut report);
    }
    let whole = ["readme", "demo", "cases"].iter().any(|part| parts.contains(part));
    let bindings = bindings(workshop, &parts, whole, &mut report);
    if parts.contains(&"readme") {
        let examples = stage("README examples", || readme::run(workshop, &mut report));
        report.failed.extend(examples.err());
    }
    if parts.contains(&"demo") {
        check(&mut report, "demo", || demo::run(workshop));
    }
    if parts.contains(&"cases") {
        let on = [vec!["core"], bindings].concat();
        let cases = stage("cases", || cases::run_all(workshop, &on, &mut report));
        report.failed.extend(cases.err());
    }
    println!("\neverything took {}", seconds(start.elapsed()));
    for failed in &report.failed {
        println!("FAILED {failed}");
    }
    println!("{} passed, {} failed", report.passed, report.failed.len());
    if report.failed.is_empty() { Ok(()) } else { std::process::exit(1) }
}

/// Format, generated files, lints and documentation.
fn checks(workshop: &Workshop, report: &mut Report) {
    check(report, "format", || workshop.run(workshop.cargo("fmt").args(["--all", "--check"])));
    check(report, "generated files", || generate::run(true));
    check(report, "lints", || {
        let mut clippy = workshop.cargo("clippy");
        workshop.run(clippy.args(["--workspace", "--all-targets", "--locked", "--", "-D", "warnings"]))
    });
    check(report, "documentation", || {
        let mut doc = workshop.cargo("doc");
        doc.env("RUSTDOCFLAGS", "-D warnings");
        workshop.run(doc.args(["--no-deps", "--locked", "--package", "s3iam"]))
    });
}

/// A stage that counts as one test.
fn check(report: &mut Report, name: &str, work: impl FnOnce() -> Result<(), String>) {
    report.count(name, stage(name, work));
}

/// Unit, property, integration and doc tests of everything in Rust.
fn rust_tests(workshop: &Workshop, report: &mut Report) {
    let mut cargo = workshop.cargo("test");
    cargo.args(["--locked", "--no-fail-fast"]);
    let result = stage("Rust tests", || count_cargo_test(workshop, &mut cargo, report));
    report.failed.extend(result.err());
    check(report, "instructions", || instructions::run(workshop));
}

/// Runs `cargo test` and counts what it says.
pub fn count_cargo_test(workshop: &Workshop, cargo: &mut Command, report: &mut Report) -> Result<(), String> {
    let mut count = CargoTest::default();
    let success = workshop.run_lines(cargo, |line| count.line(line))?;
    report.passed += count.passed;
    let failed = count.failed.len();
    report.failed.extend(count.failed.into_iter().map(|name| format!("Rust test {name}")));
    if success || failed > 0 { Ok(()) } else { Err(format!("{cargo:?} failed")) }
}

/// What the output of `cargo test` says.
#[derive(Default)]
struct CargoTest {
    passed: u64,
    failed: Vec<String>,
}

impl CargoTest {
    fn line(&mut self, line: &str) {
        if let Some(rest) = line.strip_prefix("test result: ") {
            let passed = rest.split("; ").next().and_then(|first| first.split(' ').nth(1));
            self.passed += passed.and_then(|n| n.parse::<u64>().ok()).unwrap_or(0);
        } else if let Some(name) = line.strip_prefix("test ").and_then(|l| l.strip_suffix(" ... FAILED")) {
            self.failed.push(name.to_owned());
        }
    }
}

/// Sets up, builds and tests the bindings that are among `parts`, and with `whole` builds the others
/// as well. Returns those that are to run cases.
fn bindings(workshop: &Workshop, parts: &[&str], whole: bool, report: &mut Report) -> Vec<&'static str> {
    let mut wanted = Vec::new();
    for language in language::all() {
        let name = language.name();
        let tested = parts.contains(&name);
        if !tested && !whole {
            continue;
        }
        let mut made = Ok(());
        check(report, &format!("make {name}"), || {
            made = language::make_ready(workshop, language.as_ref());
            made.clone()
        });
        // A binding that could not be built still runs its cases, all of which then fail: what is
        // missing must not look like less.
        wanted.push(name);
        if tested && made.is_ok() {
            let result = stage(&format!("test {name}"), || language.test(workshop, report));
            report.failed.extend(result.err());
        }
    }
    wanted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_cargo_test_are_counted() {
        let mut count = CargoTest::default();
        for line in [
            "running 3 tests",
            "test time::tests::a ... ok",
            "test time::tests::b ... FAILED",
            "test result: FAILED. 2 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.01s",
            "test result: ok. 40 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.01s",
        ] {
            count.line(line);
        }
        assert_eq!((count.passed, count.failed), (42, vec!["time::tests::b".to_owned()]));
    }
}
