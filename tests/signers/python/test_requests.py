"""What other projects sign verifies, and with any byte of it changed it does not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from random import Random

import hypothesis.strategies as st
import mutations
import pytest
from hypothesis import given
from signers import EXPIRES, HEADER_SIGNERS, OF_MAPPINGS, OF_SESSIONS, QUERY_SIGNERS, express_query
from wishes import HOST, STATIC, TEMPORARY, Key, Sent, Wish, distinct_headers, refused, verifier, wishes

import s3iam

VERIFIER = verifier(services=["s3", "s3express"])
Sign = Callable[[Wish], Sent]
SIGNERS = HEADER_SIGNERS + QUERY_SIGNERS


def verify(request: Sent, wish: Wish, later: int = 0) -> s3iam.Identity:
    now = wish.time + timedelta(seconds=later)
    return VERIFIER.verify(request.method, request.target, request.headers, body=request.body, now=now)


def accepted(request: Sent, wish: Wish, later: int = 0) -> bool:
    return not refused(lambda: verify(request, wish, later))


def signed(data: st.DataObject, sign: Sign) -> tuple[Wish, Sent]:
    if sign in OF_MAPPINGS:
        wish = data.draw(wishes(headers=distinct_headers()))
    else:
        wish = data.draw(wishes(headers=st.just(())) if sign in QUERY_SIGNERS else wishes())
    if sign in OF_SESSIONS:
        wish = replace(wish, key=TEMPORARY)
    return wish, sign(wish)


@pytest.mark.parametrize("sign", SIGNERS)
@given(data=st.data())
def test_what_others_sign_verifies(sign: Sign, data: st.DataObject) -> None:
    wish, request = signed(data, sign)
    identity = verify(request, wish)
    assert identity.access_key == wish.key.access_key
    assert identity.temporary == (wish.key.token is not None)
    assert identity.signed_at == wish.time
    form = "sigv4a" if "v4a" in sign.__name__ else "sigv4"
    assert identity.form == form + ("-presigned" if sign in QUERY_SIGNERS else "-header")
    assert identity.payload == ("unsigned" if sign in QUERY_SIGNERS else "sha256")
    last = EXPIRES if sign in QUERY_SIGNERS else 900
    assert accepted(request, wish, last) and not accepted(request, wish, last + 1)
    assert not accepted(request, wish, -901)


@pytest.mark.parametrize("sign", SIGNERS)
@given(data=st.data(), seed=st.integers(0, 2**32))
def test_a_change_of_any_byte_is_refused(sign: Sign, data: st.DataObject, seed: int) -> None:
    wish, request = signed(data, sign)
    random = Random(seed)
    for what, text, put in mutations.parts(request):
        mutated = put(mutations.one_of(text, random))
        if mutations.changed(request, mutated):
            assert not accepted(mutated, wish), (what, mutated)


def sample(key: Key, **changes: object) -> Wish:
    wish = Wish(
        "PUT",
        "/bucket/%C3%BC/a%20b%2Bc//~",
        "partNumber=2&uploadId=a%2Fb&uploadId=&z=%20",
        (("Content-Type", "text/plain"), ("x-amz-meta-note", "  two  spaces "), ("X-Amz-Acl", "private")),
        b"some bytes",
        key,
        datetime(2026, 1, 15, 12, 0, tzinfo=timezone.utc),
    )
    return replace(wish, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("sign", "key"), [(sign, key) for sign in SIGNERS for key in (STATIC, TEMPORARY) if key.token or sign not in OF_SESSIONS]
)
def test_every_byte_counts(sign: Sign, key: Key) -> None:
    wish = sample(key, **({"headers": ()} if sign in QUERY_SIGNERS else {}))
    request, random = sign(wish), Random(1)
    assert accepted(request, wish)
    different = equal = 0
    for what, text, put in mutations.parts(request):
        for mutation in mutations.all_of(text, random):
            mutated = put(mutation)
            if not mutations.changed(request, mutated):
                equal += 1
                continue
            assert not accepted(mutated, wish), (what, mutated)
            different += 1
    # Few of them say the same: nearly every byte was tried in every way.
    assert different > 3000 and equal < different / 10


@pytest.mark.parametrize("sign", SIGNERS)
@given(data=st.data())
def test_nothing_may_be_added(sign: Sign, data: st.DataObject) -> None:
    wish, request = signed(data, sign)
    name = data.draw(st.sampled_from([b"x-amz-tagging", b"X-Amz-Copy-Source", b"x-amz-meta-new", b"x-amz-acl"]))
    added = replace(request, headers=(*request.headers, (name, b"x")))
    assert not accepted(added, wish)
    mark = b"&" if b"?" in request.target else b"?"
    for parameter in (b"acl", b"x-amz-acl=public-read", b"=", b"a=b"):
        assert not accepted(replace(request, target=request.target + mark + parameter), wish)


@pytest.mark.parametrize("sign", OF_SESSIONS)
@given(data=st.data())
def test_the_token_of_a_session_is_needed_and_is_no_other(sign: Sign, data: st.DataObject) -> None:
    wish, request = signed(data, sign)
    assert wish.key.token is not None
    ordinary = replace(request, headers=(*request.headers, (b"x-amz-security-token", wish.key.token.encode())))
    assert not accepted(ordinary, wish)
    # Signed with it, but with another one or without any.
    for token in (wish.key.token + "A", wish.key.token[:-1], None):
        if token is not None or sign is express_query:
            other = replace(wish, key=replace(wish.key, token=token))
            assert not accepted(sign(other), wish)
    # Where S3 Express is not served it is nobody's.
    with pytest.raises(s3iam.S3IamError):
        verifier().verify(request.method, request.target, request.headers, now=wish.time)


@given(wishes(headers=distinct_headers()))
def test_signers_agree(wish: Wish) -> None:
    """Else one of them would be tested with less than it seems."""
    signatures = set()
    for sign in HEADER_SIGNERS:
        if sign in OF_SESSIONS:
            continue
        value = sign(replace(wish, headers=())).header(b"authorization")
        assert value is not None
        if b"ECDSA" not in value:
            signatures.add(value)
    assert len(signatures) == 1, HOST
