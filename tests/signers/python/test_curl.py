"""What `curl --aws-sigv4` sends, recorded byte for byte on the loopback address."""

from __future__ import annotations

import hashlib
import shutil
import socket
import subprocess
from datetime import datetime, timezone
from random import Random

import mutations
import pytest
from wishes import REGION, STATIC, TEMPORARY, Key, Sent, refused, verifier

import s3iam

VERIFIER = verifier()
PATIENCE = 20
# curl before 8 signs the query as it stands: it has to be sorted and encoded.
TARGETS = [
    "/",
    "/bucket",
    "/bucket/a%20b",
    "/bucket/%C3%BC/~-._//x%2Bc",
    "/bucket/key?partNumber=2&uploadId=a%2Fb",
    "/bucket?list-type=2&prefix=%E2%82%AC%20",
]
METHODS = ["GET", "PUT", "POST", "DELETE", "HEAD"]


def _has_sigv4() -> bool:
    program = shutil.which("curl")
    if program is None:
        return False
    helped = subprocess.run([program, "--help", "all"], capture_output=True, text=True, check=False)
    return "--aws-sigv4" in helped.stdout


pytestmark = pytest.mark.skipif(not _has_sigv4(), reason="there is no curl with --aws-sigv4 (7.75 or newer)")


def curl(method: str, target: str, headers: list[str], body: bytes, key: Key) -> Sent:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(PATIENCE)
        url = f"http://127.0.0.1:{server.getsockname()[1]}{target}"
        command = ["curl", "--silent", "--show-error", "--noproxy", "*", "--max-time", str(PATIENCE), "--path-as-is"]
        command += ["--config", "-", *(["--head"] if method == "HEAD" else ["--request", method]), url]
        lines = [f'aws-sigv4 = "aws:amz:{REGION}:s3"', f'user = "{key.access_key}:{key.secret_key}"']
        # curl does not send this header by itself, and S3 demands it.
        headers = [*headers, f"x-amz-content-sha256: {hashlib.sha256(body).hexdigest()}"]
        if key.token is not None:
            headers.append(f"x-amz-security-token: {key.token}")
        lines += [f'header = "{header}"' for header in headers]
        if body:
            lines.append(f'data-binary = "{body.decode()}"')
        child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        assert child.stdin is not None
        # The secret goes through a pipe: a command line can be read by other users.
        child.stdin.write("\n".join(lines).encode())
        child.stdin.close()
        try:
            connection, _ = server.accept()
            with connection:
                connection.settimeout(PATIENCE)
                wire = _receive(connection)
                connection.sendall(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")
        finally:
            assert child.stderr is not None
            said = child.stderr.read()
            child.stderr.close()
            assert child.wait(PATIENCE) == 0, said
    return _parse(wire)


def _receive(connection: socket.socket) -> bytes:
    wire = b""
    while True:
        head, end, rest = wire.partition(b"\r\n\r\n")
        if end and len(rest) >= int(dict(_pairs(head)).get(b"content-length", b"0")):
            return wire
        piece = connection.recv(65536)
        assert piece, "the connection ended within the request"
        wire += piece


def _pairs(head: bytes) -> list[tuple[bytes, bytes]]:
    lines = [line.partition(b":") for line in head.split(b"\r\n")[1:]]
    return [(name.lower(), value.strip()) for name, _, value in lines]


def _parse(wire: bytes) -> Sent:
    head, _, body = wire.partition(b"\r\n\r\n")
    method, target, _ = head.split(b"\r\n")[0].split(b" ")
    return Sent(method, target, tuple(_pairs(head)), body)


def verify(request: Sent) -> s3iam.Identity:
    time = request.header(b"x-amz-date")
    assert time is not None
    now = datetime.strptime(time.decode(), "%Y%m%dT%H%M%SZ").replace(tzinfo=timezone.utc)
    return VERIFIER.verify(request.method, request.target, request.headers, body=request.body, now=now)


@pytest.mark.parametrize("key", [STATIC, TEMPORARY])
@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("method", METHODS)
def test_what_curl_signs_verifies_and_nothing_changed(method: str, target: str, key: Key) -> None:
    headers = ["Content-Type: text/plain", "x-amz-meta-note: two words"] if method == "PUT" else []
    body = b"some bytes" if method in ("PUT", "POST") else b""
    request = curl(method, target, headers, body, key)
    assert verify(request).access_key == key.access_key
    random = Random(1)
    date = request.header(b"x-amz-date")
    for what, text, put in mutations.parts(request):
        for _ in range(20):
            mutated = put(mutations.one_of(text, random))
            # Without its date a request is not of any time, and is refused before that.
            if mutations.changed(request, mutated) and mutated.header(b"x-amz-date") == date:
                assert refused(lambda: verify(mutated)), (what, mutated)
