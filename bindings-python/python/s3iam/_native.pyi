"""Types of the native module. Import its names from `s3iam`."""

import os
from collections.abc import AsyncIterable, AsyncIterator, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from ipaddress import IPv4Address, IPv6Address
from typing import Literal, NoReturn, Protocol, TypeAlias, final, overload

from ._errors import S3IamError
from ._values import (
    Authentication,
    AuthenticationForm,
    BodySummary,
    ChunkKind,
    Context,
    Credential,
    Diagnosis,
    Dialect,
    ErrorProfile,
    Explanation,
    Finding,
    KeyVerdict,
    Kind,
    Layer,
    LayerAccess,
    Outcome,
    Payload,
    PrincipalKind,
    Problem,
    PublicAccessBlock,
    Reason,
    SigningAlgorithm,
    Statement,
    Status,
)

__all__ = [
    "Access",
    "Account",
    "Acl",
    "BodyReader",
    "ChunkSigner",
    "Decision",
    "Iam",
    "Identity",
    "Layers",
    "Policy",
    "PolicySet",
    "PostUpload",
    "Principal",
    "Signer",
    "Verdict",
    "Verifier",
    "__version__",
    "_built_in_names",
    "_raise_panic",
    "_restore_decision",
    "_restore_policy",
    "_restore_policy_set",
    "_validate",
    "classify",
    "stored_content_encoding",
]

_WireText: TypeAlias = str | bytes
_Pairs: TypeAlias = Iterable[tuple[_WireText, _WireText]] | Iterable[Sequence[_WireText]]
_Instant: TypeAlias = datetime | float
_Data: TypeAlias = bytes | bytearray | memoryview
_Resources: TypeAlias = Iterable[str | tuple[str, str]]

class _HeaderItems(Protocol):
    def items(self) -> Iterable[tuple[_WireText, _WireText]]: ...

_Headers: TypeAlias = _HeaderItems | _Pairs

__version__: str

@final
class Policy:
    """An IAM policy, read and compiled. Immutable, and shareable between threads."""

    @staticmethod
    def parse(
        text: str | bytes,
        *,
        dialect: Dialect = "minio",
        kind: Kind = "identity",
        bucket: str | None = None,
        lenient: bool = False,
        max_bytes: int = 20480,
    ) -> Policy:
        """Reads and compiles a policy document."""
    @staticmethod
    def built_in(name: str) -> Policy:
        """A policy that every MinIO server has, by its name; `built_in_policies()` has them all."""
    def decide(
        self,
        action: str,
        resource: str | None = "",
        context: Context | None = None,
        *,
        bucket: str | None = None,
        object: str | None = None,
        account: str = "",
        is_owner: bool = False,
        deny_only: bool = False,
        principal: Principal | None = None,
    ) -> Decision:
        """Asks whether an action may be done on a resource."""
    def explain(
        self,
        action: str,
        resource: str | None = "",
        context: Context | None = None,
        *,
        bucket: str | None = None,
        object: str | None = None,
        account: str = "",
        is_owner: bool = False,
        deny_only: bool = False,
        principal: Principal | None = None,
    ) -> Explanation:
        """Answers as `decide` does, and says why: an `Explanation`. The arguments are the same."""
    def decide_many(
        self,
        actions: Iterable[str],
        resources: _Resources,
        contexts: Iterable[Context] | None = None,
        *,
        account: str = "",
        is_owner: bool = False,
        deny_only: bool = False,
        principal: Principal | None = None,
    ) -> list[Decision]:
        """Answers many questions: every action on every resource in every context. The other arguments are those
        of `decide`."""
    def allowed_actions(
        self,
        resource: str | None = "",
        context: Context | None = None,
        *,
        bucket: str | None = None,
        object: str | None = None,
        account: str = "",
        is_owner: bool = False,
        deny_only: bool = False,
        principal: Principal | None = None,
    ) -> list[str]:
        """The names of the actions that are allowed on a resource, sorted; the arguments are those of `decide`."""
    def access(
        self,
        action: str,
        context: Context | None = None,
        *,
        complete: bool = False,
        account: str = "",
        principal: Principal | None = None,
    ) -> Access:
        """What may be done with an action, and where: an `Access`."""
    @property
    def text(self) -> str:
        """The document, as it was given."""
    @property
    def dialect(self) -> Dialect:
        """`"minio"` or `"aws"`."""
    @property
    def kind(self) -> Kind:
        """What it is attached to: `"identity"`, `"bucket"`, `"session"`, `"trust"`, `"boundary"`, `"scp"`, `"rcp"`
        or `"endpoint"`."""
    @property
    def bucket(self) -> str | None:
        """The bucket that it was parsed for, or `None`."""
    @property
    def status(self) -> Status:
        """How far it can be used: `"good"`, or if it was parsed leniently also `"refused"`, `"invalid"` or
        `"unreadable"`."""
    @property
    def findings(self) -> tuple[Finding, ...]:
        """Everything found about the document: a tuple of `Finding`, in the order of the text."""
    @property
    def is_public(self) -> bool:
        """Whether it is a public policy, as Block Public Access of S3 has it: to be put on no bucket where
        `block_public_policy` is set. Only bucket policies of the AWS dialect can be."""
    @property
    def public_statements(self) -> tuple[int, ...]:
        """The positions of the statements that make it public: a tuple."""
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

