//! Decisions that gave more than the policies say (8.4).

use super::*;
use s3iam::facade::{
    Account, ContextMap, Credential, Dialect, OperationQuery, Policy, PolicyOptions, Query, Target,
};

const COPY: &str = "x-amz-copy-source";

fn policy(dialect: Dialect, statements: &str) -> Policy {
    let text = format!(r#"{{"Version": "2012-10-17", "Statement": [{statements}]}}"#);
    Policy::parse(text.as_bytes(), &PolicyOptions { dialect, ..PolicyOptions::default() }).unwrap()
}

/// Whether an account with everything but this session policy may do something.
fn within(session: &str, credential: Credential, query: &Query<'_>) -> bool {
    let everything = policy(
        Dialect::Minio,
        r#"{"Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::*"}, {"Effect": "Allow", "Action": "admin:*"}"#,
    );
    let session = format!(r#"{{"Version": "2012-10-17", "Statement": [{session}]}}"#);
    let account = Account::new(credential, &[&everything], Some(session.as_bytes())).unwrap();
    account.decide(query, None).unwrap().allowed()
}

#[test]
fn cve_2025_62506_and_cve_2026_22043_deny_only_asks_the_session_policy_as_well() {
    let target = Target::Object { bucket: "bucket", object: "key" };
    for credential in [
        Credential::Temporary { parent_is_root: false },
        Credential::ServiceAccount { parent_is_root: false },
        Credential::Temporary { parent_is_root: true },
        Credential::ServiceAccount { parent_is_root: true },
    ] {
        let session = allow("s3:GetObject", "bucket/*");
        for deny_only in [false, true] {
            let query = Query { deny_only, ..Query::new("s3:PutObject", target) };
            assert!(!within(&deny("s3:PutObject", "*"), credential, &query), "{credential:?} {deny_only}");
        }
        // Without an Allow of its own the session may do nothing, whoever its parent is.
        assert!(!within(&session, credential, &Query::new("s3:PutObject", target)), "{credential:?}");
        assert!(within(&session, credential, &Query::new("s3:GetObject", target)), "{credential:?}");
        let create =
            Query { deny_only: true, ..Query::new("admin:CreateServiceAccount", Target::Resource("")) };
        assert!(!within(&session, credential, &create), "{credential:?}");
    }
}

#[test]
fn cve_2024_24747_a_service_account_for_objects_administers_nothing() {
    let session = allow("s3:*", "*");
    for credential in [
        Credential::ServiceAccount { parent_is_root: false },
        Credential::ServiceAccount { parent_is_root: true },
    ] {
        for action in [
            "admin:CreateServiceAccount",
            "admin:UpdateServiceAccount",
            "admin:CreateUser",
            "admin:AttachUserOrGroupPolicy",
            "admin:ServerInfo",
            "admin:ImportIAM",
        ] {
            assert!(!within(&session, credential, &Query::new(action, Target::Resource(""))), "{action}");
        }
    }
}

#[test]
fn cve_2023_27589_no_user_has_the_name_of_the_owner() {
    let document = br#"{"version": 1, "root": {"access_key": "admin", "secret_key": "secret-of-admin"},
        "users": {"admin": {"secret_key": "secret-of-user"}}}"#;
    // Whoever signs with the user's secret is not the owner.
    if let Ok(iam) = Iam::load(document, Options::default()) {
        assert!(!iam.problems().is_empty());
        let impostor = Signer { secret: "secret-of-user".to_owned(), ..signer("admin") };
        assert!(!authorize(&iam, &impostor.sign(&Draft::new("GET", "/bucket/key"))).allowed());
    }
}

#[test]
fn cve_2023_25812_a_deny_of_the_governance_bypass_counts() {
    let delete = Draft::new("DELETE", "/bucket/key").query("versionId", "1");
    let bypass = delete.clone().header("x-amz-bypass-governance-retention", "true");
    let all = allow("s3:*", "*");
    assert!(may(&iam(&all), &bypass));
    let denied = iam(&format!("{all}, {}", deny("s3:BypassGovernanceRetention", "*")));
    assert!(!may(&denied, &bypass));
    assert!(may(&denied, &delete));
}

#[test]
fn cve_2026_21862_the_address_is_the_peer_s() {
    let inside = r#"{"Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::*",
        "Condition": {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}}"#;
    let (iam, get) = (iam(inside), Draft::new("GET", "/bucket/key"));
    for name in [
        "X-Forwarded-For",
        "X-Real-IP",
        "Forwarded",
        "aws:SourceIp",
        "SourceIp",
        "X-Amz-Source-Ip",
        "True-Client-IP",
    ] {
        let value = if name == "Forwarded" { "for=10.1.2.3" } else { "10.1.2.3" };
        assert!(!may(&iam, &get.clone().header(name, value)), "{name}");
        // Whether it was signed or not.
        let unsigned = signer("user").sign(&get).header(name, value);
        assert!(!authorize(&iam, &unsigned).allowed(), "{name}");
    }
    for name in ["SourceIp", "aws:SourceIp", "x-forwarded-for"] {
        assert!(!may(&iam, &get.clone().query(name, "10.1.2.3")), "{name}");
    }
}

