//! Decisions over all layers of policies in the AWS dialect (`aws-evaluation` 2 to 4).
//!
//! A Deny in any layer wins. Limiting layers (organisation, endpoint, boundary, session) must each
//! allow; granting layers (identity, resource, lists of S3) make the grant. How directly a resource's policy
//! names the caller says which of the others it makes unnecessary.

use super::acl::Acl;
use super::public_access::PublicAccessBlock;
use super::s3::{self, Listed, S3};
use super::{Action, Caller, Context, Decision, Outcome, Reason, Request};
use crate::compile::{Grant, Program};
use crate::pattern::arn;
use crate::short::SmallVec;

/// The policies that bear on a request, by where they are attached.
#[derive(Clone, Copy, Debug, Default)]
pub struct Layers<'a> {
    /// Those of the user and its groups, or of the role.
    pub identity: Option<&'a Program>,
    /// The permissions boundary of the user or role.
    pub boundary: Option<&'a Program>,
    /// Those passed when the session was made.
    pub session: Option<&'a Program>,
    /// Service control policies of the caller's account: one program for each level, from the root of
    /// the organisation to the account. None where they bind nobody: in the management account, and for
    /// roles that are linked to a service.
    pub scp: &'a [&'a Program],
    /// Resource control policies of the resource's account, likewise; none for services that have none.
    pub rcp: &'a [&'a Program],
    /// That of the resource: a bucket policy, or the trust policy of a role.
    pub resource: Option<&'a Program>,
    /// That of the VPC endpoint through which the request came.
    pub endpoint: Option<&'a Program>,
    /// The access control lists of an S3 bucket and object. Without them nothing is granted by lists, and the
    /// object is the bucket owner's.
    pub acl: Option<Acl<'a>>,
    /// What an S3 bucket blocks of public access: the settings of account and bucket together.
    pub public_access_block: PublicAccessBlock,
}

/// What is asked.
#[derive(Clone, Copy)]
pub struct LayeredRequest<'a> {
    /// Who asks.
    pub caller: Caller<'a>,
    /// What is to be done.
    pub action: Action<'a>,
    /// The ARN of the resource; `*` for actions on none.
    pub resource: &'a str,
    /// The account that owns the resource; the caller's own where it is not given.
    pub resource_account: Option<&'a str>,
    /// Condition values, by their full keys.
    pub context: &'a dyn Context,
}

impl<'a> LayeredRequest<'a> {
    /// The account that owns the resource; none if that is not given and the caller has none.
    pub(super) fn owner(&self) -> Option<&'a str> {
        self.resource_account.or(self.caller.account())
    }
}

/// A layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "snake_case"))]
pub enum Layer {
    /// Service control policies.
    Scp,
    /// Resource control policies.
    Rcp,
    /// The endpoint's policy.
    Endpoint,
    /// Block Public Access of S3.
    PublicAccessBlock,
    /// The resource's policy.
    Resource,
    /// Access control lists of S3.
    Acl,
    /// Identity policies.
    Identity,
    /// The permissions boundary.
    Boundary,
    /// Session policies.
    Session,
}

impl Layer {
    /// All of them.
    pub const ALL: [Layer; 9] = [
        Layer::Scp,
        Layer::Rcp,
        Layer::Endpoint,
        Layer::PublicAccessBlock,
        Layer::Resource,
        Layer::Acl,
        Layer::Identity,
        Layer::Boundary,
        Layer::Session,
    ];

    /// The layer of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|layer| layer.name() == name)
    }

    /// The name, such as `scp`.
    pub fn name(self) -> &'static str {
        match self {
            Layer::Scp => "scp",
            Layer::Rcp => "rcp",
            Layer::Endpoint => "endpoint",
            Layer::PublicAccessBlock => "public_access_block",
            Layer::Resource => "resource",
            Layer::Acl => "acl",
            Layer::Identity => "identity",
            Layer::Boundary => "boundary",
            Layer::Session => "session",
        }
    }
}

/// A decision and the layer that made it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct LayeredDecision {
    /// The decision; its statement is one of the layer's program.
    pub decision: Decision,
    /// The layer.
    pub layer: Layer,
    /// The level of an organisation's layer, from its root; 0 for others.
    pub level: u32,
}

impl LayeredDecision {
    /// Whether the request is allowed.
    pub fn allowed(&self) -> bool {
        self.decision.allowed()
    }
}

/// The request that each layer is asked.
pub(super) fn request<'a>(layers: &Layers<'_>, asked: &'a LayeredRequest<'a>) -> Request<'a> {
    Request {
        resource: asked.resource.as_bytes(),
        caller: Some(&asked.caller),
        has_boundary: layers.boundary.is_some() && asked.caller.account().is_some(),
        ..Request::new(asked.action, b"", b"", asked.context)
    }
}

/// Decides a request over all layers.
pub fn decide(layers: &Layers<'_>, request: &LayeredRequest<'_>) -> LayeredDecision {
    Walk::new(layers, request).decide()
}

/// Answers of layers; few organisations have more levels.
type Answers = SmallVec<[LayeredDecision; 12]>;

struct Walk<'a> {
    layers: &'a Layers<'a>,
    asked: &'a LayeredRequest<'a>,
    request: Request<'a>,
    s3: S3<'a>,
}

impl<'a> Walk<'a> {
    fn new(layers: &'a Layers<'a>, asked: &'a LayeredRequest<'a>) -> Self {
        Self { layers, asked, request: request(layers, asked), s3: S3 { layers, asked } }
    }

