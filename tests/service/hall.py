"""A small hall whose engine runs on a real journal: two counters, two services, a clock that the test moves."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from datetime import date
from itertools import count
from pathlib import Path
from typing import Any

from queue_server.database import open_to_read
from queue_server.domain import commands as c
from queue_server.domain import rules as r
from queue_server.domain.state import State
from queue_server.journal.sqlite import SqliteJournal, open_journal
from queue_server.service.clock import DrivenClock
from queue_server.service.days import Days
from queue_server.service.engine import Engine
from queue_server.service.estimates import Estimates
from queue_server.service.rulebook import BusinessDay

DAY = 24 * 3600_000
NINE = 9 * 3600_000


def rules_of(start: int, **policy: Any) -> r.Rules:
    targets = {"regular": 600_000, "elderly": 60_000}
    open_ = ((start, start + DAY),)
    return r.Rules(
        name={"en": "Mall"},
        languages=("en", "id"),
        timezone="UTC",
        agencies={"a": r.Agency(id="a", name={"en": "Agency"})},
        services={
            "pass": r.Service(id="pass", agency="a", name={"en": "Passports"}, prefix="A", targets=targets, open=open_),
            "tax": r.Service(id="tax", agency="a", name={"en": "Tax"}, prefix="C", targets=targets, open=open_),
        },
        counters={
            "1": r.Counter(id="1", label="1", zone="z", services=("pass", "tax")),
            "2": r.Counter(id="2", label="2", zone="z", services=("pass",)),
        },
        zones={"z": r.Zone(id="z", name={"en": "Hall"})},
        categories={k: r.Category(id=k, name={"en": k}) for k in targets},
        kiosks={"k": r.Kiosk(id="k", name={"en": "Kiosk"}, printer="p")},
        printers={"p": r.Printer(id="p", name={"en": "Printer"})},
        boards={"b": r.Board(id="b", name={"en": "Board"}, zones=("z",), languages=("en",))},
        pause_reasons={"break": {"en": "Break"}},
        reasons={"drill": {"en": "Drill"}},
        policy=r.Policy(**policy),
    )


class PlainDays(Days):
    """Days of 24 hours from midnight UTC, always the same rules."""

    def __init__(self) -> None:
        pass  # there is no file behind them

    @property
    def mall(self) -> str:
        return "mall"

    def check(self, state: State) -> None:
        pass

    def begin(self, now: int, state: State) -> tuple[BusinessDay, r.Rules]:
        start = now // DAY * DAY
        day = BusinessDay(date=date.fromordinal(start // DAY + 719_163), starts_at=start, ends_at=start + DAY)
        return day, rules_of(start)

    def rules_now(self, state: State) -> tuple[r.Rules | None, list[str]]:
        return None, []


class Hall:
    """An engine and what a test says to it. Ids count up, so tests can name them: `t1`, `t2`…"""

    def __init__(
        self, engine: Engine, journal: SqliteJournal, clock: DrivenClock, estimates: Estimates, path: Path
    ) -> None:
        self.engine = engine
        self.journal = journal
        self.clock = clock
        self.estimates = estimates
        self.path = path
        self._ids = count(1)

    def fill_disk(self) -> None:
        """The disk takes nothing more, until the journal is opened again."""
        self.journal.write_connection.execute("PRAGMA query_only=ON")

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """What stands in the journal's tables."""
        with closing(open_to_read(self.path)) as db:
            return db.execute(query, values).fetchall()

    async def issue(self, service: str = "pass", key: str | None = None, body: bytes = b"") -> str | None:
        hashes = self.engine.hashes("k", "/tickets", key, body) if key else None
        command = c.IssueTicket(at=self.engine.now(), ticket=f"t{next(self._ids)}", services=(service,))
        return (await self.engine.submit(command, hashes, 201)).ticket

    async def open(self, counter: str = "1", clerk: str = "ani") -> None:
        await self.engine.submit(c.OpenCounter(at=self.engine.now(), counter=counter, clerk=clerk))

    async def call(self, counter: str = "1", clerk: str = "ani") -> str | None:
        command = c.CallNext(at=self.engine.now(), counter=counter, clerk=clerk)
        return (await self.engine.submit(command)).ticket


@asynccontextmanager
async def hall(folder: Path, at: int = NINE, days: Days | None = None, *, stops: bool = False) -> AsyncIterator[Hall]:
    """The hall as its journal in `folder` has it; what was there before a restart is there after it.

    `days` come from a file, where a test has one. It ends as though it were killed, or `stops` in good order.
    """
    engines: list[Engine] = []
    journal = open_journal(
        folder / "journal.db",
        loop=asyncio.get_running_loop(),
        on_commit=lambda seq: engines[0].committed(seq),
        on_failure=lambda error: engines[0].failed(error),
    )
    clock = DrivenClock(at)
    estimates = Estimates()
    engine = Engine(journal, clock, days or PlainDays(), b"k" * 16, estimates)
    engines.append(engine)
    try:
        await engine.start()
        running = asyncio.get_running_loop().create_task(engine.run())
        try:
            yield Hall(engine, journal, clock, estimates, folder / "journal.db")
        finally:
            running.cancel()
            if stops:
                engine.note_stop()
    finally:
        journal.close()
