//! Whole decisions: the bucket of the URL, the key and the values of the form.

use super::draft::{Draft, HEADERS, Version};
use super::signing::Signer;
use s3iam::authorize::{Facts, Iam, Options, Verdict};
use s3iam::http::{Header, HttpRequest};
use s3iam::{ErrorCode, Timestamp};
use serde_json::json;

fn iam(statements: &serde_json::Value) -> Iam {
    let directory = json!({
        "version": 1,
        "policies": {"p": {"Version": "2012-10-17", "Statement": statements}},
        "users": {"alice": {"secret_key": "secret-of-alice", "policies": ["p"]}},
    });
    let iam = Iam::load(directory.to_string().as_bytes(), Options::default()).unwrap();
    assert_eq!(*iam.problems(), []);
    iam
}

fn alice() -> Signer {
    Signer { access_key: "alice".to_owned(), secret: "secret-of-alice".to_owned(), ..Signer::default() }
}

/// Allows these actions below `photos`.
fn allow(actions: &[&str]) -> Iam {
    iam(&json!([{"Effect": "Allow", "Action": actions, "Resource": "arn:aws:s3:::photos/*"}]))
}

fn ask(iam: &Iam, form: &Draft) -> Verdict {
    form.read(|request, form| iam.authorize_post(request, form, &Facts::default(), alice().now()))
}

fn signed(fields: &[(&str, &str)]) -> Draft {
    let draft = Draft::new(fields);
    draft.sign(&alice(), Version::V4, &draft.exactly())
}

fn code(verdict: &Verdict) -> Option<ErrorCode> {
    verdict.error().map(|error| error.code())
}

#[test]
fn a_verdict_has_the_key_and_the_range() {
    let iam = allow(&["s3:PutObject"]);
    let draft = Draft::new(&[("key", "2026/cat.jpg")]);
    let mut conditions = draft.exactly();
    conditions.push(json!(["content-length-range", 1, 100]));
    let verdict = ask(&iam, &draft.sign(&alice(), Version::V4, &conditions));
    assert_eq!(code(&verdict), None);
    assert_eq!((verdict.user(), verdict.http_status()), (Some("alice"), 200));
    let recognised = verdict.recognised().unwrap();
    assert_eq!(recognised.operation.name(), "PostObject");
    assert_eq!((recognised.bucket(), recognised.key()), (&b"photos"[..], &b"2026/cat.jpg"[..]));
    let range = verdict.length_range().unwrap();
    assert_eq!((range.min(), range.max()), (1, 100));
    assert_eq!(range.check_length(101, false).unwrap_err().code(), ErrorCode::FormFileTooLarge);
    assert_eq!(verdict.statement().unwrap().policy, "p");
}

/// A signature proves who signed; MinIO CVE-2021-21362 took it for a permission.
#[test]
fn a_good_form_still_needs_a_permission() {
    let verdict = ask(&allow(&["s3:GetObject"]), &signed(&[("key", "k")]));
    assert_eq!((code(&verdict), verdict.user()), (Some(ErrorCode::AccessDenied), Some("alice")));
    let elsewhere =
        iam(&json!([{"Effect": "Allow", "Action": "s3:PutObject", "Resource": "arn:aws:s3:::photos/up/*"}]));
    assert_eq!(code(&ask(&elsewhere, &signed(&[("key", "up/k")]))), None);
    assert_eq!(code(&ask(&elsewhere, &signed(&[("key", "k")]))), Some(ErrorCode::AccessDenied));
}

#[test]
fn tags_acls_and_locks_need_permissions_of_their_own() {
    let tags = "<Tagging><TagSet><Tag><Key>a</Key><Value>b</Value></Tag></TagSet></Tagging>";
    for (field, value, action) in [
        ("tagging", tags, "s3:PutObjectTagging"),
        ("x-amz-tagging", "a=b", "s3:PutObjectTagging"),
        ("x-amz-object-lock-mode", "GOVERNANCE", "s3:PutObjectRetention"),
        ("x-amz-object-lock-legal-hold", "ON", "s3:PutObjectLegalHold"),
        ("ACL", "public-read", "s3:PutObject*"),
        ("x-amz-grant-read", "uri=x", "s3:Put*"),
    ] {
        let form = signed(&[("key", "k"), (field, value)]);
        let plain = ask(&allow(&["s3:PutObject"]), &form);
        assert_eq!(code(&plain), Some(ErrorCode::AccessDenied), "{field}");
        let both = ask(&allow(&["s3:PutObject", action]), &form);
        assert_eq!(code(&both), None, "{field}");
        let alone = ask(&allow(&[action]), &form);
        assert_eq!(code(&alone).is_some(), !action.ends_with('*'), "{field}");
    }
}

