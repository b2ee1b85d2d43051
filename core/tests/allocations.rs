//! What must not touch the heap: accepting ordinary requests once the signing key is cached.
//!
//! The tests count on their own thread, so they may run beside each other.

#![cfg(all(feature = "aws", feature = "accounts"))]
// A test fails by panicking.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

#[cfg(feature = "forms")]
#[allow(dead_code, missing_docs)]
mod chunking;
#[allow(dead_code, missing_docs)]
mod counting;
#[allow(dead_code, missing_docs)]
mod signing;

use counting::allocations;
use s3iam::authorize::{self, Facts, Iam};
use s3iam::facade::{
    Account, Caller, ContextMap, Credential, Dialect, Kind, LayerPolicies, Layers, OperationQuery, Policy,
    PolicyOptions, Query, Target,
};
use s3iam::http::{Header, HttpRequest};
use s3iam::signature::{Options, Verified, Verifier};
use signing::{Draft, Signer, Wire};

fn verifying(signer: &Signer, wire: &Wire, token: Option<&str>) -> usize {
    let ring = signer.ring_with(token, None);
    let verifier = Verifier::new(Options { region: signer.region.clone(), ..Options::default() });
    let headers: Vec<Header<'_>> =
        wire.headers.iter().map(|(name, value)| (name.as_bytes(), value.as_bytes())).collect();
    let request = wire.request(&headers);
    let verify = || match verifier.verify(&request, &ring, signer.now()) {
        Ok(Verified::Signed(identity)) => identity.owner(),
        other => panic!("{other:?}"),
    };
    assert!(allocations(verify) > 0, "the first request fills the cache, which the counter must see");
    allocations(verify)
}

#[test]
fn a_header_signed_get_allocates_nothing() {
    let signer = Signer::default();
    let get = Draft::new("GET", "/bucket/photos/2026/cat.jpg").header("Range", "bytes=0-1023");
    assert_eq!(verifying(&signer, &signer.sign(&get), None), 0);
}

#[test]
fn many_headers_and_parameters_allocate_nothing() {
    let signer = Signer::default();
    let mut list = Draft::new("GET", "/bucket/a key with späces (and more)");
    for n in 0..16 {
        list = list.query(&format!("parameter {n}"), "a/value, which is escaped");
    }
    for n in 0..28 {
        list = list.header(&format!("x-amz-meta-{n}"), " a   value  with spaces ");
    }
    let wire = signer.sign(&list);
    assert_eq!(wire.headers.len(), 32);
    assert_eq!(verifying(&signer, &wire, None), 0);
}

#[test]
fn presigned_requests_allocate_nothing() {
    let signer = Signer::default();
    let get = Draft::new("GET", "/bucket/photos/2026/cat.jpg").query("response-content-type", "image/jpeg");
    assert_eq!(verifying(&signer, &signer.presign(&get, "3600"), None), 0);
}

#[test]
fn session_tokens_allocate_nothing() {
    let signer = Signer::default();
    let token = "IQoJb3JpZ2luX2VjE//".repeat(60);
    let get = Draft::new("GET", "/bucket/key");
    let in_header = signer.sign(&get.clone().header("x-amz-security-token", &token));
    assert_eq!(verifying(&signer, &in_header, Some(&token)), 0);
    let in_query = signer.presign(&get.query("X-Amz-Security-Token", &token), "60");
    assert_eq!(verifying(&signer, &in_query, Some(&token)), 0);
}

/// Chunks of a body: how often reading it allocates, by the size of the pieces that it arrives in.
#[cfg(feature = "forms")]
#[test]
fn single_chunks_allocate_nothing() {
    use chunking::{Chunked, Mode};
    let data = vec![b'x'; 65_536];
    let reading = |mode, chunks: usize, piece: usize| {
        let body = Chunked::new(mode, None, data.chunks(8192).cycle().take(chunks));
        let mut reader = body.reader();
        allocations(|| {
            for mut input in body.body.chunks(piece) {
                while !input.is_empty() {
                    let pushed = reader.push(input).unwrap();
                    input = &input[pushed.taken..];
                }
            }
            reader.finish().unwrap()
        })
    };
    assert_eq!(reading(Mode::Unsigned, 500, 1448), 0);
    assert_eq!(reading(Mode::Signed, 500, usize::MAX), 0, "whole chunks are released where they lie");
    // What is gathered grows to the size of a chunk and is used again.
    let few = reading(Mode::Signed, 5, 1448);
    assert!(few > 0 && few <= 14, "{few}");
    assert_eq!(reading(Mode::Signed, 500, 1448), few);
}

