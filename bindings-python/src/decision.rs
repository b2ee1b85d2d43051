//! `Decision`: what a policy answers. Its attributes are made when they are asked for.

use crate::asked::Asked;
use crate::classes;
use crate::error::{argument, no_truth};
use crate::text::Text;
use crate::verdict::Verdict;
use pyo3::prelude::*;
use pyo3::types::PyTuple;
use s3iam::facade::{self, AwsLayer, Layer};
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
    answer: Answer,
    source: Source,
}

/// An answer of the core. Its statement is looked up when it is asked for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Answer {
    /// The decision.
    pub decision: facade::Decision,
    /// The layer that decided, of accounts and layers.
    pub layer: Option<&'static str>,
    /// The level of an organisation's layer; 0 for others.
    pub level: u32,
}

/// Where the statement of a decision is looked up.
pub enum Source {
    /// In the policies that were asked.
    Asked(Asked),
    /// In the policies of a caller.
    Verdict(Py<Verdict>),
    /// Nowhere: the decision was pickled, and its statement with it.
    Pickled(Option<Py<PyAny>>),
}

impl Decision {
    /// A decision and what made it.
    pub fn new(answer: Answer, source: Source) -> Self {
        Self { answer, source }
    }
}

impl From<&facade::Answer<'_>> for Answer {
    fn from(answer: &facade::Answer<'_>) -> Self {
        Self { decision: answer.decision, layer: answer.layer, level: answer.level }
    }
}

impl From<facade::Decision> for Answer {
    fn from(decision: facade::Decision) -> Self {
        Self { decision, layer: None, level: 0 }
    }
}

impl From<facade::AccountDecision> for Answer {
    fn from(answer: facade::AccountDecision) -> Self {
        Self { decision: answer.decision, layer: Some(answer.layer.name()), level: 0 }
    }
}

/// The level of a layer that has levels.
pub fn level(layer: Option<&str>, level: u32) -> Option<u32> {
    layer.filter(|layer| facade::has_levels(layer)).map(|_| level)
}

#[pymethods]
impl Decision {
    /// Whether it is allowed: the outcome is `"allow"`.
    #[getter]
    fn allowed(&self) -> bool {
        self.answer.decision.allowed()
    }

    /// `"allow"`, `"explicit_deny"` (a Deny statement applies) or `"implicit_deny"` (nothing allows it).
    #[getter]
    fn outcome(&self) -> &'static str {
        self.answer.decision.outcome.name()
    }

    /// Why: `"statement"`, `"owner"`, `"deny-only"`, `"no-statement"`, `"no-policy"`,
    /// `"facts-missing"` (a Deny depends on a value that is not known), `"policy-broken"`, and of layers
    /// `"acl-grant"`, `"other-owner"` (the object is not the bucket owner's) or `"public-access-blocked"`.
    #[getter]
    fn reason(&self) -> &'static str {
        self.answer.decision.reason.name()
    }

    /// The `Statement` that decided, or `None`.
    #[getter]
    fn statement<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        let Some(reference) = self.answer.decision.statement else { return Ok(None) };
        let object = |info: facade::StatementInfo<'_>| {
            let span = info.span;
            let fields = (info.policy, reference.policy, info.index, info.sid, span.start, span.end);
            classes::STATEMENT.get(py)?.call1(fields)
        };
        match &self.source {
            Source::Asked(asked) => asked.with_statement(&self.answer, object),
            Source::Verdict(verdict) => verdict.get().core().statement().map(object),
            Source::Pickled(statement) => return Ok(statement.as_ref().map(|known| known.bind(py).clone())),
        }
        .transpose()
    }

    /// Whose answer it is: of an account `"owner"`, `"identity"`, `"session"` or `"bucket"`; of layers
    /// `"identity"`, `"boundary"`, `"session"`, `"scp"`, `"rcp"`, `"resource"`, `"endpoint"`, `"acl"` or
    /// `"public_access_block"`; `None` of policies alone.
    #[getter]
    fn layer(&self) -> Option<&'static str> {
        self.answer.layer
    }

    /// Of the layers `"scp"` and `"rcp"` the level that decided, counted from 0 at the root of the
    /// organisation; else `None`.
    #[getter]
    fn level(&self) -> Option<u32> {
        level(self.answer.layer, self.answer.level)
    }

    fn __bool__(&self) -> PyResult<bool> {
        Err(no_truth("Decision", ".allowed"))
    }

    fn __eq__(&self, other: &Self) -> bool {
        self.answer == other.answer
    }

    fn __hash__(&self) -> u64 {
        let Answer { decision, layer, level } = &self.answer;
        let mut hasher = DefaultHasher::new();
        (decision.outcome, decision.reason, decision.statement, layer, level).hash(&mut hasher);
        hasher.finish()
    }

    fn __repr__(&self) -> String {
        match self.answer.decision.statement {
            Some(at) => format!(
                "<s3iam.Decision {} by statement {} of policy {}>",
                self.outcome(),
                at.statement,
                at.policy
            ),
            None => format!("<s3iam.Decision {}: {}>", self.outcome(), self.reason()),
        }
    }
    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<(Bound<'py, PyAny>, Bound<'py, PyTuple>)> {
        let restore = py.import("s3iam._native")?.getattr("_restore_decision")?;
        let Answer { layer, level, .. } = self.answer;
        let arguments = (self.outcome(), self.reason(), self.statement(py)?, layer, level);
        Ok((restore, arguments.into_pyobject(py)?))
    }
}

/// A decision from its pickled form.
#[pyfunction]
pub fn _restore_decision(
    py: Python<'_>,
    outcome: Text<'_>,
    reason: Text<'_>,
    statement: Option<Bound<'_, PyAny>>,
    layer: Option<Text<'_>>,
    level: u32,
) -> PyResult<Decision> {
    let wrong = || argument(py, "this is no decision".to_owned());
    let reference = |at: &Bound<'_, PyAny>| {
        let (policy, statement) = (at.getattr("policy_index")?.extract()?, at.getattr("index")?.extract()?);
        PyResult::Ok(facade::StatementRef { policy, statement })
    };
    let decision = facade::Decision {
        outcome: facade::Outcome::named(outcome.0).ok_or_else(wrong)?,
        reason: facade::Reason::named(reason.0).ok_or_else(wrong)?,
        statement: statement.as_ref().map(reference).transpose()?,
    };
    let named = |name: &str| {
        let of_account = Layer::named(name).map(Layer::name);
        of_account.or_else(|| AwsLayer::named(name).map(AwsLayer::name))
    };
    let layer = layer.map(|text| named(text.0).ok_or_else(wrong)).transpose()?;
    let source = Source::Pickled(statement.map(Bound::unbind));
    Ok(Decision::new(Answer { decision, layer, level }, source))
}
