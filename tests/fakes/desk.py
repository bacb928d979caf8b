"""Counter 12 of the canned mall, alive: its commands are decided by the domain, its terminal is the server's own view.

    Desk()                    open and idle while five people wait; A012 was served before
    Desk("called")            A012 was called 40 seconds ago; `STAGES` has the others
    Desk(waiting=0)           open and idle, and nobody waits
    Desk(picking=True)        with another policy

Ticket A012 has the id `t-A012`, and so on.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from msgspec.structs import replace

from queue_server.domain import commands as c
from queue_server.domain.rules import Counter, Policy, Prefix, Rules
from queue_server.views.desk import counter_view, desk_view
from queue_server.views.ticket import ticket_view
from queue_server.wire.api import CounterView, TicketView
from queue_server.wire.live import DeskView
from tests.fakes import canned
from tests.fakes.rules import rules
from tests.hall import SmallHall

ID = "c12"
CLERK = "p-7f3a"
SERVES = ("ktp-baru", "kartu-keluarga", "akta-lahir", "pindah-datang")
TARGET_MS = 900_000
WAITING = (
    ("A013", 1140, "ktp-baru", "regular", "id"),
    ("B004", 880, "kartu-keluarga", "elderly", "id"),
    ("A014", 610, "ktp-baru", "regular", "en"),
    ("C021", 300, "akta-lahir", "regular", "id"),
    ("A015", 45, "ktp-baru", "regular", "id"),
)
"""Number, seconds of waiting, service, category and language."""

MOVES: dict[str, type[c.CounterCommand]] = {
    "open": c.OpenCounter,
    "pause": c.PauseCounter,
    "resume": c.ResumeCounter,
    "close": c.CloseCounter,
    "auto-call": c.SetAutoCall,
    "help": c.AskHelp,
    "call-next": c.CallNext,
    "call": c.CallTicket,
    "recall": c.Recall,
    "start": c.StartService,
    "finish": c.FinishService,
    "no-show": c.MarkNoShow,
    "park": c.ParkTicket,
    "transfer": c.TransferTicket,
    "put-back": c.PutBack,
    "undo": c.Undo,
}
"""By the API's paths."""

IN_THE_COMMAND = {"counter": "to_counter", "clerk": "to_clerk"}
"""Fields of a request that the command calls otherwise."""

OF_THE_COUNTER = frozenset({"open", "pause", "resume", "close", "auto-call", "help", "help-answered", "services"})
"""Answered with the counter, not with a ticket."""


def desk_rules(policy: Policy, hours: tuple[int, int]) -> Rules:
    """The canned mall's, with a counter 12 that serves four services, and colleagues."""
    known = rules()
    targets = dict.fromkeys(known.categories, TARGET_MS)
    others = {f"c{label}": Counter(id=f"c{label}", label=label, zone="b", services=SERVES) for label in ("13", "21")}
    counters = known.counters | others
    counters[ID] = replace(counters[ID], services=SERVES, help_after={"akta-lahir": 60_000})
    return replace(
        known,
        services={
            id_: replace(one, targets=targets, open=(hours,), paper_roll=False) for id_, one in known.services.items()
        },
        counters=counters,
        prefixes={"A": Prefix(start=12), "B": Prefix(start=4), "C": Prefix(start=21)},
        reasons={one.id: one.name for one in canned.PARKS} | known.reasons,
        policy=policy,
    )


def _came(number: str, waited: int, service: str, category: str, language: str) -> tuple[int, c.Command]:
    """Somebody took a ticket so many seconds ago."""
    ticket = f"t-{number}"
    return waited, c.IssueTicket(ticket=ticket, services=(service,), category=category, language=language)


def _moved(ago: int, kind: type[c.CounterCommand], **more: Any) -> tuple[int, c.Command]:
    return ago, kind(counter=ID, clerk=CLERK, **more)


SERVED = (_moved(1200, c.CallNext), _moved(1190, c.StartService), _moved(1000, c.FinishService))
STAGES: dict[str, tuple[tuple[int, c.Command], ...]] = {
    "idle": SERVED,
    "called": (_moved(40, c.CallNext),),
    "serving": (_moved(140, c.CallNext), _moved(130, c.StartService)),
    "parked": (_moved(140, c.CallNext), _moved(130, c.ParkTicket)),
    "paused": (*SERVED, _moved(60, c.PauseCounter, reason="prayer")),
    "closed": (*SERVED, _moved(60, c.CloseCounter)),
}
"""What was done with A012 and at the counter, each so many seconds ago."""


