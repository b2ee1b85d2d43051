"""The loops around `BodyReader`: `BodyReader.iter` and `BodyReader.aiter` are these."""

from __future__ import annotations

from collections.abc import AsyncIterable, AsyncIterator, Iterable, Iterator

from ._native import BodyReader


def released(reader: BodyReader, chunks: Iterable[bytes]) -> Iterator[bytes]:
    """What a body releases while it arrives; at its end it is checked."""
    for chunk in chunks:
        if data := reader.push(chunk):
            yield data
    reader.finish()


async def released_async(reader: BodyReader, chunks: AsyncIterable[bytes]) -> AsyncIterator[bytes]:
    """The same of a body that arrives asynchronously."""
    async for chunk in chunks:
        if data := reader.push(chunk):
            yield data
    reader.finish()
