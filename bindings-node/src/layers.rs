//! Layers of policies, in the AWS dialect.

use crate::ask::{answer, thrown};
use crate::policy::Policy;
use napi::bindgen_prelude::ClassInstance;
use napi_derive::napi;
use s3iam::facade::{self, LayerPolicies, PublicAccessBlock};

/// Policies by where they are attached.
#[napi]
pub struct Layers {
    inner: facade::Layers,
}

/// The policies of each layer.
#[napi(object, object_to_js = false)]
pub struct LayerChoices<'env> {
    pub identity: Vec<ClassInstance<'env, Policy>>,
    pub boundary: Option<ClassInstance<'env, Policy>>,
    pub session: Vec<ClassInstance<'env, Policy>>,
    pub scp: Vec<Vec<ClassInstance<'env, Policy>>>,
    pub rcp: Vec<Vec<ClassInstance<'env, Policy>>>,
    pub resource: Option<ClassInstance<'env, Policy>>,
    pub endpoint: Option<ClassInstance<'env, Policy>>,
    pub public_access_block: BlockChoices,
}

/// The settings of Block Public Access.
#[napi(object, object_to_js = false)]
pub struct BlockChoices {
    pub block_public_acls: Option<bool>,
    pub ignore_public_acls: Option<bool>,
    pub block_public_policy: Option<bool>,
    pub restrict_public_buckets: Option<bool>,
}

#[napi]
impl Layers {
    /// Compiles the policies of each layer.
    #[napi(factory, catch_unwind)]
    pub fn of(choices: LayerChoices<'_>) -> napi::Result<Self> {
        let (scp, rcp) = (levels(&choices.scp), levels(&choices.rcp));
        let policies = LayerPolicies {
            identity: &all(&choices.identity),
            boundary: one(&choices.boundary),
            session: &all(&choices.session),
            scp: &scp,
            rcp: &rcp,
            resource: one(&choices.resource),
            endpoint: one(&choices.endpoint),
            public_access_block: choices.public_access_block.read(),
        };
        facade::Layers::of(&policies).map(|inner| Self { inner }).map_err(thrown)
    }

    /// Answers a packed question, as JSON.
    #[napi(catch_unwind)]
    pub fn ask(&self, verb: String, text: &[u8], lengths: &[u32], flags: u32) -> napi::Result<String> {
        answer(&self.inner, &verb, text, lengths, flags)
    }
}

impl BlockChoices {
    /// The core's settings.
    fn read(&self) -> PublicAccessBlock {
        PublicAccessBlock {
            block_public_acls: self.block_public_acls.unwrap_or_default(),
            ignore_public_acls: self.ignore_public_acls.unwrap_or_default(),
            block_public_policy: self.block_public_policy.unwrap_or_default(),
            restrict_public_buckets: self.restrict_public_buckets.unwrap_or_default(),
        }
    }
}

type Given<'env> = ClassInstance<'env, Policy>;

fn one<'a>(policy: &'a Option<Given<'_>>) -> Option<&'a facade::Policy> {
    policy.as_ref().map(|policy| policy.inner())
}

fn all<'a>(policies: &'a [Given<'_>]) -> Vec<&'a facade::Policy> {
    policies.iter().map(|policy| policy.inner()).collect()
}

fn levels<'a>(levels: &'a [Vec<Given<'_>>]) -> Vec<Vec<&'a facade::Policy>> {
    levels.iter().map(|level| all(level)).collect()
}
