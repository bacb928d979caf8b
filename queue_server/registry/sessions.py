"""Browsers that are signed in. Only the hash of the cookie is kept.

When one last did something is written down by and by: after a crash it counts as left alone up to a minute too early,
never too late.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from hashlib import sha256

from msgspec import Struct

from queue_server.registry.file import RegistryFile
from queue_server.registry.people import COLUMNS, Person, person_of

BY_PASSWORD, BY_LINK, BY_BADGE, BY_PROVIDER = "password", "link", "badge", "provider"
"""How a session may be begun."""


class Session(Struct, frozen=True, kw_only=True):
    """`way` is how it was begun, None of an older version; `did_at` when it last did something. `has_factor`: its
    person has a second factor."""

    id: str
    person: Person
    created_at: int
    expires_at: int
    did_at: int
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
        self._did: dict[str, int] = {}

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
                "INSERT INTO sessions (hash, person, created_at, expires_at, id, address, browser, way, did_at)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (_hash(cookie), person, now, now + lasts_ms, "s" + secrets.token_hex(8), address, browser, way, now),
            )
            connection.execute("UPDATE people SET signed_in_at = ? WHERE id = ?", (now, person))
        return cookie

    def find(self, cookie: str) -> Session | None:
        """Whose cookie it is, as that person is now; None when it is over or was ended."""
        rows = self._file.read(
            "SELECT sessions.id, sessions.created_at, expires_at, did_at, way, locked_at,"
            " EXISTS (SELECT 1 FROM second_factors AS factor"
            f" WHERE factor.person = people.id AND set_at IS NOT NULL), {COLUMNS}"
            " FROM sessions JOIN people ON people.id = sessions.person"
            " WHERE hash = ? AND expires_at > ? AND suspended_at IS NULL",
            (_hash(cookie), self._file.now()),
        )
        if not rows:
            return None
        id_, created_at, expires_at, did_at, way, locked_at, has_factor, *person = rows[0]
        return Session(
            id=id_,
            person=person_of(tuple(person)),
            created_at=created_at,
            expires_at=expires_at,
            did_at=max(did_at, self._did.get(id_, 0)),
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
        """Let nobody in by it until it is unlocked; False where it is so already. Whoever unlocks it is there."""
        now = self._file.now()
        with self._file.change() as connection:
            changed = connection.execute(
                "UPDATE sessions SET locked_at = ?, did_at = ? WHERE hash = ? AND (locked_at IS NULL) = ?",
                (now if locked else None, now, _hash(cookie), locked),
            )
            return bool(changed.rowcount)

    # Left alone

    def did(self, session: str) -> None:
        """Somebody does something with this one now, for `write_did`."""
        self._did[session] = self._file.now()

    def did_at(self, session: str) -> int:
        """When somebody last did something with it; 0 for one that is over."""
        rows = self._file.read("SELECT did_at FROM sessions WHERE id = ?", (session,))
        return max(rows[0][0], self._did.get(session, 0)) if rows else 0

    def write_did(self) -> None:
        """Write down when sessions last did something; what cannot be written waits for the next time."""
        did = dict(self._did)
        if not did:
            return
        with self._file.change() as connection:
            connection.executemany(
                "UPDATE sessions SET did_at = ? WHERE id = ?", [(at, session) for session, at in did.items()]
            )
        for session, at in did.items():  # until here it was in the one place or the other
            if self._did.get(session) == at:
                del self._did[session]

    def since(self) -> list[tuple[str, str, int]]:
        """Of each session that is open and not locked: its id, whose it is, when it last did something."""
        rows = self._file.read(
            "SELECT id, person, did_at FROM sessions WHERE locked_at IS NULL AND expires_at > ?", (self._file.now(),)
        )
        return [(session, person, max(at, self._did.get(session, 0))) for session, person, at in rows]

    def lock_each(self, sessions: Iterable[str]) -> None:
        """Nobody has done anything with these for too long."""
        with self._file.change() as connection:
            connection.executemany(
                "UPDATE sessions SET locked_at = ? WHERE id = ? AND locked_at IS NULL",
                [(self._file.now(), session) for session in sessions],
            )

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
