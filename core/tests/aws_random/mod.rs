//! Random policies and requests of the AWS dialect over a small alphabet, so that matches are likely.

// Every test uses a part of it.
#![allow(dead_code)]

use proptest::prelude::*;
use proptest::sample::select;
use s3iam::Timestamp;
use s3iam::compile::{Named, Program};
use s3iam::evaluate::acl::{Acl, AclGrant, AclPermission, Grantee, ObjectOwnership};
use s3iam::evaluate::public_access::PublicAccessBlock;
use s3iam::evaluate::{Action, Caller, Context, ContextKey, Request, Value, Values};
use s3iam::policy::{Dialect, Document, Kind, Limits};
use serde_json::{Map, json};

pub const ACTIONS: &[&str] = &[
    "s3:GetObject",
    "s3:getobject",
    "s3:Get*",
    "S3:*",
    "*",
    "s3:?etObject",
    "s3:PutObject",
    "*:*",
    "kms:Decrypt",
    "KMS:*",
    "sts:AssumeRole",
    "STS:*",
    "foo:Bar",
    "foo:B?r",
    "",
];
const ASKED_ACTIONS: &[&str] = &[
    "s3:GetObject",
    "S3:GETOBJECT",
    "s3:GetObject",
    "s3:PutObject",
    "s3:DeleteObject",
    "s3:getobjectacl",
    "s3:PutObjectVersionAcl",
    "s3:GetObjectTagging",
    "s3:RestoreObject",
    "s3:ListBucket",
    "s3:PutBucketPolicy",
    "s3:getbucketpolicy",
    "kms:Decrypt",
    "sts:AssumeRole",
    "STS:assumerole",
    "foo:Bar",
    "foo:Béar",
];
pub const RESOURCES: &[&str] = &[
    "*",
    "*",
    "arn:aws:s3:::b",
    "arn:aws:s3:::b/*",
    "arn:aws:s3:::b/a?",
    "arn:aws:s3:::b/a??",
    "arn:*:s3:::b/*",
    "arn:aws:s?:::b/?",
    "arn:aws:s3:*:*:b/a",
    "arn:aws:s3:::*",
    "arn:aws:s3:::${aws:username}/*",
    "arn:aws:s3:::${AWS:UserName}/?",
    "arn:aws:s3:::b/${aws:username, 'a'}",
    "arn:aws:s3:::b/${n:count, '*'}",
    "arn:aws:s3:::b/${*}",
    "arn:aws:s3:::b/${?}",
    "arn:aws:s3:::b/${$}{aws:username}/x",
    "arn:aws:s3:::b/${aws:PrincipalTag/t}*",
    "arn:aws:s3:::b/${aws:TagKeys}",
    "arn:aws:s3:::b/${x y}",
    "arn:aws:s3:::b/${}",
    "arn:aws:s3:::b/${aws:username",
    "arn:aws:s3:::${${aws:username}}/x",
    "arn:aws:kms:r:111111111111:key/*",
    "arn:aws:kms:*:${aws:PrincipalAccount}:key/k",
    "arn:aws:iam::111111111111:role/r",
    "arn:aws:iam::*:role/*",
    "arn:aws:s3:b",
    "arn:aws:s3:*:b/a",
    "**",
    "b/a",
];
const ASKED_RESOURCES: &[&str] = &[
    "*",
    "arn:aws:s3:::b",
    "arn:aws:s3:::b/a",
    "arn:aws:s3:::b/a",
    "arn:aws:s3:::b/aé",
    "arn:aws:s3:::b/a€c",
    "arn:aws:s3:::bob/x",
    "arn:aws:s3:::${bob}/x",
    "arn:aws:s3:::b/*",
    "arn:aws:s3:::b/?",
    "arn:aws:s3:::b/${aws:username}/x",
    "arn:aws-cn:s3:::b/a",
    "arn:aws:s3:r:111111111111:b/a",
    "arn:aws:s3:::b/a:c",
    "arn:aws:s3:::*/x",
    "arn:aws:kms:r:111111111111:key/k",
    "arn:aws:iam::111111111111:role/r",
    "arn:aws:s3:b",
    "",
];
const AWS_PRINCIPALS: &[&str] = &[
    "*",
    "111111111111",
    "222222222222",
    "arn:aws:iam::111111111111:root",
    "arn:aws:iam::222222222222:root",
    "arn:aws:iam::111111111111:user/u",
    "arn:aws:iam::111111111111:role/p/r",
    "arn:aws:sts::111111111111:assumed-role/r/s",
    "arn:aws:sts::111111111111:federated-user/f",
    "arn:aws:iam::222222222222:user/u",
    "arn:aws:iam::111111111111:user/*",
    "x:111111111111:root",
    "arn:aws:iam:r:111111111111:root",
    "AIDAEXAMPLE",
];
const OTHER_PRINCIPALS: &[(&str, &str)] = &[
    ("Service", "svc.amazonaws.com"),
    ("Service", "*"),
    ("Federated", "accounts.google.com"),
    ("Federated", "arn:aws:iam::111111111111:saml-provider/p"),
    ("CanonicalUser", "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be"),
];
const CALLERS: &[Caller<'static>] = &[
    Caller::Anonymous,
    Caller::Root { arn: "arn:aws:iam::111111111111:root" },
    Caller::User { arn: "arn:aws:iam::111111111111:user/u" },
    Caller::User { arn: "arn:aws:iam::222222222222:user/u" },
    Caller::User { arn: "alice" },
    Caller::RoleSession {
        arn: "arn:aws:sts::111111111111:assumed-role/r/s",
        role: "arn:aws:iam::111111111111:role/p/r",
    },
    Caller::FederatedUser {
        arn: "arn:aws:sts::111111111111:federated-user/f",
        user: Some("arn:aws:iam::111111111111:user/u"),
    },
    Caller::FederatedUser { arn: "arn:aws:sts::111111111111:federated-user/f", user: None },
    Caller::Service { name: "svc.amazonaws.com" },
    Caller::Service { name: "logging.s3.amazonaws.com" },
    Caller::Federated { provider: "accounts.google.com" },
];
const BASES: &[&str] = &[
    "StringEquals",
    "StringNotEquals",
    "StringEqualsIgnoreCase",
    "StringNotEqualsIgnoreCase",
    "StringLike",
    "StringNotLike",
    "NumericEquals",
    "NumericNotEquals",
    "NumericLessThan",
    "NumericLessThanEquals",
    "NumericGreaterThan",
    "NumericGreaterThanEquals",
    "DateEquals",
    "DateNotEquals",
    "DateLessThan",
    "DateLessThanEquals",
    "DateGreaterThan",
    "DateGreaterThanEquals",
    "Bool",
    "BinaryEquals",
    "IpAddress",
    "NotIpAddress",
    "ArnEquals",
    "ArnLike",
    "ArnNotEquals",
    "ArnNotLike",
    "Null",
];
/// Condition keys, as contexts know them. A request has any of the texts under any of them.
const KEYS: &[&str] =
    &["aws:username", "aws:principaltag/t", "aws:tagkeys", "n:count", "aws:sourceip", "aws:principalaccount"];
