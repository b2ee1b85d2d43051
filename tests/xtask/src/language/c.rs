//! C and C++.

mod compiler;
mod exports;
mod package;
mod programs;
mod readme;

use super::Language;
use crate::debian;
use crate::workshop::{Report, Workshop};
use compiler::Dialect;
use std::path::PathBuf;
use std::process::Command;

/// The binding.
pub struct C;

/// What building needs, and what testing needs as well: each a program, and the Debian package that
/// has it.
const TO_BUILD: [(&str, &str); 1] = [("cc", "gcc")];
const TO_TEST: [(&str, &str); 8] = [
    ("gcc", "gcc"),
    ("g++", "g++"),
    ("clang", "clang"),
    ("make", "make"),
    ("cmake", "cmake"),
    ("pkg-config", "pkg-config"),
    ("valgrind", "valgrind"),
    ("nm", "binutils"),
];

impl Language for C {
    fn name(&self) -> &'static str {
        "c"
    }

    fn set_up(&self, workshop: &Workshop) -> Result<(), String> {
        if missing(workshop, &TO_BUILD).or_else(|| missing(workshop, &TO_TEST)).is_some() {
            // Whether it worked is seen by looking again.
            let packages = [&TO_BUILD[..], &TO_TEST].concat().into_iter().map(|(_, package)| package);
            let _ = debian::install(workshop, &packages.collect::<Vec<_>>());
        }
        if let Some(missing) = missing(workshop, &TO_BUILD) {
            return Err(missing);
        }
        if let Some(missing) = missing(workshop, &TO_TEST) {
            println!("The tests of C will not run yet: {missing}");
        }
        Ok(())
    }

    fn build(&self, workshop: &Workshop) -> Result<(), String> {
        workshop.run(workshop.cargo("build").args(["--release", "--locked", "--package", "s3iam-c"]))?;
        let mut adapter = Dialect::C.compile(workshop, "cc");
        adapter.args(["-O2", "-Ibindings-c/include", "tests/harness/adapters/c.c"]);
        adapter.arg(workshop.release_file("libs3iam.a")).args(SYSTEM_LIBRARIES);
        workshop.run(adapter.arg("-o").arg(adapter_program(workshop)?))
    }

    fn test(&self, workshop: &Workshop, report: &mut Report) -> Result<(), String> {
        if let Some(missing) = missing(workshop, &TO_TEST) {
            return Err(format!("c: {missing}"));
        }
        let prefix = package::install(workshop)?;
        compiler::test_headers(workshop, report);
        report.count("c: exported names", exports::test(workshop, &prefix));
        programs::test(workshop, &prefix, report)?;
        readme::test(workshop, &prefix, report)?;
        package::test(workshop, &prefix, report)
    }

    fn adapter(&self, workshop: &Workshop) -> Command {
        // Where the folder cannot be made, starting the program says so.
        workshop.command(adapter_program(workshop).unwrap_or_default())
    }
}

/// What a program that links the static library links besides.
const SYSTEM_LIBRARIES: [&str; 3] = ["-lpthread", "-ldl", "-lm"];

/// The folder for what is made on the way, made if it is not there.
fn folder(workshop: &Workshop, name: &str) -> Result<PathBuf, String> {
    let path = workshop.release_file("c").join(name);
    std::fs::create_dir_all(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    Ok(path)
}

fn adapter_program(workshop: &Workshop) -> Result<PathBuf, String> {
    Ok(folder(workshop, "adapter")?.join("adapter"))
}

/// One line that says which programs are missing and how to get them.
fn missing(workshop: &Workshop, programs: &[(&str, &str)]) -> Option<String> {
    let is_missing =
        |(program, _): &&(&str, &str)| workshop.output(workshop.command(program).arg("--version")).is_err();
    let (programs, packages): (Vec<&str>, Vec<&str>) = programs.iter().filter(is_missing).copied().unzip();
    if programs.is_empty() {
        return None;
    }
    let (programs, packages) = (programs.join(", "), packages.join(" "));
    Some(format!("missing: {programs}; on Debian, `apt-get install {packages}`"))
}

/// Runs a command quietly; its output is part of the error.
fn run_quietly(command: &mut Command) -> Result<(), String> {
    let text = format!("{command:?}");
    let output = command.output().map_err(|error| format!("{text}: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    let (out, error) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    Err(format!("{text}: {}\n{out}{error}", output.status))
}
