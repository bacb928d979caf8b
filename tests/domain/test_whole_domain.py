"""The whole domain under any history: hypothesis plays the hall, and after every command everything that must always
hold is worked out anew the slow, obvious way and compared.
"""

from __future__ import annotations

from collections import Counter as Tally
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from msgspec import json
from msgspec.structs import replace

from queue_server.domain import commands as c
from queue_server.domain import events as e
from queue_server.domain.decide import HANDLERS as COMMANDS
from queue_server.domain.decide import decide
from queue_server.domain.dispatch import next_for, order_for, order_of, people_ahead
from queue_server.domain.estimate import forecast
from queue_server.domain.evolve import HANDLERS as EVENTS
from queue_server.domain.evolve import evolve
from queue_server.domain.hall import next_deadline
from queue_server.domain.lanes import BOOKED, entry_of, lane_of
from queue_server.domain.lifecycle import FINAL, StepState
from queue_server.domain.presence import presence
from queue_server.domain.rules import Credits, Prefix, Rules
from queue_server.domain.state import State
from queue_server.domain.tickets import Ticket
from queue_server.domain.undo import undoable
from queue_server.errors import Refused
from tests.domain.hall import DAY, HOUR, MINUTE, MORNING, SECOND, counter, rules, service

S = StepState
SERVICES = ("passport", "visa", "tax", "roll")
COUNTERS = ("1", "2", "3", "4")
CLERKS = ("ani", "budi", "citra")
CATEGORIES = ("regular", "elderly", "pregnant")

_decoder = json.Decoder(e.AnyEvent)


# The rules of the mall, drawn

policies = st.fixed_dictionaries(
    {
        "finish_on_call_next": st.booleans(),
        "picking": st.booleans(),
        "blind": st.sampled_from((False, False, False, False, True)),
        "no_show_calls": st.sampled_from((1, 1, 2)),
        "no_show_apart_ms": st.sampled_from((0, 10 * SECOND)),
        "no_show_then": st.sampled_from(("no_show", "parked")),
        "closing": st.sampled_from(("off", "warn", "stop")),
        "undo_ms": st.sampled_from((10 * SECOND, 10 * MINUTE)),
        "auto_call_after_ms": st.sampled_from((0, 10 * SECOND)),
        "address_limit_ms": st.sampled_from((20 * SECOND, 20 * MINUTE)),
        "credits": st.builds(
            Credits,
            transfer=st.sampled_from((1.0, 0.0, -1.0)),
            next_service=st.sampled_from((1.0, 0.3)),
            give_back=st.sampled_from((0.5, 1.0, -2.0)),
            put_back=st.sampled_from((1.0, 0.0)),
        ),
    }
)
targets = st.fixed_dictionaries({category: st.sampled_from((0, MINUTE, 30 * MINUTE)) for category in CATEGORIES})
helps = st.dictionaries(st.sampled_from(SERVICES), st.sampled_from((SECOND, 10 * MINUTE)), max_size=2)
offers = st.lists(st.sampled_from(SERVICES), min_size=1, max_size=4, unique=True)
ranges = st.sampled_from(
    (Prefix(), Prefix(end=4, used_up="wrap"), Prefix(start=5, end=9, step=2, used_up="refuse"), Prefix(end=3))
)


@st.composite
def agreements(draw: st.DrawFn, kept: Rules | None = None) -> Rules:
    """Rules of one mall; `kept` are those of the day so far, whose ranges of numbers stay."""
    services = [
        service(
            id_,
            prefix,
            targets=draw(targets),
            carry_over=draw(st.booleans()),
            paper_roll=id_ == "roll",
            open=((DAY, DAY + 100 * 24 * HOUR),),
            quota=draw(st.sampled_from((None, None, None, 9))),
        )
        for id_, prefix in zip(SERVICES, "PVTR", strict=True)
    ]
    counters = [counter(id_, *draw(offers), help_after=draw(helps)) for id_ in COUNTERS]
    prefixes = kept.prefixes if kept else {prefix: draw(ranges) for prefix in "PVTR"}
    return rules(*services, *counters, policy=draw(policies), prefixes=prefixes)


# What the hall should do, the slow and obvious way


