"""Bearer tokens of devices and programs. Only their hash is kept: who reads the file can let nobody in.

A token is 192 random bits, so a plain SHA-256 is enough to keep it and quick to look up. Every request carries one, so
those that were found are believed for a moment; a token that is revoked stops working within `FRESH_S`.
"""

from __future__ import annotations

import re
import secrets
import time
from hashlib import sha256

from msgspec import Struct

from queue_server.database import Connection
from queue_server.errors import Invalid, NotFound, Unavailable
from queue_server.letters import composed
from queue_server.registry.agencies import agencies_in, together, written
from queue_server.registry.file import RegistryFile
from queue_server.registry.roles import DEVICES, Role

PREFIX = "antrean_"
"""So that a token is known as one wherever it turns up by mistake."""

FRESH_S = 0.25
"""Seconds for which what was found in the file is believed."""


LONGEST = 64
"""Characters of a name, of a counter: what a token is called may come into events, which nobody forgets."""


class Token(Struct, frozen=True, kw_only=True):
    """`name` is a device's id or what somebody called it; `counter` and `agencies` narrow what it is for.

    `pseudonym` is random, and what events say of whoever acts by a token without a name.
    """

    id: int
    role: Role
    name: str | None
    counter: str | None
    agencies: tuple[str, ...] | None
    created_at: int
    used_at: int | None
    revoked_at: int | None
    pseudonym: str
    shows: str | None = None
    """The board that a display shows, where its name is another."""


_PSEUDONYM = re.compile(r"\s*[pt][0-9a-f]{16}\s*", re.IGNORECASE)
"""Of people and of tokens without a name: random, and what records say for ever."""

_OURS = frozenset({"machine", "provider"})
"""By whom records say that a command or an identity provider did something."""

_DEVICE = re.compile(rf"[A-Za-z0-9._-]{{1,{LONGEST}}}")

_COLUMNS = "id, role, name, counter, agency, created_at, used_at, revoked_at, pseudonym, shows"


