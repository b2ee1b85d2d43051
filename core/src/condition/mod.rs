//! Condition operators.

pub mod operator;
pub mod value;
