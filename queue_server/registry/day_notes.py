"""Notes on days, for whoever reads a report later: "network down 10 to 11", "joint leave".

They explain figures and change none, so their words are in no event; that one was left or taken away is an act in the
journal, by its id. A note is the mall's, or of some agencies; who wrote it is known by pseudonym.
"""

from __future__ import annotations

import secrets
from datetime import date

from msgspec import Struct

from queue_server.domain.acts import ActKind
from queue_server.registry.acts import Acts
from queue_server.registry.file import RegistryFile

MOST_OF_DAY = 20
"""Notes of one day; more would explain nothing."""
LONGEST = 200
"""Characters."""


class DayNote(Struct, frozen=True, kw_only=True):
    """`agencies` is None for the whole mall's."""

    id: str
    day: str
    text: str
    agencies: tuple[str, ...] | None
    by: str


class DayNotes:
    def __init__(self, file: RegistryFile, acts: Acts) -> None:
        self._file = file
        self._acts = acts

    def add(
        self, day: date, text: str, agencies: tuple[str, ...] | None, by: str, *, address: str | None = None
    ) -> DayNote | None:
        """None where the day has as many as it may have."""
        note = DayNote(id=secrets.token_hex(8), day=day.isoformat(), text=text, agencies=agencies, by=by)
        with self._file.change() as connection:
            ((there,),) = connection.execute("SELECT count(*) FROM day_notes WHERE day = ?", (note.day,)).fetchall()
            if there >= MOST_OF_DAY:
                return None
            connection.execute(
                "INSERT INTO day_notes (id, day, text, agencies, by, at) VALUES (?, ?, ?, ?, ?, ?)",
                (
                    note.id,
                    note.day,
                    note.text,
                    None if agencies is None else ",".join(agencies),
                    note.by,
                    self._file.now(),
                ),
            )
            self._acts.note(ActKind.DAY_NOTE_LEFT, by=by, about=note.id, address=address, within=connection)
        return note

    def get(self, id_: str) -> DayNote | None:
        return next(iter(self._read("WHERE id = ?", id_)), None)

    def between(self, first: date, last: date, agencies: frozenset[str] | None = None) -> list[DayNote]:
        """Of these days, the oldest first: the mall's, and of agencies those of `agencies`, or all where it is None."""
        found = self._read("WHERE day BETWEEN ? AND ? ORDER BY day, at", first.isoformat(), last.isoformat())
        return [
            note for note in found if agencies is None or note.agencies is None or agencies.intersection(note.agencies)
        ]

    def remove(self, id_: str, *, by: str | None = None, address: str | None = None) -> None:
        """Of two who take it away at once, one did."""
        with self._file.change() as connection:
            if connection.execute("DELETE FROM day_notes WHERE id = ?", (id_,)).rowcount:
                self._acts.note(ActKind.DAY_NOTE_REMOVED, by=by, about=id_, address=address, within=connection)

    def _read(self, which: str, *values: str) -> list[DayNote]:
        # the condition is one of those above, values never stand in it
        rows = self._file.read(f"SELECT id, day, text, agencies, by FROM day_notes {which}", values)
        return [
            DayNote(id=id_, day=day, text=text, agencies=None if of is None else tuple(of.split(",")), by=by)
            for id_, day, text, of, by in rows
        ]
