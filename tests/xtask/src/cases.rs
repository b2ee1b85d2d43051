//! `cargo xtask cases`: case files on the core and on every binding.

use crate::language::{self, Language};
use crate::stage::seconds;
use crate::workshop::{Report, Workshop};
use harness::expect::Expect;
use harness::job::Job;
use harness::process::Process;
use harness::run::{Tally, table};
use harness::{Adapter, Case};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

const ALL: [&str; 5] = ["core", "python", "node", "c", "wasm"];

/// Runs the command with its arguments.
pub fn run(workshop: &Workshop, arguments: &[&str]) -> Result<(), String> {
    let (paths, bindings) = read_arguments(arguments)?;
    let languages = language::all();
    for language in languages.iter().filter(|language| bindings.contains(&language.name())) {
        language::make_ready(workshop, language.as_ref())?;
    }
    let mut report = Report::default();
    run_files(workshop, &paths, &bindings, &languages, &mut report)?;
    println!("{} passed, {} failed", report.passed, report.failed.len());
    if report.failed.is_empty() { Ok(()) } else { Err("some cases failed".to_owned()) }
}

/// Runs every case file of the repository on the core and on `bindings`, which are built already.
pub fn run_all(workshop: &Workshop, bindings: &[&str], report: &mut Report) -> Result<(), String> {
    run_files(workshop, &[workshop.path("tests/cases")], bindings, &language::all(), report)
}

/// What a package that has a part of the surface alone answers to a job.
pub enum Part {
    /// The same as every other.
    Answered,
    /// The error `unsupported`.
    Unsupported,
    /// Whatever it is, not that the request is good.
    NotAccepted,
}

/// Runs every case file of the repository on a package that has a part of the surface alone.
pub fn run_part(
    workshop: &Workshop,
    name: &str,
    adapter: Command,
    part: fn(&Job) -> Part,
    report: &mut Report,
) -> Result<(), String> {
    let files = load(workshop, &[workshop.path("tests/cases")])?;
    let names: Vec<&str> = files.iter().map(|file| file.name.as_str()).collect();
    let mut cases: Vec<Vec<Case>> = files.iter().map(|file| file.cases.clone()).collect();
    let (mut answered, mut refused) = (0, 0);
    for (job, expect) in cases.iter_mut().flatten().flat_map(|case| &mut case.jobs) {
        match part(job) {
            Part::Answered => answered += 1,
            Part::Unsupported => {
                refused += 1;
                *expect = Expect::new().is(0, "outcome", "error").is(1, "code", "unsupported");
            }
            Part::NotAccepted => {
                refused += 1;
                *expect = Expect::new().is_not(0, "outcome", "accept").is_not(0, "outcome", "anonymous");
            }
        }
    }
    println!("{name}: {answered} jobs, and {refused} that it must refuse");
    if answered == 0 || refused == 0 {
        return Err(format!("{name} is to answer some jobs and refuse some"));
    }
    let tallies = harness::run::run(&cases, &mut Process::new(name, adapter));
    report.passed += tallies.iter().map(|tally| tally.passed).sum::<u64>();
    print_failures(&names, &[(name, tallies)], report);
    Ok(())
}

fn read_arguments<'a>(arguments: &[&'a str]) -> Result<(Vec<PathBuf>, Vec<&'a str>), String> {
    let (mut paths, mut bindings) = (Vec::new(), ALL.to_vec());
    let mut rest = arguments.iter();
    while let Some(&argument) = rest.next() {
        match argument {
            "--on" => bindings = rest.next().ok_or("--on wants a list")?.split(',').collect(),
            option if option.starts_with("--") => return Err(format!("unknown option {option}")),
            path => paths.push(PathBuf::from(path)),
        }
    }
    match bindings.iter().find(|name| !ALL.contains(name)) {
        Some(name) => Err(format!("{name:?} is none of {}", ALL.join(", "))),
        None if paths.is_empty() => Err("which case files?".to_owned()),
        None => Ok((paths, bindings)),
    }
}

struct CaseFile {
    name: String,
    cases: Vec<Case>,
}

/// Runs case files.
fn run_files(
    workshop: &Workshop,
    paths: &[PathBuf],
    bindings: &[&str],
    languages: &[Box<dyn Language>],
    report: &mut Report,
) -> Result<(), String> {
    let files = load(workshop, paths)?;
    let names: Vec<&str> = files.iter().map(|file| file.name.as_str()).collect();
    let cases: Vec<Vec<Case>> = files.iter().map(|file| file.cases.clone()).collect();
    let mut results = Vec::new();
    for &binding in bindings {
        let mut adapter: Box<dyn Adapter> = match languages.iter().find(|language| language.name() == binding)
        {
            None => Box::new(harness::core_adapter::Core),
            Some(language) => Box::new(Process::new(binding, language.adapter(workshop))),
        };
        let start = Instant::now();
        let tallies = harness::run::run(&cases, adapter.as_mut());
        let count: usize = cases.iter().flatten().map(|case| case.jobs.len()).sum();
        println!("{binding}: {count} jobs in {}", seconds(start.elapsed()));
        results.push((binding, tallies));
    }
    print_failures(&names, &results, report);
    print!("\n{}", summary(&names, &results));
    report.passed += results.iter().flat_map(|(_, tallies)| tallies).map(|tally| tally.passed).sum::<u64>();
    Ok(())
}