class Desk(SmallHall):
    """Time goes on by itself; nothing is due by time alone (no tick)."""

    checked = False  # tests/domain proves it; here every press of a page is answered

    def __init__(self, stage: str = "idle", *, waiting: int = len(WAITING), **policy: Any) -> None:
        super().__init__(_ms(5000))
        self.carry_out(
            c.OpenDay(
                at=self.at,
                mall="m",
                journal="j",
                day="2026-11-24",
                starts_at=self.at,
                ends_at=_ms(-7 * 3600),
                rules=desk_rules(Policy(**({"no_show_calls": 1} | policy)), (self.at, _ms(-6 * 3600))),
            )
        )
        for counter, clerk in ((ID, CLERK), ("c11", "p-21aa"), ("c13", "p-90c1")):
            self.carry_out(c.OpenCounter(at=_ms(3000), counter=counter, clerk=clerk))
        self.carry_out(c.PauseCounter(at=_ms(3000), counter="c13", clerk="p-90c1", reason="break"))
        people = (("A012", 1260, "ktp-baru", "regular", "id"), *WAITING[:waiting])
        known = [*(_came(*each) for each in people), *STAGES[stage]]
        for ago, command in sorted(known, key=lambda one: -one[0]):
            self.carry_out(replace(command, at=_ms(ago)))
        self.at = _ms(0)

    def now(self, command: c.Command) -> None:
        self.at = _ms(0)
        self.carry_out(replace(command, at=self.at))

    def view(self) -> DeskView:
        return desk_view(self.state, ID, _ms(0), estimates={}, track_base="")

    def counters(self) -> tuple[CounterView, ...]:
        """Counter 12 and its colleagues': one open, one paused, one closed."""
        return tuple(self._counter(one) for one in (ID, "c11", "c13", "c21"))

    def _counter(self, id_: str) -> CounterView:
        return counter_view(self.state, id_, estimates={}, track_base="")

    def act(self, counter: str, move: str, body: Mapping[str, Any]) -> CounterView | TicketView | None:
        """A command of a counter, and what the API answers; None is 204. Raises what the domain refuses."""
        record = self.state.counter(counter)
        before, clerk = record.ticket, record.clerk or CLERK
        if move == "help-answered":
            self.now(c.AnswerHelp(counter=counter, by=clerk))
        elif move == "services":
            known = self.state.rules.counters
            self.change(counters={**known, counter: replace(known[counter], services=tuple(body["services"]))})
        else:
            told = {IN_THE_COMMAND.get(key, key): value for key, value in body.items()}
            self.now(MOVES[move](counter=counter, clerk=clerk, **told))
        if move in OF_THE_COUNTER:
            return self._counter(counter)
        meant = record.ticket if move == "call-next" else record.ticket or before
        return self._ticket(meant) if meant else None

    def of_ticket(self, id_: str, move: str, body: Mapping[str, Any]) -> TicketView:
        """A command of a ticket, as the terminal sends it."""
        if move == "return":
            self.now(c.ReturnTicket(ticket=id_, by=CLERK))
        elif move == "note":
            self.now(c.AttachNote(ticket=id_, note=body["text"] and "n1", by=CLERK))
        else:
            assert move == "cases", move
            self.now(c.SetCases(ticket=id_, cases=body["cases"], by=CLERK))
        return self._ticket(id_)

    def _ticket(self, id_: str) -> TicketView:
        return ticket_view(self.state, self.ticket(id_), staff=True, estimates={}, track_base="")


def wide(view: DeskView) -> dict[str, Any]:
    """What says the same with the widest there may be: a prefix of two letters, a long category, another language."""
    more: dict[str, Any] = {"number": "DC001", "category": "disabled", "language": "en"}
    first, *rest = view.queue.next
    shown = view.counter.ticket
    return {
        "counter": replace(view.counter, ticket=replace(shown, **more) if shown else None),
        "queue": replace(view.queue, next=(replace(first, **more), *rest)),
    }


def _ms(ago: float) -> int:
    """The instant so many seconds before now."""
    return round((canned.now() - timedelta(seconds=ago)).timestamp() * 1000)
