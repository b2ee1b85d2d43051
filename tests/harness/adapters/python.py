"""Answers case jobs with the Python package; see ../PROTOCOL.md."""

from __future__ import annotations

import hashlib
import re
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from itertools import repeat
from statistics import median
from typing import Any, TypeAlias

import s3iam

BATCHES = 7


class Fields:
    """The fields of a line, taken one after another."""

    def __init__(self, line: str) -> None:
        self._fields: Iterator[bytes] = map(decode, line.split("\t"))

    def field(self) -> bytes:
        return next(self._fields)

    def text(self) -> str:
        return self.field().decode()

    def name(self) -> Any:
        """One of a few names; the call that it is given to checks which."""
        return self.text()

    def number(self) -> int:
        return int(self.field())

    def boolean(self) -> bool:
        return self.field() == b"1"

    def optional(self) -> bytes | None:
        field = self.field()
        return field[1:] if field.startswith(b"=") else None

    def optional_text(self) -> str | None:
        field = self.optional()
        return None if field is None else field.decode()

    def pairs(self) -> list[tuple[bytes, bytes]]:
        return [(self.field(), self.field()) for _ in range(self.number())]

    def context(self) -> dict[str, list[bytes]]:
        context: dict[str, list[bytes]] = {}
        for name, value in self.pairs():
            context.setdefault(name.decode(), []).append(value)
        return context

    def texts(self) -> list[str]:
        return self.text().split(",")

    def several(self) -> list[str]:
        return [self.text() for _ in range(self.number())]


def decode(field: str) -> bytes:
    return re.sub(rb"\\x([0-9a-fA-F]{2})", lambda m: bytes([int(m[1], 16)]), field.encode("ascii"))


def encode(field: object) -> str:
    if field is None:
        return ""
    data = field if isinstance(field, bytes) else str(field).encode("utf-8", "surrogateescape")
    return "".join(chr(b) if 0x20 <= b <= 0x7E and b != 0x5C else f"\\x{b:02x}" for b in data)


def validate(job: Fields) -> list[object]:
    dialect, kind, bucket, text = job.name(), job.name(), job.optional_text(), job.field()
    report = s3iam.validate(text, dialect=dialect, kind=kind, bucket=bucket)
    return [report.status, ",".join(finding.code for finding in report)]


# Who is asked, and with which arguments.
Question: TypeAlias = tuple[s3iam.PolicySet | s3iam.Account | s3iam.Layers, dict[str, Any]]


def policies(job: Fields) -> s3iam.PolicySet:
    dialect, kind = job.name(), job.name()
    texts = [job.field() for _ in range(job.number())]
    return policy_set(dialect, kind, texts)


def policy_set(dialect: s3iam.Dialect, kind: s3iam.Kind, texts: list[bytes]) -> s3iam.PolicySet:
    return s3iam.PolicySet(
        [s3iam.Policy.parse(text, dialect=dialect, kind=kind, lenient=True) for text in texts]
    )


def about_policies(job: Fields) -> Question:
    dialect, kind = job.name(), job.name()
    arguments: dict[str, Any] = {"account": job.text(), "is_owner": job.boolean(), "deny_only": job.boolean()}
    arguments |= {"action": job.text(), "bucket": job.text(), "object": job.text()}
    texts = [job.field() for _ in range(job.number())]
    arguments["context"] = job.context()
    return policy_set(dialect, kind, texts), arguments


def caller(job: Fields) -> tuple[s3iam.Account, dict[str, Any]]:
    """The account, and what else it is asked with."""
    credential, parent_is_root = job.name(), job.boolean()
    policies = [s3iam.Policy.parse(job.field(), lenient=True) for _ in range(job.number())]
    session_policy, bucket_policy = job.optional(), job.optional()
    account = s3iam.Account(
        credential, policies, session_policy=session_policy, parent_is_root=parent_is_root
    )
    with_it: dict[str, Any] = {"account": job.text()}
    if bucket_policy is not None:
        with_it["bucket_policy"] = s3iam.Policy.parse(bucket_policy, kind="bucket", lenient=True)
    return account, with_it


