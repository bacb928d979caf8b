"""What staff have put on the boards: a line in each language, for how long, on which, and how urgent.

Words are free, so they stand here and in no event; who put them up and took them down is kept as an act, by their id.
What is over goes a day later. Read for every view of a board, so what stands is kept in memory until it is changed.
"""

from __future__ import annotations

import secrets
from typing import Any

import msgspec
from msgspec import Struct

from queue_server.domain.acts import ActKind
from queue_server.registry.acts import Acts
from queue_server.registry.file import RegistryFile
from queue_server.wire.media import Priority, Weekday

MOST = 20
"""At once; more nobody would read."""
LONGEST = 160
"""Characters in one language."""
KEPT_MS = 86_400_000
COLUMNS = "id, texts, boards, since, until, hours, days, priority, urgent, by"


class Announcement(Struct, frozen=True, kw_only=True):
    """`boards` is None for all; times are milliseconds of the mall's clock, `until` None until somebody ends it."""

    id: str
    texts: dict[str, str]
    boards: tuple[str, ...] | None
    since: int
    until: int | None
    hours: tuple[str, ...] = ()
    days: tuple[Weekday, ...] = ()
    priority: Priority = "normal"
    urgent: bool
    by: str


class Announcements:
    def __init__(self, file: RegistryFile, acts: Acts) -> None:
        self._file = file
        self._acts = acts
        self._known: tuple[Announcement, ...] | None = None

    def standing(self, now: int) -> tuple[Announcement, ...]:
        """Those that are not over, also those still to come; the urgent first, then the newest."""
        if self._known is None:
            rows = self._file.read(
                f"SELECT {COLUMNS} FROM announcements ORDER BY urgent DESC, at DESC",
                (),
            )
            self._known = tuple(_read(row) for row in rows)
        return tuple(one for one in self._known if one.until is None or one.until > now)

    def add(self, put: Announcement, *, now: int, address: str | None = None) -> Announcement | None:
        """With an id of its own; None where as many stand as may. What stands word for word is not put up twice."""
        for one in self.standing(now):
            if _same(one, put, now):
                return one
        made = msgspec.structs.replace(put, id=secrets.token_hex(8))
        if len(self.standing(now)) >= MOST:
            return None
        with self._file.change() as connection:
            connection.execute("DELETE FROM announcements WHERE until < ?", (now - KEPT_MS,))
            connection.execute(
                f"INSERT INTO announcements ({COLUMNS}, at) VALUES (?,?,?,?,?,?,?,?,?,?,?)",
                (
                    made.id,
                    msgspec.json.encode(made.texts).decode(),
                    None if made.boards is None else ",".join(made.boards),
                    made.since,
                    made.until,
                    ",".join(made.hours),
                    ",".join(made.days),
                    made.priority,
                    int(made.urgent),
                    made.by,
                    self._file.now(),
                ),
            )
            self._acts.note(ActKind.ANNOUNCEMENT_SHOWN, by=made.by, about=made.id, address=address, within=connection)
        self._known = None
        return made

    def remove(self, id_: str, *, by: str | None, address: str | None = None) -> bool:
        """Whether there was such a one."""
        with self._file.change() as connection:
            there = connection.execute("DELETE FROM announcements WHERE id = ?", (id_,)).rowcount > 0
            if there:
                self._acts.note(ActKind.ANNOUNCEMENT_ENDED, by=by, about=id_, address=address, within=connection)
        self._known = None
        return there


def _same(one: Announcement, other: Announcement, now: int) -> bool:
    """On the same boards until the same time; that both have begun is enough, whenever."""
    begun = one.since == other.since or max(one.since, other.since) <= now
    return begun and msgspec.structs.replace(one, id="", since=0, by="") == msgspec.structs.replace(
        other, id="", since=0, by=""
    )


def _read(row: tuple[Any, ...]) -> Announcement:
    id_, texts, boards, since, until, hours, days, priority, urgent, by = row
    return Announcement(
        id=id_,
        texts=msgspec.json.decode(texts, type=dict[str, str]),
        boards=None if boards is None else tuple(boards.split(",")),
        since=since,
        until=until,
        hours=tuple(hours.split(",")) if hours else (),
        days=tuple(days.split(",")) if days else (),
        priority=priority,
        urgent=bool(urgent),
        by=by,
    )
