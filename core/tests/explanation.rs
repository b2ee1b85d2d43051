//! What an explanation says.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, missing_docs)]

use s3iam::compile::Named;
use s3iam::evaluate::acl::{Acl, AclGrant, AclPermission, Grantee, ObjectOwnership};
use s3iam::evaluate::explain::{Explanation, LayerDocuments, explain, explain_layers};
use s3iam::evaluate::layers::{Layer, LayeredRequest};
use s3iam::evaluate::public_access::PublicAccessBlock;
use s3iam::evaluate::{Action, Caller, ContextMap, Outcome, Request, Truth};
use s3iam::policy::{Dialect, Document, Kind, Limits};

fn document(text: &str, dialect: Dialect, kind: Kind) -> Document {
    Document::read(text.as_bytes(), dialect, kind, Limits::default())
}

fn minio(text: &str, object: &str, context: &[(&str, &str)]) -> Explanation {
    let document = document(text, Dialect::Minio, Kind::Identity);
    let mut map = ContextMap::new();
    context.iter().for_each(|(name, value)| map.add(name, value.as_bytes()));
    let request = Request::new(Action::named("s3:GetObject"), b"photos", object.as_bytes(), &map);
    explain(&[Named { name: "team", document: &document }], &request).unwrap()
}

const POLICY: &str = r#"{"Version": "2012-10-17", "Statement": [
    {"Sid": "Put", "Effect": "Allow", "Action": "s3:PutObject", "Resource": "arn:aws:s3:::photos/*"},
    {"Sid": "Office", "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::photos/*",
     "Condition": {"IpAddress": {"aws:SourceIp": "192.0.2.0/24"}, "StringEquals": {"aws:username": "alice"}}},
    {"Sid": "Secret", "Effect": "Deny", "Action": "s3:*", "Resource": "arn:aws:s3:::photos/secret/*"}
]}"#;

#[test]
fn each_element_says_why_it_does_not_match() {
    let explained = minio(POLICY, "cat.jpg", &[("aws:SourceIp", "198.51.100.7")]);
    assert_eq!(explained.decision.outcome, Outcome::ImplicitDeny);
    let [put, office, secret] = explained.statements.as_slice() else { unreachable!() };
    let failing = |at: &s3iam::evaluate::explain::StatementTrace| -> Vec<String> {
        at.elements.iter().filter(|e| e.holds == Truth::False).map(|e| e.detail.clone()).collect()
    };
    assert_eq!(failing(put), ["Action: `s3:GetObject` is not among the actions"]);
    assert_eq!(
        failing(office),
        [
            "Condition IpAddress aws:SourceIp does not hold: the request has `198.51.100.7`",
            "Condition StringEquals aws:username does not hold: the request has no value",
        ]
    );
    assert_eq!(failing(secret), ["Resource: `photos/cat.jpg` matches none of the resources"]);
    let missing: Vec<&str> =
        office.elements.iter().flat_map(|e| &e.missing_keys).map(String::as_str).collect();
    assert_eq!(missing, ["aws:username"]);
    let resource = &secret.elements[1];
    assert_eq!(resource.span.of(POLICY.as_bytes()), br#""arn:aws:s3:::photos/secret/*""#);
}

#[test]
fn a_sentence_names_the_statement_or_the_nearest_one() {
    let alice = [("aws:SourceIp", "192.0.2.9"), ("aws:username", "alice")];
    assert_eq!(
        minio(POLICY, "cat.jpg", &alice).sentence,
        "`s3:GetObject` is allowed by statement 1 (`Office`) of the policy `team`."
    );
    assert_eq!(
        minio(POLICY, "secret/x", &alice).sentence,
        "`s3:GetObject` is denied by statement 2 (`Secret`) of the policy `team`."
    );
    assert_eq!(
        minio(POLICY, "cat.jpg", &alice[..1]).sentence,
        "`s3:GetObject` is denied: no statement allows it; the nearest is statement 1 (`Office`) of the policy \
         `team`, but Condition StringEquals aws:username does not hold: the request has no value."
    );
    let empty = minio(r#"{"Version": "2012-10-17", "Statement": []}"#, "x", &[]);
    assert_eq!(empty.sentence, "`s3:GetObject` is denied: no statement allows anything.");
}

#[test]
fn a_broken_statement_is_said_to_be_one() {
    let broken = r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": 1,
        "Resource": ["b/*"]}]}"#;
    let explained = minio(broken, "x", &[]);
    assert_eq!(explained.sentence, "`s3:GetObject` is denied: a policy cannot be evaluated.");
    assert_eq!(explained.statements[0].applies, Truth::Unknown);
}

#[test]
fn a_statement_without_the_principal_that_it_needs_says_so() {
    let text = r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:GetObject",
        "Resource": "*"}}"#;
    let document = document(text, Dialect::Aws, Kind::Bucket);
    let context = ContextMap::of(Dialect::Aws);
    let request = Request::new(Action::named("s3:GetObject"), b"photos", b"cat.jpg", &context);
    let explained = explain(&[Named { name: "team", document: &document }], &request).unwrap();
    assert_eq!(explained.decision.outcome, Outcome::ImplicitDeny);
    assert_eq!(
        explained.sentence,
        "`s3:GetObject` is denied: no statement allows it; the nearest is statement 0 of the policy `team`, \
         but Principal: the statement names nobody."
    );
}

