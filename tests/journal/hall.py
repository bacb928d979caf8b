"""A hall that decides, carries and records as the engine does, one call after the other and without a loop."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import count
from typing import Any

from queue_server.domain import commands as c
from queue_server.domain import rules as r
from queue_server.domain.events import AnyEvent
from queue_server.journal import imported
from queue_server.journal.past import late_of
from queue_server.journal.promises import Batch, Journal, Key
from queue_server.journal.rows import rows_of
from queue_server.journal.spans import SpanKeeper
from tests.hall import SmallHall

MINUTE = 60_000
DAY = 24 * 60 * MINUTE
MONDAY = 1_795_392_000_000
"""2026-11-23T00:00Z."""
SERVICES = {"pass": ("a", "A"), "tax": ("b", "C"), "land": ("b", "D"), "roll": ("b", "R")}
COUNTERS = {"1": ("pass", "tax"), "2": ("pass", "roll"), "3": ("tax", "land")}
CATEGORIES = {"regular": 10 * MINUTE, "elderly": MINUTE}


def rules(start: int, **policy: Any) -> r.Rules:
    open_ = ((start, start + DAY),)
    return r.Rules(
        name={"en": "Mall"},
        languages=("en",),
        timezone="UTC",
        agencies={k: r.Agency(id=k, name={"en": k}) for k in ("a", "b")},
        services={
            k: r.Service(
                id=k,
                agency=agency,
                name={"en": k},
                prefix=prefix,
                targets=CATEGORIES,
                open=open_,
                carry_over=k == "land",
                paper_roll=k == "roll",
            )
            for k, (agency, prefix) in SERVICES.items()
        },
        counters={k: r.Counter(id=k, label=k, zone="z", services=v) for k, v in COUNTERS.items()},
        zones={"z": r.Zone(id="z", name={"en": "Hall"})},
        categories={k: r.Category(id=k, name={"en": k}) for k in CATEGORIES},
        kiosks={"k": r.Kiosk(id="k", name={"en": "Kiosk"}, printer="p")},
        printers={"p": r.Printer(id="p", name={"en": "Printer"})},
        outcomes={"done": {"en": "Done"}, "referred": {"en": "Referred"}},
        pause_reasons={"break": {"en": "Break"}},
        reasons={"drill": {"en": "Drill"}, "mistake": {"en": "Mistake"}, "damaged": {"en": "Damaged"}},
        policy=r.Policy(**policy),
    )


class Hall(SmallHall):
    """`do` carries a command out, and records what comes of it."""

    checked = False

    def __init__(self, journal: Journal, **policy: Any) -> None:
        super().__init__(MONDAY)
        self.journal = journal
        self._policy = {"no_show_calls": 1, "no_show_apart_ms": 0, "picking": True, "step_away_ms": (60_000,)} | policy
        self.spans = SpanKeeper()
        self._ids = count(1)

    def do(self, kind: type[c.Command], key: Key | None = None, **fields: Any) -> tuple[AnyEvent, ...]:
        first = self.state.seq + 1
        events = tuple(self.carry_out(kind(at=self.at, **fields)))
        if events:
            steps, gone = rows_of(self.state, self.state.take_changes())
            self.journal.append(
                Batch(
                    first_seq=first,
                    stream=self.state.day,
                    events=events,
                    key=key,
                    steps=steps,
                    gone=gone,
                    spans=self.spans.take(),
                    late=late_of(self.state, events),
                )
            )
        return events

    def take_history(self, *events: AnyEvent, stream: str = "import-1") -> None:
        """What an import writes, at any moment."""
        steps, spans = imported.rows_of(events)
        first = self.journal.last().seq + 1
        self.journal.append(
            Batch(first_seq=first, stream=stream, events=events, steps=list(steps.values()), spans=spans)
        )
        self.state.seq = self.journal.last().seq

    def happened(self, event: AnyEvent) -> None:
        self.spans.follow(self.state, event)

    def open_day(self) -> None:
        start = self.at // DAY * DAY
        last = self.journal.last_lived()
        self.do(
            c.OpenDay,
            mall="mall",
            journal="0123456789abcdef",
            day=f"{datetime.fromtimestamp(start / 1_000, UTC):%Y-%m-%d}",
            starts_at=start,
            ends_at=start + DAY,
            rules=rules(start, **self._policy),
            before=last.hash.hex() if last.seq else "",
        )
        self.at += 9 * 60 * MINUTE

    def put_back(self, by: int, day: str) -> None:
        """The clock was ahead `by` milliseconds; the day ends, and `day` begins at the right time."""
        was = self.at
        self.do(c.CloseDay, by="sari")
        self.at -= by
        start = self.at // DAY * DAY
        self.do(
            c.OpenDay,
            mall=self.state.mall,
            journal=self.state.journal,
            day=day,
            starts_at=start,
            ends_at=start + DAY,
            rules=rules(start, **self._policy),
            before=self.journal.last_lived().hash.hex(),
            clock_was=was,
        )

    def close_day(self) -> None:
        """Go on to the next midnight and let the day close."""
        self.at = self.at // DAY * DAY + DAY
        while self.state.open:
            self.do(c.Tick)

    def issue(self, *services: str, key: Key | None = None, **fields: Any) -> str:
        ticket = f"ticket{next(self._ids):06d}"
        self.do(c.IssueTicket, key, ticket=ticket, services=services or ("pass",), **fields)
        return ticket
