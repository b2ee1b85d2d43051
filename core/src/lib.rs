//! Identity and access management for S3-compatible storage.
//!
//! `s3iam` answers one question about a raw HTTP request: *who is calling, what do they want to do,
//! and may they?* It reads IAM policies, verifies AWS signatures and keeps users, groups and access
//! keys, and it does no I/O at all: time, storage and look-ups are arguments.
//!
//! The modules lie in the order in which a request meets them:
//!
//! | stage | module | what it does |
//! |---|---|---|
//! | raw request | [`http`] | method, target and headers as received |
//! | signature | [`signature`] | classify the authentication form, verify it, mint an identity |
//! | operation | [`operation`] | which S3 operation is this, which checks does it need |
//! | identity | [`identity`] | users, groups, access keys: which policies apply |
//! | evaluate | [`policy`], [`compile`](mod@compile), [`evaluate`] | documents, compiled programs, decisions |
//! | verdict | [`authorize`], [`error`] | allowed and who, or an S3 error |
#![forbid(unsafe_code)]

pub mod authorize;
pub mod catalog;
pub mod compile;
pub mod condition;
pub mod error;
pub mod evaluate;
pub mod facade;
pub mod http;
pub mod identity;
pub mod json;
pub mod manual;
pub mod operation;
pub mod pattern;
pub mod policy;
pub mod signature;
pub mod time;
pub mod validate;

pub use error::{Error, ErrorCode};
pub use time::Timestamp;
