//! `Decision`: what a policy answers. Its attributes are made when they are asked for.

use crate::account::Account;
use crate::classes;
use crate::error::no_truth;
use crate::policy::{Policy, PolicySet};
use crate::verdict::Verdict;
use pyo3::prelude::*;
use s3iam::facade;
use std::hash::{DefaultHasher, Hash, Hasher};

/// What a policy answers to a question.
///
/// Use `.allowed`; a decision has no truth value, because a refusal would count as true.
///
/// >>> decision = Policy.built_in("readonly").decide("s3:GetObject", "arn:aws:s3:::photos/cat.jpg")
/// >>> decision.allowed
/// True
/// >>> decision.outcome, decision.reason, decision.statement.index
/// ('allow', 'statement', 0)
#[pyclass(frozen, module = "s3iam")]
pub struct Decision {
    decision: facade::Decision,
    source: Source,
}

/// What made a decision, for looking up its statement.
pub enum Source {
    /// One policy.
    Policy(Py<Policy>),
    /// Several policies.
    Set(Py<PolicySet>),
    /// A caller with all its policies.
    Account {
        /// The caller.
        account: Py<Account>,
        /// The bucket policy with which it was asked.
        bucket_policy: Option<Py<Policy>>,
        /// Whose answer it is.
        layer: facade::Layer,
    },
    /// The policies of a caller.
    Verdict(Py<Verdict>),
}

impl Decision {
    /// A decision and what made it.
    pub fn new(decision: facade::Decision, source: Source) -> Self {
        Self { decision, source }
    }

    fn info(&self) -> Option<facade::StatementInfo<'_>> {
        let reference = self.decision.statement?;
        match &self.source {
            Source::Policy(policy) => policy.get().core().statement(reference),
            Source::Set(set) => set.get().core().statement(reference),
            Source::Verdict(verdict) => verdict.get().core().statement(),
            Source::Account { account, bucket_policy, layer } => {
                let decision = facade::AccountDecision { decision: self.decision, layer: *layer };
                let bucket_policy = bucket_policy.as_ref().map(|policy| policy.get().core());
                account.get().core().statement(&decision, bucket_policy)
            }
        }
    }

    fn layer_of(&self) -> Option<facade::Layer> {
        match &self.source {
            Source::Account { layer, .. } => Some(*layer),
            _ => None,
        }
    }
}

#[pymethods]
impl Decision {
    /// Whether it is allowed: the outcome is `"allow"`.
    #[getter]
    fn allowed(&self) -> bool {
        self.decision.allowed()
    }

    /// `"allow"`, `"explicit_deny"` (a Deny statement applies) or `"implicit_deny"` (nothing allows it).
    #[getter]
    fn outcome(&self) -> &'static str {
        self.decision.outcome.name()
    }

    /// Why: `"statement"`, `"owner"`, `"deny-only"`, `"no-statement"`, `"no-policy"`,
    /// `"facts-missing"` (a Deny depends on a value that is not known) or `"policy-broken"`.
    #[getter]
    fn reason(&self) -> &'static str {
        self.decision.reason.name()
    }

    /// The `Statement` that decided, or `None`.
    #[getter]
    fn statement<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        let (Some(reference), Some(info)) = (self.decision.statement, self.info()) else { return Ok(None) };
        let fields = (info.policy, reference.policy, info.index, info.sid, info.span.start, info.span.end);
        classes::STATEMENT.get(py)?.call1(fields).map(Some)
    }

    /// Whose answer it is, of an account: `"owner"`, `"identity"`, `"session"` or `"bucket"`; `None` of
    /// policies alone.
    #[getter]
    fn layer(&self) -> Option<&'static str> {
        self.layer_of().map(facade::Layer::name)
    }

    fn __bool__(&self) -> PyResult<bool> {
        Err(no_truth("Decision", ".allowed"))
    }

    fn __eq__(&self, other: &Self) -> bool {
        self.decision == other.decision && self.layer_of() == other.layer_of()
    }

    fn __hash__(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        (self.decision.outcome, self.decision.reason, self.decision.statement).hash(&mut hasher);
        self.layer_of().hash(&mut hasher);
        hasher.finish()
    }

    fn __repr__(&self) -> String {
        match self.decision.statement {
            Some(at) => format!(
                "<s3iam.Decision {} by statement {} of policy {}>",
                self.outcome(),
                at.statement,
                at.policy
            ),
            None => format!("<s3iam.Decision {}: {}>", self.outcome(), self.reason()),
        }
    }
}
