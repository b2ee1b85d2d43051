//! Partial evaluation: what a caller may do with an action, as sets of resources.
//!
//! Given the action and what is known of the context, each statement becomes a region: the resources
//! that it names, those that it excepts, and the conditions that are still open. The caller may reach
//! what some region of an Allow holds and no region of a Deny. Membership is answered by the parts
//! that decide, so it is exact.

use crate::Error;
use crate::compile::{Named, Trace, resource_pattern};
use crate::evaluate::{Context, ContextKey, Request, StatementRef, Truth, Values};
use crate::json::Span;
use crate::pattern::{ANY_BYTE, ANY_CHARACTER, ANY_RUN, Symbol, Template};
use crate::policy::{Dialect, Statement, Text, Version};
use crate::validate::Status;
use std::fmt;

/// What a caller may do with an action.
#[derive(Debug)]
pub struct Access {
    /// What Allow statements hold.
    pub allows: Vec<Region>,
    /// What Deny statements hold.
    pub denies: Vec<Region>,
    /// A policy cannot be evaluated, so nothing may be done.
    pub is_broken: bool,
}

/// The resources of a statement that is about the action.
#[derive(Debug)]
pub struct Region {
    /// The statement.
    pub statement: StatementRef,
    /// It holds every resource that one of these matches.
    pub resources: Vec<Pattern>,
    /// And none of these.
    pub except: Vec<Pattern>,
    /// The conditions that depend on values that were not given.
    pub conditions: Vec<OpenCondition>,
    trace: Trace,
}

/// A pattern of resource names, with the values of its variables in place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    /// Its pieces, in order.
    pub pieces: Vec<Piece>,
}

/// A piece of a [`Pattern`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// These bytes.
    Literal(Vec<u8>),
    /// Any run of bytes.
    AnyRun,
    /// Any one byte.
    AnyByte,
    /// Any one character: `?` of the AWS dialect.
    AnyCharacter,
    /// The value of a variable that was not given.
    Open,
}

/// A condition that is not decided yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenCondition {
    /// The operator as written.
    pub operator: String,
    /// The condition key as written.
    pub key: String,
    /// The values as written.
    pub values: Vec<String>,
    /// Where the values stand in the policy's text.
    pub span: Span,
}

/// A context of which more is to come: what it does not have may still be given.
#[derive(Clone, Copy)]
pub struct Open<'a>(pub &'a dyn Context);

