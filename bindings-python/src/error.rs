//! Errors of the core as Python exceptions: the one place where the exception's class is chosen, and
//! the boundary that a panic cannot cross.

use crate::classes::{self, PythonClass};
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::PyDict;
use s3iam::facade::{Error, ErrorCode, ErrorProfile, PolicyRefused};
use std::fmt::Display;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// The exception of an error, ready to be raised.
pub fn raise(py: Python<'_>, error: &Error, profile: ErrorProfile) -> PyErr {
    match exception(py, error, profile) {
        Ok(exception) => PyErr::from_value(exception),
        Err(failure) => failure,
    }
}

/// The exception of an error, as a value.
pub fn exception<'py>(py: Python<'py>, error: &Error, profile: ErrorProfile) -> PyResult<Bound<'py, PyAny>> {
    let answer = error.code().answer(profile);
    let details = PyDict::new(py);
    for (name, value) in error.details() {
        details.set_item(name, value)?;
    }
    let attributes = PyDict::new(py);
    attributes.set_item("code", error.code().name())?;
    attributes.set_item("s3_code", answer.code)?;
    attributes.set_item("http_status", answer.status)?;
    attributes.set_item("details", details)?;
    class_of(error.code()).get(py)?.call((error.message(profile),), Some(&attributes))
}

/// The exception of a refused policy, with its findings.
pub fn raise_refused(py: Python<'_>, refused: &PolicyRefused) -> PyErr {
    let build = || {
        let exception = exception(py, &refused.error, ErrorProfile::Aws)?;
        exception.setattr("findings", crate::finding::tuple(py, &refused.findings)?)?;
        Ok(exception)
    };
    match build() {
        Ok(exception) => PyErr::from_value(exception),
        Err(failure) => failure,
    }
}

/// The classes follow the blocks of numbers in the core's error table.
fn class_of(code: ErrorCode) -> &'static PythonClass {
    match code.number() {
        1..=3 => &classes::ARGUMENT_ERROR,
        100..200 => &classes::POLICY_ERROR,
        200..300 => &classes::DIRECTORY_ERROR,
        300..400 | 600..640 => &classes::SIGNATURE_ERROR,
        400..500 => &classes::REQUEST_ERROR,
        500..600 => &classes::ACCESS_DENIED,
        _ => &classes::ERROR,
    }
}

/// An argument of the right type with a value that cannot be used: `ArgumentError`.
pub fn argument(py: Python<'_>, message: String) -> PyErr {
    raise(py, &Error::with_message(ErrorCode::InvalidArgument, message), ErrorProfile::Aws)
}

/// Text with lone surrogates, which UTF-8 cannot hold: `ArgumentError` with the code `invalid-utf8`.
pub fn not_utf8(py: Python<'_>, name: impl Display) -> PyErr {
    let message = format!("{name} has a surrogate, which UTF-8 cannot hold");
    raise(py, &Error::with_message(ErrorCode::InvalidUtf8, message), ErrorProfile::Aws)
}

/// An argument of the wrong type: `TypeError`.
pub fn wrong_type(name: impl Display, expected: &str, value: &Bound<'_, PyAny>) -> PyErr {
    PyTypeError::new_err(format!("{name} must be {expected}, not {}", type_name(value)))
}

/// The same where pyo3 puts the argument's name in front.
pub fn unexpected(expected: &str, value: &Bound<'_, PyAny>) -> PyErr {
    PyTypeError::new_err(format!("expected {expected}, not {}", type_name(value)))
}

fn type_name(value: &Bound<'_, PyAny>) -> String {
    value.get_type().name().map_or_else(|_| "this".to_owned(), |name| name.to_string())
}

/// A truth value that would be taken for an answer: `TypeError` that names the attribute to use.
pub fn no_truth(class: &str, instead: &str) -> PyErr {
    PyTypeError::new_err(format!(
        "the truth value of a {class} is not defined, because a refusal would count as true; use {instead}"
    ))
}

/// Calls into the core. A panic there is a defect of this package; it becomes an `S3IamError` with
/// the code `internal`, so that a server's ordinary error handling refuses the request.
pub fn guard<R>(py: Python<'_>, call: impl FnOnce() -> R) -> PyResult<R> {
    catch_unwind(AssertUnwindSafe(call)).map_err(|_| internal(py))
}

/// From so many bytes to hash on, the GIL is given up for the call: below that, giving it up takes as long.
const LONG: usize = 64 * 1024;

/// The same for a call that goes over so many bytes.
pub fn guard_long<R: Send>(py: Python<'_>, bytes: usize, call: impl FnOnce() -> R + Send) -> PyResult<R> {
    guard(py, || if bytes < LONG { call() } else { py.detach(call) })
}

/// What can only be a defect of this package.
pub fn internal(py: Python<'_>) -> PyErr {
    let message = "a defect in s3iam stopped the call; please report it";
    raise(py, &Error::with_message(ErrorCode::Internal, message), ErrorProfile::Aws)
}

/// Panics behind the boundary, so that the boundary can be tested.
#[pyfunction]
#[expect(clippy::panic, reason = "the panic is what is tested")]
pub fn _raise_panic(py: Python<'_>) -> PyResult<()> {
    guard(py, || panic!("a panic on purpose"))
}
