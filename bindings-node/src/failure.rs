//! Errors on their way to JavaScript: the text of a native error is the JSON of the core's error,
//! which `lib/errors.cjs` turns into an `S3IamError`.

use napi_derive::napi;
use s3iam::facade::{
    Error, ErrorCode, ErrorProfile, PolicyRefused, Status, TABLE, error_json, findings_json,
};
use std::borrow::Cow;

/// The native form of an error, worded for `profile`.
pub fn failure(error: &Error, profile: ErrorProfile) -> napi::Error {
    napi::Error::from_reason(error_json(error, profile))
}

/// The native form of a refused policy: the error and everything found, as a JSON array of two.
pub fn refusal(refused: &PolicyRefused) -> napi::Error {
    let findings = findings_json(Status::of(&refused.findings), &refused.findings);
    napi::Error::from_reason(format!("[{},{findings}]", error_json(&refused.error, ErrorProfile::Aws)))
}

/// An error that says which argument is wrong.
pub fn invalid_argument(message: impl Into<Cow<'static, str>>) -> napi::Error {
    failure(&Error::with_message(ErrorCode::InvalidArgument, message), ErrorProfile::Aws)
}

/// The JSON of an error of the table, with a message of its own or the table's, for mistakes that
/// JavaScript finds.
#[napi(catch_unwind)]
pub fn describe(name: String, message: Option<String>) -> String {
    let code = TABLE.iter().find(|row| row.name == name).map_or(ErrorCode::Internal, |row| row.code);
    let error = match message {
        Some(message) => Error::with_message(code, message),
        None => Error::new(code),
    };
    error_json(&error, ErrorProfile::Aws)
}

/// Panics, to show that no panic leaves the addon; not part of what is shipped.
#[cfg(feature = "panic-probe")]
#[napi(catch_unwind)]
#[allow(clippy::panic)]
pub fn panic_probe() {
    panic!("probe");
}

/// A function that holds its own state and panics.
#[cfg(feature = "panic-probe")]
#[napi]
#[allow(clippy::panic)]
pub fn panic_probe_closure(
    env: &napi::bindgen_prelude::Env,
) -> napi::Result<napi::bindgen_prelude::Function<'_, (), ()>> {
    env.create_function_from_closure("panic", |_| -> napi::Result<()> { panic!("probe") })
}
