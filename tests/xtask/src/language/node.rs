//! Node.

use super::Language;
use crate::workshop::{Report, Workshop};
use std::process::Command;

const FOLDER: &str = "bindings-node";
/// The tests of what the signers of other projects sign.
const SIGNERS: &str = "tests/signers/node";

/// The binding.
pub struct Node;

impl Language for Node {
    fn name(&self) -> &'static str {
        "node"
    }

    fn set_up(&self, workshop: &Workshop) -> Result<(), String> {
        check_version(workshop)?;
        for (name, folder) in [("npm-node", FOLDER), ("npm-signers", SIGNERS)] {
            let inputs = [format!("{folder}/package.json"), format!("{folder}/package-lock.json")];
            let inputs: Vec<&str> = inputs.iter().map(String::as_str).collect();
            workshop.once_making(name, &inputs, &format!("{folder}/node_modules"), || {
                workshop.run(npm_in(workshop, folder).args([
                    "ci",
                    "--no-audit",
                    "--no-fund",
                    "--loglevel=error",
                ]))
            })?;
        }
        Ok(())
    }

    fn build(&self, workshop: &Workshop) -> Result<(), String> {
        workshop.run(npm(workshop).args(["run", "--silent", "build"]))
    }

    fn test(&self, workshop: &Workshop, report: &mut Report) -> Result<(), String> {
        let mut types = npm(workshop);
        report.count("node: types", workshop.run(types.args(["run", "--silent", "test:types"])));
        let mut package = npm(workshop);
        report.count("node: package", workshop.run(package.args(["run", "--silent", "test:package"])));
        run_tests(workshop, npm(workshop).args(["run", "--silent", "test:unit"]), report)?;
        run_tests(workshop, npm_in(workshop, SIGNERS).args(["test", "--silent"]), report)
    }

    fn adapter(&self, workshop: &Workshop) -> Command {
        let mut node = workshop.command("node");
        node.arg("tests/harness/adapters/node.mjs");
        node
    }
}

/// Node 20.19 or newer must be there; it comes with npm.
fn check_version(workshop: &Workshop) -> Result<(), String> {
    let needed = "Node 20.19 or newer is needed: https://nodejs.org";
    let version =
        workshop.output(workshop.command("node").arg("--version")).map_err(|_| needed.to_owned())?;
    let mut numbers = version.trim().trim_start_matches('v').split('.').map(|n| n.parse().unwrap_or(0));
    let version: (u32, u32) = (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0));
    if version >= (20, 19) { Ok(()) } else { Err(needed.to_owned()) }
}

fn npm(workshop: &Workshop) -> Command {
    npm_in(workshop, FOLDER)
}

fn npm_in(workshop: &Workshop, folder: &str) -> Command {
    let mut npm = workshop.command(if cfg!(windows) { "npm.cmd" } else { "npm" });
    npm.args(["--prefix", folder]);
    npm
}

/// Runs Node's test runner and counts what it says.
fn run_tests(workshop: &Workshop, runner: &mut Command, report: &mut Report) -> Result<(), String> {
    let mut count = TestRunner::default();
    let success = workshop.run_lines(runner, |line| count.line(line))?;
    report.passed += count.passed;
    let failed = count.failed.len();
    report.failed.extend(count.failed.into_iter().map(|name| format!("node: {name}")));
    if success || failed > 0 { Ok(()) } else { Err("node: the test runner failed".to_owned()) }
}

/// What Node's test runner says in the form of TAP, in which nested lines are indented.
#[derive(Default)]
struct TestRunner {
    passed: u64,
    failed: Vec<String>,
}

impl TestRunner {
    fn line(&mut self, line: &str) {
        if let Some(count) = line.strip_prefix("# pass ") {
            self.passed += count.trim().parse::<u64>().unwrap_or(0);
        } else if let Some((_, name)) =
            line.trim_start().strip_prefix("not ok ").and_then(|l| l.split_once(" - "))
        {
            self.failed.push(name.to_owned());
        } else if line.trim() == "failureType: 'subtestsFailed'" {
            // The group failed because of tests that are listed themselves.
            self.failed.pop();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_the_test_runner_are_counted() {
        let mut count = TestRunner::default();
        for line in [
            "TAP version 13",
            "# Subtest: a policy decides",
            "    # Subtest: allowed",
            "    ok 1 - allowed",
            "    not ok 2 - denied",
            "not ok 1 - a policy decides",
            "  failureType: 'subtestsFailed'",
            "not ok 3 - a group that cannot begin",
            "  failureType: 'testCodeFailure'",
            "ok 2 - a verdict",
            "# tests 4",
            "# pass 2",
            "# fail 2",
        ] {
            count.line(line);
        }
        assert_eq!(count.passed, 2);
        assert_eq!(count.failed, ["denied", "a group that cannot begin"]);
    }
}