@final
class PolicySet:
    """Several policies that decide together, as those of a user and its groups do: a Deny of any wins, else
    an Allow of any."""

    def __new__(cls, policies: Iterable[Policy]) -> PolicySet: ...
    def decide(
        self,
        action: str,
        resource: str | None = "",
        context: Context | None = None,
        *,
        bucket: str | None = None,
        object: str | None = None,
        account: str = "",
        is_owner: bool = False,
        deny_only: bool = False,
        principal: Principal | None = None,
    ) -> Decision:
        """Asks all policies together; the arguments are those of `Policy.decide`."""
    def explain(
        self,
        action: str,
        resource: str | None = "",
        context: Context | None = None,
        *,
        bucket: str | None = None,
        object: str | None = None,
        account: str = "",
        is_owner: bool = False,
        deny_only: bool = False,
        principal: Principal | None = None,
    ) -> Explanation:
        """Answers as `decide` does, and says why: an `Explanation`. The arguments are the same."""
    def decide_many(
        self,
        actions: Iterable[str],
        resources: _Resources,
        contexts: Iterable[Context] | None = None,
        *,
        account: str = "",
        is_owner: bool = False,
        deny_only: bool = False,
        principal: Principal | None = None,
    ) -> list[Decision]:
        """Answers many questions, as `Policy.decide_many` does."""
    def allowed_actions(
        self,
        resource: str | None = "",
        context: Context | None = None,
        *,
        bucket: str | None = None,
        object: str | None = None,
        account: str = "",
        is_owner: bool = False,
        deny_only: bool = False,
        principal: Principal | None = None,
    ) -> list[str]:
        """The names of the actions that are allowed on a resource, sorted, as of `Policy.allowed_actions`."""
    def access(
        self,
        action: str,
        context: Context | None = None,
        *,
        complete: bool = False,
        account: str = "",
        principal: Principal | None = None,
    ) -> Access:
        """What may be done with an action, and where, as of `Policy.access`: an `Access`."""
    @property
    def policies(self) -> tuple[Policy, ...]:
        """The policies, in the order in which decisions count them."""

