"""Links that let somebody choose a secret: an invitation, a new secret, and the set-up of a mall that nobody runs yet.

A link is good once and for a while. Only its hash is kept; a newer one for the same person ends the older.
"""

from __future__ import annotations

import secrets
from hashlib import sha256

from msgspec import Struct

from queue_server.registry.file import RegistryFile
from queue_server.registry.people import check_local

INVITE_MS = 72 * 3_600_000
SETUP_MS = 24 * 3_600_000


class Link(Struct, frozen=True, kw_only=True):
    """`person` is None for the set-up, whose admin is not there yet."""

    person: str | None
    expires_at: int


class Links:
    def __init__(self, file: RegistryFile) -> None:
        self._file = file

    def make(self, person: str | None) -> tuple[str, int]:
        """A fresh one and when it ends; the older one of this person lets nobody in any more.

        Raises `Invalid` for whoever signs in by an identity provider.
        """
        secret, now = secrets.token_urlsafe(24), self._file.now()
        ends = now + (INVITE_MS if person is not None else SETUP_MS)
        with self._file.change() as connection:
            if person is not None:
                check_local(connection, person, "a password")
            connection.execute("DELETE FROM links WHERE person IS ? OR expires_at <= ?", (person, now))
            connection.execute("INSERT INTO links VALUES (?, ?, ?)", (_hash(secret), person, ends))
        return secret, ends

    def find(self, secret: str) -> Link | None:
        rows = self._file.read(
            "SELECT person, expires_at FROM links WHERE hash = ? AND expires_at > ?", (_hash(secret), self._file.now())
        )
        return Link(person=rows[0][0], expires_at=rows[0][1]) if rows else None

    def take(self, secret: str) -> bool:
        """Use it up; False where somebody was quicker."""
        with self._file.change() as connection:
            return bool(connection.execute("DELETE FROM links WHERE hash = ?", (_hash(secret),)).rowcount)


def _hash(secret: str) -> bytes:
    return sha256(secret.encode(errors="replace")).digest()
