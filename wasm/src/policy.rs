//! Policies, sets of them, and findings.

use crate::exchange::with_exchange;
use crate::names::kind;
use crate::question::answer;
use crate::refusal::{misuse, refused};
use s3iam::facade::{
    self, Decision, Dialect, Error, PolicyOptions, Query, Status, decision_json, findings_json, fingerprint,
};
use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

/// Everything found about a policy document: `{"status", "findings"}`.
#[wasm_bindgen]
pub fn validate(text: &[u8], kind: &str) -> Result<String, JsValue> {
    found(text, options(kind, false))
}

/// The same for a policy that is to be read in a certain way.
pub(crate) fn found(text: &[u8], options: Result<PolicyOptions<'_>, Error>) -> Result<String, JsValue> {
    let found = options.and_then(|options| facade::validate(text, &options));
    let (status, findings) = found.map_err(|error| misuse(&error))?;
    Ok(findings_json(status, &findings))
}

/// A policy, read and compiled.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Policy {
    policy: Rc<facade::Policy>,
    last: Cell<Option<Decision>>,
}

#[wasm_bindgen]
impl Policy {
    /// Reads and compiles a policy.
    pub fn parse(text: &[u8], kind: &str, lenient: bool) -> Result<Policy, JsValue> {
        Self::read(text, options(kind, lenient))
    }

    /// Answers the question in the exchange buffer: the decision's fingerprint.
    pub fn decide(&self, length: usize, pieces: usize, flags: u32) -> Result<f64, JsValue> {
        ask(length, pieces, flags, self.policy.dialect(), &self.last, &|query| self.policy.decide(query))
    }

    /// The last decision: `{"outcome", "allowed", "reason", "statement"}`.
    #[wasm_bindgen(js_name = lastDecision)]
    pub fn last_decision(&self) -> Option<String> {
        let decision = self.last.get()?;
        Some(decision_json(&decision, decision.statement.and_then(|s| self.policy.statement(s))))
    }

    /// Everything found about the document: `{"status", "findings"}`.
    pub fn findings(&self) -> String {
        let findings = self.policy.findings();
        findings_json(Status::of(findings), findings)
    }
}

impl Policy {
    /// The core's policy.
    #[cfg(feature = "complete")]
    pub(crate) fn inner(&self) -> &facade::Policy {
        &self.policy
    }

    /// A policy that is to be read in a certain way.
    pub(crate) fn read(text: &[u8], options: Result<PolicyOptions<'_>, Error>) -> Result<Policy, JsValue> {
        let options = options.map_err(|error| misuse(&error))?;
        let policy = facade::Policy::parse(text, &options).map_err(|error| refused(&error))?;
        Ok(Self { policy: Rc::new(policy), last: Cell::new(None) })
    }
}

/// How a policy of MinIO's dialect is to be read.
pub(crate) fn options(name: &str, lenient: bool) -> Result<PolicyOptions<'static>, Error> {
    Ok(PolicyOptions { kind: kind(name)?, lenient, ..PolicyOptions::default() })
}

/// Several policies that decide together.
#[wasm_bindgen]
#[derive(Debug)]
pub struct PolicySet {
    set: facade::PolicySet,
    last: Cell<Option<Decision>>,
}

/// The policies of a set or an account to be.
#[wasm_bindgen]
#[derive(Debug, Default)]
pub struct PolicyList {
    policies: Vec<Rc<facade::Policy>>,
}

#[wasm_bindgen]
impl PolicyList {
    /// An empty list.
    #[wasm_bindgen(constructor)]
    pub fn new() -> PolicyList {
        Self::default()
    }

    /// Adds a policy at the end.
    pub fn add(&mut self, policy: &Policy) {
        self.policies.push(Rc::clone(&policy.policy));
    }

    /// Compiles the union of the policies and ends the list.
    pub fn compile(self) -> Result<PolicySet, JsValue> {
        let set = facade::PolicySet::of(&self.policies()).map_err(|error| misuse(&error))?;
        Ok(PolicySet { set, last: Cell::new(None) })
    }
}

impl PolicyList {
    pub(crate) fn policies(&self) -> Vec<&facade::Policy> {
        self.policies.iter().map(Rc::as_ref).collect()
    }
}

#[wasm_bindgen]
impl PolicySet {
    /// Answers the question in the exchange buffer: the decision's fingerprint.
    pub fn decide(&self, length: usize, pieces: usize, flags: u32) -> Result<f64, JsValue> {
        ask(length, pieces, flags, self.set.dialect(), &self.last, &|query| self.set.decide(query))
    }

    /// The last decision: `{"outcome", "allowed", "reason", "statement"}`.
    #[wasm_bindgen(js_name = lastDecision)]
    pub fn last_decision(&self) -> Option<String> {
        let decision = self.last.get()?;
        Some(decision_json(&decision, decision.statement.and_then(|s| self.set.statement(s))))
    }
}

#[cfg(feature = "complete")]
impl PolicySet {
    /// The core's set.
    pub(crate) fn inner(&self) -> &facade::PolicySet {
        &self.set
    }
}

fn ask(
    length: usize,
    pieces: usize,
    flags: u32,
    dialect: Dialect,
    last: &Cell<Option<Decision>>,
    decide: &dyn Fn(&Query<'_>) -> Decision,
) -> Result<f64, JsValue> {
    let decision = with_exchange(length, |buffer| answer(buffer, pieces, flags, dialect, decide));
    let decision = decision.map_err(|error| misuse(&error))?;
    last.set(Some(decision));
    Ok(fingerprint(&decision))
}
