"""Browsers that are signed in. Only the hash of the cookie is kept."""

from __future__ import annotations

import secrets
from hashlib import sha256

from msgspec import Struct

from queue_server.registry.file import RegistryFile
from queue_server.registry.people import COLUMNS, Person, person_of

BY_PASSWORD, BY_LINK, BY_BADGE, BY_PROVIDER = "password", "link", "badge", "provider"
"""How a session may be begun."""


class Session(Struct, frozen=True, kw_only=True):
    """`way` is how it was begun, None of an older version. `has_factor`: its person has a second factor."""

    person: Person
    created_at: int
    expires_at: int
    way: str | None = None
    locked_at: int | None = None
    has_factor: bool = False


class Listed(Struct, frozen=True, kw_only=True):
    """One of somebody's sessions, as it is shown; `id` is no secret. `address` is where it was begun."""

    id: str
    person: str
    created_at: int
    expires_at: int
    address: str | None
    browser: str | None


class Sessions:
    def __init__(self, file: RegistryFile) -> None:
        self._file = file

    def start(
        self,
        person: str,
        lasts_ms: int,
        *,
        address: str | None = None,
        browser: str | None = None,
        way: str | None = None,
    ) -> str:
        """A fresh cookie for somebody who has just shown who they are. Sessions that are over are swept."""
        cookie, now = secrets.token_urlsafe(24), self._file.now()
        with self._file.change() as connection:
            connection.execute("DELETE FROM sessions WHERE expires_at <= ?", (now,))
            connection.execute(
                "INSERT INTO sessions (hash, person, created_at, expires_at, id, address, browser, way)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (_hash(cookie), person, now, now + lasts_ms, "s" + secrets.token_hex(8), address, browser, way),
            )
            connection.execute("UPDATE people SET signed_in_at = ? WHERE id = ?", (now, person))
        return cookie

    def find(self, cookie: str) -> Session | None:
        """Whose cookie it is, as that person is now; None when it is over or was ended."""
        rows = self._file.read(
            "SELECT sessions.created_at, expires_at, way, locked_at, EXISTS (SELECT 1 FROM second_factors AS factor"
            f" WHERE factor.person = people.id AND set_at IS NOT NULL), {COLUMNS}"
            " FROM sessions JOIN people ON people.id = sessions.person"
            " WHERE hash = ? AND expires_at > ? AND suspended_at IS NULL",
            (_hash(cookie), self._file.now()),
        )
        if not rows:
            return None
        created_at, expires_at, way, locked_at, has_factor, *person = rows[0]
        return Session(
            person=person_of(tuple(person)),
            created_at=created_at,
            expires_at=expires_at,
            way=way,
            locked_at=locked_at,
            has_factor=bool(has_factor),
        )

    def id_of(self, cookie: str) -> str | None:
        rows = self._file.read("SELECT id FROM sessions WHERE hash = ?", (_hash(cookie),))
        return rows[0][0] if rows else None

    def of(self, person: str) -> list[Listed]:
        """Where somebody is signed in, the newest first."""
        rows = self._file.read(
            "SELECT id, person, created_at, expires_at, address, browser FROM sessions"
            " WHERE person = ? AND expires_at > ? ORDER BY created_at DESC",
            (person, self._file.now()),
        )
        return [
            Listed(id=id_, person=whose, created_at=at, expires_at=ends, address=address, browser=browser)
            for id_, whose, at, ends, address, browser in rows
        ]

    def lock(self, cookie: str, locked: bool) -> bool:
        """Let nobody in by it until it is unlocked; False where it is so already."""
        with self._file.change() as connection:
            changed = connection.execute(
                "UPDATE sessions SET locked_at = ? WHERE hash = ? AND (locked_at IS NULL) = ?",
                (self._file.now() if locked else None, _hash(cookie), locked),
            )
            return bool(changed.rowcount)

    def end(self, cookie: str) -> None:
        with self._file.change() as connection:
            connection.execute("DELETE FROM sessions WHERE hash = ?", (_hash(cookie),))

    def end_one(self, person: str, session: str) -> bool:
        """End one of somebody's; False where they have no such."""
        with self._file.change() as connection:
            ended = connection.execute("DELETE FROM sessions WHERE person = ? AND id = ?", (person, session))
            return bool(ended.rowcount)

    def end_all(self, person: str, *, but: str | None = None) -> int:
        """End somebody's sessions, but the one of this cookie; how many there were."""
        with self._file.change() as connection:
            return int(
                connection.execute(
                    "DELETE FROM sessions WHERE person = ? AND hash IS NOT ?",
                    (person, _hash(but) if but is not None else None),
                ).rowcount
            )


def _hash(cookie: str) -> bytes:
    return sha256(cookie.encode(errors="replace")).digest()
