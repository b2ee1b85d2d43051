//! What S3 adds to decisions over layers (`aws-evaluation` 10): its lists as one more layer that grants, objects
//! that are not the bucket owner's, blocked public access, and the owner's right to repair the bucket's policy.

use super::acl::{AclGrant, List};
use super::layers::{Layer, LayeredDecision, LayeredRequest, Layers};
use super::{Caller, Decision, Outcome, Reason};

/// What its root user may always do with the policy of an account's bucket.
const REPAIRS: [&str; 3] = ["s3:GetBucketPolicy", "s3:PutBucketPolicy", "s3:DeleteBucketPolicy"];

/// A request, seen by S3.
#[derive(Clone, Copy)]
pub(super) struct S3<'a> {
    pub(super) layers: &'a Layers<'a>,
    pub(super) asked: &'a LayeredRequest<'a>,
}

/// What lists grant.
#[derive(Clone, Copy)]
pub(super) enum Listed<'a> {
    /// This grant, the first that covers the request.
    Granted(List, usize, &'a AclGrant),
    /// Only public ones cover it, and those are ignored.
    Ignored,
    /// Nothing.
    Nothing,
}

impl<'a> S3<'a> {
    /// Whether the bucket's own policy cannot deny the request: or its owner would lock itself out for good.
    pub(super) fn may_repair(&self) -> bool {
        let is_root = matches!(self.asked.caller, Caller::Root { .. });
        let action = self.asked.action.name();
        is_root && self.is_of_owner() && REPAIRS.iter().any(|name| name.eq_ignore_ascii_case(action))
    }

    /// Whether the bucket is closed to the caller because its policy is public.
    pub(super) fn is_restricted(&self) -> bool {
        let is_service = matches!(self.asked.caller, Caller::Service { .. });
        self.layers.public_access_block.restrict_public_buckets
            && self.layers.resource.is_some_and(|policy| policy.is_public())
            && !is_service
            && !self.is_of_owner()
    }

    /// Whether the caller is of the account that owns the resource.
    fn is_of_owner(&self) -> bool {
        self.asked.caller.account().is_some_and(|account| Some(account) == self.asked.owner())
    }

    /// The account that owns the object, if it is the one to allow the request and not the bucket's owner. Then
    /// the bucket's policy can deny it, and not allow it.
    pub(super) fn other_owner(&self) -> Option<&'a str> {
        self.layers.acl.and_then(|acl| acl.other_owner(self.asked))
    }

    pub(super) fn listed(&self) -> Listed<'a> {
        let Some(acl) = self.layers.acl else { return Listed::Nothing };
        let ignores = self.layers.public_access_block.ignore_public_acls;
        let mut is_ignored = false;
        for (list, at, grant) in acl.covering(self.asked) {
            if !(ignores && grant.grantee.is_public()) {
                return Listed::Granted(list, at, grant);
            }
            is_ignored = true;
        }
        if is_ignored { Listed::Ignored } else { Listed::Nothing }
    }

    /// The answer where neither policy nor lists grant what they must.
    pub(super) fn refusal(&self) -> LayeredDecision {
        match (self.listed(), self.other_owner()) {
            (Listed::Ignored, _) => blocked(),
            (_, Some(_)) => refused(Layer::Acl, Reason::OtherOwner),
            (_, None) => refused(Layer::Resource, Reason::NoStatement),
        }
    }
}

/// A list grants it.
pub(super) fn granted() -> LayeredDecision {
    let decision = Decision { outcome: Outcome::Allow, reason: Reason::AclGrant, statement: None };
    LayeredDecision { decision, layer: Layer::Acl, level: 0 }
}

/// Public access is blocked.
pub(super) fn blocked() -> LayeredDecision {
    refused(Layer::PublicAccessBlock, Reason::PublicAccessBlocked)
}

/// Nothing grants it.
pub(super) fn refused(layer: Layer, reason: Reason) -> LayeredDecision {
    let decision = Decision { outcome: Outcome::ImplicitDeny, reason, statement: None };
    LayeredDecision { decision, layer, level: 0 }
}
