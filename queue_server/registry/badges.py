"""Badges by which people sign in: a reader types a number. Only a keyed hash of it is kept.

Numbers of badges are short, so whoever had hashes and key could search through them. The key is sealed by the mall's
(keys.py), so a copy of the registry's file alone tells no number. Where that one is lost for good, badges are taken
away and given anew. The door holds off guessing (web/identity/guesses.py).
"""

from __future__ import annotations

import hmac
from hashlib import sha256
from secrets import token_bytes

from queue_server.database import Connection
from queue_server.errors import Invalid, NotFound
from queue_server.letters import composed
from queue_server.registry.file import RegistryFile
from queue_server.registry.keys import Keys
from queue_server.registry.people import COLUMNS, Person, check_local, person_of

SHORTEST, LONGEST = 6, 64
"""Signs of a number; most readers send 8 to 20."""

BYTES = 32
_KEPT = "SELECT key, sealed_by FROM badges_key"


class Badges:
    def __init__(self, file: RegistryFile, keys: Keys) -> None:
        self._file = file
        self._keys = keys

    def set(self, person: str, number: str) -> None:
        """Somebody's from now on, in place of the one before. Raises `Invalid`, `NotFound`, `Unavailable`."""
        if not SHORTEST <= len(_plain(number)) <= LONGEST:
            raise Invalid(f"A badge's number has {SHORTEST} to {LONGEST} signs.", reason="badge")
        with self._file.change() as connection:
            check_local(connection, person, "a badge")
            if connection.execute("SELECT 1 FROM people WHERE id = ?", (person,)).fetchone() is None:
                raise NotFound("There is nobody of that id.")
            hashed = _hash(self._key_to_set(connection), number)
            holder = connection.execute("SELECT person FROM badges WHERE hash = ?", (hashed,)).fetchone()
            if holder is not None and holder[0] != person:
                raise Invalid("That badge is somebody else's.", reason="badge_taken")
            connection.execute("DELETE FROM badges WHERE person = ?", (person,))
            connection.execute("INSERT INTO badges VALUES (?, ?, ?)", (hashed, person, self._file.now()))

    def remove(self, person: str) -> bool:
        """It lets nobody in any more; False where there was none. With the last one the key goes."""
        with self._file.change() as connection:
            gone = connection.execute("DELETE FROM badges WHERE person = ?", (person,)).rowcount
            connection.execute("DELETE FROM badges_key WHERE NOT EXISTS (SELECT 1 FROM badges)")
        return bool(gone)

    def has(self, person: str) -> bool:
        return bool(self._file.read("SELECT 1 FROM badges WHERE person = ?", (person,)))

    def find(self, number: str) -> Person | None:
        """Whose it is, unless they are suspended, or sign in by an identity provider. Raises `Unavailable`."""
        kept = self._file.read(_KEPT)
        if not kept:
            return None
        rows = self._file.read(
            f"SELECT {COLUMNS} FROM badges JOIN people ON people.id = badges.person"
            " WHERE hash = ? AND suspended_at IS NULL AND people.id NOT IN (SELECT person FROM provided)",
            (_hash(self._opened(*kept[0]), number),),
        )
        return person_of(rows[0]) if rows else None

    # An exchange of the mall's key

    def is_empty(self) -> bool:
        return not self._file.read("SELECT 1 FROM badges, badges_key LIMIT 1")

    def has_sealed(self) -> bool:
        return bool(self._file.read("SELECT 1 FROM badges, badges_key WHERE sealed_by IS NOT NULL LIMIT 1"))

    def sealed_by_others(self) -> int:
        """1 while the newest key has not sealed it. Asks for no key where there is no badge."""
        if self.is_empty():
            return 0
        rows = self._file.read("SELECT count(*) FROM badges_key WHERE sealed_by IS NOT ?", (self._keys.ring().newest,))
        return int(rows[0][0])

    def seal_anew(self) -> None:
        """Raises Unavailable where the one that sealed it went."""
        if not self.sealed_by_others():
            return
        with self._file.change() as connection:
            self._seal(connection, self._opened(*connection.execute(_KEPT).fetchone()))
        self._file.has_forgotten()

    def _key_to_set(self, connection: Connection) -> bytes:
        """A fresh one for the first badge: no hash was made by one of before."""
        if connection.execute("SELECT 1 FROM badges, badges_key LIMIT 1").fetchone():
            return self._opened(*connection.execute(_KEPT).fetchone())
        key = token_bytes(BYTES)
        self._seal(connection, key)
        return key

    def _seal(self, connection: Connection, key: bytes) -> None:
        ring = self._keys.ring()
        connection.execute("INSERT OR REPLACE INTO badges_key VALUES (1, ?, ?)", (ring.seal(key), ring.newest))

    def _opened(self, key: bytes, sealed_by: str | None) -> bytes:
        return key if sealed_by is None else self._keys.ring().open(key)


def _hash(key: bytes, number: str) -> bytes:
    return hmac.new(key, _plain(number).encode(errors="replace"), sha256).digest()


def _plain(number: str) -> str:
    """Readers differ in spaces and capitals."""
    return "".join(composed(number).upper().split())
