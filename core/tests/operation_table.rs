//! The table of all S3 operations, where the checkout has it beside it: each is recognised as itself
//! or refused as not implemented, and none is taken for another.

// A test fails by panicking.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use s3iam::ErrorCode;
use s3iam::http::{Header, HttpRequest};
use s3iam::operation::{Hosting, recognise};
use serde_json::Value;

/// What tells these apart is outside the query and the headers of the table.
const TOLD_OTHERWISE: [&str; 3] = ["ListDirectoryBuckets", "PostObjectFanOut", "WriteGetObjectResponse"];

#[test]
fn no_operation_is_taken_for_another() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/spec/s3-operations.json");
    let Ok(text) = std::fs::read(path) else { return };
    let table: Value = serde_json::from_slice(&text).unwrap();
    let mut recognised = Vec::new();
    for entry in table["operations"].as_array().unwrap() {
        let name = entry["operation"].as_str().unwrap();
        if TOLD_OTHERWISE.contains(&name) {
            continue;
        }
        match operation(entry) {
            Ok(found) if found == name => recognised.push(found),
            Ok(other) => panic!("{name} is taken for {other}"),
            Err(code) => assert_eq!(code, ErrorCode::NotImplemented, "{name}"),
        }
    }
    assert_eq!(recognised.len(), if cfg!(feature = "forms") { 23 } else { 22 }, "{recognised:?}");
}

/// The operation that the request of an entry is recognised as.
fn operation(entry: &Value) -> Result<&'static str, ErrorCode> {
    let texts = |member: &str| -> Vec<String> {
        entry[member].as_array().unwrap().iter().map(|text| text.as_str().unwrap().replace('*', "")).collect()
    };
    let path = match entry["target"].as_str().unwrap() {
        "service" => "/",
        "bucket" => "/bucket",
        // The suffix makes MinIO look inside the archive where a header asks for it.
        _ => "/bucket/a.zip/key",
    };
    let value = |name: &str| if name == "x-amz-copy-source" { "source/key" } else { "1" };
    let query: Vec<String> = texts("query").iter().map(|key| with_value(key, "1").join("=")).collect();
    let headers: Vec<[String; 2]> = texts("headers").iter().map(|key| with_value(key, value(key))).collect();
    let headers: Vec<Header<'_>> =
        headers.iter().map(|[name, value]| (name.as_bytes(), value.as_bytes())).collect();
    let target = format!("{path}?{}", query.join("&"));
    let request = HttpRequest {
        method: entry["method"].as_str().unwrap().as_bytes(),
        target: target.as_bytes(),
        headers: &headers,
        peer: None,
        secure: true,
        body: None,
    };
    recognise(&request, &Hosting::default()).map(|r| r.operation.name()).map_err(|error| error.code())
}

/// `name=value`, or a name alone with some value.
fn with_value(key: &str, value: &str) -> [String; 2] {
    let (name, value) = key.split_once('=').unwrap_or((key, value));
    [name.to_owned(), value.to_owned()]
}