#[test]
fn ghsa_6r96_hmgc_726c_headers_set_no_value_of_the_server() {
    for (key, value) in [
        ("aws:userid", "admin"),
        ("aws:username", "admin"),
        ("aws:groups", "admins"),
        ("aws:principaltype", "Account"),
        ("s3:authType", "POST"),
        ("s3:signatureversion", "AWS"),
        ("s3:signatureAge", "5"),
        ("aws:SecureTransport", "false"),
        ("aws:CurrentTime", "2000-01-01T00:00:00Z"),
    ] {
        let operator = match key {
            "aws:SecureTransport" => "Bool",
            "aws:CurrentTime" => "DateEquals",
            "s3:signatureAge" => "NumericEquals",
            _ => "StringEquals",
        };
        let statement = format!(
            r#"{{"Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::*",
                "Condition": {{"{operator}": {{"{key}": "{value}"}}}}}}"#
        );
        let (iam, get) = (iam(&statement), Draft::new("GET", "/bucket/key"));
        let short = key.split_once(':').unwrap().1;
        for name in [key, short, &format!("x-amz-{short}"), &short.to_ascii_lowercase()] {
            assert!(!may(&iam, &get.clone().header(name, value)), "{key} as the header {name}");
            assert!(!may(&iam, &get.clone().query(name, value)), "{key} as the parameter {name}");
        }
    }
}

#[test]
fn ghsa_v9cp_qfw9_9pfp_quantified_operators_are_not_inverted() {
    // Operator, values of the request, and whether the condition holds in the dialects AWS and MinIO for a
    // policy with `a` and `b`. AWS negates the comparison of each value, MinIO the answer.
    let table: [(&str, &[&str], bool, bool); 17] = [
        ("ForAnyValue:StringEquals", &["a", "x"], true, true),
        ("ForAnyValue:StringEquals", &["x", "y"], false, false),
        ("ForAnyValue:StringEquals", &[], false, false),
        ("ForAllValues:StringEquals", &["a", "b"], true, true),
        ("ForAllValues:StringEquals", &["a", "x"], false, false),
        ("ForAllValues:StringEquals", &[], true, true),
        ("ForAnyValue:StringNotEquals", &["a", "x"], true, false),
        ("ForAnyValue:StringNotEquals", &["a", "b"], false, false),
        ("ForAnyValue:StringNotEquals", &["x", "y"], true, true),
        ("ForAnyValue:StringNotEquals", &[], false, true),
        ("ForAllValues:StringNotEquals", &["a", "x"], false, true),
        ("ForAllValues:StringNotEquals", &["x", "y"], true, true),
        ("ForAllValues:StringNotEquals", &["a", "b"], false, false),
        ("ForAllValues:StringNotEquals", &[], true, false),
        ("ForAnyValue:StringNotLike", &["a", "b"], false, false),
        ("ForAllValues:StringNotLike", &["a", "x"], false, true),
        ("ForAllValues:StringNotLike", &["x", "y"], true, true),
    ];
    for (operator, values, aws, minio) in table {
        for (dialect, key, holds) in
            [(Dialect::Aws, "aws:TagKeys", aws), (Dialect::Minio, "s3:RequestObjectTagKeys", minio)]
        {
            let statement = format!(
                r#"{{"Effect": "Allow", "Action": "s3:PutObject", "Resource": "arn:aws:s3:::*",
                    "Condition": {{"{operator}": {{"{key}": ["a", "b"]}}}}}}"#
            );
            let mut context = ContextMap::of(dialect);
            values.iter().for_each(|value| context.add(key, value.as_bytes()));
            let target = Target::Object { bucket: "bucket", object: "key" };
            let query = Query::new("s3:PutObject", target).with_context(&context);
            let answer = policy(dialect, &statement).decide(&query).allowed();
            assert_eq!(answer, holds, "{dialect:?} {operator} {values:?}");
        }
    }
}

#[test]
fn ghsa_3ppv_fx5m_m749_a_version_is_an_action_of_its_own_where_it_is_denied() {
    let all = allow("s3:*", "*");
    let delete = Draft::new("DELETE", "/bucket/key");
    let version = delete.clone().query("versionId", "1");
    let denied = iam(&format!("{all}, {}", deny("s3:DeleteObjectVersion", "*")));
    assert!(may(&denied, &delete));
    assert!(!may(&denied, &version));
    let get = Draft::new("GET", "/bucket/key").query("versionId", "1");
    assert!(!may(&iam(&format!("{all}, {}", deny("s3:GetObject", "*"))), &get));
}

