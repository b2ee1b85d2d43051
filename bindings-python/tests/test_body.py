"""Bodies while they arrive."""

import asyncio
import base64
import hashlib
import json
import threading
import zlib
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from samples import HOST, REGION, SECRET, Sent, sign

import s3iam
from s3iam import BodyReader, ChunkKind, Iam, Signer, Verifier

OBJECT = bytes(range(256)) * 100
CRC32 = base64.b64encode(zlib.crc32(OBJECT).to_bytes(4, "big")).decode()
KINDS: list[ChunkKind] = ["signed", "signed-trailer", "unsigned-trailer"]


def verifier(**options: Any) -> Verifier:
    verifier = Verifier(region=REGION, **options)
    verifier.add_key("AKIDALICE", SECRET)
    return verifier


def chunked(kind: ChunkKind, *, chunk_bytes: int = 8192, algorithm: s3iam.SigningAlgorithm = "sigv4") -> Sent:
    """An upload of the object in chunks."""
    region_set = REGION if algorithm == "sigv4a" else None
    signer = Signer("AKIDALICE", SECRET, region=REGION, algorithm=algorithm, region_set=region_set)
    headers = [
        ("Host", HOST),
        ("Content-Encoding", "aws-chunked"),
        ("X-Amz-Decoded-Content-Length", str(len(OBJECT))),
    ]
    trailers = {}
    if kind != "signed":
        headers.append(("X-Amz-Trailer", "x-amz-checksum-crc32"))
        trailers["x-amz-checksum-crc32"] = CRC32
    added, chunks = signer.chunks("PUT", "/photos/cat.jpg", headers, kind)
    pieces = [chunks.encode(OBJECT[at : at + chunk_bytes]) for at in range(0, len(OBJECT), chunk_bytes)]
    body = b"".join(pieces) + chunks.finish(trailers)
    lengths = {name: len(value) for name, value in trailers.items()}
    assert len(body) == signer.encoded_length(kind, len(OBJECT), chunk_bytes=chunk_bytes, trailers=lengths)
    return Sent("PUT", "/photos/cat.jpg", headers + added, body)


def reader_of(sent: Sent, **options: Any) -> BodyReader:
    return verifier(**options).verify(sent.method, sent.target, sent.headers).body_reader()


def pieces(body: bytes | None, size: int) -> Iterator[bytes]:
    assert body is not None
    return (body[at : at + size] for at in range(0, len(body), size))


@pytest.mark.parametrize("size", [1, 7, 8192, 1_000_000])
@pytest.mark.parametrize("kind", KINDS)
def test_a_chunked_body_becomes_the_object(kind: ChunkKind, size: int) -> None:
    sent = chunked(kind)
    reader = reader_of(sent)
    assert reader.decoded_length == len(OBJECT) and reader.summary is None
    assert b"".join(reader.iter(pieces(sent.body, size))) == OBJECT
    assert reader.summary is not None and reader.summary.decoded_length == len(OBJECT)
    if kind == "signed":
        assert (reader.summary.checksum, reader.summary.trailers) == (None, ())
    else:
        assert reader.summary.checksum == s3iam.Checksum("CRC32", CRC32)
        assert reader.summary.trailers == (("x-amz-checksum-crc32", CRC32),)


@pytest.mark.parametrize("kind", KINDS)
def test_a_chunked_body_that_is_there_already_is_checked(kind: ChunkKind) -> None:
    sent = chunked(kind, algorithm="sigv4a")
    identity = verifier().verify(sent.method, sent.target, sent.headers, body=sent.body)
    assert identity.form == "sigv4a-header" and identity.payload.startswith("STREAMING-")
    assert identity.payload_sha256 is None
    assert sent.body is not None
    with pytest.raises(s3iam.SignatureError):
        verifier().verify(sent.method, sent.target, sent.headers, body=sent.body[:-3])


def test_the_payload_has_a_name() -> None:
    def payload(sent: Sent) -> str:
        return verifier().verify(sent.method, sent.target, sent.headers).payload

    assert payload(sign("PUT", "/b/k", body=b"cat")) == "sha256"
    assert payload(sign("GET", "/b/k", presigned=True)) == "unsigned"
    assert payload(chunked("signed")) == "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"


