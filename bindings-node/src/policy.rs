//! Policies and sets of policies.

use crate::ask::{Access, answer, decider, thrown};
use crate::failure::refusal;
use crate::options::PolicyChoices;
use napi::bindgen_prelude::{Env, Function};
use napi_derive::napi;
use s3iam::facade::{self, Status};
use std::rc::Rc;

/// A policy, read and compiled.
#[napi]
pub struct Policy {
    inner: Rc<facade::Policy>,
}

/// Several policies that decide together.
#[napi]
pub struct PolicySet {
    inner: Rc<facade::PolicySet>,
}

impl Policy {
    /// The core's policy.
    pub fn inner(&self) -> &facade::Policy {
        &self.inner
    }
}

#[napi]
impl Policy {
    /// Reads and compiles a policy.
    #[napi(factory, catch_unwind)]
    pub fn parse(text: &[u8], choices: PolicyChoices) -> napi::Result<Self> {
        match facade::Policy::parse(text, &choices.read()?) {
            Ok(policy) => Ok(Self { inner: Rc::new(policy) }),
            Err(refused) => Err(refusal(&refused)),
        }
    }

    /// Everything found about the document, as JSON.
    #[napi(catch_unwind)]
    pub fn findings(&self) -> String {
        let findings = self.inner.findings();
        facade::findings_json(Status::of(findings), findings)
    }

    /// The function that answers packed questions with the decision's fingerprint.
    #[napi(catch_unwind)]
    pub fn decider<'env>(&self, env: &'env Env) -> napi::Result<Function<'env, (), f64>> {
        let policy = Rc::clone(&self.inner);
        decider(env, policy.dialect(), move |query| policy.decide(query))
    }

    /// Whether it is a public policy, as Block Public Access has it.
    #[napi(catch_unwind)]
    pub fn is_public(&self) -> bool {
        self.inner.is_public()
    }

    /// The places of the statements that make it public.
    #[napi(catch_unwind)]
    pub fn public_statements(&self) -> Vec<u32> {
        self.inner.public_statements()
    }

    /// Answers a packed question, as JSON.
    #[napi(catch_unwind)]
    pub fn ask(&self, verb: String, text: &[u8], lengths: &[u32], flags: u32) -> napi::Result<String> {
        answer(&*self.inner, &verb, text, lengths, flags)
    }

    /// What a packed question can reach.
    #[napi(catch_unwind)]
    pub fn access(&self, text: &[u8], lengths: &[u32], flags: u32) -> napi::Result<Access> {
        Access::of(&*self.inner, text, lengths, flags)
    }
}

#[napi]
impl PolicySet {
    /// Compiles the union of policies.
    #[napi(factory, catch_unwind)]
    pub fn of(policies: Vec<&Policy>) -> napi::Result<Self> {
        let policies: Vec<&facade::Policy> = policies.into_iter().map(Policy::inner).collect();
        facade::PolicySet::of(&policies).map(|set| Self { inner: Rc::new(set) }).map_err(thrown)
    }

    /// The function that answers packed questions with the decision's fingerprint.
    #[napi(catch_unwind)]
    pub fn decider<'env>(&self, env: &'env Env) -> napi::Result<Function<'env, (), f64>> {
        let set = Rc::clone(&self.inner);
        decider(env, set.dialect(), move |query| set.decide(query))
    }

    /// Answers a packed question, as JSON.
    #[napi(catch_unwind)]
    pub fn ask(&self, verb: String, text: &[u8], lengths: &[u32], flags: u32) -> napi::Result<String> {
        answer(&*self.inner, &verb, text, lengths, flags)
    }

    /// What a packed question can reach.
    #[napi(catch_unwind)]
    pub fn access(&self, text: &[u8], lengths: &[u32], flags: u32) -> napi::Result<Access> {
        Access::of(&*self.inner, text, lengths, flags)
    }
}

/// Everything found about a policy document, as JSON.
#[napi(catch_unwind)]
pub fn validate(text: &[u8], choices: PolicyChoices) -> napi::Result<String> {
    let (status, findings) = facade::validate(text, &choices.read()?).map_err(thrown)?;
    Ok(facade::findings_json(status, &findings))
}

/// Name and text of each built-in policy.
#[napi(catch_unwind)]
pub fn built_in() -> Vec<Vec<&'static str>> {
    facade::built_in_names().filter_map(|name| Some(vec![name, facade::built_in(name)?])).collect()
}
