//! Request bodies, read while they arrive.

use crate::failure::failure;
use crate::options::error_profile;
use napi::bindgen_prelude::{Buffer, Env, JsValue};
use napi::sys::napi_value;
use napi_derive::napi;
use s3iam::facade::{self, body_summary_json, plain_body, push_all};

/// The body of a verified request, of which nothing has arrived.
#[napi]
pub struct Body {
    inner: facade::Body,
}

/// Reads a body.
#[napi]
pub struct BodyReader {
    inner: facade::BodyReader,
}

#[napi]
impl Body {
    /// The body of a request that announces nothing of it but its payload.
    #[napi(factory, catch_unwind)]
    pub fn plain(payload: String, profile: Option<String>) -> napi::Result<Self> {
        let profile = error_profile(profile.as_deref())?;
        plain_body(&payload, profile).map(|inner| Self { inner }).map_err(|error| failure(&error, profile))
    }

    /// A reader for it.
    #[napi(catch_unwind)]
    pub fn reader(&self) -> BodyReader {
        BodyReader::new(self.inner.reader())
    }
}

impl BodyReader {
    /// The core's reader.
    pub fn new(inner: facade::BodyReader) -> Self {
        Self { inner }
    }
}

#[napi]
impl BodyReader {
    /// The length that a chunked body announces for its object.
    #[napi(catch_unwind)]
    pub fn decoded_length(&self) -> Option<f64> {
        self.inner.decoded_length().map(|length| length as f64)
    }

    /// What an input releases; nothing if that is the input itself.
    #[napi(catch_unwind)]
    pub fn push(&mut self, input: &[u8]) -> napi::Result<Option<Buffer>> {
        let profile = self.inner.error_profile();
        let released = push_all(&mut self.inner, input).map_err(|error| failure(&error, profile))?;
        Ok(released.map(Buffer::from))
    }

    /// What is known of the body at its end, as JSON.
    #[napi(catch_unwind)]
    pub fn finish(&mut self) -> napi::Result<String> {
        let profile = self.inner.error_profile();
        let summary = self.inner.finish().map_err(|error| failure(&error, profile))?;
        Ok(body_summary_json(&summary))
    }
}

/// An answer as `[answer, body]`, or by itself where the body is not there or is made of its payload alone: for most
/// requests nothing but a text is made then.
pub fn with_body<'env>(
    env: &Env,
    answer: impl JsValue<'env>,
    body: Option<&facade::Body>,
) -> napi::Result<napi_value> {
    let Some(body) = body.filter(|body| !body.is_plain()) else { return Ok(answer.raw()) };
    let mut pair = env.create_array(2)?;
    pair.set(0, answer.to_unknown())?;
    pair.set(1, Body { inner: body.clone() })?;
    Ok(pair.raw())
}
