//! What can be asked of a request beside who signed it, and what else a verifier's keys are for.

use crate::body::BodyReader;
use crate::exchange::with_exchange;
use crate::iam::Iam;
use crate::refusal::{misuse, thrown};
use crate::verifier::Verifier;
use s3iam::facade::{
    self, Authentication, ClientSide, Diagnosis, ErrorProfile, HttpRequest, PackedRequest, Timestamp,
    diagnosis_json,
};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

/// The name of the authentication that the packed request in the exchange buffer claims to have.
#[wasm_bindgen]
pub fn classify(length: usize) -> Result<String, JsValue> {
    let authentication =
        with_exchange(length, |buffer| Authentication::of(&PackedRequest::read(buffer)?.http()));
    authentication.map(|found| found.name().to_owned()).map_err(|error| misuse(&error))
}

/// A `Content-Encoding` as it is stored with the object.
#[wasm_bindgen(js_name = storedContentEncoding)]
#[must_use]
pub fn stored_content_encoding(value: &str) -> Option<String> {
    facade::stored_content_encoding(value)
}

#[wasm_bindgen]
impl Verifier {
    /// A reader for the body of the packed request in the exchange buffer, which is anonymous.
    #[wasm_bindgen(js_name = anonymousBody)]
    pub fn anonymous_body(&self, length: usize) -> Result<BodyReader, JsValue> {
        let reader = with_exchange(length, |buffer| {
            self.verifier.anonymous_body(&PackedRequest::read(buffer)?.http())
        });
        reader.map(BodyReader::new).map_err(|error| thrown(&error, self.profile()))
    }

    /// Why the signature of the packed request in the exchange buffer does not match, as JSON.
    pub fn diagnose(
        &self,
        canonical_request: Option<Vec<u8>>,
        string_to_sign: Option<Vec<u8>>,
        length: usize,
    ) -> Result<String, JsValue> {
        let client = (canonical_request, string_to_sign);
        diagnosed(client, length, self.profile(), |request, now, client| {
            self.verifier.diagnose(request, &self.keys, now, client)
        })
    }

    /// Removes a key. Answers whether there was one.
    #[wasm_bindgen(js_name = removeKey)]
    pub fn remove_key(&mut self, access_key: &str) -> bool {
        let removed = self.keys.remove(access_key);
        removed.iter().for_each(|secret| self.verifier.forget(secret));
        removed.is_some()
    }
}

#[wasm_bindgen]
impl Iam {
    /// Why the signature of the packed request in the exchange buffer does not match, as JSON.
    pub fn diagnose(
        &self,
        canonical_request: Option<Vec<u8>>,
        string_to_sign: Option<Vec<u8>>,
        length: usize,
    ) -> Result<String, JsValue> {
        let client = (canonical_request, string_to_sign);
        diagnosed(client, length, self.profile, |request, now, client| {
            self.iam.diagnose(request, now, client)
        })
    }
}

/// What a verifier or a directory answers when it is asked, as JSON.
fn diagnosed(
    (canonical_request, string_to_sign): (Option<Vec<u8>>, Option<Vec<u8>>),
    length: usize,
    profile: ErrorProfile,
    ask: impl FnOnce(&HttpRequest<'_>, Timestamp, ClientSide<'_>) -> Diagnosis,
) -> Result<String, JsValue> {
    let client = ClientSide {
        canonical_request: canonical_request.as_deref(),
        string_to_sign: string_to_sign.as_deref(),
    };
    let diagnosis = with_exchange(length, |buffer| {
        let request = PackedRequest::read(buffer)?;
        Ok(ask(&request.http(), request.now, client))
    });
    diagnosis.map(|found| diagnosis_json(&found)).map_err(|error| thrown(&error, profile))
}
