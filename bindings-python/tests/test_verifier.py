"""Signatures without a directory of identities."""

import hashlib
from datetime import datetime, timedelta, timezone

import pytest
from samples import HOST, REGION, SECRET, Sent, sign

import s3iam
from s3iam import Identity, Verifier


@pytest.fixture
def verifier() -> Verifier:
    verifier = Verifier(region=REGION)
    verifier.add_key("AKIDALICE", SECRET)
    return verifier


def verify(verifier: Verifier, sent: Sent) -> Identity:
    return verifier.verify(sent.method, sent.target, sent.headers, body=sent.body)


def code(verifier: Verifier, sent: Sent) -> str:
    with pytest.raises(s3iam.SignatureError) as raised:
        verify(verifier, sent)
    return raised.value.code


def test_a_signature_names_who_signed(verifier: Verifier) -> None:
    identity = verify(verifier, sign("PUT", "/b/k", body=b"cat"))
    assert (identity.access_key, identity.form, identity.temporary) == ("AKIDALICE", "sigv4-header", False)
    assert identity.payload_sha256 == hashlib.sha256(b"cat").hexdigest()
    assert abs(identity.signed_at - datetime.now(timezone.utc)) < timedelta(minutes=1)
    assert repr(identity) == '<s3iam.Identity "AKIDALICE" by sigv4-header>'


def test_a_presigned_request_leaves_its_body_open(verifier: Verifier) -> None:
    identity = verify(verifier, sign("GET", "/b/k", presigned=True))
    assert (identity.form, identity.payload_sha256) == ("sigv4-presigned", None)


def test_nobody_signed(verifier: Verifier) -> None:
    headers = [("Host", HOST)]
    with pytest.raises(s3iam.AccessDenied):
        verifier.verify("GET", "/b/k", headers)
    assert verifier.verify("GET", "/b/k", headers, allow_anonymous=True) is None


def test_keys_can_be_replaced_and_disabled(verifier: Verifier) -> None:
    sent = sign("GET", "/b/k")
    verifier.add_key("AKIDALICE", "another secret")
    assert code(verifier, sent) == "signature-does-not-match"
    verifier.add_key("AKIDALICE", SECRET, enabled=False)
    assert code(verifier, sent) == "disabled-access-key"
    verifier.add_key("AKIDALICE", SECRET)
    assert verify(verifier, sent).access_key == "AKIDALICE"
    assert code(verifier, sign("GET", "/b/k", access_key="OTHER")) == "unknown-access-key"


def test_keys_can_be_removed(verifier: Verifier) -> None:
    sent = sign("GET", "/b/k")
    verifier.add_key("AKIDOTHER", "another secret")
    assert verify(verifier, sent).access_key == "AKIDALICE"
    assert verifier.remove_key("AKIDALICE") is True
    assert code(verifier, sent) == "unknown-access-key"
    assert verifier.remove_key("AKIDALICE") is False
    other = sign("GET", "/b/k", access_key="AKIDOTHER", secret_key="another secret")
    assert verify(verifier, other).access_key == "AKIDOTHER"
    verifier.add_key("AKIDALICE", SECRET)
    assert verify(verifier, sent).access_key == "AKIDALICE"
    with pytest.raises(TypeError):
        verifier.remove_key(None)  # type: ignore[arg-type]
    with pytest.raises(s3iam.ArgumentError):
        verifier.remove_key("\ud800")


def test_temporary_keys_need_their_token_and_expire(verifier: Verifier) -> None:
    soon = datetime.now(timezone.utc) + timedelta(minutes=5)
    verifier.add_key("ASIATEMP", SECRET, session_token="token", expires=soon)
    assert verify(verifier, sign("GET", "/b/k", access_key="ASIATEMP", token="token")).temporary
    assert code(verifier, sign("GET", "/b/k", access_key="ASIATEMP")) == "session-token-missing"
    assert code(verifier, sign("GET", "/b/k", access_key="ASIATEMP", token="x")) == "session-token-invalid"
    verifier.add_key("ASIATEMP", SECRET, session_token="token", expires=soon.timestamp() - 600)
    assert code(verifier, sign("GET", "/b/k", access_key="ASIATEMP", token="token")) == "session-expired"


def test_the_scope_must_fit() -> None:
    for options, expected in (
        ({"region": "us-east-1"}, "wrong-region"),
        ({"services": ["sts"]}, "wrong-service"),
    ):
        verifier = Verifier(**options)
        verifier.add_key("AKIDALICE", SECRET)
        assert code(verifier, sign("GET", "/b/k")) == expected


def test_an_identity_comes_from_verification_alone() -> None:
    with pytest.raises(TypeError):
        Identity()


@pytest.mark.parametrize("access_key", ["", "a\0b", "x" * 5000])
def test_an_access_key_that_no_request_can_name_is_refused_or_never_matches(access_key: str) -> None:
    verifier = Verifier()
    try:
        verifier.add_key(access_key, SECRET)
    except s3iam.S3IamError as error:
        assert error.code == "invalid-argument"
    with pytest.raises(s3iam.S3IamError):
        verify(verifier, sign("GET", "/b/k", access_key=access_key or "none"))


def test_secrets_are_never_shown(verifier: Verifier) -> None:
    with pytest.raises(s3iam.SignatureError) as raised:
        verify(verifier, sign("GET", "/b/k?changed", secret_key="wrong"))
    shown = f"{verifier!r} {raised.value!r} {raised.value} {vars(raised.value)}"
    assert SECRET not in shown
