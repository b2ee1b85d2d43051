//! Errors as data: a stable code, a message for people, details for the S3 error body.

mod table;
mod xml;

pub use table::{ErrorCode, Row, S3Answer, TABLE};
pub use xml::error_xml;

use std::borrow::Cow;
use std::fmt;

/// Whose wording S3 errors carry where AWS and MinIO answer differently.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ErrorProfile {
    /// The codes, statuses and messages of AWS.
    #[default]
    Aws,
    /// Those of MinIO's last open-source server.
    Minio,
}

/// An error: what went wrong, where, and what an S3 client is told. Never holds a secret.
///
/// One pointer large, as nearly every result can carry one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error(Box<Content>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Content {
    code: ErrorCode,
    message: Option<Cow<'static, str>>,
    details: Vec<(&'static str, String)>,
}

impl ErrorCode {
    /// The stable text form, the same in every language.
    pub fn name(self) -> &'static str {
        self.row().name
    }

    /// The number that C sees.
    pub fn number(self) -> u16 {
        self.row().number
    }

    /// What an S3 client is told.
    pub fn answer(self, profile: ErrorProfile) -> S3Answer {
        match profile {
            ErrorProfile::Aws => self.row().aws,
            ErrorProfile::Minio => self.row().minio,
        }
    }
}

impl Error {
    /// An error with the table's own message.
    pub fn new(code: ErrorCode) -> Self {
        Self::of(code, None)
    }

    /// An error with a message of its own: what is wrong, where, and what to do.
    pub fn with_message(code: ErrorCode, message: impl Into<Cow<'static, str>>) -> Self {
        Self::of(code, Some(message.into()))
    }

    #[cold]
    fn of(code: ErrorCode, message: Option<Cow<'static, str>>) -> Self {
        Self(Box::new(Content { code, message, details: Vec::new() }))
    }

    /// Adds a detail element to the S3 error body, for example `("Region", "eu-west-1")`.
    #[must_use]
    pub fn detail(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.0.details.push((name, value.into()));
        self
    }

    /// The stable code.
    pub fn code(&self) -> ErrorCode {
        self.0.code
    }

    /// The message for people: its own if it has one, else the one that `profile` sends.
    pub fn message(&self, profile: ErrorProfile) -> &str {
        self.0.message.as_deref().unwrap_or(self.0.code.answer(profile).message)
    }

    /// The detail elements of the S3 error body.
    pub fn details(&self) -> &[(&'static str, String)] {
        &self.0.details
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for ErrorCode {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for Error {
    /// Code, message and details, the message in AWS's wording.
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeStruct;
        let mut out = serializer.serialize_struct("Error", 3)?;
        out.serialize_field("code", &self.0.code)?;
        out.serialize_field("message", self.message(ErrorProfile::Aws))?;
        out.serialize_field("details", &self.0.details)?;
        out.end()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.0.code.name(), self.message(ErrorProfile::Aws))
    }
}

impl std::error::Error for Error {}

impl From<ErrorCode> for Error {
    fn from(code: ErrorCode) -> Self {
        Self::new(code)
    }
}
