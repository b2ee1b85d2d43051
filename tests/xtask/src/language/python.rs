//! Python: a wheel, built by maturin and installed into the virtual environment.

use super::Language;
use crate::workshop::{Report, Workshop};
use std::path::{Path, PathBuf};
use std::process::Command;

/// The binding.
pub struct Python;

/// Where built wheels and source distributions go.
const WHEELS: &str = "target/wheels";
/// Where pytest writes what passed and failed.
const RESULTS: &str = "target/python-tests.xml";
/// The tests, each folder with its configuration: those of the binding, and those of what the signers of
/// other projects sign.
const TESTS: [(&str, &str); 2] = [
    ("bindings-python/pyproject.toml", "bindings-python/tests"),
    ("tests/signers/python/pytest.ini", "tests/signers/python"),
];

impl Language for Python {
    fn name(&self) -> &'static str {
        "python"
    }

    fn set_up(&self, workshop: &Workshop) -> Result<(), String> {
        // The task runner makes the virtual environment for everybody.
        crate::setup::python_environment(workshop)
    }

    fn build(&self, workshop: &Workshop) -> Result<(), String> {
        let folder = workshop.path(WHEELS);
        let _ = std::fs::remove_dir_all(&folder);
        let mut maturin = module(workshop, "maturin");
        maturin.args(["build", "--release", "--locked", "--quiet", "--manifest-path"]);
        workshop.run(maturin.arg("bindings-python/Cargo.toml").arg("--out").arg(&folder))?;
        let mut maturin = module(workshop, "maturin");
        maturin.args(["sdist", "--manifest-path", "bindings-python/Cargo.toml"]);
        workshop.run(maturin.arg("--out").arg(&folder))?;
        let mut pip = module(workshop, "pip");
        pip.args(["install", "--quiet", "--disable-pip-version-check", "--force-reinstall", "--no-deps"]);
        workshop.run(pip.arg("--no-index").arg(built(&folder, ".whl")?))
    }

    fn test(&self, workshop: &Workshop, report: &mut Report) -> Result<(), String> {
        for (configuration, folder) in TESTS {
            pytest(workshop, configuration, folder, report)?;
        }
        let folder = workshop.path(WHEELS);
        let mut install = workshop.command(workshop.python());
        install.arg("tests/packages/python/install.py");
        install.arg(built(&folder, ".whl")?).arg(built(&folder, ".tar.gz")?);
        report.count("the wheel installs and works elsewhere", workshop.run(&mut install));
        Ok(())
    }

    fn adapter(&self, workshop: &Workshop) -> Command {
        let mut command = workshop.command(workshop.python());
        command.args(["-X", "utf8", "-W", "error", "tests/harness/adapters/python.py"]);
        command
    }
}

/// Runs the tests of a folder and counts them.
fn pytest(workshop: &Workshop, configuration: &str, folder: &str, report: &mut Report) -> Result<(), String> {
    let results = workshop.path(RESULTS);
    let _ = std::fs::remove_file(&results);
    let mut pytest = module(workshop, "pytest");
    pytest.args(["--quiet", "-r", "s", "--config-file", configuration, folder]);
    let run = workshop.run(pytest.arg(format!("--junit-xml={}", results.display())));
    let text = std::fs::read_to_string(&results).map_err(|error| match &run {
        Err(failure) => failure.clone(),
        Ok(()) => format!("{}: {error}", results.display()),
    })?;
    let failed_before = report.failed.len();
    count_results(&text, report);
    // A run that fails in another way than by a test (a warning at exit, say) counts as well.
    if run.is_err() && report.failed.len() == failed_before {
        report.failed.extend(run.err());
    }
    Ok(())
}

/// A module of the virtual environment's Python, run as a program.
fn module(workshop: &Workshop, name: &str) -> Command {
    let mut command = workshop.command(workshop.python());
    command.args(["-m", name]);
    command
}

/// The one file with that ending.
fn built(folder: &Path, ending: &str) -> Result<PathBuf, String> {
    let files = std::fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    files
        .flatten()
        .map(|file| file.path())
        .find(|path| path.to_string_lossy().ends_with(ending))
        .ok_or_else(|| format!("{} has no file that ends in {ending}", folder.display()))
}

/// Counts the test cases of a JUnit file. What was skipped counts as neither passed nor failed.
fn count_results(xml: &str, report: &mut Report) {
    for case in xml.split("<testcase ").skip(1) {
        let (head, rest) = case.split_once('>').unwrap_or((case, ""));
        let body = if head.ends_with('/') { "" } else { rest.split("</testcase>").next().unwrap_or("") };
        if body.contains("<failure") || body.contains("<error") {
            let name = format!("Python test {}::{}", attribute(head, "classname"), attribute(head, "name"));
            report.failed.push(name);
        } else if !body.contains("<skipped") {
            report.passed += 1;
        }
    }
}

fn attribute<'a>(head: &'a str, name: &str) -> &'a str {
    let quoted = head.split_once(&format!(" {name}=\"")).or_else(|| head.split_once(&format!("{name}=\"")));
    quoted.and_then(|(_, rest)| rest.split('"').next()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_of_pytest_are_counted() {
        let mut report = Report::default();
        count_results(
            r#"<testsuites><testsuite tests="4"><testcase classname="a" name="one" time="0.1" />
            <testcase classname="a" name="two" time="0.1"><failure message="no">x</failure></testcase>
            <testcase classname="a" name="three" time="0.1"><skipped message="no" /></testcase>
            <testcase classname="b" name="four" time="0.1"><system-out>text</system-out></testcase>
            <testcase classname="b" name="five"><error message="no">x</error></testcase></testsuite></testsuites>"#,
            &mut report,
        );
        assert_eq!(report.passed, 2);
        assert_eq!(report.failed, ["Python test a::two", "Python test b::five"]);
    }
}
