//! What partial evaluation gives as data.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, missing_docs)]

use s3iam::analyze::partial::{Access, Open};
use s3iam::compile::Named;
use s3iam::evaluate::{Action, Context, ContextMap, EmptyContext, Request, Truth};
use s3iam::policy::{Dialect, Document, Kind, Limits};

const POLICY: &str = r#"{"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Action": "s3:GetObject",
     "Resource": ["arn:aws:s3:::home/${aws:username}/*", "arn:aws:s3:::public/*"]},
    {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::office/*",
     "Condition": {"IpAddress": {"aws:SourceIp": "192.0.2.0/24"}}},
    {"Effect": "Allow", "Action": "s3:PutObject", "Resource": "*"},
    {"Effect": "Deny", "Action": "s3:*", "NotResource": "arn:aws:s3:::*/*.jpg"}
]}"#;

fn access(context: &dyn Context) -> Access {
    let document = Document::read(POLICY.as_bytes(), Dialect::Minio, Kind::Identity, Limits::default());
    let request = Request::new(Action::named("s3:GetObject"), b"", b"", context);
    Access::of(&[Named { name: "", document: &document }], &request).unwrap()
}

#[test]
fn regions_are_patterns_with_the_values_of_their_variables() {
    let mut known = ContextMap::new();
    known.add("aws:username", b"a*b");
    let access = access(&Open(&known));
    let shown: Vec<Vec<String>> = access
        .allows
        .iter()
        .map(|region| region.resources.iter().map(ToString::to_string).collect())
        .collect();
    // The star of the name is no wildcard.
    assert_eq!(
        shown,
        [vec!["arn:aws:s3:::home/a${*}b/*", "arn:aws:s3:::public/*"], vec!["arn:aws:s3:::office/*"],]
    );
    assert_eq!(access.allows[0].conditions, []);
    let open = &access.allows[1].conditions[0];
    assert_eq!((open.operator.as_str(), open.key.as_str()), ("IpAddress", "aws:SourceIp"));
    assert_eq!(open.values, ["192.0.2.0/24"]);
    assert_eq!(access.denies[0].except[0].to_string(), "arn:aws:s3:::*/*.jpg");
}

#[test]
fn what_is_open_is_neither_allowed_nor_denied() {
    let mut known = ContextMap::new();
    known.add("aws:username", b"bob");
    let context = Open(&known);
    let access = access(&context);
    let allows = |bucket: &str, key: &str| {
        access.allows(&Request::new(
            Action::named("s3:GetObject"),
            bucket.as_bytes(),
            key.as_bytes(),
            &context,
        ))
    };
    assert_eq!(allows("home", "bob/cat.jpg"), Truth::True);
    assert_eq!(allows("home", "eve/cat.jpg"), Truth::False);
    assert_eq!(allows("home", "bob/cat.png"), Truth::False, "denied");
    assert_eq!(allows("office", "cat.jpg"), Truth::Unknown);
    assert_eq!(allows("office", "cat.png"), Truth::False);
}

#[test]
fn a_complete_context_leaves_nothing_open() {
    let access = access(&EmptyContext);
    assert_eq!(access.allows.len(), 1, "there is no address, so the office is out of reach");
    let without_name = access.allows[0].resources[0].to_string();
    assert_eq!(without_name, "arn:aws:s3:::home/${$}{aws:username}/*", "as written, as MinIO has it");
}

#[cfg(feature = "aws")]
#[test]
fn a_question_mark_of_an_aws_policy_is_a_character_and_not_open() {
    let policy = r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::year-20??/${aws:userid}/*"}}"#;
    let document = Document::read(policy.as_bytes(), Dialect::Aws, Kind::Identity, Limits::default());
    let known = ContextMap::of(Dialect::Aws);
    let context = Open(&known);
    let request = Request::new(Action::named("s3:GetObject"), b"", b"", &context);
    let access = Access::of(&[Named { name: "", document: &document }], &request).unwrap();
    assert_eq!(access.allows[0].resources[0].to_string(), "arn:aws:s3:::year-20??/${}/*");
}
