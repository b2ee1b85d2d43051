//! Policies and sets of policies.

use crate::failure::{failure, refusal};
use crate::options::PolicyChoices;
use crate::query::ask;
use napi::bindgen_prelude::{Env, Function, FunctionCallContext};
use napi_derive::napi;
use s3iam::facade::{self, Decision, ErrorProfile, StatementInfo, Status};
use std::sync::Arc;

/// A native function that answers packed questions: text, lengths, number of lengths, flags; see
/// [`ask`]. The answer is `1` or `0` for allowed, then the decision's JSON.
type Decider<'env> = Function<'env, (), String>;

/// A policy, read and compiled.
#[napi]
pub struct Policy {
    inner: Arc<facade::Policy>,
}

#[napi]
impl Policy {
    /// Reads and compiles a policy.
    #[napi(factory, catch_unwind)]
    pub fn parse(text: &[u8], choices: PolicyChoices) -> napi::Result<Self> {
        match facade::Policy::parse(text, &choices.read()?) {
            Ok(policy) => Ok(Self { inner: Arc::new(policy) }),
            Err(refused) => Err(refusal(&refused)),
        }
    }

    /// Everything found about the document, as JSON.
    #[napi(catch_unwind)]
    pub fn findings(&self) -> String {
        let findings = self.inner.findings();
        facade::findings_json(Status::of(findings), findings)
    }

    /// The function that decides.
    #[napi(catch_unwind)]
    pub fn decider<'env>(&self, env: &'env Env) -> napi::Result<Decider<'env>> {
        let policy = Arc::clone(&self.inner);
        env.create_function_from_closure("decide", move |call| {
            answer(&call, |query| policy.decide(query), |decision| policy.statement(decision.statement?))
        })
    }
}

/// Several policies that decide together.
#[napi]
pub struct PolicySet {
    inner: Arc<facade::PolicySet>,
}

#[napi]
impl PolicySet {
    /// Compiles the union of policies.
    #[napi(factory, catch_unwind)]
    pub fn of(policies: Vec<&Policy>) -> napi::Result<Self> {
        let policies: Vec<&facade::Policy> = policies.iter().map(|policy| policy.inner.as_ref()).collect();
        match facade::PolicySet::of(&policies) {
            Ok(set) => Ok(Self { inner: Arc::new(set) }),
            Err(error) => Err(failure(&error, ErrorProfile::Aws)),
        }
    }

    /// The function that decides.
    #[napi(catch_unwind)]
    pub fn decider<'env>(&self, env: &'env Env) -> napi::Result<Decider<'env>> {
        let set = Arc::clone(&self.inner);
        env.create_function_from_closure("decide", move |call| {
            answer(&call, |query| set.decide(query), |decision| set.statement(decision.statement?))
        })
    }
}

fn answer<'p>(
    call: &FunctionCallContext<'_>,
    decide: impl FnOnce(&facade::Query<'_>) -> Decision,
    statement: impl FnOnce(&Decision) -> Option<StatementInfo<'p>>,
) -> napi::Result<String> {
    let (text, lengths): (&[u8], &[u32]) = (call.get(0)?, call.get(1)?);
    let (count, flags): (u32, u32) = (call.get(2)?, call.get(3)?);
    let lengths = lengths.get(..count as usize).unwrap_or_default();
    let decision = ask(text, lengths, flags, decide)?;
    let mark = if decision.allowed() { "1" } else { "0" };
    Ok(mark.to_owned() + &facade::decision_json(&decision, statement(&decision)))
}

/// Everything found about a policy document, as JSON.
#[napi(catch_unwind)]
pub fn validate(text: &[u8], choices: PolicyChoices) -> napi::Result<String> {
    let (status, findings) = facade::validate(text, &choices.read()?);
    Ok(facade::findings_json(status, &findings))
}

/// The text of a built-in policy.
#[napi(catch_unwind)]
pub fn built_in(name: String) -> Option<String> {
    facade::built_in(&name).map(str::to_owned)
}

/// The names of the built-in policies.
#[napi(catch_unwind)]
pub fn built_in_names() -> Vec<&'static str> {
    facade::built_in_names().collect()
}
