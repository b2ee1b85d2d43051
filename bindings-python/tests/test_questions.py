"""Explanations, questions in bulk, allowed actions, and access."""

import copy
import itertools
import json
import pickle
from collections.abc import Iterator
from typing import Any

import pytest

import s3iam
from s3iam import Account, Policy, PolicySet

HOME = Policy.parse(
    json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Sid": "Home",
                    "Effect": "Allow",
                    "Action": "s3:*",
                    "Resource": ["arn:aws:s3:::home/${aws:username}/*", "arn:aws:s3:::home"],
                },
                {
                    "Sid": "Insecure",
                    "Effect": "Deny",
                    "Action": "s3:DeleteObject",
                    "Resource": "arn:aws:s3:::home/*",
                    "Condition": {"Bool": {"aws:SecureTransport": "false"}},
                },
            ],
        }
    )
)
ALICE = {"aws:username": "alice"}
EVERYBODY: list[Any] = [HOME, PolicySet([HOME]), Account("user", [HOME])]


@pytest.mark.parametrize("asked", EVERYBODY)
def test_an_explanation_is_the_decision_with_its_reasons(asked: Any) -> None:
    question: Any = ("s3:GetObject", "home/bob/a", ALICE)
    explanation = asked.explain(*question)
    assert explanation.decision == asked.decide(*question)
    assert explanation.decision.outcome == "implicit_deny"
    home, insecure = explanation.statements
    assert (home.sid, home.effect, home.applies) == ("Home", "Allow", False)
    assert [(e.element, e.holds) for e in home.elements] == [("Action", True), ("Resource", False)]
    assert (insecure.sid, insecure.effect, insecure.applies) == ("Insecure", "Deny", False)
    text = HOME.text.encode()
    assert json.loads(text[home.start : home.end])["Sid"] == "Home"
    assert str(explanation) == explanation.sentence
    assert "home/bob/a" in home.elements[1].detail
    with pytest.raises(TypeError, match="decision.allowed"):
        bool(explanation)


def test_an_explanation_names_keys_without_a_value() -> None:
    explanation = HOME.explain("s3:DeleteObject", "home/alice/a", ALICE)
    (condition,) = [e for e in explanation.statements[1].elements if e.element == "Condition"]
    assert condition.missing_keys == ("aws:SecureTransport",)
    assert explanation.statements[0].layer is None and explanation.layers == ()


def test_an_explanation_has_the_statement_that_decided() -> None:
    statement = HOME.explain("s3:GetObject", bucket="home", object="alice/a", context=ALICE).decision.statement
    assert statement is not None and statement.sid == "Home"


def test_an_account_explains_its_layers() -> None:
    session = json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {"Sid": "Get", "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::*"}
            ],
        }
    )
    account = Account("temporary", [Policy.built_in("readwrite")], session_policy=session)
    explanation = account.explain("s3:PutObject", "b/k")
    assert [(layer.layer, layer.level) for layer in explanation.layers] == [("identity", None), ("session", None)]
    assert [trace.layer for trace in explanation.statements] == ["identity", "session"]
    assert explanation.decision.layer == "session"
    explanation = account.explain("s3:GetObject", "b/k")
    statements = [layer.decision.statement for layer in explanation.layers]
    assert [statement and statement.sid for statement in statements] == [None, "Get"]
    assert Account("root").explain("s3:GetObject", "b/k").sentence == "Allowed: the caller owns the storage."


def test_explanations_are_values() -> None:
    first, again = HOME.explain("s3:GetObject", "home/alice/a", ALICE), HOME.explain("s3:GetObject", "home/alice/a", ALICE)
    assert first == again and hash(first) == hash(again)
    assert first != HOME.explain("s3:GetObject", "home/bob/a", ALICE)
    assert pickle.loads(pickle.dumps(first)) == copy.deepcopy(first) == first
    with pytest.raises(AttributeError):
        first.sentence = ""  # type: ignore[misc]


@pytest.mark.parametrize("asked", EVERYBODY)
def test_a_batch_answers_as_each_question_alone(asked: Any) -> None:
    actions = ["s3:GetObject", "s3:DeleteObject"]
    resources = ["arn:aws:s3:::home/bob/a", "home/alice/a"]
    contexts = [ALICE, {"aws:username": "bob", "aws:SecureTransport": False}]
    decisions = asked.decide_many(actions, resources, contexts)
    assert decisions == [asked.decide(*question) for question in itertools.product(actions, resources, contexts)]
    assert [d.statement and d.statement.sid for d in decisions] == [None, "Home", "Home", None, None, "Insecure", "Home", "Insecure"]


