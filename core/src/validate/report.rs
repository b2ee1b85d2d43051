//! Collecting findings: bounded, in the order of the text, with lines and columns.

use super::check::{self, Check};
use super::{Finding, Position, Severity, Stage};
use crate::json::{self, Path, Problem, ProblemKind, Span};
use crate::policy::{Source, Text};
use std::fmt::{self, Arguments, Display, Formatter, Write};

/// The most findings that a document gets; the first of each graver stage always has room.
pub const MOST_FINDINGS: usize = 100;
/// How many characters of the document a message shows at most.
const SHOWN: usize = 60;

/// Findings in the making.
pub(crate) struct Report<'t> {
    text: &'t [u8],
    /// The same for what is kept of it; empty until it is wanted.
    source: Source,
    findings: Vec<Finding>,
    gravest: Option<Stage>,
    reads: usize,
}

/// What a finding says: the message, and what to do about it; empty if the message says it.
pub(crate) struct Words {
    pub(crate) message: String,
    pub(crate) help: String,
}

/// A message and its help, as text.
pub(crate) fn say(message: String, help: impl Into<String>) -> Words {
    Words { message, help: help.into() }
}

/// Where something begins: `line 3, column 5`. Counted only when it is written.
pub(crate) struct Place<'t> {
    text: &'t [u8],
    at: u32,
}

impl<'t> Place<'t> {
    /// Where a span of the text begins.
    pub(crate) fn of(text: &'t [u8], span: Span) -> Self {
        Self { text, at: span.start }
    }
}

impl Display for Place<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let (line, column) = json::line_and_column(self.text, self.at);
        write!(f, "line {line}, column {column}")
    }
}

impl<'t> Report<'t> {
    pub(crate) fn new(text: &'t [u8]) -> Self {
        Self { text, source: Source::default(), findings: Vec::new(), gravest: None, reads: 0 }
    }

    /// Adds a finding. Its words and pointer are written only if there is room for it.
    pub(crate) fn add(
        &mut self,
        check: &Check,
        stage: Stage,
        span: Span,
        path: &Path<'_>,
        message: Arguments<'_>,
        help: Arguments<'_>,
    ) {
        if self.has_room(stage) {
            let words = say(std::fmt::format(message), std::fmt::format(help));
            self.push(check, stage, span, path.pointer(), words);
        }
    }

    /// Adds a finding whose words take thought, which is spared if there is no room for it.
    pub(crate) fn add_with(
        &mut self,
        check: &Check,
        stage: Stage,
        span: Span,
        path: &Path<'_>,
        words: &dyn Fn() -> Words,
    ) {
        if self.has_room(stage) {
            self.push(check, stage, span, path.pointer(), words());
        }
    }

    /// Where a span begins, for messages.
    pub(crate) fn place(&self, span: Span) -> Place<'t> {
        Place::of(self.text, span)
    }

    /// Makes the text ready to be copied from.
    pub(crate) fn keep_text(&mut self) {
        self.source = Source::of(self.text);
    }

    /// What was read from a string at a place, to be kept.
    pub(crate) fn copy(&self, text: &str, span: Span) -> Text {
        Text { text: self.source.piece(span.start + 1, text), span }
    }

    /// The text of the document.
    pub(crate) fn text(&self) -> &'t [u8] {
        self.text
    }

    /// Adds what the JSON reader found.
    pub(crate) fn add_problem(&mut self, problem: Problem) {
        let (check, stage) = match problem.kind {
            ProblemKind::Syntax => (&check::JSON_SYNTAX, Stage::Read),
            ProblemKind::TrailingText => (&check::JSON_TRAILING_DATA, Stage::Create),
            ProblemKind::RepeatedName => (&check::DUPLICATE_JSON_KEY, Stage::Create),
            ProblemKind::InvalidEscape => (&check::INVALID_UTF8_OR_ESCAPE, Stage::Read),
            ProblemKind::ReplacedText => (&check::INVALID_UTF8_OR_ESCAPE, Stage::Create),
            ProblemKind::TooDeep => (&check::NESTING_TOO_DEEP, Stage::Read),
            ProblemKind::TooLarge => (&check::DOCUMENT_TOO_LARGE, Stage::Read),
        };
        if self.has_room(stage) {
            let words = say(problem.message, problem.help);
            self.push(check, stage, problem.span, problem.pointer, words);
        }
    }

    /// How many findings stop reading, reported or not.
    pub(crate) fn reads(&self) -> usize {
        self.reads
    }

    /// Whether findings of that stage could neither be shown nor change the document's status.
    pub(crate) fn is_settled(&self, stage: Stage) -> bool {
        self.findings.len() >= MOST_FINDINGS && self.gravest.is_some_and(|gravest| gravest <= stage)
    }

    /// The findings in the order of the text.
    pub(crate) fn finish(mut self) -> Vec<Finding> {
        self.findings.sort_by_key(|finding| (finding.span.start, std::cmp::Reverse(finding.span.end)));
        place(self.text, &mut self.findings);
        self.findings
    }

    fn has_room(&mut self, stage: Stage) -> bool {
        self.reads += usize::from(stage == Stage::Read);
        let graver = self.gravest.is_none_or(|gravest| stage < gravest);
        if graver {
            self.gravest = Some(stage);
        }
        graver || self.findings.len() < MOST_FINDINGS
    }

    fn push(&mut self, check: &Check, stage: Stage, span: Span, pointer: String, words: Words) {
        let severity = match (stage, check.severity) {
            (Stage::Advice, Severity::Error) => Severity::Warning,
            (Stage::Advice, severity) => severity,
            _ => Severity::Error,
        };
        self.findings.push(Finding {
            code: check.code(),
            name: check.name(),
            severity,
            stage,
            message: words.message,
            help: words.help,
            pointer,
            span,
            start: Position::default(),
            end: Position::default(),
        });
    }
}

