//! `cargo xtask fuzz`: random input for what `core/fuzz` checks.
//!
//! The targets are built as `cargo fuzz` builds them, but for the address sanitizer: it needs an unstable
//! compiler, and the core has no `unsafe` that it could watch. The coverage that libFuzzer steers by needs
//! no more than LLVM's own options, so the stable compiler does.

use crate::stage::stage;
use crate::workshop::Workshop;
use std::path::{Path, PathBuf};

/// The folder of the targets.
const FOLDER: &str = "core/fuzz";
/// How long each target runs unless said otherwise.
const SECONDS: u32 = 60;
/// An input that takes longer is a finding: work must stay in proportion to the input.
const SECONDS_AN_INPUT: u32 = 10;

/// What instruments the code, and keeps the checks of debug builds.
const FLAGS: [&str; 9] = [
    "-Cpasses=sancov-module",
    "-Cllvm-args=-sanitizer-coverage-level=4",
    "-Cllvm-args=-sanitizer-coverage-inline-8bit-counters",
    "-Cllvm-args=-sanitizer-coverage-pc-table",
    "-Cllvm-args=-sanitizer-coverage-trace-compares",
    "-Ccodegen-units=1",
    "-Cdebug-assertions",
    "--cfg",
    "fuzzing",
];

/// Builds the targets that are named, or all of them, and runs each; with `--input FILE` a single target on
/// that input alone.
pub fn run(workshop: &Workshop, arguments: &[&str]) -> Result<(), String> {
    let all = all_targets(&workshop.path(&format!("{FOLDER}/targets")))?;
    let job = Job::read(arguments, &all)?;
    let triple = host(workshop)?;
    stage("build the fuzz targets", || build(workshop, &triple, &job.targets))?;
    let program = |target: &str| {
        let name = format!("{target}{}", std::env::consts::EXE_SUFFIX);
        workshop.path(FOLDER).join("target").join(&triple).join("release").join(name)
    };
    if let (Some(input), [target]) = (&job.input, job.targets.as_slice()) {
        let input = std::path::absolute(input).map_err(|error| format!("{}: {error}", input.display()))?;
        let mut command = workshop.command(program(target));
        return workshop.run(command.arg(format!("-timeout={SECONDS_AN_INPUT}")).arg(input));
    }
    let mut found = 0;
    for target in &job.targets {
        found += u32::from(fuzz(workshop, &program(target), target, job.seconds)?);
    }
    if found == 0 { Ok(()) } else { Err(format!("{found} of {} targets found something", job.targets.len())) }
}

/// What is to be done.
#[derive(Debug, PartialEq)]
struct Job {
    targets: Vec<String>,
    seconds: u32,
    input: Option<PathBuf>,
}

impl Job {
    fn read(arguments: &[&str], all: &[String]) -> Result<Self, String> {
        let mut job = Self { targets: Vec::new(), seconds: SECONDS, input: None };
        let mut rest = arguments.iter();
        while let Some(&argument) = rest.next() {
            let mut value = || rest.next().ok_or_else(|| format!("{argument} wants a value"));
            match argument {
                "--seconds" => {
                    let seconds = value()?.parse().ok().filter(|&seconds| seconds > 0);
                    job.seconds = seconds.ok_or("--seconds wants a whole number above 0")?;
                }
                "--input" => job.input = Some(value()?.into()),
                option if option.starts_with("--") => return Err(format!("unknown option {option}")),
                target if all.iter().any(|name| name == target) => job.targets.push(target.to_owned()),
                other => return Err(format!("{other:?} is none of {}", all.join(", "))),
            }
        }
        match (&job.input, job.targets.len()) {
            (Some(_), 1) => {}
            (Some(_), _) => return Err("--input wants one target".to_owned()),
            (None, 0) => job.targets = all.to_vec(),
            (None, _) => {}
        }
        Ok(job)
    }
}

/// The names of the targets: each has a program.
fn all_targets(folder: &Path) -> Result<Vec<String>, String> {
    let failed = |error: std::io::Error| format!("{}: {error}", folder.display());
    let mut names = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        names.extend(path.file_stem().map(|name| name.to_string_lossy().into_owned()));
    }
    names.sort();
    Ok(names)
}

/// The triple of this machine. With it as the target, the flags are not for what runs during the build.
fn host(workshop: &Workshop) -> Result<String, String> {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let version = workshop.output(workshop.command(rustc).arg("-vV"))?;
    let host = version.lines().find_map(|line| line.strip_prefix("host: "));
    host.map(str::to_owned).ok_or_else(|| format!("rustc -vV names no host:\n{version}"))
}

fn build(workshop: &Workshop, triple: &str, targets: &[String]) -> Result<(), String> {
    let compiler = std::env::var_os("CXX").unwrap_or_else(|| "c++".into());
    workshop.output(workshop.command(&compiler).arg("--version")).map_err(|error| {
        format!("{error}\nlibFuzzer needs a C++ compiler: on Debian the package g++, or one that CXX names.")
    })?;
    let mut cargo = workshop.cargo("build");
    cargo.current_dir(workshop.path(FOLDER));
    cargo.env("CARGO_ENCODED_RUSTFLAGS", FLAGS.join("\u{1f}")).env_remove("RUSTFLAGS");
    cargo.args(["--release", "--locked", "--quiet", "--target-dir", "target", "--target", triple]);
    cargo.args(targets.iter().flat_map(|target| ["--bin", target]));
    workshop.run(&mut cargo)
}

