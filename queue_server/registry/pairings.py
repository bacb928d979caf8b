"""How a new screen is let in: it shows a code, somebody who may accepts the code as this kiosk or that board.

The screen holds a secret that it never shows, and the code tells nobody anything: who reads it from the screen can
accept it only if they may let devices in, and the token goes to whoever holds the secret. A code is good for ten
minutes and for one screen.
"""

from __future__ import annotations

import secrets
from hashlib import sha256

from msgspec import Struct

from queue_server.errors import NotFound
from queue_server.registry.file import RegistryFile

LIVES_MS = 10 * 60_000

LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Nothing that is mistaken for something else, seen from a ladder."""

LENGTH = 6
"""887 million codes: nobody meets another screen's by chance."""

MOST = 200
"""Screens that wait at once; beyond that the oldest has to ask again."""


class Pairing(Struct, frozen=True, kw_only=True):
    """`code` as it is typed, without its hyphen; `kind` and `name` once it is accepted, `shows` a display's board."""

    code: str
    expires_at: int
    kind: str | None = None
    name: str | None = None
    shows: str | None = None


class Pairings:
    def __init__(self, file: RegistryFile) -> None:
        self._file = file

    def begin(self) -> tuple[str, Pairing]:
        """A screen's secret, and what it shows. Waits for the disk."""
        secret, now = secrets.token_urlsafe(24), self._file.now()
        code = "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
        with self._file.change() as connection:
            connection.execute("DELETE FROM pairings WHERE expires_at <= ?", (now,))
            connection.execute(
                "DELETE FROM pairings WHERE code IN"
                " (SELECT code FROM pairings ORDER BY expires_at DESC LIMIT -1 OFFSET ?)",
                (MOST - 1,),
            )
            connection.execute(
                "INSERT INTO pairings (code, secret, expires_at) VALUES (?, ?, ?)",
                (code, _hash(secret), now + LIVES_MS),
            )
        return secret, Pairing(code=code, expires_at=now + LIVES_MS)

    def accept(self, code: str, kind: str, name: str, shows: str | None = None) -> None:
        """The screen that shows this code is that device. Raises NotFound where none does any more."""
        with self._file.change() as connection:
            changed = connection.execute(
                "UPDATE pairings SET kind = ?, name = ?, shows = ? WHERE code = ? AND expires_at > ? AND kind IS NULL",
                (kind, name, shows, typed(code), self._file.now()),
            ).rowcount
        if not changed:
            raise NotFound("No screen shows that code now; it changes every ten minutes.", reason="code")

    def of(self, secret: str) -> Pairing | None:
        """What became of the code of the screen with this secret; None when it is over or was taken."""
        rows = self._file.read(
            "SELECT code, expires_at, kind, name, shows FROM pairings WHERE secret = ? AND expires_at > ?",
            (_hash(secret), self._file.now()),
        )
        if not rows:
            return None
        code, expires_at, kind, name, shows = rows[0]
        return Pairing(code=code, expires_at=expires_at, kind=kind, name=name, shows=shows)

    def end(self, secret: str) -> bool:
        """It has served, or is given up. False where somebody else was quicker."""
        with self._file.change() as connection:
            gone: int = connection.execute("DELETE FROM pairings WHERE secret = ?", (_hash(secret),)).rowcount
        return gone > 0


def typed(code: str) -> str:
    """A code as it is kept, however somebody typed it."""
    return "".join(letter for letter in code.upper() if letter.isalnum())


def shown(code: str) -> str:
    """A code as it is read out: `ABC-234`."""
    return f"{code[: LENGTH // 2]}-{code[LENGTH // 2 :]}"


def _hash(secret: str) -> bytes:
    return sha256(secret.encode(errors="replace")).digest()
