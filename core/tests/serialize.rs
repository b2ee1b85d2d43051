//! With the feature `serde`, what the core answers serializes under the names that every language uses.
#![cfg(feature = "serde")]

use s3iam::evaluate::layers::Layer;
use s3iam::evaluate::{Decision, Outcome, Reason, StatementRef};
use s3iam::policy::{Dialect, Document, Kind, Limits};
use s3iam::{Error, ErrorCode};
use serde_json::json;

#[test]
fn a_decision_is_named_as_everywhere() {
    let statement = Some(StatementRef { policy: 0, statement: 2 });
    for outcome in [Outcome::Allow, Outcome::ExplicitDeny, Outcome::ImplicitDeny] {
        assert_eq!(serde_json::to_value(outcome).unwrap(), outcome.name());
    }
    for reason in [
        Reason::Statement,
        Reason::DenyOnly,
        Reason::FactsMissing,
        Reason::AclGrant,
        Reason::PublicAccessBlocked,
    ] {
        assert_eq!(serde_json::to_value(reason).unwrap(), reason.name());
    }
    for layer in [Layer::Scp, Layer::Resource, Layer::Acl, Layer::PublicAccessBlock] {
        assert_eq!(serde_json::to_value(layer).unwrap(), layer.name());
    }
    let decision = Decision { outcome: Outcome::ExplicitDeny, reason: Reason::Statement, statement };
    assert_eq!(
        serde_json::to_value(decision).unwrap(),
        json!({"outcome": "explicit_deny", "reason": "statement", "statement": {"policy": 0, "statement": 2}})
    );
}

#[test]
fn findings_and_errors_carry_their_codes() {
    let document = Document::read(b"[]", Dialect::Minio, Kind::Identity, Limits::default());
    let finding = serde_json::to_value(&document.findings[0]).unwrap();
    assert_eq!(
        (&finding["code"], &finding["severity"], &finding["stage"]),
        (&json!("E005"), &json!("error"), &json!("read"))
    );
    assert_eq!(finding["start"]["line"], 1);

    let error = Error::new(ErrorCode::WrongRegion).detail("Region", "eu-west-1");
    let error = serde_json::to_value(error).unwrap();
    assert_eq!(
        (&error["code"], &error["details"]),
        (&json!("wrong-region"), &json!([["Region", "eu-west-1"]]))
    );
}
