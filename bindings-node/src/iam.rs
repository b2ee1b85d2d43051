//! The whole path: raw request in, verdict out.

use crate::body::with_body;
use crate::diagnosis::diagnosed;
use crate::failure::failure;
use crate::options::IamChoices;
use crate::request::{packed, request};
use crate::upload::Upload;
use napi::bindgen_prelude::{Buffer, Env, Function};
use napi::sys::napi_value;
use napi_derive::napi;
use s3iam::facade::{
    self, ErrorProfile, Facts, PackedForm, PackedRequest, post_verdict_json, verdict_json,
    write_verdict_record,
};
use std::cell::RefCell;
use std::sync::Arc;

/// A directory of identities, ready to authorize requests.
#[napi]
pub struct Iam {
    inner: Arc<facade::Iam>,
    profile: ErrorProfile,
}

/// Something wrong with one record of the directory.
#[napi(object, object_from_js = false)]
pub struct DirectoryProblem {
    pub pointer: String,
    pub message: String,
}

#[napi]
impl Iam {
    /// Reads a directory document.
    #[napi(factory, catch_unwind)]
    pub fn load(text: &[u8], choices: IamChoices) -> napi::Result<Self> {
        let options = choices.read()?;
        let profile = options.signature.error_profile;
        let inner = facade::Iam::load(text, options).map_err(|error| failure(&error, profile))?;
        Ok(Self { inner: Arc::new(inner), profile })
    }

    /// Replaces the directory; on an error the old one stays.
    #[napi(catch_unwind)]
    pub fn replace(&self, text: &[u8]) -> napi::Result<()> {
        self.inner.replace(text).map_err(|error| failure(&error, self.profile))
    }

    /// What was wrong with single records of the directory.
    #[napi(catch_unwind)]
    pub fn problems(&self) -> Vec<DirectoryProblem> {
        let problems = self.inner.problems();
        let copy =
            |p: &facade::Problem| DirectoryProblem { pointer: p.pointer.clone(), message: p.message.clone() };
        problems.iter().map(copy).collect()
    }

    /// The function that authorizes the request that is packed in the buffer. The answer is the verdict's record, a character for
    /// each byte, where it has one; else its JSON, which begins with whether it is allowed. See [`with_body`].
    #[napi(catch_unwind)]
    pub fn authorizer<'env>(
        &self,
        env: &'env Env,
        holds: Buffer,
    ) -> napi::Result<Function<'env, (), napi_value>> {
        let (iam, profile) = (Arc::clone(&self.inner), self.profile);
        let record = RefCell::new(Vec::new());
        env.create_function_from_closure("authorize", move |call| {
            let mut packed = PackedRequest::default();
            request(&call, &holds, &mut packed, profile)?;
            let facts = Facts { object_tags: packed.object_tags() };
            let verdict = iam.authorize(&packed.http(), &facts, packed.now);
            let mut record = record.borrow_mut();
            // A string of bytes is made in half the time of one whose UTF-8 must be read.
            let answer = match write_verdict_record(&verdict, &mut record) {
                Some(()) => call.env.create_string_latin1(record.as_slice())?,
                None => call.env.create_string(verdict_json(&verdict, packed.request_id))?,
            };
            with_body(call.env, answer, verdict.body())
        })
    }

    /// Authorizes a packed form upload: the verdict, and how large the file may be.
    #[napi(catch_unwind)]
    pub fn authorize_post(&self, form: &[u8], request: &[u8], body: Option<&[u8]>) -> napi::Result<Upload> {
        let packed = packed(request, body, self.profile)?;
        let form = PackedForm::read(form).map_err(|error| failure(&error, self.profile))?;
        let facts = Facts { object_tags: packed.object_tags() };
        let verdict = self.inner.authorize_post(&packed.http(), &form.form(), &facts, packed.now);
        let data = post_verdict_json(&verdict, &form.form(), packed.request_id);
        Ok(Upload::new(data, verdict.length_range(), self.profile))
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
        diagnosed(client, (request, body), self.profile, |request, now, client| {
            self.inner.diagnose(request, now, client)
        })
    }
}
