//! The canonical text of a document means what the document means, and is one for all spellings.

// A test fails by panicking.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use s3iam::condition::operator::{Family, Operator};
use s3iam::condition::value::{self, Network};
use s3iam::policy::{
    Dialect, Document, Element, Kind, Limits, Scalar, ScalarKind, Statement, built_in, built_in_names,
};
use s3iam::validate::Status;
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::Path;

fn read(text: &str, kind: Kind) -> Document {
    Document::read(text.as_bytes(), Dialect::Minio, kind, Limits::default())
}

fn canonical(text: &str) -> String {
    read(text, Kind::Identity).canonical_text().unwrap()
}

#[test]
fn spellings_of_one_policy_have_one_text() {
    let long = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:GetObject","s3:PutObject"],"Resource":["*"],"Condition":{"IpAddress":{"aws:SourceIp":["10.0.0.0/8","2001:db8::1/128"]},"Null":{"aws:username":[false]},"NumericLessThan":{"aws:EpochTime":[7]}}}]}"#;
    assert_eq!(canonical(long), long);
    let spellings = [
        r#"{"version":"2012-10-17","statement":[{"action":["s3:PutObject","s3:GetObject","s3:PutObject"],"EFFECT":"Allow","Resource":"*","Condition":{"Null":{"aws:username":"F"},"NumericLessThan":{"aws:EpochTime":"+07"},"IpAddress":{"aws:SourceIp":["2001:db8::1","10.1.2.3/8"]}}}]}"#,
        r#"{"Statement":[{"Resource":["**"],"Condition":{"NumericLessThan":{"aws:EpochTime":7},"Bool":{},"Null":{"aws:username":null},"IpAddress":{"aws:SourceIp":["2001:db8::1","10.1.2.3/8"]}},"Effect":"Allow","Action":["s3:PutObject","s3:GetObject"]}],"Version":"2012-10-17"} x"#,
    ];
    for text in spellings {
        assert_eq!(canonical(text), long);
    }
}