/// The same, as policies write them.
const WRITTEN_KEYS: &[&str] = &[
    "aws:username",
    "aws:username",
    "AWS:UserName",
    "aws:PrincipalTag/t",
    "aws:TagKeys",
    "n:count",
    "aws:SourceIp",
    "aws:PrincipalAccount",
    "x:missing",
];
const TEXTS: &[&str] = &["bob", "BOB", "b", "É", "*", "", "${aws:username}", "boß", "a:b", "a"];
const NUMBERS: &[&str] = &["10", "10.0", "1e1", "-1", "+9", "99999999999999999999.5", ".5", "1.", "ten"];
const DATES: &[&str] = &[
    "2020",
    "2020-01-01",
    "2020-01",
    "2020-01-01T00:00:00Z",
    "2020-01-01T01:00:00.25+01:00",
    "2020-01-01T00:00",
    "1577836800",
    "1577836800.25",
    "-1.5",
    "2020-02-30",
    "1 January",
];
const ADDRESSES: &[&str] = &["10.0.0.1", "::ffff:10.0.0.1", "2001:db8::1", "192.0.2.1", "10.0.0", "bob"];
const NETWORKS: &[&str] = &[
    "10.0.0.0/8",
    "10.1.2.3/8",
    "10.0.0.1",
    "0.0.0.0/0",
    "::/0",
    "2001:db8::/32",
    "2001:db8::1",
    "::ffff:10.0.0.0/104",
    "10.0.0.0/33",
    "net",
];
const FLAGS: &[&str] = &["true", "false", "True", "yes", "${n:count}", "${aws:username, 'true'}"];
const BYTES: &[&str] = &["Ym9i", "", "Kg==", "yw", "w4k="];
const ARNS: &[&str] = &[
    "arn:aws:s3:::b/a",
    "arn:aws:s3:::b/a:c",
    "arn:aws:iam::111111111111:user/bob",
    "arn:aws:iam::111111111111",
    "arn:aws:s3:::b/é",
];
const ARN_PATTERNS: &[&str] = &[
    "arn:aws:s3:::b/*",
    "arn:aws:s3:::b/?",
    "arn:*:s3:*:*:*",
    "arn:aws:iam::111111111111:user/${aws:username}",
    "arn:aws:iam::${aws:PrincipalAccount}:user/*",
    "arn:aws:*:b/a",
    "*",
];
const TEXT_PATTERNS: &[&str] = &[
    "bob",
    "BOB",
    "b*",
    "b?",
    "?",
    "bo?",
    "*",
    "é",
    "${aws:username}",
    "B${aws:PrincipalTag/t}",
    "${aws:username, 'bob'}",
    "${x:missing}",
    "${*}",
    "${aws:TagKeys}",
    "",
];