@final
class Account:
    """A caller and all its policies, decided as MinIO does. Immutable, and shareable between threads."""

    def __new__(
        cls,
        credential: Credential,
        policies: Iterable[Policy] | None = (),
        *,
        session_policy: str | bytes | None = None,
        parent_is_root: bool = False,
    ) -> Account: ...
    def decide(
        self,
        action: str,
        resource: str | None = "",
        context: Context | None = None,
        *,
        bucket: str | None = None,
        object: str | None = None,
        account: str = "",
        deny_only: bool = False,
        bucket_policy: Policy | None = None,
    ) -> Decision:
        """Asks whether the account may do an action; the arguments are those of `Policy.decide`."""
    def explain(
        self,
        action: str,
        resource: str | None = "",
        context: Context | None = None,
        *,
        bucket: str | None = None,
        object: str | None = None,
        account: str = "",
        deny_only: bool = False,
        bucket_policy: Policy | None = None,
    ) -> Explanation:
        """Answers as `decide` does, and says why: an `Explanation`, with what each layer that was asked answers by
        itself. The arguments are the same."""
    def decide_many(
        self,
        actions: Iterable[str],
        resources: _Resources,
        contexts: Iterable[Context] | None = None,
        *,
        account: str = "",
        deny_only: bool = False,
        bucket_policy: Policy | None = None,
    ) -> list[Decision]:
        """Answers many questions, as `Policy.decide_many` does."""
    def allowed_actions(
        self,
        resource: str | None = "",
        context: Context | None = None,
        *,
        bucket: str | None = None,
        object: str | None = None,
        account: str = "",
        deny_only: bool = False,
        bucket_policy: Policy | None = None,
    ) -> list[str]:
        """The names of the actions that are allowed on a resource, sorted, as of `Policy.allowed_actions`."""
    def access(
        self,
        action: str,
        context: Context | None = None,
        *,
        complete: bool = False,
        account: str = "",
        bucket_policy: Policy | None = None,
    ) -> Access:
        """What the account may do with an action, and where, as of `Policy.access`: an `Access`, whose layers must
        all allow it."""
    def decide_operation(
        self,
        operation: str,
        bucket: str = "",
        object: str = "",
        context: Context | None = None,
        *,
        version_id: str | None = None,
        copy_source: tuple[str, str] | tuple[str, str, str | None] | None = None,
        buckets: Iterable[str] | None = (),
        account: str = "",
        retention: bool = False,
        legal_hold: bool = False,
        bypass_governance: bool = False,
        replica: bool = False,
        object_lock: bool = False,
        force_delete: bool = False,
        bucket_policy: Policy | None = None,
    ) -> Decision:
        """Asks whether the account may make an API call, with all the actions that it needs."""
    @property
    def credential(self) -> Credential:
        """`"root"`, `"user"`, `"service-account"`, `"temporary"` or `"anonymous"`."""
    @property
    def parent_is_root(self) -> bool:
        """Whether it acts for the owner."""
    @property
    def policies(self) -> tuple[Policy, ...]:
        """The policies, in the order in which decisions count them."""
    @property
    def session_policy(self) -> str | None:
        """The session policy, as it was given, or `None`. Bytes that are not UTF-8 become lone surrogates."""
    def __getnewargs_ex__(self) -> tuple[tuple[str, tuple[Policy, ...]], dict[str, bytes | bool | None]]: ...

@final
class Layers:
    """All policies that bear on a request in the AWS dialect, by where they are attached. Immutable, and shareable
    between threads."""

    def __new__(
        cls,
        *,
        identity: Iterable[Policy] | None = (),
        boundary: Policy | None = None,
        session: Iterable[Policy] | None = (),
        scp: Iterable[Iterable[Policy]] | None = (),
        rcp: Iterable[Iterable[Policy]] | None = (),
        resource: Policy | None = None,
        endpoint: Policy | None = None,
        public_access_block: PublicAccessBlock | None = None,
    ) -> Layers: ...
    def decide(
        self,
        action: str,
        resource: str | None = "",
        context: Context | None = None,
        *,
        principal: Principal,
        bucket: str | None = None,
        object: str | None = None,
        resource_account: str | None = None,
        acl: Acl | None = None,
    ) -> Decision:
        """Asks whether a principal may do an action on a resource; the other arguments are those of
        `Policy.decide`, and condition keys have their full names, as in `aws:SourceIp`."""
    def explain(
        self,
        action: str,
        resource: str | None = "",
        context: Context | None = None,
        *,
        principal: Principal,
        bucket: str | None = None,
        object: str | None = None,
        resource_account: str | None = None,
        acl: Acl | None = None,
    ) -> Explanation:
        """Answers as `decide` does, and says why; the arguments are the same."""
    def decide_many(
        self,
        actions: Iterable[str],
        resources: _Resources,
        contexts: Iterable[Context] | None = None,
        *,
        principal: Principal,
        resource_account: str | None = None,
        acl: Acl | None = None,
    ) -> list[Decision]:
        """Answers many questions of one principal, as `Policy.decide_many` does."""
    def allowed_actions(
        self,
        resource: str | None = "",
        context: Context | None = None,
        *,
        principal: Principal,
        bucket: str | None = None,
        object: str | None = None,
        resource_account: str | None = None,
        acl: Acl | None = None,
    ) -> list[str]:
        """The names of the actions that a principal may do on a resource, sorted, as of `Policy.allowed_actions`."""
    @property
    def identity(self) -> tuple[Policy, ...]:
        """The policies of the user and its groups, or of the role."""
    @property
    def boundary(self) -> Policy | None:
        """The permissions boundary, or `None`."""
    @property
    def session(self) -> tuple[Policy, ...]:
        """The policies passed when the session was made."""
    @property
    def scp(self) -> tuple[tuple[Policy, ...], ...]:
        """The service control policies: a tuple for each level."""
    @property
    def rcp(self) -> tuple[tuple[Policy, ...], ...]:
        """The resource control policies: a tuple for each level."""
    @property
    def resource(self) -> Policy | None:
        """The policy of the resource, or `None`."""
    @property
    def endpoint(self) -> Policy | None:
        """The policy of the VPC endpoint, or `None`."""
    @property
    def public_access_block(self) -> PublicAccessBlock | None:
        """The settings of Block Public Access, or `None`."""
    def __getnewargs_ex__(self) -> tuple[tuple[()], dict[str, object]]: ...

