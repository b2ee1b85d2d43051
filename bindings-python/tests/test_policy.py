"""Policies: parse, decide, explain."""

import copy
import json
import pickle
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from types import MappingProxyType
from typing import Any

import pytest

import s3iam
from s3iam import Policy, PolicySet


def allow(**members: Any) -> Policy:
    statement = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*", **members}
    return Policy.parse(json.dumps({"Version": "2012-10-17", "Statement": [statement]}))


def test_a_statement_allows_what_it_names(photos: Policy) -> None:
    decision = photos.decide("s3:GetObject", "arn:aws:s3:::photos/cat.jpg")
    assert decision.allowed
    assert (decision.outcome, decision.reason) == ("allow", "statement")


def test_what_no_statement_names_is_denied(photos: Policy) -> None:
    decision = photos.decide("s3:GetObject", "arn:aws:s3:::music/song.mp3")
    assert not decision.allowed
    assert (decision.outcome, decision.reason, decision.statement) == ("implicit_deny", "no-statement", None)


def test_a_deny_wins_and_is_named(photos: Policy) -> None:
    decision = photos.decide("s3:DeleteObject", "arn:aws:s3:::photos/original/cat.jpg")
    assert decision.outcome == "explicit_deny"
    statement = decision.statement
    assert statement is not None
    assert (statement.policy_index, statement.index, statement.sid) == (0, 1, "KeepOriginals")
    source = photos.text.encode()[statement.start : statement.end]
    assert json.loads(source)["Sid"] == "KeepOriginals"


@pytest.mark.parametrize("resource", ["arn:aws:s3:::photos/a b/ü.jpg", "photos/a b/ü.jpg"])
def test_a_resource_may_be_an_arn_or_its_last_part(photos: Policy, resource: str) -> None:
    assert photos.decide("s3:GetObject", resource).allowed


def test_bucket_and_object_are_taken_as_they_are(photos: Policy) -> None:
    assert photos.decide("s3:GetObject", bucket="photos", object="arn:aws:s3:::x").allowed
    assert not photos.decide("s3:GetObject", bucket="arn:aws:s3:::photos", object="x").allowed


@pytest.mark.parametrize(
    "arguments",
    [
        {"resource": "photos/a", "bucket": "photos"},
        {"resource": "photos/a", "object": "a"},
        {"object": "a"},
    ],
)
def test_what_is_asked_about_must_be_clear(photos: Policy, arguments: dict[str, str]) -> None:
    with pytest.raises(s3iam.ArgumentError) as raised:
        photos.decide("s3:GetObject", **arguments)  # type: ignore[arg-type]
    assert raised.value.code == "invalid-argument"


NOON = datetime(2026, 1, 15, 12, 0, tzinfo=timezone.utc)


@pytest.mark.parametrize(
    ("operator", "value", "given"),
    [
        ("StringEquals", "x", "x"),
        ("StringEquals", "x", b"x"),
        ("StringEquals", "2026-01-15T12:00:00Z", NOON),
        ("StringEquals", "2026-01-15T12:00:00Z", NOON.astimezone(timezone(timedelta(hours=5)))),
        ("StringEquals", "true", True),
        ("StringEquals", "-12", -12),
        ("StringEquals", str(10**30), 10**30),
        ("Bool", "false", False),
    ],
)
def test_context_values_have_the_text_form_that_conditions_compare(
    operator: str, value: str, given: object
) -> None:
    key = "aws:SecureTransport" if operator == "Bool" else "aws:Referer"
    policy = allow(Condition={operator: {key: value}})
    assert policy.decide("s3:GetObject", "b/k", {key: given}).allowed  # type: ignore[dict-item]
    assert not policy.decide("s3:GetObject", "b/k").allowed


def test_a_context_key_may_have_several_values() -> None:
    policy = allow(Condition={"StringEquals": {"aws:Referer": "second"}})
    for values in (["first", "second"], ("second",), {"second"}, frozenset({"second", "x"})):
        assert policy.decide("s3:GetObject", "b/k", {"Referer": values}).allowed, values
    assert not policy.decide("s3:GetObject", "b/k", {"Referer": []}).allowed


def test_a_context_may_be_any_mapping() -> None:
    policy = allow(Condition={"StringEquals": {"aws:username": "alice"}})
    context: Mapping[str, str] = MappingProxyType({"aws:username": "alice"})
    assert policy.decide("s3:GetObject", "b/k", context).allowed


@pytest.mark.parametrize("value", [1.5, None, object(), {"a": 1}, [1.5], [["x"]]])
def test_other_context_values_are_refused(value: object) -> None:
    with pytest.raises(TypeError, match="context"):
        allow().decide("s3:GetObject", "b/k", {"s3:prefix": value})  # type: ignore[dict-item]


def test_a_time_without_zone_is_refused() -> None:
    with pytest.raises(s3iam.ArgumentError, match="time zone"):
        allow().decide("s3:GetObject", "b/k", {"aws:CurrentTime": datetime(2026, 1, 15)})


