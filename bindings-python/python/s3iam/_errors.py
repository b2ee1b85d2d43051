"""The exceptions. The native module makes them; the class follows the block of the code's number."""

from __future__ import annotations

from collections.abc import Mapping

from ._codes import ErrorCode
from ._values import Finding


class S3IamError(Exception):
    """What went wrong, with a stable code. The base of every error of this package.

    >>> try:
    ...     Policy.parse("{")
    ... except S3IamError as error:
    ...     error.code, error.s3_code, error.http_status
    ('policy-unreadable', 'MalformedPolicy', 400)
    """

    message: str
    """What is wrong, for people. Never holds a secret."""
    code: ErrorCode
    """What went wrong, the same in every language and version."""
    s3_code: str
    """The `Code` of the S3 error body."""
    http_status: int
    """The HTTP status to answer with."""
    details: dict[str, str]
    """Further elements of the S3 error body."""

    def __init__(
        self,
        message: str,
        *,
        code: ErrorCode = "internal",
        s3_code: str = "InternalError",
        http_status: int = 500,
        details: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.s3_code = s3_code
        self.http_status = http_status
        self.details = dict(details or {})

    def __str__(self) -> str:
        return f"{self.code}: {self.message}"


class ArgumentError(S3IamError, ValueError):
    """An argument has the right type, but a value that cannot be used.

    >>> try:
    ...     Policy.parse("{}", dialect="gcp")
    ... except ArgumentError as error:
    ...     error.message
    'dialect must be "minio" or "aws"'
    """


class PolicyError(S3IamError, ValueError):
    """A policy was refused; `findings` has everything that is wrong with it, each with its place.

    >>> try:
    ...     Policy.parse('{"Version": "2012-10-17",')
    ... except PolicyError as error:
    ...     error.code, error.findings[0].severity
    ('policy-unreadable', 'error')
    """

    findings: tuple[Finding, ...] = ()
    """What was found, in the order of the text."""


class DirectoryError(S3IamError, ValueError):
    """A directory of identities cannot be read.

    >>> try:
    ...     Iam.load("not JSON")
    ... except DirectoryError as error:
    ...     error.code
    'directory-unreadable'
    """


class SignatureError(S3IamError):
    """The signature of a request does not hold, or is not accepted, or the body or form is not what it says.

    >>> verifier = Verifier()
    >>> try:
    ...     verifier.verify("GET", "/", {"Host": "s3.example.com", "Authorization": "nonsense"})
    ... except SignatureError as error:
    ...     error.http_status
    400
    """


class RequestError(S3IamError):
    """A request cannot be understood as an S3 operation, or is malformed.

    >>> issubclass(RequestError, S3IamError)
    True
    """


class AccessDenied(S3IamError, PermissionError):
    """Nothing allows it, or something denies it.

    >>> verdict = Iam.load(DIRECTORY).authorize("GET", "/photos", [("Host", "s3.example.com")])
    >>> isinstance(verdict.error, PermissionError), verdict.error.http_status
    (True, 403)
    """


for _class in (S3IamError, ArgumentError, PolicyError, DirectoryError, SignatureError, RequestError, AccessDenied):
    _class.__module__ = "s3iam"