/// Runs a target on random input and prints a line about it. Returns whether an input failed.
fn fuzz(workshop: &Workshop, program: &Path, target: &str, seconds: u32) -> Result<bool, String> {
    let folder = workshop.path(FOLDER);
    let [corpus, artifacts] = ["corpus", "artifacts"].map(|name| folder.join(name).join(target));
    for folder in [&corpus, &artifacts] {
        std::fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    }
    let mut command = workshop.command(program);
    command
        .current_dir(&folder)
        .env("RUST_BACKTRACE", "0")
        .args([&corpus, &folder.join("seeds").join(target)]);
    command.arg(format!("-max_total_time={seconds}")).arg(format!("-timeout={SECONDS_AN_INPUT}"));
    command.arg(format!("-artifact_prefix={}/", artifacts.display()));
    command.args(["-dict=words.dict", "-print_final_stats=1"]);
    let output = command.output().map_err(|error| format!("{}: {error}", program.display()))?;
    let log = String::from_utf8_lossy(&output.stderr);
    let summary = Summary::read(&log);
    println!("{}", summary.line(target));
    if output.status.success() {
        return Ok(false);
    }
    let Some(input) = summary.input else { return Err(format!("{target}: {}\n{log}", output.status)) };
    println!("{}", summary.reason);
    let input = Path::new(input);
    let input = input.strip_prefix(workshop.root()).unwrap_or(input).display();
    println!("kept in {input}; again with: cargo xtask fuzz {target} --input {input}");
    Ok(true)
}

/// What libFuzzer says about a run.
#[derive(Debug, Default, PartialEq)]
struct Summary<'l> {
    executions: u64,
    a_second: u64,
    features: u64,
    /// What failed, as the panic or libFuzzer says it.
    reason: String,
    /// Where the input that failed is kept.
    input: Option<&'l str>,
}

impl<'l> Summary<'l> {
    fn read(log: &'l str) -> Self {
        let after = |mark: &str| log.lines().filter_map(|line| Some(line.split_once(mark)?.1)).next_back();
        let number = |mark: &str| {
            let word = after(mark).and_then(|rest| rest.split_whitespace().next());
            word.and_then(|word| word.parse().ok()).unwrap_or(0)
        };
        let panic = log.lines().skip_while(|line| !line.contains(" panicked at "));
        let panic = panic.take_while(|line| !line.starts_with("note: ") && !line.starts_with("=="));
        let panic: Vec<&str> = panic.collect();
        Self {
            executions: number("stat::number_of_executed_units:"),
            a_second: number("stat::average_exec_per_sec:"),
            features: number(" ft: "),
            reason: match panic.as_slice() {
                [] => after(" ERROR: libFuzzer: ").unwrap_or_default().to_owned(),
                panic => panic.join("\n"),
            },
            input: after("Test unit written to "),
        }
    }

    fn line(&self, target: &str) -> String {
        let Self { executions, a_second, features, input, .. } = self;
        let findings = u32::from(input.is_some());
        format!(
            "{target}: {executions} executions, {a_second} a second, {features} features, {findings} findings"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOG: &str = "\
#2\tINITED cov: 7 ft: 8 corp: 1/1b exec/s: 0 rss: 30Mb
#193\tNEW    cov: 4137 ft: 9589 corp: 137/24Kb lim: 252 exec/s: 0 rss: 30Mb L: 233/252 MS: 1 CrossOver-

thread '<unnamed>' (4028) panicked at src/compare.rs:30:9:
assertion `left == right` failed
  left: True
 right: False
note: run with `RUST_BACKTRACE=1` environment variable to display a backtrace
==4028== ERROR: libFuzzer: deadly signal
artifact_prefix='/x/artifacts/document/'; Test unit written to /x/artifacts/document/crash-04
stat::number_of_executed_units: 194
stat::average_exec_per_sec:     97
";

    #[test]
    fn the_log_says_how_much_was_tried_and_what_failed() {
        let summary = Summary::read(LOG);
        assert_eq!(summary.input, Some("/x/artifacts/document/crash-04"));
        assert!(summary.reason.starts_with("thread") && summary.reason.ends_with("right: False"));
        assert_eq!(
            summary.line("document"),
            "document: 194 executions, 97 a second, 9589 features, 1 findings"
        );
        let slow = Summary::read("==7== ERROR: libFuzzer: timeout after 11 seconds\n");
        assert_eq!((slow.reason.as_str(), slow.input), ("timeout after 11 seconds", None));
    }

    #[test]
    fn targets_are_named_or_all() {
        let all = ["decide".to_owned(), "pattern".to_owned()];
        let job = |arguments: &[&str]| Job::read(arguments, &all);
        assert_eq!(job(&[]).unwrap(), Job { targets: all.to_vec(), seconds: SECONDS, input: None });
        let one = job(&["pattern", "--seconds", "5"]).unwrap();
        assert_eq!((one.targets, one.seconds), (vec!["pattern".to_owned()], 5));
        assert!(job(&["decide", "--input", "x"]).unwrap().input.is_some());
        for wrong in
            [&["other"][..], &["--seconds"], &["--seconds", "0"], &["--second", "1"], &["--input", "x"]]
        {
            assert!(job(wrong).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn every_target_has_a_program() {
        let targets = Workshop::new().path("core/fuzz/targets");
        assert!(all_targets(&targets).unwrap().iter().any(|name| name == "document"));
    }
}
