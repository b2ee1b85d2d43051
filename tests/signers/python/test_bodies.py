"""Bodies in chunks, as botocore and the library's own signer send them, and what is left of them once changed."""

from __future__ import annotations

import base64
import hashlib
import io
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timezone
from random import Random
from typing import Any
from unittest import mock

import botocore.auth
import botocore.crt.auth
import botocore.session
import hypothesis.strategies as st
import mutations
import pytest
from botocore.awsrequest import AWSRequest, AWSResponse
from botocore.config import Config
from hypothesis import given
from signers import botocore_at, botocore_credentials, botocore_streaming, crt_streaming
from wishes import BUCKET, HOST, REGION, STATIC, TEMPORARY, Key, Sent, Wish, refused, sent, verifier

import s3iam

VERIFIER = verifier()
Streaming = Callable[[Wish, str], Sent]
NOW = datetime(2026, 1, 15, 12, 0, tzinfo=timezone.utc)
CHECKSUMS = ["CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256"]
STREAMING = {
    "signed": "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
    "signed-trailer": "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER",
}


class _Nothing:
    def stream(self, **_: object) -> Any:
        return iter(())


def _client(key: Key, scheme: str) -> Any:
    session = botocore.session.Session()
    session.set_credentials(key.access_key, key.secret_key, key.token)
    config = Config(signature_version="s3v4", s3={"addressing_style": "path"}, retries={"max_attempts": 0})
    return session.create_client("s3", region_name=REGION, endpoint_url=f"{scheme}://{HOST}", config=config)


# With awscrt beside it botocore has aws-c-auth sign.
CLIENT_SIGNERS = [botocore.auth.S3SigV4Auth, botocore.crt.auth.CrtS3SigV4Auth]
CLIENTS = {scheme: [_client(key, scheme) for key in (STATIC, TEMPORARY)] for scheme in ("https", "http")}


def botocore_upload(client: Any, signer: Any, body: bytes, checksum: str, stream: bool) -> Sent:
    """What botocore's client sends to upload a body: over TLS in chunks that are not signed, with a checksum behind
    them; else whole and signed, with the checksum in a header."""
    taken: list[Sent] = []

    def take(request: Any, **_: object) -> AWSResponse:
        wire = b"".join(iter(lambda: request.body.read(50), b""))
        headers = list(request.headers.items())
        if all(name.lower() != "host" for name, _ in headers):
            headers.insert(0, ("Host", HOST))
        taken.append(sent(request.method, request.url.split(HOST, 1)[1], headers, wire))
        return AWSResponse(request.url, 200, {}, _Nothing())

    client.meta.events.register("before-send.s3", take)
    try:
        with botocore_at(NOW), mock.patch.dict(botocore.auth.AUTH_TYPE_MAPS, {"s3v4": signer}):
            client.put_object(
                Bucket=BUCKET, Key="ä b+c", Body=io.BytesIO(body) if stream else body, ChecksumAlgorithm=checksum
            )
    finally:
        client.meta.events.unregister("before-send.s3", take)
    return taken[0]


def read(request: Sent, wire: bytes, pieces: list[int] | None = None) -> tuple[bytes, s3iam.BodySummary]:
    """The object out of a body that arrives in pieces of these lengths, and the rest at once."""
    reader = head(request).body_reader()
    out, at = b"", 0
    for length in pieces or []:
        out += reader.push(wire[at : at + length])
        at += length
    out += reader.push(wire[at:])
    return out, reader.finish()


def head(request: Sent) -> s3iam.Identity:
    return VERIFIER.verify(request.method, request.target, request.headers, now=NOW)


def no_changed_head(request: Sent, random: Random) -> None:
    """What announces a body is covered as every request is."""
    request = replace(request, body=None)
    for what, text, put in mutations.parts(request):
        mutated = put(mutations.one_of(text, random))
        if mutations.changed(request, mutated):
            assert refused(lambda: head(mutated)), (what, mutated)


def differs(identity: s3iam.Identity, wire: bytes, body: bytes) -> bool:
    """Whether a changed body is refused. One that is not must be the same object (`00a` for `a` as a size)."""
    out: list[bytes] = []
    if refused(lambda: out.extend(identity.body_reader().iter([wire]))):
        return True
    assert b"".join(out) == body, wire
    return False


