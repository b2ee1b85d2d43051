//! Whole requests: `cargo bench -p s3iam --bench authorize`.
//!
//! The directory holds many users, each with twenty policies of its own group; the request is one
//! that the last policy allows.
#![allow(missing_docs, clippy::unwrap_used, clippy::indexing_slicing)]

mod measure;
#[allow(dead_code)]
#[path = "../tests/signing/mod.rs"]
mod signing;

use measure::{head, measure, row};
use s3iam::authorize::{Facts, Iam, Options};
use s3iam::http::Header;
use s3iam::operation::{Hosting, recognise};
use s3iam::signature::Verifier;
use signing::{Draft, Signer, Wire};
use std::fmt::Write;
use std::time::Instant;

fn main() {
    head("authorize, signing key cached");
    for users in [1, 100_000] {
        let document = directory(users);
        let start = Instant::now();
        let iam = Iam::load(document.as_bytes(), Options::default()).unwrap();
        let load = start.elapsed();
        assert_eq!(*iam.problems(), []);
        let signer = signer(users - 1);
        let get = Draft::new("GET", "/bucket-19/photos/2026/cat.jpg");
        for (name, wire) in [
            ("header GET", signer.sign(&get)),
            ("presigned GET", signer.presign(&get, "600")),
            ("listing by prefix", signer.sign(&list())),
            ("denied GET", signer.sign(&Draft::new("GET", "/elsewhere/photos/2026/cat.jpg"))),
        ] {
            let timing = authorize(&iam, &signer, &wire, name != "denied GET");
            let verify = verify(&iam, &signer, &wire);
            row(&format!("{users} users, {name}"), timing, &format!("verification {:.1}", verify.least));
        }
        println!("{users} users read from {} bytes in {load:?}", document.len());
    }

    head("recognise");
    for (name, draft) in [
        ("GET object", Draft::new("GET", "/bucket-19/photos/2026/cat.jpg")),
        ("listing", list()),
        ("copy", Draft::new("PUT", "/bucket-19/k").header("x-amz-copy-source", "/source/photos/cat.jpg")),
    ] {
        let wire = signer(0).sign(&draft);
        let headers = headers(&wire);
        let request = wire.request(&headers);
        let hosting = Hosting::default();
        row(name, measure(|| recognise(&request, &hosting).unwrap().operation), "");
    }
}

fn list() -> Draft {
    Draft::new("GET", "/bucket-19").query("list-type", "2").query("prefix", "photos/")
}

fn signer(user: usize) -> Signer {
    Signer {
        access_key: format!("user-{user:06}"),
        secret: format!("secret-{user:020}"),
        ..Signer::default()
    }
}

fn headers(wire: &Wire) -> Vec<Header<'_>> {
    wire.headers.iter().map(|(name, value)| (name.as_bytes(), value.as_bytes())).collect()
}

fn authorize(iam: &Iam, signer: &Signer, wire: &Wire, allowed: bool) -> measure::Timing {
    let headers = headers(wire);
    let request = wire.request(&headers);
    let (facts, now) = (Facts::default(), signer.now());
    let verdict = iam.authorize(&request, &facts, now);
    assert_eq!(verdict.allowed(), allowed, "{:?}", verdict.error());
    measure(|| iam.authorize(&request, &facts, now))
}

/// Verification alone, against the same directory.
fn verify(iam: &Iam, signer: &Signer, wire: &Wire) -> measure::Timing {
    let (directory, verifier) = (iam.directory(), Verifier::default());
    let headers = headers(wire);
    let request = wire.request(&headers);
    measure(|| verifier.verify(&request, &*directory, signer.now()).is_ok())
}

/// A hundred users share a group, and a group has twenty policies.
fn directory(users: usize) -> String {
    let mut out = String::from("{\"version\": 1, \"policies\": {");
    for policy in 0..20 {
        let comma = if policy == 0 { "" } else { "," };
        let _ = write!(
            out,
            "{comma}\"policy-{policy}\": {{\"Version\": \"2012-10-17\", \"Statement\": [{{\"Effect\": \"Allow\", \
             \"Action\": [\"s3:GetObject\", \"s3:ListBucket\"], \
             \"Resource\": [\"arn:aws:s3:::bucket-{policy}\", \"arn:aws:s3:::bucket-{policy}/photos/*\"]}}]}}"
        );
    }
    out.push_str("}, \"users\": {");
    for user in 0..users {
        let comma = if user == 0 { "" } else { "," };
        let Signer { access_key, secret, .. } = signer(user);
        let _ = write!(out, "{comma}\"{access_key}\": {{\"secret_key\": \"{secret}\"}}");
    }
    out.push_str("}, \"groups\": {");
    for group in 0..users.div_ceil(100) {
        let members: Vec<String> = (group * 100..users.min(group * 100 + 100))
            .map(|user| format!("\"{}\"", signer(user).access_key))
            .collect();
        let comma = if group == 0 { "" } else { "," };
        let policies: Vec<String> = (0..20).map(|policy| format!("\"policy-{policy}\"")).collect();
        let _ = write!(
            out,
            "{comma}\"group-{group}\": {{\"members\": [{}], \"policies\": [{}]}}",
            members.join(","),
            policies.join(",")
        );
    }
    out.push_str("}}");
    out
}