@final
class Principal:
    """Who asks, for policies of the AWS dialect. A value: equal ones are the same principal."""

    @staticmethod
    def user(arn: str) -> Principal:
        """An IAM user, by its ARN."""
    @staticmethod
    def root(arn: str) -> Principal:
        """The root user of an account, by its ARN."""
    @staticmethod
    def role_session(arn: str, role: str) -> Principal:
        """A session of a role: the ARN of the session, and that of the role."""
    @staticmethod
    def federated_user(arn: str, user: str | None = None) -> Principal:
        """A session that a user made for somebody else: its ARN, and that of the user if it is known."""
    @staticmethod
    def service(name: str) -> Principal:
        """A service of AWS."""
    @staticmethod
    def federated(provider: str) -> Principal:
        """Somebody whom an identity provider vouches for, as trust policies see them: by a domain such as
        `accounts.google.com`, or the ARN of an OIDC or SAML provider."""
    @staticmethod
    def anonymous() -> Principal:
        """Nobody who is known."""
    @property
    def kind(self) -> PrincipalKind:
        """`"user"`, `"root"`, `"role-session"`, `"federated-user"`, `"service"`, `"federated"` or `"anonymous"`."""
    @property
    def name(self) -> str:
        """Its ARN, or the name of the service or provider; empty if it is anonymous."""
    @property
    def behind(self) -> str | None:
        """Who is behind it: the ARN of the role of a role session, or of the user of a federated user; else
        `None`."""
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

@final
class Acl:
    """The access control lists of a bucket and an object, and whose the object is. Immutable, and shareable
    between threads."""

    @staticmethod
    def parse(text: str | bytes) -> Acl:
        """Reads lists from JSON; `ArgumentError` for anything else."""
    @property
    def is_public(self) -> bool:
        """Whether one of the lists grants something to everyone, or to everyone who has an account. Such a list is
        to be refused where `block_public_acls` is set."""
    @property
    def text(self) -> str:
        """The lists, as they were given."""
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

@final
class Decision:
    """What a policy answers to a question."""

    @property
    def allowed(self) -> bool:
        """Whether it is allowed: the outcome is `"allow"`."""
    @property
    def outcome(self) -> Outcome:
        """`"allow"`, `"explicit_deny"` (a Deny statement applies) or `"implicit_deny"` (nothing allows
        it)."""
    @property
    def reason(self) -> Reason:
        """Why: `"statement"`, `"owner"`, `"deny-only"`, `"no-statement"`, `"no-policy"`, `"facts-missing"` (a
        Deny depends on a value that is not known), `"policy-broken"`, and of layers `"acl-grant"`,
        `"other-owner"` (the object is not the bucket owner's) or `"public-access-blocked"`."""
    @property
    def statement(self) -> Statement | None:
        """The `Statement` that decided, or `None`."""
    @property
    def layer(self) -> Layer | None:
        """Whose answer it is: of an account `"owner"`, `"identity"`, `"session"` or `"bucket"`; of layers
        `"identity"`, `"boundary"`, `"session"`, `"scp"`, `"rcp"`, `"resource"`, `"endpoint"`, `"acl"` or
        `"public_access_block"`; `None` of policies alone."""
    @property
    def level(self) -> int | None:
        """Of the layers `"scp"` and `"rcp"` the level that decided, counted from 0 at the root of the
        organisation; else `None`."""
    def __bool__(self) -> NoReturn: ...
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