fn some_of(of: &'static [&'static str], most: usize) -> impl Strategy<Value = Vec<&'static str>> {
    proptest::collection::vec(select(of), 0..=most)
}

/// A list, or a single value as a string.
fn one_or_list(of: &'static [&'static str]) -> impl Strategy<Value = serde_json::Value> {
    prop_oneof![
        4 => select(of).prop_map(|value| json!(value)),
        4 => proptest::collection::vec(select(of), 1..4).prop_map(|values| json!(values)),
        1 => some_of(of, 2).prop_map(|values| json!(values)),
    ]
}

/// Whom a statement names.
pub fn principal() -> impl Strategy<Value = serde_json::Value> {
    let others = proptest::collection::vec(select(OTHER_PRINCIPALS), 0..2);
    prop_oneof![
        2 => Just(json!("*")),
        5 => (proptest::option::weighted(0.8, one_or_list(AWS_PRINCIPALS)), others).prop_map(|(aws, others)| {
            let mut map = Map::new();
            aws.into_iter().for_each(|aws| { map.insert("AWS".to_owned(), aws); });
            for (kind, name) in others {
                map.insert(kind.to_owned(), json!([name]));
            }
            map.into()
        }),
    ]
}

fn values_for(base: &str) -> &'static [&'static str] {
    match base {
        base if base.starts_with("Numeric") => NUMBERS,
        base if base.starts_with("Date") => DATES,
        base if base.contains("IpAddress") => NETWORKS,
        base if base.starts_with("Arn") => ARN_PATTERNS,
        "Bool" => FLAGS,
        "BinaryEquals" => BYTES,
        _ => TEXT_PATTERNS,
    }
}

