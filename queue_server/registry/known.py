"""Where people have signed in before: their browsers, by a random cookie, and addresses. Only hashes are kept.

Whoever guesses from elsewhere is held up without the clerk at her own counter being held up with them.
"""

from __future__ import annotations

from hashlib import sha256

from queue_server.registry.file import RegistryFile

REMEMBERED_MS = 90 * 86_400_000
"""So long after somebody last signed in there a place is known."""


class KnownPlaces:
    def __init__(self, file: RegistryFile) -> None:
        self._file = file

    def is_known(self, person: str, place: str) -> bool:
        since = self._file.now() - REMEMBERED_MS
        asked = (person, _hash(person, place), since)
        return bool(self._file.read("SELECT 1 FROM known_places WHERE person = ? AND place = ? AND seen_at > ?", asked))

    def add(self, person: str, places: tuple[str, ...]) -> None:
        """This person has signed in there just now; places of long ago are forgotten."""
        now = self._file.now()
        with self._file.change() as connection:
            connection.execute("DELETE FROM known_places WHERE seen_at <= ?", (now - REMEMBERED_MS,))
            connection.executemany(
                "INSERT OR REPLACE INTO known_places (person, place, seen_at) VALUES (?, ?, ?)",
                [(person, _hash(person, place), now) for place in places],
            )


def _hash(person: str, place: str) -> bytes:
    return sha256(f"{person}\n{place}".encode(errors="replace")).digest()