@final
class Access:
    """What may be done with an action, and where: the answer of `access`."""

    def allows(
        self, resource: str | None = "", *, bucket: str | None = None, object: str | None = None
    ) -> bool | None:
        """Whether the action is allowed on a resource: `True`, `False`, or `None` where that depends on values
        that were not given. The resource is given as to `Policy.decide`."""
    @property
    def layers(self) -> tuple[LayerAccess, ...]:
        """What each layer allows and denies: a tuple of `LayerAccess`."""
    def __bool__(self) -> NoReturn: ...

@final
class Verifier:
    """Verifies request signatures against access keys that you add. For gateways that keep users elsewhere;
    `Iam` does the whole way from request to verdict. Shareable between threads."""

    def __new__(
        cls,
        *,
        region: str = "",
        services: Iterable[str] = ["s3"],
        domains: Iterable[str] = [],
        max_skew_seconds: int = 900,
        require_content_sha256: bool = True,
        require_signed_amz_headers: bool = True,
        require_scope_date_match: bool = True,
        accept_expires_zero: bool = False,
        allow_sigv2: bool = False,
        allow_sigv4a: bool = True,
        require_min_chunk: bool = False,
        max_chunk_bytes: int = 16777216,
        cached_keys: int = 4096,
        error_profile: ErrorProfile = "aws",
    ) -> Verifier: ...
    def add_key(
        self,
        access_key: str,
        secret_key: str,
        *,
        session_token: str | None = None,
        expires: _Instant | None = None,
        enabled: bool = True,
    ) -> None:
        """Adds an access key, or replaces the one of that name; what is kept of the replaced secret is wiped."""
    def remove_key(self, access_key: str) -> bool:
        """Removes an access key, so that requests signed with it are refused, and wipes what is kept of its secret,
        also the signing keys made from it. Returns whether there was one."""
    @overload
    def verify(
        self,
        method: _WireText,
        target: _WireText,
        headers: _Headers,
        *,
        body: bytes | None = None,
        now: _Instant | None = None,
        allow_anonymous: Literal[False] = False,
    ) -> Identity:
        """Verifies the signature of a raw request, and returns the `Identity` that signed it."""
    @overload
    def verify(
        self,
        method: _WireText,
        target: _WireText,
        headers: _Headers,
        *,
        body: bytes | None = None,
        now: _Instant | None = None,
        allow_anonymous: bool,
    ) -> Identity | None: ...
    def anonymous_body(self, method: _WireText, target: _WireText, headers: _Headers) -> BodyReader:
        """A `BodyReader` for a request without any authentication: it checks the hash, the checksum or the chunks
        that the request announces."""
    def verify_post(
        self,
        method: _WireText,
        target: _WireText,
        headers: _Headers,
        fields: _Headers,
        *,
        bucket: _WireText,
        file_name: _WireText | None = None,
        file_length: int | None = None,
        now: _Instant | None = None,
    ) -> PostUpload:
        """Verifies a form upload to `bucket`: a browser's `POST` with a policy that somebody signed for it. Returns
        the `PostUpload`, which is anonymous if no field of the form is of a signature."""
    def diagnose(
        self,
        method: _WireText,
        target: _WireText,
        headers: _Headers,
        *,
        body: bytes | None = None,
        now: _Instant | None = None,
        canonical_request: _WireText | None = None,
        string_to_sign: _WireText | None = None,
    ) -> Diagnosis:
        """Says why the signature of a request is refused, and what the client did otherwise: a `Diagnosis`. The
        arguments are those of `verify`; `canonical_request` and `string_to_sign` are what the client signed, from
        its debug log, where you have it."""

@final
class Identity:
    """Who signed a request. Only verification makes one."""

    @property
    def access_key(self) -> str:
        """The access key that signed."""
    @property
    def form(self) -> AuthenticationForm:
        """How it was signed: `"sigv4-header"`, `"sigv4-presigned"`, `"sigv4a-header"`, `"sigv4a-presigned"`,
        `"sigv2-header"`, `"sigv2-presigned"`, `"post-policy"` or `"post-policy-v2"`."""
    @property
    def payload(self) -> Payload:
        """What is signed of the body: `"unsigned"` nothing, `"sha256"` its hash, or of a chunked body the
        `STREAMING-` value of `x-amz-content-sha256`. A chunked body is not the object as it arrives: read it with
        `body_reader`."""
    @property
    def payload_sha256(self) -> str | None:
        """The SHA-256 that the body must have, as hex digits, or `None` if there is none. If `verify` was not given
        the body, compare it yourself; `body_reader` does that, and more."""
    def body_reader(self) -> BodyReader:
        """A `BodyReader` that decodes and checks the body while it arrives. Each call returns one that begins anew."""
    @property
    def signed_at(self) -> datetime:
        """When the client signed, as a `datetime` in UTC; of a presigned SigV2 request, which does not say it, 1970."""
    @property
    def temporary(self) -> bool:
        """Whether the access key is a temporary one, with a session token."""