/// An operator with a key and values.
fn condition() -> impl Strategy<Value = (String, &'static str, serde_json::Value)> {
    let prefix = prop_oneof![4 => Just(""), 1 => Just("ForAllValues:"), 1 => Just("ForAnyValue:")];
    (prefix, select(BASES), proptest::bool::weighted(0.3), select(WRITTEN_KEYS)).prop_flat_map(
        |(prefix, base, if_exists, key)| {
            let suffix = if if_exists && base != "Null" { "IfExists" } else { "" };
            let operator = format!("{prefix}{base}{suffix}");
            let flag = prop_oneof![
                60 => select(vec![json!("true"), json!("false"), json!(true), json!(["False"])]),
                1 => select(vec![json!("maybe"), json!([]), json!(["true", "false"])]),
            ];
            let values = match base {
                "Null" => flag.boxed(),
                base => one_or_list(values_for(base)).boxed(),
            };
            values.prop_map(move |values| (operator.clone(), key, values))
        },
    )
}

fn conditions() -> impl Strategy<Value = serde_json::Value> {
    proptest::collection::vec(condition(), 0..3).prop_map(|conditions| {
        let mut map: Map<String, serde_json::Value> = Map::new();
        for (operator, key, values) in conditions {
            let keys = map.entry(operator).or_insert_with(|| json!({}));
            keys.as_object_mut().unwrap().insert(key.to_owned(), values);
        }
        map.into()
    })
}

/// A statement; with a principal where the policy is of a resource, mostly.
pub fn statement(kind: Kind) -> impl Strategy<Value = serde_json::Value> {
    let action = (prop_oneof![5 => Just("Action"), 1 => Just("NotAction")], one_or_list(ACTIONS));
    let resource = prop_oneof![
        8 => one_or_list(RESOURCES).prop_map(|r| vec![("Resource", r)]),
        2 => one_or_list(RESOURCES).prop_map(|r| vec![("NotResource", r)]),
        1 => (one_or_list(RESOURCES), one_or_list(RESOURCES))
            .prop_map(|(r, n)| vec![("Resource", r), ("NotResource", n)]),
        1 => Just(Vec::new()),
    ];
    let weight = if kind.is_of_a_resource() { 40 } else { 1 };
    let principal = prop_oneof![
        40 => Just(Vec::new()),
        weight * 15 => principal().prop_map(|p| vec![("Principal", p)]),
        weight * 5 => principal().prop_map(|p| vec![("NotPrincipal", p)]),
        weight => (principal(), principal()).prop_map(|(p, n)| vec![("Principal", p), ("NotPrincipal", n)]),
    ];
    let effect = prop_oneof![20 => Just("Allow"), 10 => Just("Deny"), 1 => Just("allow")];
    (effect, action, resource, principal, conditions()).prop_map(
        |(effect, (action, actions), resource, principal, conditions)| {
            let mut map = Map::new();
            map.insert("Effect".to_owned(), json!(effect));
            map.insert(action.to_owned(), actions);
            for (name, value) in resource.into_iter().chain(principal) {
                map.insert(name.to_owned(), value);
            }
            if conditions.as_object().is_some_and(|c| !c.is_empty()) {
                map.insert("Condition".to_owned(), conditions);
            }
            map.into()
        },
    )
}

/// A policy: its version, if it says one, and its statements.
#[derive(Clone, Debug)]
pub struct Policy {
    pub kind: Kind,
    pub version: Option<&'static str>,
    pub statements: Vec<serde_json::Value>,
}

impl Policy {
    pub fn text(&self) -> String {
        let mut map = Map::new();
        if let Some(version) = self.version {
            map.insert("Version".to_owned(), json!(version));
        }
        map.insert("Statement".to_owned(), json!(self.statements));
        serde_json::Value::from(map).to_string()
    }

    pub fn document(&self) -> Document {
        read(&self.text(), self.kind)
    }
}

pub fn read(text: &str, kind: Kind) -> Document {
    let limits = Limits { document_bytes: 1 << 20, ..Limits::default() };
    Document::read(text.as_bytes(), Dialect::Aws, kind, limits)
}

