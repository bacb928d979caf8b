"""Browsers that are signed in. Only the hash of the cookie is kept."""

from __future__ import annotations

import secrets
from hashlib import sha256

from msgspec import Struct

from queue_server.registry.file import RegistryFile
from queue_server.registry.people import COLUMNS, Person, person_of


class Session(Struct, frozen=True, kw_only=True):
    person: Person
    created_at: int
    expires_at: int


class Sessions:
    def __init__(self, file: RegistryFile) -> None:
        self._file = file

    def start(self, person: str, lasts_ms: int) -> str:
        """A fresh cookie for somebody who has just shown the right secret. Sessions that are over are swept."""
        cookie, now = secrets.token_urlsafe(24), self._file.now()
        with self._file.change() as connection:
            connection.execute("DELETE FROM sessions WHERE expires_at <= ?", (now,))
            connection.execute(
                "INSERT INTO sessions (hash, person, created_at, expires_at) VALUES (?, ?, ?, ?)",
                (_hash(cookie), person, now, now + lasts_ms),
            )
        return cookie

    def find(self, cookie: str) -> Session | None:
        """Whose cookie it is, as that person is now; None when it is over or was ended."""
        rows = self._file.read(
            f"SELECT sessions.created_at, expires_at, {COLUMNS} FROM sessions JOIN people ON people.id = person"
            " WHERE hash = ? AND expires_at > ?",
            (_hash(cookie), self._file.now()),
        )
        if not rows:
            return None
        created_at, expires_at, *person = rows[0]
        return Session(person=person_of(tuple(person)), created_at=created_at, expires_at=expires_at)

    def end(self, cookie: str) -> None:
        with self._file.change() as connection:
            connection.execute("DELETE FROM sessions WHERE hash = ?", (_hash(cookie),))


def _hash(cookie: str) -> bytes:
    return sha256(cookie.encode(errors="replace")).digest()
