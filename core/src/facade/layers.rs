//! Decisions over the layers of the AWS dialect, as the bindings ask for them.

use super::{
    Access, Acl, Answer, Ask, ContextMap, Explained, LayerExplained, Policy, PublicAccessBlock, Query,
    StatementInfo, invalid, named,
};
use crate::compile::{Named, Program};
use crate::evaluate::explain::{LayerDocuments, explain_layers};
use crate::evaluate::layers::{self, Layer, LayeredDecision, LayeredRequest};
use crate::evaluate::{Action, StatementRef};
use crate::policy::{Dialect, Document, Kind};
use crate::{Error, ErrorCode};
use std::sync::Arc;

/// The policies that bear on a request in the AWS dialect, by where they are attached. An empty list is a
/// layer that is not there, and so does not limit.
#[derive(Clone, Copy, Debug, Default)]
pub struct LayerPolicies<'a> {
    /// Those of the user and its groups, or of the role.
    pub identity: &'a [&'a Policy],
    /// The permissions boundary of the user or role.
    pub boundary: Option<&'a Policy>,
    /// Those passed when the session was made.
    pub session: &'a [&'a Policy],
    /// Service control policies of the caller's account: a list for each level, from the root of the
    /// organisation to the account. None where they bind nobody: in the management account, and for roles
    /// that are linked to a service.
    pub scp: &'a [Vec<&'a Policy>],
    /// Resource control policies of the resource's account, likewise; none for services that have none.
    pub rcp: &'a [Vec<&'a Policy>],
    /// That of the resource: a bucket policy, or the trust policy of a role.
    pub resource: Option<&'a Policy>,
    /// That of the VPC endpoint through which the request came.
    pub endpoint: Option<&'a Policy>,
    /// The settings of Block Public Access, of the account and the bucket together.
    pub public_access_block: PublicAccessBlock,
}

/// Layers of policies of the AWS dialect, compiled (`aws-evaluation` 2 to 4). Immutable and shareable
/// between threads.
///
/// ```
/// use s3iam::facade::{Ask, Caller, Dialect, Kind, LayerPolicies, Layers};
/// use s3iam::{Policy, PolicyOptions, Query, Target};
/// let parse = |kind, text: &str| {
///     Policy::parse(text.as_bytes(), &PolicyOptions { dialect: Dialect::Aws, kind, ..PolicyOptions::default() })
/// };
/// let identity = parse(Kind::Identity, r#"{"Version": "2012-10-17", "Statement": [
///     {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}"#)?;
/// let boundary = parse(Kind::Boundary, r#"{"Version": "2012-10-17", "Statement": [
///     {"Effect": "Allow", "Action": "s3:Get*", "Resource": "*"}]}"#)?;
/// let policies = LayerPolicies { identity: &[&identity], boundary: Some(&boundary), ..LayerPolicies::default() };
/// let layers = Layers::of(&policies)?;
///
/// let caller = Some(Caller::User { arn: "arn:aws:iam::111122223333:user/alice" });
/// let ask = |action| {
///     let query = Query::new(action, Target::Resource("arn:aws:s3:::photos/cat.jpg"));
///     layers.answer(&Query { caller, ..query })
/// };
/// assert!(ask("s3:GetObject")?.decision.allowed());
/// assert_eq!(ask("s3:PutObject")?.layer, Some("boundary"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Layers {
    identity: Option<Compiled>,
    boundary: Option<Compiled>,
    session: Option<Compiled>,
    scp: Vec<Compiled>,
    rcp: Vec<Compiled>,
    resource: Option<Compiled>,
    endpoint: Option<Compiled>,
    public_access_block: PublicAccessBlock,
}

/// The policies of one layer, or of one level of it.
#[derive(Debug)]
struct Compiled {
    documents: Vec<Arc<Document>>,
    program: Program,
}

impl Compiled {
    fn of(policies: &[&Policy], layer: Layer) -> Result<Self, Error> {
        let is_of_a_resource = matches!(layer, Layer::Rcp | Layer::Endpoint | Layer::Resource);
        for policy in policies {
            let Document { kind, dialect, .. } = **policy.document();
            if !dialect.is_aws() {
                return Err(invalid("layers are made of policies of the AWS dialect"));
            }
            let is_right = match layer {
                Layer::Resource => matches!(kind, Kind::Bucket | Kind::Trust),
                Layer::Rcp => kind == Kind::Rcp,
                Layer::Endpoint => kind == Kind::Endpoint,
                _ => kind.is_of_a_resource() == is_of_a_resource,
            };
            if !is_right {
                return Err(invalid(format!(
                    "a policy of the kind `{}` does not belong into the layer `{}`",
                    kind.name(),
                    layer.name()
                )));
            }
        }
        let documents: Vec<Arc<Document>> =
            policies.iter().map(|policy| Arc::clone(policy.document())).collect();
        let program = Program::compile(&named(&documents))?;
        Ok(Self { documents, program })
    }

    fn some(policies: &[&Policy], layer: Layer) -> Result<Option<Self>, Error> {
        if policies.is_empty() { Ok(None) } else { Self::of(policies, layer).map(Some) }
    }
}

