"""An answer of several pieces, of which the largest is the same for everybody and is kept once.

A page of staff carries all that it may say. Were that copied for each reader, some hundred who ask at once would take
hundreds of megabytes; so it goes out of the one place where it lies, and as slowly as its reader takes it.
"""

from __future__ import annotations

from aiohttp.abc import AbstractStreamWriter
from aiohttp.payload import Payload


class Pieces(Payload):
    def __init__(self, *pieces: bytes) -> None:
        super().__init__(pieces, content_type="text/html; charset=utf-8")
        self.pieces = pieces
        self._size = sum(map(len, pieces))

    def decode(self, encoding: str = "utf-8", errors: str = "strict") -> str:
        return b"".join(self.pieces).decode(encoding, errors)

    async def write(self, writer: AbstractStreamWriter) -> None:
        for piece in self.pieces:
            await writer.write(piece)
