"""A small hall to try the rules in: given a history, when one command, then exactly these events or this refusal.

    hall = Hall()
    hall.open("1")
    hall.issue("passport", "anna")
    assert hall.does(c.CallNext, counter="1") == [e.TicketCalled(...)]
    assert hall.refuses(c.StartService, counter="2") == ("counter_closed", "closed")

A refused command changes nothing; what else every hall holds on the way stands in tests/hall.py.
"""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from queue_server.domain import commands as c
from queue_server.domain import events as e
from queue_server.domain.decide import decide
from queue_server.domain.hall import next_deadline
from queue_server.domain.records import Step, Ticket
from queue_server.domain.rules import Agency, Category, Counter, Credits, Kiosk, Policy, Prefix, Printer, Rules, Service
from queue_server.domain.rules import Zone as RulesZone
from queue_server.errors import Refused
from tests.hall import SmallHall

SECOND = 1_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE

DAY = 1_795_453_200_000
"""When the business day begins: midnight of 2026-11-24 in Jakarta."""

MORNING = DAY + 8 * HOUR
EVENING = DAY + 16 * HOUR

TARGETS = {"regular": 30 * MINUTE, "elderly": 10 * MINUTE, "pregnant": 10 * MINUTE}


def service(id_: str, prefix: str, **changes: Any) -> Service:
    """A service that is open from 8 to 16 o'clock."""
    usual = Service(
        id=id_, agency="imigrasi", name={"en": id_}, prefix=prefix, targets=TARGETS, open=((MORNING, EVENING),)
    )
    return replace(usual, **changes)


def counter(id_: str, *services: str, **changes: Any) -> Counter:
    return replace(Counter(id=id_, label=id_, zone="hall", services=services), **changes)


SERVICES = (service("passport", "P"), service("visa", "V"), service("tax", "T", agency="pajak"))
COUNTERS = (
    counter("1", "passport", "visa"),
    counter("2", "passport"),
    counter("3", "tax", "visa"),
)
POLICY = Policy(
    no_show_calls=2,
    no_show_apart_ms=10 * SECOND,
    max_recalls=3,
    grace_ms=30 * MINUTE,
    undo_ms=10 * SECOND,
    picking=True,
    auto_call_after_ms=10 * SECOND,
    address_limit_ms=20 * MINUTE,
    slip_ttl_ms=25 * SECOND,
    credits=Credits(transfer=1.0, next_service=1.0, give_back=0.5, put_back=1.0),
)


def rules(
    *changed: Service | Counter, policy: dict[str, Any] | None = None, prefixes: dict[str, Prefix] | None = None
) -> Rules:
    """The rules of the small hall; services and counters given replace or join its own, `policy` changes its fields."""
    services = {s.id: s for s in (*SERVICES, *changed) if isinstance(s, Service)}
    counters = {k.id: k for k in (*COUNTERS, *changed) if isinstance(k, Counter)}
    return Rules(
        name={"en": "Small hall"},
        languages=("id", "en"),
        timezone="Asia/Jakarta",
        agencies={id_: Agency(id=id_, name={"en": id_}) for id_ in ("imigrasi", "pajak")},
        services=services,
        counters=counters,
        zones={"hall": RulesZone(id="hall", name={"en": "Hall"})},
        categories={id_: Category(id=id_, name={"en": id_}) for id_ in TARGETS},
        kiosks={
            "door": Kiosk(id="door", name={"en": "Door"}, printer="slips"),
            "stairs": Kiosk(id="stairs", name={"en": "Stairs"}),
        },
        printers={id_: Printer(id=id_, name={"en": id_}) for id_ in ("slips", "spare")},
        prefixes=prefixes or {},
        outcomes={"done": {"en": "Done"}, "referred": {"en": "Referred"}},
        pause_reasons={"lunch": {"en": "Lunch"}, "meeting": {"en": "Meeting"}},
        reasons={"fire": {"en": "Fire"}, "copy_machine": {"en": "At the copy machine"}, "lost": {"en": "Lost"}},
        policy=replace(POLICY, **(policy or {})),
    )


class Hall(SmallHall):
    """A day in the small hall, from 8 o'clock on. Time stands still until `later`."""

    def __init__(self, agreed: Rules | None = None) -> None:
        super().__init__(MORNING)
        self._issued = 0
        self.open_day(agreed or rules())

    # Doing

    def does(self, command: type[c.Command], **fields: Any) -> list[e.AnyEvent]:
        """Carry a command out now and return its events."""
        return self.carry_out(self._command(command, fields))

    def refuses(self, command: type[c.Command], **fields: Any) -> tuple[str, str | None]:
        """Try a command that must be refused, and return the refusal's code and reason."""
        refusal = self.refusal(command, **fields)
        return refusal.code, refusal.reason

    def refusal(self, command: type[c.Command], **fields: Any) -> Refused:
        before = self.state.facts()
        with pytest.raises(Refused) as refused:
            decide(self.state, self._command(command, fields))
        assert self.state.facts() == before, "a refused command changed something"
        assert refused.value.detail
        return refused.value

    def tick(self) -> list[e.AnyEvent]:
        """Record everything that is due by now."""
        events: list[e.AnyEvent] = []
        while due := self.does(c.Tick):
            events += due
        return events

    def due(self) -> int | None:
        return next_deadline(self.state)

    def _command(self, command: type[c.Command], fields: dict[str, Any]) -> c.Command:
        if issubclass(command, (c.CounterCommand, c.ScreenGone, c.ScreenBack)):
            at = self.state.counters.get(str(fields["counter"]))
            fields.setdefault("clerk", (at.clerk if at else None) or f"clerk {fields['counter']}")
        if command is c.OpenDay:
            fields = {"mall": "mall", "journal": "journal"} | fields
        fields.setdefault("at", self.at)
        return command(**fields)

    # What many histories begin with

    def open_day(self, agreed: Rules, day: int = DAY) -> list[e.AnyEvent]:
        return self.does(
            c.OpenDay,
            at=max(day, self.state.at),
            day=str(day),
            starts_at=day,
            ends_at=day + 24 * HOUR,
            rules=agreed,
        )

    def close_day(self) -> list[e.AnyEvent]:
        self.at = self.state.ends_at
        return self.tick()

    def open(self, *counters: str) -> None:
        for id_ in counters:
            self.does(c.OpenCounter, counter=id_, clerk=f"clerk {id_}")

    def issue(self, service: str, id_: str | None = None, *planned: str, **fields: Any) -> Ticket:
        """A ticket; its id is `id_`, which tests choose like a person's name."""
        self._issued += 1
        id_ = id_ or f"ticket {self._issued}"
        self.does(c.IssueTicket, ticket=id_, services=(service, *planned), **fields)
        return self.state.tickets[id_]

    def call(self, counter: str) -> str | None:
        """Call next; the id of who is called."""
        self.does(c.CallNext, counter=counter)
        return self.state.counters[counter].ticket

    def serve(self, counter: str) -> str:
        """Call next and start."""
        called = self.call(counter)
        assert called is not None
        self.does(c.StartService, counter=counter)
        return called

    # Looking

    def step(self, id_: str) -> Step:
        return self.state.tickets[id_].step

    def states(self, *ids: str) -> list[str]:
        return [self.state.tickets[id_].state for id_ in ids]
