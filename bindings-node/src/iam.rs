//! The whole path: raw request in, verdict out.

use crate::failure::failure;
use crate::options::IamChoices;
use crate::request::request;
use napi::bindgen_prelude::{Env, Function};
use napi_derive::napi;
use s3iam::facade::{self, ErrorProfile, Facts, verdict_json, verdict_lines};
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

    /// The function that authorizes a packed request. The answer is the verdict's lines where it has
    /// that form, else its JSON, which begins with whether it is allowed.
    #[napi(catch_unwind)]
    pub fn authorizer<'env>(&self, env: &'env Env) -> napi::Result<Function<'env, (), String>> {
        let (iam, profile) = (Arc::clone(&self.inner), self.profile);
        env.create_function_from_closure("authorize", move |call| {
            let packed = request(&call, profile)?;
            let facts = Facts { object_tags: packed.object_tags() };
            let verdict = iam.authorize(&packed.http(), &facts, packed.now);
            Ok(verdict_lines(&verdict).unwrap_or_else(|| verdict_json(&verdict, packed.request_id)))
        })
    }
}
