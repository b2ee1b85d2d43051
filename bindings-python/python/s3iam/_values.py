"""Plain values that answers are made of. The native module makes them by position."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, NoReturn, TypeAlias

Dialect: TypeAlias = Literal["minio", "aws"]
Kind: TypeAlias = Literal["identity", "bucket", "session"]
ErrorProfile: TypeAlias = Literal["aws", "minio"]
Severity: TypeAlias = Literal["error", "security", "warning", "suggestion", "info"]
Status: TypeAlias = Literal["unreadable", "invalid", "refused", "good"]
Outcome: TypeAlias = Literal["allow", "explicit_deny", "implicit_deny"]
Credential: TypeAlias = Literal["root", "user", "service-account", "temporary", "anonymous"]
Layer: TypeAlias = Literal["owner", "identity", "session", "bucket"]
Reason: TypeAlias = Literal[
    "statement", "owner", "deny-only", "no-statement", "facts-missing", "policy-broken", "no-policy"
]

_Value: TypeAlias = str | bytes | bool | int | datetime
Context: TypeAlias = Mapping[str, _Value | Collection[_Value]]
"""The values of condition keys, as `Policy.decide` takes them."""


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """A place in a document.

    >>> validate('{"Version": 1}').findings[0].start.line
    1
    """

    line: int
    """The line, from 1."""
    column: int
    """The column in bytes, from 1."""
    column_utf16: int
    """The column in UTF-16 units, from 1, as editors count."""
    offset: int
    """Bytes from the start of the document."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something found about a policy document.

    >>> finding = validate('{"Version": "2012-10-17", "Statement": [{"Effect": "Permit"}]}').findings[0]
    >>> finding.severity
    'error'
    """

    code: str
    """The stable code, for example `E311`."""
    name: str
    """The name of the check, for example `s3-colon-instead-of-slash`."""
    severity: Severity
    """How grave it is."""
    message: str
    """What is wrong, in a sentence."""
    help: str
    """What to do about it; empty if the message says it."""
    pointer: str
    """Where, as an RFC 6901 pointer into the document."""
    start: Position
    """Where it begins."""
    end: Position
    """Where it ends."""

    def __str__(self) -> str:
        text = f"{self.start.line}:{self.start.column}: {self.severity} {self.code}: {self.message}"
        return f"{text} ({self.help})" if self.help else text


@dataclass(frozen=True, slots=True)
class Report:
    """Everything found about a policy document, in the order of the text, and how far it can be used.

    Iterate over it, or use `.ok` and `.findings`; a report has no truth value.

    >>> report = validate('{"Version": "2012-10-17", "Statement": []')
    >>> report.ok, report.status
    (False, 'unreadable')
    """

    status: Status
    """`"good"`: it can be created and evaluated; `"refused"`: valid, but refused where policies are
    created; `"invalid"`: not valid, but what it says is evaluated; `"unreadable"`."""
    findings: tuple[Finding, ...]
    """What was found."""

    @property
    def ok(self) -> bool:
        """Whether the document can be created, attached and evaluated. It may still have findings
        that warn or advise.

        >>> validate(Policy.built_in("readonly").text).ok
        True
        """
        return self.status == "good"

    def __iter__(self) -> Iterator[Finding]:
        return iter(self.findings)

    def __len__(self) -> int:
        return len(self.findings)

    def __bool__(self) -> NoReturn:
        raise TypeError("the truth value of a Report is not defined; use .ok, or len() for the findings")


@dataclass(frozen=True, slots=True)
class Statement:
    """The statement that decided.

    `start` and `end` are bytes: `policy.text.encode()[start:end]` is the statement.

    >>> policy = Policy.built_in("readonly")
    >>> statement = policy.decide("s3:GetObject", "photos/cat.jpg").statement
    >>> policy.text.encode()[statement.start:statement.end][:1]
    b'{'
    """

    policy: str
    """The name of its policy; empty for a policy without one."""
    policy_index: int
    """The position of its policy, from 0, among those that decided together."""
    index: int
    """Its position in the policy's `Statement` list, from 0."""
    sid: str | None
    """Its `Sid`."""
    start: int
    """Its first byte in the policy's text."""
    end: int
    """One past its last byte."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong with one record of a directory; the others are loaded all the same.

    >>> Problem("/users/alice", "example").pointer
    '/users/alice'
    """

    pointer: str
    """Where, as an RFC 6901 pointer into the directory document."""
    message: str
    """What is wrong, and what follows from it. Never holds a secret."""

    def __str__(self) -> str:
        return f"{self.pointer}: {self.message}"


@dataclass(frozen=True, slots=True)
class KeyVerdict:
    """The answer for one key of a `DeleteObjects` request. It has no truth value; use `.allowed`.

    >>> KeyVerdict("cat.jpg", None, False, "implicit_deny", "no-statement").allowed
    False
    """

    key: str
    """The object key."""
    version_id: str | None
    """The version, if one was named."""
    allowed: bool
    """Whether it may be deleted."""
    outcome: Outcome
    """As `Decision.outcome`."""
    reason: Reason
    """As `Decision.reason`."""

    def __bool__(self) -> NoReturn:
        raise TypeError("the truth value of a KeyVerdict is not defined; use .allowed")


for _class in (Position, Finding, Report, Statement, Problem, KeyVerdict):
    _class.__module__ = "s3iam"
