"""The AWS dialect: kinds of policies, principals, and layers."""

import copy
import json
import pickle
from collections.abc import Callable
from typing import Any, get_args

import pytest

import s3iam
from s3iam import Acl, Decision, Kind, Layers, Policy, Principal, PublicAccessBlock

ACCOUNT = "111122223333"
ALICE = Principal.user(f"arn:aws:iam::{ACCOUNT}:user/alice")
BUCKET = "arn:aws:s3:::photos/*"

PRINCIPALS = {
    "user": ALICE,
    "root": Principal.root(f"arn:aws:iam::{ACCOUNT}:root"),
    "role-session": Principal.role_session(
        f"arn:aws:sts::{ACCOUNT}:assumed-role/reader/alice", f"arn:aws:iam::{ACCOUNT}:role/reader"
    ),
    "federated-user": Principal.federated_user(
        f"arn:aws:sts::{ACCOUNT}:federated-user/eve", f"arn:aws:iam::{ACCOUNT}:user/bob"
    ),
    "service": Principal.service("cloudtrail.amazonaws.com"),
    "federated": Principal.federated("accounts.google.com"),
    "anonymous": Principal.anonymous(),
}


def document(effect: str, action: str, **members: Any) -> str:
    statement = {"Effect": effect, "Action": action, "Resource": "*", **members}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def policy(effect: str, action: str, kind: Kind = "identity", **members: Any) -> Policy:
    return Policy.parse(document(effect, action, **members), dialect="aws", kind=kind)


def ask(layers: Layers, action: str = "s3:GetObject", **options: Any) -> Decision:
    return layers.decide(action, "arn:aws:s3:::photos/cat.jpg", principal=ALICE, **options)


def where(decision: Decision) -> tuple[str, str | None, int | None]:
    return decision.outcome, decision.layer, decision.level


# A policy of each kind that is good for it.
MEMBERS: dict[str, Any] = {
    "bucket": {"Principal": "*", "Resource": BUCKET},
    "trust": {"Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole", "Resource": []},
    "rcp": {"Principal": "*"},
    "endpoint": {"Principal": "*"},
}


@pytest.mark.parametrize("kind", get_args(Kind))
def test_every_kind_is_read_pickled_and_validated(kind: Kind) -> None:
    members = dict(MEMBERS.get(kind, {}))
    text = json.loads(document("Deny" if kind == "rcp" else "Allow", "s3:GetObject"))
    text["Statement"][0] |= members
    if kind == "trust":
        del text["Statement"][0]["Resource"]
    text = json.dumps(text)
    parsed = Policy.parse(text, dialect="aws", kind=kind)
    assert (parsed.kind, parsed.dialect) == (kind, "aws")
    assert repr(parsed) == f"<s3iam.Policy aws {kind}, 1 statement>"
    again = pickle.loads(pickle.dumps(parsed))
    assert (again, again.kind, hash(again)) == (parsed, kind, hash(parsed))
    assert copy.deepcopy(parsed) == parsed
    assert s3iam.validate(text, dialect="aws", kind=kind).status == parsed.status


def test_an_unknown_kind_names_those_that_there_are() -> None:
    for call in (Policy.parse, s3iam.validate):
        with pytest.raises(s3iam.ArgumentError, match='"identity", "bucket", .*"endpoint"'):
            call("{}", kind="organisation")  # type: ignore[arg-type]


def test_minio_reads_every_kind_but_bucket_as_identity() -> None:
    text = json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": BUCKET}],
        }
    )
    for kind in get_args(Kind):
        if kind != "bucket":
            scp = Policy.parse(text, kind=kind)
            assert scp.kind == kind
            assert scp.decide("s3:GetObject", "photos/cat.jpg").allowed


