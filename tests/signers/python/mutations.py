"""Changes of a request by a single byte."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from random import Random

from canonical import meaning, signed_headers
from wishes import Sent


def parts(
    request: Sent, signed: Callable[[Sent], list[int]] = signed_headers
) -> list[tuple[str, bytes, Callable[[bytes], Sent]]]:
    """Everything that is signed: what it is, its bytes, and how the request is with others in their place."""

    def header(at: int, name: bytes, value: bytes) -> Sent:
        return replace(request, headers=(*request.headers[:at], (name, value), *request.headers[at + 1 :]))

    path, mark, query = request.target.partition(b"?")
    found: list[tuple[str, bytes, Callable[[bytes], Sent]]] = [
        ("method", request.method, lambda text: replace(request, method=text)),
        ("path", path, lambda text: replace(request, target=text + mark + query)),
        ("query", mark + query, lambda text: replace(request, target=path + text)),
    ]
    for at in signed(request):
        name, value = request.headers[at]
        title = name.decode("latin-1")
        found.append((f"name of {title}", name, partial(header, at, value=value)))
        found.append((f"value of {title}", value, partial(header, at, name)))
    if request.body is not None:
        found.append(("body", request.body, lambda text: replace(request, body=text)))
    return found


def all_of(text: bytes, random: Random) -> Iterator[bytes]:
    """At every position: each bit turned, another byte, the byte away, and one more."""
    for at in range(len(text)):
        for bit in range(8):
            yield text[:at] + bytes([text[at] ^ 1 << bit]) + text[at + 1 :]
        yield text[:at] + bytes([random.randrange(256)]) + text[at + 1 :]
        yield text[:at] + text[at + 1 :]
        yield text[:at] + bytes([random.choice(b" /%&=+;,aA0\x00") if random.random() < 0.5 else random.randrange(256)]) + text[at:]
    yield text + bytes([random.randrange(256)])


def one_of(text: bytes, random: Random) -> bytes:
    """A single one of them, at random."""
    at = random.randrange(len(text) + 1)
    kind = random.randrange(4) if at < len(text) else 3
    other = bytes([random.choice([random.randrange(256), *b" /%&=+;,aA0"])])
    if kind == 0:
        return text[:at] + bytes([text[at] ^ 1 << random.randrange(8)]) + text[at + 1 :]
    return text[:at] + (b"" if kind == 2 else other) + text[at + (kind != 3) :]


def changed(request: Sent, mutated: Sent, meaning: Callable[[Sent], object] = meaning) -> bool:
    """Whether a mutation says something else."""
    return mutated != request and meaning(mutated) != meaning(request)
