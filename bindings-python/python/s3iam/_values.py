"""Plain values that answers are made of. The native module makes them by position."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, NoReturn, TypeAlias

from ._codes import ErrorCode
from ._native import Decision

Dialect: TypeAlias = Literal["minio", "aws"]
Kind: TypeAlias = Literal[
    "identity", "bucket", "session", "trust", "boundary", "scp", "rcp", "endpoint"
]
ErrorProfile: TypeAlias = Literal["aws", "minio"]
Severity: TypeAlias = Literal["error", "security", "warning", "suggestion", "info"]
Status: TypeAlias = Literal["unreadable", "invalid", "refused", "good"]
Outcome: TypeAlias = Literal["allow", "explicit_deny", "implicit_deny"]
Credential: TypeAlias = Literal["root", "user", "service-account", "temporary", "anonymous"]
Layer: TypeAlias = Literal[
    "owner",
    "identity",
    "session",
    "bucket",
    "boundary",
    "scp",
    "rcp",
    "resource",
    "endpoint",
    "acl",
    "public_access_block",
]
Effect: TypeAlias = Literal["Allow", "Deny"]
PrincipalKind: TypeAlias = Literal[
    "anonymous", "root", "user", "role-session", "federated-user", "service", "federated"
]
Reason: TypeAlias = Literal[
    "statement",
    "owner",
    "deny-only",
    "no-statement",
    "facts-missing",
    "policy-broken",
    "no-policy",
    "acl-grant",
    "other-owner",
    "public-access-blocked",
]

AuthenticationForm: TypeAlias = Literal[
    "sigv4-header",
    "sigv4-presigned",
    "sigv4a-header",
    "sigv4a-presigned",
    "sigv2-header",
    "sigv2-presigned",
    "post-policy",
    "post-policy-v2",
]
Authentication: TypeAlias = Literal["anonymous", "bearer"] | AuthenticationForm
Payload: TypeAlias = Literal[
    "unsigned",
    "sha256",
    "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
    "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER",
    "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
    "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD",
    "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD-TRAILER",
]
ChecksumAlgorithm: TypeAlias = Literal[
    "CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256", "SHA512", "MD5", "XXHASH64", "XXHASH3", "XXHASH128"
]
SigningAlgorithm: TypeAlias = Literal["sigv4", "sigv4a"]
ChunkKind: TypeAlias = Literal["signed", "signed-trailer", "unsigned-trailer"]

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
class ElementTrace:
    """What one element of a statement answers to a question.

    >>> explanation = Policy.built_in("readonly").explain("s3:PutObject", "photos/cat.jpg")
    >>> [(element.element, element.holds) for element in explanation.statements[0].elements]
    [('Action', False), ('Resource', True)]
    """

    element: str
    """Its name, for example `Action` or `Condition`."""
    holds: bool | None
    """Whether it matches; `None` where that depends on a value that was not given."""
    detail: str
    """Why, as a phrase."""
    missing_keys: tuple[str, ...]
    """The condition keys that the question has no value for."""
    start: int
    """Its first byte in the policy's text; of the statement where the element is absent."""
    end: int
    """One past its last byte."""


@dataclass(frozen=True, slots=True)
class StatementTrace:
    """What a statement answers to a question.

    `start` and `end` are bytes: `policy.text.encode()[start:end]` is the statement.

    >>> trace = Policy.built_in("readonly").explain("s3:GetObject", "photos/cat.jpg").statements[0]
    >>> trace.effect, trace.applies
    ('Allow', True)
    """

    layer: Layer | None
    """The layer it belongs to; `None` of policies alone."""
    level: int | None
    """Of the layers `scp` and `rcp` the level, from 0 at the root of the organisation."""
    policy: str
    """The name of its policy; empty for a policy without one."""
    policy_index: int
    """The position of its policy, from 0, among those that decided together."""
    index: int
    """Its position in the policy's `Statement` list, from 0."""
    sid: str | None
    """Its `Sid`."""
    effect: Effect
    """`"Deny"` for whatever is not `Allow`."""
    applies: bool | None
    """Whether it applies; `None` where that depends on a value that was not given."""
    start: int
    """Its first byte in the policy's text."""
    end: int
    """One past its last byte."""
    elements: tuple[ElementTrace, ...]
    """Its elements that bear on the question."""


