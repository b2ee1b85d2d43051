//! Signature verification against a plain list of keys.

use crate::body::{BodyReader, with_body};
use crate::diagnosis::diagnosed;
use crate::failure::failure;
use crate::options::IamChoices;
use crate::request::{packed, request};
use crate::upload::Upload;
use napi::bindgen_prelude::{Buffer, Env, Function};
use napi::sys::napi_value;
use napi_derive::napi;
use s3iam::facade::{
    self, Authentication, CredentialState, Error, ErrorProfile, KeyRing, NewKey, PackedForm, PackedRequest,
    SecretKey, Timestamp, Verified, stored_content_encoding as stored, upload_json, write_verified_record,
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
        let replaced = self.keys.borrow_mut().add(key).map_err(|error| self.thrown(&error))?;
        replaced.iter().for_each(|secret| self.inner.forget(secret));
        Ok(())
    }

    /// Removes a key. Answers whether there was one.
    #[napi(catch_unwind)]
    pub fn remove_key(&self, access_key: String) -> bool {
        let removed = self.keys.borrow_mut().remove(&access_key);
        removed.iter().for_each(|secret| self.inner.forget(secret));
        removed.is_some()
    }

    /// The function that verifies the request that is packed in the buffer. The answer is the record of who
    /// signed. See [`with_body`].
    #[napi(catch_unwind)]
    pub fn verify<'env>(
        &self,
        env: &'env Env,
        holds: Buffer,
    ) -> napi::Result<Function<'env, (), napi_value>> {
        let (verifier, keys, profile) = (Rc::clone(&self.inner), Rc::clone(&self.keys), self.profile());
        let record = RefCell::new(String::new());
        env.create_function_from_closure("verify", move |call| {
            let mut packed = PackedRequest::default();
            request(&call, &holds, &mut packed, profile)?;
            let keys = keys.borrow();
            let verified = verifier.verify(&packed.http(), &*keys, packed.now);
            let verified = verified.map_err(|error| failure(&error, profile))?;
            let body = match &verified {
                Verified::Signed(identity) => Some(identity.body()),
                Verified::Anonymous => None,
            };
            let mut record = record.borrow_mut();
            write_verified_record(&verified, &mut record);
            with_body(call.env, call.env.create_string(record.as_str())?, body)
        })
    }

    /// A reader for the body of a packed request without authentication.
    #[napi(catch_unwind)]
    pub fn anonymous_body(&self, request: &[u8], body: Option<&[u8]>) -> napi::Result<BodyReader> {
        let packed = packed(request, body, self.profile())?;
        self.inner.anonymous_body(&packed.http()).map(BodyReader::new).map_err(|error| self.thrown(&error))
    }

    /// Verifies a packed form upload.
    #[napi(catch_unwind)]
    pub fn verify_post(
        &self,
        bucket: String,
        form: &[u8],
        request: &[u8],
        body: Option<&[u8]>,
    ) -> napi::Result<Upload> {
        let packed = packed(request, body, self.profile())?;
        let form = PackedForm::read(form).map_err(|error| self.thrown(&error))?;
        let (form, keys) = (form.form(), self.keys.borrow());
        let upload = self.inner.verify_post(&packed.http(), bucket.as_bytes(), &form, &*keys, packed.now);
        let upload = upload.map_err(|error| self.thrown(&error))?;
        Ok(Upload::new(upload_json(&upload, &form), Some(upload.length_range()), self.profile()))
    }

    /// Says why the signature of a packed request is refused, as JSON.
    #[napi(catch_unwind)]
    pub fn diagnose(
        &self,
        canonical_request: Option<&[u8]>,
        string_to_sign: Option<&[u8]>,
        request: &[u8],
        body: Option<&[u8]>,
    ) -> napi::Result<String> {
        let client = (canonical_request, string_to_sign);
        diagnosed(client, (request, body), self.profile(), |request, now, client| {
            self.inner.diagnose(request, &*self.keys.borrow(), now, client)
        })
    }

    fn thrown(&self, error: &Error) -> napi::Error {
        failure(error, self.profile())
    }

    fn profile(&self) -> ErrorProfile {
        self.inner.options().error_profile
    }
}

/// The name of the authentication that a packed request claims to have.
#[napi(catch_unwind)]
pub fn classify(request: &[u8], body: Option<&[u8]>) -> napi::Result<&'static str> {
    let packed = packed(request, body, ErrorProfile::Aws)?;
    Authentication::of(&packed.http())
        .map(Authentication::name)
        .map_err(|error| failure(&error, ErrorProfile::Aws))
}

/// A `Content-Encoding` as it is stored with the object.
#[napi(catch_unwind)]
pub fn stored_content_encoding(value: String) -> Option<String> {
    stored(&value)
}
