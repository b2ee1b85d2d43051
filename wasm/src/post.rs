//! Browser forms: a POST whose fields say who signed it.

use crate::exchange::with_exchange;
use crate::iam::Iam;
use crate::refusal::thrown;
use crate::verifier::Verifier;
use s3iam::facade::{
    ErrorProfile, Facts, LengthRange, PackedForm, PackedRequest, post_verdict_json, upload_json,
};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

/// What a form may upload, and the answer as JSON.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Upload {
    data: String,
    range: Option<LengthRange>,
    profile: ErrorProfile,
}

#[wasm_bindgen]
impl Upload {
    /// The answer, as JSON.
    pub fn data(&self) -> String {
        self.data.clone()
    }

    /// Refuses a file of which too much has arrived or, where it is done, too little.
    #[wasm_bindgen(js_name = checkLength)]
    pub fn check_length(&self, received: f64, done: bool) -> Result<(), JsValue> {
        let range = self.range.map_or(Ok(()), |range| range.check_length(received as u64, done));
        range.map_err(|error| thrown(&error, self.profile))
    }
}

#[wasm_bindgen]
impl Verifier {
    /// Verifies a packed form to a bucket; its request is packed in the exchange buffer.
    #[wasm_bindgen(js_name = verifyPost)]
    pub fn verify_post(&self, bucket: &str, form: &[u8], length: usize) -> Result<Upload, JsValue> {
        let upload = with_exchange(length, |buffer| {
            let (request, form) = (PackedRequest::read(buffer)?, PackedForm::read(form)?);
            let (http, form, bucket) = (request.http(), form.form(), bucket.as_bytes());
            let upload = self.verifier.verify_post(&http, bucket, &form, &self.keys, request.now)?;
            let range = Some(upload.length_range());
            Ok(Upload { data: upload_json(&upload, &form), range, profile: self.profile() })
        });
        upload.map_err(|error| thrown(&error, self.profile()))
    }
}

#[wasm_bindgen]
impl Iam {
    /// Authorizes a packed form; its request is packed in the exchange buffer.
    #[wasm_bindgen(js_name = authorizePost)]
    pub fn authorize_post(&self, form: &[u8], length: usize) -> Result<Upload, JsValue> {
        let upload = with_exchange(length, |buffer| {
            let (request, form) = (PackedRequest::read(buffer)?, PackedForm::read(form)?);
            let (facts, form) = (Facts { object_tags: request.object_tags() }, form.form());
            let verdict = self.iam.authorize_post(&request.http(), &form, &facts, request.now);
            let data = post_verdict_json(&verdict, &form, request.request_id);
            Ok(Upload { data, range: verdict.length_range(), profile: self.profile })
        });
        upload.map_err(|error| thrown(&error, self.profile))
    }
}
