//! Questions in bulk, explanations and access, as the bindings ask for them.
#![cfg(all(feature = "aws", feature = "accounts"))]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, missing_docs)]

use s3iam::facade::{
    AccountOnBucket, Acl, Answer, Ask, Batch, Caller, Context, ContextMap, Credential, Dialect, Kind,
    LayerPolicies, Layers, MAX_ANSWERS, PublicAccessBlock, Truth, access_json, allowed_actions, answers_json,
    decide_many, explanation_json,
};
use s3iam::{Account, ErrorCode, Policy, PolicyOptions, PolicySet, Query, Target};
use serde_json::Value;

fn parse(dialect: Dialect, kind: Kind, statements: &str) -> Policy {
    let text = format!(r#"{{"Version": "2012-10-17", "Statement": [{statements}]}}"#);
    let options = PolicyOptions { dialect, kind, ..PolicyOptions::default() };
    Policy::parse(text.as_bytes(), &options).unwrap()
}

fn minio(statements: &str) -> Policy {
    parse(Dialect::Minio, Kind::Identity, statements)
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

const HOME: &str = r#"{"Sid": "Home", "Effect": "Allow", "Action": "s3:*",
    "Resource": ["arn:aws:s3:::home/${aws:username}/*", "arn:aws:s3:::home"]}"#;
const NO_DELETE: &str = r#"{"Effect": "Deny", "Action": "s3:DeleteObject", "Resource": "arn:aws:s3:::home/*",
    "Condition": {"Bool": {"aws:SecureTransport": "false"}}}"#;

#[test]
fn a_batch_answers_as_each_question_alone() {
    let set = PolicySet::of(&[&minio(HOME), &minio(NO_DELETE)]).unwrap();
    let (mut alice, mut bob) = (ContextMap::new(), ContextMap::new());
    alice.add("aws:username", b"alice");
    bob.add("aws:username", b"bob");
    bob.add("aws:SecureTransport", b"false");
    let actions = ["s3:GetObject", "s3:DeleteObject"];
    let targets =
        [Target::Resource("arn:aws:s3:::home/bob/a"), Target::Object { bucket: "home", object: "c" }];
    let contexts: [&dyn Context; 2] = [&alice, &bob];
    let query = Query::new("", Target::Resource(""));
    let batch = Batch { query, actions: &actions, targets: &targets, contexts: &contexts };
    let answers = decide_many(&set, &batch).unwrap();
    assert_eq!(answers.len(), 8);
    let alone = |answer: &Answer<'_>| answer.decision;
    let mut answers = answers.iter().map(alone);
    for action in actions {
        for target in targets {
            for context in contexts {
                let query = Query::new(action, target).with_context(context);
                assert_eq!(answers.next(), Some(set.decide(&query)));
            }
        }
    }
    let list = json(&answers_json(&decide_many(&set, &batch).unwrap()));
    assert_eq!(list[1]["statement"]["sid"], "Home");
    assert_eq!(list[5]["outcome"], "explicit_deny");
}

#[test]
fn a_batch_is_bounded() {
    let policy = minio(HOME);
    let actions = vec!["s3:GetObject"; MAX_ANSWERS / 2 + 1];
    let targets = [Target::Resource("home/a"); 2];
    let empty = ContextMap::new();
    let query = Query::new("", Target::Resource(""));
    let batch = Batch { query, actions: &actions, targets: &targets, contexts: &[&empty] };
    assert_eq!(decide_many(&policy, &batch).unwrap_err().code(), ErrorCode::InvalidArgument);
    let none = Batch { actions: &[], ..batch };
    assert!(decide_many(&policy, &none).unwrap().is_empty());
}

