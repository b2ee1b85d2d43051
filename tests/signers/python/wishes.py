"""Requests that somebody wants to send, generated: what the signers here are given."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from urllib.parse import quote

import hypothesis.strategies as st
from hypothesis import settings

import s3iam

HOST = "s3.example.com"
REGION = "eu-central-1"
BUCKET = "bucket"


@dataclass(frozen=True)
class Key:
    """Whom the verifier knows."""

    access_key: str
    secret_key: str
    token: str | None = None


STATIC = Key("AKIDEXAMPLEUSER00001", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")
TEMPORARY = Key("ASIATEMPORARY0000001", "tempSecretKey/0000000000000000000000000000", "IQoJb3JpZ2luX2VjEJr//wEa+CX=")

# SIGNER_EXAMPLES asks for a longer run.
settings.register_profile(
    "signers",
    max_examples=int(os.environ.get("SIGNER_EXAMPLES", "150")),
    deadline=None,
    database=None,
    derandomize="SIGNER_EXAMPLES" not in os.environ,
)
settings.load_profile("signers")


def verifier(**options: object) -> s3iam.Verifier:
    """A verifier that knows both keys."""
    made = s3iam.Verifier(region=REGION, **options)  # type: ignore[arg-type]
    for key in (STATIC, TEMPORARY):
        made.add_key(key.access_key, key.secret_key, session_token=key.token)
    return made


def refused(call: Callable[[], object]) -> bool:
    """Whether that is answered with an error that tells the client it is at fault."""
    try:
        call()
    except s3iam.S3IamError as error:
        assert error.http_status is not None and 400 <= error.http_status < 500, error
        return True
    return False


@dataclass(frozen=True)
class Wish:
    """A request before it is signed. The path and the query are as they will be on the wire."""

    method: str
    path: str
    query: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    key: Key
    time: datetime
    host: str = HOST

    @property
    def target(self) -> str:
        return self.path + ("?" + self.query if self.query else "")

    @property
    def url(self) -> str:
        return f"https://{self.host}{self.target}"

    def without_body(self) -> Wish:
        return replace(self, body=b"")


@dataclass(frozen=True)
class Sent:
    """A request as it is on the wire."""

    method: bytes
    target: bytes
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes | None = None

    def header(self, name: bytes) -> bytes | None:
        return next((value for known, value in self.headers if known.lower() == name), None)


def sent(method: str, target: str, headers: object, body: bytes | None = None) -> Sent:
    """The same from text, which is UTF-8 on the wire."""
    pairs = tuple((_bytes(name), _bytes(value)) for name, value in headers)  # type: ignore[attr-defined]
    return Sent(method.encode(), target.encode(), pairs, body)


def _bytes(text: str | bytes) -> bytes:
    return text if isinstance(text, bytes) else text.encode()


# Where encoding goes wrong: reserved and unreserved marks, white space, what is not ASCII.
_MARKS = "~-._ +%&=?/:;@,$!*'()[]{}|\\^`\"<>#aZ0\t\x00\x7fäß€あ😀\u0301"
TEXT = st.text(st.sampled_from(_MARKS) | st.characters(exclude_categories=["Cs"]), max_size=12)
_VALUE_MARKS = "  \t,;:=\"'\\/+%aZ0~"
_HEADER_TEXT = st.text(
    st.sampled_from(_VALUE_MARKS) | st.characters(min_codepoint=0x21, max_codepoint=0x7E) | st.sampled_from("äß€あ😀"),
    max_size=16,
)
_NAMES = ["Range", "Content-Type", "Cache-Control", "X-Amz-Acl", "x-amz-meta-a", "X-Amz-Meta-A", "x-amz-meta-a-b", "X-Own"]
_HEADER_NAME = st.sampled_from(_NAMES) | st.from_regex(r"[xX]-([aA]mz-[mM]eta-)?[a-z0-9_.]{1,6}", fullmatch=True)


def encode(pairs: list[tuple[str, str]]) -> str:
    return "&".join(quote(name, safe="-_.~") + "=" + quote(value, safe="-_.~") for name, value in pairs)


def _queries() -> st.SearchStrategy[str]:
    names = st.sampled_from(["a", "A", "a-b", "list-type", "uploads", "versionId", "prefix"]) | TEXT.filter(bool)
    pairs = st.lists(st.tuples(names, st.just("") | TEXT), max_size=5)
    # Some parameters come twice, with the same value or another.
    return st.tuples(pairs, st.lists(st.integers(0, 4), max_size=2)).map(
        lambda made: encode(made[0] + [made[0][at] for at in made[1] if at < len(made[0])])
    )


METHODS = st.sampled_from(["GET", "PUT", "POST", "HEAD", "DELETE", "OPTIONS", "PATCH"]) | st.text("ABCXYZ-", min_size=1, max_size=7)
TIMES = st.datetimes(datetime(2000, 1, 1), datetime(2099, 12, 30)).map(
    lambda time: time.replace(microsecond=0, tzinfo=timezone.utc)
)


def wishes(
    methods: st.SearchStrategy[str] = METHODS,
    headers: st.SearchStrategy[tuple[tuple[str, str], ...]] | None = None,
    bodies: st.SearchStrategy[bytes] | None = None,
) -> st.SearchStrategy[Wish]:
    """Any request of S3, with keys and parameters of every kind."""
    paths = st.sampled_from(["/", f"/{BUCKET}", f"/{BUCKET}/"]) | TEXT.map(
        lambda key: f"/{BUCKET}/" + quote(key, safe="/-_.~")
    )
    return st.builds(
        Wish,
        methods,
        paths,
        _queries(),
        header_lists() if headers is None else headers,
        st.binary(max_size=64) if bodies is None else bodies,
        st.sampled_from([STATIC, TEMPORARY]),
        TIMES,
    )


def header_lists() -> st.SearchStrategy[tuple[tuple[str, str], ...]]:
    """Headers of which some come several times."""
    return st.lists(st.tuples(_HEADER_NAME, _HEADER_TEXT), max_size=4).map(tuple)


def distinct_headers() -> st.SearchStrategy[tuple[tuple[str, str], ...]]:
    """Headers of which none comes twice, for signers whose headers are a mapping."""
    return st.lists(
        st.tuples(_HEADER_NAME, _HEADER_TEXT), max_size=4, unique_by=lambda pair: pair[0].lower()
    ).map(tuple)
