"""What the keys of single texts, and the secrets of second factors, are sealed by: the mall's own keys, from outside
the registry's file.

Whoever has only `registry.db`, or a copy of it, reads nothing personal and computes no code. The keys stand one a line
(as `antrean privacy key` makes them); the first seals, the others still open what they sealed. So a key is exchanged
without a pause: a fresh line before the old one, `Registry.seal_anew` until nothing is sealed by the old one, and that
line goes. A file of our own is made only while nothing is sealed: afterwards a fresh one would hide that it is lost.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from secrets import token_hex

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from queue_server.errors import Unavailable
from queue_server.settings import Settings
from queue_server.settings.secrets import secret_of

FILE = "personal.key"
"""In the data folder, where config.toml names no other."""


class Ring:
    """`newest` names the key that seals."""

    def __init__(self, lines: str) -> None:
        keys = [line.strip() for line in lines.splitlines() if line.strip() and not line.lstrip().startswith("#")]
        try:
            self._all = MultiFernet([Fernet(key) for key in keys])
        except ValueError as error:  # without the error's own words: they might hold some of the key
            raise Unavailable("The key that seals what is secret is none; antrean privacy key makes one.") from error
        self.newest = sha256(keys[0].encode()).hexdigest()[:16]

    def seal(self, key: bytes) -> bytes:
        return self._all.encrypt(key)

    def open(self, sealed: bytes) -> bytes:
        """Raises Unavailable where none of the keys has sealed this."""
        try:
            return self._all.decrypt(sealed)
        except InvalidToken:
            raise Unavailable("The key by which this was sealed is not there any more.") from None


Read = Callable[[bool], str]
"""Gives the lines, of a file that it may make if the argument says so. Raises OSError, UnicodeDecodeError."""


class Keys:
    """The lines are read when they are first needed, and again when they may have changed.

    `is_used` says whether anything is sealed yet.
    """

    def __init__(self, read: Read, is_used: Callable[[], bool]) -> None:
        self._read = read
        self._is_used = is_used
        self._ring: Ring | None = None

    def ring(self) -> Ring:
        """Raises Unavailable where they cannot be read."""
        return self._ring or self.read_again()

    def read_again(self) -> Ring:
        try:
            self._ring = Ring(self._read(not self._is_used()))
        except (OSError, UnicodeDecodeError) as error:
            raise Unavailable(
                f"The key that seals notes, names and second factors cannot be read: {error}. Put the file back from"
                " where you keep it; docs/security/privacy.md says what to do where it is lost."
            ) from error
        return self._ring


def personal_keys(settings: Settings, folder: Path, data: Path, *, make: bool) -> str:
    """The lines of the mall's keys. Raises OSError where there are none, and none of our own are to be made."""
    named = settings.privacy.key_file
    return secret_of(named, folder) if named else kept_in(data / FILE, make)


def fresh() -> str:
    """A new key, as it stands in the file."""
    return Fernet.generate_key().decode()


def kept_in(path: Path, make: bool, draw: Callable[[], str] = fresh) -> str:
    """The lines of a file of our own, made for nobody else to read where there is none and `make` says so.

    `draw` gives a key.
    """
    if make and not path.exists():
        part = path.with_name(f"{path.name}.{token_hex(4)}.part")
        with os.fdopen(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w", encoding="utf-8") as file:
            file.write(draw().strip() + "\n")
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):  # a command beside the server was quicker
            os.link(part, path)
        part.unlink()
    return path.read_text(encoding="utf-8")
