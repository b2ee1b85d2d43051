//! Whoever is asked, and the verbs that all of them have.

use crate::access::Access;
use crate::account::Account;
use crate::batch::Batch;
use crate::context::ContextValues;
use crate::decision::{Answer, Decision, Source};
use crate::error::{guard, raise};
use crate::explanation;
use crate::layers::Layers;
use crate::policy::{Policy, PolicySet};
use crate::question::Question;
use pyo3::prelude::*;
use s3iam::facade::{
    self, AccountOnBucket, Ask, AwsLayer, ContextMap, Dialect, Error, ErrorProfile, Layer, Query,
    StatementInfo,
};

/// Whoever is asked. A decision keeps it, for looking up its statement.
pub enum Asked {
    /// One policy.
    Policy(Py<Policy>),
    /// Several policies.
    Set(Py<PolicySet>),
    /// A caller with all its policies.
    Account {
        /// The caller.
        account: Py<Account>,
        /// The policy of the bucket asked about.
        bucket_policy: Option<Py<Policy>>,
    },
    /// Policies by where they are attached.
    Layers(Py<Layers>),
}

impl From<&Bound<'_, Policy>> for Asked {
    fn from(policy: &Bound<'_, Policy>) -> Self {
        Self::Policy(policy.clone().unbind())
    }
}

impl From<&Bound<'_, PolicySet>> for Asked {
    fn from(set: &Bound<'_, PolicySet>) -> Self {
        Self::Set(set.clone().unbind())
    }
}

impl From<&Bound<'_, Layers>> for Asked {
    fn from(layers: &Bound<'_, Layers>) -> Self {
        Self::Layers(layers.clone().unbind())
    }
}

impl Asked {
    /// An account, asked about a bucket with this policy.
    pub fn account<'py>(account: &Bound<'py, Account>, bucket_policy: Option<&Bound<'py, Policy>>) -> Self {
        let bucket_policy = bucket_policy.map(|policy| policy.clone().unbind());
        Self::Account { account: account.clone().unbind(), bucket_policy }
    }

    /// Another reference to it.
    pub fn clone_ref(&self, py: Python<'_>) -> Self {
        match self {
            Self::Policy(policy) => Self::Policy(policy.clone_ref(py)),
            Self::Set(set) => Self::Set(set.clone_ref(py)),
            Self::Account { account, bucket_policy } => Self::Account {
                account: account.clone_ref(py),
                bucket_policy: bucket_policy.as_ref().map(|policy| policy.clone_ref(py)),
            },
            Self::Layers(layers) => Self::Layers(layers.clone_ref(py)),
        }
    }

    /// Answers a question.
    pub fn decide(self, py: Python<'_>, action: &str, question: &Question<'_, '_>) -> PyResult<Decision> {
        let answer = self.put(py, action, question, |query, _| self.answer(query))?;
        Ok(Decision::new(answer, Source::Asked(self)))
    }

    /// Answers many questions.
    pub fn decide_many(
        &self,
        py: Python<'_>,
        batch: &Batch<'_>,
        question: &Question<'_, '_>,
    ) -> PyResult<Vec<Decision>> {
        let answers: Vec<Answer> = self.put(py, "", question, |query, _| {
            batch.put(self.dialect(), query, |batch| {
                self.with(|asked| Ok(facade::decide_many(asked, batch)?.iter().map(Answer::from).collect()))
            })
        })?;
        let decision = |answer| Decision::new(answer, Source::Asked(self.clone_ref(py)));
        Ok(answers.into_iter().map(decision).collect())
    }

    /// Answers a question, and says why: an `Explanation`.
    pub fn explain<'py>(
        &self,
        py: Python<'py>,
        action: &str,
        question: &Question<'_, 'py>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let explained = self.put(py, action, question, |query, _| self.with(|asked| asked.explain(query)))?;
        explanation::object(py, &explained, self)
    }

    /// Every action that is allowed.
    pub fn allowed_actions(&self, py: Python<'_>, question: &Question<'_, '_>) -> PyResult<Vec<String>> {
        self.put(py, "", question, |query, _| self.with(|asked| facade::allowed_actions(asked, query)))
    }

    /// What may be done with an action. With `complete`, no more than the question's context is known.
    pub fn access(
        &self,
        py: Python<'_>,
        action: &str,
        complete: bool,
        question: &Question<'_, '_>,
    ) -> PyResult<Access> {
        let access = self.put(py, action, question, |query, known| {
            self.with(|asked| asked.access(query, known, complete))
        })?;
        Ok(Access::new(access))
    }

    /// Calls `f` with the statement that an answer names.
    pub fn with_statement<R>(&self, answer: &Answer, f: impl FnOnce(StatementInfo<'_>) -> R) -> Option<R> {
        let (reference, layer) = (answer.decision.statement?, answer.layer.unwrap_or_default());
        match self {
            Self::Policy(policy) => policy.get().core().statement(reference).map(f),
            Self::Set(set) => set.get().core().statement(reference).map(f),
            Self::Account { account, bucket_policy } => {
                let account = account.get().core();
                account.statement_of(Layer::named(layer)?, reference, core(bucket_policy)).map(f)
            }
            Self::Layers(layers) => {
                layers.get().core().statement_of(AwsLayer::named(layer)?, answer.level, reference).map(f)
            }
        }
    }

    /// Calls `f` with it as the core knows it.
    fn with<R>(&self, f: impl FnOnce(&dyn Ask) -> R) -> R {
        match self {
            Self::Policy(policy) => f(policy.get().core()),
            Self::Set(set) => f(set.get().core()),
            Self::Account { account, bucket_policy } => {
                f(&AccountOnBucket { account: account.get().core(), bucket_policy: core(bucket_policy) })
            }
            Self::Layers(layers) => f(layers.get().core()),
        }
    }

    /// The answer to a question, as [`Ask::answer`] gives it but for the statement: looking it up takes
    /// time, and few ask for it.
    fn answer(&self, query: &Query<'_>) -> Result<Answer, Error> {
        match self {
            Self::Policy(policy) => Ok(policy.get().core().decide(query).into()),
            Self::Set(set) => Ok(set.get().core().decide(query).into()),
            Self::Account { account, bucket_policy } => {
                account.get().core().decide(query, core(bucket_policy)).map(Answer::from)
            }
            Self::Layers(layers) => layers.get().core().answer(query).map(|answer| Answer::from(&answer)),
        }
    }

    fn dialect(&self) -> Dialect {
        self.with(|asked| asked.dialect())
    }

    /// Puts a question: calls `ask` with it and its context.
    fn put<R>(
        &self,
        py: Python<'_>,
        action: &str,
        question: &Question<'_, '_>,
        ask: impl FnOnce(&Query<'_>, &ContextMap<'_>) -> Result<R, Error>,
    ) -> PyResult<R> {
        // Filled in place: moving them would take longer than a decision.
        let mut values = ContextValues::default();
        values.fill(question.context)?;
        let mut map = ContextMap::of(self.dialect());
        values.fill_map(&mut map);
        let query = question.query(action, &map);
        guard(py, || ask(&query, &map))?.map_err(|error| raise(py, &error, ErrorProfile::Aws))
    }
}

fn core(policy: &Option<Py<Policy>>) -> Option<&facade::Policy> {
    policy.as_ref().map(|policy| policy.get().core())
}
