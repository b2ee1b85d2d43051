//! Runs the cases that ask what is found about a policy document: `tests/cases/validate`, where
//! every finding is listed, and the `validate` cases of `tests/cases/policy`.

// A test fails by panicking.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use proptest::prelude::*;
use s3iam::policy::{Dialect, Document, Kind, Limits};
use s3iam::policy::{built_in, built_in_names};
use s3iam::validate::{Finding, MOST_FINDINGS, Stage, Status, check};
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::Path;

struct Case(Value);

fn cases(folder: &str) -> Vec<Case> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/cases").join(folder);
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "json"));
    files.sort();
    let read = |file: &std::path::PathBuf| -> Value {
        serde_json::from_slice(&std::fs::read(file).unwrap())
            .unwrap_or_else(|error| panic!("{}: {error}", file.display()))
    };
    let cases = files.iter().flat_map(|file| read(file)["cases"].as_array().unwrap().clone());
    cases.filter(|case| case["kind"] == "validate").map(Case).collect()
}

impl Case {
    fn id(&self) -> &str {
        self.0["id"].as_str().unwrap()
    }

    fn text(&self) -> String {
        self.0["policy_text"].as_str().map_or_else(|| self.0["policy"].to_string(), str::to_owned)
    }

    fn read(&self) -> Document {
        let (text, limits) = (self.text(), Limits::default());
        let text = text.as_bytes();
        match (self.0["policy_kind"].as_str(), self.0["bucket"].as_str()) {
            (Some("bucket"), Some(bucket)) => Document::read_for_bucket(text, Dialect::Minio, limits, bucket),
            (Some("bucket"), None) => Document::read(text, Dialect::Minio, Kind::Bucket, limits),
            _ => Document::read(text, Dialect::Minio, Kind::Identity, limits),
        }
    }

    fn statuses(&self) -> &'static [Status] {
        match (self.0["expected"].as_str().unwrap(), self.0["strict"].as_str()) {
            ("ok", None) => &[Status::Good, Status::Refused],
            ("ok", Some("invalid")) | ("refused", None) => &[Status::Refused],
            ("good", None) => &[Status::Good],
            ("invalid", None) => &[Status::Invalid],
            ("parse" | "error", None) => &[Status::Unreadable],
            (expected, strict) => panic!("{}: unknown expectation {expected}, {strict:?}", self.id()),
        }
    }

    /// Every finding, where the case lists them.
    fn findings(&self) -> Option<Vec<&str>> {
        Some(self.0["findings"].as_array()?.iter().map(|finding| finding.as_str().unwrap()).collect())
    }
}

/// A finding as the cases write it: code, severity, stage, place in bytes (and in UTF-16 units
/// where that differs), pointer.
fn line(finding: &Finding) -> String {
    let stage = match finding.stage {
        Stage::Read => "read",
        Stage::Validate => "validate",
        Stage::Create => "create",
        Stage::Advice => "advice",
    };
    let (start, end) = (finding.start, finding.end);
    let mut out = format!(
        "{} {} {stage} {}:{}-{}:{}",
        finding.code,
        finding.severity.name(),
        start.line,
        start.column,
        end.line,
        end.column
    );
    if (start.column, end.column) != (start.column_utf16, end.column_utf16) {
        out += &format!(" ({}:{}-{}:{})", start.line, start.column_utf16, end.line, end.column_utf16);
    }
    if !finding.pointer.is_empty() {
        out = out + " " + &finding.pointer;
    }
    out
}

#[test]
fn documents_have_the_status_and_findings_that_the_cases_say() {
    let mut failures = Vec::new();
    let cases: Vec<Case> = [cases("validate"), cases("policy")].into_iter().flatten().collect();
    assert!(cases.len() > 450, "only {} cases", cases.len());
    for case in &cases {
        let document = case.read();
        if !case.statuses().contains(&document.status()) {
            failures.push(format!(
                "{}: status {:?}, expected {:?}",
                case.id(),
                document.status(),
                case.statuses()
            ));
        }
        let found: Vec<String> = document.findings.iter().map(line).collect();
        if let Some(expected) = case.findings().filter(|expected| *expected != found) {
            failures.push(format!("{}: found {found:#?}, expected {expected:#?}", case.id()));
        }
    }
    assert!(failures.is_empty(), "{} failures\n{}", failures.len(), failures.join("\n"));
}

#[test]
fn every_finding_says_something_about_its_place() {
    for case in cases("validate") {
        let (document, text) = (case.read(), case.text());
        for finding in &document.findings {
            assert!(!finding.message.is_empty(), "{}: {}", case.id(), finding.code);
            assert!(finding.span.start <= finding.span.end, "{}", case.id());
            assert!(finding.span.end as usize <= text.len(), "{}", case.id());
            // A pointer leads to a value, unless it is to a member that a repeated one hides.
            if let Ok(root) = serde_json::from_str::<Value>(&text) {
                assert!(root.pointer(&finding.pointer).is_some(), "{}: {}", case.id(), finding.pointer);
            }
        }
    }
}

