"""Accounts: a caller with all its policies."""

import json
import threading
from typing import Any

import pytest

import s3iam
from s3iam import Account, Policy


def document(effect: str, action: str, **members: Any) -> str:
    statement = {"Effect": effect, "Action": action, "Resource": "arn:aws:s3:::b/*", **members}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def policy(effect: str, action: str) -> Policy:
    return Policy.parse(document(effect, action))


def public(effect: str, action: str) -> Policy:
    return Policy.parse(document(effect, action, Principal="*"), kind="bucket", bucket="b")


def test_a_bucket_policy_names_whom_it_is_about() -> None:
    policy = Policy.parse(
        document("Allow", "s3:GetObject", Principal={"AWS": ["alice", "ci-*"]}), kind="bucket"
    )
    for account, allowed in [("alice", True), ("ci-7", True), ("bob", False), ("", False)]:
        assert policy.decide("s3:GetObject", "b/k", account=account).allowed is allowed, account
    assert policy.decide("s3:GetObject", "b/k", account="alice").layer is None


def test_a_bucket_policy_is_of_its_bucket() -> None:
    text = document("Allow", "s3:GetObject", Principal="*")
    assert Policy.parse(text, kind="bucket", bucket="b").bucket == "b"
    with pytest.raises(s3iam.PolicyError) as raised:
        Policy.parse(text, kind="bucket", bucket="other")
    assert [finding.code for finding in raised.value.findings] == ["E317"]
    assert s3iam.validate(text, kind="bucket", bucket="other").findings == raised.value.findings
    assert s3iam.validate(text, kind="bucket").ok


@pytest.mark.parametrize("options", [{"bucket": "b"}, {"bucket": "", "kind": "bucket"}])
def test_a_bucket_must_make_sense(options: Any) -> None:
    for call in (Policy.parse, s3iam.validate):
        with pytest.raises(s3iam.ArgumentError):
            call(document("Allow", "s3:GetObject"), **options)


def test_policies_for_different_buckets_differ() -> None:
    import pickle

    text = document("Allow", "s3:GetObject", Principal="*")
    with_bucket = Policy.parse(text, kind="bucket", bucket="b")
    assert with_bucket != Policy.parse(text, kind="bucket")
    again = pickle.loads(pickle.dumps(with_bucket))
    assert (again, again.bucket) == (with_bucket, "b")


def test_both_the_parent_and_the_session_must_allow() -> None:
    account = Account(
        "temporary", [policy("Allow", "s3:*")], session_policy=document("Allow", "s3:GetObject")
    )
    decision = account.decide("s3:GetObject", "b/k")
    assert (decision.outcome, decision.layer) == ("allow", "identity")
    decision = account.decide("s3:PutObject", "b/k")
    assert (decision.outcome, decision.layer) == ("implicit_deny", "session")
    # CVE-2025-62506: a session policy must really allow, whatever is asked.
    assert not account.decide("s3:PutObject", "b/k", deny_only=True).allowed


@pytest.mark.parametrize("text", ["", "{", "[]", b"\xff", '{"Statement": []}'])
def test_a_session_policy_that_cannot_be_used_denies(text: Any) -> None:
    account = Account("temporary", [policy("Allow", "s3:*")], session_policy=text)
    decision = account.decide("s3:GetObject", "b/k")
    assert (decision.outcome, decision.reason) == ("explicit_deny", "policy-broken")
    assert decision.layer == "session"


def test_the_credential_says_who_the_owner_is() -> None:
    deny = [policy("Deny", "s3:*")]
    for account in [
        Account("root", deny),
        Account("temporary", deny, parent_is_root=True),
        Account("service-account", deny, session_policy="{}", parent_is_root=True),
    ]:
        decision = account.decide("s3:GetObject", "b/k")
        assert (decision.allowed, decision.layer) == (True, "owner")
    assert not Account("user", deny).decide("s3:GetObject", "b/k").allowed


def test_a_bucket_policy_is_for_anonymous_callers() -> None:
    anonymous, alice = Account("anonymous"), Account("user", [policy("Allow", "s3:PutObject")])
    decision = anonymous.decide("s3:GetObject", "b/k", bucket_policy=public("Allow", "s3:GetObject"))
    assert (decision.allowed, decision.layer) == (True, "bucket")
    statement = decision.statement
    assert statement is not None and statement.index == 0
    decision = anonymous.decide("s3:GetObject", "b/k")
    assert (decision.outcome, decision.reason) == ("implicit_deny", "no-policy")
    assert alice.decide("s3:PutObject", "b/k", bucket_policy=public("Deny", "s3:*")).allowed
    assert not alice.decide("s3:GetObject", "b/k", bucket_policy=public("Allow", "s3:*")).allowed


