//! `cargo xtask test`: everything, and how much of it passed.

use crate::stage::{seconds, stage};
use crate::workshop::{Report, Workshop};
use crate::{cases, generate, language, setup};
use std::process::Command;
use std::time::Instant;

/// Runs every test. A stage that fails does not stop the others.
pub fn run(workshop: &Workshop) -> Result<(), String> {
    let start = Instant::now();
    let mut report = Report::default();
    check(&mut report, "set up the virtual environment", || setup::python_environment(workshop));
    check(&mut report, "format", || workshop.run(workshop.cargo("fmt").args(["--all", "--check"])));
    check(&mut report, "generated files", || generate::run(true));
    check(&mut report, "lints", || {
        let mut clippy = workshop.cargo("clippy");
        workshop.run(clippy.args(["--workspace", "--all-targets", "--locked", "--", "-D", "warnings"]))
    });
    check(&mut report, "documentation", || {
        let mut doc = workshop.cargo("doc");
        doc.env("RUSTDOCFLAGS", "-D warnings");
        workshop.run(doc.args(["--no-deps", "--locked", "--package", "s3iam"]))
    });
    rust_tests(workshop, &mut report);
    let bindings = bindings(workshop, |_| true, &mut report);
    let mut on = vec!["core"];
    on.extend(bindings);
    let cases = stage("cases", || cases::run_all(workshop, &on, &mut report));
    report.failed.extend(cases.err());
    println!("\neverything took {}", seconds(start.elapsed()));
    finish(&report)
}

/// Runs the own tests of the bindings named in `list`, with commas between.
pub fn run_bindings(workshop: &Workshop, list: &str) -> Result<(), String> {
    let named: Vec<&str> = list.split(',').collect();
    let mut report = Report::default();
    let tested = bindings(workshop, |name| named.contains(&name), &mut report);
    if tested.len() != named.len() {
        return Err(format!("not all of {list:?} are bindings"));
    }
    finish(&report)
}

/// Prints what failed and the last line.
fn finish(report: &Report) -> Result<(), String> {
    for failed in &report.failed {
        println!("FAILED {failed}");
    }
    println!("{} passed, {} failed", report.passed, report.failed.len());
    if report.failed.is_empty() { Ok(()) } else { std::process::exit(1) }
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

/// Sets up, builds and tests the wanted bindings; returns those that can run cases.
fn bindings(workshop: &Workshop, wanted: impl Fn(&str) -> bool, report: &mut Report) -> Vec<&'static str> {
    let mut ready = Vec::new();
    for language in language::all().into_iter().filter(|language| wanted(language.name())) {
        let name = language.name();
        let mut made = Ok(());
        check(report, &format!("make {name}"), || {
            made = language::make_ready(workshop, language.as_ref());
            made.clone()
        });
        // A binding that could not be built still runs its cases, all of which then fail: what is
        // missing must not look like less.
        ready.push(name);
        if made.is_ok() {
            let tested = stage(&format!("test {name}"), || language.test(workshop, report));
            report.failed.extend(tested.err());
        }
    }
    ready
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
