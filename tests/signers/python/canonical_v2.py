"""What a request signed with SigV2 says, read as the standard describes it and independently of what is tested.

It covers the method, the path as it is sent, the bucket of the host, some parameters, and of the headers
`Content-MD5`, `Content-Type`, the date and `x-amz-*`. It covers neither the other parameters and headers nor the body,
unless one of these is the body's hash. `Content-MD5` is that of an upload; without one it means nothing.
"""

from __future__ import annotations

import re
from urllib.parse import unquote_to_bytes

from botocore.auth import HmacV1Auth
from canonical import BROKEN_ESCAPE
from wishes import HOST, Sent

COVERED = frozenset(name.encode() for name in HmacV1Auth.QSAOfInterest)
_STANDARD = (b"content-md5", b"content-type")
_SIGNATURE = (b"AWSAccessKeyId", b"Signature", b"Expires")


def meaning(request: Sent) -> object:
    """A value that is equal for requests that say the same, or `None` if it cannot be read."""
    path, _, query = request.target.partition(b"?")
    if BROKEN_ESCAPE.search(request.target):
        return None
    pieces = [piece.partition(b"=") for piece in query.split(b"&") if piece]
    pairs = [(_decoded(name), _decoded(value)) for name, _, value in pieces]
    headers = [(name.lower(), _line(value)) for name, value in request.headers]
    authorization = [value for name, value in headers if name == b"authorization"]
    # What acts as a header may stand in the query.
    headers += [(name.lower(), _line(value)) for name, value in pairs if name.lower().startswith(b"x-amz-")]
    if not authorization:
        headers += [(name.lower(), _line(value)) for name, value in pairs if name.lower() in _STANDARD]
    lines: dict[bytes, list[bytes]] = {}
    for name, value in headers:
        if name in _STANDARD or name.startswith(b"x-amz-"):
            lines.setdefault(name, []).append(value)
    dates = [value for name, value in headers if name == b"date"] if b"x-amz-date" not in lines else []
    signature = authorization, sorted((name, value) for name, value in pairs if name in _SIGNATURE)
    parameters = sorted((name, value) for name, value in pairs if name in COVERED)
    hashed = b"x-amz-content-sha256" in lines or (b"content-md5" in lines and request.method in (b"PUT", b"POST"))
    body = request.body if hashed else None
    return request.method, _bucket(request), path or b"/", parameters, lines, dates, signature, body


def signed_headers(request: Sent) -> list[int]:
    """Which headers are signed, or sign: their positions. Of the host it is the bucket."""
    names = (b"authorization", b"host", *_STANDARD)
    found = [at for at, (name, _) in enumerate(request.headers) if name.lower() in names]
    found += [at for at, (name, _) in enumerate(request.headers) if name.lower().startswith(b"x-amz-")]
    if request.header(b"x-amz-date") is None:
        found += [at for at, (name, _) in enumerate(request.headers) if name.lower() == b"date"]
    return found


def _bucket(request: Sent) -> bytes | None:
    """The bucket that the host names."""
    host = re.sub(rb":[^:]*\Z", b"", (request.header(b"host") or b"").strip()).lower().removesuffix(b".")
    domain = b"." + HOST.encode()
    return host.removesuffix(domain) if host.endswith(domain) else None


def _decoded(text: bytes) -> bytes:
    return unquote_to_bytes(text.replace(b"+", b" "))


def _line(value: bytes) -> bytes:
    """A value in one line: where a folded line goes on stands a space. Other space within it stays."""
    pieces = (piece.strip() for piece in re.split(rb"[\r\n]", value))
    return b" ".join(piece for piece in pieces if piece)