pub fn compile(documents: &[&Document]) -> Program {
    let named: Vec<Named<'_>> = documents.iter().map(|&document| Named { name: "", document }).collect();
    Program::compile(&named).unwrap()
}

pub fn policy(kind: Kind) -> impl Strategy<Value = Policy> {
    let version = prop_oneof![
        6 => Just(Some("2012-10-17")),
        2 => Just(Some("2008-10-17")),
        2 => Just(None),
    ];
    (version, proptest::collection::vec(statement(kind), 0..4))
        .prop_map(move |(version, statements)| Policy { kind, version, statements })
}

/// A value that a request has.
#[derive(Clone)]
pub enum Held {
    Unknown,
    One(Value<'static>),
    Texts(Vec<&'static [u8]>),
}

impl std::fmt::Debug for Held {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let text = |text: &[u8]| String::from_utf8_lossy(text).into_owned();
        match self {
            Held::Unknown => f.write_str("unknown"),
            Held::One(Value::Text(one)) => write!(f, "{:?}", text(one)),
            Held::One(value) => write!(f, "{value:?}"),
            Held::Texts(texts) => f.debug_list().entries(texts.iter().map(|one| text(one))).finish(),
        }
    }
}

/// Condition values by their keys in lower case.
#[derive(Clone, Debug)]
pub struct Known(Vec<(String, Held)>);

impl Known {
    /// One key whose values are not known.
    pub fn unknown(key: &str) -> Self {
        Self(vec![(key.to_owned(), Held::Unknown)])
    }

