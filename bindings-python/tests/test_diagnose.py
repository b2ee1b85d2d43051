"""Why a signature does not match."""

import pickle
import threading
from typing import Any

import pytest
from samples import HOST, REGION, SECRET, sign

import s3iam
from s3iam import Signer, Verifier


@pytest.fixture
def verifier() -> Verifier:
    verifier = Verifier(region=REGION)
    verifier.add_key("AKIDALICE", SECRET)
    return verifier


def test_a_cause_that_is_certain(verifier: Verifier) -> None:
    sent = sign("GET", "/b/k")
    headers = [("Host", "inner:9000"), *sent.headers[1:], ("X-Forwarded-Host", HOST)]
    diagnosis = verifier.diagnose(sent.method, sent.target, headers)
    assert (diagnosis.outcome, diagnosis.code) == ("refused", "signature-does-not-match")
    assert diagnosis.certain and diagnosis.cause is not None and diagnosis.cause.code == "host-rewritten"
    assert diagnosis.cause.sentence and diagnosis.cause.remedy
    assert diagnosis.differences == (s3iam.Difference("header host", HOST, "inner:9000"),)
    assert diagnosis.canonical_request is not None and "host:inner:9000" in diagnosis.canonical_request
    assert diagnosis.string_to_sign is not None and diagnosis.string_to_sign.startswith("AWS4-HMAC-SHA256\n")
    assert 0 < diagnosis.tried <= 4096


def test_what_the_client_signed_is_compared(verifier: Verifier) -> None:
    headers = [("Host", HOST)]
    headers += Signer("AKIDALICE", "another secret", region=REGION).sign("GET", "/b/k", headers)
    server = verifier.diagnose("GET", "/b/k", headers).canonical_request
    assert server is not None
    for client in (server.replace("/b/k", "/b/other"), server.replace("/b/k", "/b/other").encode()):
        diagnosis = verifier.diagnose("GET", "/b/k", headers, canonical_request=client, string_to_sign="x")
        assert "path" in [difference.element for difference in diagnosis.differences]
        assert "path" in diagnosis.for_client.elements


def test_the_client_learns_nothing_of_the_secret(verifier: Verifier) -> None:
    sent = sign("GET", "/b/k", secret_key="wrong")
    diagnosis = verifier.diagnose(sent.method, sent.target, sent.headers)
    for_client = diagnosis.for_client
    assert for_client.code == "signature-does-not-match"
    assert for_client.text.startswith(for_client.message)
    assert SECRET not in repr(diagnosis)


def test_there_may_be_nothing_to_diagnose(verifier: Verifier) -> None:
    sent = sign("PUT", "/b/k", body=b"cat")
    diagnosis = verifier.diagnose(sent.method, sent.target, sent.headers, body=sent.body)
    assert (diagnosis.outcome, diagnosis.code, diagnosis.cause) == ("verifies", None, None)
    assert verifier.diagnose("GET", "/b/k", {"Host": HOST}).outcome == "anonymous"
    diagnosis = verifier.diagnose(sent.method, sent.target, sent.headers, body=b"dog")
    assert diagnosis.code == "content-sha256-mismatch"
    diagnosis = verifier.diagnose(sent.method, sent.target, sent.headers, now=0)
    assert diagnosis.code == "request-time-too-skewed" and diagnosis.certain


def test_a_directory_says_the_same(verifier: Verifier, iam: s3iam.Iam) -> None:
    sent = sign("GET", "/b/k")
    for method, client in (("HEAD", {}), ("HEAD", {"canonical_request": "GET\n/b/k"}), ("GET", {"now": 0})):
        arguments = (method, sent.target, sent.headers)
        assert iam.diagnose(*arguments, **client) == verifier.diagnose(*arguments, **client)
    # Alice may not put, but her signature is right.
    sent = sign("PUT", "/b/k", body=b"cat")
    assert not iam.authorize(sent.method, sent.target, sent.headers, body=sent.body).allowed
    assert iam.diagnose(sent.method, sent.target, sent.headers, body=sent.body).outcome == "verifies"
    iam.replace('{"version": 1, "users": {}}')
    assert iam.diagnose(sent.method, sent.target, sent.headers).code == "unknown-access-key"


def test_a_diagnosis_is_a_value(verifier: Verifier) -> None:
    sent = sign("GET", "/b/k", secret_key="wrong")
    diagnosis = verifier.diagnose(sent.method, sent.target, sent.headers)
    assert pickle.loads(pickle.dumps(diagnosis)) == diagnosis and hash(diagnosis) == hash(diagnosis)
    with pytest.raises(AttributeError):
        diagnosis.certain = True  # type: ignore[misc]


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"headers": None}, TypeError),
        ({"target": 1}, TypeError),
        ({"body": "text"}, TypeError),
        ({"now": "today"}, TypeError),
        ({"canonical_request": 1}, TypeError),
        ({"string_to_sign": "\ud800"}, s3iam.ArgumentError),
    ],
)
def test_arguments_of_a_diagnosis(verifier: Verifier, arguments: dict[str, Any], error: type[Exception]) -> None:
    for asked in (verifier, s3iam.Iam.load('{"version": 1, "users": {}}')):
        with pytest.raises(error):
            asked.diagnose(**({"method": "GET", "target": "/", "headers": []} | arguments))


def test_others_go_on_meanwhile(verifier: Verifier) -> None:
    """A diagnosis takes long, without the GIL; whoever needs the verifier meanwhile gets it."""
    sent = sign("GET", "/b/k", secret_key="wrong")
    good = sign("GET", "/b/k")

    def work() -> None:
        for turn in range(3):
            verifier.diagnose(sent.method, sent.target, sent.headers)
            verifier.add_key(f"KEY{turn}", SECRET)
            verifier.remove_key(f"KEY{turn}")
            verifier.verify(good.method, good.target, good.headers)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
