//! Policies compiled into an immutable, indexed program.
//!
//! Compiling gives every statement a rule and every action set a number, and hangs the resource
//! patterns into an index. A decision walks: action, candidates whose prefix matches, pattern,
//! conditions; denies first. Its cost does not grow with the statements that have nothing to do with
//! the request. The plain interpreter in [`crate::evaluate::reference`] gives the same answers.

#[cfg(feature = "accounts")]
mod accounts;
mod action_set;
mod builder;
mod index;
mod needs;
mod principal;
mod rule;
mod side;
mod text;
mod trace;

use crate::analyze::public;
use crate::bytes::PLAIN;
use crate::error::ErrorCode;
use crate::evaluate::{Decision, Outcome, Reason, Request, StatementRef};
use crate::json::Span;
use crate::policy::{Dialect, Document, Kind, Statement, Text, Version};
use crate::validate::Status;
use crate::{Error, condition};
#[cfg(feature = "accounts")]
use accounts::{Accounts, Known};
use action_set::{ActionSet, ActionSets};
pub(crate) use principal::Grant;
use principal::Principals;
use rule::Rule;
pub(crate) use side::resource_pattern;
use side::{Draft, Found, Side, SideBuilder};
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
    /// The accounts that statements of bucket policies are indexed by.
    #[cfg(feature = "accounts")]
    accounts: Known,
    /// These are bucket policies of the MinIO dialect: they name accounts, and the bucket itself has
    /// another text.
    is_of_bucket: bool,
    /// A policy cannot be read, so everything is denied.
    is_broken: bool,
    /// A bucket policy of the AWS dialect is public.
    is_public: bool,
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
    /// [`Reason::PolicyBroken`].
    ///
    /// # Errors
    ///
    /// [`ErrorCode::InvalidArgument`] if policies of two dialects are to decide together, or, of the MinIO
    /// dialect, bucket policies and others: they are asked at different times and read resources
    /// differently.
    pub fn compile(policies: &[Named<'_>]) -> Result<Self, Error> {
        let dialect = policies.first().map(|policy| policy.document.dialect).unwrap_or_default();
        let is_of_bucket =
            |policy: &Named<'_>| policy.document.kind == Kind::Bucket && !policy.document.dialect.is_aws();
        let is_first_of_bucket = cfg!(feature = "accounts") && policies.first().is_some_and(is_of_bucket);
        let mut compiler = Compiler { dialect, is_of_bucket: is_first_of_bucket, ..Compiler::default() };
        for (number, policy) in policies.iter().enumerate() {
            let wrong = |message| Err(Error::with_message(ErrorCode::InvalidArgument, message));
            // Without the AWS dialect its policies are unreadable, and deny everything.
            if cfg!(feature = "aws") && policy.document.dialect != dialect {
                return wrong("policies of two dialects cannot decide together");
            }
            if cfg!(not(feature = "accounts")) && is_of_bucket(policy) {
                let message = "this build has no bucket policies";
                return Err(Error::with_message(ErrorCode::Unsupported, message));
            }
            if is_of_bucket(policy) != compiler.is_of_bucket() {
                return wrong("bucket policies and other policies do not decide together");
            }
            compiler.add(number as u32, policy.document);
        }
        Ok(compiler.finish(policies.iter().map(|p| p.name.into()).collect()))
    }

    /// The dialect of its policies.
    pub fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// Whether it was compiled from bucket policies of the MinIO dialect.
    pub fn is_of_bucket(&self) -> bool {
        cfg!(feature = "accounts") && self.is_of_bucket
    }

    /// Whether it has a bucket policy of the AWS dialect that is [`public`].
    pub fn is_public(&self) -> bool {
        self.is_public
    }

    /// Decides a request. Bucket policies know no [`Request::deny_only`]: whoever asks them is
    /// allowed by a statement or not at all (`policy-language` 6.2). Does not allocate for keys of usual
    /// length, and does not get slower with the number of statements that have nothing to do with the
    /// request.
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
        if request.deny_only && !self.is_of_bucket() {
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
        match self.dialect.is_aws() {
            true => text::Text::arn(request),
            #[cfg(feature = "accounts")]
            false if self.is_of_bucket => text::Text::of_bucket_policy(request),
            false => text::Text::plain(request),
        }
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
    #[cfg(feature = "accounts")]
    accounts: Known,
    is_of_bucket: bool,
    /// Its statements are looked at one by one, without an index over accounts.
    #[cfg(feature = "accounts")]
    is_traced: bool,
    is_broken: bool,
    is_public: bool,
    dialect: Dialect,
}

impl Compiler {
    fn is_of_bucket(&self) -> bool {
        cfg!(feature = "accounts") && self.is_of_bucket
    }

    fn add(&mut self, policy: u32, document: &Document) {
        self.is_broken |= document.status() == Status::Unreadable;
        self.is_public |=
            document.dialect.is_aws() && document.kind == Kind::Bucket && public::is_public(document);
        if !PLAIN {
            self.statements.reserve(document.statements.len());
            self.rules.reserve(document.statements.len());
        }
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
        let rule = if rules.dialect.is_aws() {
            // A trust policy names no resource: it is about its role.
            let needs_none = is_deny || kind == Kind::Trust;
            let side = if is_deny { &mut self.denies } else { &mut self.allows };
            let rule = side.add_aws(statement, (rules.variables, needs_none), action_set, number);
            Rule { principals: Principals::of(statement, is_deny, kind).map(Box::new), ..rule }
        } else {
            self.place(statement, is_deny, action_set)
        };
        self.rules.push(Rule { tests: tests.unwrap_or_default(), ..rule });
    }

    /// Adds the resources of a statement of the MinIO dialect.
    fn place(&mut self, statement: &Statement, is_deny: bool, action_set: u32) -> Rule {
        let rule = self.rules.len() as u32;
        let mut draft = Draft {
            statement,
            shape: rule::Shape::Plain,
            needs_no_resource: is_deny,
            action_set,
            rule,
            #[cfg(feature = "accounts")]
            prefixes: Vec::new(),
        };
        #[cfg(feature = "accounts")]
        if self.is_of_bucket {
            return self.place_of_bucket(draft, is_deny);
        }
        if let Some(profile) = self.action_sets.profile(action_set) {
            draft.shape = profile.shape(is_deny);
            draft.needs_no_resource |= profile.needs_no_resource();
        }
        if is_deny { self.denies.add(draft) } else { self.allows.add(draft) }
    }

    /// The same of a bucket policy, which knows no kinds of statements (`policy-language` 1.7).
    #[cfg(feature = "accounts")]
    fn place_of_bucket(&mut self, mut draft: Draft<'_>, is_deny: bool) -> Rule {
        let accounts = Accounts::of(draft.statement, is_deny);
        if !self.is_traced {
            let names = accounts.indexed().unwrap_or_default();
            draft.prefixes = names.iter().map(|name| self.accounts.add(name)).collect();
        }
        let side = if is_deny { &mut self.denies } else { &mut self.allows };
        Rule { accounts, ..side.add(draft) }
    }

    fn finish(self, policies: Box<[Box<str>]>) -> Program {
        Program {
            policies,
            statements: self.statements.into(),
            rules: self.rules.into(),
            action_sets: self.action_sets.finish(),
            denies: self.denies.finish(),
            allows: self.allows.finish(),
            #[cfg(feature = "accounts")]
            accounts: self.accounts,
            is_of_bucket: self.is_of_bucket,
            is_broken: self.is_broken,
            is_public: self.is_public,
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

/// The texts of an element.
fn texts(element: Option<&crate::policy::Element>) -> &[Text] {
    element.map(|e| e.values.as_slice()).unwrap_or_default()
}