@final
class Iam:
    """A directory of identities, and everything needed to authorize requests against it. Shareable between
    threads; the directory can be replaced while requests are under way."""

    @staticmethod
    def load(
        text: str | bytes,
        *,
        region: str = "",
        services: Iterable[str] = ["s3"],
        domains: Iterable[str] = [],
        max_skew_seconds: int = 900,
        require_content_sha256: bool = True,
        require_signed_amz_headers: bool = True,
        require_scope_date_match: bool = True,
        accept_expires_zero: bool = False,
        allow_sigv2: bool = False,
        allow_sigv4a: bool = True,
        require_min_chunk: bool = False,
        max_chunk_bytes: int = 16777216,
        cached_keys: int = 4096,
        error_profile: ErrorProfile = "aws",
    ) -> Iam:
        """Reads a directory document (JSON)."""
    @staticmethod
    def open_file(
        path: str | os.PathLike[str],
        *,
        region: str = "",
        services: Iterable[str] = ["s3"],
        domains: Iterable[str] = [],
        max_skew_seconds: int = 900,
        require_content_sha256: bool = True,
        require_signed_amz_headers: bool = True,
        require_scope_date_match: bool = True,
        accept_expires_zero: bool = False,
        allow_sigv2: bool = False,
        allow_sigv4a: bool = True,
        require_min_chunk: bool = False,
        max_chunk_bytes: int = 16777216,
        cached_keys: int = 4096,
        error_profile: ErrorProfile = "aws",
    ) -> Iam:
        """Reads a directory document from a file; the options are those of `Iam.load`."""
    def replace(self, text: str | bytes) -> None:
        """Replaces the directory. Requests under way finish with the one they started with; if the new one
        cannot be read, `DirectoryError` is raised and the old one stays."""
    @property
    def problems(self) -> tuple[Problem, ...]:
        """What is wrong with single records of the directory: a tuple of `Problem`."""
    def authorize(
        self,
        method: _WireText,
        target: _WireText,
        headers: _Headers,
        *,
        peer: str | IPv4Address | IPv6Address | None = None,
        secure: bool = False,
        body: bytes | None = None,
        now: _Instant | None = None,
        object_tags: Mapping[str, str] | None = None,
    ) -> Verdict:
        """Authorizes a raw request: who is calling, what do they want to do, and may they?"""
    def authorize_post(
        self,
        method: _WireText,
        target: _WireText,
        headers: _Headers,
        fields: _Headers,
        *,
        file_name: _WireText | None = None,
        file_length: int | None = None,
        peer: str | IPv4Address | IPv6Address | None = None,
        secure: bool = False,
        now: _Instant | None = None,
        object_tags: Mapping[str, str] | None = None,
    ) -> Verdict:
        """Authorizes a form upload: a browser's `POST` to a bucket, whose form was read up to the file."""
    def diagnose(
        self,
        method: _WireText,
        target: _WireText,
        headers: _Headers,
        *,
        body: bytes | None = None,
        now: _Instant | None = None,
        canonical_request: _WireText | None = None,
        string_to_sign: _WireText | None = None,
    ) -> Diagnosis:
        """Says why the signature of a request is refused, and what the client did otherwise: a `Diagnosis`, made
        with the keys of the directory. The arguments are those of `Verifier.diagnose`."""

