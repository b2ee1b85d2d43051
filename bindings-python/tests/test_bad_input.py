"""Malformed, oversized and hostile arguments: a clear error with a stable code, and never an allow."""

import json
from typing import Any

import pytest
from samples import DIRECTORY, HOST, sign

import s3iam
from s3iam import Iam, Policy, Verifier

LONE_SURROGATE = "\ud800"


def refusal(iam: Iam, headers: list[tuple[Any, Any]], target: str = "/photos/cat.jpg") -> s3iam.S3IamError:
    verdict = iam.authorize("GET", target, headers)
    assert not verdict.allowed and verdict.error is not None
    assert verdict.error.code and 400 <= verdict.http_status <= 501
    assert verdict.error_xml().endswith("</Error>")
    return verdict.error


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "policy-unreadable"),
        ("{", "policy-unreadable"),
        ("null", "policy-invalid"),
        (b"\xff{}", "policy-unreadable"),
        ('{"Version": "2012-10-17"}\0', "policy-invalid"),
        ("[" * 10_000, "policy-unreadable"),
        (" " * 20_481, "policy-too-large"),
        ('{"Version": "2012-10-17", "Statement": [{}]}', "policy-invalid"),
        (LONE_SURROGATE, "invalid-utf8"),
    ],
)
def test_malformed_policies(text: str | bytes, code: str) -> None:
    with pytest.raises(s3iam.S3IamError) as raised:
        Policy.parse(text)
    assert raised.value.code == code


def test_a_policy_of_the_largest_size_is_read() -> None:
    text = Policy.built_in("readonly").text
    assert Policy.parse(text + " " * (20_480 - len(text))).status == "good"
    assert Policy.parse(text + " " * 100_000, max_bytes=200_000).status == "good"


@pytest.mark.parametrize("text", [None, 1, {}, [], bytearray(b"{}"), object()])
def test_documents_are_text(text: Any) -> None:
    for call in (Policy.parse, s3iam.validate, Iam.load):
        with pytest.raises(TypeError, match="expected str or bytes"):
            call(text)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "directory-unreadable"),
        ("[]", None),
        ("{}", None),
        (b"\xff\xfe", None),
        ('{"version": 99, "users": {}}', None),
        ("{" * 10_000, None),
        (LONE_SURROGATE, "invalid-utf8"),
    ],
)
def test_malformed_directories(text: str | bytes, code: str | None) -> None:
    with pytest.raises(s3iam.S3IamError) as raised:
        Iam.load(text)
    assert isinstance(raised.value, s3iam.DirectoryError | s3iam.ArgumentError)
    assert code is None or raised.value.code == code


@pytest.mark.parametrize(
    "authorization",
    [
        "",
        " ",
        "AWS4-HMAC-SHA256",
        "AWS4-HMAC-SHA256 ",
        "AWS4-HMAC-SHA256 Credential=,SignedHeaders=,Signature=",
        "AWS4-HMAC-SHA256 " + "x" * 8192,
        "Bearer token",
        "AWS4-HMAC-SHA256 \0",
        b"AWS4-HMAC-SHA256 \xff\xfe",
        "AWS4-HMAC-SHA256 Credential=A/20260115/r/s3/aws4_request, SignedHeaders=host, Signature=" + "é" * 64,
    ],
)
def test_malformed_authorization(iam: Iam, authorization: str | bytes) -> None:
    refusal(iam, [("Host", HOST), ("Authorization", authorization)])


def test_repeated_headers(iam: Iam) -> None:
    sent = sign("GET", "/photos/cat.jpg")
    for name in ("Authorization", "X-Amz-Date", "Host", "X-Amz-Content-SHA256"):
        repeated = [pair for pair in sent.headers if pair[0] == name]
        assert repeated, name
        refusal(iam, sent.headers + repeated)


def test_too_many_headers(iam: Iam) -> None:
    sent = sign("GET", "/photos/cat.jpg")
    refusal(iam, sent.headers + [(f"X-Other-{n}", "x") for n in range(20_000)])


@pytest.mark.parametrize(
    "target", ["", "?", "/%", "/%zz", "/photos/../secret", "/photos/%2e%2e/x", "/\xff", "\0", "/" + "a" * 9000]
)
def test_malformed_targets(iam: Iam, target: str) -> None:
    refusal(iam, [("Host", HOST)], target)