#[test]
fn conditions_see_the_fields_and_the_form() {
    let equals = |key: &str, value: &str| json!({"StringEquals": {key: value}});
    for (condition, holds) in [
        (equals("s3:authType", "POST"), true),
        (equals("s3:authType", "REST-HEADER"), false),
        (equals("s3:signatureversion", "AWS4-HMAC-SHA256"), true),
        (equals("s3:x-amz-storage-class", "STANDARD_IA"), true),
        (equals("s3:x-amz-storage-class", "STANDARD"), false),
        (equals("s3:x-amz-server-side-encryption", "AES256"), true),
        (equals("s3:x-amz-content-sha256", "x"), false),
        (equals("s3:versionid", ""), true),
        (equals("aws:username", "alice"), true),
        (equals("aws:Referer", "https://example.com/form"), true),
        (equals("s3:RequestObjectTag/a", "b"), true),
        (equals("s3:RequestObjectTag/a", "c"), false),
        (json!({"Null": {"s3:signatureAge": "true"}}), true),
    ] {
        let tags = "<Tagging><TagSet><Tag><Key>a</Key><Value>b</Value></Tag></TagSet></Tagging>";
        let form = signed(&[
            ("key", "k"),
            ("X-Amz-Storage-Class", "STANDARD_IA"),
            ("x-amz-server-side-encryption", "AES256"),
            ("tagging", tags),
        ]);
        let iam = iam(&json!([
            {"Effect": "Allow", "Action": "s3:PutObject", "Resource": "arn:aws:s3:::photos/*", "Condition": condition},
            {"Effect": "Allow", "Action": "s3:PutObjectTagging", "Resource": "arn:aws:s3:::photos/*"},
        ]));
        let headers = [HEADERS[0], HEADERS[1], (&b"Referer"[..], &b"https://example.com/form"[..])];
        let verdict = form.read(|request, form| {
            let target = b"/photos?versionId=v&X-Amz-Content-Sha256=x";
            let request = HttpRequest { headers: &headers, target, ..*request };
            iam.authorize_post(&request, form, &Facts::default(), alice().now())
        });
        assert_eq!(verdict.allowed(), holds, "{condition}: {:?}", verdict.error());
    }
}

#[test]
fn a_plain_call_says_to_use_the_one_for_forms() {
    let iam = allow(&["s3:*"]);
    let form = signed(&[("key", "k")]);
    let verdict = form.read(|request, _| iam.authorize(request, &Facts::default(), alice().now()));
    assert_eq!(code(&verdict), Some(ErrorCode::FormFieldsNeeded));
    assert!(verdict.error_xml("R").contains("authorize_post"));
    // Neither does a good signature in the header help: the fields would go unread.
    let mut draft = super::signing::Draft::new("POST", "/photos");
    draft.headers.push(("Content-Type".to_owned(), "multipart/form-data; boundary=x".to_owned()));
    let wire = alice().sign(&draft);
    let headers: Vec<Header<'_>> = wire.headers.iter().map(|(n, v)| (n.as_bytes(), v.as_bytes())).collect();
    let verdict = iam.authorize(&wire.request(&headers), &Facts::default(), alice().now());
    assert_eq!(code(&verdict), Some(ErrorCode::FormFieldsNeeded));
}

#[test]
fn what_is_no_form_upload_is_refused() {
    let iam = allow(&["s3:*"]);
    let form = signed(&[("key", "k")]);
    for (method, target, headers, expected) in [
        ("POST", "/photos/k", &HEADERS[..], ErrorCode::MethodNotAllowed),
        ("POST", "/photos/k?uploads", &HEADERS, ErrorCode::MethodNotAllowed),
        ("POST", "/", &HEADERS, ErrorCode::MethodNotAllowed),
        ("POST", "/Photos", &HEADERS, ErrorCode::InvalidBucketName),
        ("POST", "/minio", &HEADERS, ErrorCode::ReservedBucket),
        ("POST", "/photos2", &HEADERS, ErrorCode::FormConditionFailed),
        ("PUT", "/photos", &HEADERS, ErrorCode::FormNotMultipart),
        ("POST", "/photos", &HEADERS[..1], ErrorCode::FormNotMultipart),
        ("POST", "/photos?delete", &HEADERS[..1], ErrorCode::FormNotMultipart),
    ] {
        let verdict = form.read(|request, form| {
            let (method, target) = (method.as_bytes(), target.as_bytes());
            let request = HttpRequest { method, target, headers, ..*request };
            iam.authorize_post(&request, form, &Facts::default(), alice().now())
        });
        assert_eq!(code(&verdict), Some(expected), "{method} {target}");
        assert!(verdict.length_range().is_none());
    }
}

#[test]
fn what_would_be_another_operation_is_refused() {
    let iam = allow(&["s3:*"]);
    for (field, value) in [
        ("x-minio-fanout-list", "{\"key\": \"other\"}"),
        ("x-amz-meta-snowball-auto-extract", "true"),
        ("x-amz-write-offset-bytes", "0"),
    ] {
        let verdict = ask(&iam, &signed(&[("key", "k"), (field, value)]));
        assert_eq!(code(&verdict), Some(ErrorCode::NotImplemented), "{field}");
    }
}

#[test]
fn an_anonymous_form_is_refused() {
    let verdict = ask(&allow(&["s3:*"]), &Draft::new(&[("key", "k")]));
    assert_eq!((code(&verdict), verdict.user()), (Some(ErrorCode::AccessDenied), None));
}

#[test]
fn the_bucket_may_stand_in_the_host() {
    let directory = br#"{"version": 1, "root": {"access_key": "alice", "secret_key": "secret-of-alice"}}"#;
    let mut options = Options::default();
    options.hosting.domains.push("example.com".to_owned());
    let iam = Iam::load(directory, options).unwrap();
    let headers: [Header<'_>; 2] = [(b"Host", b"photos.example.com"), HEADERS[1]];
    let ask = |now: Timestamp| {
        signed(&[("key", "k")]).read(|request, form| {
            let request = HttpRequest { target: b"/", headers: &headers, ..*request };
            iam.authorize_post(&request, form, &Facts::default(), now)
        })
    };
    assert_eq!(ask(alice().now()).recognised().unwrap().bucket(), b"photos");
    assert!(ask(alice().now()).allowed());
    assert!(!ask(Timestamp::from_unix_seconds(alice().now().unix_seconds() + 3600)).allowed());
}