class Tokens:
    def __init__(self, file: RegistryFile) -> None:
        self._file = file
        self._used: dict[int, int] = {}
        self._found: dict[bytes, Token] = {}
        self._found_at = 0.0

    def create(
        self,
        role: Role,
        *,
        name: str | None = None,
        counter: str | None = None,
        agency: str | None = None,
        shows: str | None = None,
    ) -> str:
        """A fresh token, to be shown once. Raises Invalid; what is empty would narrow nothing."""
        bearer = PREFIX + secrets.token_urlsafe(24)
        name, counter, agency = _checked("name", name), _checked("counter", counter), written(role, agency)
        with self._file.change() as connection:
            self._refuse_anothers(connection, name)
            connection.execute(
                "INSERT INTO tokens (hash, role, name, counter, agency, created_at, pseudonym, shows)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (_hash(bearer), role.value, name, counter, agency, self._file.now(), "t" + secrets.token_hex(8), shows),
            )
        return bearer

    def _refuse_anothers(self, connection: Connection, name: str | None) -> None:
        """Raises Invalid for a name by which records mean a person."""
        if name is None:
            return
        if is_pseudonym(name) or connection.execute("SELECT 1 FROM people WHERE id = ?", (name,)).fetchone():
            raise Invalid("Records call a person so; give the token another name.", reason="name", field="name")

    def rotate(self, token: int) -> str:
        """A fresh one for the same use; the old one lets nobody in any more. Raises NotFound."""
        old = next((one for one in self.list() if one.id == token and one.revoked_at is None), None)
        if old is None:
            raise NotFound(f"There is no token {token}, or it was revoked.", token=token)
        agency = together(old.agencies)
        name = None if old.name is not None and is_pseudonym(old.name) else old.name
        bearer = self.create(old.role, name=name, counter=old.counter, agency=agency, shows=old.shows)
        self.revoke(token)
        return bearer

    def of_device(self, kind: str, name: str) -> list[Token]:
        """Those that let this device in."""
        return [one for one in self.list() if (one.role, one.name) == (kind, name) and one.revoked_at is None]

    def named_alike(self, name: str) -> int:
        """How many let somebody in by this name, as whatever staff."""
        return sum(one.name == name and one.revoked_at is None and one.role not in DEVICES for one in self.list())

    def rename(self, kind: str, name: str, new: str) -> int:
        """A device's tokens are another device's from now on; how many there were. Raises Invalid."""
        wanted = device_name(new)
        with self._file.change() as connection:
            changed: int = connection.execute(
                "UPDATE tokens SET name = ? WHERE role = ? AND name = ? AND revoked_at IS NULL", (wanted, kind, name)
            ).rowcount
        self._found.clear()
        return changed

    def find(self, bearer: str) -> Token | None:
        """Who holds this token; None if nobody does or it was revoked. Notes the use, for `write_uses`."""
        hashed = _hash(bearer)
        if (now := time.monotonic()) - self._found_at >= FRESH_S:
            self._found_at = now
            self._found.clear()
        token = self._found.get(hashed)
        if token is None:
            rows = self._file.read(f"SELECT {_COLUMNS} FROM tokens WHERE hash = ? AND revoked_at IS NULL", (hashed,))
            if not rows:
                return None
            token = self._found[hashed] = _token(rows[0])
        self._used[token.id] = self._file.now()
        return token

    def forget_found(self) -> None:
        """Look every token up again."""
        self._found.clear()

    def list(self) -> list[Token]:
        """All of them, revoked ones too, the oldest first."""
        return [_token(row) for row in self._file.read(f"SELECT {_COLUMNS} FROM tokens ORDER BY id")]

    def revoke(self, token: int) -> None:
        """It lets nobody in from now on; what is connected by it is for the caller to cut off. May raise `NotFound`."""
        with self._file.change() as connection:
            changed = connection.execute(
                "UPDATE tokens SET revoked_at = coalesce(revoked_at, ?) WHERE id = ?", (self._file.now(), token)
            ).rowcount
        self._found.clear()
        if not changed:
            raise NotFound(f"There is no token {token}.", token=token)

    def write_uses(self) -> None:
        """Write down when tokens were last used; what cannot be written waits for the next time."""
        used, self._used = self._used, {}
        if not used:
            return
        try:
            with self._file.change() as connection:
                connection.executemany(
                    "UPDATE tokens SET used_at = ? WHERE id = ?", [(at, token) for token, at in used.items()]
                )
        except Unavailable:
            self._used = used | self._used
            raise


def device_name(said: str) -> str:
    """What a device may be called, so that records can name it. Raises Invalid."""
    if not _DEVICE.fullmatch(said):
        raise Invalid(f"A device's name is 1 to {LONGEST} of A-Z a-z 0-9 . _ -", reason="name", field="name")
    return said


def is_pseudonym(name: str) -> bool:
    """Whether records would take this name for somebody else: a person, a token without a name, the server itself."""
    return _PSEUDONYM.fullmatch(name) is not None or name in _OURS


def _checked(what: str, said: str | None) -> str | None:
    if said is None:
        return None
    if not 0 < len(said.strip()) <= LONGEST or not said.isprintable():
        raise Invalid(f"A token's {what} is 1 to {LONGEST} letters on one line; leave it out for none.", reason=what)
    return composed(said.strip())


def _hash(bearer: str) -> bytes:
    return sha256(bearer.encode(errors="replace")).digest()


def _token(
    row: tuple[int, str, str | None, str | None, str | None, int, int | None, int | None, str, str | None],
) -> Token:
    number, role, name, counter, agency, created_at, used_at, revoked_at, pseudonym, shows = row
    return Token(
        id=number,
        role=Role(role),
        name=name,
        counter=counter,
        agencies=agencies_in(agency),
        created_at=created_at,
        used_at=used_at,
        revoked_at=revoked_at,
        pseudonym=pseudonym,
        shows=shows,
    )
