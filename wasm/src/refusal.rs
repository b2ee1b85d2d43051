//! Errors on their way to JavaScript: thrown as JSON text, from which `js/errors.js` makes an `S3IamError`.

use s3iam::facade::{Error, ErrorCode, ErrorProfile, PolicyRefused, Status, error_json, findings_json};
use wasm_bindgen::JsValue;

/// An error, worded for `profile`: `{"error": {…}}`.
pub(crate) fn text(error: &Error, profile: ErrorProfile) -> String {
    format!("{{\"error\":{}}}", error_json(error, profile))
}

/// The same, to be thrown.
pub(crate) fn thrown(error: &Error, profile: ErrorProfile) -> JsValue {
    JsValue::from_str(&text(error, profile))
}

/// An error in the use of the library.
pub(crate) fn misuse(error: &Error) -> JsValue {
    thrown(error, ErrorProfile::Aws)
}

/// A refused policy: `{"error": {…}, "findings": {"status", "findings": […]}}`.
pub(crate) fn refused(refused: &PolicyRefused) -> JsValue {
    let error = error_json(&refused.error, ErrorProfile::Aws);
    let findings = findings_json(Status::of(&refused.findings), &refused.findings);
    JsValue::from_str(&format!("{{\"error\":{error},\"findings\":{findings}}}"))
}

/// [`ErrorCode::InvalidArgument`] with what is wrong with it.
pub(crate) fn invalid_argument(message: &'static str) -> Error {
    Error::with_message(ErrorCode::InvalidArgument, message)
}
