"""Requests for SigV2, and botocore's signers of it."""

from __future__ import annotations

import base64
import contextlib
import hashlib
from collections.abc import Iterator
from datetime import datetime
from email.utils import format_datetime
from types import SimpleNamespace
from unittest import mock
from urllib.parse import quote

import botocore.auth
import hypothesis.strategies as st
from botocore.awsrequest import AWSRequest
from signers import EXPIRES, botocore_credentials
from wishes import (
    BUCKET, HOST, METHODS, STATIC, TEMPORARY, TEXT, TIMES, Key, Sent, Wish, distinct_headers, encode, header_lists, sent,
)  # fmt: skip

COVERED = sorted(set(botocore.auth.HmacV1Auth.QSAOfInterest))
# Parameters that it does not cover. `list-type` is the one sub-resource among them.
NOT_COVERED = ["prefix", "marker", "max-keys", "delimiter", "list-type", "x-id", "a", "A"]
# Sub-resources that botocore does not sign. The library does, so that nobody can put one to a signed request.
LEFT_OUT = [
    "attributes", "encryption", "intelligent-tiering", "legal-hold", "ownershipControls", "policyStatus",
    "publicAccessBlock", "renameObject", "retention", "session",
]  # fmt: skip
PATHS = TEXT.map(lambda key: quote(key, safe="/-_.~"))


def _queries() -> st.SearchStrategy[str]:
    """Parameters of which none comes twice. One without a value is written without `=`, as S3's are."""
    other = TEXT.filter(lambda name: name and name not in COVERED and not name.lower().startswith("x-amz-"))
    names = st.sampled_from(COVERED) | st.sampled_from(NOT_COVERED) | other
    pairs = st.lists(st.tuples(names, st.just("") | TEXT), max_size=5, unique_by=lambda pair: pair[0])
    return pairs.map(lambda pairs: "&".join(encode([pair]).removesuffix("=") for pair in pairs))


def wishes_v2(once: bool) -> st.SearchStrategy[Wish]:
    """Any request of S3, of a bucket in the path or in the host; `once` if no header is to come twice."""
    in_path = st.tuples(st.just(HOST), st.sampled_from(["/", f"/{BUCKET}"]) | PATHS.map(lambda key: f"/{BUCKET}/{key}"))
    hosts = st.sampled_from([f"{BUCKET}.{HOST}", f"my.own-{BUCKET}.{HOST}"])
    in_host = st.tuples(hosts, PATHS.map(lambda key: f"/{key}"))
    # The types of a request are one, as its date is.
    headers = (distinct_headers() if once else header_lists()).map(
        lambda pairs: tuple(pair for pair in pairs if pair[0].lower() != "content-type")
    )
    return st.builds(
        _wish,
        METHODS,
        in_path | in_host,
        _queries(),
        headers,
        st.sampled_from([None, "text/plain", "  ä b;c=\"d\" "]),
        st.sampled_from([None, "Content-MD5", "x-amz-content-sha256"]),
        st.binary(max_size=64),
        st.sampled_from([STATIC, TEMPORARY]),
        TIMES,
    )


def _wish(
    method: str, where: tuple[str, str], query: str, headers: tuple[tuple[str, str], ...], kind: str | None,
    hash: str | None, body: bytes, key: Key, time: datetime,
) -> Wish:  # fmt: skip
    if kind is not None:
        headers += (("Content-Type", kind),)
    if hash == "Content-MD5":
        headers += ((hash, base64.b64encode(hashlib.md5(body).digest()).decode()),)
    elif hash is not None:
        headers += ((hash, hashlib.sha256(body).hexdigest()),)
    return Wish(method, where[1], query, headers, body, key, time, where[0])


@contextlib.contextmanager
def _clock_at(time: datetime) -> Iterator[None]:
    """Botocore reads the clock itself."""
    with (
        mock.patch.object(botocore.auth, "formatdate", lambda usegmt: format_datetime(time, usegmt=usegmt)),
        mock.patch.object(botocore.auth, "time", SimpleNamespace(time=time.timestamp)),
    ):
        yield


def _signed(wish: Wish, signer: botocore.auth.HmacV1Auth, *more: tuple[str, str]) -> AWSRequest:
    bucket = wish.host.removesuffix(HOST).removesuffix(".")
    # What its client says of a bucket in the host.
    path = f"/{bucket}{wish.path}" if bucket else None
    request = AWSRequest(method=wish.method, url=wish.url, data=wish.body, auth_path=path)
    for name, value in (*wish.headers, *more):
        request.headers.add_header(name, value)
    with _clock_at(wish.time):
        signer.add_auth(request)
    return request


def v2_header(wish: Wish) -> Sent:
    request = _signed(wish, botocore.auth.HmacV1Auth(botocore_credentials(wish.key)))
    return sent(wish.method, wish.target, [("Host", wish.host), *request.headers.items()], wish.body)


class _WithoutDate(botocore.auth.HmacV1Auth):  # type: ignore[misc]
    """The date stands among the `x-amz-*` headers, and the line of `Date` is empty."""

    def _get_date(self) -> str:
        return ""


def v2_amz_date(wish: Wish) -> Sent:
    date = ("x-amz-date", format_datetime(wish.time, usegmt=True))
    request = _signed(wish, _WithoutDate(botocore_credentials(wish.key)), date)
    del request.headers["Date"]
    return sent(wish.method, wish.target, [("Host", wish.host), *request.headers.items()], wish.body)


def v2_query(wish: Wish) -> Sent:
    request = _signed(wish, botocore.auth.HmacV1QueryAuth(botocore_credentials(wish.key), expires=EXPIRES))
    return sent(wish.method, request.url.split(wish.host, 1)[1], [("Host", wish.host)], wish.body)