#[test]
fn layers_are_explained_one_by_one() {
    let identity = document(
        r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}}"#,
        Dialect::Aws,
        Kind::Identity,
    );
    let boundary = document(
        r#"{"Version": "2012-10-17", "Statement": {"Sid": "Ec2", "Effect": "Allow", "Action": "ec2:*", "Resource": "*"}}"#,
        Dialect::Aws,
        Kind::Boundary,
    );
    let context = ContextMap::of(Dialect::Aws);
    let asked = LayeredRequest {
        caller: Caller::User { arn: "arn:aws:iam::111122223333:user/alice" },
        action: Action::named("s3:GetObject"),
        resource: "arn:aws:s3:::photos/cat.jpg",
        resource_account: None,
        context: &context,
    };
    let identity = [Named { name: "all", document: &identity }];
    let boundary = [Named { name: "limit", document: &boundary }];
    let documents = LayerDocuments { identity: &identity, boundary: &boundary, ..LayerDocuments::default() };
    let explained = explain_layers(&documents, &asked).unwrap();
    assert_eq!(explained.decision.layer, Layer::Boundary);
    assert_eq!(explained.decision.decision.outcome, Outcome::ImplicitDeny);
    let layers: Vec<Layer> = explained.layers.iter().map(|trace| trace.layer).collect();
    assert_eq!(layers, [Layer::Identity, Layer::Boundary]);
    assert_eq!(
        explained.sentence,
        "In the layer `boundary`: `s3:GetObject` is denied: no statement allows it; the nearest is statement 0 \
         (`Ec2`) of the policy `limit`, but Action: `s3:GetObject` is not among the actions."
    );
}

/// What is said about a request for an object of the bucket of 111122223333.
fn of_s3(documents: &LayerDocuments<'_>, caller: Caller<'_>, action: &str) -> (Vec<Layer>, String) {
    let context = ContextMap::of(Dialect::Aws);
    let asked = LayeredRequest {
        caller,
        action: Action::named(action),
        resource: "arn:aws:s3:::photos/cat.jpg",
        resource_account: Some("111122223333"),
        context: &context,
    };
    let explained = explain_layers(documents, &asked).unwrap();
    (explained.layers.iter().map(|trace| trace.layer).collect(), explained.sentence)
}

#[test]
fn lists_and_blocked_public_access_are_explained() {
    let grants = [AclGrant { grantee: Grantee::AllUsers, permission: AclPermission::Read }];
    let acl = Acl { ownership: ObjectOwnership::ObjectWriter, object: &grants, ..Acl::default() };
    let documents = LayerDocuments { acl: Some(acl), ..LayerDocuments::default() };
    let (layers, sentence) = of_s3(&documents, Caller::Anonymous, "s3:GetObject");
    assert_eq!(layers, [Layer::Acl]);
    let text =
        "In the layer `acl`: `s3:GetObject` is allowed: grant 0 of the object's list gives READ to everyone.";
    assert_eq!(sentence, text);

    let block = PublicAccessBlock { ignore_public_acls: true, ..PublicAccessBlock::default() };
    let ignored = LayerDocuments { public_access_block: block, ..documents };
    let (layers, sentence) = of_s3(&ignored, Caller::Anonymous, "s3:GetObject");
    assert_eq!(layers, [Layer::PublicAccessBlock, Layer::Acl]);
    let text = "In the layer `public_access_block`: `s3:GetObject` is denied: a list grants it, but to everyone, \
        which is ignored.";
    assert_eq!(sentence, text);

    let root = Caller::Root { arn: "arn:aws:iam::111122223333:root" };
    let acl = Acl { object: &[], object_owner: Some("444455556666"), ..acl };
    let documents = LayerDocuments { acl: Some(acl), ..LayerDocuments::default() };
    let (_, sentence) = of_s3(&documents, root, "s3:GetObject");
    let text = "In the layer `acl`: `s3:GetObject` is denied: the object belongs to the account `444455556666`, and \
        its list does not grant it.";
    assert_eq!(sentence, text);
}

#[test]
fn a_policy_that_closes_the_bucket_is_explained() {
    let policy = document(
        r#"{"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "*"},
            {"Sid": "Lock", "Effect": "Deny", "Principal": "*", "Action": "s3:*Policy", "Resource": "*"}
        ]}"#,
        Dialect::Aws,
        Kind::Bucket,
    );
    let policy = [Named { name: "bucket", document: &policy }];
    let block = PublicAccessBlock { restrict_public_buckets: true, ..PublicAccessBlock::default() };
    let documents =
        LayerDocuments { resource: &policy, public_access_block: block, ..LayerDocuments::default() };
    let (layers, sentence) = of_s3(&documents, Caller::Anonymous, "s3:GetObject");
    assert_eq!(layers, [Layer::Resource, Layer::PublicAccessBlock]);
    let text = "In the layer `public_access_block`: `s3:GetObject` is denied: the bucket's policy is public, which \
        closes it to all but services and its owner's account.";
    assert_eq!(sentence, text);

    let root = Caller::Root { arn: "arn:aws:iam::111122223333:root" };
    let (_, sentence) = of_s3(&documents, root, "s3:PutBucketPolicy");
    let text = "`s3:PutBucketPolicy` is allowed: a root user needs no identity policy. The bucket's policy denies it, \
        but the root user of its owner may always repair that policy.";
    assert_eq!(sentence, text);
}
