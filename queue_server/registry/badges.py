"""Badges by which people sign in: a reader types a number. Only a keyed hash of it is kept.

Numbers of badges are short, so a plain hash could be searched through; the key is in the same file, and keeps
hashes from being compared with lists that were made elsewhere. The door holds off guessing (web/identity/guesses.py).
"""

from __future__ import annotations

import hmac
from collections.abc import Callable
from hashlib import sha256

from queue_server.errors import Invalid, NotFound
from queue_server.letters import composed
from queue_server.registry.file import RegistryFile
from queue_server.registry.people import COLUMNS, Person, check_local, person_of

SHORTEST, LONGEST = 6, 64
"""Signs of a number; most readers send 8 to 20."""


class Badges:
    def __init__(self, file: RegistryFile, key: Callable[[], bytes]) -> None:
        self._file = file
        self._key = key

    def set(self, person: str, number: str) -> None:
        """Somebody's from now on, in place of the one before. Raises `Invalid`, `NotFound`."""
        hashed = self._hash(number)
        if not SHORTEST <= len(_plain(number)) <= LONGEST:
            raise Invalid(f"A badge's number has {SHORTEST} to {LONGEST} signs.", reason="badge")
        with self._file.change() as connection:
            holder = connection.execute("SELECT person FROM badges WHERE hash = ?", (hashed,)).fetchone()
            if holder is not None and holder[0] != person:
                raise Invalid("That badge is somebody else's.", reason="badge_taken")
            check_local(connection, person, "a badge")
            if connection.execute("SELECT 1 FROM people WHERE id = ?", (person,)).fetchone() is None:
                raise NotFound("There is nobody of that id.")
            connection.execute("DELETE FROM badges WHERE person = ?", (person,))
            connection.execute("INSERT INTO badges VALUES (?, ?, ?)", (hashed, person, self._file.now()))

    def remove(self, person: str) -> bool:
        """It lets nobody in any more; False where there was none."""
        with self._file.change() as connection:
            return bool(connection.execute("DELETE FROM badges WHERE person = ?", (person,)).rowcount)

    def has(self, person: str) -> bool:
        return bool(self._file.read("SELECT 1 FROM badges WHERE person = ?", (person,)))

    def find(self, number: str) -> Person | None:
        """Whose it is, unless they are suspended, or sign in by an identity provider."""
        rows = self._file.read(
            f"SELECT {COLUMNS} FROM badges JOIN people ON people.id = badges.person"
            " WHERE hash = ? AND suspended_at IS NULL AND people.id NOT IN (SELECT person FROM provided)",
            (self._hash(number),),
        )
        return person_of(rows[0]) if rows else None

    def _hash(self, number: str) -> bytes:
        return hmac.new(self._key(), _plain(number).encode(errors="replace"), sha256).digest()


def _plain(number: str) -> str:
    """Readers differ in spaces and capitals."""
    return "".join(composed(number).upper().split())
