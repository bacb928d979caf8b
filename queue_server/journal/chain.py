"""How a row of the journal is hashed: over the hash of the row before it, its `seq`, stream, time and data.

Idempotency keys are not part of it: they are forgotten after a day and say nothing of what happened.
"""

from __future__ import annotations

from hashlib import blake2b
from struct import Struct

SIZE = 32
START = bytes(SIZE)
"""What stands for the row before the first."""

_FIXED = Struct(">QqI")


def link(before: bytes, seq: int, stream: str, at: int, data: bytes) -> bytes:
    """The hash of a row; `data` is the event's JSON as it is stored, to the byte."""
    name = stream.encode()
    return blake2b(b"".join((before, _FIXED.pack(seq, at, len(name)), name, data)), digest_size=SIZE).digest()