#[test]
fn what_is_missing_is_written_as_minio_writes_it() {
    assert_eq!(canonical("{}"), r#"{"Version":"","Statement":[]}"#);
    assert_eq!(canonical(r#"{"Id":"","Version":null,"Statement":null}"#), r#"{"Version":"","Statement":[]}"#);
    let text = r#"{"Id":"a\"b","Version":"2012-10-17","Statement":[{"Sid":"é\n","Action":"s3:*"}]}"#;
    assert_eq!(
        canonical(text),
        r#"{"ID":"a\"b","Version":"2012-10-17","Statement":[{"Sid":"é\n","Effect":"","Action":["s3:*"]}]}"#
    );
}

#[test]
fn bytes_and_booleans_keep_their_form() {
    let text = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":["s3:*"],"Resource":["*"],"Condition":{"BinaryEquals":{"aws:username":["YWJj"]},"Bool":{"aws:SecureTransport":["T"]}}}]}"#;
    assert_eq!(canonical(text), text);
    assert_eq!(canonical(&text.replace("YWJj", r"YW\nJj")), text);
    assert_eq!(canonical(&text.replace(r#"["T"]"#, "true")), text.replace("\"T\"", "\"true\""));
}

#[test]
#[cfg(feature = "accounts")]
fn whom_a_statement_leaves_out_is_written() {
    // An Allow with a `NotPrincipal` allows nobody; without it would allow those whom its Principal names.
    let text = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":["*"]},"NotPrincipal":{"AWS":["eve"]},"Action":["s3:GetObject"],"Resource":["arn:aws:s3:::b/*"]}]}"#;
    let document = read(text, Kind::Bucket);
    assert_eq!(document.status(), Status::Invalid);
    assert_eq!(document.canonical_text().unwrap(), text);
    let spelt = text.replace(r#"{"AWS":["eve"]}"#, r#"{"aws":"eve","AWS":["eve","eve"]}"#);
    assert_eq!(read(&spelt, Kind::Bucket).canonical_text().unwrap(), text);
}

#[test]
fn a_document_that_cannot_be_read_has_no_text() {
    assert_eq!(read("{", Kind::Identity).canonical_text(), None);
    assert_eq!(read(r#"{"Statement":[{"Resource":"b"}]}"#, Kind::Identity).canonical_text(), None);
}

/// Everything that counts about a statement, without order, repeats and spelling.
fn meaning(statement: &Statement) -> (Option<&str>, Vec<BTreeSet<String>>, BTreeSet<String>) {
    let texts = |element: &Option<Element>| -> BTreeSet<String> {
        let values = element.iter().flat_map(|element| &element.values);
        values.map(|value| value.text.replace("**", "*")).collect()
    };
    let sets = [&statement.action, &statement.not_action, &statement.resource, &statement.not_resource];
    let conditions = statement.conditions.iter().map(|entry| {
        let family = Operator::parse(&entry.operator.text).unwrap().base.family();
        let values: BTreeSet<String> = entry.values.iter().map(|value| compared(family, value)).collect();
        format!("{} {} {values:?}", entry.operator.text, entry.key.text)
    });
    let principal = statement.principal.iter().flat_map(|principal| {
        let everyone = principal.everyone.then(|| "*".to_owned());
        principal.aws.iter().map(|text| text.text.to_string()).chain(everyone)
    });
    let mut sets: Vec<BTreeSet<String>> = sets.into_iter().map(texts).collect();
    sets.push(principal.collect());
    let effect = statement.effect.as_ref().map(|effect| effect.text.as_str()).filter(|text| !text.is_empty());
    (effect, sets, conditions.collect())
}

/// A value as it is compared.
fn compared(family: Family, value: &Scalar) -> String {
    let null = value.kind == ScalarKind::Null;
    match family {
        Family::Numeric => value::integer(&value.text).unwrap().to_string(),
        Family::Null => (!null && value::boolean(&value.text).unwrap()).to_string(),
        Family::Bool if null => "false".to_owned(),
        Family::Binary => format!("{:?}", value::base64(&value.text).unwrap()),
        Family::Address => format!("{:?}", Network::parse(&value.text).unwrap()),
        _ => value.text.to_string(),
    }
}

#[test]
fn the_text_reads_back_to_the_same_meaning() {
    let mut texts: Vec<(String, Kind)> =
        built_in_names().map(|name| (built_in(name).unwrap().to_owned(), Kind::Identity)).collect();
    for folder in ["policy", "validate"] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/cases").join(folder);
        for entry in std::fs::read_dir(folder).unwrap() {
            let file: Value = serde_json::from_slice(&std::fs::read(entry.unwrap().path()).unwrap()).unwrap();
            for case in file["cases"].as_array().unwrap() {
                let is_bucket = case["policy_kind"] == "bucket" || case["kind"] == "bucket";
                let kind = if is_bucket { Kind::Bucket } else { Kind::Identity };
                let policies = case["policies"].as_array().into_iter().flatten().chain(case.get("policy"));
                texts.extend(policies.map(|policy| (policy.to_string(), kind)));
                texts.extend(case["policy_text"].as_str().map(|text| (text.to_owned(), kind)));
            }
        }
    }
    let mut compared = 0;
    for (text, kind) in &texts {
        let document = read(text, *kind);
        let Some(canonical) = document.canonical_text() else {
            assert_eq!(document.status(), Status::Unreadable);
            continue;
        };
        let again = read(&canonical, *kind);
        assert_eq!(again.canonical_text().as_ref(), Some(&canonical), "{text}");
        assert_eq!(again.statements.len(), document.statements.len(), "{text}");
        for (one, two) in document.statements.iter().zip(&again.statements) {
            assert_eq!(meaning(one), meaning(two), "{text}");
        }
        compared += 1;
    }
    assert!(compared > 400, "only {compared} documents could be read");
}
