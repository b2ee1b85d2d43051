//! Condition operators.
