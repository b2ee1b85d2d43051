//! Policies and sets of policies.

use crate::failure::{failure, refusal};
use crate::options::PolicyChoices;
use crate::query::{ask, fingerprint};
use napi::bindgen_prelude::{Env, Function};
use napi_derive::napi;
use s3iam::facade::{self, Decision, ErrorProfile, StatementInfo, Status};
use std::cell::Cell;
use std::rc::Rc;

/// A policy, read and compiled.
#[napi]
pub struct Policy {
    pub(crate) inner: Rc<facade::Policy>,
    last: Rc<Cell<Option<Decision>>>,
}

/// Several policies that decide together.
#[napi]
pub struct PolicySet {
    inner: Rc<facade::PolicySet>,
    last: Rc<Cell<Option<Decision>>>,
}

#[napi]
impl Policy {
    /// Reads and compiles a policy.
    #[napi(factory, catch_unwind)]
    pub fn parse(text: &[u8], choices: PolicyChoices) -> napi::Result<Self> {
        match facade::Policy::parse(text, &choices.read()?) {
            Ok(policy) => Ok(Self { inner: Rc::new(policy), last: Rc::default() }),
            Err(refused) => Err(refusal(&refused)),
        }
    }

    /// Everything found about the document, as JSON.
    #[napi(catch_unwind)]
    pub fn findings(&self) -> String {
        let findings = self.inner.findings();
        facade::findings_json(Status::of(findings), findings)
    }

    /// The function that answers packed questions with the decision's [`fingerprint`].
    #[napi(catch_unwind)]
    pub fn decider<'env>(&self, env: &'env Env) -> napi::Result<Function<'env, (), f64>> {
        decider(env, &self.inner, &self.last)
    }

    /// The last decision, as JSON.
    #[napi(catch_unwind)]
    pub fn last_decision(&self) -> Option<String> {
        last_decision(&*self.inner, &self.last)
    }
}

#[napi]
impl PolicySet {
    /// Compiles the union of policies.
    #[napi(factory, catch_unwind)]
    pub fn of(policies: Vec<&Policy>) -> napi::Result<Self> {
        let policies: Vec<&facade::Policy> = policies.iter().map(|policy| policy.inner.as_ref()).collect();
        match facade::PolicySet::of(&policies) {
            Ok(set) => Ok(Self { inner: Rc::new(set), last: Rc::default() }),
            Err(error) => Err(failure(&error, ErrorProfile::Aws)),
        }
    }

    /// The function that answers packed questions with the decision's [`fingerprint`].
    #[napi(catch_unwind)]
    pub fn decider<'env>(&self, env: &'env Env) -> napi::Result<Function<'env, (), f64>> {
        decider(env, &self.inner, &self.last)
    }

    /// The last decision, as JSON.
    #[napi(catch_unwind)]
    pub fn last_decision(&self) -> Option<String> {
        last_decision(&*self.inner, &self.last)
    }
}

/// What answers questions: a policy or a set.
trait Decides: 'static {
    fn decide(&self, query: &facade::Query<'_>) -> Decision;
    fn statement(&self, decision: &Decision) -> Option<StatementInfo<'_>>;
}

impl Decides for facade::Policy {
    fn decide(&self, query: &facade::Query<'_>) -> Decision {
        self.decide(query)
    }

    fn statement(&self, decision: &Decision) -> Option<StatementInfo<'_>> {
        self.statement(decision.statement?)
    }
}

impl Decides for facade::PolicySet {
    fn decide(&self, query: &facade::Query<'_>) -> Decision {
        self.decide(query)
    }

    fn statement(&self, decision: &Decision) -> Option<StatementInfo<'_>> {
        self.statement(decision.statement?)
    }
}

/// A function of the packed text, the pieces' lengths, their number, and flags; see [`ask`].
fn decider<'env>(
    env: &'env Env,
    inner: &Rc<impl Decides>,
    last: &Rc<Cell<Option<Decision>>>,
) -> napi::Result<Function<'env, (), f64>> {
    let (inner, last) = (Rc::clone(inner), Rc::clone(last));
    env.create_function_from_closure("decide", move |call| {
        let (text, lengths): (&[u8], &[u32]) = (call.get(0)?, call.get(1)?);
        let (count, flags): (u32, u32) = (call.get(2)?, call.get(3)?);
        let lengths = lengths.get(..count as usize).unwrap_or_default();
        let decision = ask(text, lengths, flags, |query| inner.decide(query))?;
        last.set(Some(decision));
        Ok(fingerprint(&decision))
    })
}

fn last_decision(inner: &impl Decides, last: &Cell<Option<Decision>>) -> Option<String> {
    let decision = last.get()?;
    Some(facade::decision_json(&decision, inner.statement(&decision)))
}

/// Everything found about a policy document, as JSON.
#[napi(catch_unwind)]
pub fn validate(text: &[u8], choices: PolicyChoices) -> napi::Result<String> {
    let (status, findings) =
        facade::validate(text, &choices.read()?).map_err(|error| failure(&error, ErrorProfile::Aws))?;
    Ok(facade::findings_json(status, &findings))
}

/// Name and text of each built-in policy.
#[napi(catch_unwind)]
pub fn built_in() -> Vec<Vec<&'static str>> {
    facade::built_in_names().filter_map(|name| Some(vec![name, facade::built_in(name)?])).collect()
}