impl Context for Open<'_> {
    fn values(&self, key: ContextKey<'_>) -> Values<'_> {
        open(self.0.values(key))
    }

    fn variable(&self, key: ContextKey<'_>) -> Values<'_> {
        open(self.0.variable(key))
    }
}

fn open(values: Values<'_>) -> Values<'_> {
    match values {
        Values::Missing | Values::Texts([]) => Values::Unknown,
        values => values,
    }
}

impl Access {
    /// What the policies allow of an action. The request's bucket, object and resource do not matter, nor
    /// whether the caller is the owner or only a Deny is asked for; its context says what is known, [`Open`] for one that is not complete.
    ///
    /// # Errors
    ///
    /// As [`Program::compile`](crate::compile::Program::compile).
    pub fn of(policies: &[Named<'_>], request: &Request<'_>) -> Result<Self, Error> {
        // Refuses what cannot be compiled together.
        crate::compile::Program::compile(policies)?;
        let is_broken = policies.iter().any(|policy| policy.document.status() == Status::Unreadable);
        let mut access = Self { allows: Vec::new(), denies: Vec::new(), is_broken };
        for (policy, at) in policies.iter().zip(0..) {
            for (statement, index) in policy.document.statements.iter().zip(0..) {
                let reference = StatementRef { policy: at, statement: index };
                let rules = policy.document.rules();
                match Trace::of(statement, policy.document.kind, rules) {
                    None => access.is_broken = true,
                    Some(trace) => {
                        let regions =
                            if statement.is_deny() { &mut access.denies } else { &mut access.allows };
                        regions.extend(Region::of(statement, reference, trace, rules, request));
                    }
                }
            }
        }
        Ok(access)
    }

    /// Whether the action is allowed on the request's resource: [`Truth::Unknown`] where that depends on
    /// what was not given. The request is that of [`Access::of`] with a resource.
    pub fn allows(&self, request: &Request<'_>) -> Truth {
        if self.is_broken {
            return Truth::False;
        }
        let any = |regions: &[Region]| {
            regions.iter().fold(Truth::False, |truth, region| truth.or(|| region.holds(request)))
        };
        let denied = any(&self.denies);
        any(&self.allows).and(|| !denied)
    }
}

impl Region {
    /// The region of a statement, if it is about the action and may apply.
    fn of(
        statement: &Statement,
        reference: StatementRef,
        trace: Trace,
        rules: Version,
        request: &Request<'_>,
    ) -> Option<Self> {
        let answers = trace.elements(request);
        let decided = answers.tests.iter().fold(answers.action, |truth, test| truth.and(|| *test));
        if decided.and(|| answers.principal) == Truth::False {
            return None;
        }
        let open =
            statement.conditions.iter().zip(&answers.tests).filter(|(_, truth)| **truth == Truth::Unknown);
        let conditions = open.map(|(entry, _)| OpenCondition {
            operator: entry.operator.text.to_string(),
            key: entry.key.text.to_string(),
            values: entry.values.iter().map(|value| value.text.to_string()).collect(),
            span: entry.span,
        });
        let patterns = |texts: Option<&crate::policy::Element>| -> Vec<Pattern> {
            let texts = texts.map(|element| element.values.as_slice()).unwrap_or_default();
            texts.iter().filter_map(|text| Pattern::of(text, rules, request.context)).collect()
        };
        let mut resources = patterns(statement.resource.as_ref());
        if statement.resource.is_none() || trace.ignores_resources() {
            resources = vec![Pattern { pieces: vec![Piece::AnyRun] }];
        }
        let conditions = conditions.collect();
        let except = patterns(statement.not_resource.as_ref());
        Some(Self { statement: reference, resources, except, conditions, trace })
    }

    /// Whether the region holds the request's resource.
    fn holds(&self, request: &Request<'_>) -> Truth {
        self.trace.elements(request).applies()
    }
}

impl Pattern {
    /// The pattern of a resource as a policy writes it; none for one that can match nothing.
    fn of(text: &Text, rules: Version, context: &dyn Context) -> Option<Self> {
        let (prefix, template) = match rules.dialect {
            Dialect::Minio => {
                let pattern = resource_pattern(&text.text);
                let prefix = text.text.strip_suffix(pattern).filter(|prefix| *prefix != "*").unwrap_or("");
                (prefix, Template::pattern(pattern))
            }
            Dialect::Aws if rules.variables => ("", Template::aws_pattern(&text.text)),
            Dialect::Aws => ("", Template::without_variables(&text.text)),
        };
        let mut pieces = Vec::new();
        prefix.bytes().for_each(|b| push(&mut pieces, Symbol::from(b)));
        let symbols = template.expand(0, context).possible()?;
        symbols.iter().for_each(|&symbol| push(&mut pieces, symbol));
        Some(Self { pieces })
    }
}

fn push(pieces: &mut Vec<Piece>, symbol: Symbol) {
    match (u8::try_from(symbol), pieces.last_mut()) {
        (Ok(b), Some(Piece::Literal(text))) => text.push(b),
        (Ok(b), _) => pieces.push(Piece::Literal(vec![b])),
        (Err(_), _) => pieces.push(match symbol {
            ANY_RUN => Piece::AnyRun,
            ANY_BYTE => Piece::AnyByte,
            ANY_CHARACTER => Piece::AnyCharacter,
            _ => Piece::Open,
        }),
    }
}

/// The pattern as the AWS dialect writes it: `${*}`, `${?}` and `${$}` are the characters themselves. A
/// value that was not given is `${}`.
impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for piece in &self.pieces {
            match piece {
                Piece::AnyRun => f.write_str("*")?,
                Piece::AnyByte | Piece::AnyCharacter => f.write_str("?")?,
                Piece::Open => f.write_str("${}")?,
                Piece::Literal(text) => {
                    for c in String::from_utf8_lossy(text).chars() {
                        match c {
                            '*' | '?' | '$' => write!(f, "${{{c}}}")?,
                            c => write!(f, "{c}")?,
                        }
                    }
                }
            }
        }
        Ok(())
    }
}
