"""Each day's closing hash: signed once the day is over, kept in the journal, and given away as a file.

`closings.jsonl` in the data folder has one line for each day that was signed. Days that are not in it, of an older
version too, are signed at the start; the same line comes of the same hash.
"""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import Callable
from contextlib import closing as closes
from pathlib import Path

from queue_server.domain import commands as c
from queue_server.domain import events as e
from queue_server.domain.acts import ActKind
from queue_server.domain.state import Changes
from queue_server.errors import AntreanError, Unavailable
from queue_server.journal.closing import Closing, MallKey, mall_key, read_closings, written
from queue_server.journal.promises import Journal
from queue_server.registry.acts import MACHINE, Acts
from queue_server.service.engine import Engine
from queue_server.service.logs import log

FILE = "closings.jsonl"
KEY_FILE = "mall.key"

AGAIN_S = 60.0
"""After so long it is tried again where a file could not be written."""


class Closings:
    """`list` is what was signed so far, the oldest first. `key_file` and `publish` say what config.toml names now."""

    def __init__(
        self,
        engine: Engine,
        journal: Journal,
        acts: Acts,
        data: Path,
        *,
        key_file: Callable[[], Path | None],
        publish: Callable[[], Path | None],
    ) -> None:
        self.list: list[Closing] = []
        self.public_key = ""
        self.alarm: str | None = None
        self._engine = engine
        self._journal = journal
        self._acts = acts
        self._data = data
        self._key_file = key_file
        self._publish = publish
        self._due = asyncio.Event()
        engine.changed.append(self._see)

    def _see(self, changes: Changes, events: tuple[e.AnyEvent, ...]) -> None:
        if any(isinstance(event, e.DayClosed) for event in events):
            self._due.set()

    async def run(self) -> None:
        """For as long as the server lives."""
        while True:
            self._due.clear()
            try:
                await self._engine.settled()
                await self.sign()
                self.alarm = None
            except (AntreanError, OSError, ValueError) as error:
                said = str(error)
                self.alarm = (
                    f"The day's closing hash cannot be signed and given away ({said}). Mend that; it is tried again."
                )
                log.error("closing_not_signed", error=type(error).__name__, detail=said)
            try:
                async with asyncio.timeout(AGAIN_S if self.alarm else None):
                    await self._due.wait()
            except TimeoutError:
                continue

    async def sign(self) -> None:
        """Whatever is over and not signed yet. Raises Unavailable, OSError, ValueError."""
        key = await asyncio.to_thread(self._take_key)
        self.list = await asyncio.to_thread(self._read)
        for day, row, digest in await asyncio.to_thread(self._closed):
            state = self._engine.state
            made = key.sign(mall=state.mall, journal=state.journal, day=day, row=row, digest=digest)
            note = c.NoteClosing(day=day, row=row, hash=digest, public_key=made.public_key, signature=made.signature)
            await self._engine.submit(note, self._engine.hashes("closings", day, made.signature[:64], b""))
            self.list.append(made)
        await asyncio.to_thread(self._give_away)

    def _take_key(self) -> MallKey:
        key, made = mall_key(self._key_file() or self._data / KEY_FILE)
        if made:
            self._acts.note(ActKind.KEY_MADE, by=MACHINE, about=key.public)
        self.public_key = key.public
        return key

    def _read(self) -> list[Closing]:
        path = self._data / FILE
        return read_closings(path.read_bytes()) if path.exists() else []

    def _closed(self) -> list[tuple[str, int, str]]:
        """Day, row and hash of each day that is over and has no line."""
        known = {closing.day for closing in self.list}
        with closes(self._journal.reader()) as history:
            days = [day for day in history.days() if day not in known]
            found = ((day, history.closing_of(day)) for day in days)
            return [(day, row.seq, row.hash.hex()) for day, row in found if row is not None]

    def _give_away(self) -> None:
        path = self._data / FILE
        lines = written(self.list)
        if not path.exists() or path.read_bytes() != lines:
            fresh = path.with_name(FILE + ".new")
            with fresh.open("wb") as file:
                file.write(lines)
                file.flush()
                os.fsync(file.fileno())
            fresh.replace(path)
        folder = self._publish()
        if folder is None or not self.list:
            return
        if not folder.is_dir():
            raise Unavailable(f"There is no folder {folder}")
        shutil.copyfile(path, folder / f"{self.list[-1].mall}-{FILE}")
