//! Decisions: what a policy answers to a request.

pub mod acl;
mod caller;
mod context;
mod decision;
pub mod explain;
mod explain_s3;
pub mod layers;
pub mod public_access;
pub mod reference;
#[cfg(feature = "aws")]
pub mod reference_aws;
mod request;
mod s3;
mod truth;

pub use caller::Caller;
pub use context::{Context, ContextKey, ContextMap, EmptyContext, Value, Values};
pub use decision::{Decision, Outcome, Reason, StatementRef};
pub use request::{Action, Request};
pub use truth::Truth;
