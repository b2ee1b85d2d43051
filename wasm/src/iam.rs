//! A directory of identities and the answer to whole requests.

use crate::exchange::with_exchange;
use crate::options::Options;
use crate::refusal::thrown;
use s3iam::facade::{self, ErrorProfile, Facts, PackedRequest, problems_json, verdict_json};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use zeroize::Zeroizing;

/// A directory and everything needed to authorize requests against it.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Iam {
    pub(crate) iam: facade::Iam,
    pub(crate) profile: ErrorProfile,
}

#[wasm_bindgen]
impl Iam {
    /// Reads a directory document. The copy that crossed holds secrets and is wiped.
    pub fn load(directory: Vec<u8>, options: Options) -> Result<Iam, JsValue> {
        let directory = Zeroizing::new(directory);
        let profile = options.options.signature.error_profile;
        match facade::Iam::load(&directory, options.options) {
            Ok(iam) => Ok(Self { iam, profile }),
            Err(error) => Err(thrown(&error, profile)),
        }
    }

    /// Replaces the directory; on an error the old one stays.
    pub fn replace(&self, directory: Vec<u8>) -> Result<(), JsValue> {
        let directory = Zeroizing::new(directory);
        self.iam.replace(&directory).map_err(|error| thrown(&error, self.profile))
    }

    /// What was wrong with single records of the directory: `[{"pointer", "message"}]`.
    pub fn problems(&self) -> String {
        problems_json(&self.iam.problems())
    }

    /// Authorizes the packed request in the exchange buffer: the verdict as JSON.
    pub fn authorize(&self, length: usize) -> Result<String, JsValue> {
        with_exchange(length, |buffer| {
            let mut request = PackedRequest::default();
            request.fill_whole(buffer)?;
            let facts = Facts { object_tags: request.object_tags() };
            let verdict = self.iam.authorize(&request.http(), &facts, request.now);
            #[cfg(feature = "complete")]
            crate::body::announce(verdict.body());
            Ok(verdict_json(&verdict, request.request_id))
        })
        .map_err(|error| thrown(&error, self.profile))
    }
}
