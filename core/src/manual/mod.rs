//! The manual: why things are as they are. Prose only.

#[doc = include_str!("differences.md")]
pub mod differences {}

#[doc = include_str!("aws.md")]
pub mod aws {}

#[doc = include_str!("threats.md")]
pub mod threats {}

#[doc = include_str!("errors.md")]
pub mod errors {}

#[cfg(feature = "forms")]
#[doc = include_str!("signature-mismatch.md")]
pub mod signature_mismatch {}
