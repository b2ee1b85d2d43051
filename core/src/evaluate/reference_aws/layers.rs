//! All layers (2 to 4).

use super::s3::{self, Listed};
use super::{Grant, decide, grant};
use crate::evaluate::acl::Acl;
use crate::evaluate::layers::{Layer, LayeredDecision, LayeredRequest};
use crate::evaluate::public_access::PublicAccessBlock;
use crate::evaluate::{Caller, Decision, Outcome, Reason, Request};
use crate::policy::Document;

/// The documents that bear on a request, by where they are attached; as
/// [`Layers`](crate::evaluate::layers::Layers).
#[derive(Clone, Copy, Debug, Default)]
pub struct LayerDocuments<'a> {
    /// Those of the user and its groups, or of the role.
    pub identity: Option<&'a [&'a Document]>,
    /// The permissions boundary.
    pub boundary: Option<&'a [&'a Document]>,
    /// Those of the session.
    pub session: Option<&'a [&'a Document]>,
    /// Service control policies by level, from the root of the organisation.
    pub scp: &'a [&'a [&'a Document]],
    /// Resource control policies by level.
    pub rcp: &'a [&'a [&'a Document]],
    /// That of the resource.
    pub resource: Option<&'a [&'a Document]>,
    /// That of the VPC endpoint.
    pub endpoint: Option<&'a [&'a Document]>,
    /// The lists of an S3 bucket and object.
    pub acl: Option<Acl<'a>>,
    /// What an S3 bucket blocks of public access.
    pub public_access_block: PublicAccessBlock,
}

/// What must allow a request, besides the organisation and the endpoint.
struct Needed {
    resource: bool,
    identity: bool,
    limits: bool,
}

/// What all layers answer together.
pub fn decide_layers(layers: &LayerDocuments<'_>, asked: &LayeredRequest<'_>) -> LayeredDecision {
    let has_account = has_account(&asked.caller);
    let request = Request {
        resource: asked.resource.as_bytes(),
        caller: Some(&asked.caller),
        has_boundary: has_account && layers.boundary.is_some(),
        ..Request::new(asked.action, b"", b"", asked.context)
    };
    let answer = |layer, level, documents: &[&Document]| LayeredDecision {
        decision: decide(documents, &request),
        layer,
        level,
    };
    let numbered = |layer, levels: &[&[&Document]]| -> Vec<LayeredDecision> {
        levels.iter().zip(0..).map(|(documents, level)| answer(layer, level, documents)).collect()
    };
    let single = |layer, documents: Option<&[&Document]>| documents.map(|d| answer(layer, 0, d));
    let own = |layer, documents: Option<&[&Document]>| single(layer, documents.filter(|_| has_account));

    // RCPs bind every caller, SCPs those of the account; an endpoint binds every request through it (2).
    let mut limiting = numbered(Layer::Rcp, layers.rcp);
    limiting.extend(numbered(Layer::Scp, if has_account { layers.scp } else { &[] }));
    limiting.extend(single(Layer::Endpoint, layers.endpoint));
    // The owner's root user may always repair the policy of its bucket (10).
    let resource = single(Layer::Resource, layers.resource.filter(|_| !s3::may_repair(asked)));
    let identity = own(Layer::Identity, layers.identity);
    let boundary = own(Layer::Boundary, layers.boundary);
    let session = own(Layer::Session, layers.session);

    // 3, step 1: any matching Deny in any layer.
    let mut all = limiting.clone();
    all.extend([resource, identity, boundary, session].into_iter().flatten());
    if let Some(denied) = all.into_iter().find(|a| a.decision.outcome == Outcome::ExplicitDeny) {
        return denied;
    }
    // Steps 2 and 3: every level must allow.
    if let Some(missing) = limiting.into_iter().find(|a| a.decision.outcome != Outcome::Allow) {
        return missing;
    }
    if s3::is_restricted(layers.public_access_block, layers.resource, asked) {
        return missing(Layer::PublicAccessBlock, Reason::PublicAccessBlocked);
    }
    let answers = [identity, boundary, session];
    granted(layers, asked, &request, answers)
}

/// Users, roles and sessions belong to an account and have an identity side; others do not (4).
fn has_account(caller: &Caller<'_>) -> bool {
    !matches!(caller, Caller::Anonymous | Caller::Service { .. } | Caller::Federated { .. })
}

