//! The native addon of the npm package `s3iam`.
//!
//! This crate converts types and lifetimes and nothing else: every rule is behind
//! [`s3iam::facade`], and the surface that users see is written by hand in `lib/`. Two forms keep a
//! call cheap: what is asked crosses as one buffer, and what is called often is a plain function that
//! holds its own state ([`napi::Env::create_function_from_closure`]), because a method call on an
//! addon's class costs five times as much.
//!
//! No panic crosses into JavaScript: every entry point catches it and throws instead.

// In a test build, which only lints make, the functions are not registered with Node.
#![cfg_attr(test, allow(dead_code))]

mod account;
mod ask;
mod body;
mod diagnosis;
mod failure;
mod iam;
mod layers;
mod options;
mod policy;
mod request;
mod signer;
mod upload;
mod verifier;
