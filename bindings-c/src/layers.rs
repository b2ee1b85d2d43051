//! Layers: the policies of the AWS dialect that bear on a request, decided together.

use crate::ask;
use crate::decision::{s3iam_layer, s3iam_layered_decision, sid};
use crate::error::s3iam_error;
use crate::names::s3iam_names;
use crate::options::c_bool;
use crate::panic::{call, give, given, value};
use crate::pointer;
use crate::policy::s3iam_policy;
use crate::query::s3iam_query;
use crate::status::s3iam_status;
use crate::text::{s3iam_string, s3iam_text};
use s3iam::facade::{LayerPolicies, Layers, Policy, PolicyLayer, PublicAccessBlock, StatementRef};
use std::mem::MaybeUninit;

/// Policies of the AWS dialect by where they are attached, decided together as AWS does: a Deny anywhere
/// wins; the organisation, the endpoint, the boundary and the session must each allow where they are there;
/// the caller's own policies or that of the resource make the grant. Immutable: any number of threads may
/// ask it at once. Free with `s3iam_layers_free`.
pub struct s3iam_layers(Layers);

/// The policies that are attached at one level of an organisation. This struct does not change within one
/// soname.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct s3iam_level<'a> {
    /// The policies.
    pub policies: *const Option<&'a s3iam_policy>,
    /// The number of policies.
    pub policies_len: usize,
}

/// The policies that bear on a request, by where they are attached. Members that are zero are layers that
/// are not there, and so do not limit.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct s3iam_layer_policies<'a> {
    /// `sizeof(s3iam_layer_policies)`.
    pub size: usize,
    /// Those of the user and its groups, or of the role.
    pub identity: *const Option<&'a s3iam_policy>,
    /// The number of identity policies.
    pub identity_len: usize,
    /// Those passed when the session was made.
    pub session: *const Option<&'a s3iam_policy>,
    /// The number of session policies.
    pub session_len: usize,
    /// Service control policies of the caller's account: the levels from the root of the organisation to
    /// the account. None where they bind nobody: in the management account, and for roles that are linked to
    /// a service.
    pub scp: *const s3iam_level<'a>,
    /// The number of levels.
    pub scp_len: usize,
    /// Resource control policies of the resource's account, likewise; none for services that have none.
    pub rcp: *const s3iam_level<'a>,
    /// The number of levels.
    pub rcp_len: usize,
    /// The permissions boundary of the user or role.
    pub boundary: Option<&'a s3iam_policy>,
    /// That of the resource: a bucket policy, or the trust policy of a role.
    pub resource: Option<&'a s3iam_policy>,
    /// That of the VPC endpoint through which the request came.
    pub endpoint: Option<&'a s3iam_policy>,
    /// Block Public Access, of the account and the bucket together: lists that grant to everyone are refused
    /// when they are put.
    pub block_public_acls: c_bool,
    /// What lists grant to everyone counts for nothing.
    pub ignore_public_acls: c_bool,
    /// Policies that are public are refused when they are put.
    pub block_public_policy: c_bool,
    /// Where the bucket's policy is public, services and callers of the owner's account only are let in.
    pub restrict_public_buckets: c_bool,
}

/// Compiles the policies of each layer. They are copied and stay the caller's. A policy of another dialect,
/// and one of a kind that does not belong into its layer, is `S3IAM_ERROR_INVALID_ARGUMENT`. `detail` may be
/// NULL.
#[unsafe(no_mangle)]
pub extern "C" fn s3iam_layers_new(
    policies: *const s3iam_layer_policies<'_>,
    out: Option<&mut MaybeUninit<Box<s3iam_layers>>>,
    detail: Option<&mut MaybeUninit<Box<s3iam_error>>>,
) -> s3iam_status {
    call(detail, || {
        let policies = pointer::sized(policies)?;
        let (scp, rcp) = (
            s3iam_level::list(&policies.scp, policies.scp_len)?,
            s3iam_level::list(&policies.rcp, policies.rcp_len)?,
        );
        let layers = Layers::of(&LayerPolicies {
            identity: &s3iam_policy::list(&policies.identity, policies.identity_len)?,
            boundary: policies.boundary.map(s3iam_policy::core),
            session: &s3iam_policy::list(&policies.session, policies.session_len)?,
            scp: &scp,
            rcp: &rcp,
            resource: policies.resource.map(s3iam_policy::core),
            endpoint: policies.endpoint.map(s3iam_policy::core),
            public_access_block: PublicAccessBlock {
                block_public_acls: policies.block_public_acls.is_set(),
                ignore_public_acls: policies.ignore_public_acls.is_set(),
                block_public_policy: policies.block_public_policy.is_set(),
                restrict_public_buckets: policies.restrict_public_buckets.is_set(),
            },
        })?;
        give(out, Box::new(s3iam_layers(layers)))
    })
}