#[test]
fn cve_2026_39360_a_copy_reads_its_source() {
    let write = allow("s3:PutObject", "bucket/*");
    let both = iam(&format!("{write}, {}", allow("s3:GetObject", "source/open/*")));
    let only_write = iam(&write);
    let copy = Draft::new("PUT", "/bucket/key");
    let part = copy.clone().query("partNumber", "1").query("uploadId", "u");
    for draft in [copy, part] {
        assert!(may(&only_write, &draft));
        assert!(may(&both, &draft.clone().header(COPY, "/source/open/key")));
        assert!(may(&both, &draft.clone().header(COPY, "source%2Fopen/a%20key")));
        assert!(!may(&only_write, &draft.clone().header(COPY, "/source/open/key")));
        for source in [
            "/source/secret/key",
            "/source/open/../secret/key",
            "/source/open/%2e%2e/secret/key",
            "/source/open/%252e%252e/../key",
            "/open/../source/secret/key",
            "/../source/secret/key",
            "/source/%6fpen/..%2fsecret/key",
            "/source",
            "",
        ] {
            assert!(!may(&both, &draft.clone().header(COPY, source)), "{source}");
        }
        // Only one source, whoever would read which.
        let twice = draft.clone().header(COPY, "/source/open/key").header(COPY, "/source/secret/key");
        assert!(!may(&both, &twice));
    }
}

#[test]
fn cve_2026_54917_no_path_climbs_out_of_its_bucket() {
    let iam = iam(&allow("s3:*", "open/*"));
    assert!(may(&iam, &Draft::new("GET", "/open/key")));
    for path in
        ["/open/../secret/key", "/open/./key", "/open/a/../../secret/key", "/open/..", "/../secret/key"]
    {
        assert!(!may(&iam, &Draft::new("GET", path)), "{path}");
    }
    for target in
        ["/open/%2e%2e/secret/key", "/open/..%2fsecret/key", "/open%2f../secret/key", "/open/.%2e/secret"]
    {
        let wire = signer("user").sign(&Draft::new("GET", "/open/key"));
        assert!(!authorize(&iam, &Wire { target: target.to_owned(), ..wire }).allowed(), "{target}");
    }
}

#[test]
fn cve_2026_42882_policies_see_the_key_that_is_stored() {
    let iam =
        iam(&format!("{}, {}", allow("s3:GetObject", "bucket/*"), deny("s3:GetObject", "bucket/private/*")));
    // However it is spelt on the way, the key is the same, and so is the signature.
    for (target, key) in [
        ("/bucket/private/key", "private/key"),
        ("/bucket/private%2Fkey", "private/key"),
        ("/bucket/%70rivate/key", "private/key"),
        ("/bucket/%70%72%69%76%61%74%65%2fkey", "private/key"),
        ("/bucket//private/key", "private/key"),
        ("/bucket/public%2Fprivate/key", "public/private/key"),
        ("/bucket/%2570rivate/key", "%70rivate/key"),
    ] {
        let wire = signer("user").sign(&Draft::new("GET", std::str::from_utf8(&decoded(target)).unwrap()));
        let verdict = authorize(&iam, &Wire { target: target.to_owned(), ..wire });
        assert_eq!(verdict.user(), Some("user"), "{target}: {:?}", verdict.error());
        assert_eq!(verdict.recognised().unwrap().key(), key.as_bytes(), "{target}");
        assert_eq!(verdict.allowed(), !key.starts_with("private/"), "{target}");
    }
}

fn decoded(text: &str) -> Vec<u8> {
    s3iam::http::decode(text.as_bytes(), s3iam::http::Plus::Literal).unwrap().to_vec()
}

#[test]
fn cve_2026_34204_replication_is_a_right_of_its_own() {
    let put = Draft::new("PUT", "/bucket/key");
    let replica = put.clone().header("x-amz-replication-status", "REPLICA");
    let write = allow("s3:PutObject", "bucket/*");
    let (writer, replicator) =
        (iam(&write), iam(&format!("{write}, {}", allow("s3:ReplicateObject", "bucket/*"))));
    assert!(may(&writer, &put) && may(&replicator, &replica));
    assert!(!may(&writer, &replica));
    let query = OperationQuery { replica: true, ..OperationQuery::new("PutObject", "bucket", "key") };
    let account = |statements: &str| {
        Account::new(Credential::User, &[&policy(Dialect::Minio, statements)], None).unwrap()
    };
    assert!(!account(&allow("s3:PutObject", "bucket/*")).decide_operation(&query, None).unwrap().allowed());
}