    /// Single values by their keys; of several for one key the first counts.
    pub fn of(values: Vec<(String, String)>) -> Self {
        let held = |text: String| Held::One(Value::Text(text.leak().as_bytes()));
        Self(values.into_iter().map(|(key, value)| (key, held(value))).collect())
    }
}

impl Context for Known {
    fn values(&self, key: ContextKey<'_>) -> Values<'_> {
        match self.0.iter().find(|(name, _)| name.eq_ignore_ascii_case(key.name)) {
            None => Values::Missing,
            Some((_, Held::Unknown)) => Values::Unknown,
            Some((_, Held::One(value))) => Values::One(*value),
            Some((_, Held::Texts(texts))) => Values::Texts(texts),
        }
    }
}

fn held() -> impl Strategy<Value = Held> {
    let text = prop_oneof![
        4 => select(TEXTS), 2 => select(NUMBERS), 2 => select(DATES), 2 => select(ADDRESSES), 2 => select(FLAGS),
        2 => select(ARNS), 1 => select(TEXT_PATTERNS),
    ];
    let typed = select(vec![
        Value::Bool(true),
        Value::Bool(false),
        Value::Integer(10),
        Value::Integer(1_577_836_800),
        Value::Time(Timestamp::from_unix_millis(1_577_836_800_000)),
        Value::Time(Timestamp::from_unix_millis(1_577_836_800_250)),
        Value::Address("10.0.0.1".parse().unwrap()),
        Value::Address("2001:db8::1".parse().unwrap()),
    ]);
    let texts = proptest::collection::vec(text.clone().prop_map(str::as_bytes), 0..4);
    prop_oneof![
        8 => text.prop_map(|text| Held::One(Value::Text(text.as_bytes()))),
        3 => typed.prop_map(Held::One),
        4 => texts.prop_map(Held::Texts),
        1 => Just(Held::Unknown),
    ]
}

pub fn known() -> impl Strategy<Value = Known> {
    proptest::collection::vec(proptest::option::weighted(0.75, held()), KEYS.len()).prop_map(|values| {
        let mut keys: Vec<(String, Held)> =
            KEYS.iter().zip(values).filter_map(|(&key, value)| Some((key.to_owned(), value?))).collect();
        // Mostly the account is what it must be.
        if keys.len() > 2 {
            keys.retain(|(key, _)| key != "aws:principalaccount");
            keys.push(("aws:principalaccount".to_owned(), Held::One(Value::Text(b"111111111111"))));
        }
        Known(keys)
    })
}

/// A request.
#[derive(Clone, Debug)]
pub struct Asked {
    pub action: &'static str,
    pub resource: &'static str,
    pub caller: Caller<'static>,
    pub owner: Option<&'static str>,
    pub has_boundary: bool,
    pub context: Known,
}

pub fn asked() -> impl Strategy<Value = Asked> {
    let owner = select(vec![Some("111111111111"), Some("111111111111"), Some("222222222222"), None]);
    (select(ASKED_ACTIONS), select(ASKED_RESOURCES), select(CALLERS), owner, 0..5u8, known()).prop_map(
        |(action, resource, caller, owner, boundary, context)| Asked {
            action,
            resource,
            caller,
            owner,
            has_boundary: boundary == 0,
            context,
        },
    )
}

impl Asked {
    pub fn request(&self) -> Request<'_> {
        // Without an ARN the request is for a bucket or an object.
        let (bucket, object) =
            if self.resource.is_empty() { (&b"b"[..], &b"a"[..]) } else { (&b""[..], &b""[..]) };
        Request {
            resource: self.resource.as_bytes(),
            caller: Some(&self.caller),
            has_boundary: self.has_boundary,
            ..Request::new(Action::named(self.action), bucket, object, &self.context)
        }
    }
}

/// The lists of a bucket and an object.
#[derive(Clone, Debug)]
pub struct Lists {
    ownership: ObjectOwnership,
    bucket: Vec<AclGrant>,
    object: Vec<AclGrant>,
    object_owner: Option<&'static str>,
    caller_canonical_id: Option<&'static str>,
}

fn grants() -> impl Strategy<Value = Vec<AclGrant>> {
    let grantee = select(vec![
        Grantee::Account("111111111111".into()),
        Grantee::Account("222222222222".into()),
        Grantee::Account("".into()),
        Grantee::CanonicalUser("79a59d".into()),
        Grantee::AllUsers,
        Grantee::AllUsers,
        Grantee::AuthenticatedUsers,
        Grantee::LogDelivery,
    ]);
    let permission = select(vec![
        AclPermission::Read,
        AclPermission::Write,
        AclPermission::ReadAcp,
        AclPermission::WriteAcp,
        AclPermission::FullControl,
    ]);
    let grant = (grantee, permission).prop_map(|(grantee, permission)| AclGrant { grantee, permission });
    proptest::collection::vec(grant, 0..7)
}

pub fn lists() -> impl Strategy<Value = Lists> {
    let ownership = select(vec![
        ObjectOwnership::BucketOwnerEnforced,
        ObjectOwnership::BucketOwnerPreferred,
        ObjectOwnership::ObjectWriter,
        ObjectOwnership::ObjectWriter,
    ]);
    let owner = select(vec![None, Some("111111111111"), Some("222222222222"), Some("333333333333")]);
    let id = select(vec![None, Some("79a59d"), Some("other")]);
    (ownership, grants(), grants(), owner, id).prop_map(
        |(ownership, bucket, object, object_owner, caller_canonical_id)| Lists {
            ownership,
            bucket,
            object,
            object_owner,
            caller_canonical_id,
        },
    )
}

impl Lists {
    pub fn acl(&self) -> Acl<'_> {
        Acl {
            ownership: self.ownership,
            bucket: &self.bucket,
            object: &self.object,
            object_owner: self.object_owner,
            caller_canonical_id: self.caller_canonical_id,
        }
    }

    /// With one more grant on either list.
    pub fn with(&self, grant: &AclGrant, is_of_object: bool) -> Self {
        let mut more = self.clone();
        if is_of_object { &mut more.object } else { &mut more.bucket }.push(grant.clone());
        more
    }
}

pub fn grant() -> impl Strategy<Value = AclGrant> {
    grants().prop_filter_map("no grant", |grants| grants.into_iter().next())
}

