//! The formats of case files, described in `tests/cases/README.md`.

mod account;
mod ask;
mod authorize;
mod policy;
mod signature;

use crate::Case;
use crate::expect::Expect;
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;
use std::path::Path;

/// A format of case files. A file's cases tell it by their members.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Decisions and findings of the minio dialect, and questions to policies of either: `kind`.
    Policy,
    /// Decisions of the aws dialect: `layers`.
    AwsPolicy,
    /// Signatures: `form`.
    Signature,
    /// Signatures that do not match: `form` is `diagnosis`.
    Diagnosis,
    /// Whole requests against a directory: `request` and `expect`.
    Authorize,
}

#[derive(Deserialize)]
struct File<'a> {
    #[serde(borrow)]
    cases: Vec<&'a RawValue>,
    /// Access keys of a signature file.
    #[serde(default)]
    credentials: Vec<signature::Credential>,
    /// What the cases of a file of whole requests share.
    #[serde(borrow)]
    directory: Option<&'a RawValue>,
    server: Option<authorize::Server>,
}

/// Reads a case file.
pub fn load(path: &Path) -> Result<Vec<Case>, String> {
    let text = std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    read(&text).map_err(|error| format!("{}: {error}", path.display()))
}

/// Reads the text of a case file. A file with a case that makes no sense is refused as a whole.
pub fn read(text: &str) -> Result<Vec<Case>, String> {
    let file: File<'_> = serde_json::from_str(text).map_err(|error| error.to_string())?;
    let mut cases: Vec<Case> = Vec::with_capacity(file.cases.len());
    for raw in &file.cases {
        let case = read_case(raw, &file)?;
        if cases.iter().any(|other| other.id == case.id) {
            return Err(format!("two cases are called {}", case.id));
        }
        cases.push(case);
    }
    if cases.is_empty() { Err("there is no case in it".to_owned()) } else { Ok(cases) }
}

/// Reads the `expect` of a whole request: what a verdict must be.
pub fn verdict(text: &str) -> Result<Expect, String> {
    authorize::expectation(text)
}

fn read_case(raw: &RawValue, file: &File<'_>) -> Result<Case, String> {
    let value: Value = serde_json::from_str(raw.get()).map_err(|error| error.to_string())?;
    let text = |member: &str| value.get(member).and_then(Value::as_str).unwrap_or_default().to_owned();
    let id = text("id");
    let named = |error: String| format!("case {id:?}: {error}");
    if id.is_empty() {
        return Err("a case has no id".to_owned());
    }
    let format = format_of(&value).map_err(named)?;
    let jobs = match format {
        Format::Policy => policy::jobs(raw),
        Format::AwsPolicy => ask::layers(raw),
        Format::Signature => signature::jobs(raw, &file.credentials),
        Format::Diagnosis => signature::diagnoses(raw, &file.credentials),
        Format::Authorize => authorize::jobs(raw, file.directory, file.server.as_ref()),
    };
    let jobs = jobs.map_err(named)?;
    Ok(Case { why: if value.get("why").is_some() { text("why") } else { text("title") }, id, jobs })
}

fn format_of(case: &Value) -> Result<Format, String> {
    if case.get("form").and_then(Value::as_str) == Some("diagnosis") {
        return Ok(Format::Diagnosis);
    }
    let tells = [
        ("layers", Format::AwsPolicy),
        ("form", Format::Signature),
        ("kind", Format::Policy),
        ("expect", Format::Authorize),
    ];
    tells
        .iter()
        .find(|(member, _)| case.get(member).is_some())
        .map(|(_, format)| *format)
        .ok_or_else(|| "it has none of the members kind, layers, form, expect".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_that_make_no_sense_are_refused() {
        let refused = |text: &str| read(text).unwrap_err();
        assert!(refused("{").contains("EOF"));
        assert!(refused(r#"{"cases": []}"#).contains("no case"));
        assert!(refused(r#"{"cases": [{"kind": "identity"}]}"#).contains("no id"));
        assert!(refused(r#"{"cases": [{"id": "a"}]}"#).contains("kind, layers"));
        let case = r#"{"id": "a", "form": "header", "expect": {"outcome": "anonymous"},
            "request": {"method": "GET", "target": "/", "headers": [], "body": []},
            "server": {"now": "2026-01-15T12:00:00Z", "region": "", "service": "s3", "max_skew_seconds": 900,
                "require_content_sha256": true}}"#;
        assert!(refused(&format!(r#"{{"cases": [{case}, {case}]}}"#)).contains("two cases"));
        assert!(refused(r#"{"cases": [{"id": "a", "kind": "odd", "expected": "allow"}]}"#).contains("odd"));
    }
}