def about_account(job: Fields) -> Question:
    account, arguments = caller(job)
    arguments |= {"deny_only": job.boolean(), "action": job.text(), "bucket": job.text(), "object": job.text()}
    arguments["context"] = job.context()
    return account, arguments


def about_layers(job: Fields) -> Question:
    kind, name, behind = job.text(), job.text(), job.optional_text()
    arguments: dict[str, Any] = {"action": job.text(), "resource": job.text()}
    arguments |= {"resource_account": job.optional_text(), "context": job.context()}
    make = getattr(s3iam.Principal, kind.replace("-", "_"))
    arguments["principal"] = make(*[text for text in (name, behind) if text])
    levels: dict[str, list[list[s3iam.Policy]]] = {}
    levels["scp"] = [[] for _ in range(job.number())]
    levels["rcp"] = [[] for _ in range(job.number())]
    lists: dict[str, list[s3iam.Policy]] = {"identity": [], "session": []}
    single: dict[str, Any] = {}
    for _ in range(job.number()):
        layer, level, kind_of_policy = job.text(), job.number(), job.name()
        policy = s3iam.Policy.parse(job.field(), dialect="aws", kind=kind_of_policy, lenient=True)
        if layer in levels:
            levels[layer][level].append(policy)
        elif layer in lists:
            lists[layer].append(policy)
        else:
            single[layer] = policy
    acl = job.optional()
    arguments["acl"] = None if acl is None else s3iam.Acl.parse(acl)
    # Named as S3 names them: `BlockPublicAcls`.
    settings = [re.sub("(?<!^)(?=[A-Z])", "_", name).lower() for name in job.texts() if name]
    single["public_access_block"] = s3iam.PublicAccessBlock(**dict.fromkeys(settings, True))
    return s3iam.Layers(**levels, **lists, **single), arguments


QUESTIONS: dict[str, Callable[[Fields], Question]] = {
    "decide": about_policies,
    "account": about_account,
    "layers": about_layers,
}


def decide(question: Callable[[Fields], Question], job: Fields) -> list[object]:
    asked, arguments = question(job)
    return outcome(asked.decide(**arguments))


def outcome(decision: s3iam.Decision) -> list[object]:
    at = decision.statement
    fields = [decision.outcome, decision.reason, at and f"{at.policy_index}:{at.index}"]
    if decision.layer is None:
        return fields
    return [*fields, decision.layer, decision.level or 0]


def explain(job: Fields) -> list[object]:
    asked, arguments = QUESTIONS[job.text()](job)
    explanation = asked.explain(**arguments)
    fields = outcome(explanation.decision)
    fields += [None] * (5 - len(fields))
    return [*fields, ",".join(map(trace, explanation.statements)), explanation.sentence]


def trace(statement: s3iam.StatementTrace) -> str:
    place = f"{statement.layer or ''}:{statement.level or 0}:{statement.policy_index}:{statement.index}"
    elements = [f"{element.element}={mark(element.holds)}" for element in statement.elements]
    return f"{place}:{mark(statement.applies)}:{'+'.join(elements)}"


def mark(truth: bool | None) -> str:
    return "?" if truth is None else "1" if truth else "0"


def many(job: Fields) -> list[object]:
    asked, actions, resources = policies(job), job.several(), job.several()
    contexts = [job.context() for _ in range(job.number())]
    decisions = asked.decide_many(actions, resources, contexts)
    return [",".join(decision.outcome for decision in decisions)]


def actions(job: Fields) -> list[object]:
    return [",".join(policies(job).allowed_actions(job.text(), job.context()))]


def access(job: Fields) -> list[object]:
    asked, action, complete, context = policies(job), job.text(), job.boolean(), job.context()
    access = asked.access(action, context, complete=complete)
    allow = [region for layer in access.layers for region in layer.allow]
    deny = [region for layer in access.layers for region in layer.deny]
    conditions = [condition for region in allow + deny for condition in region.conditions]
    return [
        ",".join(mark(access.allows(resource)) for resource in job.several()),
        ",".join(pattern for region in allow for pattern in region.resources),
        ",".join(pattern for region in deny for pattern in region.resources),
        ",".join(f"{condition.operator} {condition.key}" for condition in conditions),
    ]