_PIECES = st.lists(st.integers(0, 200), max_size=8)


@pytest.mark.parametrize("signer", CLIENT_SIGNERS)
@pytest.mark.parametrize("scheme", list(CLIENTS))
@given(
    at=st.integers(0, 1),
    body=st.binary(max_size=300),
    checksum=st.sampled_from(CHECKSUMS),
    stream=st.booleans(),
    pieces=_PIECES,
    seed=st.integers(),
)
def test_uploads_of_a_client(
    signer: Any, scheme: str, at: int, body: bytes, checksum: str, stream: bool, pieces: list[int], seed: int
) -> None:
    client = CLIENTS[scheme][at]
    request = botocore_upload(client, signer, body, checksum, stream)
    wire = request.body
    assert wire is not None
    out, summary = read(request, wire, pieces)
    assert out == body and summary.decoded_length == len(body)
    assert summary.checksum is not None and summary.checksum.algorithm == checksum
    in_trailer = ((f"x-amz-checksum-{checksum.lower()}", summary.checksum.value),)
    assert summary.trailers == (in_trailer if scheme == "https" else ())
    random = Random(seed)
    mutation = mutations.one_of(wire, random)
    if mutation != wire:
        assert differs(head(request), mutation, body) or scheme == "https"
    no_changed_head(request, random)


@pytest.mark.parametrize("checksum", CHECKSUMS)
def test_every_byte_of_an_upload_counts(checksum: str) -> None:
    body = bytes(range(200))
    request = botocore_upload(CLIENTS["https"][0], CLIENT_SIGNERS[0], body, checksum, True)
    wire = request.body
    assert wire is not None
    every_byte(request, wire, body)


def every_byte(request: Sent, wire: bytes, body: bytes) -> None:
    identity, random = head(request), Random(1)
    tried = [mutation for mutation in mutations.all_of(wire, random) if mutation != wire]
    if "ECDSA" in identity.payload:
        # Each takes long to verify.
        tried = random.sample(tried, 300)
    different = sum(differs(identity, mutation, body) for mutation in tried)
    assert different > len(tried) * 0.95


def put_in_chunks(key: Key, kind: str, body: bytes) -> Wish:
    headers = [("Content-Encoding", "aws-chunked"), ("x-amz-decoded-content-length", str(len(body)))]
    if kind != "signed":
        headers.append(("x-amz-trailer", "x-amz-checksum-sha256"))
    return Wish("PUT", f"/{BUCKET}/key", "", tuple(headers), b"", key, NOW)


def others_chunks(streaming: Streaming, key: Key, kind: str, chunks: list[bytes]) -> Sent:
    """A body whose chunks are signed with botocore's key of the day, behind a head that botocore or aws-c-auth signs.
    Neither offers to sign a chunk from Python."""
    body = b"".join(chunks)
    request = streaming(put_in_chunks(key, kind, body), STREAMING[kind])
    authorization = request.header(b"authorization")
    assert authorization is not None
    previous = authorization.decode().rsplit("Signature=", 1)[1]
    signer = botocore.auth.S3SigV4Auth(botocore_credentials(key), "s3", REGION)
    made = AWSRequest(method="PUT", url=f"https://{HOST}/{BUCKET}/key")
    made.context["timestamp"] = NOW.strftime("%Y%m%dT%H%M%SZ")
    scope, empty = signer.credential_scope(made), hashlib.sha256(b"").hexdigest()

    def sign(algorithm: str, *lines: str) -> str:
        nonlocal previous
        text = "\n".join([algorithm, made.context["timestamp"], scope, previous, *lines])
        previous = str(signer.signature(text, made))
        return previous

    wire = b""
    for chunk in [*chunks, b""]:
        signature = sign("AWS4-HMAC-SHA256-PAYLOAD", empty, hashlib.sha256(chunk).hexdigest())
        wire += b"%x;chunk-signature=%s\r\n" % (len(chunk), signature.encode())
        wire += chunk + b"\r\n" if chunk else b""
    if kind == "signed-trailer":
        line = b"x-amz-checksum-sha256:" + base64.b64encode(hashlib.sha256(body).digest())
        signature = sign("AWS4-HMAC-SHA256-TRAILER", hashlib.sha256(line + b"\n").hexdigest())
        wire += line + b"\r\nx-amz-trailer-signature:" + signature.encode() + b"\r\n"
    return replace(request, body=wire + b"\r\n")


