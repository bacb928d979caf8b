"""Which tickets one person has today, where the mall counts them: by marks that tell nothing of whose they are.

A mark is a keyed hash (HMAC-SHA-256) of an identity number, under a key of that one day. The key is sealed by the
mall's keys (keys.py), so that whoever has only this file can try no numbers; it goes with the day, and then nobody can,
whatever they have. The number itself is nowhere here.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable
from hashlib import sha256
from secrets import token_bytes

from queue_server.registry.file import RegistryFile
from queue_server.registry.keys import Keys

_KEY = "SELECT key FROM daily_keys WHERE day = ?"


class Daily:
    """Days are business days, as the mall's."""

    def __init__(self, file: RegistryFile, keys: Keys) -> None:
        self._file = file
        self._keys = keys

    def mark(self, day: str, *words: str) -> bytes:
        """What stands for an identity number and what it is counted for. Raises Unavailable where a key has gone."""
        found = self._file.read(_KEY, (day,))
        if not found:
            ring = self._keys.ring()
            with self._file.change() as connection:
                sealed = ring.seal(token_bytes(32))
                connection.execute("INSERT OR IGNORE INTO daily_keys VALUES (?, ?, ?)", (day, sealed, ring.newest))
            found = self._file.read(_KEY, (day,))
        key = self._keys.ring().open(found[0][0])
        return hmac.new(key, "\0".join(words).encode(), sha256).digest()

    def tickets(self, day: str, mark: bytes) -> list[str]:
        """The tickets for which it stands, also those that were never given after all."""
        rows = self._file.read("SELECT ticket FROM daily_tickets WHERE day = ? AND mark = ?", (day, mark))
        return [ticket for (ticket,) in rows]

    def add(self, day: str, marks: Iterable[bytes], ticket: str) -> None:
        """On disk when this returns."""
        with self._file.change() as connection:
            connection.executemany(
                "INSERT OR IGNORE INTO daily_tickets VALUES (?, ?, ?)", [(day, mark, ticket) for mark in marks]
            )

    def forget(self, ticket: str) -> None:
        """It counts no more."""
        with self._file.change() as connection:
            gone = connection.execute("DELETE FROM daily_tickets WHERE ticket = ?", (ticket,)).rowcount
        if gone:
            self._file.has_forgotten()

    def forget_other_days(self, day: str) -> int:
        """Take away marks and key of every other day; gives how many marks that were."""
        with self._file.change() as connection:
            connection.execute("DELETE FROM daily_keys WHERE day <> ?", (day,))
            gone = connection.execute("DELETE FROM daily_tickets WHERE day <> ?", (day,)).rowcount
        self._file.has_forgotten()
        return gone

    def has_other_days(self, day: str) -> bool:
        other = "SELECT 1 FROM daily_keys WHERE day <> ? UNION ALL SELECT 1 FROM daily_tickets WHERE day <> ? LIMIT 1"
        return bool(self._file.read(other, (day, day)))

    # An exchange of the mall's key

    def sealed_by_others(self) -> int:
        if self.is_empty():
            return 0
        rows = self._file.read("SELECT count(*) FROM daily_keys WHERE sealed_by IS NOT ?", (self._keys.ring().newest,))
        return int(rows[0][0])

    def seal_anew(self) -> int:
        """Seal the keys of days by the newest key; gives how many. Raises Unavailable where an old one went."""
        if self.is_empty():
            return 0
        ring = self._keys.ring()
        with self._file.change() as connection:
            rows = connection.execute(
                "SELECT day, key FROM daily_keys WHERE sealed_by IS NOT ?", (ring.newest,)
            ).fetchall()
            anew = [(ring.seal(ring.open(key)), ring.newest, day) for day, key in rows]
            connection.executemany("UPDATE daily_keys SET key = ?, sealed_by = ? WHERE day = ?", anew)
        return len(anew)

    def is_empty(self) -> bool:
        return not self._file.read("SELECT 1 FROM daily_keys LIMIT 1")
