"""Signing, as a client does: what botocore signs, byte for byte, and what the verifier accepts."""

import base64
import json
import pickle
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from botocore.auth import S3ExpressAuth, S3SigV4PostAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from samples import HOST, REGION, SECRET, sign

import s3iam
from s3iam import Signer, Verifier

HEADERS = [("Host", HOST)]


@pytest.fixture
def signer() -> Signer:
    return Signer("AKIDALICE", SECRET, region=REGION)


@pytest.fixture
def verifier() -> Verifier:
    verifier = Verifier(region=REGION)
    verifier.add_key("AKIDALICE", SECRET)
    return verifier


def instant(amz_date: str) -> datetime:
    return datetime.strptime(amz_date, "%Y%m%dT%H%M%SZ").replace(tzinfo=timezone.utc)


@pytest.mark.parametrize("path", ["/", "/b/k", "/b/a%20b/%C3%BC?versions&prefix=a%2Fb", "/b/k?x=1&x=0"])
def test_a_header_is_signed_as_botocore_does(signer: Signer, path: str) -> None:
    sent = sign("PUT", path, body=b"cat")
    signed = {name.lower(): value for name, value in sent.headers}
    added = dict(signer.sign("PUT", path, HEADERS, body=b"cat", now=instant(signed["x-amz-date"])))
    assert added == {name: signed[name] for name in ("x-amz-date", "x-amz-content-sha256", "authorization")}


def test_a_query_is_signed_as_botocore_does(signer: Signer) -> None:
    sent = sign("GET", "/b/k", presigned=True)
    parameters = dict(piece.split("=") for piece in sent.target.partition("?")[2].split("&"))
    now = instant(parameters["X-Amz-Date"])
    assert signer.presign("GET", "/b/k", HEADERS, expires_seconds=300, now=now) == sent.target


def test_a_session_is_signed_as_botocore_does() -> None:
    request = AWSRequest(method="GET", url=f"http://{HOST}/k")
    credentials = Credentials("AKIDALICE", SECRET, "session")
    S3ExpressAuth(credentials, "s3express", REGION, identity_cache=None).add_auth(request)
    signed = {name.lower(): value for name, value in request.headers.items()}
    signer = Signer("AKIDALICE", SECRET, session_token="session", region=REGION, service="s3express")
    added = dict(signer.sign("GET", "/k", HEADERS, now=instant(signed["x-amz-date"])))
    assert added["x-amz-s3session-token"] == "session"
    assert added["authorization"] == signed["authorization"]


@pytest.mark.parametrize("token", [None, "token"])
def test_a_form_is_signed_as_botocore_does(token: str | None) -> None:
    request = AWSRequest(method="POST", url=f"http://{HOST}/photos")
    end = datetime(2036, 1, 1, tzinfo=timezone.utc)
    policy = {
        "expiration": "2036-01-01T00:00:00.000Z",
        "conditions": [
            {"bucket": "photos"},
            ["starts-with", "$key", "user/"],
            {"acl": "private"},
            ["starts-with", "$x-amz-meta-tag", ""],
            ["content-length-range", 1, 100],
        ],
    }
    request.context["s3-presign-post-fields"] = {"key": "user/${filename}", "acl": "private"}
    request.context["s3-presign-post-policy"] = policy
    S3SigV4PostAuth(Credentials("AKIDALICE", SECRET, token), "s3", REGION).add_auth(request)
    expected: dict[str, str] = request.context["s3-presign-post-fields"]
    fields = Signer("AKIDALICE", SECRET, session_token=token, region=REGION).post_policy(
        "photos",
        key_prefix="user/",
        expiration=end,
        fields={"acl": "private"},
        starts_with={"x-amz-meta-tag": ""},
        content_length=(1, 100),
        now=instant(expected["x-amz-date"]),
    )
    assert dict(fields) == expected
    assert json.loads(base64.b64decode(dict(fields)["policy"])) == policy


@pytest.mark.parametrize("algorithm", ["sigv4", "sigv4a"])
def test_what_is_signed_is_accepted(verifier: Verifier, algorithm: s3iam.SigningAlgorithm) -> None:
    region_set = "eu-*,us-east-1" if algorithm == "sigv4a" else None
    signer = Signer("AKIDALICE", SECRET, region=REGION, algorithm=algorithm, region_set=region_set)
    added = signer.sign("PUT", b"/b/\xc3\xbc", [(b"host", HOST.encode())], body=b"cat")
    identity = verifier.verify("PUT", b"/b/\xc3\xbc", [*HEADERS, *added], body=b"cat")
    assert (identity.form, identity.payload) == (f"{algorithm}-header", "sha256")
    target = signer.presign("GET", "/b/k?versionId=1", HEADERS)
    assert verifier.verify("GET", target, HEADERS).form == f"{algorithm}-presigned"
    if algorithm == "sigv4a":
        assert ("x-amz-region-set", region_set) in added
        refusing = Verifier(allow_sigv4a=False)
        refusing.add_key("AKIDALICE", SECRET)
        with pytest.raises(s3iam.SignatureError) as raised:
            refusing.verify("GET", target, HEADERS)
        assert raised.value.code == "auth-form-unsupported"


