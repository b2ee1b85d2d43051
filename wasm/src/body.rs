//! Bodies: what a request announces of its body, and the reader that holds the body to it.
//!
//! An object lives until JavaScript's collector finds it, and no module should wait for that after every request.
//! Hence a body is one only where more is announced of it than its payload; of any other the payload says all.

use crate::names::error_profile;
use crate::refusal::{misuse, thrown};
use s3iam::facade::{self, body_summary_json, plain_body, push_all};
use std::cell::RefCell;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

thread_local! {
    static ANNOUNCED: RefCell<Option<Body>> = const { RefCell::new(None) };
}

/// Keeps for [`take_body`] what the request announced that was just verified.
pub(crate) fn announce(body: Option<&facade::Body>) {
    ANNOUNCED.set(body.filter(|body| !body.is_plain()).map(|body| Body { body: body.clone() }));
}

/// The body of the last request, if more is announced of it than its payload.
#[wasm_bindgen(js_name = takeBody)]
#[must_use]
pub fn take_body() -> Option<Body> {
    ANNOUNCED.take()
}

/// What a request announces of its body.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Body {
    body: facade::Body,
}

#[wasm_bindgen]
impl Body {
    /// The body of a verified request of which nothing is announced but its payload.
    pub fn plain(payload: &str, profile: &str) -> Result<Body, JsValue> {
        let body = error_profile(profile).and_then(|profile| plain_body(payload, profile));
        body.map(|body| Self { body }).map_err(|error| misuse(&error))
    }

    /// A reader for it.
    pub fn reader(&self) -> BodyReader {
        BodyReader::new(self.body.reader())
    }
}

/// Reads a body while it arrives.
#[wasm_bindgen]
#[derive(Debug)]
pub struct BodyReader {
    reader: facade::BodyReader,
}

impl BodyReader {
    /// The core's reader.
    pub(crate) fn new(reader: facade::BodyReader) -> Self {
        Self { reader }
    }
}

#[wasm_bindgen]
impl BodyReader {
    /// Takes all of an input and gives what it released; nothing if that is the input itself.
    pub fn push(&mut self, input: &[u8]) -> Result<Option<Vec<u8>>, JsValue> {
        let profile = self.reader.error_profile();
        push_all(&mut self.reader, input).map_err(|error| thrown(&error, profile))
    }

    /// Ends the body: the summary as JSON.
    pub fn finish(&mut self) -> Result<String, JsValue> {
        let profile = self.reader.error_profile();
        let summary = self.reader.finish().map_err(|error| thrown(&error, profile))?;
        Ok(body_summary_json(&summary))
    }

    /// The length that a chunked body announces.
    #[wasm_bindgen(js_name = decodedLength)]
    pub fn decoded_length(&self) -> Option<f64> {
        self.reader.decoded_length().map(|length| length as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use s3iam::facade::{ErrorProfile, Payload};

    #[test]
    fn nothing_is_kept_of_a_plain_body() {
        let body = facade::Body::plain(Payload::Unsigned, ErrorProfile::Aws);
        assert!(body.is_some());
        announce(body.as_ref());
        assert!(take_body().is_none());
    }
}