@final
class Verdict:
    """The answer to a raw request."""

    @property
    def allowed(self) -> bool:
        """Whether the request may proceed; for `DeleteObjects`, with those of `keys` that are allowed."""
    @property
    def user(self) -> str | None:
        """The user who signed, or `None` for an anonymous or unverified request."""
    @property
    def access_key(self) -> str | None:
        """The access key that signed, or `None`."""
    @property
    def operation(self) -> str | None:
        """The S3 operation, for example `"GetObject"`, or `None` if it came to none."""
    @property
    def bucket(self) -> str | None:
        """The bucket, decoded; empty for operations on the service; `None` if it came to no operation."""
    @property
    def key(self) -> str | None:
        """The object key, decoded: take it from here and never decode the path again. Empty for operations on
        a bucket; `None` if it came to no operation. Bytes that are not UTF-8 become lone surrogates, as with
        `os.fsdecode`."""
    @property
    def decision(self) -> Decision | None:
        """The `Decision` of the caller's policies, or `None` if it came to none."""
    @property
    def error(self) -> S3IamError | None:
        """Why the request was refused: an `S3IamError`, or `None` if it is allowed."""
    @property
    def http_status(self) -> int:
        """The HTTP status to answer with: 200 if allowed, else the error's."""
    @property
    def payload(self) -> Payload | None:
        """What is signed of the body: `"unsigned"` nothing, `"sha256"` its hash, or of a chunked body the
        `STREAMING-` value of `x-amz-content-sha256`; `None` if nobody signed. A chunked body is not the object
        as it arrives: read it with `body_reader`."""
    @property
    def payload_sha256(self) -> str | None:
        """The SHA-256 that the body must have, as hex digits, or `None` if there is none. Compare it when the
        body has arrived, unless `authorize` was given the body; `body_reader` does that, and more."""
    def body_reader(self) -> BodyReader:
        """A `BodyReader` that decodes and checks the body of an allowed request while it arrives. Of a refused
        request it raises `.error`, and of a form upload `ArgumentError`: its file is no body of its own."""
    @property
    def upload(self) -> PostUpload | None:
        """The `PostUpload` of an allowed form upload, or `None`."""
    @property
    def keys(self) -> tuple[KeyVerdict, ...]:
        """The keys of a `DeleteObjects` request, each with its own answer: a tuple of `KeyVerdict`."""
    def error_xml(self, request_id: str = "") -> str:
        """The S3 error body to answer a refused request with; empty if it is allowed."""
    def raise_for_refusal(self) -> None:
        """Raises `.error` if the request was refused."""
    def __bool__(self) -> NoReturn: ...

@final
class BodyReader:
    """Reads a request body piece by piece: takes it as it arrives, releases the object's bytes, and at the end says
    whether the body is what was announced."""

    def push(self, data: _Data, /) -> bytes:
        """Takes the next bytes of the body, as many as there are, and returns the next bytes of the object, often
        none."""
    def finish(self) -> BodySummary:
        """Says that the body has ended, checks what can be checked then alone, and returns the `BodySummary`."""
    def iter(self, chunks: Iterable[_Data], /) -> Iterator[bytes]:
        """Pushes each of an iterable of `bytes`, and iterates over what they release, without the empty ones. At
        the end it calls `finish`; `summary` has its answer then."""
    def aiter(self, chunks: AsyncIterable[_Data], /) -> AsyncIterator[bytes]:
        """The same for an asynchronous iterable."""
    @property
    def decoded_length(self) -> int | None:
        """The length of the object that a chunked body announces; `None` for others, whose length is
        `Content-Length`."""
    @property
    def summary(self) -> BodySummary | None:
        """What `finish` answered, or `None` before that."""

@final
class PostUpload:
    """A form upload that was verified: who uploads, under which key, how much, and with what beside it. Only
    verification makes one: `Verifier.verify_post`, or `Iam.authorize_post`, whose verdict has it."""

    @property
    def identity(self) -> Identity | None:
        """The `Identity` that signed, or `None` of a form without any authentication. Of a verdict's upload it is
        `None` as well: `Verdict.user` and `Verdict.access_key` say who uploads."""
    @property
    def key(self) -> str:
        """The object key: `${filename}` is replaced and leading slashes are gone. Take it from here, never from
        the fields."""
    @property
    def min_length(self) -> int:
        """The least number of bytes that the file may have."""
    @property
    def max_length(self) -> int | None:
        """The greatest, or `None` if the policy says nothing of it."""
    @property
    def success_status(self) -> int:
        """The status of a successful answer without a redirect: 200, 201 or 204."""
    @property
    def success_redirect(self) -> str | None:
        """Where a successful answer redirects to (with status 303), or `None`."""
    @property
    def headers(self) -> tuple[tuple[str, str], ...]:
        """The fields that act as headers of the upload, in the order of the form: a tuple of pairs of name in
        lower case and value. Act on them, and on no `x-amz-` header of the request itself."""
    def check_length(self, received: int, *, done: bool = False) -> None:
        """Checks how much of the file has arrived: the most at any time, the least once it is `done`. Raises
        `SignatureError` with the code `form-file-too-large` or `form-file-too-small`."""