@dataclass(frozen=True, slots=True)
class LayerExplanation:
    """What one layer of an account or of layers answers by itself.

    >>> account = Account("user", [Policy.built_in("readonly")])
    >>> [layer.layer for layer in account.explain("s3:PutObject", "photos/cat.jpg").layers]
    ['identity']
    """

    layer: Layer
    """The layer."""
    level: int | None
    """Of the layers `scp` and `rcp` the level, from 0 at the root of the organisation."""
    decision: Decision
    """What it decides."""
    sentence: str
    """That, and the reason for it, in a sentence."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """A decision, and the reasons for it.

    >>> print(Policy.built_in("readonly").explain("s3:GetObject", "photos/cat.jpg"))
    `s3:GetObject` is allowed by statement 0.
    """

    decision: Decision
    """The decision, as `decide` gives it."""
    sentence: str
    """The decision and its reason in a sentence."""
    layers: tuple[LayerExplanation, ...]
    """What each layer answers by itself, of accounts and layers, in the order in which reasons are named."""
    statements: tuple[StatementTrace, ...]
    """Every statement that was asked."""

    def __str__(self) -> str:
        return self.sentence

    def __bool__(self) -> NoReturn:
        raise TypeError("the truth value of an Explanation is not defined; use .decision.allowed")


@dataclass(frozen=True, slots=True)
class OpenCondition:
    """A condition that depends on values that were not given.

    >>> policy = Policy.parse('''{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject",
    ...     "Resource": "arn:aws:s3:::b/*", "Condition": {"Bool": {"aws:SecureTransport": "true"}}}]}''')
    >>> condition = policy.access("s3:GetObject").layers[0].allow[0].conditions[0]
    >>> condition.operator, condition.key, condition.values
    ('Bool', 'aws:SecureTransport', ('true',))
    """

    operator: str
    """The operator, as written."""
    key: str
    """The condition key, as written."""
    values: tuple[str, ...]
    """The values, as written."""
    start: int
    """The first byte of the values in the policy's text."""
    end: int
    """One past their last byte."""


@dataclass(frozen=True, slots=True)
class Region:
    """The resources of one statement that is about an action.

    >>> policy = Policy.parse('''{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject",
    ...     "Resource": "arn:aws:s3:::home/${aws:username}/*"}]}''')
    >>> policy.access("s3:GetObject").layers[0].allow[0].resources
    ('arn:aws:s3:::home/${...}/*',)
    """

    policy_index: int
    """The position of its policy, from 0, among those that were asked together."""
    index: int
    """The position of the statement in the policy's `Statement` list, from 0."""
    resources: tuple[str, ...]
    """It holds every resource that one of these patterns matches."""
    except_: tuple[str, ...]
    """And none that one of these does."""
    conditions: tuple[OpenCondition, ...]
    """The conditions that depend on values that were not given; the others hold."""