/// Checks that need a document which the cases cannot hold have tests of their own.
#[test]
fn every_check_has_a_case() {
    let elsewhere = ["E009", "E010", "E518"];
    let covered: BTreeSet<&str> =
        cases("validate").iter().flat_map(|case| case.read().findings).map(|finding| finding.code).collect();
    for check in check::ALL.iter().filter(|check| !elsewhere.contains(&check.code())) {
        assert!(covered.contains(check.code()), "no case for {} {}", check.code(), check.name());
    }
}

#[test]
fn statements_with_a_reading_problem_are_broken_and_no_others() {
    let text = r#"{"Version":"2012-10-17","Statement":[
        {"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"},
        {"Effect":"Deny","Action":"s3:GetObject","Resource":["b/*","arn:aws:s3:::c/*"]},
        {"Effect":"Allow","Action":"s3:Nothing","Resource":"arn:aws:s3:::b/*"},
        {"Effect":"Deny","Action":"s3:*","Resource":"*","Condition":{"Nope":{"aws:username":"x"},"Null":{"aws:username":true}}}
    ]}"#;
    let document = Document::read(text.as_bytes(), Dialect::Minio, Kind::Identity, Limits::default());
    let broken: Vec<bool> = document.statements.iter().map(|statement| statement.broken).collect();
    assert_eq!(broken, [false, true, false, true]);
    assert_eq!(document.statements[1].resource.as_ref().unwrap().values.len(), 1);
    assert_eq!(document.statements[3].conditions.len(), 1);
}

#[test]
fn a_document_over_the_limit_is_not_read() {
    let text = format!(r#"{{"Version":"2012-10-17","Statement":[],"Id":"{}"}}"#, "x".repeat(20 * 1024));
    let document = Document::read(text.as_bytes(), Dialect::Minio, Kind::Identity, Limits::default());
    assert_eq!(document.status(), Status::Unreadable);
    let codes: Vec<&str> = document.findings.iter().map(|finding| finding.code).collect();
    assert_eq!(codes, ["E009"]);
}

#[test]
fn text_that_is_not_utf8_is_read_with_a_finding() {
    let text = b"{\"Version\":\"2012-10-17\",\"Statement\":[{\"Sid\":\"\xFF\",\"Effect\":\"Allow\",\"Action\":\"s3:*\",\"Resource\":\"*\"}]}";
    let document = Document::read(text, Dialect::Minio, Kind::Identity, Limits::default());
    assert_eq!(document.status(), Status::Refused);
    assert_eq!(document.statements[0].sid.as_ref().unwrap().text, "\u{fffd}");
    assert_eq!(document.findings[0].code, "E004");
    assert_eq!(document.findings[0].pointer, "/Statement/0/Sid");
}

#[test]
fn a_session_policy_follows_the_rules_of_identity_policies() {
    let text = br#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject"}]}"#;
    let identity = Document::read(text, Dialect::Minio, Kind::Identity, Limits::default());
    let session = Document::read(text, Dialect::Minio, Kind::Session, Limits::default());
    assert_eq!(identity.findings, session.findings);
}

/// A built-in policy or a case's text, with a few bytes changed, left out or put in.
fn nearly_a_policy() -> impl Strategy<Value = Vec<u8>> {
    let built_in = built_in_names().map(|name| built_in(name).unwrap().to_owned());
    let texts: Vec<String> = built_in.chain(cases("validate").iter().map(Case::text)).collect();
    let edit = (
        any::<prop::sample::Index>(),
        0..3u8,
        prop::sample::select(b"{}[]\",:'\\*?${}/0-. \n\t\xff\xe3".to_vec()),
    );
    (prop::sample::select(texts), proptest::collection::vec(edit, 0..5)).prop_map(|(text, edits)| {
        let mut text = text.into_bytes();
        for (at, what, b) in edits {
            let at = at.index(text.len() + 1);
            match what {
                0 => text.insert(at, b),
                1 if at < text.len() => text[at] = b,
                _ if at < text.len() => drop(text.remove(at)),
                _ => {}
            }
        }
        text
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(500) })]

    #[test]
    fn any_document_is_read_without_panic_and_its_findings_are_in_order(
        text in prop_oneof![nearly_a_policy(), proptest::collection::vec(any::<u8>(), 0..300)],
        kind in prop::sample::select(vec![Kind::Identity, Kind::Bucket, Kind::Session]),
    ) {
        let document = Document::read(&text, Dialect::Minio, kind, Limits::default());
        let findings = &document.findings;
        prop_assert!(findings.windows(2).all(|w| w[0].span.start <= w[1].span.start));
        for finding in findings {
            prop_assert!(finding.span.start <= finding.span.end && finding.span.end as usize <= text.len());
            prop_assert!(finding.start.line >= 1 && finding.start.column >= 1);
        }
        // Whatever is not JSON is unreadable, but for text after the document and bytes that are
        // not UTF-8, which are replaced.
        let lossy = String::from_utf8_lossy(&text);
        let mut stream = serde_json::Deserializer::from_str(&lossy).into_iter::<Value>();
        if document.status() != Status::Unreadable && !findings.iter().any(|f| f.code == "E004") {
            prop_assert!(matches!(stream.next(), Some(Ok(_))), "{lossy}");
        }
        if let Some(canonical) = document.canonical_text() {
            let again = Document::read(canonical.as_bytes(), Dialect::Minio, kind, Limits::default());
            prop_assert_eq!(again.canonical_text(), Some(canonical));
        }
    }
}

