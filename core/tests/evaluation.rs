//! Properties of evaluation: the compiled program answers as the plain interpreter does, and
//! policies combine as they must.
//!
//! `S3IAM_PROPERTY_CASES` sets how many random policies are tried (each with several requests); the
//! default keeps the normal run short.

// A test fails by panicking.
#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "../fuzz/src/compare.rs"]
mod compare;

use compare::explained;
use proptest::prelude::*;
use s3iam::Timestamp;
use s3iam::analyze::partial::Access;
use s3iam::catalog::ValueName;
use s3iam::compile::{Named, Program};
use s3iam::evaluate::{
    Action, Context, ContextKey, ContextMap, Outcome, Request, Truth, Value, Values, reference,
};
use s3iam::policy::{Dialect, Document, Kind, Limits};
use s3iam::validate::Status;

const ACTIONS: &[&str] = &[
    "s3:GetObject",
    "s3:PutObject",
    "s3:Get*",
    "s3:*",
    "*",
    "s3:GetObjectVersion",
    "s3:ListBucket",
    "s3:?etObject",
    "s3:ListAllMyBuckets",
    "admin:ServerInfo",
    "admin:SetBucketQuota",
    "admin:*",
    "kms:CreateKey",
    "kms:*",
    "sts:AssumeRole",
    "sts:*",
    "s3tables:GetTableData",
    "s3tables:*",
    "memory:GetSecret",
    "foo:Bar",
    "foo:*",
];
const RESOURCES: &[&str] = &[
    "arn:aws:s3:::*",
    "arn:aws:s3:::",
    "arn:aws:s3:::b",
    "arn:aws:s3:::b/",
    "arn:aws:s3:::b/*",
    "arn:aws:s3:::b?",
    "arn:aws:s3:::b/a",
    "arn:aws:s3:::b/a?",
    "arn:aws:s3:::b/a*",
    "arn:aws:s3:::ab/x",
    "arn:aws:s3:::*/x",
    "arn:aws:s3:::*b*x*",
    "arn:aws:s3:::b/${aws:username}/*",
    "arn:aws:s3:::b/${jwt:sub}",
    "arn:aws:s3:::${aws:username}*",
    "arn:aws:s3:::b/${aws:UserAgent}",
    "arn:aws:s3:::b/${*}",
    "*",
    "arn:minio:kms:::b*",
    "arn:aws:s3tables:::bucket/b/table/*",
    "arn:aws:s3tables:::bucket/b/table/a",
    "arn:minio:memory:::b/*",
    "arn:minio:memory:::b/?",
    "arn:minio:memory:::*x",
];
const BUCKET_ACTIONS: &[&str] = &[
    "s3:GetObject",
    "s3:PutObject",
    "s3:Get*",
    "s3:*",
    "s3:GetObjectVersion",
    "s3:ListBucket",
    "s3:?etObject",
    "s3:ListAllMyBuckets",
];
const BUCKET_RESOURCES: &[&str] = &[
    "arn:aws:s3:::*",
    "arn:aws:s3:::b",
    "arn:aws:s3:::b/",
    "arn:aws:s3:::b/*",
    "arn:aws:s3:::b?",
    "arn:aws:s3:::?",
    "arn:aws:s3:::b/a",
    "arn:aws:s3:::b/a?",
    "arn:aws:s3:::*b*x*",
    "arn:aws:s3:::b/${aws:username}/*",
    "arn:aws:s3:::b/${aws:UserAgent}",
    "*",
];
const PRINCIPALS: &[&str] = &[
    r#""*""#,
    r#"{"AWS":"*"}"#,
    r#"{"AWS":["*","alice"]}"#,
    r#"{"AWS":"alice"}"#,
    r#"{"aws":["bob","alice","bob"]}"#,
    r#"{"AWS":["a","b","c","d","e","f","g","h","alice"]}"#,
    r#"{"AWS":"a*"}"#,
    r#"{"AWS":["?","ali?e"]}"#,
    r#"{"AWS":""}"#,
    r#"{"AWS":"**"}"#,
    r#"{"AWS":"arn:aws:iam::123456789012:user/alice"}"#,
    r#"{"AWS":"alice","Service":"x"}"#,
];
const ACCOUNTS: &[&str] = &["", "alice", "bob", "a", "al", "Alice", "h", "\0\0\0\0b"];
const CONDITIONS: &[&str] = &[
    r#""StringEquals":{"aws:username":"bob"}"#,
    r#""StringNotEquals":{"aws:username":["bob","eve"]}"#,
    r#""StringLike":{"jwt:sub":["b*","${aws:username}"]}"#,
    r#""StringEqualsIgnoreCase":{"aws:username":"BOB"}"#,
    r#""StringNotEqualsIgnoreCase":{"aws:username":"${jwt:sub}"}"#,
    r#""StringNotLike":{"aws:UserAgent":"*"}"#,
    r#""ForAllValues:StringEquals":{"jwt:groups":["a","b"]}"#,
    r#""ForAnyValue:StringNotEquals":{"jwt:groups":["a","b"]}"#,
    r#""ForAllValues:StringNotLike":{"jwt:groups":"a*"}"#,
    r#""IpAddress":{"aws:SourceIp":["10.0.0.0/8","2001:db8::/32"]}"#,
    r#""NotIpAddress":{"aws:SourceIp":"10.0.0.1"}"#,
    r#""Bool":{"aws:SecureTransport":"true"}"#,
    r#""Null":{"aws:username":"true"}"#,
    r#""Null":{"jwt:sub":false}"#,
    r#""NumericLessThan":{"aws:EpochTime":"100"}"#,
    r#""NumericNotEquals":{"jwt:sub":5}"#,
    r#""NumericGreaterThanIfExists":{"jwt:sub":"5"}"#,
    r#""DateLessThan":{"aws:CurrentTime":"2026-01-01T00:00:00Z"}"#,
    r#""DateNotEquals":{"aws:CurrentTime":"1970-01-01T00:00:01Z"}"#,
    r#""BinaryEquals":{"jwt:sub":"Ym9i"}"#,
];
const BUCKETS: &[&str] = &["", "a", "b", "ab", "bucket", "bob"];
const OBJECTS: &[&str] = &[
    "",
    "a",
    "ax",
    "x",
    "a/",
    "a//x",
    "/a",
    "../b/x",
    "./a",
    "bob/x",
    "*",
    "*/x",
    "é",
    "${aws:username}/x",
    "${x}",
    "b/table/a",
    "a/b/c",
];
const TEXTS: &[&str] =
    &["bob", "BOB", "a", "b", "5", "*", "", "10.0.0.1", "${jwt:sub}", "2026-01-01T00:00:00Z", "é"];

