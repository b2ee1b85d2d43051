//! Findings about a policy document, as the Python classes of `s3iam._values`.

use crate::classes;
use crate::error::{guard, raise};
use crate::options;
use crate::text::{Document, Text};
use pyo3::prelude::*;
use pyo3::types::PyTuple;
use s3iam::facade::{ErrorProfile, Finding, PolicyOptions, Position, validate};

/// Everything found about a document, and its status, for `s3iam.validate`.
#[pyfunction]
#[pyo3(signature = (text, dialect, kind, bucket))]
pub fn _validate<'py>(
    py: Python<'py>,
    text: Document<'_>,
    dialect: Text<'_>,
    kind: Text<'_>,
    bucket: Option<Text<'_>>,
) -> PyResult<(&'static str, Bound<'py, PyTuple>)> {
    let options = PolicyOptions {
        dialect: options::dialect(py, dialect)?,
        kind: options::kind(py, kind)?,
        bucket: bucket.map(|text| text.0),
        ..PolicyOptions::default()
    };
    let (status, findings) =
        guard(py, || validate(text.0, &options))?.map_err(|error| raise(py, &error, ErrorProfile::Aws))?;
    Ok((status.name(), tuple(py, &findings)?))
}

/// Findings as a tuple of `s3iam.Finding`.
pub fn tuple<'py>(py: Python<'py>, findings: &[Finding]) -> PyResult<Bound<'py, PyTuple>> {
    let findings: Vec<_> = findings.iter().map(|finding| object(py, finding)).collect::<PyResult<_>>()?;
    PyTuple::new(py, findings)
}

fn object<'py>(py: Python<'py>, finding: &Finding) -> PyResult<Bound<'py, PyAny>> {
    classes::FINDING.get(py)?.call1((
        finding.code,
        finding.name,
        finding.severity.name(),
        &finding.message,
        &finding.help,
        &finding.pointer,
        position(py, finding.start, finding.span.start)?,
        position(py, finding.end, finding.span.end)?,
    ))
}

fn position(py: Python<'_>, position: Position, offset: u32) -> PyResult<Bound<'_, PyAny>> {
    classes::POSITION.get(py)?.call1((position.line, position.column, position.column_utf16, offset))
}