#[cfg(feature = "forms")]
#[test]
fn only_what_is_announced_of_a_body_allocates() {
    let signer = Signer::default();
    let whole = signer.sign(&Draft::new("PUT", "/bucket/key").body(b"hello"));
    assert_eq!(verifying(&signer, &whole, None), 0);
    let md5 =
        Draft::new("PUT", "/bucket/key").header("Content-MD5", "XUFAKrxLKna5cZ2REBfFkg==").body(b"hello");
    let mut announced = signer.sign(&md5);
    announced.body = None;
    // The value is decoded, and what is announced is kept.
    assert_eq!(verifying(&signer, &announced, None), 2);
}

#[test]
fn anonymous_requests_allocate_nothing() {
    let headers: [Header<'_>; 1] = [(b"Host", b"s3.example.com")];
    let wire = Wire { method: "GET".to_owned(), target: "/b/k?a=b".to_owned(), headers: vec![], body: None };
    let (ring, verifier) = (Signer::default().ring(), Verifier::default());
    let now = Signer::default().now();
    let count = allocations(|| {
        let verified = verifier.verify(&wire.request(&headers), &ring, now);
        assert!(matches!(verified, Ok(Verified::Anonymous)));
    });
    assert_eq!(count, 0);
}

/// How often authorizing allocates once the signing key is cached; the request must be allowed.
fn authorizing(statement: &str, wire: &Wire, facts: &Facts<'_>) -> usize {
    let signer = Signer::default();
    let document = format!(
        r#"{{"version": 1, "policies": {{"p": {{"Version": "2012-10-17", "Statement": [{statement}]}}}},
            "users": {{"{}": {{"secret_key": "{}"}}}},
            "groups": {{"g": {{"members": ["{}"], "policies": ["p"]}}}}}}"#,
        signer.access_key, signer.secret, signer.access_key
    );
    let iam = Iam::load(document.as_bytes(), authorize::Options::default()).unwrap();
    let headers: Vec<Header<'_>> =
        wire.headers.iter().map(|(name, value)| (name.as_bytes(), value.as_bytes())).collect();
    let request = HttpRequest { peer: Some([10, 0, 0, 1].into()), ..wire.request(&headers) };
    let authorize = || {
        let verdict = iam.authorize(&request, facts, signer.now());
        assert!(verdict.allowed(), "{:?} {:?}", verdict.error(), iam.problems());
        verdict
    };
    drop(authorize());
    allocations(authorize)
}

/// An Allow of everything under a condition.
fn allow_if(condition: &str) -> String {
    format!(
        r#"{{"Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::*", "Condition": {{{condition}}}}}"#
    )
}

