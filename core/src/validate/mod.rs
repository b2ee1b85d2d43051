//! Findings: everything that is wrong, risky or useless in a policy document, each with a stable
//! code, its place and help.

mod action;
mod bucket;
pub mod check;
pub(crate) mod condition;
pub(crate) mod document;
pub(crate) mod nearest;
pub(crate) mod report;
pub(crate) mod resource;
pub(crate) mod statement;

pub use report::MOST_FINDINGS;

use crate::json::Span;

/// How grave a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "lowercase"))]
pub enum Severity {
    /// Refused where policies are created.
    Error,
    /// Grants more than meant, or trusts what the caller controls.
    Security,
    /// Probably not what was meant.
    Warning,
    /// Could be written better.
    Suggestion,
    /// Worth knowing.
    Info,
}

/// What a finding stops.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "lowercase"))]
pub enum Stage {
    /// The document cannot be read (MinIO: refused while reading the JSON).
    Read,
    /// The document reads, but is not valid (MinIO: refused by validation; a stored one is still
    /// evaluated).
    Validate,
    /// Refused only where policies are created or attached, unless asked to be lenient.
    Create,
    /// Stops nothing.
    Advice,
}

/// How far a document can be used; each includes the ones after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "lowercase"))]
pub enum Status {
    /// It cannot be read; whoever depends on it is denied everything.
    Unreadable,
    /// It is not valid, but what it says is evaluated.
    Invalid,
    /// It is valid for evaluation, but refused where policies are created.
    Refused,
    /// It can be created, attached and evaluated.
    Good,
}

/// Something found about a document.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Finding {
    /// The stable code, for example `E311`.
    pub code: &'static str,
    /// The name of the check, for example `s3-colon-instead-of-slash`.
    pub name: &'static str,
    /// How grave it is.
    pub severity: Severity,
    /// What it stops.
    pub stage: Stage,
    /// What is wrong, in a sentence.
    pub message: String,
    /// What to do about it; empty if the message says it.
    pub help: String,
    /// Where, as an RFC 6901 pointer into the document.
    pub pointer: String,
    /// Where, in bytes.
    pub span: Span,
    /// Where, in lines and columns from 1; columns count bytes.
    pub start: Position,
    /// The end of the span.
    pub end: Position,
}

/// A place in a text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Position {
    /// Line, from 1.
    pub line: u32,
    /// Column in bytes, from 1.
    pub column: u32,
    /// Column in UTF-16 units, from 1, as editors and JavaScript count.
    pub column_utf16: u32,
}

impl Status {
    /// The status that a list of findings leaves.
    pub fn of(findings: &[Finding]) -> Self {
        match findings.iter().map(|f| f.stage).min() {
            Some(Stage::Read) => Status::Unreadable,
            Some(Stage::Validate) => Status::Invalid,
            Some(Stage::Create) => Status::Refused,
            Some(Stage::Advice) | None => Status::Good,
        }
    }

    /// `unreadable`, `invalid`, `refused` or `good`.
    pub fn name(self) -> &'static str {
        match self {
            Status::Unreadable => "unreadable",
            Status::Invalid => "invalid",
            Status::Refused => "refused",
            Status::Good => "good",
        }
    }
}

impl Severity {
    /// `error`, `security`, `warning`, `suggestion` or `info`.
    pub fn name(self) -> &'static str {
        match self {
            Severity::Error => "error",
            Severity::Security => "security",
            Severity::Warning => "warning",
            Severity::Suggestion => "suggestion",
            Severity::Info => "info",
        }
    }
}
