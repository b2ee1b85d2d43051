//! Signature verification against a plain list of access keys.

use crate::exchange::{leave, with_exchange};
use crate::options::Options;
use crate::refusal::{text, thrown};
use s3iam::facade::{
    self, CredentialState, ErrorProfile, KeyRing, NewKey, PackedRequest, SecretKey, Timestamp,
    write_verified_record,
};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

/// A verifier and the keys that it knows.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Verifier {
    pub(crate) verifier: facade::Verifier,
    pub(crate) keys: KeyRing,
    record: String,
    refusal: String,
}

#[wasm_bindgen]
impl Verifier {
    /// A verifier with these options and no keys.
    #[wasm_bindgen(constructor)]
    pub fn new(options: Options) -> Verifier {
        let signature = options.options.signature;
        #[cfg(feature = "complete")]
        let signature = facade::SignatureOptions { hosting: options.options.hosting, ..signature };
        Self {
            verifier: facade::Verifier::new(signature),
            keys: KeyRing::new(),
            record: String::new(),
            refusal: String::new(),
        }
    }

    /// Adds a key, or replaces the one of that name. `expires` is in milliseconds since 1970.
    #[wasm_bindgen(js_name = addKey)]
    pub fn add_key(
        &mut self,
        access_key: String,
        secret_key: String,
        session_token: Option<String>,
        expires: Option<f64>,
        enabled: bool,
    ) -> Result<(), JsValue> {
        let key = NewKey {
            access_key,
            secret_key: SecretKey::new(secret_key),
            session_token,
            expires: expires.map(|millis| Timestamp::from_unix_millis(millis as i64)),
            state: if enabled { CredentialState::Enabled } else { CredentialState::Disabled },
        };
        let replaced = self.keys.add(key).map_err(|error| thrown(&error, self.profile()))?;
        #[cfg(feature = "complete")]
        replaced.iter().for_each(|secret| self.verifier.forget(secret));
        drop(replaced);
        Ok(())
    }

    /// Verifies the packed request in the exchange buffer, and leaves the record of who signed in its place. Returns
    /// what [`leave`] does, or -1 where [`Verifier::refusal`] says why not. A text or an error for an answer would cost
    /// a sixth of the call.
    pub fn verify(&mut self, length: usize) -> i32 {
        let record = &mut self.record;
        let verified = with_exchange(length, |buffer| {
            let mut request = PackedRequest::default();
            request.fill_whole(buffer)?;
            let verified = self.verifier.verify(&request.http(), &self.keys, request.now)?;
            #[cfg(feature = "complete")]
            crate::body::announce(match &verified {
                facade::Verified::Signed(identity) => Some(identity.body()),
                facade::Verified::Anonymous => None,
            });
            write_verified_record(&verified, record);
            Ok(())
        });
        match verified {
            Ok(()) => leave(record),
            Err(error) => {
                self.refusal = text(&error, self.profile());
                -1
            }
        }
    }

    /// What is to be thrown for the request that was just refused. It is said once.
    pub fn refusal(&mut self) -> String {
        std::mem::take(&mut self.refusal)
    }
}

impl Verifier {
    /// Whose wording errors have.
    pub(crate) fn profile(&self) -> ErrorProfile {
        self.verifier.options().error_profile
    }
}
