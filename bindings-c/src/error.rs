//! The details of a failed call.

use crate::findings::s3iam_findings;
use crate::panic::value;
use crate::status::s3iam_status;
use crate::text::s3iam_text;
use s3iam::facade::{Error, ErrorCode, ErrorProfile, PolicyRefused, Status, TABLE};

/// The details of a failed call. A function that takes `s3iam_error **detail` writes one there only
/// when it fails; `detail` may be NULL. The caller frees it with `s3iam_error_free`. It never holds a
/// secret.
pub struct s3iam_error {
    error: Error,
    profile: ErrorProfile,
    findings: Option<Box<s3iam_findings>>,
}

/// The code, the same that the failed function returned. NULL gives `S3IAM_ERROR_NULL_POINTER`.
#[unsafe(no_mangle)]
pub extern "C" fn s3iam_error_status(error: Option<&s3iam_error>) -> s3iam_status {
    value(s3iam_status::S3IAM_ERROR_INTERNAL, || {
        error.map_or(s3iam_status::S3IAM_ERROR_NULL_POINTER, s3iam_error::status)
    })
}

/// What is wrong, where, and what to do, for people. NULL gives the empty text.
#[unsafe(no_mangle)]
pub extern "C" fn s3iam_error_message(error: Option<&s3iam_error>) -> s3iam_text {
    value(s3iam_text::EMPTY, || {
        error.map_or(s3iam_text::EMPTY, |e| s3iam_text::of(e.error.message(e.profile)))
    })
}

/// The `Code` of the S3 error body that answers this error, for example `SignatureDoesNotMatch`. NULL
/// gives the empty text.
#[unsafe(no_mangle)]
pub extern "C" fn s3iam_error_s3_code(error: Option<&s3iam_error>) -> s3iam_text {
    value(s3iam_text::EMPTY, || {
        error.map_or(s3iam_text::EMPTY, |e| s3iam_text::of(e.error.code().answer(e.profile).code))
    })
}

/// The HTTP status that answers this error. NULL gives 500.
#[unsafe(no_mangle)]
pub extern "C" fn s3iam_error_http_status(error: Option<&s3iam_error>) -> u16 {
    value(500, || error.map_or(500, |e| e.error.code().answer(e.profile).status))
}

/// Everything that was found about a refused policy; NULL for other errors and for NULL. It belongs
/// to the error and is freed with it.
#[unsafe(no_mangle)]
pub extern "C" fn s3iam_error_findings(error: Option<&s3iam_error>) -> Option<&s3iam_findings> {
    value(None, || error?.findings.as_deref())
}

/// Frees an error. NULL is ignored.
#[unsafe(no_mangle)]
pub extern "C" fn s3iam_error_free(error: Option<Box<s3iam_error>>) {
    value((), || drop(error));
}

/// The stable name of a status, the same in every language, for example `wrong-region` for
/// `S3IAM_ERROR_WRONG_REGION` and `ok` for `S3IAM_OK`; empty for a number that is no status. It is
/// valid for ever.
#[unsafe(no_mangle)]
pub extern "C" fn s3iam_status_name(status: u32) -> s3iam_text {
    value(s3iam_text::EMPTY, || match TABLE.iter().find(|row| u32::from(row.number) == status) {
        Some(row) => s3iam_text::of(row.name),
        None if status == 0 => s3iam_text::of("ok"),
        None => s3iam_text::EMPTY,
    })
}

impl s3iam_error {
    /// A wrong argument, with what is wrong with it.
    pub(crate) fn argument(what: &'static str) -> Self {
        Error::with_message(ErrorCode::InvalidArgument, what).into()
    }

    /// The same error, of one of several questions: that at `index`.
    pub(crate) fn of_query(self, index: usize) -> Self {
        let message = format!("query {index}: {}", self.error.message(self.profile));
        Error::with_message(self.error.code(), message).into()
    }

    /// The code as C sees it.
    pub(crate) fn status(&self) -> s3iam_status {
        self.error.code().into()
    }

    /// The same error, told in the wording of `profile`.
    pub(crate) fn told_as(mut self, profile: ErrorProfile) -> Self {
        self.profile = profile;
        self
    }
}

impl From<Error> for s3iam_error {
    fn from(error: Error) -> Self {
        Self { error, profile: ErrorProfile::Aws, findings: None }
    }
}

impl From<ErrorCode> for s3iam_error {
    fn from(code: ErrorCode) -> Self {
        match code {
            ErrorCode::NullPointer => Error::with_message(code, "A pointer that is needed is NULL.").into(),
            _ => Error::new(code).into(),
        }
    }
}

impl From<PolicyRefused> for s3iam_error {
    fn from(refused: PolicyRefused) -> Self {
        let status = Status::of(&refused.findings);
        let findings = Box::new(s3iam_findings::new(status, refused.findings));
        Self { error: refused.error, profile: ErrorProfile::Aws, findings: Some(findings) }
    }
}