def test_a_batch_takes_any_iterables() -> None:
    def resources() -> Iterator[tuple[str, str]]:
        yield "home", "alice/a"
        yield "home", ""

    decisions = HOME.decide_many({"s3:GetObject"}, resources(), ({"aws:username": u} for u in ("alice", "bob")))
    assert [decision.allowed for decision in decisions] == [True, False, True, True]
    assert len(HOME.decide_many(("s3:GetObject",), ["home"], [])) == 0
    assert len(HOME.decide_many((), ["home"], [{}])) == 0
    assert HOME.decide_many(["s3:ListBucket"], ["home"]) == HOME.decide_many(["s3:ListBucket"], ["home"], None)


def test_a_batch_has_the_other_arguments_of_decide() -> None:
    (owner,) = HOME.decide_many(["s3:GetObject"], ["b/k"], is_owner=True)
    assert owner.reason == "owner"
    (nothing,) = HOME.decide_many(["s3:GetObject"], ["b/k"], deny_only=True)
    assert nothing.reason == "deny-only"


def test_a_batch_is_bounded() -> None:
    many = ["s3:GetObject"] * 50_001
    endless: Any = itertools.repeat("s3:GetObject")
    for actions, resources in ((many, ["home/a", "home/b"]), (endless, ["home/a"]), (["s3:GetObject"], endless)):
        with pytest.raises(s3iam.ArgumentError, match="100000 questions"):
            HOME.decide_many(actions, resources)
    assert len(HOME.decide_many(many, ["home/a"])) == 50_001


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (("s3:GetObject", ["b/k"]), TypeError),
        ((["s3:GetObject"], "b/k"), TypeError),
        ((1, ["b/k"]), TypeError),
        (([1], ["b/k"]), TypeError),
        ((["s3:GetObject"], [1]), TypeError),
        ((["s3:GetObject"], [("b",)]), TypeError),
        ((["s3:GetObject"], [("b", "k", "v")]), TypeError),
        ((["s3:GetObject"], [("b", 1)]), TypeError),
        ((["s3:GetObject"], ["b/k"], {"aws:username": "alice"}), TypeError),
        ((["s3:GetObject"], ["b/k"], [None]), TypeError),
        ((["s3:GetObject"], ["b/k"], [{"x": 1.5}]), TypeError),
        ((["\ud800"], ["b/k"]), s3iam.ArgumentError),
        ((["s3:GetObject"], [("b", "\ud800")]), s3iam.ArgumentError),
    ],
)
def test_a_batch_is_made_of_lists(arguments: Any, error: type[Exception]) -> None:
    for asked in EVERYBODY:
        with pytest.raises(error):
            asked.decide_many(*arguments)


def test_errors_of_iterables_come_through() -> None:
    def actions() -> Iterator[str]:
        yield "s3:GetObject"
        raise LookupError("from the caller")

    with pytest.raises(LookupError, match="from the caller"):
        HOME.decide_many(actions(), ["b/k"])


@pytest.mark.parametrize("asked", EVERYBODY)
def test_allowed_actions_are_those_that_decide_allows(asked: Any) -> None:
    context = ALICE | {"aws:SecureTransport": False}
    actions = asked.allowed_actions("home/alice/a", context)
    assert {"s3:GetObject", "s3:PutObject"} <= set(actions) and "s3:DeleteObject" not in actions
    assert actions == sorted(actions)
    assert all(asked.decide(action, "home/alice/a", context).allowed for action in actions)
    assert asked.allowed_actions(bucket="home", object="alice/a", context=context) == actions
    assert asked.allowed_actions("home/bob/a", ALICE) == []
    assert "s3:ListBucket" in asked.allowed_actions("arn:aws:s3:::home")


def test_the_owner_may_do_everything() -> None:
    assert "s3:GetObject" in HOME.allowed_actions("other/k", is_owner=True)
    assert "s3:GetObject" in Account("root").allowed_actions("other/k")


@pytest.mark.parametrize("asked", EVERYBODY)
def test_access_is_data_and_answers_for_each_resource(asked: Any) -> None:
    access = asked.access("s3:DeleteObject", ALICE)
    (layer,) = access.layers
    assert not layer.is_broken
    (allow,), (deny,) = layer.allow, layer.deny
    assert allow.resources == ("arn:aws:s3:::home/alice/*", "arn:aws:s3:::home")
    assert (allow.policy_index, allow.index, deny.index) == (0, 0, 1)
    assert (allow.except_, allow.conditions) == ((), ())
    (condition,) = deny.conditions
    assert (condition.operator, condition.key, condition.values) == ("Bool", "aws:SecureTransport", ("false",))
    assert HOME.text.encode()[condition.start : condition.end] == b'"false"'
    assert access.allows("home/alice/a") is None
    assert access.allows("arn:aws:s3:::home/bob/a") is False
    complete = asked.access("s3:DeleteObject", ALICE, complete=True)
    assert complete.allows(bucket="home", object="alice/a") is True
    with pytest.raises(TypeError, match="allows"):
        bool(access)
    assert repr(access) == "<s3iam.Access of 1 layer>"
    assert pickle.loads(pickle.dumps(access.layers)) == access.layers


