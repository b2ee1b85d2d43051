use super::*;
use crate::compile::Named;
use crate::evaluate::{Action, ContextMap, EmptyContext};
use crate::operation::{Call, CopySource, Operation};
use crate::policy::{Dialect, Document, Kind, Limits};

const USER: Credential = Credential::User;
const SERVICE_ACCOUNT: Credential = Credential::ServiceAccount { parent_is_root: false };
const TEMPORARY: Credential = Credential::Temporary { parent_is_root: false };

fn program(kind: Kind, statements: &str) -> Program {
    let text = format!(r#"{{"Version": "2012-10-17", "Statement": [{statements}]}}"#);
    let document = Document::read(text.as_bytes(), Dialect::Minio, kind, Limits::default());
    Program::compile(&[Named { name: "", document: &document }]).unwrap()
}

/// Statements of one effect on the objects of `b`.
fn statement(effect: &str, action: &str) -> String {
    format!(r#"{{"Effect": "{effect}", "Action": "{action}", "Resource": "arn:aws:s3:::b/*"}}"#)
}

fn identity(effect: &str, action: &str) -> Program {
    program(Kind::Identity, &statement(effect, action))
}

fn public(effect: &str, action: &str) -> Program {
    let statement = statement(effect, action).replacen('{', r#"{"Principal": "*", "#, 1);
    program(Kind::Bucket, &statement)
}

fn account<'p>(
    credential: Credential,
    identity: Option<&'p Program>,
    session: Option<&'p Program>,
) -> Account<'p> {
    let attached = |program: Option<&'p Program>| program.map_or(Attached::Nothing, Attached::Program);
    Account {
        credential,
        identity: attached(identity),
        session: attached(session),
        bucket: Attached::Nothing,
    }
}

fn ask(account: &Account<'_>, action: &str, deny_only: bool) -> (Outcome, Layer, Reason) {
    let request = Request::new(Action::named(action), b"b", b"k", &EmptyContext);
    let answer = account.decide(&Request { deny_only, is_owner: true, account: "x", ..request });
    (answer.decision.outcome, answer.layer, answer.decision.reason)
}

#[test]
fn the_credential_says_who_the_owner_is() {
    let owner = (Outcome::Allow, Layer::Owner, Reason::Owner);
    let deny = identity("Deny", "s3:*");
    assert_eq!(ask(&account(Credential::Root, Some(&deny), None), "s3:GetObject", false), owner);
    for parent_is_root in [true, false] {
        for child in [Credential::Temporary { parent_is_root }, Credential::ServiceAccount { parent_is_root }]
        {
            let answer = ask(&account(child, Some(&deny), None), "s3:GetObject", false);
            assert_eq!(answer == owner, parent_is_root, "{child:?}");
            let narrowed = ask(&account(child, None, Some(&deny)), "s3:GetObject", false);
            assert_eq!(narrowed.0, Outcome::ExplicitDeny);
            assert_eq!(narrowed.1, Layer::Session);
        }
    }
}

#[test]
fn without_policies_nothing_may_be_done_not_even_what_only_a_deny_stops() {
    let nothing = (Outcome::ImplicitDeny, Layer::Identity, Reason::NoPolicy);
    for credential in [USER, SERVICE_ACCOUNT, TEMPORARY] {
        for deny_only in [false, true] {
            assert_eq!(ask(&account(credential, None, None), "s3:GetObject", deny_only), nothing);
        }
    }
}

#[test]
fn a_session_policy_must_really_allow() {
    let (all, get) = (identity("Allow", "s3:*"), identity("Allow", "s3:GetObject"));
    let narrowed = account(TEMPORARY, Some(&all), Some(&get));
    for deny_only in [false, true] {
        assert_eq!(
            ask(&narrowed, "s3:PutObject", deny_only),
            (Outcome::ImplicitDeny, Layer::Session, Reason::NoStatement)
        );
        assert!(ask(&narrowed, "s3:GetObject", deny_only).0 == Outcome::Allow);
    }
}

#[test]
fn an_explicit_deny_is_named_before_a_missing_allow() {
    let (get, deny) = (identity("Allow", "s3:GetObject"), identity("Deny", "s3:*"));
    let of = |identity, session, action| {
        let (outcome, layer, _) = ask(&account(TEMPORARY, Some(identity), Some(session)), action, false);
        (outcome, layer)
    };
    assert_eq!(of(&get, &deny, "s3:PutObject"), (Outcome::ExplicitDeny, Layer::Session));
    assert_eq!(of(&deny, &get, "s3:PutObject"), (Outcome::ExplicitDeny, Layer::Identity));
    assert_eq!(of(&deny, &deny, "s3:PutObject"), (Outcome::ExplicitDeny, Layer::Identity));
    assert_eq!(of(&get, &get, "s3:PutObject"), (Outcome::ImplicitDeny, Layer::Identity));
    assert_eq!(of(&get, &get, "s3:GetObject"), (Outcome::Allow, Layer::Identity));
}

#[test]
fn a_bucket_policy_is_for_anonymous_callers() {
    let (get, open, closed) =
        (identity("Allow", "s3:GetObject"), public("Allow", "s3:*"), public("Deny", "s3:*"));
    let with = |account: Account<'_>, bucket| ask(&Account { bucket, ..account }, "s3:GetObject", false);
    let anonymous = account(Credential::Anonymous, Some(&get), None);
    assert_eq!(with(anonymous, Attached::Nothing), (Outcome::ImplicitDeny, Layer::Bucket, Reason::NoPolicy));
    assert_eq!(with(anonymous, Attached::Program(&open)).0, Outcome::Allow);
    assert_eq!(with(anonymous, Attached::Program(&closed)).0, Outcome::ExplicitDeny);
    assert_eq!(
        with(anonymous, Attached::Broken),
        (Outcome::ExplicitDeny, Layer::Bucket, Reason::PolicyBroken)
    );
    let user = account(USER, Some(&get), None);
    assert_eq!(with(user, Attached::Program(&closed)).0, Outcome::Allow);
    let without = account(USER, None, None);
    assert_eq!(with(without, Attached::Program(&open)).0, Outcome::ImplicitDeny);
}

#[test]
fn policies_of_the_wrong_kind_deny() {
    let (get, open) = (identity("Allow", "s3:*"), public("Allow", "s3:*"));
    assert_eq!(ask(&account(USER, Some(&open), None), "s3:GetObject", false).2, Reason::PolicyBroken);
    assert_eq!(
        ask(&account(TEMPORARY, Some(&get), Some(&open)), "s3:GetObject", false).2,
        Reason::PolicyBroken
    );
    let anonymous = Account { bucket: Attached::Program(&get), ..account(Credential::Anonymous, None, None) };
    assert_eq!(ask(&anonymous, "s3:GetObject", false).2, Reason::PolicyBroken);
}

fn call(account: &Account<'_>, call: Call<'_>) -> Outcome {
    decide_operation(account, &call, "x", &EmptyContext).decision.outcome
}

#[test]
fn a_copy_of_an_anonymous_caller_stays_in_its_bucket() {
    let open = public("Allow", "s3:*");
    let anonymous =
        Account { bucket: Attached::Program(&open), ..account(Credential::Anonymous, None, None) };
    let copy = |bucket| {
        let source = Some(CopySource { bucket, key: b"s", version_id: None });
        call(&anonymous, Call { source, ..Call::new(Operation::CopyObject, b"b", b"k") })
    };
    assert_eq!(copy(b"b"), Outcome::Allow);
    assert_eq!(copy(b"other"), Outcome::ImplicitDeny);
    let unsaid = Call::new(Operation::CopyObject, b"b", b"k");
    assert_eq!(call(&anonymous, unsaid), Outcome::ImplicitDeny);
}

#[test]
fn an_anonymous_caller_lists_no_buckets_and_sets_no_retention() {
    let open = program(
        Kind::Bucket,
        r#"{"Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": "arn:aws:s3:::*"}"#,
    );
    let anonymous =
        Account { bucket: Attached::Program(&open), ..account(Credential::Anonymous, None, None) };
    let list = Call { buckets: &[b"b"], ..Call::new(Operation::ListBuckets, b"", b"") };
    assert_eq!(call(&anonymous, list), Outcome::ImplicitDeny);
    assert_eq!(call(&anonymous, Call::new(Operation::PutObjectRetention, b"b", b"k")), Outcome::ImplicitDeny);
    assert_eq!(call(&anonymous, Call::new(Operation::PutObject, b"b", b"k")), Outcome::Allow);
}

#[test]
fn each_check_sees_the_version_of_what_it_is_about() {
    let condition = r#"{"Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::b/*"},
        {"Effect": "Deny", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*",
         "Condition": {"StringEquals": {"s3:versionid": "old"}}}"#;
    let policy = program(Kind::Identity, condition);
    let user = account(USER, Some(&policy), None);
    let copy = |version_id: &'static [u8]| {
        let source = Some(CopySource { bucket: b"b", key: b"s", version_id: Some(version_id) });
        call(&user, Call { source, version_id: Some(b"old"), ..Call::new(Operation::CopyObject, b"b", b"k") })
    };
    assert_eq!(copy(b"new"), Outcome::Allow);
    assert_eq!(copy(b"old"), Outcome::ExplicitDeny);
    let get = |version_id| call(&user, Call { version_id, ..Call::new(Operation::GetObject, b"b", b"k") });
    assert_eq!(get(Some(b"old")), Outcome::ExplicitDeny);
    assert_eq!(get(None), Outcome::Allow);
}

#[test]
fn each_bucket_of_a_list_is_asked_for_as_a_listing_of_its_top() {
    let policy = program(
        Kind::Identity,
        r#"{"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::b",
            "Condition": {"StringEquals": {"s3:prefix": "", "s3:delimiter": "/"}}}"#,
    );
    let user = account(USER, Some(&policy), None);
    let mut context = ContextMap::new();
    context.add("prefix", b"home/");
    let list = |buckets: &[&[u8]]| {
        let call = Call { buckets, ..Call::new(Operation::ListBuckets, b"", b"") };
        decide_operation(&user, &call, "x", &context).decision.outcome
    };
    assert_eq!(list(&[b"a", b"b"]), Outcome::Allow);
    assert_eq!(list(&[b"a"]), Outcome::ImplicitDeny);
    assert_eq!(list(&[]), Outcome::ImplicitDeny);
}

#[test]
fn every_operation_has_a_name_and_checks() {
    for operation in Operation::ALL {
        assert_eq!(Operation::named(operation.name()), Some(operation));
        assert!(!Call::new(operation, b"b", b"k").checks().is_empty(), "{operation:?}");
    }
    assert_eq!(Operation::named("getobject"), None);
}
