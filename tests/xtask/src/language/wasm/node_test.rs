//! Running `node --test` and counting.

use crate::workshop::{Report, Workshop};
use std::path::Path;
use std::process::{Command, Stdio};

/// Runs every `*.test.mjs` of a folder, and counts each test under its own name.
pub fn run(workshop: &Workshop, report: &mut Report, label: &str, folder: &Path) -> Result<(), String> {
    let entries = folder.read_dir().map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut files: Vec<_> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    files.retain(|file| file.to_string_lossy().ends_with(".test.mjs"));
    files.sort();
    let output = Command::new("node")
        .args(["--test", "--test-reporter=tap"])
        .args(&files)
        .current_dir(workshop.root())
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| format!("node --test: {error}"))?;
    let text = String::from_utf8_lossy(&output.stdout);
    let outcome = Outcome::read(&text);
    report.passed += outcome.passed;
    let all_well = output.status.success() && outcome.failed.is_empty() && outcome.passed > 0;
    if !all_well {
        eprintln!("{text}");
    }
    report.failed.extend(outcome.failed.iter().map(|name| format!("{label}: {name}")));
    if !all_well && outcome.failed.is_empty() {
        report
            .failed
            .push(format!("{label}: node --test ended with {}, {} passed", output.status, outcome.passed));
    }
    Ok(())
}

/// What a TAP report says. Only tests without tests inside them count.
struct Outcome {
    passed: u64,
    failed: Vec<String>,
}

impl Outcome {
    fn read(tap: &str) -> Self {
        let mut outcome = Self { passed: 0, failed: Vec::new() };
        let mut deepest = 0;
        for line in tap.lines() {
            let depth = line.len() - line.trim_start().len();
            let line = line.trim_start();
            let (passed, rest) = match (line.strip_prefix("ok "), line.strip_prefix("not ok ")) {
                (Some(rest), _) => (true, rest),
                (_, Some(rest)) => (false, rest),
                _ => continue,
            };
            // A result less deep than the one before it sums up the tests inside it.
            let sums_up = depth < deepest;
            deepest = depth;
            let skipped = rest.contains("# SKIP") || rest.contains("# TODO");
            match passed {
                true if sums_up || skipped => {}
                true => outcome.passed += 1,
                false if sums_up && !outcome.failed.is_empty() => {}
                false => {
                    outcome.failed.push(rest.split_once(" - ").map_or(rest, |(_, name)| name).to_owned())
                }
            }
        }
        outcome
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leaf_tests_are_counted_once() {
        let tap = "TAP version 13\n# Subtest: policies\n    # Subtest: good\n    ok 1 - good\n      ---\n      \
                   duration_ms: 1\n      ...\n    # Subtest: bad\n    not ok 2 - bad\n    1..2\nnot ok 1 - policies\n\
                   # Subtest: alone\nok 2 - alone\nok 3 - later # SKIP\n1..3\n";
        let outcome = Outcome::read(tap);
        assert_eq!((outcome.passed, outcome.failed), (2, vec!["bad".to_owned()]));
    }

    #[test]
    fn a_file_that_breaks_off_is_a_failure() {
        assert_eq!(Outcome::read("not ok 1 - /a/b.test.mjs\n").failed.len(), 1);
    }
}
