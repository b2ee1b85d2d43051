"""Identity and access management for S3-compatible storage.

Policies: `Policy`, `PolicySet`, `validate`. A caller with all its policies: `Account`, and in the AWS dialect `Layers`, asked
for a `Principal`. Signatures: `Verifier`, and for clients `Signer`. Bodies while they arrive: `BodyReader`. The whole way from a
raw HTTP request to a verdict: `Iam`.

>>> policy = Policy.built_in("readonly")
>>> policy.decide("s3:GetObject", "arn:aws:s3:::photos/cat.jpg").allowed
True
"""

from __future__ import annotations

from ._codes import ErrorCode
from ._errors import (
    AccessDenied,
    ArgumentError,
    DirectoryError,
    PolicyError,
    RequestError,
    S3IamError,
    SignatureError,
)
from ._native import (
    Access,
    Account,
    Acl,
    BodyReader,
    ChunkSigner,
    Decision,
    Iam,
    Identity,
    Layers,
    Policy,
    PolicySet,
    PostUpload,
    Principal,
    Signer,
    Verdict,
    Verifier,
    __version__,
    _built_in_names,
    _validate,
    classify,
    stored_content_encoding,
)
from ._values import (
    Authentication,
    AuthenticationForm,
    BodySummary,
    Cause,
    Checksum,
    ChecksumAlgorithm,
    ChunkKind,
    Context,
    Credential,
    Diagnosis,
    Dialect,
    Difference,
    Effect,
    ElementTrace,
    ErrorProfile,
    Explanation,
    Finding,
    ForClient,
    KeyVerdict,
    Kind,
    Layer,
    LayerAccess,
    LayerExplanation,
    OpenCondition,
    Outcome,
    Payload,
    Position,
    PrincipalKind,
    Problem,
    PublicAccessBlock,
    Reason,
    Region,
    Report,
    Severity,
    SigningAlgorithm,
    Statement,
    StatementTrace,
    Status,
)

__all__ = [
    "Access",
    "AccessDenied",
    "Account",
    "Acl",
    "ArgumentError",
    "Authentication",
    "AuthenticationForm",
    "BodyReader",
    "BodySummary",
    "Cause",
    "Checksum",
    "ChecksumAlgorithm",
    "ChunkKind",
    "ChunkSigner",
    "Context",
    "Credential",
    "Decision",
    "Diagnosis",
    "Dialect",
    "Difference",
    "DirectoryError",
    "Effect",
    "ElementTrace",
    "ErrorCode",
    "ErrorProfile",
    "Explanation",
    "Finding",
    "ForClient",
    "Iam",
    "Identity",
    "KeyVerdict",
    "Kind",
    "Layer",
    "LayerAccess",
    "LayerExplanation",
    "Layers",
    "OpenCondition",
    "Outcome",
    "Payload",
    "Policy",
    "PolicyError",
    "PolicySet",
    "Position",
    "PostUpload",
    "Principal",
    "PrincipalKind",
    "Problem",
    "PublicAccessBlock",
    "Reason",
    "Region",
    "Report",
    "RequestError",
    "S3IamError",
    "Severity",
    "SignatureError",
    "Signer",
    "SigningAlgorithm",
    "Statement",
    "StatementTrace",
    "Status",
    "Verdict",
    "Verifier",
    "__version__",
    "built_in_policies",
    "classify",
    "stored_content_encoding",
    "validate",
]


def validate(
    text: str | bytes, *, dialect: Dialect = "minio", kind: Kind = "identity", bucket: str | None = None
) -> Report:
    """Finds everything that is wrong, risky or useless in a policy document. Never raises for what
    the document says. `bucket` is the bucket that a bucket policy is put on.

    >>> report = validate('{"Version": "2012-10-17", "Statement": [{"Effect": "Permit"}]}')
    >>> report.ok
    False
    >>> all(finding.start.line == 1 for finding in report)
    True
    """
    status, findings = _validate(text, dialect, kind, bucket)
    return Report(status, findings)


def built_in_policies() -> dict[str, Policy]:
    """The policies that every MinIO server has, by name.

    >>> "readonly" in built_in_policies()
    True
    """
    return {name: Policy.built_in(name) for name in _built_in_names()}