/// Documents made to cost much: their findings are bounded, and so are those about the findings.
#[test]
fn hostile_documents_have_a_bounded_number_of_findings() {
    let fill = |before: &str, unit: &dyn Fn(usize) -> String, after: &str| {
        let units: Vec<String> = (0..1500).map(unit).collect();
        format!("{before}{}{after}", units.join(","))
    };
    let statement = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Resource":"*","Action":["#;
    for text in [
        fill(statement, &|n| format!("\"*e*e*{n}\""), "]}]}"),
        fill(statement, &|n| format!("\"s3:G{n}\""), "]}]}"),
        fill("{", &|_| "\"Effect\":0".to_owned(), "}"),
        fill("{\"Statement\":[", &|_| "{}".to_owned(), "]}"),
        fill("[", &|_| "x".to_owned(), ""),
        "[".repeat(15_000),
        "{\"a\":".repeat(3_000),
    ] {
        let limits = Limits { document_bytes: 1 << 20, ..Limits::default() };
        let document = Document::read(text.as_bytes(), Dialect::Minio, Kind::Identity, limits);
        assert!(document.status() < Status::Good);
        assert!((1..=MOST_FINDINGS + 3).contains(&document.findings.len()), "{}", document.findings.len());
    }
}

/// The help for a mistake names what was probably meant.
#[test]
fn help_names_what_was_meant() {
    let help = |statement: &str| {
        let text = format!(r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow",{statement}}}]}}"#);
        let document = Document::read(text.as_bytes(), Dialect::Minio, Kind::Identity, Limits::default());
        assert_eq!(document.findings.len(), 1, "{:?}", document.findings);
        document.findings[0].help.clone()
    };
    let action = |action: &str| help(&format!(r#""Action":"{action}","Resource":"*""#));
    let condition = |condition: &str| {
        help(&format!(r#""Action":"s3:ListBucket","Resource":"*","Condition":{condition}"#))
    };
    for (found, meant) in [
        (action("s3:GetObjects"), "did you mean `s3:GetObject`?"),
        (action("s3:PutObjct"), "did you mean `s3:PutObject`?"),
        (action("s4:GetObject"), "did you mean `s3`?"),
        (action("GetObject"), "write `s3:GetObject`"),
        (action("S3:getobject"), "write `s3:GetObject`"),
        (action("S3:Get*"), "write `s3:Get*`"),
        (action("s3:Gte*"), "did you mean `s3:Get*`?"),
        (condition(r#"{"StringLikes":{"s3:prefix":"a"}}"#), "did you mean `StringLike`?"),
        (
            condition(r#"{"ForAnyvalue:StringEqual":{"s3:prefix":"a"}}"#),
            "did you mean `ForAnyValue:StringEquals`?",
        ),
        (condition(r#"{"StringLike":{"s3:Prefixes":"a"}}"#), "did you mean `s3:prefix`?"),
        (condition(r#"{"StringLike":{"aws:SourceIP":"a"}}"#), "did you mean `aws:SourceIp`?"),
        (condition(r#"{"StringLike":{"prefix":"a"}}"#), "write `s3:prefix`"),
        (help(r#""Action":"s3:*","Resource":"*","Conditions":{}"#), "did you mean `Condition`?"),
        (help(r#""Action":"s3:*","Resource":"b/*""#), "write `arn:aws:s3:::b/*`"),
        (help(r#""Action":"s3:*","Resource":"arn:aws:s3:b""#), "did you mean `arn:aws:s3:::b`?"),
    ] {
        assert_eq!(found, meant);
    }
}