def test_a_call_may_need_several_actions() -> None:
    account = Account("user", [policy("Allow", "s3:PutObject"), policy("Allow", "s3:DeleteObject")])
    assert account.decide_operation("PutObject", "b", "k").allowed
    assert not account.decide_operation("PutObject", "b", "k", retention=True).allowed
    assert not account.decide_operation("CopyObject", "b", "k", copy_source=("b", "s")).allowed
    assert not account.decide_operation("CopyObject", "b", "k", copy_source=("b", "s", None)).allowed
    assert account.decide_operation("DeleteObject", "b", "k", version_id="v").allowed
    guarded = Account("user", [*account.policies, policy("Deny", "s3:DeleteObjectVersion")])
    decision = guarded.decide_operation("DeleteObject", "b", "k", version_id="v")
    assert (decision.outcome, decision.statement and decision.statement.policy_index) == ("explicit_deny", 2)
    assert guarded.decide_operation("DeleteObject", "b", "k").allowed


def test_a_list_of_buckets_shows_those_that_may_be_listed() -> None:
    text = json.loads(document("Allow", "s3:ListBucket"))
    text["Statement"][0]["Resource"] = "arn:aws:s3:::mine"
    account = Account("user", [Policy.parse(json.dumps(text))])
    assert account.decide_operation("ListBuckets", buckets=["other", "mine"]).allowed
    visible = [
        name
        for name in ("other", "mine")
        if account.decide_operation("ListBuckets", buckets=[name]).allowed
    ]
    assert visible == ["mine"]
    assert not account.decide_operation("ListBuckets").allowed


def test_what_makes_no_sense_is_refused() -> None:
    allow, bucket = policy("Allow", "s3:*"), public("Allow", "s3:*")
    makers: list[Any] = [
        lambda: Account("admin"),  # type: ignore[arg-type]
        lambda: Account("user", [bucket]),
        lambda: Account("user", [allow], session_policy="{}"),
        lambda: Account("user", parent_is_root=True),
        lambda: Account("user", [allow]).decide("s3:GetObject", "b/k", bucket_policy=allow),
        lambda: Account("user", [allow]).decide("s3:GetObject", "b/k", bucket="b"),
        lambda: Account("user", [allow]).decide_operation("Frob", "b", "k"),
        lambda: s3iam.PolicySet([allow, bucket]),
    ]
    for make in makers:
        with pytest.raises(s3iam.ArgumentError) as raised:
            make()
        assert raised.value.code == "invalid-argument"


@pytest.mark.parametrize(
    "arguments",
    [{"copy_source": "b/k"}, {"copy_source": ("b",)}, {"buckets": [1]}, {"version_id": 1}, {"context": 1}],
)
def test_arguments_have_their_types(arguments: Any) -> None:
    with pytest.raises(TypeError):
        Account("user").decide_operation("GetObject", "b", "k", **arguments)
    with pytest.raises(TypeError):
        Account("user", [1])  # type: ignore[list-item]


def test_an_account_says_what_it_is() -> None:
    allow = policy("Allow", "s3:*")
    account = Account("service-account", [allow], session_policy="{}", parent_is_root=True)
    assert (account.credential, account.parent_is_root) == ("service-account", True)
    assert (account.policies, account.session_policy) == ((allow,), "{}")
    assert repr(account) == "<s3iam.Account service-account, 1 policy>"
    assert Account("anonymous").session_policy is None


def test_decisions_of_different_layers_differ() -> None:
    nothing = Account("user").decide("s3:GetObject", "b/k")
    nobody = Account("anonymous").decide("s3:GetObject", "b/k")
    assert (nothing.outcome, nothing.reason) == (nobody.outcome, nobody.reason)
    assert nothing != nobody
    assert len({nothing, nobody, Account("user").decide("s3:GetObject", "b/k")}) == 2


def test_an_account_is_shared() -> None:
    account = Account("user", [policy("Allow", "s3:GetObject")])
    answers: list[bool] = []

    def ask() -> None:
        answers.extend(account.decide("s3:GetObject", "b/k").allowed for _ in range(200))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [True] * 800
