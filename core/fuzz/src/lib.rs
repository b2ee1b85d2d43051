//! What fuzzing checks, as functions of bytes. The programs in `targets/` give them random input, and an
//! ordinary test of the core, `tests/fuzz_seeds.rs`, the inputs in `seeds/`.

pub mod authorization;
pub mod bucket_policy;
pub mod canonical;
pub mod chunk_decoder;
mod compare;
pub mod condition_value;
mod context;
pub mod decide;
pub mod document;
mod form;
pub mod packed_request;
pub mod pattern;
pub mod post_policy;
pub mod query;
mod signed;
pub mod variable;

use s3iam::policy::{Dialect, Document, Kind, Limits};

/// A target's name and its check, which panics if something does not hold.
pub type Target = (&'static str, fn(&[u8]));

/// Every target.
pub const ALL: [Target; 12] = [
    ("authorization", authorization::check),
    ("bucket_policy", bucket_policy::check),
    ("canonical", canonical::check),
    ("chunk_decoder", chunk_decoder::check),
    ("condition_value", condition_value::check),
    ("decide", decide::check),
    ("document", document::check),
    ("packed_request", packed_request::check),
    ("pattern", pattern::check),
    ("post_policy", post_policy::check),
    ("query", query::check),
    ("variable", variable::check),
];

/// Text as a JSON string.
fn json_string(text: &str) -> String {
    let mut out = String::new();
    s3iam::json::write_string(&mut out, text);
    out
}

/// A document with larger limits than usual.
fn read(text: &[u8], dialect: Dialect, kind: Kind) -> Document {
    Document::read(text, dialect, kind, Limits { document_bytes: 1 << 20, ..Limits::default() })
}