def test_an_owner_is_allowed_unless_denied(photos: Policy) -> None:
    assert photos.decide("s3:GetObject", "other/k", is_owner=True).reason == "owner"
    assert not photos.decide("s3:DeleteObject", "photos/original/k", is_owner=True).allowed


def test_deny_only_asks_for_denies(photos: Policy) -> None:
    assert photos.decide("s3:GetObject", "other/k", deny_only=True).reason == "deny-only"
    assert not photos.decide("s3:DeleteObject", "photos/original/k", deny_only=True).allowed


def test_policies_decide_together(photos: Policy) -> None:
    both = PolicySet([Policy.built_in("readwrite"), photos])
    decision = both.decide("s3:DeleteObject", "photos/original/cat.jpg")
    assert decision.outcome == "explicit_deny"
    statement = decision.statement
    assert statement is not None
    assert (statement.policy_index, statement.index) == (1, 1)
    assert both.decide("s3:GetObject", "music/a").allowed
    assert both.policies[1] is photos
    assert not PolicySet([]).decide("s3:GetObject", "music/a").allowed


@pytest.mark.parametrize("policies", [None, 1, "readonly", ["readonly"], [None]])
def test_a_set_is_of_policies(policies: Any) -> None:
    with pytest.raises(TypeError, match="policies must be an iterable of Policy"):
        PolicySet(policies)


def test_a_decision_has_no_truth_value(photos: Policy) -> None:
    decision = photos.decide("s3:GetObject", "music/song.mp3")
    with pytest.raises(TypeError, match="use .allowed"):
        bool(decision)


def test_decisions_compare_by_value(photos: Policy) -> None:
    first = photos.decide("s3:GetObject", "photos/a")
    assert first == photos.decide("s3:GetObject", "photos/b")
    assert hash(first) == hash(photos.decide("s3:GetObject", "photos/b"))
    assert first != photos.decide("s3:GetObject", "music/b")
    assert first != "allow"
    assert repr(first) == "<s3iam.Decision allow by statement 0 of policy 0>"


def test_decisions_can_be_pickled(photos: Policy) -> None:
    account = s3iam.Account("user", [photos])
    for asked in (photos, PolicySet([photos]), account):
        for resource in ("photos/a", "music/b"):
            decision = asked.decide("s3:GetObject", resource)
            for again in (pickle.loads(pickle.dumps(decision)), copy.deepcopy(decision)):
                assert again == decision and hash(again) == hash(decision)
                assert (again.statement, again.layer, repr(again)) == (
                    decision.statement,
                    decision.layer,
                    repr(decision),
                )
                assert pickle.loads(pickle.dumps(again)) == decision


@pytest.mark.parametrize(
    "arguments",
    [
        ("maybe", "statement", None, None, 0),
        ("allow", "luck", None, None, 0),
        ("allow", "owner", None, "attic", 0),
    ],
)
def test_a_damaged_pickle_makes_no_decision(arguments: Any) -> None:
    from s3iam._native import _restore_decision

    with pytest.raises(s3iam.ArgumentError):
        _restore_decision(*arguments)


def test_decisions_outlive_what_made_them() -> None:
    statement = Policy.built_in("readonly").decide("s3:GetObject", "a/b").statement
    assert statement is not None and statement.index == 0


def test_every_built_in_policy_is_there() -> None:
    policies = s3iam.built_in_policies()
    assert {"readonly", "readwrite", "writeonly", "consoleAdmin", "diagnostics"} <= set(policies)
    assert policies["readonly"] == Policy.built_in("readonly")
    with pytest.raises(KeyError, match="ReadOnly"):
        Policy.built_in("ReadOnly")


def test_policies_are_values(photos: Policy) -> None:
    again = Policy.parse(photos.text)
    assert photos == again and hash(photos) == hash(again)
    assert photos != Policy.parse(photos.text, lenient=True)
    assert photos != Policy.built_in("readonly")
    assert repr(photos) == "<s3iam.Policy minio identity, 2 statements>"
    assert (photos.dialect, photos.kind, photos.status) == ("minio", "identity", "good")


@pytest.mark.parametrize("protocol", range(2, pickle.HIGHEST_PROTOCOL + 1))
def test_policies_can_be_pickled(photos: Policy, protocol: int) -> None:
    lenient = Policy.parse(photos.text, lenient=True, max_bytes=100_000)
    for policy in (photos, lenient):
        assert pickle.loads(pickle.dumps(policy, protocol)) == policy
    both = pickle.loads(pickle.dumps(PolicySet([photos, lenient]), protocol))
    assert both.policies == (photos, lenient)
    assert copy.deepcopy(photos) == photos


def test_policies_cannot_be_changed_or_made_otherwise(photos: Policy) -> None:
    with pytest.raises(AttributeError):
        photos.text = "{}"  # type: ignore[misc]
    with pytest.raises(AttributeError):
        photos.other = 1  # type: ignore[attr-defined]
    with pytest.raises(TypeError):
        Policy()


def test_the_document_may_be_bytes(photos: Policy) -> None:
    assert Policy.parse(photos.text.encode()) == photos
