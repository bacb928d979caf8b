"""Second factors: codes by time (RFC 6238) from a device that somebody carries, and codes to recover by.

What an app computes codes from is offered first, and counts once a code has shown that the app has it. A code is good
for its half minute and the one on either side, once: whoever saw it typed has nothing. Recovery codes are shown once,
are good once, and only their hashes are kept; each has 80 random bits, so a fast hash hides them. What codes are
computed from is sealed by the mall's keys (keys.py), with whose it is: moved to another person's row it opens nothing.
"""

from __future__ import annotations

import secrets
from base64 import b32encode
from hashlib import sha256
from hmac import compare_digest

import pyotp
from msgspec import Struct

from queue_server.database import Connection
from queue_server.errors import Unavailable
from queue_server.registry.file import RegistryFile
from queue_server.registry.keys import Keys, Ring

STEP_MS = 30_000
"""What authenticator apps take where nothing else is said; so are SHA-1 and six digits, which some know alone."""
ASIDE = 1
"""So many steps a phone's clock may be off, either way."""
DIGITS = 6
RECOVERY = 10


class Factor(Struct, frozen=True, kw_only=True):
    """`recovery` is how many codes to recover by are left. Milliseconds."""

    set_at: int
    recovery: int


class SecondFactors:
    def __init__(self, file: RegistryFile, keys: Keys) -> None:
        self._file = file
        self._keys = keys

    def get(self, person: str) -> Factor | None:
        """Somebody's, once it counts."""
        rows = self._file.read(
            "SELECT set_at, (SELECT count(*) FROM recovery_codes WHERE person = second_factors.person)"
            " FROM second_factors WHERE person = ? AND set_at IS NOT NULL",
            (person,),
        )
        return Factor(set_at=rows[0][0], recovery=rows[0][1]) if rows else None

    def offer(self, person: str) -> str:
        """A fresh secret for an app (base32). The one before counts until `accept`."""
        secret, ring = pyotp.random_base32(), self._keys.ring()
        with self._file.change() as connection:
            connection.execute(
                "INSERT INTO second_factors (person, offered, offered_by) VALUES (?, ?, ?)"
                " ON CONFLICT (person) DO UPDATE SET offered = excluded.offered, offered_by = excluded.offered_by",
                (person, _sealed(ring, person, secret), ring.newest),
            )
        return secret

    def accept(self, person: str, code: str) -> tuple[str, ...] | None:
        """From now on it counts: the app gave this code. Gives the recovery codes; None for a wrong code."""
        with self._file.change() as connection:
            row = connection.execute(
                "SELECT offered, offered_by FROM second_factors WHERE person = ?", (person,)
            ).fetchone()
            step = self._step_of(self._opened(person, *row), code) if row is not None else None
            if step is None:
                return None
            connection.execute(
                "UPDATE second_factors SET secret = offered, secret_by = offered_by, offered = NULL, offered_by = NULL,"
                " set_at = ?, used_step = ? WHERE person = ?",
                (self._file.now(), step, person),
            )
            codes = tuple(_recovery_code() for _ in range(RECOVERY))
            connection.execute("DELETE FROM recovery_codes WHERE person = ?", (person,))
            connection.executemany(
                "INSERT INTO recovery_codes VALUES (?, ?)", [(person, _hash(person, one)) for one in codes]
            )
        return codes

    def take(self, person: str, code: str) -> str | None:
        """Use a code up: `app` or `recovery` says which kind it was; None for one that is wrong or was used.

        Where its secret cannot be opened any more an app's is wrong. Raises Unavailable for an app's without any key.
        """
        with self._file.change() as connection:
            row = connection.execute(
                "SELECT secret, secret_by, used_step FROM second_factors WHERE person = ? AND set_at IS NOT NULL",
                (person,),
            ).fetchone()
            if row is None:
                return None
            *sealed, used = row
            step = self._step_of(self._opened(person, *sealed), code) if of_an_app(code) else None
            if step is not None and step > used:
                connection.execute("UPDATE second_factors SET used_step = ? WHERE person = ?", (step, person))
                return "app"
            return "recovery" if _recovered(connection, person, code) else None

    def remove(self, person: str) -> bool:
        """Nobody is asked for it any more; False where there was none."""
        with self._file.change() as connection:
            connection.execute("DELETE FROM recovery_codes WHERE person = ?", (person,))
            gone = connection.execute("DELETE FROM second_factors WHERE person = ? AND set_at IS NOT NULL", (person,))
            return bool(gone.rowcount)

    # An exchange of the mall's key

    def is_empty(self) -> bool:
        return not self._file.read("SELECT 1 FROM second_factors LIMIT 1")

    def has_sealed(self) -> bool:
        return bool(
            self._file.read("SELECT 1 FROM second_factors WHERE coalesce(secret_by, offered_by) IS NOT NULL LIMIT 1")
        )

    def sealed_by_others(self) -> int:
        """How many secrets do not have the newest key yet. Asks for no key where there is none."""
        return len(self._others())

    def seal_anew(self) -> None:
        """Seal all by the newest key that can be opened. Raises Unavailable when there are some that cannot."""
        lost: Unavailable | None = None
        others = self._others()
        for column, person, secret, sealed_by in others:
            ring = self._keys.ring()
            try:
                opened = secret if sealed_by is None else _unsealed(ring, person, secret)
            except Unavailable as error:
                lost = error
                continue
            with self._file.change() as connection:
                connection.execute(
                    f"UPDATE second_factors SET {column} = ?, {column}_by = ? WHERE person = ? AND {column} = ?",
                    (_sealed(ring, person, opened), ring.newest, person, secret),
                )
        if others:
            self._file.has_forgotten()
        if lost is not None:
            raise lost

    def _others(self) -> list[tuple[str, str, str, str | None]]:
        """Column, person, secret and key of each that the newest key has not sealed."""
        if self.is_empty():
            return []
        newest = self._keys.ring().newest
        return [
            (column, *row)
            for column in ("secret", "offered")
            for row in self._file.read(
                f"SELECT person, {column}, {column}_by FROM second_factors"
                f" WHERE {column} IS NOT NULL AND {column}_by IS NOT ?",
                (newest,),
            )
        ]

    def check_key(self, code: str) -> None:
        """Raises Unavailable where this is an app's code and no key is there to compute it, whosever it is."""
        if of_an_app(code) and self.has_sealed():
            self._keys.ring()

    def _opened(self, person: str, secret: str | None, sealed_by: str | None) -> str | None:
        """None where there is none, or the key that sealed it is gone: `seal_anew` raises for that."""
        if secret is None or sealed_by is None:
            return secret
        ring = self._keys.ring()
        try:
            return _unsealed(ring, person, secret)
        except Unavailable:
            return None

    def _step_of(self, secret: str | None, code: str) -> int | None:
        """Which half minute's code it is, among those that are good now."""
        if secret is None or not of_an_app(code):
            return None
        typed = _typed(code)
        now, maker = self._file.now() // STEP_MS, pyotp.TOTP(secret)
        steps = range(now - ASIDE, now + ASIDE + 1)
        fits = [step for step in steps if compare_digest(maker.generate_otp(step), typed)]
        return max(fits, default=None)