/// Steps 4 to 7: what grants, and what limits it.
fn granted(
    layers: &LayerDocuments<'_>,
    asked: &LayeredRequest<'_>,
    request: &Request<'_>,
    [identity, boundary, session]: [Option<LayeredDecision>; 3],
) -> LayeredDecision {
    // What belongs to somebody else the bucket's owner cannot grant, only the owner's list can (10).
    let object_owner = s3::object_owner(layers.acl, asked);
    let policy = layers.resource.filter(|_| object_owner.is_none());
    let of_policy = policy.and_then(|documents| grant(documents, request));
    let listed = s3::listed(layers.acl, layers.public_access_block, asked);
    let (grant, mut granted) = match (of_policy, listed) {
        (Some((grant, statement)), _) => {
            let decision =
                Decision { outcome: Outcome::Allow, reason: Reason::Statement, statement: Some(statement) };
            (Some(grant), LayeredDecision { decision, layer: Layer::Resource, level: 0 })
        }
        (None, Listed::Granted) => {
            let decision = Decision { outcome: Outcome::Allow, reason: Reason::AclGrant, statement: None };
            (Some(Grant::ToAccount), LayeredDecision { decision, layer: Layer::Acl, level: 0 })
        }
        (None, Listed::OnlyToThePublicWhichIsIgnored) => {
            (None, missing(Layer::PublicAccessBlock, Reason::PublicAccessBlocked))
        }
        (None, Listed::Nothing) if object_owner.is_some() => (None, missing(Layer::Acl, Reason::OtherOwner)),
        (None, Listed::Nothing) => (None, missing(Layer::Resource, Reason::NoStatement)),
    };
    let needed = needed(asked, object_owner, grant);
    if needed.resource && grant.is_none() {
        return granted;
    }
    if needed.identity {
        granted = match (asked.caller, identity) {
            // Root has full access by default and needs no identity policy (3).
            (Caller::Root { .. }, _) => {
                let decision = Decision { outcome: Outcome::Allow, reason: Reason::Owner, statement: None };
                LayeredDecision { decision, layer: Layer::Identity, level: 0 }
            }
            (_, Some(answer)) => answer,
            (_, None) => missing(Layer::Identity, Reason::NoPolicy),
        };
        if !granted.allowed() {
            return granted;
        }
    }
    if needed.limits {
        let is_federated = matches!(asked.caller, Caller::FederatedUser { .. });
        // A federated user's session without a session policy is denied, a role's goes on.
        let session = session.or(is_federated.then(|| missing(Layer::Session, Reason::NoPolicy)));
        if let Some(missing) = [boundary, session].into_iter().flatten().find(|a| !a.allowed()) {
            return missing;
        }
    }
    granted
}

/// The rows of 3.1, and 4.
fn needed(asked: &LayeredRequest<'_>, object_owner: Option<&str>, grant: Option<Grant>) -> Needed {
    if !has_account(&asked.caller) {
        return Needed { resource: true, identity: false, limits: false };
    }
    let owner = object_owner.or(asked.resource_account);
    let is_same_account = owner.is_none() || owner == asked.caller.account();
    match grant {
        // Across accounts everything is needed, however directly the resource's policy names the caller.
        _ if !is_same_account => Needed { resource: true, identity: true, limits: true },
        Some(Grant::Direct) => Needed { resource: true, identity: false, limits: false },
        Some(Grant::BehindSession) => Needed { resource: true, identity: false, limits: true },
        Some(Grant::ToAccount) => Needed { resource: true, identity: true, limits: true },
        None => Needed { resource: needs_own_policy(asked), identity: true, limits: true },
    }
}

/// Trust policies of roles and policies of KMS keys are always required (3.1).
fn needs_own_policy(asked: &LayeredRequest<'_>) -> bool {
    let is_sts = asked.action.name().to_ascii_lowercase().starts_with("sts:");
    match asked.resource.split(':').collect::<Vec<_>>().as_slice() {
        ["arn", _, "iam", _, _, resource, ..] => resource.starts_with("role/") && is_sts,
        ["arn", _, "kms", _, _, resource, ..] => resource.starts_with("key/"),
        _ => false,
    }
}

fn missing(layer: Layer, reason: Reason) -> LayeredDecision {
    let decision = Decision { outcome: Outcome::ImplicitDeny, reason, statement: None };
    LayeredDecision { decision, layer, level: 0 }
}