@dataclass(frozen=True, order=True)
class Place:
    due_at: int
    issued_at: int
    ordinal: int
    ticket: str


def waits_for_this_counter(state: State, ticket: Ticket, counter_: str) -> bool:
    step, record = ticket.step, state.counters[counter_]
    skilled = record.skills is None or step.service in record.skills
    offered = step.service in state.rules.counters[counter_].services
    address = step.address
    meant = address is None or address.counter == counter_ or (address.clerk and address.clerk == record.clerk)
    return step.state is S.WAITING and skilled and offered and bool(meant)


def place_at(state: State, ticket: Ticket, counter_: str | None) -> Place:
    step = ticket.step
    if step.booked_at is not None:
        due = step.booked_at
    else:
        assert step.queued_at is not None
        due = step.queued_at - step.credit + state.rules.services[step.service].targets[ticket.category]
    if counter_ is not None:
        due += state.rules.counters[counter_].help_after.get(step.service, 0)
    return Place(due, ticket.issued_at, ticket.ordinal, ticket.id)


def naive_order(state: State, counter_: str) -> list[Place]:
    return sorted(
        place_at(state, ticket, counter_)
        for ticket in state.tickets.values()
        if waits_for_this_counter(state, ticket, counter_)
    )


def naive_deadline(state: State) -> int | None:
    """The earliest thing that time alone brings about."""
    if not state.open:
        return None
    found = [state.ends_at]
    for ticket in state.tickets.values():
        step, slip = ticket.step, ticket.slip
        if step.state is S.WAITING and step.address is not None and step.address.until is not None:
            found.append(step.address.until)
        if slip.state == "queued" and not slip.sent and slip.expires_at is not None:
            found.append(slip.expires_at)
    for record in state.counters.values():
        calls_alone = record.auto_call and record.state == "open" and record.ticket is None
        if calls_alone and state.held is None and record.free_since is not None and naive_order(state, record.id):
            since = max(record.free_since, state.resumed_at, state.undone_at.get(record.id, 0))
            found.append(since + state.rules.policy.auto_call_after_ms)
    return min(found)


def replayed(history: list[bytes]) -> State:
    state = State()
    for row in history:
        evolve(state, _decoder.decode(row))
    return state


