//! Which policies and lists are public, and what Block Public Access refuses to take.
#![cfg(feature = "aws")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, missing_docs)]

use s3iam::analyze::public::{is_public, public_statements};
use s3iam::evaluate::acl::{AclGrant, AclPermission, Grantee};
use s3iam::evaluate::public_access::{PublicAccessBlock, PublicRefusal};
use s3iam::policy::{Dialect, Document, Kind, Limits};
use serde_json::{Value, json};

fn document(statements: &Value) -> Document {
    let text = json!({"Version": "2012-10-17", "Statement": statements}).to_string();
    Document::read(text.as_bytes(), Dialect::Aws, Kind::Bucket, Limits::default())
}

fn allow(principal: &Value, condition: &Value) -> Value {
    let mut allow = json!({"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::data/*"});
    allow["Principal"] = principal.clone();
    if !condition.is_null() {
        allow["Condition"] = condition.clone();
    }
    allow
}

#[test]
fn principals_are_fixed_or_public() {
    let fixed = [
        json!({"AWS": "111122223333"}),
        json!({"AWS": ["arn:aws:iam::111122223333:role/app", "444455556666"]}),
        json!({"Service": "cloudtrail.amazonaws.com"}),
        json!({"CanonicalUser": "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be"}),
    ];
    let public = [
        json!("*"),
        json!({"AWS": "*"}),
        json!({"AWS": ["111122223333", "*"]}),
        json!({"AWS": "arn:aws:iam::111122223333:role/*"}),
        json!({"AWS": "${aws:PrincipalArn}"}),
        json!({"Service": "*"}),
        json!({"AWS": []}),
    ];
    for principal in &fixed {
        assert!(!is_public(&document(&allow(principal, &Value::Null))), "{principal}");
    }
    for principal in &public {
        assert!(is_public(&document(&allow(principal, &Value::Null))), "{principal}");
    }
}

#[test]
fn conditions_limit_by_fixed_values() {
    let arn = |name: &str| format!("arn:aws:s3:us-west-2:{name}");
    let limits = [
        json!({"IpAddress": {"aws:SourceIp": ["192.0.2.0/24", "10.0.0.0/8", "2001:db8::/32", "192.0.2.1"]}}),
        json!({"IpAddress": {"AWS:SOURCEIP": "192.168.0.0/16"}}),
        json!({"ArnLike": {"aws:SourceArn": "arn:aws:sns:us-west-2:111122223333:topic"}}),
        json!({"StringEquals": {"aws:SourceVpce": ["vpce-1", "vpce-2"]}}),
        json!({"StringLike": {"aws:SourceOwner": "111122223333"}}),
        json!({"ForAnyValue:StringEquals": {"aws:SourceAccount": "111122223333"}}),
        json!({"StringEqualsIgnoreCase": {"aws:PrincipalOrgID": "o-1"}}),
        json!({"StringEquals": {"aws:userid": "AIDAEXAMPLE"}}),
        json!({"StringEquals": {"s3:DataAccessPointAccount": "111122223333"}}),
        json!({"ArnLike": {"s3:DataAccessPointArn": arn("111122223333:accesspoint/*")}}),
        // One of several conditions is enough: all must hold.
        json!({"StringEquals": {"aws:SourceVpc": "vpc-1"}, "StringNotEquals": {"aws:username": "bob"}}),
    ];
    let public = [
        json!({}),
        json!({"IpAddress": {"aws:SourceIp": "0.0.0.0/0"}}),
        json!({"IpAddress": {"aws:SourceIp": "128.0.0.0/7"}}),
        json!({"IpAddress": {"aws:SourceIp": ["192.0.2.0/24", "2001:db8::/31"]}}),
        json!({"IpAddress": {"aws:SourceIp": "::ffff:0.0.0.0/96"}}),
        json!({"IpAddress": {"aws:SourceIp": "everywhere"}}),
        json!({"NotIpAddress": {"aws:SourceIp": "192.0.2.0/24"}}),
        json!({"IpAddressIfExists": {"aws:SourceIp": "192.0.2.0/24"}}),
        json!({"StringEquals": {"aws:SourceIp": "192.0.2.1"}}),
        json!({"StringLike": {"aws:SourceVpc": "vpc-*"}}),
        json!({"StringEquals": {"aws:SourceVpc": ["vpc-1", "${aws:SourceVpc}"]}}),
        json!({"StringEquals": {"aws:SourceVpc": []}}),
        json!({"StringNotEquals": {"aws:SourceVpc": "vpc-1"}}),
        json!({"StringEqualsIfExists": {"aws:SourceVpc": "vpc-1"}}),
        json!({"ForAllValues:StringEquals": {"aws:SourceVpc": "vpc-1"}}),
        json!({"Null": {"aws:SourceVpc": "false"}}),
        json!({"StringLike": {"aws:userid": "AROAEXAMPLE:*"}}),
        json!({"StringEquals": {"aws:userid": "AROAEXAMPLE:session"}}),
        json!({"StringEquals": {"aws:Referer": "https://example.com/"}}),
        json!({"Bool": {"aws:SecureTransport": "true"}}),
        json!({"ArnLike": {"s3:DataAccessPointArn": arn("*:accesspoint/a")}}),
        json!({"ArnLike": {"s3:DataAccessPointArn": arn(":accesspoint/*")}}),
        json!({"StringEquals": {"s3:x-amz-server-side-encryption-aws-kms-key-id": "arn:aws:kms:r:1:key/1"}}),
    ];
    for condition in &limits {
        assert!(!is_public(&document(&allow(&json!("*"), condition))), "{condition}");
    }
    for condition in &public {
        assert!(is_public(&document(&allow(&json!("*"), condition))), "{condition}");
    }
}