#[test]
fn allowed_actions_are_those_about_the_resource() {
    let policy = minio(
        r#"{"Effect": "Allow", "Action": ["s3:Get*", "s3:ListBucket"], "Resource": "arn:aws:s3:::b/*"},
           {"Effect": "Allow", "Action": "admin:*"},
           {"Effect": "Deny", "Action": "s3:GetObjectTagging", "Resource": "arn:aws:s3:::b/*"}"#,
    );
    let on = |target| allowed_actions(&policy, &Query::new("", target)).unwrap();
    let objects = on(Target::Resource("arn:aws:s3:::b/k"));
    assert!(objects.contains(&"s3:GetObject".to_owned()));
    assert!(!objects.contains(&"s3:GetObjectTagging".to_owned()));
    assert!(!objects.contains(&"s3:ListBucket".to_owned()));
    let bucket = on(Target::Object { bucket: "b", object: "" });
    assert!(bucket.contains(&"s3:ListBucket".to_owned()) && !bucket.contains(&"s3:GetObject".to_owned()));
    assert!(on(Target::Resource("")).contains(&"admin:ServerInfo".to_owned()));
    assert!(on(Target::Resource("other/k")).is_empty());
}

#[test]
fn actions_of_any_service_are_found_in_the_aws_dialect() {
    let policy = parse(
        Dialect::Aws,
        Kind::Identity,
        r#"{"Effect": "Allow", "Action": ["dynamodb:GetItem", "s3:GetObject*", "s3:NewAction"], "Resource": "*"}"#,
    );
    let on = |target| allowed_actions(&policy, &Query::new("", Target::Resource(target))).unwrap();
    assert_eq!(on("arn:aws:dynamodb:eu-west-1:111122223333:table/t"), ["dynamodb:GetItem"]);
    let objects = on("arn:aws:s3:::b/k");
    assert!(
        objects.contains(&"s3:GetObjectAttributes".to_owned())
            && objects.contains(&"s3:NewAction".to_owned())
    );
    assert!(!objects.contains(&"dynamodb:GetItem".to_owned()));
}

#[test]
fn an_explanation_is_the_decision_with_its_reasons() {
    let policy = minio(HOME);
    let mut context = ContextMap::new();
    context.add("aws:username", b"alice");
    let query =
        Query::new("s3:GetObject", Target::Resource("arn:aws:s3:::home/bob/a")).with_context(&context);
    let explained = policy.explain(&query).unwrap();
    assert_eq!(explained.decision, policy.decide(&query));
    let text = json(&explanation_json(&explained));
    assert_eq!(text["decision"]["outcome"], "implicit_deny");
    assert_eq!(text["layers"], Value::Array(Vec::new()));
    assert_eq!(text["statements"][0]["sid"], "Home");
    assert_eq!(text["statements"][0]["applies"], false);
    let elements = text["statements"][0]["elements"].as_array().unwrap();
    let failing: Vec<&str> =
        elements.iter().filter(|e| e["holds"] == false).map(|e| e["element"].as_str().unwrap()).collect();
    assert_eq!(failing, ["Resource"]);
}