class AnyDay(RuleBasedStateMachine):
    """Days in a hall of four counters, four services and three clerks."""

    def __init__(self) -> None:
        super().__init__()
        self.state = State()
        self.now = MORNING
        self.history: list[bytes] = []
        self.issued: set[str] = set()
        self.jobs = 0
        self.fresh = True

    # Carrying out, with everything that one command can be held to

    def do(self, command: c.Command) -> list[e.AnyEvent]:
        """Decide, check, evolve. A refusal changes nothing; what is due comes first, as the engine does it."""
        if not isinstance(command, c.Tick | c.OpenDay):
            self.tick()
        before = self.state.facts()
        try:
            events = decide(self.state, command)
        except Refused:
            events = []
        assert self.state.facts() == before, "deciding changed something"
        bases = {t.id: (t.current, entry_of(t)) for t in self.state.tickets.values() if t.step.state is S.WAITING}
        assert [event.then for event in events] == [place > 0 for place in range(len(events))]
        for event in events:
            assert event.at >= self.state.at, "time ran backwards"
            if isinstance(event, e.TicketCalled):
                self.check_call(event)
            evolve(self.state, event)
            self.history.append(json.encode(event))
        self.check_places(bases, events)
        if events:
            self.fresh = True
            self.check_undo(before, events)
        return events

    def tick(self) -> None:
        for _ in range(200):
            if not self.do(c.Tick(at=self.now)):
                return
        raise AssertionError("what is due never ends")

    def check_call(self, event: e.TicketCalled) -> None:
        """Whoever is called is the first by the obvious reckoning, unless a clerk chose."""
        order = naive_order(self.state, event.counter)
        chosen = next(place for place in order if place.ticket == event.ticket)
        assert event.due_at == chosen.due_at
        if event.why != "picked":
            assert chosen == order[0]
        addressed = self.state.tickets[event.ticket].step.address is not None
        assert event.why in ("picked", "auto") or (event.why == "addressed") == addressed
        assert self.state.held is None
        assert self.state.counters[event.counter].state == "open"

    def check_places(self, bases: dict[str, Any], events: list[e.AnyEvent]) -> None:
        """Whoever waits keeps the place, whatever happens to others: so only finitely many can pass."""
        moved = {getattr(event, "ticket", None) for event in events}
        moved |= {ticket.id for event in events if isinstance(event, e.Undone) for ticket in event.tickets}
        if any(isinstance(event, e.DayOpened) for event in events):
            return
        for id_, place in bases.items():
            ticket = self.state.tickets[id_]
            assert id_ in moved or (ticket.current, entry_of(ticket)) == place

    def check_undo(self, before: dict[str, Any], events: list[e.AnyEvent]) -> None:
        """Taken back at once, a counter's command leaves nothing behind."""
        slots = [(id_, slot) for id_, slot in self.state.undoable.items() if slot.last == self.state.seq]
        if isinstance(events[0], e.Undone) or not slots:
            return
        ((id_, slot),) = slots
        assert undoable(self.state, id_, self.now) is slot
        fork = replayed(self.history)
        clerk = fork.counters[id_].clerk or slot.counters[id_].clerk
        assert clerk is not None
        for event in decide(fork, c.Undo(at=self.now, counter=id_, clerk=clerk)):
            evolve(fork, event)
        assert fork.facts() == before

    # Drawing

    def a_ticket(self, data: st.DataObject, *states: StepState) -> str | None:
        ids = [t.id for t in self.state.tickets.values() if not states or t.step.state in states]
        return data.draw(st.sampled_from(ids), label="ticket") if ids else None

    def at(self, data: st.DataObject) -> dict[str, Any]:
        """A counter and its clerk; now and then one that is closed, or somebody else."""
        staffed = [record.id for record in self.state.counters.values() if record.clerk]
        elsewhere = not staffed or data.draw(st.integers(0, 9), label="elsewhere") == 9
        id_ = data.draw(st.sampled_from(COUNTERS if elsewhere else staffed), label="counter")
        there = self.state.counters[id_].clerk
        clerk = there if there and data.draw(st.integers(0, 19)) else data.draw(st.sampled_from(CLERKS), label="clerk")
        return {"at": self.now, "counter": id_, "clerk": clerk}

    def ready(self, data: st.DataObject) -> dict[str, Any]:
        """A counter that works, with its clerk, and somebody whom it may call: made so where it is not."""
        at = self.at(data)
        record = self.state.counters[at["counter"]]
        if self.state.held is not None:
            self.do(c.ReleaseHall(at=self.now, by="sup"))
        if record.state == "closed":
            self.do(c.OpenCounter(**at))
        elif record.state == "paused":
            self.do(c.ResumeCounter(**{**at, "clerk": record.clerk}))
        offered = [s for s in self.state.serves(record.id) if s in SERVICES[:3]]
        if offered and not naive_order(self.state, record.id):
            self.issue([data.draw(st.sampled_from(offered))], "regular", None)
        return {**at, "clerk": self.state.counters[record.id].clerk or at["clerk"]}

    def busy(self, data: st.DataObject) -> dict[str, Any]:
        """The same, at a counter with somebody there if there is one."""
        ids = [record.id for record in self.state.counters.values() if record.ticket]
        if not ids:
            self.do(c.CallNext(**self.ready(data)))
            ids = [record.id for record in self.state.counters.values() if record.ticket]
        if not ids:
            return self.at(data)
        id_ = data.draw(st.sampled_from(ids), label="counter")
        named = data.draw(st.sampled_from((None, self.state.counters[id_].ticket)), label="named")
        return {"at": self.now, "counter": id_, "clerk": self.state.counters[id_].clerk, "ticket": named}

    # The day and the hall

    @initialize(agreed=agreements(), order=st.permutations(CLERKS), waiting=st.lists(st.sampled_from(SERVICES[:3])))
    def first_day(self, agreed: Rules, order: list[str], waiting: list[str]) -> None:
        self.do(c.OpenDay(at=self.now, day="0", starts_at=DAY, ends_at=DAY + 24 * HOUR, rules=agreed))
        for id_, clerk in zip(COUNTERS, order, strict=False):
            self.open_counter(id_, clerk, None)
        for service_ in waiting:
            self.issue([service_], "regular", None)

    @rule(step=st.sampled_from((1, SECOND, 11 * SECOND, MINUTE, 21 * MINUTE, 40 * MINUTE)))
    def later(self, step: int) -> None:
        self.now += step

    @rule(data=st.data(), kind=st.integers(0, 11))
    def in_the_hall(self, data: st.DataObject, kind: int) -> None:
        """What comes seldom, so that other things come more often."""
        if kind == 0:
            self.next_day(data)
        elif kind == 1:
            self.do(c.NoteRestart(at=self.now))
        elif kind < 4:
            agreed = data.draw(agreements(self.state.rules))
            self.do(c.SetRules(at=self.now, rules=agreed, source="supervisor"))
        elif kind < 6:
            service_ = data.draw(st.sampled_from(SERVICES))
            if service_ in self.state.paused:
                self.do(c.ResumeService(at=self.now, service=service_, by="sup"))
            else:
                self.do(c.PauseService(at=self.now, service=service_, reason="fire", by="sup"))
        elif self.state.held is not None:
            self.do(c.ReleaseHall(at=self.now, by="sup"))
        elif kind == 6:
            self.do(c.HoldHall(at=self.now, reason="fire", by="sup"))

    def next_day(self, data: st.DataObject) -> None:
        self.now = self.state.ends_at + 8 * HOUR
        self.tick()
        assert not self.state.open
        left = [t for t in self.state.tickets.values() if t.step.state not in FINAL]
        for ticket in left:
            assert ticket.step.state is S.WAITING
            assert ticket.step.address is None
            assert self.state.rules.services[ticket.step.service].carry_over
        assert all(r.state == "closed" and r.ticket is None for r in self.state.counters.values())
        gone = data.draw(st.sampled_from(("", "", *SERVICES)), label="service that is no more")
        agreed = data.draw(agreements())
        offered = {id_: s for id_, s in agreed.services.items() if id_ != gone}
        counters = {
            id_: replace(k, services=tuple(s for s in k.services if s != gone)) for id_, k in agreed.counters.items()
        }
        agreed = replace(agreed, services=offered, counters=counters)
        ends = self.state.ends_at
        self.do(
            c.OpenDay(at=self.now, day=str(self.now), starts_at=ends, ends_at=ends + 24 * HOUR, rules=agreed),
        )
        self.issued = {ticket.id for ticket in left}
        for ticket in left:
            kept = ticket.step.service in offered
            assert self.state.tickets[ticket.id].state == ("waiting" if kept else "expired")

    # Tickets

    @rule(
        services=st.lists(st.sampled_from(SERVICES[:3]), min_size=1, max_size=3, unique=True),
        category=st.sampled_from(CATEGORIES),
        kiosk=st.sampled_from((None, "door")),
    )
    def issue(self, services: list[str], category: str, kiosk: str | None, **special: Any) -> None:
        self.jobs += 1
        events = self.do(
            c.IssueTicket(
                at=self.now,
                ticket=f"t{self.jobs}",
                services=tuple(services),
                category=category,
                kiosk=kiosk,
                slip_job=f"j{self.jobs}",
                **special,
            )
        )
        self.issued |= {event.ticket for event in events if isinstance(event, e.TicketIssued)}

    @rule(
        service_=st.sampled_from(SERVICES),
        booked=st.sampled_from((None, 0, 10 * MINUTE)),
        counter_=st.sampled_from((None, *COUNTERS)),
        estimate=st.sampled_from((None, MINUTE, 90 * 24 * HOUR)),
    )
    def issue_specially(self, service_: str, booked: int | None, counter_: str | None, estimate: int | None) -> None:
        self.issue(
            [service_],
            "regular",
            None,
            booked_at=None if booked is None else self.now + booked,
            counter=counter_,
            estimates=(None if estimate is None else c.Estimate(p50=estimate, p90=2 * estimate),),
        )

    @rule(count=st.integers(1, 3))
    def roll(self, count: int) -> None:
        prefix = self.state.rules.prefixes.get("R", Prefix())
        ordinal = self.state.ordinals.get("R")
        last = prefix.start + count - 1 if ordinal is None else ordinal + count
        self.jobs += 1
        ids = tuple(f"r{self.jobs}.{i}" for i in range(5))
        events = self.do(c.EnterRoll(at=self.now, service="roll", last=last, tickets=ids, by="desk"))
        self.issued |= {event.ticket for event in events if isinstance(event, e.TicketIssued)}

    @rule(data=st.data())
    def cancel(self, data: st.DataObject) -> None:
        if ticket := self.a_ticket(data):
            self.do(c.CancelTicket(at=self.now, ticket=ticket))

    @rule(data=st.data())
    def give_back(self, data: st.DataObject) -> None:
        if ticket := self.a_ticket(data, S.PARKED, S.NO_SHOW) or self.a_ticket(data):
            self.do(c.ReturnTicket(at=self.now, ticket=ticket, by="desk"))

    @rule(data=st.data(), cases=st.integers(0, 3))
    def cases_and_notes(self, data: st.DataObject, cases: int) -> None:
        if ticket := self.a_ticket(data):
            self.do(c.SetCases(at=self.now, ticket=ticket, cases=cases, by="desk"))
            self.do(c.AttachNote(at=self.now, ticket=ticket, note=f"~{cases}", by="desk"))
            self.do(c.ForgetPerson(at=self.now, reference="~2"))

    @rule(data=st.data())
    def correct(self, data: st.DataObject) -> None:
        if ticket := self.a_ticket(data, S.FINISHED):
            self.do(
                c.CorrectOutcome(at=self.now, ticket=ticket, step=0, outcome="referred", reason="lost", by="desk"),
            )

    # Slips

    @rule(data=st.data(), state=st.sampled_from(("queued", "printing", "printed", "not_printed", "unknown")))
    def report_slip(self, data: st.DataObject, state: str) -> None:
        if ticket := self.a_ticket(data):
            job = self.state.tickets[ticket].slip.job or "none"
            sent = data.draw(st.booleans())
            self.do(c.ReportSlip(at=self.now, ticket=ticket, job=job, state=state, sent=sent))

    @rule(data=st.data())
    def reprint(self, data: st.DataObject) -> None:
        if ticket := self.a_ticket(data):
            self.jobs += 1
            self.do(c.RequestSlip(at=self.now, ticket=ticket, job=f"j{self.jobs}", reason="lost", by="desk"))

    # At the counter

    @rule(
        id_=st.sampled_from(COUNTERS),
        clerk=st.sampled_from(CLERKS),
        skills=st.sampled_from((None, None, ("passport", "visa"), ("tax",))),
    )
    def open_counter(self, id_: str, clerk: str, skills: tuple[str, ...] | None) -> None:
        self.do(c.OpenCounter(at=self.now, counter=id_, clerk=clerk, skills=skills))

    @rule(data=st.data(), kind=st.sampled_from((c.CloseCounter, c.ResumeCounter, c.AskHelp)))
    def counter_moves(self, data: st.DataObject, kind: type[c.CounterCommand]) -> None:
        self.do(kind(**self.at(data)))

    @rule(data=st.data(), reason=st.sampled_from(("lunch", "meeting")))
    def pause(self, data: st.DataObject, reason: str) -> None:
        self.do(c.PauseCounter(**self.at(data), reason=reason))

    @rule(data=st.data(), on=st.booleans())
    def auto_call(self, data: st.DataObject, on: bool) -> None:
        self.do(c.SetAutoCall(**self.at(data), on=on))

    @rule(id_=st.sampled_from(COUNTERS), kind=st.sampled_from((c.ScreenGone, c.ScreenBack)))
    def screen(self, id_: str, kind: type[c.ScreenGone | c.ScreenBack]) -> None:
        self.do(kind(at=self.now, counter=id_))

    @rule(id_=st.sampled_from(COUNTERS))
    def answer_help(self, id_: str) -> None:
        self.do(c.AnswerHelp(at=self.now, counter=id_, by="sup"))

    @rule(data=st.data(), outcome=st.sampled_from((None, "done")))
    def call_next(self, data: st.DataObject, outcome: str | None) -> None:
        self.do(c.CallNext(**self.at(data), outcome=outcome))

    @rule(data=st.data(), steps=st.integers(1, 6), wait=st.sampled_from((0, SECOND, 11 * SECOND, MINUTE)))
    def work(self, data: st.DataObject, steps: int, wait: int) -> None:
        """What a clerk does most of the day: call, start, finish, and again; those who did not come now and then."""
        at = self.ready(data)
        for _ in range(steps):
            here = self.state.counters[at["counter"]].ticket
            state = self.state.tickets[here].step.state if here else None
            usual = {None: c.CallNext, S.CALLED: c.StartService, S.SERVING: c.FinishService}[state]
            other = {None: c.CallNext, S.CALLED: c.MarkNoShow, S.SERVING: c.CallNext}[state]
            kind = usual if data.draw(st.integers(0, 5)) else other
            self.do(kind(**{**at, "at": self.now}))
            self.now += wait

    @rule(data=st.data())
    def call_ticket(self, data: st.DataObject) -> None:
        if ticket := self.a_ticket(data, S.WAITING):
            self.do(c.CallTicket(**self.at(data), ticket=ticket))

    @rule(data=st.data(), kind=st.sampled_from((c.StartService, c.StartService, c.Recall, c.MarkNoShow, c.PutBack)))
    def with_citizen(self, data: st.DataObject, kind: type[c.CounterCommand]) -> None:
        self.do(kind(**self.busy(data)))

    @rule(data=st.data(), outcome=st.sampled_from((None, "done")))
    def finish(self, data: st.DataObject, outcome: str | None) -> None:
        self.do(c.FinishService(**self.busy(data), outcome=outcome))

    @rule(data=st.data())
    def park(self, data: st.DataObject) -> None:
        self.do(c.ParkTicket(**self.busy_or_waiting(data), reason="copy_machine"))

    @rule(
        data=st.data(),
        service_=st.sampled_from((None, *SERVICES)),
        counter_=st.sampled_from((None, None, *COUNTERS)),
        clerk=st.sampled_from((None, None, *CLERKS)),
    )
    def transfer(self, data: st.DataObject, service_: str | None, counter_: str | None, clerk: str | None) -> None:
        where: dict[str, Any] = {"service": service_, "to_counter": counter_, "to_clerk": clerk}
        self.do(c.TransferTicket(**self.busy_or_waiting(data), **where))

    @rule(data=st.data())
    def undo(self, data: st.DataObject) -> None:
        ids = list(self.state.undoable)
        if ids:
            id_ = data.draw(st.sampled_from(ids), label="counter")
            clerk = self.state.counters[id_].clerk or self.state.undoable[id_].counters[id_].clerk
            events = self.do(c.Undo(at=self.now, counter=id_, clerk=clerk or "ani"))
            assert not events or id_ not in self.state.undoable

    def busy_or_waiting(self, data: st.DataObject) -> dict[str, Any]:
        if data.draw(st.booleans(), label="a waiting one"):
            return {**self.at(data), "ticket": self.a_ticket(data, S.WAITING)}
        return self.busy(data)

    # What always holds

    @invariant()
    def everything_holds(self) -> None:
        if not self.fresh or not self.state.day:
            return
        self.fresh = False
        self.no_ticket_is_lost_and_no_number_given_twice()
        self.one_counter_one_ticket_one_clerk()
        self.lanes_hold_exactly_who_waits()
        self.dispatch_is_the_due_time_order()
        self.deadlines_are_the_earliest()
        assert replayed(self.history).facts() == self.state.facts(), "the journal gives another state"

    def no_ticket_is_lost_and_no_number_given_twice(self) -> None:
        tickets = self.state.tickets
        assert tickets.keys() == self.issued
        holders = Tally(t.number for t in tickets.values() if t.step.state not in FINAL)
        assert all(count == 1 for count in holders.values()), holders
        for ticket in tickets.values():
            if ticket.step.state not in FINAL:
                assert self.state.numbers[ticket.number] == ticket.id
            before, here, later = (
                ticket.steps[: ticket.current],
                ticket.step,
                ticket.steps[ticket.current + 1 :],
            )
            assert all(step.state in (S.FINISHED, S.TRANSFERRED) for step in before)
            assert here.queued_at is not None
            over = here.state in FINAL
            assert all(step.state in ((S.CANCELLED, S.EXPIRED) if over else (S.PLANNED,)) for step in later)

    def one_counter_one_ticket_one_clerk(self) -> None:
        state = self.state
        at_counters = {record.ticket: record.id for record in state.counters.values() if record.ticket}
        with_clerk = {t.id: t.step.counter for t in state.tickets.values() if t.step.state in (S.CALLED, S.SERVING)}
        assert at_counters == with_clerk
        clerks = [record.clerk for record in state.counters.values() if record.clerk]
        assert len(clerks) == len(set(clerks))
        for record in state.counters.values():
            assert (record.clerk is None) == (record.state == "closed")
            assert record.ticket is None or record.state != "closed"
            assert (record.free_since is None) == (record.ticket is not None or record.state == "closed")
            presence(state, record.id)
        assert state.auto_calling == {record.id for record in state.counters.values() if record.auto_call}

    def lanes_hold_exactly_who_waits(self) -> None:
        expected: dict[str, dict[Any, list[Any]]] = {}
        for ticket in self.state.tickets.values():
            if ticket.step.state is S.WAITING:
                expected.setdefault(ticket.step.service, {}).setdefault(lane_of(ticket), []).append(entry_of(ticket))
                address = ticket.step.address
                if address is not None:
                    records = self.state.counters.values()
                    assert any((address.counter == r.id and r.clerk) or address.clerk == r.clerk for r in records)
        lanes = {s: {k: list(lane) for k, lane in found.items()} for s, found in self.state.lanes.items() if found}
        assert lanes == {s: {k: sorted(lane) for k, lane in found.items()} for s, found in expected.items()}
        absent = {t.id for t in self.state.tickets.values() if t.step.state in (S.PARKED, S.NO_SHOW)}
        assert set(self.state.absent) == absent

    def dispatch_is_the_due_time_order(self) -> None:
        state = self.state
        for id_ in state.counters:
            order = naive_order(state, id_)
            assert [Place(*found[:4]) for found in order_for(state, id_)] == order
            first = next_for(state, id_)
            assert (None if first is None else Place(*first[:4])) == (order[0] if order else None)
        for service_ in state.rules.services:
            here = [t for t in state.tickets.values() if t.step.state is S.WAITING and t.step.service == service_]
            order = sorted(place_at(state, ticket, None) for ticket in here)
            assert [Place(*found[:4]) for found in order_of(state, service_)] == order
            assert [people_ahead(state, state.tickets[p.ticket]) for p in order] == list(range(len(order)))
            assert state.waiting(service_) == len(order)
        told = forecast(state, self.now)
        assert all(wait >= 0 for wait in (*told.services.values(), *told.tickets.values()))
        served = {s for r in state.counters.values() if r.state == "open" for s in state.serves(r.id)}
        assert told.services.keys() == served
        assert BOOKED not in told.services

    def deadlines_are_the_earliest(self) -> None:
        """What is due is known in time: never before it is due, never later than it is, or than now."""
        expected, found = naive_deadline(self.state), next_deadline(self.state)
        assert (expected is None) == (found is None)
        if expected is not None and found is not None:
            assert expected <= found <= max(expected, self.state.at)


SHORT = settings(
    max_examples=40, stateful_step_count=60, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True
)
LONG = settings(max_examples=5_000, stateful_step_count=150, deadline=None, suppress_health_check=list(HealthCheck))


def test_the_rules_hold_in_any_history():
    """No number twice, nobody lost, the due-time order, exact undo, equal replay: after every command of any day."""
    run_state_machine_as_test(AnyDay, settings=SHORT)


@pytest.mark.soak
@pytest.mark.timeout(4 * 3600)
def test_the_rules_hold_in_very_many_histories():
    """The same for as long as one has patience."""
    run_state_machine_as_test(AnyDay, settings=LONG)


def test_every_command_and_every_event_has_its_handler():
    """Nothing can be asked or recorded that the domain does not know what to do with."""
    asked, recorded = _leaves(c.Command), _leaves(e.Event)

    assert asked - {c.CounterCommand} == COMMANDS.keys()
    assert recorded == EVENTS.keys()


def _leaves(kind: type) -> set[type]:
    kinds: list[type] = kind.__subclasses__()
    return set(kinds).union(*map(_leaves, kinds))
