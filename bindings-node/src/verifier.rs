//! Signature verification against a plain list of keys.

use crate::failure::failure;
use crate::options::IamChoices;
use crate::request::request;
use napi::bindgen_prelude::{Env, Function};
use napi_derive::napi;
use s3iam::facade::{
    self, CredentialState, ErrorProfile, KeyRing, NewKey, SecretKey, Timestamp, verified_json,
};
use std::cell::RefCell;
use std::rc::Rc;

/// A verifier and its keys. Both stay on the thread that made them, and no call runs JavaScript
/// while it holds the keys.
#[napi]
pub struct Verifier {
    inner: Rc<facade::Verifier>,
    keys: Rc<RefCell<KeyRing>>,
}

/// An access key to add.
#[napi(object, object_to_js = false)]
pub struct KeyChoices {
    pub access_key: String,
    pub secret_key: String,
    pub session_token: Option<String>,
    /// Milliseconds since 1970.
    pub expires: Option<i64>,
    pub enabled: Option<bool>,
}

#[napi]
impl Verifier {
    /// A verifier without keys.
    #[napi(constructor, catch_unwind)]
    pub fn new(choices: IamChoices) -> napi::Result<Self> {
        let options = choices.read()?.signature;
        Ok(Self { inner: Rc::new(facade::Verifier::new(options)), keys: Rc::default() })
    }

    /// Adds a key, or replaces the one of that name.
    #[napi(catch_unwind)]
    pub fn add_key(&self, key: KeyChoices) -> napi::Result<()> {
        let state = match key.enabled {
            Some(false) => CredentialState::Disabled,
            None | Some(true) => CredentialState::Enabled,
        };
        let key = NewKey {
            access_key: key.access_key,
            secret_key: SecretKey::new(key.secret_key),
            session_token: key.session_token,
            expires: key.expires.map(Timestamp::from_unix_millis),
            state,
        };
        self.keys.borrow_mut().add(key).map_err(|error| failure(&error, self.profile()))
    }

    /// The function that verifies a packed request and answers with JSON.
    #[napi(catch_unwind)]
    pub fn verify<'env>(&self, env: &'env Env) -> napi::Result<Function<'env, (), String>> {
        let (verifier, keys, profile) = (Rc::clone(&self.inner), Rc::clone(&self.keys), self.profile());
        env.create_function_from_closure("verify", move |call| {
            let packed = request(&call, profile)?;
            let keys = keys.borrow();
            match verifier.verify(&packed.http(), &*keys, packed.now) {
                Ok(verified) => Ok(verified_json(&verified)),
                Err(error) => Err(failure(&error, profile)),
            }
        })
    }

    fn profile(&self) -> ErrorProfile {
        self.inner.options().error_profile
    }
}
