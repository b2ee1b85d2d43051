//! Policies that are read as the complete module alone can read them: in the AWS dialect, or held against
//! the bucket that they are put on.

use crate::policy::{Policy, found, options};
use s3iam::facade::{Dialect, Error, PolicyOptions};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

/// As [`validate`](crate::policy::validate).
#[wasm_bindgen(js_name = validateAs)]
pub fn validate_as(text: &[u8], kind: &str, is_aws: bool, bucket: Option<String>) -> Result<String, JsValue> {
    found(text, options_as(kind, false, is_aws, bucket.as_deref()))
}

#[wasm_bindgen]
impl Policy {
    /// As [`Policy::parse`].
    #[wasm_bindgen(js_name = parseAs)]
    pub fn parse_as(
        text: &[u8],
        kind: &str,
        lenient: bool,
        is_aws: bool,
        bucket: Option<String>,
    ) -> Result<Policy, JsValue> {
        Policy::read(text, options_as(kind, lenient, is_aws, bucket.as_deref()))
    }
}

fn options_as<'a>(
    kind: &str,
    lenient: bool,
    is_aws: bool,
    bucket: Option<&'a str>,
) -> Result<PolicyOptions<'a>, Error> {
    let dialect = if is_aws { Dialect::Aws } else { Dialect::Minio };
    Ok(PolicyOptions { dialect, bucket, ..options(kind, lenient)? })
}