def operation(job: Fields) -> list[object]:
    account, arguments = caller(job)
    operation, bucket, object = job.text(), job.text(), job.text()
    arguments["version_id"] = job.optional_text()
    if job.boolean():
        arguments["copy_source"] = (job.text(), job.text(), job.optional_text())
    arguments.update((flag, True) for flag in job.texts() if flag)
    arguments["buckets"] = [job.text() for _ in range(job.number())]
    decision = account.decide_operation(operation, bucket, object, job.context(), **arguments)
    return outcome(decision)


class Verification:
    """A verifier with its keys, and the request that it is asked about."""

    def __init__(self, job: Fields) -> None:
        arguments: dict[str, Any] = {"error_profile": job.name(), "region": job.text(), "services": job.texts()}
        arguments |= {"max_skew_seconds": job.number(), "require_content_sha256": job.boolean()}
        flags, max_chunk_bytes, domains = job.texts(), job.number(), job.text()
        if max_chunk_bytes:
            arguments["max_chunk_bytes"] = max_chunk_bytes
        self.domains = domains.split(",") if domains else []
        self.verifier = s3iam.Verifier(
            **arguments,
            domains=self.domains,
            require_signed_amz_headers="unsigned_amz_headers" not in flags,
            allow_sigv2="allow_sigv2" in flags,
            allow_sigv4a="refuse_sigv4a" not in flags,
            require_min_chunk="min_chunk" in flags,
        )
        self.piece, self.now = job.number(), job.number() / 1000
        for _ in range(job.number()):
            access_key, secret_key, token = job.text(), job.text(), job.optional_text()
            expires = job.optional()
            self.verifier.add_key(
                access_key,
                secret_key,
                session_token=token,
                expires=None if expires is None else int(expires) / 1000,
                enabled=job.boolean(),
            )
        self.request = job.field(), job.field(), job.pairs()
        self.body = job.optional()

    def is_chunked(self) -> bool:
        """Whether the body is cut into chunks, which a reader puts together again."""
        return any(
            name.lower() == b"x-amz-content-sha256" and value.strip().startswith(b"STREAMING-")
            for name, value in self.request[2]
        )

    def bucket(self) -> bytes:
        """The bucket of a form's URL: the path, or the host below a domain."""
        host = next((value for name, value in self.request[2] if name.lower() == b"host"), b"")
        for domain in self.domains:
            if host.endswith(b"." + domain.encode()):
                return host.removesuffix(b"." + domain.encode())
        return self.request[1].partition(b"?")[0].removeprefix(b"/").partition(b"/")[0]


def rejection(error: s3iam.S3IamError) -> list[object]:
    return ["reject", error.code, error.s3_code, error.http_status]


def verify(job: Fields) -> list[object]:
    asked = Verification(job)
    try:
        return verified(asked)
    except s3iam.S3IamError as error:
        return rejection(error)


def time_verify(job: Fields) -> list[object]:
    repetitions, asked = job.number(), Verification(job)
    verifier, (method, target, headers), now = asked.verifier, asked.request, asked.now

    def ask(times: int) -> None:
        for _ in repeat(None, times):
            verifier.verify(method, target, headers, now=now)

    try:
        ask(1)
    except s3iam.S3IamError as error:
        return rejection(error)
    return ["accept", nanoseconds_a_call(repetitions, ask)]


def verified(asked: Verification) -> list[object]:
    body = None if asked.is_chunked() else asked.body
    identity = asked.verifier.verify(*asked.request, body=body, now=asked.now, allow_anonymous=True)
    if identity is None:
        fields: list[object] = ["anonymous"]
        reader = asked.verifier.anonymous_body(*asked.request)
    else:
        payload = identity.payload_sha256 or identity.payload
        fields = ["accept", identity.access_key, identity.form, payload]
        reader = identity.body_reader()
    return fields if asked.body is None else fields + read(reader, asked.body, asked.piece)


def read(reader: s3iam.BodyReader, body: bytes, piece: int) -> list[object]:
    """Gives a body to its reader: its decoded length, and the hash of what was released."""
    piece = piece or len(body) or 1
    digest = hashlib.sha256()
    for released in reader.iter(body[at : at + piece] for at in range(0, len(body), piece)):
        digest.update(released)
    assert reader.summary is not None
    return [reader.summary.decoded_length, digest.hexdigest()]


