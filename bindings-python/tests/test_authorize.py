"""From raw requests, signed by botocore, to verdicts."""

import hashlib
import ipaddress
import json
import sys
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from samples import DIRECTORY, HOST, REGION, Sent, sign

import s3iam
from s3iam import Iam


def test_a_signed_request_is_allowed_and_explained(iam: Iam) -> None:
    verdict = sign("GET", "/photos/2026/cat%20%C3%BC.jpg").authorize(iam)
    verdict.raise_for_refusal()
    assert verdict.allowed and verdict.error is None and verdict.http_status == 200
    assert (verdict.user, verdict.access_key) == ("alice", "AKIDALICE")
    assert (verdict.operation, verdict.bucket, verdict.key) == ("GetObject", "photos", "2026/cat ü.jpg")
    decision = verdict.decision
    assert decision is not None and decision.outcome == "allow"
    statement = decision.statement
    assert statement is not None and (statement.policy, statement.index) == ("readonly", 0)
    assert verdict.error_xml() == "" and verdict.keys == ()
    assert repr(verdict) == "<s3iam.Verdict allowed GetObject \"photos/2026/cat ü.jpg\" by \"alice\">"


def test_a_presigned_request_is_allowed(iam: Iam) -> None:
    sent = sign("GET", "/photos/cat.jpg", presigned=True)
    assert "X-Amz-Signature=" in sent.target
    assert sent.authorize(iam).allowed


def test_policies_refuse_and_name_the_statement(iam: Iam) -> None:
    refused = sign("DELETE", "/photos/original/cat.jpg", access_key="bob", secret_key="bob-secret-key")
    verdict = refused.authorize(iam)
    assert not verdict.allowed and verdict.http_status == 403
    assert verdict.user == "bob"
    decision = verdict.decision
    assert decision is not None and decision.outcome == "explicit_deny"
    statement = decision.statement
    assert statement is not None and (statement.policy, statement.sid) == ("photos", "KeepOriginals")
    with pytest.raises(s3iam.AccessDenied) as raised:
        verdict.raise_for_refusal()
    assert isinstance(raised.value, PermissionError)
    assert (raised.value.code, raised.value.s3_code) == ("access-denied", "AccessDenied")
    assert "<Resource>/photos/original/cat.jpg</Resource><RequestId>r1</RequestId>" in verdict.error_xml("r1")


def tampered(sent: Sent) -> None:
    sent.target = sent.target.replace("cat", "dog")


def with_other_body(sent: Sent) -> None:
    sent.body = b"other"


def without_host(sent: Sent) -> None:
    sent.headers = [(name, value) for name, value in sent.headers if name != "Host"]


def with_cut_signature(sent: Sent) -> None:
    sent.headers = [(n, v[:-1] if n == "Authorization" else v) for n, v in sent.headers]


@pytest.mark.parametrize("change", [tampered, with_other_body, without_host, with_cut_signature])
def test_a_changed_request_is_refused(iam: Iam, change: Callable[[Sent], None]) -> None:
    sent = sign("PUT", "/photos/cat.jpg", access_key="bob", secret_key="bob-secret-key", body=b"cat")
    assert sent.authorize(iam).allowed
    change(sent)
    verdict = sent.authorize(iam)
    assert not verdict.allowed and verdict.user is None and verdict.decision is None
    assert isinstance(verdict.error, s3iam.SignatureError)
    assert 400 <= verdict.http_status < 500


def test_a_wrong_secret_is_refused(iam: Iam) -> None:
    verdict = sign("GET", "/photos/cat.jpg", secret_key="guess").authorize(iam)
    assert verdict.error is not None and verdict.error.code == "signature-does-not-match"
    verdict = sign("GET", "/photos/cat.jpg", access_key="NOBODY").authorize(iam)
    assert verdict.error is not None and verdict.error.code == "unknown-access-key"


