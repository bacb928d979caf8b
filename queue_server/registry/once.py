"""Which calls that change this file alone were carried out under which Idempotency-Key: a repeat does nothing again.

What the journal carries out it remembers itself (service/keys.py). Keys and bodies are keyed hashes here, too; the
answers are none of this file's, since some have a secret in them (web/repeats.py).
"""

from __future__ import annotations

from queue_server.registry.file import RegistryFile

HOLDS_MS = 24 * 3_600_000


class Once:
    def __init__(self, file: RegistryFile) -> None:
        self._file = file

    def claim(self, key: bytes, body: bytes) -> bytes | None:
        """None where it is to be carried out now, by whoever asks; else the body that came with it before."""
        now = self._file.now()
        with self._file.change() as connection:
            connection.execute("DELETE FROM once WHERE at < ?", (now - HOLDS_MS,))
            known = connection.execute("SELECT body FROM once WHERE key = ?", (key,)).fetchone()
            if known is not None:
                return bytes(known[0])
            connection.execute("INSERT INTO once (key, body, at) VALUES (?, ?, ?)", (key, body, now))
        return None

    def give_back(self, key: bytes) -> None:
        """Nothing came of it, and trying again is safe."""
        with self._file.change() as connection:
            connection.execute("DELETE FROM once WHERE key = ?", (key,))
