"""The types: the stub is what is there at run time, and a typical program passes the strict checks."""

import subprocess
import sys
from pathlib import Path

import pytest

SAMPLE = '''
from collections.abc import AsyncIterable, Iterable
from datetime import datetime, timezone
from s3iam import (Access, Account, BodyReader, BodySummary, Context, Decision, Diagnosis, Explanation, Finding, Iam,
    Identity, Layers, Outcome, Policy, PolicySet, Principal, S3IamError, Signer, Verdict, Verifier, classify, validate)

def decide(policy: Policy) -> Outcome:
    decision: Decision = policy.decide("s3:GetObject", "b/k", {"aws:SourceIp": "10.0.0.1", "s3:max-keys": 10,
        "aws:CurrentTime": datetime.now(timezone.utc), "prefix": ["a", "b"], "aws:SecureTransport": True})
    if decision.statement is not None:
        print(decision.statement.sid, decision.statement.start)
    return PolicySet([policy]).decide("s3:GetObject", bucket="b", object="k").outcome

def decide_in(policy: Policy, user: str) -> bool:
    context: Context = {"aws:username": user, "aws:SecureTransport": True}
    return policy.decide("s3:GetObject", "b/k", context).allowed

def why(asked: Policy | PolicySet | Account) -> list[str]:
    explanation: Explanation = asked.explain("s3:GetObject", bucket="b", object="k")
    return [element.detail for trace in explanation.statements for element in trace.elements if not element.holds]

def buckets(asked: Policy | PolicySet | Account, names: list[str]) -> list[str]:
    access: Access = asked.access("s3:ListBucket", {"aws:username": "alice"}, complete=True)
    return [name for name in names if access.allows(bucket=name)]

def layered(identity: list[Policy], levels: list[list[Policy]]) -> tuple[str | None, int | None]:
    layers = Layers(identity=identity, scp=levels)
    alice = Principal.user("arn:aws:iam::111122223333:user/alice")
    decision, *_ = layers.decide_many(["s3:GetObject"], ["b/k", ("b", "k")], [{"aws:SourceIp": "10.0.0.1"}], principal=alice)
    return decision.layer, decision.level

def authorize(iam: Iam, wire: list[tuple[bytes, bytes]], text: dict[str, str]) -> Verdict:
    verdict = iam.authorize("GET", "/", wire, peer="10.0.0.1", now=0.5, object_tags={"a": "b"})
    if verdict.error is not None:
        code: str = verdict.error.code
    return iam.authorize(b"GET", b"/", text, body=b"")

def verify(verifier: Verifier) -> tuple[Identity, Identity | None]:
    signed = verifier.verify("GET", "/", [("Host", "h")])
    return signed, verifier.verify("GET", "/", [["Host", "h"]], allow_anonymous=True)

def store(verdict: Verdict, body: Iterable[bytes]) -> BodySummary | None:
    reader = verdict.body_reader()
    for released in reader.iter(body):
        print(len(released))
    return reader.summary

async def store_later(reader: BodyReader, body: AsyncIterable[bytes]) -> bytes:
    return b"".join([released async for released in reader.aiter(body)])

def upload(iam: Iam, verifier: Verifier, fields: list[tuple[str, str]], text: dict[str, str]) -> str | None:
    verdict = iam.authorize_post("POST", "/b", text, fields, file_name="cat.jpg", file_length=10)
    if verdict.upload is not None:
        verdict.upload.check_length(10, done=True)
    return verifier.verify_post("POST", "/b", text, fields, bucket="b").success_redirect

def send(signer: Signer) -> str:
    headers = [("Host", "h"), ("x-amz-decoded-content-length", "1")]
    added, chunks = signer.chunks("PUT", "/b/k", headers, "signed")
    body: bytes = chunks.encode(b"x") + chunks.finish()
    if classify("PUT", "/b/k", headers + added) == "sigv4-header":
        headers += signer.sign("PUT", "/b/k", headers, body=body)
    return signer.presign("GET", "/b/k", headers, expires_seconds=60)

def why_refused(verifier: Verifier) -> str:
    diagnosis: Diagnosis = verifier.diagnose("GET", "/b/k", [("Host", "h")])
    if verifier.remove_key("AKID"):
        diagnosis = Iam.load("{}").diagnose("GET", "/b/k", [("Host", "h")], canonical_request="GET")
    return diagnosis.cause.remedy if diagnosis.cause is not None else diagnosis.for_client.text

def check(text: str) -> list[Finding]:
    try:
        Policy.parse(text, dialect="aws")
    except S3IamError as error:
        print(error.http_status)
    return [finding for finding in validate(text) if finding.severity == "error"]
'''

