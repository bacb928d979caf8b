"""Who did what: the one way to have it kept. From here it goes into the journal, where nobody takes it out again.

    registry.acts.note(ActKind.SIGN_IN, by=person.id, address=request.remote)
    registry.acts.note(ActKind.SIGN_IN_REFUSED, about=person.id, why="secret", address=request.remote)
    registry.acts.note(ActKind.PERSON_CHANGED, by=caller.clerk, about=person.id, address=request.remote,
                       details={"was": "clerk", "role": "supervisor", "agencies": "tax,land"})
    registry.acts.note(ActKind.TOKEN_REVOKED, by=MACHINE, about="token:7")      # a command beside the server

Call it from anywhere: a request's handler, a thread, a command of `antrean` while the server runs or does not. With
`within=connection`, inside the `file.change()` that makes the change itself, one cannot be on disk without the other.
The row is on disk when `note` returns (some hundred microseconds: in a handler, call it in the thread in which the
change is made). The server takes it into the journal within a moment as `ActNoted` (service/acting.py), which names the
row here; what was noted while no server ran follows at its next start.

`by`, `about` and `agency` are pseudonyms, ids and codes (`person.id`, `token:7`, `kiosk:k1`, an address never), `why` a
code, `details` codes too: what is none becomes `?`. The address stays in this file, for as long as
`[privacy] addresses` says. Kinds that an attacker can repeat at will (`REPEATED`) are on disk at once the first
time; those that are alike follow as a number after a minute.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Mapping
from contextlib import nullcontext
from threading import Lock

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from queue_server.database import Connection
from queue_server.domain.acts import REPEATED, ActKind, code_or_none, details_of
from queue_server.registry.file import RegistryFile

MACHINE = "machine"
"""By whom, where a command of `antrean` on the server's own machine did it: whoever may use the files."""

PROVIDER = "provider"
"""By whom, where the identity provider said so."""

LATE_MS = 60_000
"""What is taken into the journal within this happened when its event says."""

COUNTED = 500
"""So many different ones are counted at once; what comes beyond is counted without its address and whom it is about."""


class Act(Struct, frozen=True, kw_only=True):
    """`act` is random; `at` when it happened (milliseconds, real time)."""

    act: str
    what: str
    at: int
    by: str | None = None
    about: str | None = None
    agency: str | None = None
    why: str | None = None
    times: int = 1
    address: str | None = None
    details: dict[str, str] = {}


