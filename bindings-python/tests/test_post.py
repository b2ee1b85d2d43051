"""Form uploads: a browser posts an object with a policy that somebody signed for it."""

import json
from typing import Any

import pytest
from samples import DIRECTORY, HOST, REGION, SECRET, sign

import s3iam
from s3iam import Iam, PostUpload, Signer, Verifier

HEADERS = [("Host", HOST), ("Content-Type", "multipart/form-data; boundary=b")]
LATER = 4_000_000_000


@pytest.fixture
def verifier() -> Verifier:
    verifier = Verifier(region=REGION)
    verifier.add_key("AKIDALICE", SECRET)
    return verifier


def fields(access_key: str = "AKIDALICE", secret_key: str = SECRET, **policy: Any) -> list[tuple[str, str]]:
    signer = Signer(access_key, secret_key, region=REGION)
    return signer.post_policy("photos", key_prefix="user/alice/", expiration=LATER, **policy)


def post(verifier: Verifier, form: Any, **arguments: Any) -> PostUpload:
    return verifier.verify_post("POST", "/photos", HEADERS, form, **({"bucket": "photos"} | arguments))


def code(verifier: Verifier, form: Any, **arguments: Any) -> str:
    with pytest.raises(s3iam.SignatureError) as raised:
        post(verifier, form, **arguments)
    return raised.value.code


def test_a_form_says_who_uploads_what(verifier: Verifier) -> None:
    more = {
        "acl": "private",
        "Content-Type": "image/jpeg",
        "x-amz-meta-tag": "Katze ü",
        "success_action_status": "201",
    }
    upload = post(verifier, fields(fields=more, content_length=(1, 100)), file_name="C:\\bilder\\kätzchen.jpg")
    assert upload.identity is not None
    assert (upload.identity.access_key, upload.identity.form) == ("AKIDALICE", "post-policy")
    assert upload.key == "user/alice/kätzchen.jpg"
    assert (upload.min_length, upload.max_length) == (1, 100)
    assert (upload.success_status, upload.success_redirect) == (201, None)
    assert upload.headers == (("x-amz-acl", "private"), ("content-type", "image/jpeg"), ("x-amz-meta-tag", "Katze ü"))
    assert repr(upload) == '<s3iam.PostUpload "user/alice/kätzchen.jpg">'


def test_a_form_without_a_limit_and_with_a_redirect(verifier: Verifier) -> None:
    form = fields(fields={"success_action_redirect": "https://example.com/done"})
    upload = post(verifier, form, file_name="kätzchen.jpg".encode(), bucket=b"photos")
    assert upload.key == "user/alice/kätzchen.jpg"
    assert (upload.min_length, upload.max_length, upload.success_status) == (0, None, 204)
    assert upload.success_redirect == "https://example.com/done"
    upload.check_length(2**63, done=True)


def test_the_length_is_checked_while_the_file_arrives(verifier: Verifier) -> None:
    form = fields(content_length=(10, 100))
    upload = post(verifier, form, file_name="cat.jpg")
    upload.check_length(0)
    upload.check_length(100, done=True)
    for received, done, expected in ((101, False, "form-file-too-large"), (9, True, "form-file-too-small")):
        with pytest.raises(s3iam.SignatureError) as raised:
            upload.check_length(received, done=done)
        assert raised.value.code == expected and raised.value.http_status == 400
        assert code(verifier, form, file_length=received if done else 101) == expected
    with pytest.raises(s3iam.ArgumentError, match="received is out of range"):
        upload.check_length(-1)
    with pytest.raises(TypeError, match="received must be int, not str"):
        upload.check_length("1")  # type: ignore[arg-type]