def test_the_payload_may_be_a_hash_or_left_open(signer: Signer, verifier: Verifier) -> None:
    empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    for payload, name in ((empty, "sha256"), ("UNSIGNED-PAYLOAD", "unsigned")):
        added = signer.sign("PUT", "/b/k", HEADERS, payload_sha256=payload)
        assert ("x-amz-content-sha256", payload) in added
        assert verifier.verify("PUT", "/b/k", HEADERS + added).payload == name
    for wrong in ("", "unsigned", empty.upper(), empty[:-1], empty + "0", "ü" * 32):
        with pytest.raises(s3iam.ArgumentError, match="payload_sha256"):
            signer.sign("PUT", "/b/k", HEADERS, payload_sha256=wrong)
    with pytest.raises(s3iam.ArgumentError, match="either body or payload_sha256"):
        signer.sign("PUT", "/b/k", HEADERS, body=b"", payload_sha256=empty)


def test_other_services_sign_their_body() -> None:
    signer = Signer("AKIDALICE", SECRET, service="sts")
    verifier = Verifier(services=["sts"])
    verifier.add_key("AKIDALICE", SECRET)
    added = signer.sign("POST", "/", HEADERS, body=b"Action=AssumeRole")
    assert verifier.verify("POST", "/", HEADERS + added, body=b"Action=AssumeRole").payload == "sha256"
    with pytest.raises(s3iam.ArgumentError):
        signer.sign("POST", "/", HEADERS, payload_sha256="UNSIGNED-PAYLOAD")


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ({"region": ""}, s3iam.ArgumentError),
        ({"service": "s3/x"}, s3iam.ArgumentError),
        ({"algorithm": "sigv2"}, s3iam.ArgumentError),
        ({"algorithm": "sigv4a"}, s3iam.ArgumentError),
        ({"region_set": "*"}, s3iam.ArgumentError),
        ({"algorithm": "sigv4a", "region_set": ""}, s3iam.ArgumentError),
        ({"session_token": "a b"}, s3iam.ArgumentError),
        ({"session_token": "\ud800"}, s3iam.ArgumentError),
        ({"access_key": ""}, s3iam.ArgumentError),
        ({"secret_key": ""}, s3iam.ArgumentError),
        ({"secret_key": b"bytes"}, TypeError),
        ({"region": None}, TypeError),
        ({"regoin": "x"}, TypeError),
    ],
)
def test_a_signer_that_nothing_can_be_signed_with(options: dict[str, Any], error: type[Exception]) -> None:
    with pytest.raises(error):
        Signer(**({"access_key": "AKIDALICE", "secret_key": SECRET} | options))


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"headers": []}, s3iam.ArgumentError),
        ({"headers": [("Host", HOST), ("Authorization", "AWS4-HMAC-SHA256 x")]}, s3iam.ArgumentError),
        ({"headers": [("Host", HOST), ("a b", "x")]}, s3iam.ArgumentError),
        ({"headers": "Host"}, TypeError),
        ({"target": "/%"}, s3iam.ArgumentError),
        ({"target": None}, TypeError),
        ({"method": ""}, s3iam.ArgumentError),
        ({"body": "cat"}, TypeError),
        ({"now": "today"}, TypeError),
    ],
)
def test_a_request_that_cannot_be_signed(signer: Signer, arguments: dict[str, Any], error: type[Exception]) -> None:
    good: dict[str, Any] = {"method": "GET", "target": "/b/k", "headers": HEADERS}
    for call in (signer.sign, signer.presign):
        call(**good)
        with pytest.raises(error):
            call(**(good | arguments))