@dataclass(frozen=True, slots=True)
class LayerAccess:
    """What one layer allows and denies of an action.

    >>> layer = Policy.built_in("readonly").access("s3:GetObject").layers[0]
    >>> layer.layer, layer.is_broken, len(layer.allow), layer.deny
    (None, False, 1, ())
    """

    layer: Layer | None
    """The layer; `None` of policies alone."""
    is_broken: bool
    """Whether one of its policies cannot be evaluated, so that it allows nothing."""
    allow: tuple[Region, ...]
    """What its Allow statements hold."""
    deny: tuple[Region, ...]
    """What its Deny statements hold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicAccessBlock:
    """The settings of Block Public Access of S3. What bears on a bucket is the strictest of those of the
    account and of the bucket, setting by setting.

    >>> Layers(public_access_block=PublicAccessBlock(restrict_public_buckets=True))
    <s3iam.Layers of public_access_block>
    """

    block_public_acls: bool = False
    """Lists that grant to everyone are to be refused when they are put; see `Acl.is_public`."""
    ignore_public_acls: bool = False
    """What lists grant to everyone counts for nothing."""
    block_public_policy: bool = False
    """Policies that are public are to be refused when they are put; see `Policy.is_public`."""
    restrict_public_buckets: bool = False
    """Where the bucket's policy is public, services and callers of the owner's account only are let in."""


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


@dataclass(frozen=True, slots=True)
class Checksum:
    """A checksum of an object.

    >>> Checksum("CRC32", "y/Q5Jg==").value
    'y/Q5Jg=='
    """

    algorithm: ChecksumAlgorithm
    """The name of the algorithm, as in `x-amz-sdk-checksum-algorithm`."""
    value: str
    """The value in base64, as headers carry it."""


@dataclass(frozen=True, slots=True)
class BodySummary:
    """What is known of a body that was read to its end: the answer of `BodyReader.finish`.

    >>> headers = [("Host", "s3.example.com"), ("x-amz-checksum-crc32", "y/Q5Jg==")]
    >>> reader = Verifier().anonymous_body("PUT", "/bucket/key", headers)
    >>> object = b"".join(reader.iter([b"1234", b"56789"]))
    >>> reader.summary
    BodySummary(decoded_length=9, checksum=Checksum(algorithm='CRC32', value='y/Q5Jg=='), content_md5=None, trailers=())
    """

    decoded_length: int
    """The length of the object."""
    checksum: Checksum | None
    """The checksum that came as a header, parameter or trailer, and is right. Store it with the object."""
    content_md5: str | None
    """The value of `Content-MD5`, which is right."""
    trailers: tuple[tuple[str, str], ...]
    """The trailers, by name."""


@dataclass(frozen=True, slots=True)
class Cause:
    """Why a signature does not match, or why a signed request is refused.

    >>> cause = Verifier().diagnose("GET", "/bucket/key", {"Authorization": "AWS key:signature"}).cause
    >>> cause.code
    'sigv2-client'
    """

    code: str
    """The stable code, in every language the same."""
    sentence: str
    """What happened, in a sentence."""
    remedy: str
    """What to do about it."""


@dataclass(frozen=True, slots=True)
class Difference:
    """Something that the client signed and that is not what arrived.

    >>> Difference("method", "GET", "HEAD").element
    'method'
    """

    element: str
    """For example `method`, `path`, `header NAME` or `query parameter NAME`."""
    client: str | None
    """The client's; `None` where it is not there or not known."""
    server: str | None
    """The server's; `None` where it is not there."""


@dataclass(frozen=True, slots=True)
class ForClient:
    """What the client may be told of a `Diagnosis`. It is made without the secret, and holds no values of headers.

    >>> diagnosis = Verifier().diagnose("GET", "/bucket/key", {"Host": "s3.example.com", "Authorization": "nonsense"})
    >>> diagnosis.for_client.code, diagnosis.for_client.causes[0].code
    ('authorization-form', 'authorization-malformed')
    """

    code: ErrorCode | None
    """The stable code of the refusal."""
    message: str
    """What the S3 error says."""
    causes: tuple[Cause, ...]
    """What the refusal and the request show by themselves, the likeliest first."""
    elements: tuple[str, ...]
    """The elements in which the client's canonical request differs from the server's, where it was given."""
    text: str
    """The message, what differs, and the likely causes as one text."""


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What is wrong with a request, for the operator: the answer of `Verifier.diagnose`. What the client may be told
    is `for_client` alone.

    >>> diagnosis = Verifier().diagnose("GET", "/bucket/key", {"Host": "s3.example.com"})
    >>> diagnosis.outcome, diagnosis.code, diagnosis.certain
    ('anonymous', None, False)
    """

    outcome: Literal["verifies", "anonymous", "refused"]
    """What verification answered."""
    code: ErrorCode | None
    """The stable code of the refusal."""
    cause: Cause | None
    """The cause, or `None` where there is nothing to go by."""
    certain: bool
    """Whether the cause is beyond doubt: the refusal says it, or the client's signature holds once it is undone."""
    others: tuple[Cause, ...]
    """Further causes, the likeliest first. Beside a cause that is certain, those that came together with it."""
    differences: tuple[Difference, ...]
    """What the client signed otherwise, as far as that is known."""
    canonical_request: str | None
    """The server's canonical request, if the request has a SigV4 signature that can be read."""
    string_to_sign: str | None
    """The server's string to sign."""
    tried: int
    """How many signatures were computed."""
    for_client: ForClient
    """What the client may be told."""


for _class in (
    Position,
    Finding,
    Report,
    Statement,
    ElementTrace,
    StatementTrace,
    LayerExplanation,
    Explanation,
    OpenCondition,
    Region,
    LayerAccess,
    PublicAccessBlock,
    Problem,
    KeyVerdict,
    Checksum,
    BodySummary,
    Cause,
    Difference,
    ForClient,
    Diagnosis,
):
    _class.__module__ = "s3iam"
