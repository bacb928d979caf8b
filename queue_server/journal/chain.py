"""How a row of the journal is hashed: over the hash of the row before it, its `seq`, stream, time and data.

The rule has a version, `PERSON`, that goes into every hash: rows of another rule never hash by chance to what this one
says. A rule that is changed takes another version, and says from which row on.

Idempotency keys are not part of it: they are forgotten after a day and say nothing of what happened.
"""

from __future__ import annotations

from hashlib import blake2b
from struct import Struct

SIZE = 32
PERSON = b"antrean/1"
START = bytes(SIZE)
"""What stands for the row before the first."""

_FIXED = Struct(">QqI")


def link(before: bytes, seq: int, stream: str, at: int, data: bytes) -> bytes:
    """The hash of a row; `data` is the event's JSON as it is stored, to the byte."""
    name = stream.encode()
    return blake2b(
        b"".join((before, _FIXED.pack(seq, at, len(name)), name, data)), digest_size=SIZE, person=PERSON
    ).digest()


def holds(before: bytes, seq: int, stream: object, at: object, data: object, digest: object) -> bool:
    """Whether a row that was read hashes to what it says. In a damaged file even the kinds of values may be others."""
    if not (isinstance(stream, str) and isinstance(at, int) and isinstance(data, bytes)):
        return False
    return link(before, seq, stream, at, data) == digest
