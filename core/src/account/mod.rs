//! MinIO's decision for a whole account: which policies are asked and whose answer counts
//! (`policy-language` 6.4).
//!
//! | caller | who decides |
//! |---|---|
//! | root; a child of root without session policy | nobody: the owner may do everything |
//! | user | the policies of the user and its groups |
//! | temporary credential, service account | the parent's policies and, where there is one, the session policy as well |
//! | the same of root, with session policy | the session policy alone |
//! | anonymous | the bucket policy alone, which nobody else is subject to |
//!
//! Everything is data: who asks and which policies there are is for the caller to know
//! ([`identity`](crate::identity) does it for a directory).

mod checks;
#[cfg(feature = "accounts")]
mod operation;
#[cfg(feature = "accounts")]
mod session_policy;

pub use checks::decide_checks;
#[cfg(feature = "accounts")]
pub use operation::decide_operation;
#[cfg(feature = "accounts")]
pub use session_policy::SessionPolicy;

use crate::compile::Program;
use crate::evaluate::{Decision, Outcome, Reason, Request};

/// What kind of credential a caller has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Credential {
    /// The owner's own access key.
    Root,
    /// A user's own access key.
    User,
    #[cfg(feature = "accounts")]
    /// An access key that acts for a user, with all or part of what the user may do.
    ServiceAccount {
        /// It acts for the owner.
        parent_is_root: bool,
    },
    #[cfg(feature = "accounts")]
    /// A key from a security token service, with all or part of what its parent may do.
    Temporary {
        /// Its parent is the owner.
        parent_is_root: bool,
    },
    #[cfg(feature = "accounts")]
    /// None: the request is not signed.
    Anonymous,
}

/// The policies of one layer.
#[derive(Clone, Copy, Debug, Default)]
pub enum Attached<'p> {
    /// None.
    #[default]
    Nothing,
    /// Some that cannot be evaluated: the layer denies everything.
    Broken,
    /// These.
    Program(&'p Program),
}

/// A caller and the policies that apply.
#[derive(Clone, Copy, Debug)]
pub struct Account<'p> {
    /// What kind of credential it has.
    pub credential: Credential,
    /// The policies of the user, or of the parent, and of the groups; not looked at for the owner and
    /// for anonymous callers.
    pub identity: Attached<'p>,
    /// The session policy of a temporary credential, the embedded policy of a service account; not
    /// looked at for others.
    #[cfg(feature = "accounts")]
    pub session: Attached<'p>,
    /// The policy of the bucket that is asked about; looked at for anonymous callers alone.
    #[cfg(feature = "accounts")]
    pub bucket: Attached<'p>,
}

/// Whose answer a decision is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "kebab-case"))]
pub enum Layer {
    /// The caller owns the storage, so no policy was asked.
    Owner,
    /// The policies of the user, or of the parent, and of the groups.
    Identity,
    /// The session policy or embedded policy.
    Session,
    /// The bucket policy.
    Bucket,
}

impl Layer {
    /// All of them.
    pub const ALL: [Layer; 4] = [Layer::Owner, Layer::Identity, Layer::Session, Layer::Bucket];

    /// The layer of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|layer| layer.name() == name)
    }

    /// `owner`, `identity`, `session` or `bucket`.
    pub fn name(self) -> &'static str {
        match self {
            Layer::Owner => "owner",
            Layer::Identity => "identity",
            Layer::Session => "session",
            Layer::Bucket => "bucket",
        }
    }
}

/// What an account may do: a decision, and the layer that made it. A statement that it names is one
/// of that layer's policies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct AccountDecision {
    /// Outcome, reason and statement.
    pub decision: Decision,
    /// Who decided. Where several must agree and do, the first of them; where one does not, that one,
    /// an explicit Deny before anything else.
    pub layer: Layer,
}

impl AccountDecision {
    /// Whether the request is allowed.
    pub fn allowed(&self) -> bool {
        self.decision.allowed()
    }

