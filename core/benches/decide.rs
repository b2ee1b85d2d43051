//! Decisions: `cargo bench -p s3iam --bench decide`.
//!
//! Statement i names two actions and the resource `arn:aws:s3:::bucket-i/prefix-i/*`; every tenth
//! carries a condition. Requests match the last statement, the middle one, or none.
#![allow(missing_docs, clippy::unwrap_used, clippy::indexing_slicing)]

mod measure;

use measure::{Timing, head, measure, row};
use s3iam::compile::{Named, Program};
use s3iam::evaluate::{Action, ContextMap, Outcome, Request};
use s3iam::policy::{Dialect, Document, Kind, Limits};

const LIMITS: Limits = Limits { document_bytes: 64 << 20, depth: 8 };

fn main() {
    head("decide, statements with a literal prefix");
    let mut last_of = Vec::new();
    for statements in [1, 10, 100, 1_000, 10_000] {
        let program = compile(&policy(statements, literal));
        for (name, at, wanted) in [
            ("last", statements - 1, Outcome::Allow),
            ("middle", statements / 2, Outcome::Allow),
            ("none", statements, Outcome::ImplicitDeny),
        ] {
            let timing = decide(&program, at, wanted);
            row(&format!("{statements} statements, request matches {name}"), timing, "");
            if name == "last" {
                last_of.push((statements, timing.least));
            }
        }
    }
    let at = |n| last_of.iter().find(|(statements, _)| *statements == n).unwrap().1;
    println!("10,000 statements take {:.2} x the time of 10", at(10_000) / at(10));

    head("decide, patterns that begin with a wildcard");
    for statements in [10, 1_000, 10_000] {
        let program = compile(&policy(statements, leading_wildcard));
        let timing = decide(&program, statements, Outcome::ImplicitDeny);
        let each = timing.least / statements as f64;
        row(&format!("{statements} statements, none matches"), timing, &format!("{each:.1} ns a statement"));
    }

    head("decide, a bucket policy with a statement for each account");
    let mut times = Vec::new();
    for accounts in [10, 10_000] {
        let program = compile_kind(&bucket_policy(accounts), Kind::Bucket);
        let account = format!("user-{}", accounts - 1);
        let context = ContextMap::new();
        let ask = || {
            let request = Request::new(Action::named("s3:GetObject"), b"bucket", b"2026/photo.jpg", &context);
            program.decide(&Request { account: &account, ..request })
        };
        assert_eq!(ask().outcome, Outcome::Allow);
        let timing = measure(ask);
        row(&format!("{accounts} statements, request matches last"), timing, "");
        times.push(timing.least);
    }
    println!("10,000 statements take {:.2} x the time of 10", times[1] / times[0]);

    head("decide, policies of a caller");
    let one = compile(&policy(10, literal));
    let alone = decide(&one, 9, Outcome::Allow);
    row("1 policy of 10 statements", alone, "");
    let texts: Vec<String> = (0..30).map(|_| policy(10, literal)).collect();
    let merged = compile_all(&texts);
    let timing = decide(&merged, 9, Outcome::Allow);
    row("30 policies of 10 statements", timing, &format!("{:.2} x", timing.least / alone.least));

    head("read and compile");
    for statements in [10, 10_000] {
        let text = policy(statements, literal);
        let floor = measure(|| serde_json::from_str::<serde_json::Value>(&text).unwrap());
        let ours = measure(|| compile(&text));
        row(&format!("{statements} statements into serde_json::Value"), floor, "");
        row(
            &format!("{statements} statements read, validated and compiled"),
            ours,
            &format!("{:.2} x Value", ours.least / floor.least),
        );
    }
}

fn decide(program: &Program, at: usize, wanted: Outcome) -> Timing {
    let (bucket, object) = (format!("bucket-{at}"), format!("prefix-{at}/2026/photo.jpg"));
    let mut context = ContextMap::new();
    context.add("aws:username", b"alice");
    context.add("aws:SourceIp", b"10.1.2.3");
    let ask = || {
        let action = Action::named("s3:GetObject");
        program.decide(&Request::new(action, bucket.as_bytes(), object.as_bytes(), &context))
    };
    assert_eq!(ask().outcome, wanted);
    measure(ask)
}

fn compile(text: &str) -> Program {
    compile_kind(text, Kind::Identity)
}

fn compile_kind(text: &str, kind: Kind) -> Program {
    let document = Document::read(text.as_bytes(), Dialect::Minio, kind, LIMITS);
    Program::compile(&[Named { name: "bench", document: &document }]).unwrap()
}

fn compile_all(texts: &[String]) -> Program {
    let read = |text: &String| Document::read(text.as_bytes(), Dialect::Minio, Kind::Identity, LIMITS);
    let documents: Vec<Document> = texts.iter().map(read).collect();
    let named: Vec<Named<'_>> = documents.iter().map(|document| Named { name: "bench", document }).collect();
    Program::compile(&named).unwrap()
}

fn literal(i: usize) -> String {
    format!("bucket-{i}/prefix-{i}/*")
}

fn leading_wildcard(i: usize) -> String {
    format!("*-{i}/nothing-{i}/*")
}

fn policy(statements: usize, resource: fn(usize) -> String) -> String {
    let statement = |i: usize| {
        let condition = match i % 20 {
            9 => r#","Condition":{"IpAddress":{"aws:SourceIp":"10.0.0.0/8"}}"#,
            19 => r#","Condition":{"StringEquals":{"aws:username":"alice"}}"#,
            _ => "",
        };
        let resource = resource(i);
        format!(
            r#"{{"Effect":"Allow","Action":["s3:GetObject","s3:PutObject"],"Resource":"arn:aws:s3:::{resource}"{condition}}}"#
        )
    };
    let statements: Vec<String> = (0..statements).map(statement).collect();
    format!(r#"{{"Version":"2012-10-17","Statement":[{}]}}"#, statements.join(","))
}

fn bucket_policy(accounts: usize) -> String {
    let statement = |i: usize| {
        format!(
            r#"{{"Effect":"Allow","Principal":{{"AWS":"user-{i}"}},"Action":"s3:GetObject","Resource":"arn:aws:s3:::bucket/*"}}"#
        )
    };
    let statements: Vec<String> = (0..accounts).map(statement).collect();
    format!(r#"{{"Version":"2012-10-17","Statement":[{}]}}"#, statements.join(","))
}