@pytest.mark.parametrize("headers", [None, 1, "Host: x", b"Host: x", ["Host"], [("a",)], [("a", "b", "c")], [1]])
def test_headers_are_pairs(iam: Iam, headers: Any) -> None:
    with pytest.raises(TypeError, match="headers"):
        iam.authorize("GET", "/", headers)


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"method": None}, TypeError),
        ({"method": 1}, TypeError),
        ({"target": ["/"]}, TypeError),
        ({"target": "/ł"}, s3iam.ArgumentError),
        ({"target": LONE_SURROGATE}, s3iam.ArgumentError),
        ({"headers": [("Host", None)]}, TypeError),
        ({"headers": [(1, "x")]}, TypeError),
        ({"headers": [("Host", "ł")]}, s3iam.ArgumentError),
        ({"headers": [("Host", LONE_SURROGATE)]}, s3iam.ArgumentError),
        ({"headers": {"Host": ["a", "b"]}}, TypeError),
        ({"peer": "not an address"}, s3iam.ArgumentError),
        ({"peer": "10.0.0.1:80"}, s3iam.ArgumentError),
        ({"peer": LONE_SURROGATE}, s3iam.ArgumentError),
        ({"peer": ("10.0.0.1", 80)}, TypeError),
        ({"peer": b"10.0.0.1"}, TypeError),
        ({"secure": 1}, TypeError),
        ({"secure": None}, TypeError),
        ({"body": "text"}, TypeError),
        ({"body": bytearray(b"x")}, TypeError),
        ({"now": "2026"}, TypeError),
        ({"now": True}, TypeError),
        ({"now": float("nan")}, s3iam.ArgumentError),
        ({"now": float("inf")}, s3iam.ArgumentError),
        ({"now": 10**400}, s3iam.ArgumentError),
        ({"object_tags": [("a", "b")]}, TypeError),
        ({"object_tags": {"a": 1}}, TypeError),
        ({"object_tags": {LONE_SURROGATE: "x"}}, s3iam.ArgumentError),
    ],
)
def test_arguments_of_a_request(iam: Iam, arguments: dict[str, Any], error: type[Exception]) -> None:
    good: dict[str, Any] = {"method": "GET", "target": "/", "headers": [("Host", HOST)]}
    iam.authorize(**good)
    with pytest.raises(error) as raised:
        iam.authorize(**(good | arguments))
    if isinstance(raised.value, s3iam.S3IamError):
        assert raised.value.code in ("invalid-argument", "invalid-utf8")


@pytest.mark.parametrize("now", [-1e300, 1e300, -(10**18), 0, 253402300800])
def test_times_far_away_are_times(iam: Iam, now: float) -> None:
    sent = sign("GET", "/photos/cat.jpg")
    assert not iam.authorize(sent.method, sent.target, sent.headers, now=now).allowed


def test_errors_that_python_code_raises_come_through(iam: Iam) -> None:
    def headers() -> Any:
        yield ("Host", HOST)
        raise LookupError("from the caller")

    with pytest.raises(LookupError, match="from the caller"):
        iam.authorize("GET", "/", headers())


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (("s3:GetObject", LONE_SURROGATE), s3iam.ArgumentError),
        ((LONE_SURROGATE, ""), s3iam.ArgumentError),
        ((None, ""), TypeError),
        ((b"s3:GetObject", ""), TypeError),
        (("s3:GetObject", "b/k", []), TypeError),
        (("s3:GetObject", "b/k", {1: "x"}), TypeError),
        (("s3:GetObject", "b/k", {"x": LONE_SURROGATE}), s3iam.ArgumentError),
        (("s3:GetObject", "b/k", {LONE_SURROGATE: "x"}), s3iam.ArgumentError),
    ],
)
def test_arguments_of_a_question(arguments: Any, error: type[Exception]) -> None:
    with pytest.raises(error):
        Policy.built_in("readwrite").decide(*arguments)


@pytest.mark.parametrize(
    "options",
    [
        {"region": 1},
        {"services": "s3"},
        {"services": [1]},
        {"services": None},
        {"max_skew_seconds": "900"},
        {"max_skew_seconds": -1},
        {"max_skew_seconds": 2**40},
        {"require_content_sha256": 1},
        {"domains": "s3.example.com"},
        {"allow_sigv2": 1},
        {"allow_sigv4a": None},
        {"require_min_chunk": "yes"},
        {"max_chunk_bytes": -1},
        {"max_chunk_bytes": 2**32},
        {"error_profile": "gcp"},
        {"error_profile": None},
        {"regoin": "eu"},
        {"cached_keys": -1},
    ],
)
def test_options_are_checked(options: dict[str, Any]) -> None:
    for make in (lambda: Verifier(**options), lambda: Iam.load(DIRECTORY, **options)):
        with pytest.raises((TypeError, s3iam.ArgumentError), match=next(iter(options))):
            make()


def test_huge_names_are_only_denied() -> None:
    policy = Policy.built_in("readonly")
    assert not policy.decide("s3:" + "x" * 1_000_000, "b/k").allowed
    assert not policy.decide("s3:PutObject", "b/" + "k" * 1_000_000, {"a" * 100_000: "b" * 100_000}).allowed


def test_a_hostile_pattern_costs_linear_time() -> None:
    statement = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/" + "a*" * 2000 + "z"}
    policy = Policy.parse(json.dumps({"Version": "2012-10-17", "Statement": [statement]}))
    assert not policy.decide("s3:GetObject", "b/" + "a" * 1000).allowed