def test_condition_keys_of_aws_are_full_names_in_any_case() -> None:
    here = policy("Allow", "s3:GetObject", Condition={"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}})
    for context, allowed in [({"aws:sourceip": "10.1.2.3"}, True), ({"SourceIp": "10.1.2.3"}, False)]:
        assert here.decide("s3:GetObject", "photos/cat.jpg", context).allowed is allowed
        assert s3iam.PolicySet([here]).decide("s3:GetObject", "photos/cat.jpg", context).allowed is allowed


def test_a_policy_names_principals() -> None:
    bucket = policy("Allow", "s3:GetObject", "bucket", Principal={"AWS": ALICE.name}, Resource=BUCKET)
    for asked in (bucket, s3iam.PolicySet([bucket])):
        assert asked.decide("s3:GetObject", "photos/a", principal=ALICE).allowed
        assert not asked.decide("s3:GetObject", "photos/a", principal=Principal.anonymous()).allowed
        assert not asked.decide("s3:GetObject", "photos/a").allowed
        assert asked.explain("s3:GetObject", "photos/a", principal=ALICE).decision.allowed
        assert asked.allowed_actions("photos/a", principal=ALICE) == ["s3:GetObject"]
        assert asked.access("s3:GetObject", principal=ALICE).allows("photos/a")
        assert [d.allowed for d in asked.decide_many(["s3:GetObject"], ["photos/a"], principal=ALICE)] == [True]


@pytest.mark.parametrize("kind", PRINCIPALS)
def test_principals_are_values(kind: str) -> None:
    principal = PRINCIPALS[kind]
    assert principal.kind == kind
    assert (principal.behind is None) is (kind not in ("role-session", "federated-user"))
    again = eval(repr(principal), {"Principal": Principal})
    assert again == principal and hash(again) == hash(principal)
    assert pickle.loads(pickle.dumps(principal)) == copy.deepcopy(principal) == principal
    assert [other for other in PRINCIPALS.values() if other == principal] == [principal]
    assert principal != principal.name
    with pytest.raises(AttributeError):
        principal.name = "other"  # type: ignore[misc]


@pytest.mark.parametrize(
    ("make", "error"),
    [
        (lambda: Principal.user(""), s3iam.ArgumentError),
        (lambda: Principal.user("\ud800"), s3iam.ArgumentError),
        (lambda: Principal.service(""), s3iam.ArgumentError),
        (lambda: Principal.user(None), TypeError),  # type: ignore[arg-type]
        (lambda: Principal.role_session("arn"), TypeError),  # type: ignore[call-arg]
        (lambda: Principal(), TypeError),
    ],
)
def test_principals_have_names(make: Callable[[], object], error: type[Exception]) -> None:
    with pytest.raises(error):
        make()


def test_each_layer_limits() -> None:
    everything = policy("Allow", "*")
    only_get = policy("Allow", "s3:Get*", "boundary")
    assert where(ask(Layers(identity=[everything]))) == ("allow", "identity", None)
    assert where(ask(Layers(identity=[everything], boundary=only_get), "s3:PutObject")) == (
        "implicit_deny",
        "boundary",
        None,
    )
    root, unit = policy("Allow", "*", "scp"), policy("Deny", "s3:PutObject", "scp", Sid="NoWrites")
    layers = Layers(identity=[everything], scp=[[root], [root, unit], (root,)])
    decision = ask(layers, "s3:PutObject")
    assert where(decision) == ("explicit_deny", "scp", 1)
    statement = decision.statement
    assert statement is not None
    assert (statement.policy_index, statement.index, statement.sid) == (1, 0, "NoWrites")
    assert ask(layers).allowed
    # A level without policies allows nothing.
    assert where(ask(Layers(identity=[everything], scp=[[root], []]))) == ("implicit_deny", "scp", 1)


def test_a_resource_of_another_account_needs_both() -> None:
    bucket = policy("Allow", "s3:GetObject", "bucket", Principal={"AWS": ALICE.name}, Resource=BUCKET)
    other = "444455556666"
    assert ask(Layers(resource=bucket)).allowed
    assert not ask(Layers(resource=bucket), resource_account=other).allowed
    both = Layers(identity=[policy("Allow", "s3:*")], resource=bucket)
    assert ask(both, resource_account=other).allowed
    assert ask(both, "s3:PutObject").allowed
    assert not ask(both, "s3:PutObject", resource_account=other).allowed


def test_the_resource_may_be_bucket_and_object() -> None:
    layers = Layers(identity=[policy("Allow", "s3:GetObject", Resource=BUCKET)])
    for about in ({"bucket": "photos", "object": "a"}, {"resource": "photos/a"}):
        assert not layers.decide("s3:PutObject", principal=ALICE, **about).allowed  # type: ignore[arg-type]
    assert layers.decide("s3:GetObject", bucket="photos", object="a", principal=ALICE).allowed
    assert not layers.decide("s3:GetObject", bucket="music", object="a", principal=ALICE).allowed


def test_decisions_of_layers_differ_by_level() -> None:
    everything, nothing = policy("Allow", "*"), policy("Allow", "iam:*", "scp")
    all_of_it = policy("Allow", "*", "scp")
    first = ask(Layers(identity=[everything], scp=[[nothing], [all_of_it]]))
    second = ask(Layers(identity=[everything], scp=[[all_of_it], [nothing]]))
    assert (first.level, second.level) == (0, 1)
    assert first != second and len({first, second, ask(Layers(identity=[everything], scp=[[nothing]]))}) == 2


def test_layers_explain_who_decided() -> None:
    root = policy("Allow", "*", "scp")
    unit = policy("Deny", "*", "scp", Condition={"Bool": {"aws:SecureTransport": "false"}})
    layers = Layers(identity=[policy("Allow", "s3:*")], scp=[[root], [root, unit]])
    context = {"aws:SecureTransport": False}
    explanation = layers.explain("s3:GetObject", "arn:aws:s3:::photos/a", context, principal=ALICE)
    assert explanation.decision == layers.decide("s3:GetObject", "arn:aws:s3:::photos/a", context, principal=ALICE)
    assert explanation.decision.statement == layers.decide(
        "s3:GetObject", "arn:aws:s3:::photos/a", context, principal=ALICE
    ).statement
    asked = [(layer.layer, layer.level, layer.decision.outcome) for layer in explanation.layers]
    assert ("scp", 1, "explicit_deny") in asked and ("identity", None, "allow") in asked
    (deny,) = [trace for trace in explanation.statements if trace.effect == "Deny"]
    assert (deny.layer, deny.level, deny.policy_index, deny.applies) == ("scp", 1, 1, True)
    assert pickle.loads(pickle.dumps(explanation)) == explanation
    layer = next(layer for layer in explanation.layers if layer.level == 1)
    statement = layer.decision.statement
    assert statement is not None and statement.policy_index == 1


def test_layers_answer_in_bulk() -> None:
    layers = Layers(identity=[policy("Allow", "s3:GetObject")], boundary=policy("Allow", "s3:*", "boundary"))
    decisions = layers.decide_many(
        ["s3:GetObject", "s3:PutObject"],
        ["arn:aws:s3:::photos/a", ("photos", "b")],
        principal=ALICE,
        resource_account=ACCOUNT,
    )
    assert [where(decision) for decision in decisions] == [("allow", "identity", None)] * 2 + [
        ("implicit_deny", "identity", None)
    ] * 2
    assert layers.allowed_actions("arn:aws:s3:::photos/a", principal=ALICE) == ["s3:GetObject"]
    assert not hasattr(layers, "access")


def test_layers_say_what_they_are_made_of() -> None:
    one, scp = policy("Allow", "*"), policy("Allow", "*", "scp")
    boundary = policy("Allow", "*", "boundary")
    endpoint = policy("Allow", "*", "endpoint", Principal="*")
    layers = Layers(
        identity=iter([one]), boundary=boundary, session=(one,), scp=[[scp], []], endpoint=endpoint
    )
    assert (layers.identity, layers.boundary, layers.session) == ((one,), boundary, (one,))
    assert (layers.scp, layers.rcp, layers.resource) == (((scp,), ()), (), None)
    assert layers.endpoint is endpoint and layers.public_access_block is None
    assert repr(layers) == "<s3iam.Layers of identity, boundary, session, scp, endpoint>"
    assert repr(Layers()) == "<s3iam.Layers of nothing>"
    again = pickle.loads(pickle.dumps(layers))
    assert (again.identity, again.scp, again.endpoint) == ((one,), ((scp,), ()), endpoint)
    assert where(ask(again)) == where(ask(layers))
    assert where(ask(copy.deepcopy(layers))) == where(ask(layers))


EVERYONE = {"uri": "http://acs.amazonaws.com/groups/global/AllUsers"}


def lists(*grantees: dict[str, str], **members: Any) -> Acl:
    grants = [{"grantee": grantee, "permission": "READ"} for grantee in grantees]
    return Acl.parse(
        json.dumps({"ownership": "ObjectWriter", "objectOwner": ACCOUNT, "object": grants} | members)
    )


def test_lists_grant_in_every_verb() -> None:
    acl, nobody = lists(EVERYONE), Principal.anonymous()
    question: Any = {"principal": nobody, "resource_account": ACCOUNT}
    layers, resource = Layers(), "arn:aws:s3:::photos/cat.jpg"
    assert not layers.decide("s3:GetObject", resource, **question).allowed
    question["acl"] = acl
    decision = layers.decide("s3:GetObject", resource, **question)
    assert (where(decision), decision.reason) == (("allow", "acl", None), "acl-grant")
    assert pickle.loads(pickle.dumps(decision)) == decision
    assert layers.explain("s3:GetObject", resource, **question).decision == decision
    assert layers.decide_many(["s3:GetObject"], [resource], **question) == [decision]
    assert "s3:GetObject" in layers.allowed_actions(resource, **question)
    blocked = Layers(public_access_block=PublicAccessBlock(ignore_public_acls=True))
    assert not blocked.decide("s3:GetObject", resource, **question).allowed


def test_a_public_bucket_is_restricted() -> None:
    public = policy("Allow", "s3:GetObject", "bucket", Principal="*", Resource=BUCKET)
    assert public.is_public and public.public_statements == (0,)
    private = policy("Allow", "s3:GetObject", "bucket", Principal={"AWS": ALICE.name}, Resource=BUCKET)
    assert not private.is_public and private.public_statements == ()
    block = PublicAccessBlock(restrict_public_buckets=True)
    question: Any = {"resource": BUCKET, "principal": Principal.anonymous(), "resource_account": ACCOUNT}
    assert Layers(resource=public).decide("s3:GetObject", **question).allowed
    layers = Layers(resource=public, public_access_block=block)
    decision = layers.decide("s3:GetObject", **question)
    assert where(decision)[:2] == ("implicit_deny", "public_access_block")
    assert decision.reason == "public-access-blocked"
    assert pickle.loads(pickle.dumps(decision)) == decision
    again = pickle.loads(pickle.dumps(layers))
    assert again.public_access_block == block
    assert again.decide("s3:GetObject", **question) == decision


def test_lists_are_values() -> None:
    acl = lists({"account": ACCOUNT})
    assert not acl.is_public and lists(EVERYONE).is_public
    assert acl == Acl.parse(acl.text) and hash(acl) == hash(Acl.parse(acl.text.encode()))
    assert acl != lists(EVERYONE) and pickle.loads(pickle.dumps(acl)) == copy.deepcopy(acl) == acl
    assert repr(acl) == "<s3iam.Acl>" and repr(lists(EVERYONE)) == "<s3iam.Acl, public>"


@pytest.mark.parametrize(
    "text",
    ["", "[]", b"\xff", '{"ownership": "Nobody"}', '{"bucket": [{}]}', "{" * 100, "\ud800", " " * 100_000 + "{}"],
)
def test_lists_that_are_not_understood_are_refused(text: str | bytes) -> None:
    with pytest.raises(s3iam.ArgumentError):
        Acl.parse(text)


def test_a_stored_policy_that_cannot_be_read_denies_everything() -> None:
    broken = Policy.parse("{", dialect="aws", lenient=True)
    assert broken.status == "unreadable"
    decision = ask(Layers(identity=[policy("Allow", "*"), broken]))
    assert (decision.allowed, decision.reason) == (False, "policy-broken")


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"public_access_block": {}}, TypeError),
        ({"public_access_block": PublicAccessBlock(block_public_acls=1)}, TypeError),  # type: ignore[arg-type]
        ({"identity": [Policy.built_in("readonly")]}, s3iam.ArgumentError),
        ({"resource": policy("Allow", "*")}, s3iam.ArgumentError),
        ({"endpoint": policy("Allow", "*")}, s3iam.ArgumentError),
        ({"rcp": [[policy("Allow", "*")]]}, s3iam.ArgumentError),
        ({"identity": policy("Allow", "*")}, TypeError),
        ({"scp": [policy("Allow", "*", "scp")]}, TypeError),
        ({"scp": policy("Allow", "*", "scp")}, TypeError),
        ({"scp": "root"}, TypeError),
        ({"boundary": [policy("Allow", "*")]}, TypeError),
        ({"group": []}, TypeError),
    ],
)
def test_policies_belong_into_their_layers(arguments: Any, error: type[Exception]) -> None:
    with pytest.raises(error) as raised:
        Layers(**arguments)
    if isinstance(raised.value, s3iam.S3IamError):
        assert raised.value.code == "invalid-argument"


@pytest.mark.parametrize(
    "arguments",
    [{}, {"principal": None}, {"principal": ALICE.name}, {"principal": ALICE, "resource_account": 1},
     {"principal": ALICE, "is_owner": True}, {"principal": ALICE, "acl": "{}"}],
)
def test_layers_need_to_know_the_principal(arguments: Any) -> None:
    layers = Layers(identity=[policy("Allow", "*")])
    for ask in (layers.decide, layers.explain):
        with pytest.raises(TypeError):
            ask("s3:GetObject", "photos/a", **arguments)
    with pytest.raises(TypeError):
        layers.decide_many(["s3:GetObject"], ["photos/a"], **arguments)
    with pytest.raises(TypeError):
        layers.allowed_actions("photos/a", **arguments)


@pytest.mark.parametrize(
    "principal", [Principal.user("x"), Principal.user(":" * 1000), Principal.user("arn:aws:iam:::" + "x" * 100_000)]
)
def test_odd_principals_are_only_denied(principal: Principal) -> None:
    bucket = policy("Allow", "s3:GetObject", "bucket", Principal={"AWS": ALICE.name}, Resource=BUCKET)
    assert not Layers(resource=bucket).decide("s3:GetObject", "photos/a", principal=principal).allowed
