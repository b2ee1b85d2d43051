//! Form uploads: what must hold for every form, the limits, and whole decisions. What the answers to
//! single forms are is in `tests/cases/signature`.

#![cfg(feature = "forms")]
// A test fails by panicking.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod authorization;
mod draft;
mod length;
mod limits;
mod properties;
#[allow(dead_code, missing_docs)]
#[path = "../signing/mod.rs"]
mod signing;
