"""The hash that closed a day, signed by the mall and given to others, so that they can hold the mall to it.

The chain shows every change of a row, but whoever has the file and the program can hash all of it anew. Then it ends in
other hashes than those that were given away, and nobody can sign the new ones without the mall's key.

Signed is one short text, whose first line says what it is; a newer rule has another first line.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from msgspec import Struct

from queue_server.errors import Unavailable

RULE = "antrean closing 1"

FIRST = b'{"type":"ClosingSigned"'
"""So the event begins that has a signature."""


class Closing(Struct, frozen=True, kw_only=True):
    """`row` is the number of the journal's row that closed `day`, `hash` its hash; all hashes and keys in hex."""

    mall: str
    journal: str
    day: str
    row: int
    hash: str
    public_key: str
    signature: str

    @property
    def signed(self) -> bytes:
        """What the signature is of."""
        return words_of(self.mall, self.journal, self.day, self.row, self.hash)

    @property
    def holds(self) -> bool:
        """Whether the key that it names has signed it."""
        try:
            key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(self.public_key))
            key.verify(bytes.fromhex(self.signature), self.signed)
        except (ValueError, InvalidSignature):
            return False
        return True


class Signed(Struct, frozen=True, kw_only=True, tag="ClosingSigned"):
    """What of a `ClosingSigned` every version writes alike."""

    day: str
    row: int
    hash: str
    public_key: str
    signature: str


decode_signed = msgspec.json.Decoder(Signed).decode


def words_of(mall: str, journal: str, day: str, row: int, digest: str) -> bytes:
    return "\n".join((RULE, mall, journal, day, str(row), digest, "")).encode()


class MallKey:
    """The key with which a mall signs. Whoever has it can sign for the mall, so it lies in a file of its own."""

    def __init__(self, key: Ed25519PrivateKey) -> None:
        self._key = key
        self.public: str = key.public_key().public_bytes_raw().hex()

    def sign(self, *, mall: str, journal: str, day: str, row: int, digest: str) -> Closing:
        signature = self._key.sign(words_of(mall, journal, day, row, digest)).hex()
        return Closing(
            mall=mall, journal=journal, day=day, row=row, hash=digest, public_key=self.public, signature=signature
        )


def mall_key(path: Path) -> tuple[MallKey, bool]:
    """The key in a PEM file, and whether it was made just now, since there was none. Raises Unavailable."""
    try:
        made = not path.exists()
        if made:
            _make(path)
        key = load_pem_private_key(path.read_bytes(), password=None)
    except (OSError, ValueError, TypeError) as error:
        raise Unavailable(f"The mall's key {path} cannot be used: {error}.") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise Unavailable(f"{path} is no Ed25519 key.")
    return MallKey(key), made


def _make(path: Path) -> None:
    """Whole or not at all, and for nobody else to read."""
    fresh = path.with_name(path.name + ".new")
    with suppress(FileNotFoundError):
        fresh.unlink()
    descriptor = os.open(fresh, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(
            Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
        )
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)


# What was given away

_decode = msgspec.json.Decoder(Closing).decode
_encode = msgspec.json.Encoder().encode


def written(closings: Iterable[Closing]) -> bytes:
    """As they are given away: one line of JSON for each day."""
    return b"".join(_encode(closing) + b"\n" for closing in closings)


def read_closings(raw: bytes) -> list[Closing]:
    """Raises ValueError where a line is none."""
    return [_decode(line) for line in raw.splitlines() if line.strip()]