@pytest.mark.parametrize("key", [STATIC, TEMPORARY])
@pytest.mark.parametrize("suffix", ["PAYLOAD", "PAYLOAD-TRAILER"])
def test_a_head_of_chunks_with_sigv4a(key: Key, suffix: str) -> None:
    payload = "STREAMING-AWS4-ECDSA-P256-SHA256-" + suffix
    kind = "signed" if suffix == "PAYLOAD" else "signed-trailer"
    request = crt_streaming(put_in_chunks(key, kind, b"body"), payload)
    for seed in range(20):
        no_changed_head(request, Random(seed))
    identity = head(request)
    assert (identity.payload, identity.form) == (payload, "sigv4a-header")
    assert identity.body_reader().decoded_length == 4


_CHUNKS = st.lists(st.binary(min_size=1, max_size=80), max_size=4)


@pytest.mark.parametrize("streaming", [botocore_streaming, crt_streaming])
@given(
    key=st.sampled_from([STATIC, TEMPORARY]),
    kind=st.sampled_from(list(STREAMING)),
    chunks=_CHUNKS,
    pieces=_PIECES,
    seed=st.integers(),
)
def test_signed_chunks(
    streaming: Streaming, key: Key, kind: str, chunks: list[bytes], pieces: list[int], seed: int
) -> None:
    body = b"".join(chunks)
    request = others_chunks(streaming, key, kind, chunks)
    wire = request.body
    assert wire is not None
    out, summary = read(request, wire, pieces)
    assert out == body and (summary.checksum is not None) == (kind == "signed-trailer")
    random = Random(seed)
    mutation = mutations.one_of(wire, random)
    if mutation != wire:
        differs(head(request), mutation, body)
    no_changed_head(request, random)
    # The library's own signer makes the same bytes of it.
    assert own_chunks(key, kind, chunks).body == wire


def own_chunks(key: Key, kind: Any, chunks: list[bytes], algorithm: Any = "sigv4") -> Sent:
    signer = s3iam.Signer(
        key.access_key, key.secret_key, session_token=key.token, region=REGION, algorithm=algorithm,
        region_set="eu-*" if algorithm == "sigv4a" else None,
    )  # fmt: skip
    body = b"".join(chunks)
    headers = [("Host", HOST), *put_in_chunks(key, kind, body).headers]
    trailers = None
    if kind != "signed":
        trailers = {"x-amz-checksum-sha256": base64.b64encode(hashlib.sha256(body).digest()).decode()}
    add, encoder = signer.chunks("PUT", f"/{BUCKET}/key", headers, kind, now=NOW)
    wire = b"".join(encoder.encode(chunk) for chunk in chunks) + encoder.finish(trailers)
    return sent("PUT", f"/{BUCKET}/key", [*headers, *add], wire)


@pytest.mark.parametrize("algorithm", ["sigv4", "sigv4a"])
@pytest.mark.parametrize("kind", ["signed", "signed-trailer", "unsigned-trailer"])
def test_every_byte_of_a_body_in_chunks_counts(kind: str, algorithm: str) -> None:
    chunks = [b"some bytes", bytes(range(30))] if algorithm == "sigv4" else [b"some bytes"]
    request = own_chunks(TEMPORARY, kind, chunks, algorithm)
    wire = request.body
    assert wire is not None
    assert read(request, wire)[0] == b"".join(chunks)
    every_byte(request, wire, b"".join(chunks))


def test_nothing_of_a_changed_chunk_is_released() -> None:
    chunks = [b"first chunk", b"second chunk"]
    request = own_chunks(STATIC, "signed", chunks)
    wire = request.body
    assert wire is not None
    changed = wire.replace(b"second", b"Second")
    reader = head(request).body_reader()
    out = b""
    with pytest.raises(s3iam.SignatureError):
        for at in range(len(changed)):
            out += reader.push(changed[at : at + 1])
    assert out == b"first chunk"