def test_an_anonymous_request_is_refused(iam: Iam) -> None:
    verdict = iam.authorize("GET", "/photos/cat.jpg", [("Host", HOST)])
    assert (verdict.allowed, verdict.user, verdict.access_key) == (False, None, None)
    assert isinstance(verdict.error, s3iam.AccessDenied)


def test_requests_expire(iam: Iam) -> None:
    sent = sign("GET", "/photos/cat.jpg")
    late = datetime.now(timezone.utc) + timedelta(minutes=16)
    for now in (late, late.timestamp(), int(late.timestamp()), late.astimezone(timezone(timedelta(hours=-7)))):
        verdict = iam.authorize(sent.method, sent.target, sent.headers, body=sent.body, now=now)
        assert verdict.error is not None and verdict.error.code == "request-time-too-skewed"


def as_bytes(headers: list[tuple[str, str]]) -> Any:
    return [(name.lower().encode(), value.encode()) for name, value in headers]


@pytest.mark.parametrize(
    "form",
    [
        list,
        tuple,
        dict,
        iter,
        as_bytes,
        lambda headers: [list(pair) for pair in headers],
        lambda headers: [(name.encode(), value) for name, value in headers],
        lambda headers: dict(headers).items(),
        lambda headers: (pair for pair in headers),
    ],
)
def test_headers_come_in_many_forms(iam: Iam, form: Callable[[list[tuple[str, str]]], Any]) -> None:
    sent = sign("GET", "/photos/cat.jpg")
    assert iam.authorize(sent.method, sent.target, form(sent.headers)).allowed
    assert iam.authorize(sent.method.encode(), sent.target.encode(), form(sent.headers)).allowed


def test_a_str_header_holds_bytes(iam: Iam) -> None:
    """What WSGI and http.server decode as ISO 8859-1 arrives at the core as the bytes that were sent."""
    sent = sign("GET", "/photos/cat.jpg")
    sent.headers.append(("X-Note", "für".encode().decode("latin-1")))
    assert sent.authorize(iam).allowed


def test_the_body_hash_is_handed_out(iam: Iam) -> None:
    sent = sign("PUT", "/photos/a", access_key="bob", secret_key="bob-secret-key", body=b"cat")
    verdict = iam.authorize(sent.method, sent.target, sent.headers)
    assert verdict.payload_sha256 == hashlib.sha256(b"cat").hexdigest()
    assert sign("GET", "/photos/a", presigned=True).authorize(iam).payload_sha256 is None


def test_deleting_several_objects_answers_for_each(iam: Iam) -> None:
    keys = ["cat.jpg", "original/cat.jpg"]
    body = "<Delete>" + "".join(f"<Object><Key>{key}</Key></Object>" for key in keys) + "</Delete>"
    sent = sign(
        "POST", "/photos?delete=", access_key="bob", secret_key="bob-secret-key", body=body.encode()
    )
    verdict = sent.authorize(iam)
    assert verdict.operation == "DeleteObjects"
    assert [(key.key, key.allowed) for key in verdict.keys] == [(keys[0], True), (keys[1], False)]
    assert verdict.keys[1].outcome == "explicit_deny"
    with pytest.raises(TypeError, match="use .allowed"):
        bool(verdict.keys[1])


@pytest.mark.parametrize(
    ("peer", "allowed"),
    [
        ("10.1.2.3", True),
        (ipaddress.ip_address("10.1.2.3"), True),
        ("192.0.2.1", False),
        ("fe80::1%eth0", False),
        ("", False),
        (None, False),
    ],
)
def test_conditions_see_the_peer(peer: Any, allowed: bool) -> None:
    directory = json.loads(DIRECTORY)
    directory["policies"]["photos"]["Statement"][0]["Condition"] = {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}
    iam = Iam.load(json.dumps(directory), region=REGION)
    sent = sign("GET", "/photos/cat.jpg", access_key="bob", secret_key="bob-secret-key")
    assert iam.authorize(sent.method, sent.target, sent.headers, peer=peer).allowed is allowed