def test_a_forged_chunk_is_not_released() -> None:
    sent = chunked("signed")
    assert sent.body is not None
    at = 2 * 8192 + 1000  # in the third chunk
    forged = sent.body[:at] + b"!" + sent.body[at + 1 :]
    reader = reader_of(sent)
    released = b""
    with pytest.raises(s3iam.SignatureError) as raised:
        for data in reader.iter(pieces(forged, 1000)):
            released += data
    assert raised.value.code == "chunk-signature-does-not-match" and raised.value.http_status == 403
    assert released == OBJECT[: 2 * 8192]
    for again in (lambda: reader.push(b"more"), lambda: reader.push(b""), reader.finish):
        with pytest.raises(s3iam.SignatureError) as raised:
            again()
        assert raised.value.code == "chunk-signature-does-not-match"
    assert reader.summary is None


def test_a_body_that_ends_early_is_no_object() -> None:
    sent = chunked("signed")
    assert sent.body is not None
    reader = reader_of(sent)
    with pytest.raises(s3iam.SignatureError) as raised:
        list(reader.iter([sent.body[:9000]]))
    assert (raised.value.code, raised.value.s3_code) == ("body-truncated", "IncompleteBody")


def test_a_reader_is_used_once() -> None:
    sent = sign("PUT", "/photos/cat.jpg", body=OBJECT)
    reader = reader_of(sent)
    assert b"".join(reader.iter([OBJECT])) == OBJECT
    assert repr(reader) == "<s3iam.BodyReader at the end>"
    for again in (lambda: reader.push(b""), reader.finish):
        with pytest.raises(s3iam.ArgumentError) as raised:
            again()
        assert raised.value.code == "invalid-argument"
    assert reader.summary is not None and reader.summary.decoded_length == len(OBJECT)


def test_each_reader_begins_anew() -> None:
    sent = sign("PUT", "/b/k", body=OBJECT)
    identity = verifier().verify(sent.method, sent.target, sent.headers)
    for _ in range(2):
        assert identity.body_reader().push(OBJECT) == OBJECT


def test_what_was_announced_is_compared() -> None:
    sent = sign("PUT", "/b/k", body=OBJECT)
    reader = reader_of(sent)
    reader.push(OBJECT[:-1])
    with pytest.raises(s3iam.SignatureError) as raised:
        reader.finish()
    assert raised.value.code == "content-sha256-mismatch"
    headers = [("Host", HOST), ("Content-MD5", base64.b64encode(hashlib.md5(OBJECT).digest()).decode())]
    reader = Verifier(error_profile="minio").anonymous_body("PUT", "/b/k", headers)
    assert b"".join(reader.iter(pieces(OBJECT, 1000))) == OBJECT
    assert reader.summary is not None and reader.summary.content_md5 == headers[1][1]
    reader = Verifier(error_profile="minio").anonymous_body("PUT", "/b/k", headers)
    with pytest.raises(s3iam.SignatureError) as raised:
        list(reader.iter([b"cat"]))
    assert raised.value.message == "The Content-Md5 you specified did not match what we received."


def test_data_comes_as_any_bytes() -> None:
    def reader() -> BodyReader:
        return Verifier().anonymous_body("PUT", "/b/k", [("Host", HOST)])

    whole = b"cat"
    assert reader().push(whole) is whole
    assert reader().push(bytearray(whole)) == whole
    assert reader().push(memoryview(whole)[1:]) == b"at"
    assert reader().push(memoryview(b"c-a-t")[::2]) == whole
    assert reader().push(b"") == b""
    wrong: Any
    for wrong in ("cat", None, 1, [b"cat"], object()):
        with pytest.raises(TypeError, match="data must be bytes, bytearray or memoryview"):
            reader().push(wrong)
    with pytest.raises(TypeError, match="not int"):
        list(reader().iter(whole))  # type: ignore[arg-type]
    for wrong in (None, 1):
        with pytest.raises(TypeError):
            reader().iter(wrong)
    with pytest.raises(TypeError, match="chunks must be an asynchronous iterable of bytes, not list"):
        reader().aiter([whole])  # type: ignore[arg-type]


def test_what_the_sender_raises_comes_through_and_ends_nothing() -> None:
    def broken() -> Iterator[bytes]:
        yield b"cat"
        raise ConnectionResetError("gone")

    reader = Verifier().anonymous_body("PUT", "/b/k", [("Host", HOST)])
    with pytest.raises(ConnectionResetError):
        list(reader.iter(broken()))
    assert reader.summary is None


