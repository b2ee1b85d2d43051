//! Why a signature does not match, as the Python classes of `s3iam._values`.

use crate::classes;
use crate::error::{guard_long, raise};
use crate::request::RawRequest;
use crate::text::Document;
use crate::time;
use pyo3::prelude::*;
use pyo3::types::PyTuple;
use s3iam::facade::{
    Cause, Checked, ClientSide, Diagnosis, Error, ErrorCode, ErrorProfile, HttpRequest, Timestamp,
};

/// What the client says that it signed: its canonical request and its string to sign.
pub type Client<'a> = (Option<Document<'a>>, Option<Document<'a>>);

/// What a verifier or a directory answers when it is asked, as `s3iam.Diagnosis`.
pub fn diagnose<'py>(
    py: Python<'py>,
    mut request: RawRequest<'py>,
    now: Option<&Bound<'py, PyAny>>,
    (canonical_request, string_to_sign): Client<'_>,
    profile: ErrorProfile,
    ask: impl FnOnce(&HttpRequest<'_>, Timestamp, ClientSide<'_>) -> Result<Diagnosis, Error> + Send,
) -> PyResult<Bound<'py, PyAny>> {
    let now = time::now(now)?;
    let client = ClientSide {
        canonical_request: canonical_request.map(|text| text.0),
        string_to_sign: string_to_sign.map(|text| text.0),
    };
    // It takes as long as a thousand verifications.
    let diagnosed = request.with(|request| guard_long(py, usize::MAX, || ask(request, now, client)))??;
    object(py, &diagnosed.map_err(|error| raise(py, &error, profile))?)
}

/// A diagnosis as `s3iam.Diagnosis`.
fn object<'py>(py: Python<'py>, diagnosis: &Diagnosis) -> PyResult<Bound<'py, PyAny>> {
    let (outcome, code) = match diagnosis.checked {
        Checked::Verifies => ("verifies", None),
        Checked::Anonymous => ("anonymous", None),
        Checked::Refused(code) => ("refused", Some(code)),
    };
    let class = classes::DIFFERENCE.get(py)?;
    let differences: Vec<_> = diagnosis
        .differences
        .iter()
        .map(|difference| class.call1((&difference.element, &difference.client, &difference.server)))
        .collect::<PyResult<_>>()?;
    let for_client = diagnosis.for_client();
    let for_client = classes::FOR_CLIENT.get(py)?.call1((
        for_client.code.map(ErrorCode::name),
        &for_client.message,
        causes(py, &for_client.causes)?,
        PyTuple::new(py, &for_client.elements)?,
        diagnosis.safe_message(),
    ))?;
    classes::DIAGNOSIS.get(py)?.call1((
        outcome,
        code.map(ErrorCode::name),
        diagnosis.cause.map(|found| cause(py, found)).transpose()?,
        diagnosis.certain,
        causes(py, &diagnosis.others)?,
        PyTuple::new(py, differences)?,
        &diagnosis.canonical_request,
        &diagnosis.string_to_sign,
        diagnosis.tried,
        for_client,
    ))
}

fn causes<'py>(py: Python<'py>, causes: &[Cause]) -> PyResult<Bound<'py, PyTuple>> {
    PyTuple::new(py, causes.iter().map(|found| cause(py, *found)).collect::<PyResult<Vec<_>>>()?)
}

fn cause(py: Python<'_>, cause: Cause) -> PyResult<Bound<'_, PyAny>> {
    classes::CAUSE.get(py)?.call1((cause.code(), cause.sentence(), cause.remedy()))
}