class Said(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What of an act goes into the journal, as it waits for that."""

    what: str
    by: str | None = None
    about: str | None = None
    agency: str | None = None
    why: str | None = None
    times: int = 1
    details: dict[str, str] = {}


_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Said).decode


class Acts:
    """`added` are called whenever a row waits for the journal, in whichever thread that was."""

    def __init__(self, file: RegistryFile) -> None:
        self.added: list[Callable[[], None]] = []
        self._file = file
        self._lock = Lock()
        self._counted: dict[tuple[str | None, ...], Act] = {}
        self._stays: dict[str, list[Stay]] = {}

    def note(
        self,
        what: ActKind,
        *,
        by: str | None = None,
        about: str | None = None,
        agency: str | None = None,
        why: str | None = None,
        address: str | None = None,
        details: Mapping[str, object] | None = None,
        within: Connection | None = None,
    ) -> None:
        """Have it kept; see above. Raises Unavailable where the registry takes nothing."""
        act = Act(
            act="",
            what=what,
            at=self._file.now(),
            by=code_or_none(by),
            about=code_or_none(about),
            agency=code_or_none(agency),
            why=code_or_none(why),
            address=address,
            details=details_of(details or {}),
        )
        if what in REPEATED and self._counts(act):
            return
        self._write([act], within)

    def _counts(self, act: Act) -> bool:
        """Whether one that is alike was on disk a moment ago; then this one waits with it."""
        with self._lock:
            if _alike(act) not in self._counted and len(self._counted) >= COUNTED:
                act = replace(act, address=None, about=None, by=None, why="many")
            known = self._counted.get(_alike(act))
            self._counted[_alike(act)] = replace(act, times=0 if known is None else known.times + 1)
            return known is not None

    def write(self) -> None:
        """Write down what was counted, and where people were; once a minute, in a thread."""
        with self._lock:
            counted, self._counted = self._counted, {}
            stays, self._stays = self._stays, {}
        now = self._file.now()
        self._write([replace(act, at=now) for act in counted.values() if act.times])
        if stays:
            with self._file.change() as connection:
                for who, some in stays.items():
                    for stay in some:
                        _keep_stay(connection, who, stay)

    def _write(self, acts: Iterable[Act], within: Connection | None = None) -> None:
        rows = [("a" + secrets.token_hex(8), _encode(_said(act)), act.address, act.at) for act in acts]
        if not rows:
            return
        with nullcontext(within) if within is not None else self._file.change() as connection:
            connection.executemany("INSERT INTO acts (act, said, address, at) VALUES (?, ?, ?, ?)", rows)
        for tell in self.added:
            tell()

    # On the way into the journal

    def waiting(self, most: int = 200) -> list[Act]:
        """What the journal has not got yet, the oldest first."""
        rows = self._file.read(
            "SELECT act, said, address, at FROM acts WHERE noted_at IS NULL ORDER BY at LIMIT ?", (most,)
        )
        return [_act(*row) for row in rows]

    def is_late(self, act: Act) -> bool:
        """Whether it happened so long ago that the time of its event says nothing of it."""
        return self._file.now() - act.at > LATE_MS

    def noted(self, acts: Iterable[Act]) -> None:
        """The journal has them on disk. What is left here is the address; a row without one has done its work."""
        now = self._file.now()
        with self._file.change() as connection:
            for act in acts:
                if act.address is None:
                    connection.execute("DELETE FROM acts WHERE act = ?", (act.act,))
                else:
                    connection.execute("UPDATE acts SET noted_at = ?, said = x'' WHERE act = ?", (now, act.act))

    # Addresses

    def was_at(self, who: str, address: str, at: int) -> None:
        """Somebody did something at that time (milliseconds of the mall), from there. Held in memory until `write`."""
        with self._lock:
            stays = self._stays.setdefault(who, [])
            last = stays[-1] if stays else None
            if last is not None and last.address == address and at - last.last <= QUIET_MS:
                last.last = max(last.last, at)
            elif len(stays) < MOST_STAYS:
                stays.append(Stay(address=address, first=at, last=at))

    def addresses(self, acts: Iterable[str]) -> dict[str, str]:
        """By act, as far as they are still kept."""
        asked = list(acts)
        marks = ",".join("?" * len(asked))
        return dict(
            self._file.read(f"SELECT act, address FROM acts WHERE act IN ({marks}) AND address <> ''", (*asked,))
        )

    def places(self, who: str, since: int, until: int) -> list[tuple[str, int, int]]:
        """Where somebody did something within a time: address, first and last; as far as it is still kept."""
        with self._lock:
            held = [(one.address, one.first, one.last) for one in self._stays.get(who, ())]
        rows = self._file.read(
            "SELECT address, first_at, last_at FROM places WHERE who = ? AND first_at <= ? AND last_at >= ?"
            " ORDER BY first_at",
            (who, until, since),
        )
        return [*(_place(*row) for row in rows), *(one for one in held if one[1] <= until and one[2] >= since)]

    def swept_within(self, ms: int, what: str = "addresses") -> bool:
        """Whether these were looked through so short a time ago, by whichever server; if not, it counts as run now."""
        now, purpose = self._file.now(), f"{what}_swept"
        with self._file.change() as connection:
            found = connection.execute("SELECT value FROM secrets WHERE purpose = ?", (purpose,)).fetchone()
            if found is not None and now - int.from_bytes(found[0]) < ms:
                return True
            connection.execute("INSERT OR REPLACE INTO secrets VALUES (?, ?)", (purpose, now.to_bytes(8, signed=False)))
        return False

    def forget_before(self, at: int) -> int:
        """Addresses of acts and people from before then go; gives how many."""
        with self._file.change() as connection:
            gone: int = connection.execute("DELETE FROM acts WHERE at < ? AND noted_at IS NOT NULL", (at,)).rowcount
            gone += connection.execute("DELETE FROM places WHERE last_at < ?", (at,)).rowcount
        return gone

    def forget_places(self, who: str) -> int:
        """The same of one person, at whatever time."""
        with self._lock:
            self._stays.pop(who, None)
        with self._file.change() as connection:
            return int(connection.execute("DELETE FROM places WHERE who = ?", (who,)).rowcount)

    def forget_addresses(self, acts: Iterable[str]) -> int:
        """Those of these acts, which the journal has."""
        with self._file.change() as connection:
            return sum(connection.execute("DELETE FROM acts WHERE act = ?", (act,)).rowcount for act in acts)


STAYED_MS = 10 * 60_000
"""Somebody who does something again at one place within this, and nowhere else, was there all the while."""

QUIET_MS = 60_000
"""After so long without anything a stay that is held in memory ends, and another may begin."""

MOST_STAYS = 100
"""Of one person within a minute; nobody has as many."""


class Stay(Struct, kw_only=True, gc=False):
    """Somebody was there from the first to the last (milliseconds)."""

    address: str
    first: int
    last: int


def _keep_stay(connection: Connection, who: str, stay: Stay) -> None:
    """The row of a stay goes on where it was broken off a moment ago and they were nowhere else since."""
    grown = connection.execute(
        "UPDATE places SET last_at = max(last_at, ?) WHERE rowid = (SELECT max(rowid) FROM places WHERE who = ?)"
        " AND address = ? AND last_at >= ?",
        (stay.last, who, stay.address, stay.first - STAYED_MS),
    ).rowcount
    if not grown:
        connection.execute("INSERT INTO places VALUES (?, ?, ?, ?)", (who, stay.address, stay.first, stay.last))


def _place(address: str, first: int, last: int) -> tuple[str, int, int]:
    return address, first, last


def _alike(act: Act) -> tuple[str | None, ...]:
    return act.what, act.by, act.about, act.agency, act.why, act.address


def _said(act: Act) -> Said:
    return Said(
        what=act.what,
        by=act.by,
        about=act.about,
        agency=act.agency,
        why=act.why,
        times=act.times,
        details=act.details,
    )


def _act(name: str, said: bytes, address: str | None, at: int) -> Act:
    words = _decode(said)
    return Act(
        act=name,
        what=words.what,
        at=at,
        by=words.by,
        about=words.about,
        agency=words.agency,
        why=words.why,
        times=words.times,
        address=address,
        details=words.details,
    )
