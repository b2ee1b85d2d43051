"""The library's own signer signs as botocore does."""

from __future__ import annotations

import hypothesis.strategies as st
from hypothesis import assume, given
from signers import EXPIRES, botocore_header, botocore_query
from wishes import HOST, REGION, Key, Wish, wishes

import s3iam


def signer(key: Key) -> s3iam.Signer:
    return s3iam.Signer(key.access_key, key.secret_key, session_token=key.token, region=REGION)


@given(wishes())
def test_in_the_header(wish: Wish) -> None:
    headers = [(name, value.encode()) for name, value in (("Host", HOST), *wish.headers)]
    added = signer(wish.key).sign(wish.method, wish.target, headers, body=wish.body, now=wish.time)
    theirs = botocore_header(wish)
    for name, value in added:
        assert theirs.header(name.encode()) == value.encode(), name
    assert added[-1][0] == "authorization"


@given(wishes(headers=st.just(())))
def test_in_the_query(wish: Wish) -> None:
    names = [piece.split("=")[0] for piece in wish.query.split("&")]
    # Of parameters that come twice botocore keeps one.
    assume(len(set(names)) == len(names))
    target = signer(wish.key).presign(
        wish.method, wish.target, [("Host", HOST)], expires_seconds=EXPIRES, now=wish.time
    )
    assert target.encode() == botocore_query(wish).target