def post(job: Fields) -> list[object]:
    asked = Verification(job)
    fields, file_name, file_length = job.pairs(), job.optional(), job.optional()
    try:
        upload = asked.verifier.verify_post(
            *asked.request,
            fields,
            bucket=asked.bucket(),
            file_name=file_name,
            file_length=None if file_length is None else int(file_length),
            now=asked.now,
        )
    except s3iam.S3IamError as error:
        return rejection(error)
    identity = upload.identity
    return [
        "anonymous" if identity is None else "accept",
        identity and identity.access_key,
        identity and identity.form,
        upload.key,
        upload.min_length,
        2**64 - 1 if upload.max_length is None else upload.max_length,
        upload.success_status,
        upload.success_redirect,
        "\n".join(f"{name}:{value}" for name, value in upload.headers),
    ]


def diagnose(job: Fields) -> list[object]:
    asked = Verification(job)
    canonical_request, string_to_sign = job.optional(), job.optional()
    diagnosis = asked.verifier.diagnose(
        *asked.request,
        body=asked.body,
        now=asked.now,
        canonical_request=canonical_request,
        string_to_sign=string_to_sign,
    )
    return [
        {"verifies": "accept", "anonymous": "anonymous", "refused": "reject"}[diagnosis.outcome],
        diagnosis.code,
        diagnosis.cause and diagnosis.cause.code,
        mark(diagnosis.certain),
        ",".join(difference.element for difference in diagnosis.differences),
        ",".join(cause.code for cause in diagnosis.others),
        diagnosis.for_client.text,
    ]


def authorize(job: Fields) -> list[object]:
    repetitions, directory = job.number(), job.field()
    profile, region, domains = job.name(), job.text(), job.text()
    iam = s3iam.Iam.load(
        directory, error_profile=profile, region=region, domains=domains.split(",") if domains else []
    )
    now, peer, secure, request_id = job.number() / 1000, job.text(), job.boolean(), job.text()
    method, target, headers, body = job.field(), job.field(), job.pairs(), job.optional()
    number_of_tags = job.text()
    tags = None
    if number_of_tags != "-":
        tags = {job.text(): job.text() for _ in range(int(number_of_tags))}

    def ask(times: int) -> s3iam.Verdict:
        for _ in repeat(None, times):
            verdict = iam.authorize(
                method, target, headers, peer=peer, secure=secure, body=body, now=now, object_tags=tags
            )
        return verdict

    verdict = ask(1)
    decision, error = verdict.decision, verdict.error
    statement = None if decision is None else decision.statement
    return [
        "allowed" if verdict.allowed else "refused",
        verdict.user,
        verdict.operation,
        verdict.bucket,
        verdict.key,
        error and error.s3_code,
        verdict.http_status,
        None if decision is None else decision.outcome,
        statement and statement.policy,
        statement and statement.index,
        sum(key.allowed for key in verdict.keys),
        verdict.error_xml(request_id),
        nanoseconds_a_call(repetitions, ask) if repetitions > 1 else None,
    ]


def nanoseconds_a_call(repetitions: int, ask: Callable[[int], object]) -> int:
    batch = max(repetitions // BATCHES, 1)
    times = []
    for _ in range(BATCHES):
        start = time.perf_counter_ns()
        ask(batch)
        times.append((time.perf_counter_ns() - start) // batch)
    return round(median(times))


VERBS: dict[str, Callable[[Fields], list[object]]] = {
    "validate": validate,
    **{verb: partial(decide, question) for verb, question in QUESTIONS.items()},
    "operation": operation,
    "explain": explain,
    "many": many,
    "actions": actions,
    "access": access,
    "verify": verify,
    "time": time_verify,
    "post": post,
    "diagnose": diagnose,
    "authorize": authorize,
}


def answer(line: str) -> list[object]:
    job = Fields(line)
    try:
        return VERBS[job.text()](job)
    except s3iam.S3IamError as error:
        return ["error", error.code, error.message]
    except Exception as error:
        return ["error", "adapter", repr(error)]


def main() -> None:
    for line in sys.stdin:
        print("\t".join(map(encode, answer(line.rstrip("\n")))))


if __name__ == "__main__":
    main()