#[test]
fn an_allowed_request_allocates_nothing() {
    let signer = Signer::default();
    let get = Draft::new("GET", "/bucket/photos/2026/a cat.jpg");
    let list = Draft::new("GET", "/bucket").query("list-type", "2").query("prefix", "photos/2026/");
    let put = Draft::new("PUT", "/bucket/k").header("x-amz-tagging", "env=d%65v&team=a").body(b"x");
    let copy = Draft::new("PUT", "/bucket/k").header("x-amz-copy-source", "/source/a%20key");
    let tags = Facts { object_tags: Some(&[("env", "dev")]) };
    let none = Facts::default();
    for (name, condition, wire, facts) in [
        ("header GET", r#""Bool": {"aws:SecureTransport": "true"}"#, signer.sign(&get), none),
        (
            "presigned GET",
            r#""StringEquals": {"s3:authType": "REST-QUERY-STRING"}"#,
            signer.presign(&get, "60"),
            none,
        ),
        ("address", r#""IpAddress": {"aws:SourceIp": "10.0.0.0/8"}"#, signer.sign(&get), none),
        ("prefix", r#""StringLike": {"s3:prefix": "photos/*"}"#, signer.sign(&list), none),
        ("groups", r#""ForAnyValue:StringEquals": {"aws:groups": "g"}"#, signer.sign(&get), none),
        ("stored tag", r#""StringEquals": {"s3:ExistingObjectTag/env": "dev"}"#, signer.sign(&get), tags),
        ("tag given", r#""StringEquals": {"s3:RequestObjectTag/env": "dev"}"#, signer.sign(&put), none),
        (
            "tag keys",
            r#""ForAllValues:StringEquals": {"s3:RequestObjectTagKeys": ["env", "team"]}"#,
            signer.sign(&put),
            none,
        ),
        ("copy", r#""StringLike": {"s3:x-amz-copy-source": "/source/*"}"#, signer.sign(&copy), none),
    ] {
        assert_eq!(authorizing(&allow_if(condition), &wire, &facts), 0, "{name}");
    }
}

fn policy(kind: Kind, statements: &str) -> Policy {
    let text = format!(r#"{{"Version": "2012-10-17", "Statement": [{statements}]}}"#);
    Policy::parse(text.as_bytes(), &PolicyOptions { kind, ..PolicyOptions::default() }).unwrap()
}

/// A bucket policy with a statement for each of many accounts, and one for everyone.
fn bucket_policy() -> Policy {
    let statement = |effect: &str, principal: &str, action: &str| {
        format!(
            r#"{{"Effect": "{effect}", "Principal": {principal}, "Action": "{action}",
                "Resource": "arn:aws:s3:::bucket/*"}}"#
        )
    };
    let mut statements: Vec<String> =
        (0..50).map(|n| statement("Allow", &format!(r#"{{"AWS": "user{n}"}}"#), "s3:PutObject")).collect();
    statements.push(statement("Deny", r#"{"AWS": "evil*"}"#, "s3:*"));
    statements.push(statement("Allow", r#""*""#, "s3:GetObject"));
    policy(Kind::Bucket, &statements.join(","))
}

#[test]
fn a_bucket_policy_is_asked_without_allocating() {
    let policy = bucket_policy();
    for (account, action, allowed) in [
        ("", "s3:GetObject", true),
        ("", "s3:PutObject", false),
        ("user7", "s3:PutObject", true),
        ("evil7", "s3:GetObject", false),
    ] {
        let target = Target::Object { bucket: "bucket", object: "photos/2026/cat.jpg" };
        let query = Query { account, ..Query::new(action, target) };
        let ask = || assert_eq!(policy.decide(&query).allowed(), allowed, "{account} {action}");
        assert_eq!(allocations(ask), 0, "{account} {action}");
    }
}

#[test]
fn an_account_is_asked_without_allocating() {
    let all = r#"{"Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::*"}"#;
    let session = format!(r#"{{"Version": "2012-10-17", "Statement": [{all}]}}"#);
    let (identity, bucket) = (policy(Kind::Identity, all), bucket_policy());
    let temporary = Credential::Temporary { parent_is_root: false };
    let temporary = Account::new(temporary, &[&identity], Some(session.as_bytes())).unwrap();
    let anonymous = Account::new(Credential::Anonymous, &[], None).unwrap();
    let mut context = ContextMap::new();
    context.add("aws:SourceIp", b"10.0.0.1");
    for account in [&temporary, &anonymous] {
        let target = Target::Object { bucket: "bucket", object: "photos/2026/cat.jpg" };
        let query = Query::new("s3:GetObject", target).with_context(&context);
        let ask = || assert!(account.decide(&query, Some(&bucket)).unwrap().allowed());
        assert_eq!(allocations(ask), 0);
        let call = OperationQuery::new("GetObject", "bucket", "photos/2026/cat.jpg");
        let ask = || assert!(account.decide_operation(&call, Some(&bucket)).unwrap().allowed());
        assert_eq!(allocations(ask), 0);
    }
}

#[test]
fn layers_are_asked_without_allocating() {
    let aws = |kind: Kind, statements: &str| {
        let text = format!(r#"{{"Version": "2012-10-17", "Statement": [{statements}]}}"#);
        let options = PolicyOptions { dialect: Dialect::Aws, kind, ..PolicyOptions::default() };
        Policy::parse(text.as_bytes(), &options).unwrap()
    };
    let all = r#"{"Effect": "Allow", "Action": "*", "Resource": "*"}"#;
    let home =
        r#"{"Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::bucket/${aws:username}/*"}"#;
    let tls = r#"{"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*",
        "Condition": {"Bool": {"aws:SecureTransport": "false"}}}"#;
    let (identity, boundary, session) =
        (aws(Kind::Identity, home), aws(Kind::Boundary, all), aws(Kind::Session, all));
    let (scp, bucket) = (aws(Kind::Scp, all), aws(Kind::Bucket, tls));
    let layers = Layers::of(&LayerPolicies {
        identity: &[&identity],
        boundary: Some(&boundary),
        session: &[&session],
        scp: &[vec![&scp], vec![&scp], vec![&scp]],
        resource: Some(&bucket),
        ..LayerPolicies::default()
    })
    .unwrap();
    let mut context = ContextMap::of(Dialect::Aws);
    context.add("aws:username", b"alice");
    context.add("aws:SecureTransport", b"true");
    for (resource, allowed) in [("arn:aws:s3:::bucket/alice/a", true), ("arn:aws:s3:::bucket/bob/a", false)] {
        let query = Query {
            caller: Some(Caller::User { arn: "arn:aws:iam::111122223333:user/alice" }),
            ..Query::new("s3:GetObject", Target::Resource(resource)).with_context(&context)
        };
        let ask = || assert_eq!(layers.decide(&query).unwrap().allowed(), allowed);
        assert_eq!(allocations(ask), 0, "{resource}");
    }
}