@final
class Signer:
    """Signs requests with SigV4 or SigV4A: in the header, in the query, in chunks, and policies of browser forms.
    Shareable between threads."""

    def __new__(
        cls,
        access_key: str,
        secret_key: str,
        *,
        session_token: str | None = None,
        region: str = "us-east-1",
        service: str = "s3",
        algorithm: SigningAlgorithm = "sigv4",
        region_set: str | None = None,
    ) -> Signer: ...
    def sign(
        self,
        method: _WireText,
        target: _WireText,
        headers: _Headers,
        *,
        body: bytes | None = None,
        payload_sha256: str | None = None,
        now: _Instant | None = None,
    ) -> list[tuple[str, str]]:
        """Signs a request in the header, and returns the headers to add, as pairs; `authorization` is the last."""
    def presign(
        self,
        method: _WireText,
        target: _WireText,
        headers: _Headers,
        *,
        expires_seconds: int | None = 3600,
        body: bytes | None = None,
        now: _Instant | None = None,
    ) -> str:
        """Signs a request in the query, valid for so many seconds from `now` on, and returns its target: `target`
        with the parameters that sign it. A whole URL may be given as well."""
    def chunks(
        self,
        method: _WireText,
        target: _WireText,
        headers: _Headers,
        kind: ChunkKind,
        *,
        now: _Instant | None = None,
    ) -> tuple[list[tuple[str, str]], ChunkSigner]:
        """Signs a request whose body is sent in chunks (aws-chunked), and returns the headers to add, as `sign`
        does, and a `ChunkSigner` that makes the body."""
    def encoded_length(
        self,
        kind: ChunkKind,
        data_bytes: int,
        *,
        chunk_bytes: int | None = 65536,
        trailers: Mapping[str, int] | None = None,
    ) -> int:
        """How long a body in chunks becomes, which is its `content-length`: of so many bytes of data, cut into
        chunks of `chunk_bytes` but for the last. `trailers` are names with the length of each value."""
    def post_policy(
        self,
        bucket: str,
        key: str | None = None,
        *,
        expiration: _Instant,
        key_prefix: str | None = None,
        fields: Mapping[str, str] | None = None,
        starts_with: Mapping[str, str] | None = None,
        content_length: tuple[int, int] | None = None,
        now: _Instant | None = None,
    ) -> list[tuple[str, str]]:
        """Signs a policy for uploads by a browser form, and returns the fields of the form in their order, as pairs.
        The file comes after them."""

@final
class ChunkSigner:
    """Writes a body in chunks (aws-chunked). Made by `Signer.chunks`, since every chunk is signed together with
    what came before it."""

    def encode(self, data: _Data, /) -> bytes:
        """Returns one chunk of these bytes. No bytes are no chunk, since that would be the end."""
    def finish(self, trailers: Mapping[str, str] | None = None) -> bytes:
        """Returns the end of the body, with the `trailers` in their order."""

def classify(method: _WireText, target: _WireText, headers: _Headers) -> Authentication:
    """The form of authentication that a request claims to have: `"anonymous"`, `"bearer"`, or a form such as
    `"sigv4-header"`, as `Identity.form` names them. Nothing of it is verified."""

def stored_content_encoding(value: str, /) -> str | None:
    """A `Content-Encoding` as it is stored with the object: without `aws-chunked`, which speaks of the request
    alone. `None` if nothing is left."""

def _validate(text: str | bytes, dialect: str, kind: str, bucket: str | None) -> tuple[Status, tuple[Finding, ...]]: ...
def _built_in_names() -> list[str]: ...
def _restore_decision(
    outcome: Outcome, reason: Reason, statement: Statement | None, layer: Layer | None, level: int
) -> Decision: ...
def _restore_policy(
    text: str, dialect: Dialect, kind: Kind, bucket: str | None, lenient: bool, max_bytes: int
) -> Policy: ...
def _restore_policy_set(policies: tuple[Policy, ...]) -> PolicySet: ...
def _raise_panic() -> NoReturn: ...
