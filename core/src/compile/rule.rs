//! A statement as a rule: how its resources count, and what must hold besides.

#[cfg(feature = "accounts")]
use super::accounts::Accounts;
use super::principal::{Grant, Principals};
use super::text::Text;
use crate::catalog::{self, Namespace};
use crate::condition::Test;
use crate::evaluate::{Context, Request, Truth};
use crate::pattern::actions::covered;
use crate::pattern::arn::ArnPattern;
use crate::pattern::{self, Template};

/// Which text a statement's resources are compared with, and when they count
/// (`policy-language` 5.5).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// With `bucket/object`; every statement but those below.
    Plain,
    /// Not at all: `sts:` statements, and `admin:` statements without a bucket-scoped action.
    Ignored,
    /// KMS: with the key's name, and not at all where no key is named.
    Key,
    /// With the text of a table.
    Table,
}

/// What the entries of an `Action` are, taken together; a `NotAction` has none.
#[derive(Clone, Debug)]
pub(super) struct Profile {
    namespaces: Vec<Namespace>,
    /// Some entry covers an admin action that a bucket's resource limits.
    is_bucket_scoped: bool,
}

impl Profile {
    pub(super) fn of<'e>(mut entries: impl Iterator<Item = &'e str> + Clone) -> Self {
        let mut namespaces = Vec::new();
        for entry in entries.clone() {
            let namespace = namespace(entry);
            if !namespaces.contains(&namespace) {
                namespaces.push(namespace);
            }
        }
        Self { namespaces, is_bucket_scoped: entries.any(is_bucket_scoped) }
    }

    /// The shape of a statement with these entries. A statement that mixes namespaces is not valid;
    /// loaded from a store, its Allow keeps to the resources that it names and its Deny does not.
    pub(super) fn shape(&self, is_deny: bool) -> Shape {
        let ignores = |n: &Namespace| matches!(n, Namespace::Admin | Namespace::Sts);
        match self.namespaces.as_slice() {
            [Namespace::Admin] if self.is_bucket_scoped => Shape::Plain,
            [Namespace::Admin | Namespace::Sts] => Shape::Ignored,
            [Namespace::Kms] => Shape::Key,
            [Namespace::Tables] => Shape::Table,
            [] | [_] => Shape::Plain,
            mixed if is_deny && mixed.iter().any(ignores) => Shape::Ignored,
            _ => Shape::Plain,
        }
    }

    /// Whether an Allow of these entries may do without `Resource` and `NotResource`.
    pub(super) fn needs_no_resource(&self) -> bool {
        matches!(self.namespaces.as_slice(), [Namespace::Admin | Namespace::Sts | Namespace::Kms])
    }
}

/// The namespace of an `Action` entry. Tests run in MinIO's order: a pattern that covers an admin
/// action is an admin pattern, `*` among them; the other namespaces know literal entries only.
fn namespace(entry: &str) -> Namespace {
    let covers_admin = || covered(entry).any(|(_, row)| row.namespace == Namespace::Admin);
    match catalog::find_action(entry) {
        Some(id) => catalog::action(id).namespace,
        None if pattern::has_wildcard(entry) && covers_admin() => Namespace::Admin,
        None => Namespace::S3,
    }
}

/// Whether an admin entry covers an action that a bucket's resource limits (`policy-language` 2.4).
fn is_bucket_scoped(entry: &str) -> bool {
    covered(entry).any(|(_, row)| row.namespace == Namespace::Admin && row.level == catalog::Level::Bucket)
}

/// A pattern of `NotResource`.
#[derive(Clone, Debug)]
pub(super) enum NotResource {
    /// Compared as a whole.
    Whole {
        /// The pattern.
        template: Template,
        /// Memory resources are compared with the cleaned text only.
        is_memory: bool,
    },
    /// Compared part by part, as the AWS dialect does.
    Parts(ArnPattern),
}

/// What must hold for a rule besides its action and resource.
#[derive(Clone, Debug, Default)]
pub(super) struct Rule {
    /// The accounts that it is about.
    #[cfg(feature = "accounts")]
    pub(super) accounts: Accounts,
    /// `NotResource`; empty where it does not count.
    pub(super) not_resources: Box<[NotResource]>,
    pub(super) tests: Box<[Test]>,
    /// Of whom the statement speaks, if it says so.
    pub(super) principals: Option<Box<Principals>>,
}

impl Rule {
    /// Whether the statement is about an account.
    #[cfg(feature = "accounts")]
    pub(super) fn covers(&self, account: &str) -> bool {
        self.accounts.cover(account)
    }

    /// Identity policies alone are about whoever has them.
    #[cfg(not(feature = "accounts"))]
    pub(super) fn covers(&self, _account: &str) -> bool {
        true
    }

    /// Whether the rule applies to a request that matches its action and resources.
    pub(super) fn holds(&self, text: Option<&Text>, request: &Request<'_>) -> Truth {
        if !self.covers(request.account) {
            return Truth::False;
        }
        let context = request.context;
        let mut truth = match text {
            Some(text) => self.spares(text, context),
            None => Truth::True,
        };
        if cfg!(feature = "aws")
            && let Some(principals) = &self.principals
        {
            truth = truth.and(|| principals.matches(request.caller, request.has_boundary).0);
        }
        for test in &self.tests {
            if truth == Truth::False {
                return truth;
            }
            truth = truth.and(|| test.evaluate(context));
        }
        truth
    }

    /// How directly the rule grants something to the caller to whom it applies.
    pub(super) fn grant(&self, request: &Request<'_>) -> Grant {
        let principals = self.principals.as_ref();
        principals.map_or(Grant::Account, |p| p.matches(request.caller, request.has_boundary).1)
    }

    /// No `NotResource` pattern matches the text.
    fn spares(&self, text: &Text, context: &dyn Context) -> Truth {
        self.not_resources.iter().fold(Truth::True, |truth, not| {
            truth.and(|| {
                let (template, is_memory) = match not {
                    NotResource::Whole { template, is_memory } => (template, *is_memory),
                    NotResource::Parts(pattern) if cfg!(feature = "aws") => {
                        return !pattern.matches(&text.raw, context);
                    }
                    NotResource::Parts(_) => return Truth::Unknown,
                };
                let expanded = template.expand(0, context);
                let cleaned = text.cleaned.as_ref();
                let as_written = cleaned.map_or(Truth::False, |c| expanded.equals_as_written(c));
                let text = cleaned.filter(|_| is_memory).unwrap_or(&text.raw);
                !as_written.or(|| expanded.matches(text))
            })
        })
    }
}
