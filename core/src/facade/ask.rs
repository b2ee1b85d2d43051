//! Many questions at once, to whoever answers them.

use super::{
    Access, Context, ContextMap, Decision, Explained, Policy, PolicySet, Query, StatementInfo, StatementRef,
    Target, named,
};
use crate::catalog::{self, Level};
use crate::compile::Named;
use crate::evaluate::explain;
use crate::policy::{Dialect, Document};
use crate::{Error, ErrorCode};

/// The most answers that one call gives. More questions are to be asked in parts.
pub const MAX_ANSWERS: usize = 100_000;

/// An answer: a decision, whose it is, and the statement behind it.
#[derive(Clone, Copy, Debug)]
pub struct Answer<'a> {
    /// The decision.
    pub decision: Decision,
    /// The layer that decided, of accounts and layers.
    pub layer: Option<&'static str>,
    /// The level of an organisation's layer, from its root; 0 for others.
    pub level: u32,
    /// The statement that decided.
    pub statement: Option<StatementInfo<'a>>,
}

/// Whoever answers questions: a policy, a set of policies, an account, layers.
pub trait Ask {
    /// Whose rules it follows; a context for it is a [`ContextMap::of`](super::ContextMap::of) this dialect.
    fn dialect(&self) -> Dialect;

    /// The answer to a question.
    ///
    /// # Errors
    ///
    /// [`ErrorCode::InvalidArgument`] if the question lacks what this one needs to know.
    fn answer(&self, query: &Query<'_>) -> Result<Answer<'_>, Error>;

    /// The same answer, and what every statement had to say.
    ///
    /// # Errors
    ///
    /// As [`Ask::answer`].
    fn explain(&self, query: &Query<'_>) -> Result<Explained, Error>;

    /// What may be done with the query's action, as sets of resources. Its target does not matter, nor does
    /// its context: what is known is `known`, and with `is_complete` there is no more to come.
    ///
    /// # Errors
    ///
    /// [`ErrorCode::Unsupported`] where that cannot be said as sets.
    fn access(&self, query: &Query<'_>, known: &ContextMap<'_>, is_complete: bool) -> Result<Access, Error>;

    /// Calls `f` with each document that can grant something.
    fn for_each_document(&self, f: &mut dyn FnMut(&Document));
}

/// Questions in one: every action on every resource in every context. The rest is that of `query`.
#[derive(Clone, Copy)]
pub struct Batch<'a> {
    /// What all questions have in common; its action, target and context are not looked at.
    pub query: Query<'a>,
    /// The actions.
    pub actions: &'a [&'a str],
    /// The resources.
    pub targets: &'a [Target<'a>],
    /// The contexts.
    pub contexts: &'a [&'a dyn Context],
}

/// Answers many questions: the first action on the first resource in each context, then on the next
/// resource, then the next action. The answers are those of [`Ask::answer`] to each alone.
///
/// # Errors
///
/// As [`Ask::answer`]; [`ErrorCode::InvalidArgument`] for more than [`MAX_ANSWERS`] questions.
pub fn decide_many<'a>(asked: &'a dyn Ask, batch: &Batch<'_>) -> Result<Vec<Answer<'a>>, Error> {
    let lengths = [batch.actions.len(), batch.targets.len(), batch.contexts.len()];
    let count = lengths.iter().try_fold(1usize, |count, length| count.checked_mul(*length));
    let Some(count) = count.filter(|count| *count <= MAX_ANSWERS) else {
        let message = format!("more than {MAX_ANSWERS} questions in one call; ask them in parts");
        return Err(Error::with_message(ErrorCode::InvalidArgument, message));
    };
    let mut answers = Vec::with_capacity(count);
    for &action in batch.actions {
        for &target in batch.targets {
            for &context in batch.contexts {
                answers.push(asked.answer(&Query { action, target, context, ..batch.query })?);
            }
        }
    }
    Ok(answers)
}

/// Every action that is allowed on the query's target, sorted by name; the query's action is not looked
/// at.
///
/// Candidates are the actions of the catalogue that are about such a target (an object, a bucket, the
/// service, a key), and those that the policies name in full. Actions outside the catalogue that only a
/// wildcard of a policy matches are not found.
///
/// # Errors
///
/// As [`Ask::answer`].
pub fn allowed_actions(asked: &dyn Ask, query: &Query<'_>) -> Result<Vec<String>, Error> {
    let mut names: Vec<String> = candidates(asked.dialect(), query.target);
    let service = service(query.target);
    asked.for_each_document(&mut |document| {
        let actions = document.statements.iter().filter_map(|statement| statement.action.as_ref());
        for name in actions.flat_map(|actions| &actions.values).map(|text| text.text.as_str()) {
            let prefix = name.split_once(':').map(|(prefix, _)| prefix);
            let is_of_service = prefix.is_some() && service.is_none_or(|service| prefix == Some(service));
            if is_of_service && !name.contains(['*', '?', '$']) && !is_catalogued(asked.dialect(), name) {
                names.push(name.to_owned());
            }
        }
    });
    names.sort_unstable();
    names.dedup();
    let mut allowed = Vec::new();
    for name in names {
        if asked.answer(&Query { action: &name, ..*query })?.decision.allowed() {
            allowed.push(name);
        }
    }
    Ok(allowed)
}

