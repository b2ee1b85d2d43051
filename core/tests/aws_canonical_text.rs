//! The canonical text of a document of the AWS dialect means what the document means, and is one for all
//! spellings. `S3IAM_PROPERTY_CASES` sets how many random policies are tried.

#![cfg(feature = "aws")]
// A test fails by panicking.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod aws_random;

use aws_random::{Policy, asked, cases, compile, policy, principal, read};
use proptest::prelude::*;
use s3iam::policy::{Document, Kind};
use serde_json::json;

fn canonical(text: &str, kind: Kind) -> String {
    read(text, kind).canonical_text().unwrap()
}

#[test]
fn spellings_of_one_policy_have_one_text() {
    let long = r#"{"Version":"2008-10-17","Id":"p","Statement":[{"Sid":"a","Effect":"Deny","Principal":{"AWS":["*"]},"Action":["s3:GetObject","s3:PutObject"],"Resource":["**","*"],"Condition":{"Bool":{"aws:SecureTransport":["false"]},"IpAddress":{"aws:SourceIp":["10.0.0.0/8","2001:db8::1/128"]},"Null":{"aws:username":[false]},"NumericLessThan":{"s3:max-keys":[7]}}}]}"#;
    let long = long.replace(r#"["**","*"]"#, r#"["*","**"]"#);
    assert_eq!(canonical(&long, Kind::Bucket), long);
    let spelt = r#"{"Id":"p","Statement":{"Principal":"*","Action":["s3:PutObject","s3:GetObject","s3:PutObject"],"Effect":"Deny","Sid":"a","Resource":["**","*"],"Condition":{"Null":{"aws:username":"False"},"NumericLessThan":{"s3:max-keys":"+07"},"IpAddress":{"aws:SourceIp":["2001:db8::1","10.1.2.3/8"]},"Bool":{"aws:SecureTransport":false}}},"Version":"2008-10-17"}"#;
    assert_eq!(canonical(spelt, Kind::Bucket), long);
}

#[test]
fn what_is_missing_stays_missing_and_principals_keep_their_types() {
    assert_eq!(canonical(r#"{"Statement":[]}"#, Kind::Identity), r#"{"Statement":[]}"#);
    let text = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","NotPrincipal":{"AWS":["111122223333","arn:aws:iam::111122223333:user/a"],"CanonicalUser":["79a5"],"Federated":["accounts.google.com"],"Service":["a.amazonaws.com","b.amazonaws.com"]},"NotAction":[],"NotResource":["arn:aws:s3:::b/${aws:username, 'x'}"],"Condition":{"ForAllValues:StringLikeIfExists":{"aws:TagKeys":[]},"NumericEquals":{"a:b":["1.50"]}}}]}"#;
    assert_eq!(canonical(text, Kind::Bucket), text);
    let everyone = r#"{"Statement":{"Effect":"Allow","Principal":{"AWS":["111122223333","*"],"Service":"a.amazonaws.com"}}}"#;
    let written =
        r#"{"Statement":[{"Effect":"Allow","Principal":{"AWS":["*"],"Service":["a.amazonaws.com"]}}]}"#;
    assert_eq!(canonical(everyone, Kind::Bucket), written);
}

/// Checks that the text reads back, and to the same text.
fn reprinted(document: &Document) -> Document {
    let text = document.canonical_text().unwrap();
    let again = read(&text, document.kind);
    assert_eq!(again.canonical_text().as_ref(), Some(&text));
    assert_eq!(again.statements.len(), document.statements.len(), "{text}");
    again
}

fn any_kind() -> impl Strategy<Value = Policy> {
    prop_oneof![policy(Kind::Identity), policy(Kind::Bucket), policy(Kind::Trust), policy(Kind::Scp)]
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn the_text_decides_as_the_document_does(
        policy in any_kind(),
        requests in proptest::collection::vec(asked(), 10..11),
    ) {
        let document = policy.document();
        let again = reprinted(&document);
        prop_assert_eq!(document.status(), again.status());
        let (one, two) = (compile(&[&document]), compile(&[&again]));
        for asked in &requests {
            prop_assert_eq!(one.decide(&asked.request()), two.decide(&asked.request()), "{:?}", asked);
        }
    }

    #[test]
    fn order_and_repeats_do_not_change_the_text(policy in any_kind(), principal in principal()) {
        let turned = |value: &serde_json::Value| match value.as_array() {
            Some(list) => json!(list.iter().rev().chain(list).collect::<Vec<_>>()),
            None => json!([value]),
        };
        let mut one = policy;
        for statement in &mut one.statements {
            statement["Principal"] = principal.clone();
        }
        let mut two = one.clone();
        for statement in &mut two.statements {
            for (name, value) in statement.as_object_mut().unwrap() {
                match name.as_str() {
                    "Action" | "NotAction" | "Resource" | "NotResource" => *value = turned(value),
                    "Principal" if value.is_object() => {
                        value.as_object_mut().unwrap().values_mut().for_each(|v| *v = turned(v));
                    }
                    "Condition" => {
                        let operators = value.as_object_mut().unwrap();
                        let operators = operators.iter_mut().filter(|(name, _)| !name.ends_with("Null"));
                        let keys = operators.flat_map(|(_, keys)| keys.as_object_mut().unwrap().values_mut());
                        keys.for_each(|values| *values = turned(values));
                    }
                    _ => {}
                }
            }
        }
        let text = |policy: &Policy| policy.document().canonical_text().unwrap();
        prop_assert_eq!(text(&one), text(&two));
    }
}
