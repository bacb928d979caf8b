"""Second factors: codes by time (RFC 6238) from a device that somebody carries, and codes to recover by.

What an app computes codes from is offered first, and counts once a code has shown that the app has it. A code is good
for its half minute and the one on either side, once: whoever saw it typed has nothing. Recovery codes are shown once,
are good once, and only their hashes are kept; each has 80 random bits, so a fast hash hides them.
"""

from __future__ import annotations

import secrets
from base64 import b32encode
from hashlib import sha256
from hmac import compare_digest

import pyotp
from msgspec import Struct

from queue_server.database import Connection
from queue_server.registry.file import RegistryFile

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
    def __init__(self, file: RegistryFile) -> None:
        self._file = file

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
        secret = pyotp.random_base32()
        with self._file.change() as connection:
            connection.execute(
                "INSERT INTO second_factors (person, offered) VALUES (?, ?)"
                " ON CONFLICT (person) DO UPDATE SET offered = excluded.offered",
                (person, secret),
            )
        return secret

    def accept(self, person: str, code: str) -> tuple[str, ...] | None:
        """From now on it counts: the app gave this code. Gives the recovery codes; None for a wrong code."""
        with self._file.change() as connection:
            row = connection.execute("SELECT offered FROM second_factors WHERE person = ?", (person,)).fetchone()
            step = self._step_of(row[0], code) if row is not None and row[0] is not None else None
            if step is None:
                return None
            connection.execute(
                "UPDATE second_factors SET secret = offered, offered = NULL, set_at = ?, used_step = ?"
                " WHERE person = ?",
                (self._file.now(), step, person),
            )
            codes = tuple(_recovery_code() for _ in range(RECOVERY))
            connection.execute("DELETE FROM recovery_codes WHERE person = ?", (person,))
            connection.executemany(
                "INSERT INTO recovery_codes VALUES (?, ?)", [(person, _hash(person, one)) for one in codes]
            )
        return codes

    def take(self, person: str, code: str) -> str | None:
        """Use a code up: `app` or `recovery` says which kind it was; None for one that is wrong or was used."""
        with self._file.change() as connection:
            row = connection.execute(
                "SELECT secret, used_step FROM second_factors WHERE person = ? AND set_at IS NOT NULL", (person,)
            ).fetchone()
            if row is None:
                return None
            secret, used = row
            step = self._step_of(secret, code)
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

    def _step_of(self, secret: str, code: str) -> int | None:
        """Which half minute's code it is, among those that are good now."""
        typed = "".join(code.split())
        if len(typed) != DIGITS or not typed.isascii():
            return None
        now, maker = self._file.now() // STEP_MS, pyotp.TOTP(secret)
        steps = range(now - ASIDE, now + ASIDE + 1)
        fits = [step for step in steps if compare_digest(maker.generate_otp(step), typed)]
        return max(fits, default=None)


def address_of(secret: str, *, name: str, mall: str) -> str:
    """`otpauth://…`: what an app reads from a QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=mall)


def _recovered(connection: Connection, person: str, code: str) -> bool:
    used = connection.execute("DELETE FROM recovery_codes WHERE person = ? AND hash = ?", (person, _hash(person, code)))
    return bool(used.rowcount)


def _recovery_code() -> str:
    letters = b32encode(secrets.token_bytes(10)).decode()
    return "-".join(letters[at : at + 4] for at in range(0, len(letters), 4))


def _hash(person: str, code: str) -> bytes:
    plain = "".join(letter for letter in code.upper() if letter.isalnum())
    return sha256(f"{person}\n{plain}".encode(errors="replace")).digest()
