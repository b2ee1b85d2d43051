//! Questions of every verb, and what can be reached with an action.

use crate::exchange::with_exchange;
use crate::policy::{Policy, PolicySet};
use crate::question::pieces;
use crate::refusal::misuse;
use s3iam::facade::{self, Ask, Target, Truth, access_json, access_packed, answer_packed};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

/// The answer to the question in the exchange buffer, as JSON; see [`answer_packed`].
pub(crate) fn answer(
    asked: &dyn Ask,
    verb: &str,
    length: usize,
    count: usize,
    flags: u32,
) -> Result<String, JsValue> {
    let answer =
        with_exchange(length, |buffer| answer_packed(asked, verb, &mut pieces(buffer, count)?, flags));
    answer.map_err(|error| misuse(&error))
}

/// What can be reached with an action.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Access {
    access: facade::Access,
}

impl Access {
    /// What the question in the exchange buffer can reach.
    pub(crate) fn of(asked: &dyn Ask, length: usize, count: usize, flags: u32) -> Result<Access, JsValue> {
        let access = with_exchange(length, |buffer| access_packed(asked, &mut pieces(buffer, count)?, flags));
        access.map(|access| Self { access }).map_err(|error| misuse(&error))
    }
}

#[wasm_bindgen]
impl Access {
    /// All of it, as JSON.
    pub fn data(&self) -> String {
        access_json(&self.access)
    }

    /// Whether a resource, or with an object a bucket and an object, can be reached; null where that depends on
    /// what is not known.
    pub fn allows(&self, resource: &str, object: Option<String>) -> JsValue {
        let target = match &object {
            Some(object) => Target::Object { bucket: resource, object },
            None => Target::Resource(resource),
        };
        match self.access.allows(target) {
            Truth::True => JsValue::TRUE,
            Truth::False => JsValue::FALSE,
            Truth::Unknown => JsValue::NULL,
        }
    }
}

#[wasm_bindgen]
impl Policy {
    /// Whether it is a public policy, as Block Public Access has it.
    #[wasm_bindgen(js_name = isPublic)]
    pub fn is_public(&self) -> bool {
        self.inner().is_public()
    }

    /// The places of the statements that make it public.
    #[wasm_bindgen(js_name = publicStatements)]
    pub fn public_statements(&self) -> Vec<u32> {
        self.inner().public_statements()
    }

    /// Answers the question in the exchange buffer, as JSON.
    pub fn ask(&self, verb: &str, length: usize, count: usize, flags: u32) -> Result<String, JsValue> {
        answer(self.inner(), verb, length, count, flags)
    }

    /// What the question in the exchange buffer can reach.
    pub fn access(&self, length: usize, count: usize, flags: u32) -> Result<Access, JsValue> {
        Access::of(self.inner(), length, count, flags)
    }
}

#[wasm_bindgen]
impl PolicySet {
    /// Answers the question in the exchange buffer, as JSON.
    pub fn ask(&self, verb: &str, length: usize, count: usize, flags: u32) -> Result<String, JsValue> {
        answer(self.inner(), verb, length, count, flags)
    }

    /// What the question in the exchange buffer can reach.
    pub fn access(&self, length: usize, count: usize, flags: u32) -> Result<Access, JsValue> {
        Access::of(self.inner(), length, count, flags)
    }
}
