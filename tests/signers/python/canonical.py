"""What a signed request says, read as the standard describes it and independently of what is tested.

A change on the wire that leaves this as it is changes nothing: `%c3` for `%C3`, another case of a header's name,
one more space between two. Every other change must be refused.
"""

from __future__ import annotations

import re
from urllib.parse import quote_from_bytes, unquote_to_bytes

from wishes import Sent

BROKEN_ESCAPE = re.compile(rb"%(?![0-9A-Fa-f]{2})")
_SPACE = re.compile(rb"[ \t\n\v\f\r]+")


def meaning(request: Sent) -> object:
    """A value that is equal for requests that say the same, or `None` if it cannot be read."""
    path, _, query = request.target.partition(b"?")
    if BROKEN_ESCAPE.search(request.target):
        return None
    pairs = [piece.partition(b"=")[::2] for piece in query.split(b"&") if piece]
    parameters = sorted(
        (_again(name.replace(b"+", b" "), "-_.~"), _again(value.replace(b"+", b" "), "-_.~")) for name, value in pairs
    )
    authorization, signed = _authorization(request, dict(parameters))
    headers: dict[bytes, list[bytes]] = {}
    for name, value in request.headers:
        name = name.lower()
        if name in signed or name.startswith(b"x-amz-"):
            headers.setdefault(name, []).append(_SPACE.sub(b" ", value).strip())
    return request.method, _again(path or b"/", "/-_.~"), parameters, headers, authorization, request.body


def _again(text: bytes, safe: str) -> str:
    """Decoded once and encoded once."""
    return quote_from_bytes(unquote_to_bytes(text), safe=safe)


def _authorization(request: Sent, parameters: dict[str, str]) -> tuple[object, list[bytes]]:
    value = request.header(b"authorization")
    if value is None:
        names = unquote_to_bytes(parameters.get("X-Amz-SignedHeaders", ""))
        return None, names.split(b";")
    algorithm, _, rest = value.strip().partition(b" ")
    fields = [field.strip() for field in rest.split(b",")]
    names = next((field[len(b"SignedHeaders=") :] for field in fields if field.startswith(b"SignedHeaders=")), b"")
    return (algorithm, fields), names.split(b";")


def signed_headers(request: Sent) -> list[int]:
    """Which headers are signed, or sign: their positions."""
    _, _, query = request.target.partition(b"?")
    found = re.search(rb"X-Amz-SignedHeaders=([^&]*)", query)
    names = unquote_to_bytes(found[1]).split(b";") if found else _authorization(request, {})[1]
    names.append(b"authorization")
    return [at for at, (name, _) in enumerate(request.headers) if name.lower() in names]
