//! Questions, packed by `lib/packed.cjs`: all pieces of text behind one another in one buffer, and the
//! byte length of each.

use crate::failure::failure;
use napi::bindgen_prelude::{Env, Function};
use napi_derive::napi;
use s3iam::facade::{
    self, Ask, Decision, Dialect, Error, ErrorProfile, Pieces, Query, Target, Truth, access_json,
    access_packed, answer_packed, ask_packed, fingerprint,
};

/// The pieces of a packed question.
pub fn pieces<'a>(text: &'a [u8], lengths: &'a [u32]) -> impl Iterator<Item = Result<&'a str, Error>> {
    Pieces::new(text, lengths.iter().copied())
}

/// The answer to a packed question, as JSON; see [`answer_packed`].
pub fn answer(asked: &dyn Ask, verb: &str, text: &[u8], lengths: &[u32], flags: u32) -> napi::Result<String> {
    answer_packed(asked, verb, pieces(text, lengths), flags).map_err(thrown)
}

/// A function of the packed text, the pieces' lengths, their number, and flags, which answers a question
/// with the decision's [`fingerprint`].
pub fn decider<'env>(
    env: &'env Env,
    dialect: Dialect,
    decide: impl Fn(&Query<'_>) -> Decision + 'static,
) -> napi::Result<Function<'env, (), f64>> {
    env.create_function_from_closure("decide", move |call| {
        let (text, lengths): (&[u8], &[u32]) = (call.get(0)?, call.get(1)?);
        let (count, flags): (u32, u32) = (call.get(2)?, call.get(3)?);
        let pieces = pieces(text, lengths.get(..count as usize).unwrap_or_default());
        let decision = ask_packed(pieces, dialect, flags, |query, _| decide(query)).map_err(thrown)?;
        Ok(fingerprint(&decision))
    })
}

/// What can be reached with an action.
#[napi]
pub struct Access {
    inner: facade::Access,
}

impl Access {
    /// What a packed question can reach.
    pub fn of(asked: &dyn Ask, text: &[u8], lengths: &[u32], flags: u32) -> napi::Result<Self> {
        access_packed(asked, pieces(text, lengths), flags).map(|inner| Self { inner }).map_err(thrown)
    }
}

#[napi]
impl Access {
    /// All of it, as JSON.
    #[napi(catch_unwind)]
    pub fn data(&self) -> String {
        access_json(&self.inner)
    }

    /// Whether a resource, or with an object a bucket and an object, can be reached; nothing where that
    /// depends on what is not known.
    #[napi(catch_unwind)]
    pub fn allows(&self, resource: String, object: Option<String>) -> Option<bool> {
        let target = match &object {
            Some(object) => Target::Object { bucket: &resource, object },
            None => Target::Resource(&resource),
        };
        match self.inner.allows(target) {
            Truth::True => Some(true),
            Truth::False => Some(false),
            Truth::Unknown => None,
        }
    }
}

/// The native form of the error of a question.
pub fn thrown(error: Error) -> napi::Error {
    failure(&error, ErrorProfile::Aws)
}