def of_an_app(code: str) -> bool:
    """It has an app's form, no recovery code's."""
    typed = _typed(code)
    return len(typed) == DIGITS and typed.isascii()


def address_of(secret: str, *, name: str, mall: str) -> str:
    """`otpauth://…`: what an app reads from a QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=mall)


def _typed(code: str) -> str:
    return "".join(code.split())


def _sealed(ring: Ring, person: str, secret: str) -> str:
    return ring.seal(f"{person}\n{secret}".encode()).decode()


def _unsealed(ring: Ring, person: str, sealed: str) -> str:
    """Raises Unavailable where none of the keys has sealed this, for this person."""
    whose, _, secret = ring.open(sealed.encode()).decode().partition("\n")
    if whose != person:
        raise Unavailable("This second factor was put beside another person by other hands.")
    return secret


def _recovered(connection: Connection, person: str, code: str) -> bool:
    used = connection.execute("DELETE FROM recovery_codes WHERE person = ? AND hash = ?", (person, _hash(person, code)))
    return bool(used.rowcount)


def _recovery_code() -> str:
    letters = b32encode(secrets.token_bytes(10)).decode()
    return "-".join(letters[at : at + 4] for at in range(0, len(letters), 4))


def _hash(person: str, code: str) -> bytes:
    plain = "".join(letter for letter in code.upper() if letter.isalnum())
    return sha256(f"{person}\n{plain}".encode(errors="replace")).digest()