    fn decide(&self) -> LayeredDecision {
        let mut answers = Answers::new();
        for answer in self.answers() {
            if answer.decision.outcome == Outcome::ExplicitDeny {
                return answer;
            }
            answers.push(answer);
        }
        let limits = |answer: &&LayeredDecision| {
            matches!(answer.layer, Layer::Scp | Layer::Rcp | Layer::Endpoint) && !answer.allowed()
        };
        if let Some(answer) = answers.iter().find(limits) {
            return *answer;
        }
        if self.s3.is_restricted() {
            return s3::blocked();
        }
        let other_owner = self.s3.other_owner();
        let grant = self.grant(other_owner.is_none());
        // Whoever has no account has nothing but what the resource grants.
        let Some(own) = self.asked.caller.account() else {
            return grant.map_or_else(|| self.s3.refusal(), |(_, granted)| granted);
        };
        let is_same_account = other_owner.or(self.asked.owner()) == Some(own);
        match grant {
            None if !is_same_account || self.must_be_granted() => self.s3.refusal(),
            Some((Grant::Direct, granted)) if is_same_account => granted,
            Some((Grant::Role, granted)) if is_same_account => self.limited(granted, &answers),
            None | Some(_) => {
                let identity = self.identity(&answers);
                if identity.allowed() { self.limited(identity, &answers) } else { identity }
            }
        }
    }

    /// What the resource grants: its policy, if that may, else the lists.
    fn grant(&self, may_policy: bool) -> Option<(Grant, LayeredDecision)> {
        let program = self.layers.resource.filter(|_| may_policy);
        if let Some((grant, decision)) = program.and_then(|program| program.grant(&self.request)) {
            return Some((grant, LayeredDecision { decision, layer: Layer::Resource, level: 0 }));
        }
        matches!(self.s3.listed(), Listed::Granted(..)).then(|| (Grant::Account, s3::granted()))
    }

    /// The answer of every policy that binds the caller, in the order in which reasons are named.
    fn answers(&self) -> impl Iterator<Item = LayeredDecision> {
        let Layers { identity, boundary, session, scp, rcp, resource, endpoint, .. } = *self.layers;
        let has_account = self.asked.caller.account().is_some();
        let own = |program: Option<&'a Program>| program.filter(|_| has_account);
        let organisation = |layer, levels: &'a [&'a Program]| {
            levels.iter().zip(0..).map(move |(program, level)| (layer, level, *program))
        };
        let single = [
            (Layer::Endpoint, endpoint),
            (Layer::Resource, resource.filter(|_| !self.s3.may_repair())),
            (Layer::Identity, own(identity)),
            (Layer::Boundary, own(boundary)),
            (Layer::Session, own(session)),
        ];
        organisation(Layer::Rcp, rcp)
            .chain(organisation(Layer::Scp, if has_account { scp } else { &[] }))
            .chain(single.into_iter().filter_map(|(layer, program)| Some((layer, 0, program?))))
            .map(|(layer, level, program)| {
                let decision = program.decide(&self.request);
                LayeredDecision { decision, layer, level }
            })
    }

    /// Identity policies; the root user of an account needs none.
    fn identity(&self, answers: &[LayeredDecision]) -> LayeredDecision {
        let decision = match self.asked.caller {
            Caller::Root { .. } => {
                Decision { outcome: Outcome::Allow, reason: Reason::Owner, statement: None }
            }
            _ => return of(Layer::Identity, answers).unwrap_or(no_policy(Layer::Identity)),
        };
        LayeredDecision { decision, layer: Layer::Identity, level: 0 }
    }

    /// A grant as boundary and session leave it.
    fn limited(&self, granted: LayeredDecision, answers: &[LayeredDecision]) -> LayeredDecision {
        let is_made_by_user = matches!(self.asked.caller, Caller::FederatedUser { .. });
        let session = of(Layer::Session, answers).or(is_made_by_user.then(|| no_policy(Layer::Session)));
        let limits = [of(Layer::Boundary, answers), session];
        limits.into_iter().flatten().find(|answer| !answer.allowed()).unwrap_or(granted)
    }

    /// Roles and keys are never accessible without their own policy.
    fn must_be_granted(&self) -> bool {
        let Some([b"arn", _, service, _, _, resource]) = arn::split(self.asked.resource.as_bytes()) else {
            return false;
        };
        let is_of_sts = |action: &str| {
            action.split_once(':').is_some_and(|(service, _)| service.eq_ignore_ascii_case("sts"))
        };
        match service {
            b"iam" => resource.starts_with(b"role/") && is_of_sts(self.asked.action.name()),
            b"kms" => resource.starts_with(b"key/"),
            _ => false,
        }
    }
}

/// The answer of a layer that is there.
fn of(layer: Layer, answers: &[LayeredDecision]) -> Option<LayeredDecision> {
    answers.iter().find(|answer| answer.layer == layer).copied()
}

/// The answer of a layer that must be there and is not.
fn no_policy(layer: Layer) -> LayeredDecision {
    LayeredDecision { decision: Decision { reason: Reason::NoPolicy, ..nothing() }, layer, level: 0 }
}

/// Nothing allows it.
fn nothing() -> Decision {
    Decision { outcome: Outcome::ImplicitDeny, reason: Reason::NoStatement, statement: None }
}