#[test]
fn accounts_explain_each_layer_that_is_asked() {
    let own = minio(r#"{"Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::*"}"#);
    let session = br#"{"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}]}"#;
    let temporary = Credential::Temporary { parent_is_root: false };
    let account = Account::new(temporary, &[&own], Some(session)).unwrap();
    let asked = AccountOnBucket { account: &account, bucket_policy: None };
    let explain = |action| asked.explain(&Query::new(action, Target::Resource("b/k"))).unwrap();
    let denied = explain("s3:PutObject");
    assert_eq!((denied.layer, denied.layers.len()), (Some("session"), 2));
    assert!(denied.sentence.starts_with("In the layer `session`: "), "{}", denied.sentence);
    assert_eq!(json(&explanation_json(&denied))["statements"][1]["layer"], "session");
    let root = Account::new(Credential::Root, &[], None).unwrap();
    let asked = AccountOnBucket { account: &root, bucket_policy: None };
    let explained = asked.explain(&Query::new("s3:PutObject", Target::Resource("b/k"))).unwrap();
    assert_eq!((explained.layer, explained.layers.len()), (Some("owner"), 0));
    let broken = Account::new(temporary, &[&own], Some(b"{")).unwrap();
    let asked = AccountOnBucket { account: &broken, bucket_policy: None };
    let explained = asked.explain(&Query::new("s3:PutObject", Target::Resource("b/k"))).unwrap();
    assert_eq!(explained.sentence, "Denied: the policy of the layer `session` cannot be used.");
}

#[test]
fn access_is_data_and_answers_for_each_resource() {
    let set = PolicySet::of(&[&minio(HOME), &minio(NO_DELETE)]).unwrap();
    let mut known = ContextMap::new();
    known.add("aws:username", b"alice");
    let query = Query::new("s3:DeleteObject", Target::Resource(""));
    let access = set.access(&query, &known, false).unwrap();
    assert_eq!(access.allows(Target::Resource("home/alice/a")), Truth::Unknown);
    assert_eq!(access.allows(Target::Resource("arn:aws:s3:::home/bob/a")), Truth::False);
    let text = json(&access_json(&access));
    let layer = &text["layers"][0];
    assert_eq!(layer["allow"][0]["resources"][0], "arn:aws:s3:::home/alice/*");
    assert_eq!(layer["deny"][0]["conditions"][0]["key"], "aws:SecureTransport");
    let complete = set.access(&query, &known, true).unwrap();
    assert_eq!(complete.allows(Target::Resource("home/alice/a")), Truth::True);
}

#[test]
fn an_account_reaches_what_all_its_layers_allow() {
    let own = minio(HOME);
    let session = br#"{"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::home/alice/public/*"}]}"#;
    let account =
        Account::new(Credential::Temporary { parent_is_root: false }, &[&own], Some(session)).unwrap();
    let asked = AccountOnBucket { account: &account, bucket_policy: None };
    let mut known = ContextMap::new();
    known.add("aws:username", b"alice");
    let query = Query::new("s3:GetObject", Target::Resource(""));
    let access = asked.access(&query, &known, true).unwrap();
    assert_eq!(access.allows(Target::Resource("home/alice/public/a")), Truth::True);
    assert_eq!(access.allows(Target::Resource("home/alice/a")), Truth::False);
    assert_eq!(json(&access_json(&access))["layers"][1]["layer"], "session");
}

#[test]
fn a_bucket_policy_is_one_whatever_is_asked() {
    let own = minio(HOME);
    let account = Account::new(Credential::Anonymous, &[], None).unwrap();
    let asked = AccountOnBucket { account: &account, bucket_policy: Some(&own) };
    let query = Query::new("s3:GetObject", Target::Resource("home/alice/a"));
    assert_eq!(asked.answer(&query).unwrap_err().code(), ErrorCode::InvalidArgument);
    assert_eq!(asked.explain(&query).unwrap_err().code(), ErrorCode::InvalidArgument);
    let access = asked.access(&query, &ContextMap::new(), true);
    assert_eq!(access.unwrap_err().code(), ErrorCode::InvalidArgument);
}

#[test]
fn layers_name_who_decided() {
    let all = r#"{"Effect": "Allow", "Action": "*", "Resource": "*"}"#;
    let identity = parse(Dialect::Aws, Kind::Identity, all);
    let (root, unit) = (parse(Dialect::Aws, Kind::Scp, all), parse(Dialect::Aws, Kind::Scp, ""));
    let scp = [vec![&root], vec![&unit]];
    let policies = LayerPolicies { identity: &[&identity], scp: &scp, ..LayerPolicies::default() };
    let layers = Layers::of(&policies).unwrap();
    let query = Query::new("s3:GetObject", Target::Object { bucket: "b", object: "k" });
    assert_eq!(layers.answer(&query).unwrap_err().code(), ErrorCode::InvalidArgument);
    let caller = Some(Caller::User { arn: "arn:aws:iam::111122223333:user/a" });
    let query = Query { caller, ..query };
    let answer = layers.answer(&query).unwrap();
    assert_eq!((answer.layer, answer.level, answer.decision.allowed()), (Some("scp"), 1, false));
    let text = json(&explanation_json(&layers.explain(&query).unwrap()));
    assert_eq!((&text["decision"]["layer"], &text["decision"]["level"]), (&json("\"scp\""), &json("1")));
    assert_eq!(text["layers"].as_array().unwrap().len(), 3);
}

#[test]
fn policies_belong_into_their_layers() {
    let all = r#"{"Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::*"}"#;
    let (minio, aws) = (minio(all), parse(Dialect::Aws, Kind::Identity, all));
    let refuse = |policies: LayerPolicies<'_>| {
        assert_eq!(Layers::of(&policies).unwrap_err().code(), ErrorCode::InvalidArgument);
    };
    refuse(LayerPolicies { identity: &[&minio], ..LayerPolicies::default() });
    refuse(LayerPolicies { resource: Some(&aws), ..LayerPolicies::default() });
    refuse(LayerPolicies { endpoint: Some(&aws), ..LayerPolicies::default() });
    assert_eq!(Account::new(Credential::User, &[&aws], None).unwrap_err().code(), ErrorCode::InvalidArgument);
}

