"""What botocore signs with SigV2 verifies, and with any byte changed of what that covers it does not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from random import Random

import hypothesis.strategies as st
import mutations
import pytest
from canonical_v2 import meaning, signed_headers
from hypothesis import given
from signers import EXPIRES
from signers_v2 import LEFT_OUT, v2_amz_date, v2_header, v2_query, wishes_v2
from wishes import HOST, STATIC, TEMPORARY, Key, Sent, Wish, refused, verifier

import s3iam

VERIFIER = verifier(allow_sigv2=True, domains=[HOST])
Sign = Callable[[Wish], Sent]
SIGNERS = [v2_header, v2_amz_date, v2_query]


def verify(request: Sent, wish: Wish, later: int = 0) -> s3iam.Identity:
    now = wish.time + timedelta(seconds=later)
    identity = VERIFIER.verify(request.method, request.target, request.headers, now=now)
    # Where it announces its hash, the body is held against it as it arrives.
    read = b"".join(identity.body_reader().iter([request.body or b""]))
    assert read == request.body
    return identity


def accepted(request: Sent, wish: Wish, later: int = 0) -> bool:
    return not refused(lambda: verify(request, wish, later))


def signed(data: st.DataObject, sign: Sign) -> tuple[Wish, Sent]:
    # A parameter comes once, and what is presigned has its headers there.
    wish = data.draw(wishes_v2(once=sign is v2_query))
    return wish, sign(wish)


@pytest.mark.parametrize("sign", SIGNERS)
@given(data=st.data())
def test_what_botocore_signs_verifies(sign: Sign, data: st.DataObject) -> None:
    wish, request = signed(data, sign)
    identity = verify(request, wish)
    assert identity.access_key == wish.key.access_key
    assert identity.temporary == (wish.key.token is not None)
    assert identity.form == ("sigv2-presigned" if sign is v2_query else "sigv2-header")
    last = EXPIRES if sign is v2_query else 900
    assert accepted(request, wish, last) and not accepted(request, wish, last + 1)
    if sign is not v2_query:
        assert identity.signed_at == wish.time and not accepted(request, wish, -901)
    # A server allows it or does not.
    with pytest.raises(s3iam.S3IamError):
        verifier(domains=[HOST]).verify(request.method, request.target, request.headers, now=wish.time)


@pytest.mark.parametrize("sign", SIGNERS)
@given(data=st.data(), seed=st.integers(0, 2**32))
def test_a_change_of_any_byte_is_refused(sign: Sign, data: st.DataObject, seed: int) -> None:
    wish, request = signed(data, sign)
    random = Random(seed)
    for what, text, put in mutations.parts(request, signed_headers):
        mutated = put(mutations.one_of(text, random))
        if mutations.changed(request, mutated, meaning):
            assert not accepted(mutated, wish), (what, mutated)


def sample(key: Key) -> Wish:
    return Wish(
        "PUT",
        "/%C3%BC/a%20b%2Bc//~",
        "partNumber=2&uploadId=a%2Fb&response-content-type=a%3Bb&prefix=x",
        (
            ("Content-Type", "text/plain"),
            ("Content-MD5", "nQVoRp0gbBrt8bcfEvR0vA=="),
            ("x-amz-meta-note", "two  spaces"),
            ("X-Amz-Acl", "private"),
        ),
        b"some bytes",
        key,
        datetime(2026, 1, 15, 12, 0, tzinfo=timezone.utc),
        f"bucket.{HOST}",
    )


@pytest.mark.parametrize("sign", SIGNERS)
@pytest.mark.parametrize("key", [STATIC, TEMPORARY])
def test_every_byte_counts(sign: Sign, key: Key) -> None:
    wish = sample(key)
    request, random = sign(wish), Random(1)
    assert accepted(request, wish)
    different = equal = 0
    for what, text, put in mutations.parts(request, signed_headers):
        for mutation in mutations.all_of(text, random):
            mutated = put(mutation)
            if not mutations.changed(request, mutated, meaning):
                equal += 1
                continue
            assert not accepted(mutated, wish), (what, mutated)
            different += 1
    assert different > 3000 and equal < different / 10, (different, equal)


@pytest.mark.parametrize("sign", SIGNERS)
@given(data=st.data())
def test_nothing_that_is_covered_may_be_added(sign: Sign, data: st.DataObject) -> None:
    wish, request = signed(data, sign)
    mark = b"&" if b"?" in request.target else b"?"
    for name in (b"x-amz-tagging", b"X-Amz-Copy-Source", b"x-amz-security-token"):
        assert not accepted(replace(request, headers=(*request.headers, (name, b"x"))), wish)
        assert not accepted(replace(request, target=request.target + mark + name + b"=x"), wish)
    for name in (b"acl", b"%61cl", b"tagging=", b"versionId=1", *(left_out.encode() for left_out in LEFT_OUT)):
        assert not accepted(replace(request, target=request.target + mark + name), wish)


@pytest.mark.parametrize("sign", SIGNERS)
@given(data=st.data(), name=st.sampled_from(LEFT_OUT))
def test_a_sub_resource_that_botocore_does_not_sign_is_refused(sign: Sign, data: st.DataObject, name: str) -> None:
    """It might as well have been put there later."""
    wish = data.draw(wishes_v2(once=sign is v2_query))
    wish = replace(wish, query="&".join(filter(None, [wish.query, name])))
    assert not accepted(sign(wish), wish)


@given(wishes_v2(once=False))
def test_two_dates_that_are_both_signed_are_refused(wish: Wish) -> None:
    """Where there is `x-amz-date` the line of `Date` is empty; botocore writes it nevertheless."""
    date = v2_header(wish).header(b"date")
    assert date is not None
    wish = replace(wish, headers=(*wish.headers, ("x-amz-date", date.decode())))
    assert not accepted(v2_header(wish), wish)


@pytest.mark.parametrize("sign", SIGNERS)
def test_what_is_not_covered_may_be_anything(sign: Sign) -> None:
    """That is known, and why SigV2 has to be allowed."""
    wish = replace(sample(STATIC), headers=(("x-amz-acl", "private"),), query="prefix=x&uploads")
    request = sign(wish)
    assert accepted(replace(request, body=b"other bytes"), wish)
    assert accepted(replace(request, headers=(*request.headers, (b"Range", b"bytes=0-1"))), wish)
    for query in (b"prefix=y&uploads", b"prefiy=x&uploads", b"uploads", b"prefix=x&max-keys=1&uploads"):
        assert accepted(replace(request, target=request.target.replace(b"prefix=x&uploads", query)), wish)
    if sign is v2_amz_date:
        assert accepted(replace(request, headers=(*request.headers, (b"Date", b"at any time"))), wish)
