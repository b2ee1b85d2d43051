//! Questions about policies rather than about one request.

pub mod partial;
pub mod public;