MISTAKES = [
    ("iam.authorize('GET', '/')", "headers"),
    ("iam.authorize('GET', '/', [], body='text')", "bytes"),
    ("policy.decide('s3:GetObject', 'b/k', {'a': 1.5})", "float"),
    ("Policy.parse('', dialect='gcp')", "Literal"),
    ("Policy.parse('', kind='organisation')", "Literal"),
    ("policy.decide_many(['s3:GetObject'], ['b/k'], ['aws:username'])", "Mapping"),
    ("policy.decide_many(['s3:GetObject'], [('b', 'k', 'v')])", "tuple"),
    ("policy.explain('s3:GetObject', principal='alice')", "Principal"),
    ("policy.access('s3:GetObject').allows(1)", "int"),
    ("Verifier(regoin='x')", "regoin"),
    ("iam.authorize('GET', '/', []).allowed = True", "read-only"),
    ("verifier.verify('GET', '/', [], allow_anonymous=True).access_key", "None"),
    ("verifier.verify('GET', '/', []).body_reader().push('text')", "bytes"),
    ("verifier.verify_post('POST', '/b', [], [])", "bucket"),
    ("iam.authorize_post('POST', '/b', [], []).upload.key", "None"),
    ("signer.chunks('PUT', '/b/k', [], 'trailer')", "Literal"),
    ("signer.post_policy('b', 'k')", "expiration"),
]


def mypy(*arguments: str, module: str = "mypy") -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", module, *arguments], capture_output=True, text=True)


def check(folder: Path, program: str) -> subprocess.CompletedProcess[str]:
    (folder / "program.py").write_text(program)
    cache = folder / "cache"
    return mypy("--strict", "--no-error-summary", f"--cache-dir={cache}", str(folder / "program.py"))


def test_the_stub_is_what_is_there() -> None:
    done = mypy("s3iam._native", module="mypy.stubtest")
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_typical_program_passes(tmp_path: Path) -> None:
    done = check(tmp_path, SAMPLE)
    assert done.returncode == 0, done.stdout + done.stderr


def test_mistakes_are_found(tmp_path: Path) -> None:
    head = (
        "from s3iam import Iam, Policy, Signer, Verifier\n"
        "def f(iam: Iam, policy: Policy, signer: Signer, verifier: Verifier) -> None:\n"
    )
    done = check(tmp_path, head + "".join(f"    {line}\n" for line, _ in MISTAKES))
    for number, (line, word) in enumerate(MISTAKES, start=3):
        errors = [text for text in done.stdout.splitlines() if f"program.py:{number}: error" in text]
        assert errors and any(word in text for text in errors), f"{line}: {errors}"


def test_the_package_itself_passes(tmp_path: Path) -> None:
    done = mypy("--strict", f"--cache-dir={tmp_path}", "--package", "s3iam")
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_tests_pass(tmp_path: Path) -> None:
    folder = Path(__file__).parent.parent
    options = ("--config-file=pyproject.toml", f"--cache-dir={tmp_path}")
    done = subprocess.run(
        [sys.executable, "-m", "mypy", *options, "tests", "benches"], cwd=folder, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("name", ["py.typed", "_native.pyi"])
def test_the_package_carries_its_types(name: str) -> None:
    import s3iam

    assert (Path(s3iam.__file__).parent / name).exists()