/// The case files among files and folders, in the order of their names.
fn load(workshop: &Workshop, paths: &[PathBuf]) -> Result<Vec<CaseFile>, String> {
    let mut found = Vec::new();
    for path in paths {
        if path.is_dir() {
            collect(path, &mut found)?;
        } else {
            found.push(path.clone());
        }
    }
    if found.is_empty() {
        return Err("there are no case files".to_owned());
    }
    let base = workshop.path("tests/cases");
    found
        .into_iter()
        .map(|path| {
            let full = path.canonicalize().unwrap_or_else(|_| path.clone());
            let name = full.strip_prefix(&base).unwrap_or(&path).display().to_string();
            Ok(CaseFile { name, cases: harness::format::load(&path)? })
        })
        .collect()
}

fn collect(folder: &Path, found: &mut Vec<PathBuf>) -> Result<(), String> {
    let entries = std::fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut entries: Vec<PathBuf> = entries.filter_map(Result::ok).map(|entry| entry.path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            collect(&path, found)?;
        } else if path.extension().is_some_and(|e| e == "json") && !path.ends_with("schema.json") {
            found.push(path);
        }
    }
    Ok(())
}

type Results<'a> = [(&'a str, Vec<Tally>)];

/// Prints each failure, once for all bindings that fail in the same way, and once for all cases that
/// a binding does not answer.
fn print_failures(names: &[&str], results: &Results<'_>, report: &mut Report) {
    let mut shown: Vec<(String, String, Vec<&str>)> = Vec::new();
    let mut unanswered: Vec<(&str, String, u64)> = Vec::new();
    for (binding, tallies) in results {
        for (name, tally) in names.iter().zip(tallies) {
            for failed in &tally.failed {
                let title = format!("{name} {}", failed.id);
                let text = format!(
                    "  expected {}\n  actual   {}\n  {}",
                    failed.mismatch.expected, failed.mismatch.actual, failed.why
                );
                report.failed.push(format!("case {title} on {binding}"));
                if !failed.mismatch.answered {
                    match unanswered
                        .iter_mut()
                        .find(|(b, text, _)| b == binding && *text == failed.mismatch.actual)
                    {
                        Some((.., count)) => *count += 1,
                        None => unanswered.push((binding, failed.mismatch.actual.clone(), 1)),
                    }
                    continue;
                }
                match shown.iter_mut().find(|(t, x, _)| *t == title && *x == text) {
                    Some((_, _, bindings)) => bindings.push(binding),
                    None => shown.push((title, text, vec![binding])),
                }
            }
        }
    }
    for (title, text, bindings) in shown {
        println!("FAILED {title} on {}\n{}", bindings.join(", "), text.trim_end());
    }
    for (binding, text, count) in unanswered {
        println!("FAILED {count} cases without an answer on {binding}\n  {text}");
    }
}

/// The table of cases and bindings: what passed.
fn summary(names: &[&str], results: &Results<'_>) -> String {
    let row = |first: &str, cells: Vec<String>| [vec![first.to_owned()], cells].concat();
    let heads = results.iter().map(|(binding, _)| (*binding).to_owned()).collect::<Vec<_>>();
    let mut rows = vec![row("cases", heads)];
    let mut totals = vec![(0, 0); results.len()];
    for (at, name) in names.iter().enumerate() {
        let mut cells = Vec::new();
        for ((_, tallies), total) in results.iter().zip(&mut totals) {
            let Some(tally) = tallies.get(at) else { continue };
            cells.push(cell(tally.passed, tally.failed.len() as u64));
            *total = (total.0 + tally.passed, total.1 + tally.failed.len() as u64);
        }
        rows.push(row(name, cells));
    }
    rows.push(row("total", totals.into_iter().map(|(passed, failed)| cell(passed, failed)).collect()));
    table(&rows)
}

fn cell(passed: u64, failed: u64) -> String {
    if failed == 0 { passed.to_string() } else { format!("{passed} ({failed} failed)") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_are_checked() {
        assert_eq!(
            read_arguments(&["a.json", "--on", "core,c"]).unwrap(),
            (vec![PathBuf::from("a.json")], vec!["core", "c"])
        );
        assert_eq!(read_arguments(&["a.json"]).unwrap().1, ALL);
        assert!(read_arguments(&[]).is_err());
        assert!(read_arguments(&["a.json", "--on", "perl"]).unwrap_err().contains("perl"));
        assert!(read_arguments(&["a.json", "--fast"]).is_err());
    }
}
