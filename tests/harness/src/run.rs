//! Runs cases on an adapter and counts.

use crate::expect::Mismatch;
use crate::{Adapter, Case};
use std::fmt::Write;

/// How the cases of one file went on one binding.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    /// Cases whose answers are all right.
    pub passed: u64,
    /// The others.
    pub failed: Vec<FailedCase>,
}

/// A case that failed on a binding.
#[derive(Clone, Debug)]
pub struct FailedCase {
    /// The case.
    pub id: String,
    /// Why its answer should be what it is.
    pub why: String,
    /// What came instead.
    pub mismatch: Mismatch,
}

/// Runs the cases of several files on one adapter, all jobs in one go, and returns a tally per file.
pub fn run(files: &[Vec<Case>], adapter: &mut dyn Adapter) -> Vec<Tally> {
    let cases = || files.iter().flatten();
    let lines: Vec<String> = cases().flat_map(|case| &case.jobs).map(|(job, _)| job.line()).collect();
    let mut answers = adapter.answers(&lines).into_iter();
    let mut tallies: Vec<Tally> = files
        .iter()
        .map(|cases| {
            let mut tally = Tally::default();
            for case in cases {
                // Every answer of the case is taken, also after a wrong one.
                let results: Vec<Result<(), Mismatch>> =
                    case.jobs.iter().map(|(_, expect)| check(expect, answers.next())).collect();
                tally.count(case, results.into_iter().find_map(Result::err));
            }
            tally
        })
        .collect();
    if let (Some(complaint), Some(tally)) = (adapter.complaint(), tallies.first_mut()) {
        let expected = "a clean end of the adapter".to_owned();
        let mismatch = Mismatch { expected, actual: complaint, answered: false };
        tally.failed.push(FailedCase { id: "(adapter)".to_owned(), why: String::new(), mismatch });
    }
    tallies
}

fn check(expect: &crate::expect::Expect, answer: Option<Result<String, String>>) -> Result<(), Mismatch> {
    match answer {
        Some(Ok(answer)) => expect.check(&answer),
        Some(Err(message)) => Err(expect.unanswered(&message)),
        None => Err(expect.unanswered("no answer")),
    }
}

impl Tally {
    fn count(&mut self, case: &Case, mismatch: Option<Mismatch>) {
        match mismatch {
            None => self.passed += 1,
            Some(mismatch) => {
                self.failed.push(FailedCase { id: case.id.clone(), why: case.why.clone(), mismatch });
            }
        }
    }
}

/// A table with a first line of headings; columns of numbers are aligned to the right.
pub fn table(rows: &[Vec<String>]) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let columns: Vec<(usize, bool)> = (0..columns)
        .map(|at| {
            let cells = || rows.iter().filter_map(|row| row.get(at));
            let width = cells().map(|cell| cell.chars().count()).max().unwrap_or(0);
            let starts_with_digit = |cell: &String| cell.starts_with(|c: char| c.is_ascii_digit());
            (width, cells().skip(1).all(|cell| cell.is_empty() || starts_with_digit(cell)))
        })
        .collect();
    let mut out = String::new();
    for row in rows {
        let mut line = String::new();
        for (cell, &(width, numbers)) in row.iter().zip(&columns) {
            let _ = if numbers { write!(line, "{cell:>width$}  ") } else { write!(line, "{cell:<width$}  ") };
        }
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::read;

    struct Parrot(Vec<Result<String, String>>);

    impl Adapter for Parrot {
        fn name(&self) -> &str {
            "parrot"
        }

        fn answers(&mut self, lines: &[String]) -> Vec<Result<String, String>> {
            assert_eq!(lines.len(), self.0.len());
            self.0.clone()
        }
    }

    fn files() -> Vec<Vec<Case>> {
        let case = |id: &str| {
            format!(
                r#"{{"id": "{id}", "kind": "handler", "why": "w", "policy": {{}}, "expected": "allow",
                "api": "GetObject", "request": {{"action": "s3:GetObject"}}}}"#
            )
        };
        let file = |cases: &[String]| read(&format!(r#"{{"cases": [{}]}}"#, cases.join(","))).unwrap();
        vec![file(&[case("a"), case("b")]), file(&[case("c")])]
    }

    #[test]
    fn answers_are_counted_for_their_file() {
        let allow = Ok("allow\tstatement\t0:0".to_owned());
        let deny = Ok("implicit_deny\tno-statement\t".to_owned());
        let tallies = run(&files(), &mut Parrot(vec![allow.clone(), allow, deny]));
        assert_eq!((tallies[0].passed, tallies[0].failed.len()), (2, 0));
        assert_eq!((tallies[1].passed, tallies[1].failed.len()), (0, 1));
        assert_eq!(tallies[1].failed[0].id, "c");
        assert_eq!(tallies[1].failed[0].mismatch.actual, "outcome implicit_deny");
    }

    #[test]
    fn no_answer_is_a_failure() {
        let dead = Err("it ended".to_owned());
        let tallies = run(&files(), &mut Parrot(vec![dead.clone(), dead.clone(), dead]));
        assert_eq!(tallies.iter().map(|tally| tally.failed.len()).sum::<usize>(), 3);
        assert_eq!(tallies[0].failed[0].mismatch.actual, "it ended");
    }

    #[test]
    fn tables_are_aligned() {
        let rows = [vec!["file".to_owned(), "core".to_owned()], vec!["a".to_owned(), "7".to_owned()]];
        assert_eq!(table(&rows), "file  core\na        7\n");
    }
}
