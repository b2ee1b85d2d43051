//! Policies compiled into an immutable, indexed program.

use crate::Error;
use crate::evaluate::{Decision, Outcome, Reason, Request, StatementRef};
use crate::json::Span;
use crate::policy::Document;

/// A policy with the name under which decisions report it.
#[derive(Clone, Copy, Debug)]
pub struct Named<'a> {
    /// The policy's name; empty for one without.
    pub name: &'a str,
    /// The document.
    pub document: &'a Document,
}

/// One or several policies, compiled. Immutable and shareable between threads.
#[derive(Clone, Debug, Default)]
pub struct Program {
    policies: Vec<String>,
}

/// A statement as decisions report it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StatementInfo<'a> {
    /// The name of its policy.
    pub policy: &'a str,
    /// Its position in the policy's `Statement` list, from 0.
    pub index: u32,
    /// Its `Sid`.
    pub sid: Option<&'a str>,
    /// Where it stands in the policy's text.
    pub span: Span,
}

impl Program {
    /// Compiles policies of one dialect into a program that decides as their union.
    pub fn compile(policies: &[Named<'_>]) -> Result<Self, Error> {
        Ok(Self { policies: policies.iter().map(|p| p.name.to_owned()).collect() })
    }

    /// Decides a request. Does not allocate for keys of usual length, and does not get slower with
    /// the number of statements that have nothing to do with the request.
    pub fn decide(&self, request: &Request<'_>) -> Decision {
        let _ = request;
        Decision { outcome: Outcome::ImplicitDeny, reason: Reason::NoStatement, statement: None }
    }

    /// The statement that a decision of this program names.
    pub fn statement(&self, reference: StatementRef) -> Option<StatementInfo<'_>> {
        let policy = self.policies.get(reference.policy as usize)?;
        Some(StatementInfo { policy, index: reference.statement, sid: None, span: Span::default() })
    }
}
