"""What staff have uploaded for boards: which file, what it shows, when it stands and where; the files lie elsewhere.

Words are free, so they stand here and in no event; who put it up, changed it and took it down is kept as an act, by its
id.
"""

from __future__ import annotations

import secrets
from typing import Any

import msgspec
from msgspec import Struct, field
from msgspec.structs import replace

from queue_server.domain.acts import ActKind
from queue_server.registry.acts import Acts
from queue_server.registry.file import RegistryFile
from queue_server.wire.media import Priority, Weekday

MOST = 200
"""At once."""


class Uploaded(Struct, frozen=True, kw_only=True):
    """`file` and `captions` (by language) are names of files; `boards` is None for all. Times are the mall's."""

    id: str
    file: str
    kind: str
    name: str
    bytes: int
    alt: dict[str, str]
    captions: dict[str, str] = field(default_factory=dict)
    boards: tuple[str, ...] | None = None
    since: int | None = None
    until: int | None = None
    hours: tuple[str, ...] = ()
    days: tuple[Weekday, ...] = ()
    priority: Priority = "normal"
    by: str


class Media:
    def __init__(self, file: RegistryFile, acts: Acts) -> None:
        self._file = file
        self._acts = acts

    def list(self) -> tuple[Uploaded, ...]:
        """In the order in which they were put up."""
        rows = self._file.read("SELECT id, said FROM media ORDER BY at, id")
        return tuple(msgspec.json.decode(said, type=Uploaded) for _id, said in rows)

    def add(self, put: Uploaded, *, address: str | None = None) -> Uploaded | None:
        """With an id of its own; None where as many stand as may. What stands there alike is not put up twice."""
        for one in self.list():
            if replace(one, id="", by="") == replace(put, id="", by=""):
                return one
        made = replace(put, id=secrets.token_hex(8))
        with self._file.change() as connection:
            ((there,),) = connection.execute("SELECT count(*) FROM media").fetchall()
            if there >= MOST:
                return None
            connection.execute("INSERT INTO media (id, said, at) VALUES (?, ?, ?)", (*_row(made), self._file.now()))
            self._note(ActKind.MEDIA_SHOWN, made.by, made.id, address, connection)
        return made

    def change(self, put: Uploaded, *, by: str, address: str | None = None) -> bool:
        """Whether there is such a one."""
        with self._file.change() as connection:
            id_, said = _row(put)
            there: bool = connection.execute("UPDATE media SET said = ? WHERE id = ?", (said, id_)).rowcount > 0
            if there:
                self._note(ActKind.MEDIA_CHANGED, by, id_, address, connection)
        return there

    def remove(self, id_: str, *, by: str, address: str | None = None) -> bool:
        """Whether there was such a one."""
        with self._file.change() as connection:
            there: bool = connection.execute("DELETE FROM media WHERE id = ?", (id_,)).rowcount > 0
            if there:
                self._note(ActKind.MEDIA_REMOVED, by, id_, address, connection)
        return there

    def _note(self, what: ActKind, by: str, id_: str, address: str | None, connection: Any) -> None:
        self._acts.note(what, by=by, about=id_, address=address, within=connection)


def _row(one: Uploaded) -> tuple[str, str]:
    return one.id, msgspec.json.encode(one).decode()
