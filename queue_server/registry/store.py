"""The registry as one thing: its parts over one file."""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from pathlib import Path
from secrets import token_bytes

from queue_server.database import BUSY_MS
from queue_server.errors import Unavailable
from queue_server.registry import keys as own_keys
from queue_server.registry.acts import Acts
from queue_server.registry.announcements import Announcements
from queue_server.registry.badges import Badges
from queue_server.registry.citizens import Citizens
from queue_server.registry.daily import Daily
from queue_server.registry.day_notes import DayNotes
from queue_server.registry.devices import Devices
from queue_server.registry.file import Clock, RegistryFile, wall_clock
from queue_server.registry.keys import Keys, Read
from queue_server.registry.known import KnownPlaces
from queue_server.registry.links import Links
from queue_server.registry.media import Media
from queue_server.registry.once import Once
from queue_server.registry.pairings import Pairings
from queue_server.registry.people import People
from queue_server.registry.personal import Personal
from queue_server.registry.provided import Provided
from queue_server.registry.second_factors import SecondFactors
from queue_server.registry.sessions import Sessions
from queue_server.registry.tokens import Tokens

_KEPT = "SELECT value FROM secrets WHERE purpose = ?"


class Registry:
    def __init__(self, file: RegistryFile, read_keys: Read) -> None:
        self._file = file
        self.keys = Keys(read_keys, self.has_sealed)
        self.tokens = Tokens(file)
        self.people = People(file)
        self.sessions = Sessions(file)
        self.links = Links(file)
        self.known = KnownPlaces(file)
        self.badges = Badges(file, self.keys)
        self.provided = Provided(file, self.people)
        self.second_factors = SecondFactors(file, self.keys)
        self.devices = Devices(file)
        self.pairings = Pairings(file)
        self.personal = Personal(file, self.keys)
        self.citizens = Citizens(file, self.personal)
        self.daily = Daily(file, self.keys)
        self.acts = Acts(file)
        self.day_notes = DayNotes(file, self.acts)
        self.announcements = Announcements(file, self.acts)
        self.media = Media(file, self.acts)
        self.once = Once(file)

    def secret(self, purpose: str) -> bytes:
        """A random key that every server of this registry has in common; made when it is first asked for."""
        found = self._file.read(_KEPT, (purpose,))
        if not found:
            with self._file.change() as connection:
                connection.execute("INSERT OR IGNORE INTO secrets VALUES (?, ?)", (purpose, token_bytes(32)))
            found = self._file.read(_KEPT, (purpose,))
        value: bytes = found[0][0]
        return value

    def sealed_by_others(self) -> int:
        """How much the newest of the mall's keys has not sealed yet. Raises Unavailable where there is none."""
        return sum(one.sealed_by_others() for one in (self.personal, self.second_factors, self.daily, self.badges))

    def read_keys_again(self) -> None:
        """They may be others by now. Asks for none where nothing is to be sealed. Raises Unavailable."""
        if not all(one.is_empty() for one in (self.personal, self.second_factors, self.daily, self.badges)):
            self.keys.read_again()

    def has_sealed(self) -> bool:
        """Whether anything stands here that only one of the mall's keys opens."""
        sealed = (self.personal, self.second_factors, self.badges)
        return any(one.has_sealed() for one in sealed) or not self.daily.is_empty()

    def changes(self) -> tuple[int, int]:
        """Another pair than before says that something was changed: by this server, or by a command beside it."""
        return self._file.changes()

    def now(self) -> int:
        """The real time, by which people are let in (milliseconds)."""
        return self._file.now()

    def write_down(self) -> None:
        """Write down what may wait: uses of tokens and sessions, words of devices. Once a minute or so, in a thread."""
        self.tokens.write_uses()
        self.sessions.write_did()
        self.devices.write()
        self.acts.write()
        self._file.empty_log()

    def close(self) -> None:
        with suppress(Unavailable):  # the last minute's uses and words are not worth failing to stop
            self.write_down()
        self._file.close()


def open_registry(
    path: Path,
    *,
    clock: Clock = wall_clock,
    busy_ms: int = BUSY_MS,
    keys: Read | None = None,
) -> Registry:
    """Open the registry's file, made if missing; several programs may have it open. Raises `Unavailable`, `Broken`.

    `busy_ms` is how long a change waits for another program's lock on the file. `keys` reads what seals personal
    words and second factors; without it that is a file beside this one.
    """
    return Registry(
        RegistryFile(path, clock, busy_ms), keys or partial(own_keys.kept_in, path.with_name(own_keys.FILE))
    )
