//! Conditions: operators, their values, and what they answer for a request.
//!
//! A condition holds if all its tests hold. A test reads the values of one key and compares them as
//! its operator says (`policy-language` 3). A test on a value that the gateway did not give is
//! [`Truth::Unknown`](crate::evaluate::Truth::Unknown), and whoever combines it decides towards refusal.

mod address;
#[cfg(feature = "aws")]
mod aws;
#[cfg(feature = "aws")]
mod decimal;
mod key;
pub mod operator;
mod scalar;
mod string;
mod test;
pub mod value;

#[cfg(feature = "aws")]
pub(crate) use aws::value_fault;
pub use key::Key;
pub use test::Test;