def test_forms_that_do_not_hold(verifier: Verifier) -> None:
    form = fields()
    assert code(verifier, [*form, ("acl", "public-read")]) == "form-field-not-covered"
    assert code(verifier, form, bucket="music") == "form-condition-failed"
    assert code(verifier, [("key", "user/bob/a"), *form[1:]]) == "form-condition-failed"
    assert code(verifier, form, now=LATER + 1) == "request-time-too-skewed"
    assert code(verifier, fields(secret_key="wrong")) == "signature-does-not-match"
    assert code(verifier, fields(access_key="OTHER")) == "unknown-access-key"
    assert code(verifier, [*form, ("KEY", "again")]) == "form-field-repeated"
    assert code(verifier, []) == "form-key-missing"
    with pytest.raises(s3iam.SignatureError) as raised:
        verifier.verify_post("POST", "/photos", [("Host", HOST)], form, bucket="photos")
    assert (raised.value.code, raised.value.http_status) == ("form-not-multipart", 412)
    with pytest.raises(s3iam.SignatureError) as raised:
        verifier.verify("POST", "/photos", HEADERS)
    assert raised.value.code == "form-fields-needed"


def test_a_key_that_no_object_can_have(verifier: Verifier) -> None:
    for name in (b"\xff.jpg", "x" * 1024):
        with pytest.raises(s3iam.RequestError):
            post(verifier, fields(), file_name=name)


def test_an_anonymous_form_has_no_identity(verifier: Verifier) -> None:
    upload = post(verifier, {"key": "cat.jpg"})
    assert (upload.identity, upload.key) == (None, "cat.jpg")


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"form": None}, TypeError),
        ({"form": "key=x"}, TypeError),
        ({"form": [("key",)]}, TypeError),
        ({"form": [("key", 1)]}, TypeError),
        ({"form": [(None, "x")]}, TypeError),
        ({"form": [("key", "\ud800")]}, s3iam.ArgumentError),
        ({"bucket": 1}, TypeError),
        ({"bucket": "\ud800"}, s3iam.ArgumentError),
        ({"file_name": 1}, TypeError),
        ({"file_name": "\ud800"}, s3iam.ArgumentError),
        ({"file_length": -1}, s3iam.ArgumentError),
        ({"file_length": "1"}, TypeError),
    ],
)
def test_arguments_of_a_form(verifier: Verifier, arguments: dict[str, Any], error: type[Exception]) -> None:
    with pytest.raises(error):
        post(verifier, **({"form": [("key", "x")]} | arguments))


def writers() -> Iam:
    directory = json.loads(DIRECTORY)
    directory["users"]["alice"]["policies"] = ["readwrite"]
    return Iam.load(json.dumps(directory), region=REGION)


def test_a_form_is_authorized(iam: Iam) -> None:
    form = fields(fields={"acl": "private"}, content_length=(1, 100))
    arguments: dict[str, Any] = {"file_name": "cat.jpg", "peer": "10.0.0.1", "secure": True}
    verdict = writers().authorize_post("POST", "/photos", HEADERS, form, **arguments)
    assert verdict.allowed and verdict.user == "alice"
    assert (verdict.operation, verdict.bucket, verdict.key) == ("PostObject", "photos", "user/alice/cat.jpg")
    upload = verdict.upload
    assert upload is not None and upload.identity is None and upload.key == verdict.key
    assert (upload.min_length, upload.max_length) == (1, 100)
    assert upload.headers == (("x-amz-acl", "private"),)
    upload.check_length(100, done=True)
    with pytest.raises(s3iam.SignatureError):
        upload.check_length(101)
    with pytest.raises(s3iam.ArgumentError, match="form upload"):
        verdict.body_reader()
    refused = iam.authorize_post("POST", "/photos", HEADERS, form, **arguments)
    assert not refused.allowed and refused.upload is None and refused.http_status == 403
    assert isinstance(refused.error, s3iam.AccessDenied)


def test_a_form_that_does_not_hold_is_a_verdict() -> None:
    verdict = writers().authorize_post("POST", "/photos", HEADERS, [*fields(), ("acl", "public-read")])
    assert not verdict.allowed and verdict.error is not None and verdict.upload is None
    assert verdict.error.code == "form-field-not-covered"
    assert "<Code>AccessDenied</Code>" in verdict.error_xml()


def test_only_forms_have_an_upload() -> None:
    sent = sign("GET", "/photos/cat.jpg")
    verdict = sent.authorize(writers())
    assert verdict.allowed and verdict.upload is None


def test_uploads_come_from_verification_alone() -> None:
    with pytest.raises(TypeError):
        PostUpload()
