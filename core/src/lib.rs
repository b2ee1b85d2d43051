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
//! | account | [`account`] | which policies are asked and whose answer counts |
//! | verdict | [`authorize`], [`error`] | allowed and who, or an S3 error |
//!
//! # A policy
//!
//! ```
//! use s3iam::evaluate::{ContextMap, Outcome};
//! use s3iam::{Policy, PolicyOptions, Query, Target};
//!
//! let policy = Policy::parse(
//!     br#"{
//!         "Version": "2012-10-17",
//!         "Statement": [
//!             { "Sid": "OwnFolder", "Effect": "Allow", "Action": "s3:GetObject",
//!               "Resource": "arn:aws:s3:::photos/${aws:username}/*" }
//!         ]
//!     }"#,
//!     &PolicyOptions::default(),
//! )?;
//!
//! let mut context = ContextMap::new();
//! context.add("aws:username", b"alice");
//! let ask = |resource| {
//!     policy.decide(&Query::new("s3:GetObject", Target::Resource(resource)).with_context(&context))
//! };
//!
//! let decision = ask("arn:aws:s3:::photos/alice/cat.jpg");
//! assert_eq!(decision.outcome, Outcome::Allow);
//! let statement = decision.statement.and_then(|s| policy.statement(s)).unwrap();
//! assert_eq!(statement.sid, Some("OwnFolder"));
//!
//! assert_eq!(ask("arn:aws:s3:::photos/bob/cat.jpg").outcome, Outcome::ImplicitDeny);
//! # Ok::<(), s3iam::PolicyRefused>(())
//! ```
//!
//! # A request
//!
//! ```
//! use s3iam::http::HttpRequest;
//! use s3iam::{Facts, Iam, Options, Timestamp};
//!
//! let iam = Iam::load(
//!     br#"{
//!         "version": 1,
//!         "users": {
//!             "alice": {
//!                 "secret_key": "alice-secret-key",
//!                 "policies": ["readonly"],
//!                 "access_keys": [
//!                     { "access_key": "AKIDEXAMPLEUSER00001",
//!                       "secret_key": "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY" }
//!                 ]
//!             }
//!         }
//!     }"#,
//!     Options::default(),
//! )?;
//!
//! let verdict = iam.authorize(
//!     &HttpRequest {
//!         method: b"GET",
//!         target: b"/bucket/photos/cat.jpg",
//!         headers: &[
//!             (b"Host", b"s3.example.com"),
//!             (b"X-Amz-Date", b"20260115T120000Z"),
//!             (b"X-Amz-Content-SHA256", b"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
//!             (b"Authorization", b"AWS4-HMAC-SHA256 \
//!                 Credential=AKIDEXAMPLEUSER00001/20260115/us-east-1/s3/aws4_request, \
//!                 SignedHeaders=host;x-amz-content-sha256;x-amz-date, \
//!                 Signature=9b5ff4bea9cab22b49f5102afd14b3b771d53a0a3dddb7184dd4c385fbe14f64"),
//!         ],
//!         peer: None,
//!         secure: true,
//!         body: None,
//!     },
//!     &Facts::default(),
//!     Timestamp::parse_rfc3339(b"2026-01-15T12:00:07Z").unwrap(),
//! );
//! assert!(verdict.allowed());
//! assert_eq!(verdict.user(), Some("alice"));
//! # Ok::<(), s3iam::Error>(())
//! ```
//!
//! # Features
//!
//! - `accounts` (default): decisions by bucket policies, for whole accounts ([`Account`]) and for API calls.
//!   What only authorizes requests, and is to be small, leaves it out; bucket policies are then refused
//!   with [`ErrorCode::Unsupported`].
//! - `aws` (default): the AWS dialect of policies. What needs MinIO's only, and is to be small, leaves
//!   it out; documents of that dialect are then refused with the finding `E010`.
//! - `forms` (default): every form of AWS signature. Without it there is SigV4 in the header and in the query,
//!   over a body as a whole or not at all; the others are recognised and refused.
//! - `serde`: findings, decisions and errors serialize.
#![forbid(unsafe_code)]

pub mod account;
pub mod analyze;
pub mod authorize;
mod bytes;
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
mod numbers;
pub mod operation;
pub mod pattern;
pub mod policy;
mod shared;
mod short;
pub mod signature;
pub mod time;
pub mod validate;

pub use authorize::{Facts, Iam, Options, Verdict};
pub use error::{Error, ErrorCode};
#[cfg(feature = "accounts")]
pub use facade::{Account, AccountDecision, Credential, OperationQuery};
pub use facade::{Policy, PolicyOptions, PolicyRefused, PolicySet, Query, Target, validate};
pub use time::Timestamp;

/// The examples of the README.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;
