//! Decisions: `cargo bench -p s3iam --bench decide`.
//!
//! Statement i names two actions and the resource `arn:aws:s3:::bucket-i/prefix-i/*`; every tenth
//! carries a condition. Requests match the last statement, the middle one, or none.
#![allow(missing_docs, dead_code, clippy::unwrap_used, clippy::indexing_slicing)]

mod generated;
mod measure;

use generated::{bucket_policy, compile, compile_document, leading_wildcard, literal, policy, read};
use measure::{Timing, head, measure, row};
use s3iam::compile::Program;
use s3iam::evaluate::{Action, ContextMap, Outcome, Request};
use s3iam::identity::Directory;
use s3iam::policy::Kind;
use s3iam::signature::Credentials;

fn main() {
    literal_prefixes();
    leading_wildcards();
    accounts_of_a_bucket();
    policies_of_a_caller();
    hostile_policies();
}

fn literal_prefixes() {
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
    println!("10,000 statements take {:.2} x the time of 10 (goal: 1.5)", at(10_000) / at(10));
}

fn leading_wildcards() {
    head("decide, patterns that begin with a wildcard");
    // The text of the request has all that the second pattern asks for but its number.
    let similar = |i| format!("*-{i}/prefix-{i}/*.jpg");
    for (name, resource) in [("unlike", leading_wildcard as fn(usize) -> String), ("like", similar)] {
        for statements in [10, 1_000, 10_000] {
            let program = compile(&policy(statements, resource));
            for (key, more) in [("", 0), (", key of 1 KiB", 1000)] {
                let object = format!("prefix-{statements}/{}2026/photo.jpg", "x".repeat(more));
                let timing = ask(&program, &format!("bucket-{statements}"), &object, Outcome::ImplicitDeny);
                let each = timing.least / statements as f64;
                row(
                    &format!("{statements} statements {name} the request{key}"),
                    timing,
                    &format!("{each:.1} ns a statement (goal: 20)"),
                );
            }
        }
    }
}

fn accounts_of_a_bucket() {
    head("decide, a bucket policy with a statement for each account");
    let mut times = Vec::new();
    for accounts in [10, 10_000] {
        let program = compile_document(&read(&bucket_policy(accounts), Kind::Bucket));
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
}

/// A caller has a program of all its policies, its own and those of its groups.
fn policies_of_a_caller() {
    head("decide, policies of a caller");
    let mut times = Vec::new();
    for (own, groups) in [(1, 0), (20, 10)] {
        let directory = directory(own, groups);
        let owner = directory.find("alice").unwrap().owner;
        let ask = |directory: &Directory, at| {
            let caller = directory.caller(owner).unwrap();
            decide(caller.program.unwrap(), at, Outcome::Allow)
        };
        let timing = ask(&directory, 10 * (own + groups) - 1);
        times.push(timing.least);
        let ratio = timing.least / times[0];
        row(
            &format!("{own} attached, {groups} groups, 10 statements each"),
            timing,
            &format!("{ratio:.2} x (goal: 2)"),
        );
    }
}

/// `alice` with policies of her own and one from each of her groups, of ten statements each; no two
/// statements are about the same bucket.
fn directory(own: usize, groups: usize) -> Directory {
    let policies: Vec<String> = (0..own + groups)
        .map(|number| {
            let resources: Vec<String> =
                (10 * number..10 * number + 10).map(|i| format!("\"arn:aws:s3:::{}\"", literal(i))).collect();
            let statement = |resource: &String| {
                format!(
                    r#"{{"Effect":"Allow","Action":["s3:GetObject","s3:PutObject"],"Resource":{resource}}}"#
                )
            };
            let statements: Vec<String> = resources.iter().map(statement).collect();
            format!(r#""p-{number}":{{"Version":"2012-10-17","Statement":[{}]}}"#, statements.join(","))
        })
        .collect();
    let attached: Vec<String> = (0..own).map(|number| format!("\"p-{number}\"")).collect();
    let groups: Vec<String> = (own..own + groups)
        .map(|number| format!(r#""group-{number}":{{"members":["alice"],"policies":["p-{number}"]}}"#))
        .collect();
    let text = format!(
        r#"{{"version":1,"policies":{{{}}},"users":{{"alice":{{"secret_key":"alice-and-her-secret","policies":[{}]}}}},"groups":{{{}}}}}"#,
        policies.join(","),
        attached.join(","),
        groups.join(",")
    );
    let (directory, problems) = Directory::read(text.as_bytes()).unwrap();
    assert_eq!(problems, []);
    directory
}

/// What grows is named first; the time a byte of it must stay flat.
fn hostile_policies() {
    head("decide, hostile policies");
    let key = |bytes: usize| "a".repeat(bytes);
    growth("key of so many bytes, *a*a*a*a*b", |bytes| ("*a*a*a*a*b".to_owned(), key(bytes)));
    growth("key of so many bytes, *a*a*a*a*b*", |bytes| ("*a*a*a*a*b*".to_owned(), key(bytes)));
    growth("key of so many bytes, *aa…ab*", |bytes| (format!("*{}b*", key(100)), key(bytes)));
    growth("wildcards of so many bytes, key of 1 KiB", |bytes| ("*?".repeat(bytes / 2) + "b*", key(1024)));
    growth("letters of so many bytes, key of their length", |bytes| {
        (format!("*{}b*", key(bytes - 3)), key(bytes))
    });
    growth("variables of so many bytes, key of 1 KiB", |bytes| {
        ("*${aws:username}".repeat(bytes / 16), key(1024))
    });
    growth("nested variables of so many bytes, key of 1 KiB", |bytes| {
        let half = bytes / 16;
        (format!("*{}{}*", "${aws:username".repeat(half), "}".repeat(half)), key(1024))
    });
}

fn growth(name: &str, of: impl Fn(usize) -> (String, String)) {
    let mut first = None;
    for bytes in [1 << 10, 5 << 10, 20 << 10, 80 << 10] {
        let (pattern, object) = of(bytes);
        let text = format!(
            r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::bucket/{pattern}"}}]}}"#
        );
        let timing = ask(&compile(&text), "bucket", &object, Outcome::ImplicitDeny);
        let each = timing.least / bytes as f64;
        let ratio = each / *first.get_or_insert(each);
        row(&format!("{bytes} {name}"), timing, &format!("{each:.2} ns a byte, {ratio:.2} x the first"));
    }
}

fn decide(program: &Program, at: usize, wanted: Outcome) -> Timing {
    ask(program, &format!("bucket-{at}"), &format!("prefix-{at}/2026/photo.jpg"), wanted)
}

fn ask(program: &Program, bucket: &str, object: &str, wanted: Outcome) -> Timing {
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