#[test]
fn the_statements_that_make_a_policy_public_are_named() {
    let named = allow(&json!({"AWS": "111122223333"}), &Value::Null);
    let open = allow(&json!("*"), &Value::Null);
    let mut deny = open.clone();
    deny["Effect"] = json!("Deny");
    let but_one = json!({"Effect": "Allow", "NotPrincipal": {"AWS": "111122223333"}, "Action": "s3:GetObject",
        "Resource": "*"});
    let policy = document(&json!([named, open, deny, but_one]));
    assert_eq!(public_statements(&policy), [1, 3]);
    assert!(!is_public(&document(&json!([named, deny]))));
}

#[test]
fn public_policies_are_refused_with_their_statements() {
    let block = PublicAccessBlock { block_public_policy: true, ..PublicAccessBlock::default() };
    let public = document(&allow(&json!("*"), &Value::Null));
    let refusal = block.refuses_policy(&public).unwrap();
    assert_eq!(refusal, PublicRefusal::Policy { statements: vec![0] });
    let text = "public policies are refused by the setting BlockPublicPolicy: statement 0";
    assert_eq!(refusal.to_string(), text);
    let fixed = document(&allow(&json!({"AWS": "111122223333"}), &Value::Null));
    assert_eq!(block.refuses_policy(&fixed), None);
    let others = PublicAccessBlock { block_public_policy: false, ..PublicAccessBlock::ALL };
    assert_eq!(others.refuses_policy(&public), None);

    // Nobody can say that this one is not public.
    let unreadable = Document::read(b"{", Dialect::Aws, Kind::Bucket, Limits::default());
    let refusal = block.refuses_policy(&unreadable).unwrap();
    assert_eq!(refusal.to_string(), "public policies are refused by the setting BlockPublicPolicy");
}

#[test]
fn public_lists_are_refused_with_their_grants() {
    let grant = |grantee| AclGrant { grantee, permission: AclPermission::Read };
    let group =
        |name: &str| grant(Grantee::of_group(&format!("http://acs.amazonaws.com/groups/{name}")).unwrap());
    let list = [
        group("global/AllUsers"),
        grant(Grantee::Account("111122223333".into())),
        group("global/AuthenticatedUsers"),
        group("s3/LogDelivery"),
    ];
    let block = PublicAccessBlock { block_public_acls: true, ..PublicAccessBlock::default() };
    let refusal = block.refuses_acl(&list).unwrap();
    assert_eq!(refusal, PublicRefusal::Acl { grants: vec![0, 2] });
    let text = "public lists are refused by the setting BlockPublicAcls: grant 0, grant 2";
    assert_eq!(refusal.to_string(), text);
    assert_eq!(block.refuses_acl(&list[3..]), None);
    let others = PublicAccessBlock { block_public_acls: false, ..PublicAccessBlock::ALL };
    assert_eq!(others.refuses_acl(&list), None);
}

#[test]
fn settings_of_account_and_bucket_are_taken_together() {
    let account = PublicAccessBlock { ignore_public_acls: true, ..PublicAccessBlock::default() };
    let bucket = PublicAccessBlock { ignore_public_acls: false, ..PublicAccessBlock::ALL };
    assert_eq!(account.with(bucket), PublicAccessBlock::ALL);
    assert_eq!(account.with(PublicAccessBlock::default()), account);
}