def test_buckets_that_a_caller_may_list() -> None:
    buckets = ["home", "photos", "music"]
    access = PolicySet([HOME]).access("s3:ListBucket", complete=True)
    assert [bucket for bucket in buckets if access.allows(bucket=bucket)] == ["home"]
    with pytest.raises(s3iam.ArgumentError):
        access.allows("home", bucket="home")
    with pytest.raises(TypeError):
        access.allows(1)  # type: ignore[arg-type]


def test_all_layers_of_an_account_must_allow() -> None:
    session = Policy.built_in("readonly").text
    account = Account("temporary", [HOME], session_policy=session)
    access = account.access("s3:GetObject", ALICE, complete=True)
    assert [layer.layer for layer in access.layers] == ["identity", "session"]
    assert access.allows("home/alice/a") and not access.allows("home/bob/a")
    assert account.access("s3:PutObject", ALICE).allows("home/alice/a") is False
    assert Account("root").access("s3:PutObject").layers == ()
    assert Account("root").access("s3:PutObject").allows("home/alice/a") is True
    with pytest.raises(s3iam.S3IamError) as raised:
        Account("temporary", [HOME], session_policy="{").access("s3:GetObject")
    assert raised.value.code == "unsupported"


def test_a_bucket_policy_counts_in_every_verb() -> None:
    public = Policy.parse(
        json.dumps(
            {
                "Version": "2012-10-17",
                "Statement": [
                    {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}
                ],
            }
        ),
        kind="bucket",
    )
    nobody = Account("anonymous")
    explanation = nobody.explain("s3:GetObject", "b/k", bucket_policy=public)
    assert (explanation.decision.allowed, explanation.decision.layer) == (True, "bucket")
    assert explanation.layers[0].decision.statement is not None
    (decision,) = nobody.decide_many(["s3:GetObject"], ["b/k"], bucket_policy=public)
    assert decision.allowed and decision.statement is not None
    assert nobody.allowed_actions("b/k", bucket_policy=public) == ["s3:GetObject"]
    assert nobody.access("s3:GetObject", bucket_policy=public, complete=True).allows("b/k") is True
    assert nobody.access("s3:GetObject").allows("b/k") is False
    assert nobody.allowed_actions("b/k") == []
    for verb in (nobody.explain, nobody.access):
        with pytest.raises(s3iam.ArgumentError):
            verb("s3:GetObject", bucket_policy=HOME)


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"regoin": 1}, TypeError),
        ({"account": 1}, TypeError),
        ({"account": "\ud800"}, s3iam.ArgumentError),
        ({"is_owner": 1}, TypeError),
        ({"deny_only": None}, TypeError),
        ({"principal": "alice"}, TypeError),
        ({"bucket_policy": HOME}, TypeError),
        ({"resource_account": "1"}, TypeError),
    ],
)
def test_keyword_arguments_are_checked(arguments: Any, error: type[Exception]) -> None:
    calls: list[Any] = [HOME.decide, HOME.explain, PolicySet([HOME]).explain, HOME.access, PolicySet([HOME]).access]
    for call in calls:
        with pytest.raises(error, match=next(iter(arguments))):
            call("s3:GetObject", **arguments)
    for call in (HOME.decide_many, PolicySet([HOME]).decide_many):
        with pytest.raises(error, match=next(iter(arguments))):
            call(["s3:GetObject"], ["b/k"], **arguments)


def test_an_account_takes_its_own_keyword_arguments() -> None:
    account: Any = Account("user", [HOME])
    for call in (account.decide, account.explain):
        assert not (call("s3:GetObject", "b/k", account="a", deny_only=False, bucket_policy=None) is None)
        for wrong in ({"is_owner": True}, {"principal": None}, {"bucket_policy": 1}):
            with pytest.raises(TypeError, match=next(iter(wrong))):
                call("s3:GetObject", "b/k", **wrong)


def test_accounts_can_be_pickled() -> None:
    account = Account("service-account", [HOME], session_policy=b"\xff", parent_is_root=True)
    again = pickle.loads(pickle.dumps(account))
    assert (again.credential, again.policies, again.parent_is_root) == ("service-account", (HOME,), True)
    assert again.session_policy == account.session_policy
    assert copy.deepcopy(account).decide("s3:GetObject", "b/k") == account.decide("s3:GetObject", "b/k")
