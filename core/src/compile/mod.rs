//! Policies compiled into an immutable, indexed program.
//!
//! Compiling gives every statement a rule and every action set a number, and hangs the resource
//! patterns into an index. A decision walks: action, candidates whose prefix matches, pattern,
//! conditions; denies first. Its cost does not grow with the statements that have nothing to do with
//! the request. The plain interpreter in [`crate::evaluate::reference`] gives the same answers.

mod action_set;
mod index;
mod principal;
mod rule;
mod side;
mod text;
mod trace;

use crate::error::ErrorCode;
use crate::evaluate::{Decision, Outcome, Reason, Request, StatementRef};
use crate::json::Span;
use crate::policy::{Dialect, Document, Kind, Statement, Text, Version};
use crate::validate::Status;
use crate::{Error, condition};
use action_set::{ActionSet, ActionSets};
pub(crate) use principal::Grant;
use principal::Principals;
use rule::Rule;
pub(crate) use side::resource_pattern;
use side::{Found, Side, SideBuilder};
pub(crate) use trace::{Elements, Trace};

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
    policies: Box<[Box<str>]>,
    statements: Box<[StatementRecord]>,
    rules: Box<[Rule]>,
    action_sets: Box<[ActionSet]>,
    denies: Side,
    allows: Side,
    /// A policy cannot be read, so everything is denied.
    is_broken: bool,
    dialect: Dialect,
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

#[derive(Clone, Debug)]
struct StatementRecord {
    policy: u32,
    index: u32,
    sid: Option<Box<str>>,
    span: Span,
}

impl Program {
    /// Compiles policies of one dialect into a program that decides as their union.
    ///
    /// A document that cannot be read makes the whole program deny everything, with
    /// [`Reason::PolicyBroken`]. An error means that a policy is of a kind that cannot be compiled:
    /// [`ErrorCode::Unsupported`].
    pub fn compile(policies: &[Named<'_>]) -> Result<Self, Error> {
        let dialect = policies.first().map(|policy| policy.document.dialect).unwrap_or_default();
        let mut compiler = Compiler { dialect, ..Compiler::default() };
        for (number, policy) in policies.iter().enumerate() {
            if policy.document.dialect != dialect {
                return Err(Error::with_message(
                    ErrorCode::InvalidArgument,
                    "policies of two dialects cannot decide together",
                ));
            }
            if policy.document.kind == Kind::Bucket && !dialect.is_aws() {
                return Err(Error::with_message(
                    ErrorCode::Unsupported,
                    "bucket policies are not supported yet",
                ));
            }
            compiler.add(number as u32, policy.document);
        }
        Ok(compiler.finish(policies.iter().map(|p| p.name.into()).collect()))
    }

    /// Decides a request. Does not allocate for keys of usual length, and does not get slower with
    /// the number of statements that have nothing to do with the request.
    pub fn decide(&self, request: &Request<'_>) -> Decision {
        if self.is_broken {
            return Decision {
                outcome: Outcome::ExplicitDeny,
                reason: Reason::PolicyBroken,
                statement: None,
            };
        }
        let text = self.text(request);
        if let Some(found) = self.denies.first(self, request, &text) {
            let reason = if found.is_certain { Reason::Statement } else { Reason::FactsMissing };
            return self.decision(Outcome::ExplicitDeny, reason, found);
        }
        if request.deny_only {
            return Decision { outcome: Outcome::Allow, reason: Reason::DenyOnly, statement: None };
        }
        if request.is_owner {
            return Decision { outcome: Outcome::Allow, reason: Reason::Owner, statement: None };
        }
        match self.allows.first(self, request, &text) {
            Some(found) if found.is_certain => self.decision(Outcome::Allow, Reason::Statement, found),
            _ => Decision { outcome: Outcome::ImplicitDeny, reason: Reason::NoStatement, statement: None },
        }
    }

    /// The most direct grant that this policy of a resource makes, and the decision that it is.
    pub(crate) fn grant(&self, request: &Request<'_>) -> Option<(Grant, Decision)> {
        if self.is_broken {
            return None;
        }
        let (grant, rule) = self.allows.grant(self, request, &self.text(request))?;
        let found = Found { rule, is_certain: true };
        Some((grant, self.decision(Outcome::Allow, Reason::Statement, found)))
    }

    fn text(&self, request: &Request<'_>) -> text::Text {
        if self.dialect.is_aws() { text::Text::arn(request) } else { text::Text::plain(request) }
    }

    /// The statement that a decision of this program names.
    pub fn statement(&self, reference: StatementRef) -> Option<StatementInfo<'_>> {
        let key = (reference.policy, reference.statement);
        let at = self.statements.binary_search_by_key(&key, |record| (record.policy, record.index)).ok()?;
        let record = self.statements.get(at)?;
        Some(StatementInfo {
            policy: self.policies.get(record.policy as usize)?,
            index: record.index,
            sid: record.sid.as_deref(),
            span: record.span,
        })
    }

