//! Findings: everything that is wrong, risky or useless in a policy document.

use crate::error::s3iam_error;
use crate::options::s3iam_policy_options;
use crate::panic::{call, give, given, value};
use crate::status::s3iam_status;
use crate::text::{s3iam_string, s3iam_text};
use s3iam::facade::{Finding, Position, Severity, Stage, Status, findings_json, validate};
use std::mem::MaybeUninit;

/// How far a policy document can be used; each includes the ones before it.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum s3iam_document_status {
    /// It cannot be read; whoever depends on it is denied everything.
    S3IAM_DOCUMENT_UNREADABLE = 0,
    /// It is not valid, but what it says is evaluated.
    S3IAM_DOCUMENT_INVALID = 1,
    /// It is valid for evaluation, but refused where policies are created.
    S3IAM_DOCUMENT_REFUSED = 2,
    /// It can be created, attached and evaluated.
    S3IAM_DOCUMENT_GOOD = 3,
}

/// How grave a finding is.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum s3iam_severity {
    /// Refused where policies are created.
    S3IAM_SEVERITY_ERROR = 0,
    /// Grants more than meant, or trusts what the caller controls.
    S3IAM_SEVERITY_SECURITY = 1,
    /// Probably not what was meant.
    S3IAM_SEVERITY_WARNING = 2,
    /// Could be written better.
    S3IAM_SEVERITY_SUGGESTION = 3,
    /// Worth knowing.
    S3IAM_SEVERITY_INFO = 4,
}

/// What a finding stops.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum s3iam_stage {
    /// The document cannot be read.
    S3IAM_STAGE_READ = 0,
    /// The document reads, but is not valid.
    S3IAM_STAGE_VALIDATE = 1,
    /// Refused only where policies are created, unless asked to be lenient.
    S3IAM_STAGE_CREATE = 2,
    /// Stops nothing.
    S3IAM_STAGE_ADVICE = 3,
}

/// A place in a text.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct s3iam_position {
    /// Bytes from the start of the text.
    pub offset: u32,
    /// Line, from 1.
    pub line: u32,
    /// Column in bytes, from 1.
    pub column: u32,
    /// Column in UTF-16 units, from 1, as editors count.
    pub column_utf16: u32,
}

/// Something found about a policy document. Its texts belong to the findings that were asked.
#[repr(C)]
pub struct s3iam_finding {
    /// The stable code, for example `E311`.
    pub code: s3iam_text,
    /// The name of the check.
    pub name: s3iam_text,
    /// What is wrong, in a sentence.
    pub message: s3iam_text,
    /// What to do about it; empty if the message says it.
    pub help: s3iam_text,
    /// Where, as an RFC 6901 pointer into the document.
    pub pointer: s3iam_text,
    /// How grave it is.
    pub severity: s3iam_severity,
    /// What it stops.
    pub stage: s3iam_stage,
    /// Where it begins in the text.
    pub start: s3iam_position,
    /// Where it ends: one past its last byte.
    pub end: s3iam_position,
}

/// The findings about a policy document. Immutable; free with `s3iam_findings_free`.
pub struct s3iam_findings {
    status: Status,
    findings: Vec<Finding>,
}

/// Reads a policy document and gives everything found about it through `out`. That the document is
/// bad is an answer, not a failure: it is in `s3iam_findings_status`. `options` may be NULL for the
/// defaults.
#[unsafe(no_mangle)]
pub extern "C" fn s3iam_validate(
    policy: s3iam_text,
    options: *const s3iam_policy_options,
    out: Option<&mut MaybeUninit<Box<s3iam_findings>>>,
) -> s3iam_status {
    call(None, || {
        let out = given(out)?;
        let options = s3iam_policy_options::take(options)?;
        let (status, findings) = validate(policy.bytes()?, &options.read()?)?;
        out.write(Box::new(s3iam_findings::new(status, findings)));
        Ok(())
    })
}

/// How far the document can be used. NULL gives `S3IAM_DOCUMENT_UNREADABLE`.
#[unsafe(no_mangle)]
pub extern "C" fn s3iam_findings_status(findings: Option<&s3iam_findings>) -> s3iam_document_status {
    use s3iam_document_status::*;
    value(S3IAM_DOCUMENT_UNREADABLE, || match findings.map(|f| f.status) {
        Some(Status::Good) => S3IAM_DOCUMENT_GOOD,
        Some(Status::Refused) => S3IAM_DOCUMENT_REFUSED,
        Some(Status::Invalid) => S3IAM_DOCUMENT_INVALID,
        Some(Status::Unreadable) | None => S3IAM_DOCUMENT_UNREADABLE,
    })
}

