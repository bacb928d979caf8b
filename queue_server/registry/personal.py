"""Whatever is personal or free text: encrypted, each under a random reference, which is all that an event ever names.

    reference = personal.add("note", text)      on disk before this returns
    … the event that names the reference is recorded …
    personal.keep(reference)

What was added and never kept is an orphan of a crash or a refusal, and `sweep` takes it away. Each text has a
256-bit key of its own (AES-GCM, bound to its reference and kind), in another table, and sealed by the mall's
(keys.py). Forgetting deletes text and key, overwrites them in the file (`secure_delete`) and empties the write-ahead
log; in the same transaction it notes that the journal is to be told (`forgotten`). Backups made before keep what they
have.

What is on hold (GDPR article 18) is given to nobody but whoever it is about, and no job takes it away; being forgotten
on request ends that, too. A hold is a ticket's: what is written about it later is on hold from the start.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from queue_server.errors import Unavailable
from queue_server.registry.file import RegistryFile
from queue_server.registry.keys import Keys

NONCE = 12
"""Bytes, as AES-GCM wants it; each key seals one text only."""

AT_ONCE = 500
"""So many keys are sealed anew in one transaction, so many texts forgotten in one go."""

OF_STAFF = ("note", "reason")
"""What staff write, beside what citizens say of themselves (citizens.py)."""


class Personal:
    def __init__(self, file: RegistryFile, keys: Keys) -> None:
        self._keys = keys
        self._file = file

    def add(self, kind: str, text: str, *, ticket: str | None = None, about: str | None = None) -> str:
        """Write a text down, of the citizen of a ticket if that is named, or `about` one; gives its reference."""
        reference = secrets.token_urlsafe(12)
        key, nonce, ring = AESGCM.generate_key(256), secrets.token_bytes(NONCE), self._keys.ring()
        sealed = AESGCM(key).encrypt(nonce, text.encode(), _bound(reference, kind))
        with self._file.change() as connection:
            connection.execute(
                "INSERT INTO personal_keys (reference, key, sealed_by) VALUES (?, ?, ?)",
                (reference, ring.seal(key), ring.newest),
            )
            connection.execute(
                "INSERT INTO personal (reference, kind, nonce, sealed, created_at, ticket, held_at)"
                " VALUES (?, ?, ?, ?, ?, ?, (SELECT at FROM held_tickets WHERE ticket = ?))",
                (reference, kind, nonce, sealed, self._file.now(), ticket, ticket or about),
            )
        return reference

    def keep(self, reference: str) -> None:
        """The event that names it is on disk."""
        with self._file.change() as connection:
            connection.execute(
                "UPDATE personal SET kept_at = ? WHERE reference = ? AND kept_at IS NULL",
                (self._file.now(), reference),
            )

    def read(self, reference: str, *, though_held: bool = False) -> str | None:
        """The text; None when it was forgotten, never was, or is on hold. Raises `Unavailable` when the file was
        tampered with."""
        rows = self._file.read(
            "SELECT kind, nonce, sealed, key, sealed_by FROM personal JOIN personal_keys USING (reference)"
            " WHERE reference = ? AND (held_at IS NULL OR ?)",
            (reference, though_held),
        )
        if not rows:
            return None
        kind, nonce, sealed, key, sealed_by = rows[0]
        opened = key if sealed_by is None else self._keys.ring().open(key)
        try:
            return AESGCM(opened).decrypt(nonce, sealed, _bound(reference, kind)).decode()
        except InvalidTag:
            raise Unavailable("This text was changed by other hands and cannot be read.") from None

    def forget(self, reference: str) -> bool:
        """Take text and key away for good; False if there was nothing. Safe to repeat."""
        with self._file.change() as connection:
            connection.execute(
                "INSERT OR IGNORE INTO forgotten (reference, at)"
                " SELECT reference, ? FROM personal WHERE reference = ? AND kept_at IS NOT NULL",
                (self._file.now(), reference),
            )
            connection.execute("DELETE FROM personal_keys WHERE reference = ?", (reference,))
            found = connection.execute("DELETE FROM personal WHERE reference = ?", (reference,)).rowcount > 0
        self._file.has_forgotten()
        return found

    def hold(self, references: Iterable[str], held: bool, *, ticket: str | None = None) -> int:
        """Put texts on hold, or end that, and what will be written about `ticket`; how many texts that changed."""
        with self._file.change() as connection:
            if held:
                now = self._file.now()
                connection.execute("INSERT OR IGNORE INTO held_tickets SELECT ?, ? WHERE ?1 IS NOT NULL", (ticket, now))
            else:
                connection.execute("DELETE FROM held_tickets WHERE ticket = ?", (ticket,))
            return sum(
                connection.execute(
                    "UPDATE personal SET held_at = ? WHERE reference = ? AND (held_at IS NULL) = ?",
                    (self._file.now() if held else None, one, held),
                ).rowcount
                for one in references
            )

    def held(self, references: Iterable[str]) -> tuple[str, ...]:
        """Those of them that are on hold."""
        look = "SELECT 1 FROM personal WHERE reference = ? AND held_at IS NOT NULL"
        return tuple(one for one in references if self._file.read(look, (one,)))

    def is_held(self, ticket: str) -> bool:
        """Whether what is kept of it is on hold."""
        return bool(self._file.read("SELECT 1 FROM held_tickets WHERE ticket = ?", (ticket,)))

    def due(self, before: int) -> list[str]:
        """References of what staff had written by then (real time), the oldest first; `AT_ONCE` at most."""
        rows = self._file.read(
            "SELECT reference FROM personal WHERE kind IN (?, ?) AND created_at <= ? AND kept_at IS NOT NULL"
            " AND held_at IS NULL ORDER BY created_at LIMIT ?",
            (*OF_STAFF, before, AT_ONCE),
        )
        return [reference for (reference,) in rows]

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

    def is_empty(self) -> bool:
        return not self._file.read("SELECT 1 FROM personal LIMIT 1")

    def has_sealed(self) -> bool:
        return bool(self._file.read("SELECT 1 FROM personal_keys WHERE sealed_by IS NOT NULL LIMIT 1"))

    # What the journal is still to be told

    def forgotten(self) -> list[str]:
        """References that events name and nothing stands under any more, until the journal says so, too."""
        return [reference for (reference,) in self._file.read("SELECT reference FROM forgotten ORDER BY at")]

    def told(self, references: Iterable[str]) -> None:
        """The journal has their `PersonalDataErased` on disk."""
        with self._file.change() as connection:
            connection.executemany("DELETE FROM forgotten WHERE reference = ?", [(one,) for one in references])

    # An exchange of the mall's key

    def sealed_by_others(self) -> int:
        """How many texts do not have the newest key yet. Asks for no key where there is no text."""
        if self.is_empty():
            return 0
        rows = self._file.read(
            "SELECT count(*) FROM personal_keys WHERE sealed_by IS NOT ?", (self._keys.ring().newest,)
        )
        return int(rows[0][0])

    def seal_anew(self) -> int:
        """Seal the keys of some texts by the newest key; gives how many. Raises Unavailable where an old one went."""
        if self.is_empty():
            return 0
        ring = self._keys.ring()
        with self._file.change() as connection:
            rows = connection.execute(
                "SELECT reference, key, sealed_by FROM personal_keys WHERE sealed_by IS NOT ? LIMIT ?",
                (ring.newest, AT_ONCE),
            ).fetchall()
            anew = [
                (ring.seal(key if sealed_by is None else ring.open(key)), ring.newest, reference)
                for reference, key, sealed_by in rows
            ]
            connection.executemany("UPDATE personal_keys SET key = ?, sealed_by = ? WHERE reference = ?", anew)
        if anew:
            self._file.has_forgotten()
        return len(anew)


def _bound(reference: str, kind: str) -> bytes:
    return f"{kind}:{reference}".encode()