    fn without_statement(layer: Layer, outcome: Outcome, reason: Reason) -> Self {
        Self { decision: Decision { outcome, reason, statement: None }, layer }
    }
}

impl Account<'_> {
    /// Decides a request.
    ///
    /// Whether the caller is the owner follows from the credential, so [`Request::is_owner`] is not
    /// looked at; nor is [`Request::account`] for an anonymous caller, who has no name. With
    /// [`Request::deny_only`] the identity policies need not allow, but a session policy must, and
    /// without any identity policy the answer is a denial all the same.
    pub fn decide(&self, request: &Request<'_>) -> AccountDecision {
        // Without this feature only `authorize` asks, which never says so.
        #[cfg(feature = "accounts")]
        let request = &Request { is_owner: false, ..*request };
        match self.credential {
            Credential::Root => Self::owner(),
            Credential::User => self.by_identity(request),
            #[cfg(feature = "accounts")]
            Credential::ServiceAccount { parent_is_root } | Credential::Temporary { parent_is_root } => {
                self.by_parent(request, parent_is_root)
            }
            #[cfg(feature = "accounts")]
            Credential::Anonymous => self.by_bucket(request),
        }
    }

    fn owner() -> AccountDecision {
        AccountDecision::without_statement(Layer::Owner, Outcome::Allow, Reason::Owner)
    }

    fn by_identity(&self, request: &Request<'_>) -> AccountDecision {
        ask(self.identity, Layer::Identity, request)
    }

    #[cfg(feature = "accounts")]
    /// Both the parent's policies and the session policy must allow. The session policy is asked
    /// for a real Allow even where the parent's need not give one: otherwise a restricted credential
    /// could make itself an unrestricted one (CVE-2025-62506).
    fn by_parent(&self, request: &Request<'_>, parent_is_root: bool) -> AccountDecision {
        if matches!(self.session, Attached::Nothing) {
            return if parent_is_root { Self::owner() } else { self.by_identity(request) };
        }
        let session = ask(self.session, Layer::Session, &Request { deny_only: false, ..*request });
        if parent_is_root {
            return session;
        }
        let identity = self.by_identity(request);
        let is_explicit = |answer: &AccountDecision| answer.decision.outcome == Outcome::ExplicitDeny;
        match (identity.allowed(), session.allowed()) {
            (true, true) => identity,
            (true, false) => session,
            (false, _) if is_explicit(&session) && !is_explicit(&identity) => session,
            (false, _) => identity,
        }
    }

    #[cfg(feature = "accounts")]
    /// Only a bucket can let everyone in: what is asked of the service itself, such as the list of
    /// all buckets, no bucket policy grants.
    fn by_bucket(&self, request: &Request<'_>) -> AccountDecision {
        let is_of_service = request.bucket.is_empty() || request.action.name() == "s3:ListAllMyBuckets";
        let policy = if is_of_service { Attached::Nothing } else { self.bucket };
        ask(policy, Layer::Bucket, &Request { account: "", ..*request })
    }
}

fn ask(policies: Attached<'_>, layer: Layer, request: &Request<'_>) -> AccountDecision {
    let is_of_bucket = layer == Layer::Bucket;
    let decision = match policies {
        Attached::Nothing => {
            return AccountDecision::without_statement(layer, Outcome::ImplicitDeny, Reason::NoPolicy);
        }
        Attached::Program(program) if program.is_of_bucket() == is_of_bucket => program.decide(request),
        // Also for policies of another kind, which would be read otherwise than they were meant.
        Attached::Program(_) | Attached::Broken => {
            return AccountDecision::without_statement(layer, Outcome::ExplicitDeny, Reason::PolicyBroken);
        }
    };
    AccountDecision { decision, layer }
}

#[cfg(feature = "accounts")]
#[cfg(test)]
mod tests;
