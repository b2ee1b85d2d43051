"""Findings about policy documents."""

import dataclasses
import pickle

import pytest

import s3iam
from s3iam import validate

TWO_MISTAKES = """{
  "Version": "2012-10-17",
  "Statement": [
    {"Effect": "Permit", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"},
    {"Effect": "allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}
  ]
}"""


def test_all_mistakes_are_found_at_once_with_their_places() -> None:
    report = validate(TWO_MISTAKES)
    assert not report.ok
    errors = [finding for finding in report if finding.severity == "error"]
    assert [finding.start.line for finding in errors] == [4, 5]
    first = errors[0]
    assert TWO_MISTAKES.encode()[first.start.offset : first.end.offset] == b'"Permit"'
    assert first.pointer == "/Statement/0/Effect"
    assert first.start < first.end
    assert str(first).startswith(f"4:{first.start.column}: error {first.code}: ")


def test_columns_are_given_in_bytes_and_in_utf16() -> None:
    text = '{"Version": "2012-10-17", "Id": "𝕊ü", "Statement": [{"Effect": "Permit"}]}'
    finding = next(finding for finding in validate(text) if finding.pointer == "/Statement/0/Effect")
    before = text[: text.index('"Permit"')]
    assert finding.start.column == len(before.encode()) + 1
    assert finding.start.column_utf16 == len(before.encode("utf-16-le")) // 2 + 1


def test_a_good_policy_is_good() -> None:
    report = validate(s3iam.Policy.built_in("readonly").text)
    assert report.ok and report.status == "good"


def test_a_refused_policy_carries_the_same_findings() -> None:
    with pytest.raises(s3iam.PolicyError) as raised:
        s3iam.Policy.parse(TWO_MISTAKES)
    assert raised.value.findings == validate(TWO_MISTAKES).findings
    assert "line 4" in str(raised.value)


def test_a_lenient_policy_keeps_its_findings_and_allows_nothing_by_them() -> None:
    policy = s3iam.Policy.parse(TWO_MISTAKES, lenient=True)
    assert policy.findings == validate(TWO_MISTAKES).findings
    assert policy.status == "invalid"
    assert not policy.decide("s3:GetObject", "b/k").allowed


def test_a_report_has_no_truth_value_but_a_length() -> None:
    report = validate(TWO_MISTAKES)
    with pytest.raises(TypeError, match="use .ok"):
        bool(report)
    assert len(report) == len(list(report)) == len(report.findings)


def test_findings_are_values() -> None:
    finding = validate(TWO_MISTAKES).findings[0]
    assert pickle.loads(pickle.dumps(finding)) == finding
    assert finding == validate(TWO_MISTAKES).findings[0]
    with pytest.raises(dataclasses.FrozenInstanceError):
        finding.code = "E000"  # type: ignore[misc]


@pytest.mark.parametrize("text", ["", "{", "[]", "null", b"\xff\xfe", "\0", '{"a": "\\ud800"}', "{}" * 3])
def test_anything_can_be_validated(text: str | bytes) -> None:
    assert not validate(text).ok


@pytest.mark.parametrize(("option", "value"), [("dialect", "gcp"), ("kind", "role")])
def test_unknown_options_are_refused(option: str, value: str) -> None:
    with pytest.raises(s3iam.ArgumentError, match=option):
        validate("{}", **{option: value})  # type: ignore[arg-type]