/// A piece of the document for a message: in backquotes, shortened, without control characters.
pub(crate) struct Shown<'a>(&'a str);

/// The same, in quotes.
pub(crate) struct Quoted<'a>(pub(crate) &'a str);

/// A text to be [`Shown`] as it is.
pub(crate) fn shown(text: &str) -> Shown<'_> {
    Shown(text)
}

impl Display for Shown<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        show(f, if self.0.is_empty() { "\"" } else { "" }, self.0)
    }
}

impl Display for Quoted<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        show(f, "\"", self.0)
    }
}

fn show(f: &mut Formatter<'_>, quote: &str, text: &str) -> fmt::Result {
    f.write_char('`')?;
    for (count, c) in [quote, text, quote].into_iter().flat_map(str::chars).enumerate() {
        if count == SHOWN {
            f.write_char('…')?;
            break;
        }
        if c.is_control() {
            c.escape_unicode().fmt(f)?;
        } else {
            f.write_char(c)?;
        }
    }
    f.write_char('`')
}

/// The part `start..end` of a string's decoded text as a span of the document; the whole string
/// if it has escapes.
pub(crate) fn part(string: Span, text: &str, start: usize, end: usize) -> Span {
    if (string.end - string.start) as usize == text.len() + 2 {
        let base = string.start as usize + 1;
        return Span::new(base + start, base + end);
    }
    string
}

/// Sets the lines and columns of the findings, in one pass over the text.
fn place(text: &[u8], findings: &mut [Finding]) {
    let mut offsets: Vec<u32> = findings.iter().flat_map(|f| [f.span.start, f.span.end]).collect();
    offsets.sort_unstable();
    offsets.dedup();
    let positions = positions(text, &offsets);
    let position = |offset: u32| {
        let at = offsets.binary_search(&offset).ok();
        at.and_then(|at| positions.get(at)).copied().unwrap_or_default()
    };
    for finding in findings {
        finding.start = position(finding.span.start);
        finding.end = position(finding.span.end);
    }
}

/// The positions of sorted offsets.
fn positions(text: &[u8], offsets: &[u32]) -> Vec<Position> {
    let mut here = Position { line: 1, column: 1, column_utf16: 1 };
    let mut out = Vec::with_capacity(offsets.len());
    let mut at = 0;
    for &offset in offsets {
        for &b in text.get(at..offset as usize).unwrap_or_default() {
            if b == b'\n' {
                here = Position { line: here.line + 1, column: 1, column_utf16: 1 };
                continue;
            }
            here.column += 1;
            // A character is counted at its first byte; one of four bytes is a surrogate pair.
            here.column_utf16 += match b {
                0x80..=0xBF => 0,
                0xF0.. => 2,
                _ => 1,
            };
        }
        at = (offset as usize).max(at);
        out.push(here);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn position(text: &str, offset: u32) -> (u32, u32, u32) {
        let p = positions(text.as_bytes(), &[offset])[0];
        (p.line, p.column, p.column_utf16)
    }

    #[test]
    fn columns_count_bytes_and_utf16_units() {
        let text = "{\n \"é😀\": x\n}";
        assert_eq!(position(text, 0), (1, 1, 1));
        assert_eq!(position(text, 2), (2, 1, 1));
        let x = text.find('x').unwrap() as u32;
        assert_eq!(position(text, x), (2, 12, 9));
        assert_eq!(position(text, text.len() as u32), (3, 2, 2));
    }

    #[test]
    fn findings_are_bounded_but_the_first_of_a_graver_stage_is_kept() {
        let mut report = Report::new(b"");
        for _ in 0..1000 {
            report.add(
                &check::DUPLICATE_RESOURCE,
                Stage::Advice,
                Span::default(),
                &Path::Root,
                format_args!(""),
                format_args!(""),
            );
        }
        assert!(report.is_settled(Stage::Advice) && !report.is_settled(Stage::Read));
        for _ in 0..10 {
            report.add(
                &check::JSON_SYNTAX,
                Stage::Read,
                Span::default(),
                &Path::Root,
                format_args!(""),
                format_args!(""),
            );
        }
        assert!(report.is_settled(Stage::Read));
        assert_eq!(report.reads(), 10);
        assert_eq!(report.finish().len(), MOST_FINDINGS + 1);
    }

    #[test]
    fn a_part_of_a_string_is_exact_unless_it_is_escaped() {
        assert_eq!(part(Span::new(10, 17), "a:b/*", 2, 3), Span::new(13, 14));
        assert_eq!(part(Span::new(10, 20), "a:b/*", 2, 3), Span::new(10, 20));
    }
}