/// Gives the answer of layers to a question. The query names the principal; one that does not is
/// `S3IAM_ERROR_INVALID_ARGUMENT`. `detail` may be NULL.
#[unsafe(no_mangle)]
pub extern "C" fn s3iam_layers_decide(
    layers: Option<&s3iam_layers>,
    query: *const s3iam_query,
    out: Option<&mut MaybeUninit<s3iam_layered_decision>>,
    detail: Option<&mut MaybeUninit<Box<s3iam_error>>>,
) -> s3iam_status {
    call(detail, || ask::decide(&given(layers)?.0, query, out))
}

/// Gives the answers of layers to `len` questions, as `s3iam_policy_decide_many` does.
#[unsafe(no_mangle)]
pub extern "C" fn s3iam_layers_decide_many(
    layers: Option<&s3iam_layers>,
    queries: *const s3iam_query,
    len: usize,
    out: *mut MaybeUninit<s3iam_layered_decision>,
    detail: Option<&mut MaybeUninit<Box<s3iam_error>>>,
) -> s3iam_status {
    call(detail, || ask::decide_many(&given(layers)?.0, queries, len, out))
}

/// Gives the answer of layers to a question with the reasons for it, as JSON text like that of
/// `s3iam_policy_explain`. The string is the caller's to free. `detail` may be NULL.
#[unsafe(no_mangle)]
pub extern "C" fn s3iam_layers_explain(
    layers: Option<&s3iam_layers>,
    query: *const s3iam_query,
    out: Option<&mut MaybeUninit<Box<s3iam_string>>>,
    detail: Option<&mut MaybeUninit<Box<s3iam_error>>>,
) -> s3iam_status {
    call(detail, || ask::explain(&given(layers)?.0, query, out))
}

/// Gives the names of the actions that layers allow on the resource of a query, as
/// `s3iam_policy_allowed_actions` does. The list is the caller's to free. `detail` may be NULL.
#[unsafe(no_mangle)]
pub extern "C" fn s3iam_layers_allowed_actions(
    layers: Option<&s3iam_layers>,
    query: *const s3iam_query,
    out: Option<&mut MaybeUninit<Box<s3iam_names>>>,
    detail: Option<&mut MaybeUninit<Box<s3iam_error>>>,
) -> s3iam_status {
    call(detail, || ask::allowed_actions(&given(layers)?.0, query, out))
}

/// The `Sid` of the statement that a decision names; empty if it has none, if there is no such statement,
/// and for NULL. It belongs to the layers.
#[unsafe(no_mangle)]
pub extern "C" fn s3iam_layers_sid(
    layers: Option<&s3iam_layers>,
    layer: u32,
    level: u32,
    policy: u32,
    statement: u32,
) -> s3iam_text {
    value(s3iam_text::EMPTY, || {
        let name = s3iam_layer::numbered(layer).map(s3iam_layer::name);
        let layer = PolicyLayer::ALL.into_iter().find(|layer| Some(layer.name()) == name);
        let (Some(layers), Some(layer)) = (layers, layer) else { return s3iam_text::EMPTY };
        sid(layers.0.statement_of(layer, level, StatementRef { policy, statement }))
    })
}

/// Frees layers. NULL is ignored.
#[unsafe(no_mangle)]
pub extern "C" fn s3iam_layers_free(layers: Option<Box<s3iam_layers>>) {
    value((), || drop(layers));
}

impl<'a> s3iam_level<'a> {
    /// The policies of each level.
    fn list(levels: &'a *const Self, len: usize) -> Result<Vec<Vec<&'a Policy>>, s3iam_error> {
        let levels = pointer::slice(levels, len)?;
        levels.iter().map(|level| s3iam_policy::list(&level.policies, level.policies_len)).collect()
    }
}