def test_conditions_see_the_stored_tags() -> None:
    directory = json.loads(DIRECTORY)
    condition = {"StringEquals": {"s3:ExistingObjectTag/env": "public"}}
    directory["policies"]["photos"]["Statement"][0]["Condition"] = condition
    iam = Iam.load(json.dumps(directory), region=REGION)
    sent = sign("GET", "/photos/cat.jpg", access_key="bob", secret_key="bob-secret-key")
    for tags, allowed in (({"env": "public"}, True), ({"env": "secret"}, False), ({}, False), (None, False)):
        verdict = iam.authorize(sent.method, sent.target, sent.headers, object_tags=tags)
        assert verdict.allowed is allowed, tags


def test_buckets_may_be_in_the_host_name() -> None:
    iam = Iam.load(DIRECTORY, region=REGION, domains=[HOST])
    verdict = sign("GET", "/cat.jpg", host=f"photos.{HOST}").authorize(iam)
    assert verdict.allowed and (verdict.bucket, verdict.key) == ("photos", "cat.jpg")


def test_the_directory_can_be_replaced(iam: Iam) -> None:
    sent = sign("GET", "/photos/cat.jpg")
    before = sent.authorize(iam)
    directory = json.loads(DIRECTORY)
    del directory["users"]["alice"]
    iam.replace(json.dumps(directory))
    assert not sent.authorize(iam).allowed
    assert before.user == "alice", "a verdict keeps what it names"
    with pytest.raises(s3iam.DirectoryError):
        iam.replace("{")
    assert not sent.authorize(iam).allowed, "the directory stays after an error"


def test_problems_of_single_records_are_listed() -> None:
    directory = json.loads(DIRECTORY)
    directory["users"]["alice"]["policies"] = ["no-such-policy"]
    iam = Iam.load(json.dumps(directory), region=REGION)
    assert any("alice" in problem.pointer for problem in iam.problems)
    assert "problem" in repr(iam)
    assert not sign("GET", "/photos/cat.jpg").authorize(iam).allowed


def test_a_directory_may_be_in_a_file(tmp_path: Path) -> None:
    path = tmp_path / "directory.json"
    path.write_text(DIRECTORY)
    for name in (path, str(path)):
        assert sign("GET", "/photos/cat.jpg").authorize(Iam.open_file(name, region=REGION)).allowed
    with pytest.raises(FileNotFoundError, match="missing.json"):
        Iam.open_file(tmp_path / "missing.json")


def test_errors_follow_the_chosen_profile() -> None:
    sent = Sent("GET", "/photos/cat.jpg", [("Host", HOST), ("Authorization", "AWS4-HMAC-SHA256 nonsense")])
    codes = {}
    for profile in ("aws", "minio"):
        verdict = sent.authorize(Iam.load(DIRECTORY, error_profile=profile))
        assert verdict.error is not None
        assert f"<Code>{verdict.error.s3_code}</Code>" in verdict.error_xml()
        codes[profile] = verdict.error.s3_code
    assert codes["aws"] != codes["minio"]


def test_a_verdict_has_no_truth_value(iam: Iam) -> None:
    with pytest.raises(TypeError, match="use .allowed"):
        bool(iam.authorize("GET", "/", [("Host", HOST)]))


def test_a_call_keeps_none_of_its_arguments(iam: Iam) -> None:
    name, value, body = b"x-note-of-this-test", "note " * 3, b"some body"
    headers = [("Host", HOST), (name, value)]

    def references() -> list[int]:
        return [sys.getrefcount(thing) for thing in (name, value, body, headers, headers[1])]

    before = references()
    for wrong in (None, ("X-Wrong", "ł"), ("X-Wrong",)):
        lines = headers if wrong is None else [*headers, wrong]
        for _ in range(10):
            try:
                iam.authorize("GET", "/photos/cat.jpg", lines, body=body)  # type: ignore[arg-type]
            except (TypeError, ValueError):
                pass
        del lines
    assert references() == before