impl Layers {
    /// Compiles the policies of each layer.
    ///
    /// # Errors
    ///
    /// [`ErrorCode::InvalidArgument`] for a policy of another dialect, and for one that is of a resource
    /// where the layer is not, or the other way round.
    pub fn of(policies: &LayerPolicies<'_>) -> Result<Self, Error> {
        let one = |policy: Option<&Policy>, layer| match policy {
            Some(policy) => Compiled::of(&[policy], layer).map(Some),
            None => Ok(None),
        };
        let levels = |levels: &[Vec<&Policy>], layer| {
            levels.iter().map(|level| Compiled::of(level, layer)).collect::<Result<Vec<_>, _>>()
        };
        Ok(Self {
            identity: Compiled::some(policies.identity, Layer::Identity)?,
            boundary: one(policies.boundary, Layer::Boundary)?,
            session: Compiled::some(policies.session, Layer::Session)?,
            scp: levels(policies.scp, Layer::Scp)?,
            rcp: levels(policies.rcp, Layer::Rcp)?,
            resource: one(policies.resource, Layer::Resource)?,
            endpoint: one(policies.endpoint, Layer::Endpoint)?,
            public_access_block: policies.public_access_block,
        })
    }

    /// Decides a request. Does not allocate where the organisation has at most four levels.
    ///
    /// # Errors
    ///
    /// [`ErrorCode::InvalidArgument`] for a query without a caller.
    pub fn decide(&self, query: &Query<'_>) -> Result<LayeredDecision, Error> {
        let (scp, rcp) = (programs(&self.scp), programs(&self.rcp));
        let layers = layers::Layers {
            identity: program(self.identity.as_ref()),
            boundary: program(self.boundary.as_ref()),
            session: program(self.session.as_ref()),
            scp: &scp,
            rcp: &rcp,
            resource: program(self.resource.as_ref()),
            endpoint: program(self.endpoint.as_ref()),
            acl: query.acl.map(Acl::view),
            public_access_block: self.public_access_block,
        };
        ask(query, |request| Ok(layers::decide(&layers, request)))
    }

    /// The statement that a decision names.
    pub fn statement(&self, decision: &LayeredDecision) -> Option<StatementInfo<'_>> {
        self.statement_of(decision.layer, decision.level, decision.decision.statement?)
    }

    /// The statement at a place of a layer.
    pub fn statement_of(
        &self,
        layer: Layer,
        level: u32,
        reference: StatementRef,
    ) -> Option<StatementInfo<'_>> {
        let compiled = match layer {
            Layer::Identity => self.identity.as_ref(),
            Layer::Boundary => self.boundary.as_ref(),
            Layer::Session => self.session.as_ref(),
            Layer::Scp => self.scp.get(level as usize),
            Layer::Rcp => self.rcp.get(level as usize),
            Layer::Resource => self.resource.as_ref(),
            Layer::Endpoint => self.endpoint.as_ref(),
            Layer::Acl | Layer::PublicAccessBlock => None,
        };
        compiled?.program.statement(reference)
    }
}

impl Ask for Layers {
    fn dialect(&self) -> Dialect {
        Dialect::Aws
    }

    fn answer(&self, query: &Query<'_>) -> Result<Answer<'_>, Error> {
        let decided = self.decide(query)?;
        let LayeredDecision { decision, layer, level } = decided;
        Ok(Answer { decision, layer: Some(layer.name()), level, statement: self.statement(&decided) })
    }

    fn explain(&self, query: &Query<'_>) -> Result<Explained, Error> {
        let (scp, rcp) = (levels(&self.scp), levels(&self.rcp));
        let (scp, rcp): (Vec<&[Named<'_>]>, Vec<&[Named<'_>]>) =
            (scp.iter().map(Vec::as_slice).collect(), rcp.iter().map(Vec::as_slice).collect());
        let documents = LayerDocuments {
            identity: &list(self.identity.as_ref()),
            boundary: &list(self.boundary.as_ref()),
            session: &list(self.session.as_ref()),
            scp: &scp,
            rcp: &rcp,
            resource: &list(self.resource.as_ref()),
            endpoint: &list(self.endpoint.as_ref()),
            acl: query.acl.map(Acl::view),
            public_access_block: self.public_access_block,
        };
        let explained = ask(query, |request| explain_layers(&documents, request))?;
        let LayeredDecision { decision, layer, level } = explained.decision;
        let layers = explained.layers.into_iter().map(|trace| LayerExplained {
            layer: Some(trace.layer.name()),
            level: trace.level,
            explanation: trace.explanation,
        });
        Ok(Explained {
            decision,
            layer: Some(layer.name()),
            level,
            sentence: explained.sentence,
            layers: layers.collect(),
        })
    }

    fn access(&self, _: &Query<'_>, _: &ContextMap<'_>, _: bool) -> Result<Access, Error> {
        Err(Error::with_message(
            ErrorCode::Unsupported,
            "which resources layers allow depends on the account of each: ask one policy",
        ))
    }

    fn for_each_document(&self, f: &mut dyn FnMut(&Document)) {
        let all = [&self.identity, &self.resource];
        all.into_iter().flatten().flat_map(|compiled| &compiled.documents).for_each(|document| f(document));
    }
}

fn program(compiled: Option<&Compiled>) -> Option<&Program> {
    compiled.map(|compiled| &compiled.program)
}

fn list(compiled: Option<&Compiled>) -> Vec<Named<'_>> {
    compiled.map_or_else(Vec::new, |compiled| named(&compiled.documents))
}

fn levels(levels: &[Compiled]) -> Vec<Vec<Named<'_>>> {
    levels.iter().map(|level| named(&level.documents)).collect()
}

fn programs(levels: &[Compiled]) -> crate::short::SmallVec<[&Program; 4]> {
    levels.iter().map(|level| &level.program).collect()
}

/// Puts a query as the layers take it.
fn ask<R>(query: &Query<'_>, ask: impl FnOnce(&LayeredRequest<'_>) -> Result<R, Error>) -> Result<R, Error> {
    let caller = query.caller.ok_or_else(|| invalid("layers need to know the caller"))?;
    query.with_arn(|resource| {
        ask(&LayeredRequest {
            caller,
            action: Action::named(query.action),
            resource,
            resource_account: query.resource_account,
            context: query.context,
        })
    })
}