    /// The names of the policies, in the order in which they were compiled.
    pub fn policy_names(&self) -> impl Iterator<Item = &str> {
        self.policies.iter().map(|name| &**name)
    }

    fn decision(&self, outcome: Outcome, reason: Reason, found: Found) -> Decision {
        let statement = self.statements.get(found.rule as usize);
        let statement = statement.map(|s| StatementRef { policy: s.policy, statement: s.index });
        Decision { outcome, reason, statement }
    }
}

#[derive(Default)]
struct Compiler {
    statements: Vec<StatementRecord>,
    rules: Vec<Rule>,
    action_sets: ActionSets,
    denies: SideBuilder,
    allows: SideBuilder,
    is_broken: bool,
    dialect: Dialect,
}

impl Compiler {
    fn add(&mut self, policy: u32, document: &Document) {
        self.is_broken |= document.status() == Status::Unreadable;
        for (index, statement) in document.statements.iter().enumerate() {
            self.add_statement(statement, document.kind, document.rules());
            self.statements.push(StatementRecord {
                policy,
                index: index as u32,
                sid: statement.sid.as_ref().map(|sid| sid.text.as_str().into()),
                span: statement.span,
            });
        }
    }

    /// Adds the rule of a statement; its number is the statement's.
    fn add_statement(&mut self, statement: &Statement, kind: Kind, rules: Version) {
        let is_deny = statement.is_deny();
        let number = self.rules.len() as u32;
        let tests = tests(statement, rules);
        self.is_broken |= statement.broken || tests.is_none();
        let action_set = self.action_sets.number(statement, rules.dialect);
        let profile = self.action_sets.profile(action_set);
        let shape = profile.map_or(rule::Shape::Plain, |p| p.shape(is_deny));
        let needs_no_resource = profile.is_some_and(rule::Profile::needs_no_resource);
        let side = if is_deny { &mut self.denies } else { &mut self.allows };
        let is_aws = rules.dialect.is_aws();
        let rule = if is_aws {
            // A trust policy names no resource: it is about its role.
            let needs_none = is_deny || kind == Kind::Trust;
            side.add_aws(statement, (rules.variables, needs_none), action_set, number)
        } else {
            side.add(statement, shape, needs_no_resource || is_deny, action_set, number)
        };
        let principals = if is_aws { Principals::of(statement, is_deny, kind) } else { None };
        self.rules.push(Rule { tests: tests.unwrap_or_default(), principals, ..rule });
    }

    fn finish(self, policies: Box<[Box<str>]>) -> Program {
        Program {
            policies,
            statements: self.statements.into(),
            rules: self.rules.into(),
            action_sets: self.action_sets.finish(),
            denies: self.denies.finish(),
            allows: self.allows.finish(),
            is_broken: self.is_broken,
            dialect: self.dialect,
        }
    }
}

/// The tests of a statement's conditions; `None` if one cannot be compiled.
fn tests(statement: &Statement, rules: Version) -> Option<Box<[condition::Test]>> {
    let mut tests = Vec::with_capacity(statement.conditions.len());
    for entry in &statement.conditions {
        tests.push(condition::Test::compile(entry, rules)?);
    }
    Some(tests.into())
}

/// The texts of a list of resources.
fn texts(element: Option<&crate::policy::Element>) -> &[Text] {
    element.map(|e| e.values.as_slice()).unwrap_or_default()
}