pub fn public_access_block() -> impl Strategy<Value = PublicAccessBlock> {
    let on = || proptest::bool::weighted(0.4);
    (on(), on()).prop_map(|(ignore_public_acls, restrict_public_buckets)| PublicAccessBlock {
        ignore_public_acls,
        restrict_public_buckets,
        ..PublicAccessBlock::default()
    })
}

/// A statement whose conditions are mostly those that can keep a policy from being public.
pub fn limited_statement() -> impl Strategy<Value = serde_json::Value> {
    let operator = select(vec![
        "StringEquals",
        "StringEqualsIgnoreCase",
        "StringLike",
        "ArnLike",
        "ArnEquals",
        "IpAddress",
        "ForAnyValue:StringEquals",
        "ForAllValues:StringEquals",
        "StringEqualsIfExists",
        "StringNotEquals",
        "NotIpAddress",
        "IpAddressIfExists",
        "Null",
        "NumericEquals",
        "ForAnyValue:IpAddress",
    ]);
    let key = select(vec![
        "aws:SourceIp",
        "AWS:SourceIp",
        "aws:SourceArn",
        "aws:SourceVpc",
        "aws:sourcevpce",
        "aws:SourceOwner",
        "aws:SourceAccount",
        "aws:PrincipalOrgID",
        "aws:userid",
        "s3:DataAccessPointArn",
        "s3:DataAccessPointAccount",
        "s3:x-amz-server-side-encryption-aws-kms-key-id",
        "aws:PrincipalArn",
        "aws:username",
    ]);
    let value = select(vec![
        "vpc-1",
        "vpc-*",
        "vpc-?",
        "${aws:username}",
        "10.0.0.0/8",
        "10.0.0.0/7",
        "192.0.2.1",
        "0.0.0.0/0",
        "2001:db8::/32",
        "2001:db8::/31",
        "2001:db8::1",
        "::ffff:10.0.0.0/104",
        "::ffff:10.0.0.0/103",
        "net",
        "AROAEXAMPLE:s",
        "AROAEXAMPLE:*",
        "AIDAEXAMPLE",
        "111111111111:f",
        "true",
        "arn:aws:s3:us-west-2:111111111111:accesspoint/*",
        "arn:aws:s3:us-west-2:*:accesspoint/a",
        "arn:aws:s3:*:111111111111:accesspoint/a",
        "arn:aws:s3:us-west-2::accesspoint/*",
        "arn:aws:s3:us-west-2:111111111111:accesspoint/${x}",
        "arn:aws:s3:r:1:x:accesspoint/*",
        "arn:aws:sns:us-west-2:111111111111:topic",
    ]);
    let values = prop_oneof![
        4 => value.clone().prop_map(|value| json!(value)),
        2 => proptest::collection::vec(value, 0..3).prop_map(|values| json!(values)),
    ];
    let who = prop_oneof![5 => Just("Principal"), 1 => Just("NotPrincipal")];
    let effect = prop_oneof![8 => Just("Allow"), 1 => Just("Deny")];
    (effect, who, principal(), proptest::collection::vec((operator, key, values), 0..3)).prop_map(
        |(effect, who, principal, conditions)| {
            let mut map: Map<String, serde_json::Value> = Map::new();
            for (operator, key, values) in conditions {
                map.entry(operator).or_insert_with(|| json!({}))[key] = values;
            }
            json!({"Effect": effect, who: principal, "Action": "s3:*", "Resource": "*", "Condition": map})
        },
    )
}

/// How many cases a property is tried with: `S3IAM_PROPERTY_CASES`, or a thousand.
pub fn cases() -> ProptestConfig {
    let cases = std::env::var("S3IAM_PROPERTY_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(1000);
    // What is passed over grows with what is tried.
    let max_global_rejects = cases.max(1024);
    ProptestConfig { cases, max_global_rejects, failure_persistence: None, ..ProptestConfig::default() }
}
