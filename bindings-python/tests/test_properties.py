"""Properties that hold for every input."""

import pickle
from typing import Any

import hypothesis.strategies as st
from samples import DIRECTORY
from hypothesis import given, settings

import s3iam
from s3iam import Iam, Policy

settings.register_profile("s3iam", max_examples=100, deadline=None, database=None, derandomize=True)
settings.load_profile("s3iam")

IAM = Iam.load(DIRECTORY)
WIRE = st.binary(max_size=60) | st.text(st.characters(max_codepoint=255), max_size=60)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
)


@given(st.text() | st.binary())
def test_every_text_has_a_report(text: str | bytes) -> None:
    try:
        report = s3iam.validate(text)
    except s3iam.ArgumentError as error:
        assert error.code == "invalid-utf8"
        return
    size = len(text.encode() if isinstance(text, str) else text)
    for finding in report:
        assert 0 <= finding.start.offset <= finding.end.offset <= size


@given(WIRE, WIRE, st.lists(st.tuples(WIRE, WIRE), max_size=6), st.none() | st.binary(max_size=40))
def test_no_unsigned_request_is_allowed(method: Any, target: Any, headers: Any, body: Any) -> None:
    verdict = IAM.authorize(method, target, headers, body=body)
    assert not verdict.allowed and verdict.user is None
    assert verdict.error is not None and verdict.error.code
    assert verdict.error_xml("r").endswith("</Error>")


@given(st.lists(st.tuples(st.text(max_size=20) | st.binary(max_size=20), WIRE), max_size=6), st.none() | st.binary())
def test_no_unsigned_form_is_allowed(fields: Any, file_name: bytes | None) -> None:
    headers = {"Host": "h", "Content-Type": "multipart/form-data; boundary=b"}
    verdict = IAM.authorize_post("POST", "/photos", headers, [("key", "k"), *fields], file_name=file_name)
    assert not verdict.allowed and verdict.user is None and verdict.upload is None
    assert verdict.error is not None and verdict.error_xml("r").endswith("</Error>")


@given(st.binary(max_size=100), st.lists(st.integers(0, 120), max_size=6))
def test_a_body_is_the_object_or_refused_however_it_is_split(text: bytes, cuts: list[int]) -> None:
    headers = {
        "Host": "h",
        "x-amz-content-sha256": "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
        "x-amz-decoded-content-length": str(len(text)),
    }
    whole = b"%x\r\n%b\r\n0\r\n\r\n" % (len(text), text) if text else b"0\r\n\r\n"
    for body, good in ((whole, True), (whole[:-1], False), (text, False)):
        ends = sorted(min(cut, len(body)) for cut in cuts)
        pieces = [body[start:end] for start, end in zip([0, *ends], [*ends, len(body)])]
        reader = s3iam.Verifier().anonymous_body("PUT", "/b/k", headers)
        try:
            assert b"".join(reader.iter(pieces)) == text
        except s3iam.SignatureError as error:
            assert not good and error.http_status == 400
        else:
            assert good


@given(st.text(), st.text(), st.dictionaries(st.text(), JSON, max_size=4))
def test_a_policy_without_statements_allows_nothing(action: str, resource: str, context: Any) -> None:
    try:
        assert not s3iam.PolicySet([]).decide(action, resource, context).allowed
    except (TypeError, s3iam.ArgumentError):
        pass


@given(st.sampled_from(sorted(s3iam.built_in_policies())), st.text(max_size=30), st.text(max_size=30))
def test_a_pickled_policy_decides_the_same(name: str, action: str, resource: str) -> None:
    policy = Policy.built_in(name)
    again = pickle.loads(pickle.dumps(policy))
    try:
        expected = policy.decide(action, resource)
    except s3iam.ArgumentError:
        return
    assert again.decide(action, resource) == expected
