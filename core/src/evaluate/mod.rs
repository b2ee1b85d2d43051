//! Decisions: what a policy answers to a request.

mod caller;
mod context;
mod decision;
pub mod explain;
pub mod layers;
pub mod reference;
#[cfg(feature = "aws")]
pub mod reference_aws;
mod request;
mod truth;

pub use caller::Caller;
pub use context::{Context, ContextKey, ContextMap, EmptyContext, Value, Values};
pub use decision::{Decision, Outcome, Reason, StatementRef};
pub use request::{Action, Request};
pub use truth::Truth;