/// The actions of a dialect's catalogue that are about a target.
fn candidates(dialect: Dialect, target: Target<'_>) -> Vec<String> {
    let (bucket, object) = target.split();
    let is_everything = matches!(target, Target::Resource("" | "*"));
    let service = service(target);
    let own = match (bucket, object) {
        ("" | "*", _) => Level::Service,
        (_, "") => Level::Bucket,
        _ => Level::Object,
    };
    let is_meant = |name: &str, level: Level| {
        let prefix = name.split(':').next();
        match level {
            Level::Any => false,
            Level::Object | Level::Bucket | Level::Service if is_s3(prefix) => {
                level == own && service.is_none_or(|service| prefix == Some(service))
            }
            _ => service.map_or(is_everything, |service| prefix == Some(service)),
        }
    };
    #[cfg(feature = "aws")]
    if dialect.is_aws() {
        let rows = catalog::aws_actions().iter().filter(|(name, level)| is_meant(name, *level));
        return rows.map(|(name, _)| (*name).to_owned()).collect();
    }
    let _ = dialect;
    let rows = catalog::all_actions().filter(|(_, row)| is_meant(row.name, row.level));
    rows.map(|(_, row)| row.name.to_owned()).collect()
}

fn is_s3(prefix: Option<&str>) -> bool {
    matches!(prefix, Some("s3" | "s3express"))
}

fn is_catalogued(dialect: Dialect, name: &str) -> bool {
    #[cfg(feature = "aws")]
    if dialect.is_aws() {
        return catalog::aws_actions().binary_search_by(|(known, _)| known.cmp(&name)).is_ok();
    }
    let _ = dialect;
    catalog::find_action(name).is_some()
}

/// The service that a target belongs to; none where any may be meant. What is no ARN is a bucket or an
/// object.
fn service(target: Target<'_>) -> Option<&str> {
    match target {
        Target::Resource("" | "*") => None,
        Target::Resource(text) if text.starts_with("arn:") => text.split(':').nth(2),
        Target::Resource(_) | Target::Object { .. } => Some("s3"),
    }
}

impl Ask for Policy {
    fn dialect(&self) -> Dialect {
        self.dialect()
    }

    fn answer(&self, query: &Query<'_>) -> Result<Answer<'_>, Error> {
        Ok(alone(self.decide(query), |reference| self.statement(reference)))
    }

    fn explain(&self, query: &Query<'_>) -> Result<Explained, Error> {
        explain_alone(&[Named { name: "", document: &self.document }], query)
    }

    fn access(&self, query: &Query<'_>, known: &ContextMap<'_>, is_complete: bool) -> Result<Access, Error> {
        let policies = [Named { name: "", document: &self.document }];
        Access::of(self.dialect(), &[(None, &policies)], query, known, is_complete)
    }

    fn for_each_document(&self, f: &mut dyn FnMut(&Document)) {
        f(&self.document);
    }
}

impl Ask for PolicySet {
    fn dialect(&self) -> Dialect {
        self.dialect()
    }

    fn answer(&self, query: &Query<'_>) -> Result<Answer<'_>, Error> {
        Ok(alone(self.decide(query), |reference| self.statement(reference)))
    }

    fn explain(&self, query: &Query<'_>) -> Result<Explained, Error> {
        explain_alone(&named(&self.documents), query)
    }

    fn access(&self, query: &Query<'_>, known: &ContextMap<'_>, is_complete: bool) -> Result<Access, Error> {
        Access::of(self.dialect(), &[(None, &named(&self.documents))], query, known, is_complete)
    }

    fn for_each_document(&self, f: &mut dyn FnMut(&Document)) {
        self.documents.iter().for_each(|document| f(document));
    }
}

/// The answer of policies that stand alone.
fn alone<'a>(
    decision: Decision,
    statement: impl FnOnce(StatementRef) -> Option<StatementInfo<'a>>,
) -> Answer<'a> {
    Answer { decision, layer: None, level: 0, statement: decision.statement.and_then(statement) }
}

fn explain_alone(policies: &[Named<'_>], query: &Query<'_>) -> Result<Explained, Error> {
    query.request(|request| explain::explain(policies, request)).map(Explained::alone)
}
