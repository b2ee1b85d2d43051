//! What is asked of a policy.

use super::{Caller, Context};
use crate::catalog::{self, ActionId};

/// An action by its name and, where the catalogue knows it, its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Action<'a> {
    name: &'a str,
    id: Option<ActionId>,
}

impl<'a> Action<'a> {
    /// The action of that name. Any text is accepted; a name outside the catalogue is matched by
    /// patterns only.
    pub fn named(name: &'a str) -> Self {
        Self { name, id: catalog::find_action(name) }
    }

    /// A catalogued action.
    pub fn known(id: ActionId) -> Action<'static> {
        Action { name: catalog::action(id).name, id: Some(id) }
    }

    /// The name, for example `s3:GetObject`.
    pub fn name(&self) -> &'a str {
        self.name
    }

    /// The number in the catalogue.
    pub fn id(&self) -> Option<ActionId> {
        self.id
    }
}

/// A request to a policy: may `account` do `action` on `bucket`/`object` in this context?
#[derive(Clone, Copy)]
pub struct Request<'a> {
    /// What is to be done.
    pub action: Action<'a>,
    /// The bucket name; for KMS actions the key name; empty for service-level actions.
    pub bucket: &'a [u8],
    /// The object key, decoded; empty for actions on a bucket.
    pub object: &'a [u8],
    /// The whole name of the resource, for policies of the AWS dialect: an ARN, or `*` for actions on
    /// none. Where it is empty it is that of the bucket and object.
    pub resource: &'a [u8],
    /// Who asks, for policies of the AWS dialect that name principals.
    pub caller: Option<&'a Caller<'a>>,
    /// The caller has a permissions boundary, so that no `NotPrincipal` of a Deny spares it.
    pub has_boundary: bool,
    /// The account that asks, as bucket policies match it; empty for anonymous.
    pub account: &'a str,
    /// Condition values.
    pub context: &'a dyn Context,
    /// The caller owns the storage: allowed unless a Deny applies.
    pub is_owner: bool,
    /// Only an explicit Deny matters (MinIO's self-service calls, `policy-language` 6.5).
    pub deny_only: bool,
}

impl<'a> Request<'a> {
    /// A plain request for `action` on a bucket and object.
    pub fn new(action: Action<'a>, bucket: &'a [u8], object: &'a [u8], context: &'a dyn Context) -> Self {
        Self {
            action,
            bucket,
            object,
            resource: b"",
            caller: None,
            has_boundary: false,
            account: "",
            context,
            is_owner: false,
            deny_only: false,
        }
    }
}
