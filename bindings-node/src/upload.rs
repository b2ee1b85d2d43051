//! Uploads by browser forms.

use crate::failure::failure;
use napi_derive::napi;
use s3iam::facade::{ErrorProfile, LengthRange};

/// What is answered to a form.
#[napi]
pub struct Upload {
    data: String,
    range: Option<LengthRange>,
    profile: ErrorProfile,
}

impl Upload {
    /// An answer as JSON, and how large the file may be.
    pub fn new(data: String, range: Option<LengthRange>, profile: ErrorProfile) -> Self {
        Self { data, range, profile }
    }
}

#[napi]
impl Upload {
    /// The answer as JSON.
    #[napi(catch_unwind)]
    pub fn data(&self) -> String {
        self.data.clone()
    }

    /// Checks how much of the file has arrived.
    #[napi(catch_unwind)]
    pub fn check_length(&self, received: f64, done: bool) -> napi::Result<()> {
        let check = |range: &LengthRange| range.check_length(received as u64, done);
        self.range.as_ref().map_or(Ok(()), check).map_err(|error| failure(&error, self.profile))
    }
}