def test_a_body_is_read_asynchronously() -> None:
    sent = chunked("signed-trailer")

    async def receive() -> AsyncIterator[bytes]:
        for piece in pieces(sent.body, 1000):
            await asyncio.sleep(0)
            yield piece

    async def store(reader: BodyReader) -> bytes:
        return b"".join([data async for data in reader.aiter(receive())])

    reader = reader_of(sent)
    assert asyncio.run(store(reader)) == OBJECT
    assert reader.summary is not None and reader.summary.checksum is not None


def test_the_limits_of_chunks_are_options() -> None:
    def code(sent: Sent, **options: Any) -> str:
        with pytest.raises(s3iam.SignatureError) as raised:
            list(reader_of(sent, **options).iter(pieces(sent.body, 1000)))
        return raised.value.code

    assert code(chunked("signed"), max_chunk_bytes=8191) == "chunk-too-large"
    assert code(chunked("signed", chunk_bytes=1000), require_min_chunk=True) == "chunk-too-small"
    sent = chunked("signed")
    reader = reader_of(sent, max_chunk_bytes=8192, require_min_chunk=True)
    assert b"".join(reader.iter(pieces(sent.body, 9))) == OBJECT


def test_a_verdict_hands_out_the_reader(iam: Iam) -> None:
    users = {"AKIDALICE": {"secret_key": SECRET, "policies": ["readwrite"]}}
    writers = Iam.load(json.dumps({"version": 1, "users": users}), region=REGION)
    sent = chunked("signed-trailer")
    verdict = writers.authorize(sent.method, sent.target, sent.headers)
    assert verdict.allowed and verdict.payload == "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER"
    assert b"".join(verdict.body_reader().iter(pieces(sent.body, 1000))) == OBJECT
    refused = iam.authorize(sent.method, sent.target, sent.headers)
    with pytest.raises(s3iam.AccessDenied):
        refused.body_reader()
    verdict = iam.authorize("PUT", "/photos/cat.jpg", [("Host", HOST)])
    assert verdict.payload is None
    with pytest.raises(s3iam.AccessDenied):
        verdict.body_reader()


def test_an_anonymous_body_has_no_signatures() -> None:
    for sent in (sign("PUT", "/b/k", body=b"cat"), sign("PUT", "/b/k", presigned=True)):
        with pytest.raises(s3iam.ArgumentError):
            verifier().anonymous_body(sent.method, sent.target, sent.headers)
    headers = [("Host", HOST), ("x-amz-content-sha256", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD")]
    with pytest.raises(s3iam.SignatureError) as raised:
        verifier().anonymous_body("PUT", "/b/k", headers)
    assert raised.value.code == "streaming-without-signature"


def test_readers_come_from_verification_alone() -> None:
    with pytest.raises(TypeError):
        BodyReader()


def test_long_input_lets_other_threads_run() -> None:
    """Each thread has its reader; the GIL is given up in turn, and nothing is mixed up."""
    large = OBJECT * 40
    sent = sign("PUT", "/b/k", body=large)
    identity = verifier().verify(sent.method, sent.target, sent.headers, body=large)
    lengths: list[int] = []

    def read() -> None:
        reader = identity.body_reader()
        assert b"".join(reader.iter([large[:500_000], large[500_000:]])) == large
        assert reader.summary is not None
        lengths.append(reader.summary.decoded_length)

    threads = [threading.Thread(target=read) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert lengths == [len(large)] * 8


def test_one_reader_serves_one_thread_at_a_time() -> None:
    reader = Verifier().anonymous_body("PUT", "/b/k", [("Host", HOST)])
    large = bytes(300_000)
    taken: list[int] = []

    def push() -> None:
        for _ in range(50):
            try:
                taken.append(len(reader.push(large)))
            except s3iam.ArgumentError as error:
                assert error.message == "another thread is at work with this reader"

    threads = [threading.Thread(target=push) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert taken and reader.finish().decoded_length == sum(taken)


@pytest.mark.parametrize(
    ("value", "stored"),
    [("aws-chunked", None), ("", None), ("aws-chunked,gzip", "gzip"), ("gzip, AWS-Chunked , br", "gzip,br")],
)
def test_what_is_stored_of_a_content_encoding(value: str, stored: str | None) -> None:
    assert s3iam.stored_content_encoding(value) == stored