#[test]
fn a_stored_policy_that_cannot_be_read_denies_everything() {
    for text in [
        "",
        "{",
        "[]",
        r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*",
        "Resource": "arn:aws:s3:::*", "Condition": {"NoSuchOperator": {"aws:username": "a"}}}]}"#,
    ] {
        for dialect in [Dialect::Minio, Dialect::Aws] {
            let strict = PolicyOptions { dialect, ..PolicyOptions::default() };
            let refused = Policy::parse(text.as_bytes(), &strict).unwrap_err();
            assert_eq!(refused.error.code(), ErrorCode::PolicyUnreadable, "{text}");
            let lenient = PolicyOptions { lenient: true, ..strict };
            let policy = Policy::parse(text.as_bytes(), &lenient).unwrap();
            let query = Query::new("s3:GetObject", Target::Resource("b/k"));
            let decision = Query { is_owner: true, ..query };
            let decision = policy.decide(&decision);
            assert_eq!((decision.outcome.name(), decision.reason.name()), ("explicit_deny", "policy-broken"));
            assert!(policy.explain(&query).unwrap().sentence.contains("cannot be evaluated"), "{text}");
        }
    }
    let lenient = PolicyOptions { lenient: true, ..PolicyOptions::default() };
    let large = vec![b' '; 21_000];
    assert_eq!(Policy::parse(&large, &lenient).unwrap_err().error.code(), ErrorCode::PolicyTooLarge);
}

#[test]
fn access_control_lists_and_public_access_bear_on_layers() {
    let public = parse(
        Dialect::Aws,
        Kind::Bucket,
        r#"{"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}"#,
    );
    assert_eq!(public.public_statements(), [0]);
    let open = LayerPolicies { resource: Some(&public), ..LayerPolicies::default() };
    let blocked = LayerPolicies {
        public_access_block: PublicAccessBlock {
            restrict_public_buckets: true,
            ..PublicAccessBlock::default()
        },
        ..open
    };
    let acl = Acl::parse(
        br#"{"ownership": "ObjectWriter", "objectOwner": "111122223333", "object": [{"permission": "READ_ACP",
            "grantee": {"uri": "http://acs.amazonaws.com/groups/global/AllUsers"}}]}"#,
    )
    .unwrap();
    let ask = |policies: &LayerPolicies<'_>, action| {
        let query = Query {
            caller: Some(Caller::Anonymous),
            resource_account: Some("111122223333"),
            acl: Some(&acl),
            ..Query::new(action, Target::Resource("arn:aws:s3:::b/k"))
        };
        let layers = Layers::of(policies).unwrap();
        let answer = layers.answer(&query).unwrap();
        assert_eq!(layers.explain(&query).unwrap().decision, answer.decision);
        (answer.decision.allowed(), answer.layer.unwrap())
    };
    assert_eq!(ask(&open, "s3:GetObject"), (true, "resource"));
    assert_eq!(ask(&open, "s3:GetObjectAcl"), (true, "acl"));
    assert_eq!(ask(&blocked, "s3:GetObject"), (false, "public_access_block"));
}