/// The number of findings. NULL gives 0.
#[unsafe(no_mangle)]
pub extern "C" fn s3iam_findings_len(findings: Option<&s3iam_findings>) -> usize {
    value(0, || findings.map_or(0, |f| f.findings.len()))
}

/// Gives the finding at `index`, counted from 0 in the order of the text. An index that is not less
/// than `s3iam_findings_len` is `S3IAM_ERROR_INVALID_ARGUMENT`.
#[unsafe(no_mangle)]
pub extern "C" fn s3iam_findings_get(
    findings: Option<&s3iam_findings>,
    index: usize,
    out: Option<&mut MaybeUninit<s3iam_finding>>,
) -> s3iam_status {
    call(None, || {
        let finding = given(findings)?.findings.get(index);
        give(out, s3iam_finding::of(finding.ok_or(s3iam_error::argument("there is no such finding"))?))
    })
}

/// Gives the findings as JSON text:
/// `{"status", "findings": [{"code", "name", "severity", "message", "help", "pointer", "span"}]}`.
#[unsafe(no_mangle)]
pub extern "C" fn s3iam_findings_json(
    findings: Option<&s3iam_findings>,
    out: Option<&mut MaybeUninit<Box<s3iam_string>>>,
) -> s3iam_status {
    call(None, || {
        let findings = given(findings)?;
        give(out, findings_json(findings.status, &findings.findings).into())
    })
}

/// Frees findings. NULL is ignored. Those that an error holds are freed with the error only.
#[unsafe(no_mangle)]
pub extern "C" fn s3iam_findings_free(findings: Option<Box<s3iam_findings>>) {
    value((), || drop(findings));
}

/// `unreadable`, `invalid`, `refused` or `good`; empty for a number that is none of them.
#[unsafe(no_mangle)]
pub extern "C" fn s3iam_document_status_name(status: u32) -> s3iam_text {
    value(s3iam_text::EMPTY, || {
        let all = [Status::Unreadable, Status::Invalid, Status::Refused, Status::Good];
        all.get(status as usize).map_or(s3iam_text::EMPTY, |status| s3iam_text::of(status.name()))
    })
}

impl s3iam_findings {
    pub(crate) fn new(status: Status, findings: Vec<Finding>) -> Self {
        Self { status, findings }
    }
}

impl s3iam_finding {
    fn of(finding: &Finding) -> Self {
        Self {
            code: s3iam_text::of(finding.code),
            name: s3iam_text::of(finding.name),
            message: s3iam_text::of(&finding.message),
            help: s3iam_text::of(&finding.help),
            pointer: s3iam_text::of(&finding.pointer),
            severity: finding.severity.into(),
            stage: finding.stage.into(),
            start: s3iam_position::of(finding.start, finding.span.start),
            end: s3iam_position::of(finding.end, finding.span.end),
        }
    }
}

impl s3iam_position {
    fn of(position: Position, offset: u32) -> Self {
        Self { offset, line: position.line, column: position.column, column_utf16: position.column_utf16 }
    }
}

impl From<Severity> for s3iam_severity {
    fn from(severity: Severity) -> Self {
        match severity {
            Severity::Error => Self::S3IAM_SEVERITY_ERROR,
            Severity::Security => Self::S3IAM_SEVERITY_SECURITY,
            Severity::Warning => Self::S3IAM_SEVERITY_WARNING,
            Severity::Suggestion => Self::S3IAM_SEVERITY_SUGGESTION,
            Severity::Info => Self::S3IAM_SEVERITY_INFO,
        }
    }
}

impl From<Stage> for s3iam_stage {
    fn from(stage: Stage) -> Self {
        match stage {
            Stage::Read => Self::S3IAM_STAGE_READ,
            Stage::Validate => Self::S3IAM_STAGE_VALIDATE,
            Stage::Create => Self::S3IAM_STAGE_CREATE,
            Stage::Advice => Self::S3IAM_STAGE_ADVICE,
        }
    }
}