fn list(of: &'static [&'static str]) -> impl Strategy<Value = String> {
    proptest::collection::vec(proptest::sample::select(of), 1..4)
        .prop_map(|entries| serde_json::to_string(&entries).unwrap())
}

fn statement() -> impl Strategy<Value = String> {
    let effect = prop_oneof![3 => Just("Allow"), 2 => Just("Deny")];
    let action = (prop_oneof![4 => Just("Action"), 1 => Just("NotAction")], list(ACTIONS));
    let resource = prop_oneof![
        6 => list(RESOURCES).prop_map(|r| format!(r#","Resource":{r}"#)),
        2 => list(RESOURCES).prop_map(|r| format!(r#","NotResource":{r}"#)),
        1 => (list(RESOURCES), list(RESOURCES))
            .prop_map(|(r, n)| format!(r#","Resource":{r},"NotResource":{n}"#)),
        1 => Just(String::new()),
    ];
    (effect, action, resource, conditions()).prop_map(|(effect, (element, actions), resource, conditions)| {
        format!(r#"{{"Effect":"{effect}","{element}":{actions}{resource}{conditions}}}"#)
    })
}

/// A statement of a bucket policy. Reading wants a resource of each level, and nothing is called `bz…`.
fn bucket_statement() -> impl Strategy<Value = String> {
    let effect = prop_oneof![3 => Just("Allow"), 2 => Just("Deny")];
    let resources = || {
        proptest::collection::vec(proptest::sample::select(BUCKET_RESOURCES), 1..4).prop_map(
            |mut resources| {
                resources.push("arn:aws:s3:::bz*");
                serde_json::to_string(&resources).unwrap()
            },
        )
    };
    let resource = prop_oneof![
        5 => resources().prop_map(|r| format!(r#""Resource":{r}"#)),
        1 => resources().prop_map(|r| format!(r#""NotResource":{r}"#)),
    ];
    let action = (prop_oneof![4 => Just("Action"), 1 => Just("NotAction")], list(BUCKET_ACTIONS));
    let principal = proptest::sample::select(PRINCIPALS);
    let not_principal = proptest::option::weighted(0.1, proptest::sample::select(PRINCIPALS));
    (effect, action, resource, principal, not_principal, conditions()).prop_map(
        |(effect, (element, actions), resource, principal, not_principal, conditions)| {
            let not = not_principal.map(|p| format!(r#","NotPrincipal":{p}"#)).unwrap_or_default();
            format!(
                r#"{{"Effect":"{effect}","Principal":{principal}{not},"{element}":{actions},{resource}{conditions}}}"#
            )
        },
    )
}

fn conditions() -> impl Strategy<Value = String> {
    proptest::collection::vec(proptest::sample::select(CONDITIONS), 0..3).prop_map(|mut chosen| {
        // An operator stands in a Condition once.
        let operator = |condition: &str| condition.split("\":{").next().map(str::to_owned);
        chosen.sort_by_key(|c| operator(c));
        chosen.dedup_by_key(|c| operator(c));
        if chosen.is_empty() { String::new() } else { format!(r#","Condition":{{{}}}"#, chosen.join(",")) }
    })
}

/// A context with typed, text, missing and unknown values.
#[derive(Clone, Debug)]
struct Known {
    username: Option<&'static str>,
    sub: Option<&'static str>,
    groups: Vec<&'static [u8]>,
    agent_unknown: bool,
    address: Option<std::net::IpAddr>,
    seconds: i64,
    secure: bool,
}

impl Context for Known {
    fn values(&self, key: ContextKey<'_>) -> Values<'_> {
        let text = |text: Option<&'static str>| match text {
            Some(text) => Values::One(Value::Text(text.as_bytes())),
            None => Values::Missing,
        };
        match key.value {
            Some(ValueName::Username) => text(self.username),
            Some(ValueName::Sub) => text(self.sub),
            Some(ValueName::Groups) => Values::Texts(&self.groups),
            Some(ValueName::UserAgent) if self.agent_unknown => Values::Unknown,
            Some(ValueName::SourceIp) => {
                self.address.map_or(Values::Missing, |a| Values::One(Value::Address(a)))
            }
            Some(ValueName::CurrentTime) => {
                Values::One(Value::Time(Timestamp::from_unix_seconds(self.seconds)))
            }
            Some(ValueName::EpochTime) => Values::One(Value::Integer(self.seconds)),
            Some(ValueName::SecureTransport) => Values::One(Value::Bool(self.secure)),
            _ => Values::Missing,
        }
    }
}

/// Values that partial evaluation is not told.
const HIDDEN: &[ValueName] = &[
    ValueName::Username,
    ValueName::Sub,
    ValueName::Groups,
    ValueName::SourceIp,
    ValueName::SecureTransport,
];

/// A context some of whose values are not known yet.
struct Hiding<'a> {
    context: &'a Known,
    hidden: &'a [ValueName],
}

impl Context for Hiding<'_> {
    fn values(&self, key: ContextKey<'_>) -> Values<'_> {
        match key.value {
            Some(value) if self.hidden.contains(&value) => Values::Unknown,
            _ => self.context.values(key),
        }
    }
}

fn context() -> impl Strategy<Value = Known> {
    let text = || proptest::option::of(proptest::sample::select(TEXTS));
    let addresses = ["10.0.0.1", "10.9.9.9", "192.168.0.1", "::ffff:10.0.0.1", "2001:db8::1"];
    (
        text(),
        text(),
        proptest::collection::vec(proptest::sample::select(vec![&b"a"[..], b"b", b"c"]), 0..3),
        any::<bool>(),
        proptest::option::of(proptest::sample::select(addresses.map(|a| a.parse().unwrap()).to_vec())),
        prop_oneof![Just(1i64), Just(99), Just(1_900_000_000)],
        any::<bool>(),
    )
        .prop_map(|(username, sub, groups, agent_unknown, address, seconds, secure)| Known {
            username,
            sub,
            groups,
            agent_unknown,
            address,
            seconds,
            secure,
        })
}

#[derive(Clone, Debug)]
struct Asked {
    action: &'static str,
    bucket: &'static str,
    object: &'static str,
    account: &'static str,
    context: Known,
    is_owner: bool,
    deny_only: bool,
}

fn asked() -> impl Strategy<Value = Asked> {
    let action = proptest::sample::select(ACTIONS);
    let (bucket, object) = (proptest::sample::select(BUCKETS), proptest::sample::select(OBJECTS));
    let account = proptest::sample::select(ACCOUNTS);
    (action, bucket, object, account, context(), 0..10u8, 0..10u8).prop_map(
        |(action, bucket, object, account, context, owner, deny)| Asked {
            action,
            bucket,
            object,
            account,
            context,
            is_owner: owner == 0,
            deny_only: deny == 0,
        },
    )
}

impl Asked {
    fn request(&self) -> Request<'_> {
        let action = Action::named(self.action);
        Request {
            account: self.account,
            is_owner: self.is_owner,
            deny_only: self.deny_only,
            ..Request::new(action, self.bucket.as_bytes(), self.object.as_bytes(), &self.context)
        }
    }
}

fn document(statements: &[String]) -> Document {
    document_of(Kind::Identity, statements)
}

fn document_of(kind: Kind, statements: &[String]) -> Document {
    let text = format!(r#"{{"Version":"2012-10-17","Statement":[{}]}}"#, statements.join(","));
    Document::read(text.as_bytes(), Dialect::Minio, kind, Limits::default())
}

fn compile(documents: &[&Document]) -> Program {
    let named: Vec<Named<'_>> = documents.iter().map(|&document| Named { name: "", document }).collect();
    Program::compile(&named).unwrap()
}

fn outcome(statements: &[String], asked: &Asked) -> Outcome {
    let document = document(statements);
    compile(&[&document]).decide(&asked.request()).outcome
}

fn cases() -> ProptestConfig {
    let cases = std::env::var("S3IAM_PROPERTY_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(1000);
    let max_global_rejects = cases.max(1024);
    ProptestConfig { cases, max_global_rejects, failure_persistence: None, ..ProptestConfig::default() }
}

fn statements() -> impl Strategy<Value = Vec<String>> {
    proptest::collection::vec(statement(), 0..6)
}

/// Policies of users, or of a bucket.
fn policies() -> impl Strategy<Value = Vec<Document>> {
    let of = |kind, statements: BoxedStrategy<Vec<String>>| {
        let documents = move |policies: Vec<Vec<String>>| -> Vec<Document> {
            policies.iter().map(|statements| document_of(kind, statements)).collect()
        };
        proptest::collection::vec(statements, 1..3).prop_map(documents).boxed()
    };
    let of_bucket = proptest::collection::vec(bucket_statement(), 0..6).boxed();
    prop_oneof![of(Kind::Identity, statements().boxed()), of(Kind::Bucket, of_bucket)]
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn compiled_and_reference_agree(
        policies in proptest::collection::vec(statements(), 1..3),
        requests in proptest::collection::vec(asked(), 10..11),
    ) {
        let documents: Vec<Document> = policies.iter().map(|p| document(p)).collect();
        let documents: Vec<&Document> = documents.iter().collect();
        let program = compile(&documents);
        for asked in &requests {
            let request = asked.request();
            let (compiled, plain) = (program.decide(&request), reference::decide(&documents, &request));
            prop_assert_eq!(compiled, plain, "{:?}", asked);
        }
    }

    /// So many that what the text offers is asked before a pattern is compared.
    #[test]
    fn compiled_and_reference_agree_on_many_patterns(
        resources in proptest::collection::vec("[ab*?]([ab*?/]|\\$\\{aws:username\\}){0,5}", 8..40),
        bucket in "[ab]{1,3}",
        object in "[ab/*$]{0,6}",
        name in proptest::option::of("[ab*]{0,2}"),
    ) {
        let statement = |resource: &String| {
            format!(r#"{{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::{resource}"}}"#)
        };
        let document = document(&resources.iter().map(statement).collect::<Vec<_>>());
        let mut context = ContextMap::new();
        if let Some(name) = &name {
            context.add("aws:username", name.as_bytes());
        }
        let action = Action::named("s3:GetObject");
        let request = Request::new(action, bucket.as_bytes(), object.as_bytes(), &context);
        prop_assert_eq!(compile(&[&document]).decide(&request), reference::decide(&[&document], &request));
    }

    #[test]
    fn compiled_and_reference_agree_on_bucket_policies(
        policies in proptest::collection::vec(proptest::collection::vec(bucket_statement(), 0..6), 1..3),
        requests in proptest::collection::vec(asked(), 10..11),
    ) {
        let documents: Vec<Document> = policies.iter().map(|p| document_of(Kind::Bucket, p)).collect();
        let documents: Vec<&Document> = documents.iter().collect();
        let program = compile(&documents);
        for asked in &requests {
            // Half of the actions that are asked for are none that bucket policies speak of.
            for action in [asked.action, "s3:GetObject"] {
                let request = Asked { action, ..asked.clone() };
                let request = request.request();
                let (compiled, plain) = (program.decide(&request), reference::decide(&documents, &request));
                prop_assert_eq!(compiled, plain, "{:?} {}", asked, action);
            }
        }
    }

    #[test]
    fn an_explanation_says_what_decides(
        documents in policies(),
        asked in asked(),
    ) {
        explained(&documents.iter().collect::<Vec<_>>(), &asked.request());
    }

    #[test]
    fn partial_evaluation_is_exact(
        documents in policies(),
        asked in asked(),
        resources in proptest::collection::vec((proptest::sample::select(BUCKETS), proptest::sample::select(OBJECTS)), 5..6),
        hidden in proptest::collection::vec(proptest::sample::select(HIDDEN), 0..3),
    ) {
        let named: Vec<Named<'_>> = documents.iter().map(|document| Named { name: "", document }).collect();
        let program = Program::compile(&named).unwrap();
        let action = Action::named(asked.action);
        let part = Hiding { context: &asked.context, hidden: &hidden };
        let ask = |context, (bucket, object): (&'static str, &'static str)| {
            let account = asked.account;
            Request { account, ..Request::new(action, bucket.as_bytes(), object.as_bytes(), context) }
        };
        let whole_access = Access::of(&named, &ask(&asked.context, ("", ""))).unwrap();
        let part_access = Access::of(&named, &ask(&part, ("", ""))).unwrap();
        for resource in resources {
            let allowed = program.decide(&ask(&asked.context, resource)).outcome == Outcome::Allow;
            let whole = whole_access.allows(&ask(&asked.context, resource));
            prop_assert_eq!(whole == Truth::True, allowed, "{:?} {:?}", resource, whole_access);
            match part_access.allows(&ask(&part, resource)) {
                Truth::True => prop_assert!(allowed, "{:?} {:?}", resource, part_access),
                // What the whole context leaves open denies as well.
                Truth::False => prop_assert!(!allowed, "{:?} {:?}", resource, part_access),
                Truth::Unknown => {}
            }
        }
    }

    #[test]
    fn the_order_of_statements_does_not_matter(statements in statements(), asked in asked()) {
        let reversed: Vec<String> = statements.iter().rev().cloned().collect();
        prop_assert_eq!(outcome(&statements, &asked), outcome(&reversed, &asked));
    }

    #[test]
    fn a_further_deny_never_allows_more(statements in statements(), more in statement(), asked in asked()) {
        let more = more.replace("\"Allow\"", "\"Deny\"");
        let longer: Vec<String> = statements.iter().cloned().chain([more]).collect();
        if outcome(&longer, &asked) == Outcome::Allow {
            prop_assert_eq!(outcome(&statements, &asked), Outcome::Allow);
        }
    }

    #[test]
    fn a_further_allow_never_denies_more(statements in statements(), more in statement(), asked in asked()) {
        let more = more.replace("\"Deny\"", "\"Allow\"");
        let longer: Vec<String> = statements.iter().cloned().chain([more]).collect();
        if outcome(&statements, &asked) == Outcome::Allow {
            prop_assert_eq!(outcome(&longer, &asked), Outcome::Allow);
        }
    }
}

/// Random bucket policies must read, or nothing would be compared.
#[test]
fn random_bucket_policies_reach_every_outcome() {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;
    let mut runner = TestRunner::deterministic();
    let mut seen = std::collections::HashMap::new();
    for _ in 0..2000 {
        let statements = proptest::collection::vec(bucket_statement(), 1..6);
        let document = document_of(Kind::Bucket, &statements.new_tree(&mut runner).unwrap().current());
        assert_ne!(document.status(), Status::Unreadable, "{:?}", document.findings);
        let asked =
            Asked { bucket: "b", action: "s3:GetObject", ..asked().new_tree(&mut runner).unwrap().current() };
        *seen.entry(compile(&[&document]).decide(&asked.request()).outcome).or_insert(0) += 1;
    }
    for wanted in [Outcome::Allow, Outcome::ExplicitDeny, Outcome::ImplicitDeny] {
        assert!(seen.get(&wanted).is_some_and(|&n| n > 100), "{wanted:?}: {seen:?}");
    }
}

/// The random policies are no good if they all answer the same.
#[test]
fn random_policies_reach_every_outcome() {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;
    let mut runner = TestRunner::deterministic();
    let mut seen = std::collections::HashMap::new();
    for _ in 0..2000 {
        let statements = statements().new_tree(&mut runner).unwrap().current();
        let asked = asked().new_tree(&mut runner).unwrap().current();
        *seen.entry(outcome(&statements, &asked)).or_insert(0) += 1;
    }
    for wanted in [Outcome::Allow, Outcome::ExplicitDeny, Outcome::ImplicitDeny] {
        assert!(seen.get(&wanted).is_some_and(|&n| n > 100), "{wanted:?}: {seen:?}");
    }
}
