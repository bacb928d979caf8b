"""Where people have signed in before: their browsers, by a random cookie, and addresses. Only hashes are kept.

Whoever guesses from elsewhere is held up without the clerk at her own counter being held up with them. A browser in
which anybody has signed in is one of the house.
"""

from __future__ import annotations

from hashlib import sha256

from queue_server.registry.file import RegistryFile

REMEMBERED_MS = 90 * 86_400_000
"""So long after somebody last signed in there a place is known."""


HOUSE = "house"
"""Nobody's pseudonym."""


class KnownPlaces:
    def __init__(self, file: RegistryFile) -> None:
        self._file = file

    def is_known(self, person: str, place: str) -> bool:
        since = self._file.now() - REMEMBERED_MS
        asked = (person, _hash(person, place), since)
        return bool(self._file.read("SELECT 1 FROM known_places WHERE person = ? AND place = ? AND seen_at > ?", asked))

    def is_of_house(self, browser: str) -> bool:
        """Whether somebody who is still here has signed in with it."""
        asked = (_hash(HOUSE, browser), self._file.now() - REMEMBERED_MS)
        return bool(self._file.read("SELECT 1 FROM known_places WHERE place = ? AND seen_at > ?", asked))

    def add(self, person: str, places: tuple[str, ...], browser: str | None = None) -> None:
        """This person has signed in there just now, with that `browser`; places of long ago are forgotten."""
        now = self._file.now()
        hashes = [_hash(person, place) for place in places] + ([_hash(HOUSE, browser)] if browser else [])
        with self._file.change() as connection:
            connection.execute("DELETE FROM known_places WHERE seen_at <= ?", (now - REMEMBERED_MS,))
            connection.executemany(
                "INSERT OR REPLACE INTO known_places (person, place, seen_at) VALUES (?, ?, ?)",
                [(person, place, now) for place in hashes],
            )


def _hash(person: str, place: str) -> bytes:
    return sha256(f"{person}\n{place}".encode(errors="replace")).digest()
