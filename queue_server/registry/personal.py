"""Whatever is personal or free text: encrypted, each under a random reference, which is all that an event ever names.

    reference = personal.add("note", text)      on disk before this returns
    … the event that names the reference is recorded …
    personal.keep(reference)

What was added and never kept is an orphan of a crash or a refusal, and `sweep` takes it away. Each text has a
256-bit key of its own (AES-GCM, bound to its reference and kind), in another table. Forgetting deletes text and key,
overwrites them in the file (`secure_delete`) and empties the write-ahead log. Backups made before keep what they have.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from queue_server.errors import Unavailable
from queue_server.registry.file import RegistryFile

NONCE = 12
"""Bytes, as AES-GCM wants it; each key seals one text only."""


class Personal:
    def __init__(self, file: RegistryFile) -> None:
        self._file = file
        self._wal_holds_forgotten = True  # a crash may have come between deleting and emptying

    def add(self, kind: str, text: str) -> str:
        """Write a text down; gives its reference."""
        reference = secrets.token_urlsafe(12)
        key, nonce = AESGCM.generate_key(256), secrets.token_bytes(NONCE)
        sealed = AESGCM(key).encrypt(nonce, text.encode(), _bound(reference, kind))
        with self._file.change() as connection:
            connection.execute("INSERT INTO personal_keys (reference, key) VALUES (?, ?)", (reference, key))
            connection.execute(
                "INSERT INTO personal (reference, kind, nonce, sealed, created_at) VALUES (?, ?, ?, ?, ?)",
                (reference, kind, nonce, sealed, self._file.now()),
            )
        return reference

    def keep(self, reference: str) -> None:
        """The event that names it is on disk."""
        with self._file.change() as connection:
            connection.execute(
                "UPDATE personal SET kept_at = ? WHERE reference = ? AND kept_at IS NULL",
                (self._file.now(), reference),
            )

    def read(self, reference: str) -> str | None:
        """The text; None when it was forgotten or never was. Raises `Unavailable` when the file was tampered with."""
        rows = self._file.read(
            "SELECT kind, nonce, sealed, key FROM personal JOIN personal_keys USING (reference) WHERE reference = ?",
            (reference,),
        )
        if not rows:
            return None
        kind, nonce, sealed, key = rows[0]
        try:
            return AESGCM(key).decrypt(nonce, sealed, _bound(reference, kind)).decode()
        except InvalidTag:
            raise Unavailable("This text was changed by other hands and cannot be read.") from None

    def forget(self, reference: str) -> bool:
        """Take text and key away for good; False if there was nothing. Safe to repeat."""
        with self._file.change() as connection:
            connection.execute("DELETE FROM personal_keys WHERE reference = ?", (reference,))
            found = connection.execute("DELETE FROM personal WHERE reference = ?", (reference,)).rowcount > 0
        self._wal_holds_forgotten = True
        self.empty_log()
        return found

    def sweep(self, is_named: Callable[[str], bool], *, older_than_ms: int) -> int:
        """Keep what was added so long ago if an event names it, and forget the rest.

        `is_named` asks the journal. Gives the number of texts forgotten.
        """
        orphans = 0
        rows = self._file.read(
            "SELECT reference FROM personal WHERE kept_at IS NULL AND created_at <= ?",
            (self._file.now() - older_than_ms,),
        )
        for (reference,) in rows:
            if is_named(reference):
                self.keep(reference)
            else:
                orphans += self.forget(reference)
        return orphans

    def empty_log(self) -> None:
        """Take what was forgotten out of the write-ahead log too; again later, if somebody reads just now."""
        if self._wal_holds_forgotten:
            self._wal_holds_forgotten = not self._file.truncate_wal()


def _bound(reference: str, kind: str) -> bytes:
    return f"{kind}:{reference}".encode()