@pytest.mark.parametrize("seconds", [0, 604_801, -1, 2**40])
def test_a_presigned_request_is_valid_for_a_week_at_most(signer: Signer, seconds: int) -> None:
    with pytest.raises(s3iam.ArgumentError):
        signer.presign("GET", "/b/k", HEADERS, expires_seconds=seconds)
    with pytest.raises(TypeError, match="expires_seconds must be int"):
        signer.presign("GET", "/b/k", HEADERS, expires_seconds=timedelta(seconds=1))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"bucket": ""}, s3iam.ArgumentError),
        ({"key": None}, s3iam.ArgumentError),
        ({"key_prefix": "a/"}, s3iam.ArgumentError),
        ({"expiration": 0}, s3iam.ArgumentError),
        ({"expiration": timedelta(hours=1)}, TypeError),
        ({"fields": {"policy": "x"}}, s3iam.ArgumentError),
        ({"fields": [("acl", "private")]}, TypeError),
        ({"fields": {"acl": 1}}, TypeError),
        ({"starts_with": {"": ""}}, s3iam.ArgumentError),
        ({"content_length": (2, 1)}, s3iam.ArgumentError),
        ({"content_length": (-1, 1)}, s3iam.ArgumentError),
        ({"content_length": 100}, TypeError),
        ({"content_length": ("1", 2)}, TypeError),
    ],
)
def test_a_policy_that_no_form_can_fulfil(signer: Signer, arguments: dict[str, Any], error: type[Exception]) -> None:
    good: dict[str, Any] = {"bucket": "photos", "key": "cat.jpg", "expiration": 4_000_000_000}
    signer.post_policy(**good)
    with pytest.raises(error):
        signer.post_policy(**(good | arguments))


def test_chunks_are_checked_as_a_server_does(signer: Signer) -> None:
    headers = [*HEADERS, ("x-amz-decoded-content-length", "3"), ("x-amz-trailer", "x-amz-checksum-crc32")]
    for method, lines, kind in (
        ("POST", headers, "unsigned-trailer"),
        ("PUT", HEADERS, "signed"),
        ("PUT", headers, "signed"),
        ("PUT", headers, "trailer"),
    ):
        with pytest.raises(s3iam.ArgumentError):
            signer.chunks(method, "/b/k", lines, kind)  # type: ignore[arg-type]
    for trailers in ({}, {"x-amz-checksum-sha1": "x"}, {"x-amz-checksum-crc32": "a b"}):
        _, chunks = signer.chunks("PUT", "/b/k", headers, "signed-trailer")
        assert chunks.encode(b"") == b""
        assert chunks.encode(memoryview(b"cat")).startswith(b"3;chunk-signature=")
        with pytest.raises(s3iam.ArgumentError):
            chunks.finish(trailers)
        with pytest.raises(s3iam.ArgumentError, match="the body has ended already"):
            chunks.finish({"x-amz-checksum-crc32": "AAAAAA=="})
        with pytest.raises(s3iam.ArgumentError, match="the body has ended already"):
            chunks.encode(b"cat")
    with pytest.raises(TypeError):
        signer.chunks("PUT", "/b/k", headers, "signed-trailer")[1].encode("cat")  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        s3iam.ChunkSigner()


@pytest.mark.parametrize(
    "arguments",
    [
        {"data_bytes": -1},
        {"data_bytes": 2**64 - 1},
        {"chunk_bytes": 0},
        {"kind": "signed", "trailers": {"x-amz-checksum-crc32": 8}},
        {"trailers": {"x-amz-checksum-crc32": -1}},
    ],
)
def test_a_length_that_no_body_has(signer: Signer, arguments: dict[str, Any]) -> None:
    good: dict[str, Any] = {"kind": "signed-trailer", "data_bytes": 10}
    assert signer.encoded_length(**good) > 10
    with pytest.raises(s3iam.ArgumentError):
        signer.encoded_length(**(good | arguments))


def test_secrets_are_never_shown_nor_pickled(signer: Signer) -> None:
    assert repr(signer) == '<s3iam.Signer "AKIDALICE" for s3 in eu-central-1>'
    with pytest.raises(TypeError):
        pickle.dumps(signer)


@pytest.mark.parametrize(
    ("target", "headers", "name"),
    [
        ("/b/k", {}, "anonymous"),
        ("/b/k", {"Authorization": "AWS4-ECDSA-P256-SHA256 x"}, "sigv4a-header"),
        ("/b/k", {"Authorization": b"AWS key:signature"}, "sigv2-header"),
        ("/b/k?AWSAccessKeyId=a&Signature=s", {}, "sigv2-presigned"),
        ("/b/k?X-Amz-Signature=s", {}, "sigv4-presigned"),
        (b"/b/k?X-Amz-Algorithm=AWS4-ECDSA-P256-SHA256", [], "sigv4a-presigned"),
    ],
)
def test_forms_of_authentication_have_names(target: str | bytes, headers: Any, name: str) -> None:
    assert s3iam.classify("GET", target, headers) == name


def test_a_form_that_is_not_known_is_an_error() -> None:
    for headers, code in (
        ({"Authorization": "Basic dTpw"}, "unknown-auth-scheme"),
        ({"Authorization": "AWS key:signature", "authorization": "AWS key:signature"}, None),
    ):
        with pytest.raises(s3iam.SignatureError) as raised:
            s3iam.classify("GET", "/b/k", headers)
        assert code in (None, raised.value.code)
    with pytest.raises(TypeError):
        s3iam.classify("GET", "/b/k", None)  # type: ignore[arg-type]
