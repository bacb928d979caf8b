"""The whole domain under any history: hypothesis plays days in the hall, and after every command all that must always
hold is worked out anew the slow, obvious way (obvious.py) and compared.
"""

from __future__ import annotations

from collections import Counter as Tally
from random import Random
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
from queue_server.domain.lanes import entry_of, lane_of
from queue_server.domain.lifecycle import FINAL, StepState
from queue_server.domain.presence import presence
from queue_server.domain.records import Estimate
from queue_server.domain.rules import Credits, Prefix, Rules
from queue_server.domain.state import State
from queue_server.domain.undo import undoable
from queue_server.errors import Refused
from tests.domain import obvious
from tests.domain.hall import DAY, HOUR, MINUTE, MORNING, SECOND, counter, rules, service

S = StepState
SERVICES = ("passport", "visa", "tax", "roll")
COUNTERS = ("1", "2", "3", "4")
CLERKS = ("ani", "budi", "citra")
CATEGORIES = ("regular", "elderly", "pregnant")
RANGES = (Prefix(), Prefix(end=4, used_up="wrap"), Prefix(start=5, end=15, step=2, used_up="refuse"), Prefix(end=3))


class Chance(Random):
    """What happens within one rule, from one number, so that hypothesis plays it again and leaves out whole rules."""

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        self.number = seed

    def __repr__(self) -> str:
        return f"Chance({self.number})"

    def one_in(self, count: int) -> bool:
        return self.randrange(count) == 0


chances = st.integers(0, 2**40).map(Chance)


def agreement(chance: Chance, kept: Rules | None = None) -> Rules:
    """Rules of one mall; `kept` are those of the day so far, whose ranges of numbers stay."""
    agreed = _agreement(chance, kept)
    gone = chance.choice((*[None] * 8, *SERVICES))
    offered = {id_: s for id_, s in agreed.services.items() if id_ != gone}
    counters = {
        id_: replace(k, services=tuple(s for s in k.services if s != gone)) for id_, k in agreed.counters.items()
    }
    return replace(agreed, services=offered, counters=counters)


def _agreement(chance: Chance, kept: Rules | None) -> Rules:
    of = chance.choice
    shares = kept.services["visa"].prefix if kept and "visa" in kept.services else of("VVP")
    services = [
        service(
            id_,
            prefix,
            targets={category: of((0, MINUTE, 30 * MINUTE)) for category in CATEGORIES},
            carry_over=of((True, False)),
            paper_roll=id_ == "roll",
            open=((DAY, DAY + 100 * 24 * HOUR),),
            quota=of((None, None, None, 9)),
        )
        for id_, prefix in zip(SERVICES, ("P", shares, "T", "R"), strict=True)
    ]
    counters = [
        counter(
            id_,
            *chance.sample(SERVICES, chance.randint(1, 4)),
            help_after={of(SERVICES): of((SECOND, 10 * MINUTE))} if chance.one_in(2) else {},
        )
        for id_ in COUNTERS
    ]
    policy = {
        "finish_on_call_next": not chance.one_in(3),
        "picking": chance.one_in(2),
        "blind": chance.one_in(5),
        "no_show_calls": of((1, 1, 2)),
        "no_show_apart_ms": of((0, 10 * SECOND)),
        "no_show_then": of(("no_show", "parked")),
        "closing": of(("off", "warn", "stop")),
        "undo_ms": of((10 * SECOND, 10 * MINUTE)),
        "auto_call_after_ms": of((0, 10 * SECOND)),
        "address_limit_ms": of((20 * SECOND, 20 * MINUTE)),
        "credits": Credits(
            transfer=of((1.0, 0.0, -1.0)),
            next_service=of((1.0, 0.3)),
            give_back=of((0.5, 1.0, -2.0)),
            put_back=of((1.0, 0.0)),
        ),
    }
    prefixes = kept.prefixes if kept else {prefix: of(RANGES) for prefix in "PVTR"}
    return rules(*services, *counters, policy=policy, prefixes=prefixes)


class AnyDay(RuleBasedStateMachine):
    """Days in a hall of four counters, four services and three clerks."""

    def __init__(self) -> None:
        super().__init__()
        self.state = State()
        self.now = MORNING
        self.journal: list[bytes] = []
        self.issued: set[str] = set()
        self.called_before: dict[str, tuple[int | None, int | None]] = {}
        self.given = 0
        self.fresh = False

    # Carrying out, with everything that one command can be held to

    def do(self, command: c.Command) -> list[e.AnyEvent]:
        """Decide, check, evolve, check. A refusal changes nothing; what is due comes first, as the engine does it."""
        if not isinstance(command, c.Tick | c.OpenDay):
            self.tick()
            command = replace(command, at=self.now)
        before = self.state.facts()
        try:
            events = decide(self.state, command)
        except Refused:
            events = []
        assert self.state.facts() == before, "deciding changed something"
        places = {t.id: (t.current, entry_of(t)) for t in self.state.tickets.values() if t.step.state is S.WAITING}
        assert [event.then for event in events] == [place > 0 for place in range(len(events))]
        for event in events:
            back = isinstance(event, e.DayOpened) and event.clock_was is not None
            assert event.at >= self.state.at or back, "time ran backwards"
            self.before(event)
            evolve(self.state, event)
            self.after(event)
            self.journal.append(json.encode(event))
        if events:
            self.fresh = True
            self.check_places(places, events)
            self.check_undo(before, events)
        return events

    def tick(self) -> None:
        for _ in range(300):
            if not self.do(c.Tick(at=self.now)):
                return
        raise AssertionError("what is due never ends")

    def before(self, event: e.AnyEvent) -> None:
        if isinstance(event, e.TicketCalled):
            self.check_call(event)
            step = self.state.tickets[event.ticket].step
            self.called_before[event.ticket] = step.first_called_at, step.called_at

    def after(self, event: e.AnyEvent) -> None:
        if isinstance(event, e.TicketIssued):
            self.issued.add(event.ticket)
        if isinstance(event, e.TicketPutBack):  # the call does not count
            step = self.state.tickets[event.ticket].step
            assert (step.first_called_at, step.called_at) == self.called_before[event.ticket]

    def check_call(self, event: e.TicketCalled) -> None:
        """Whoever is called is the first by the obvious reckoning, unless a clerk chose."""
        order = obvious.order_at(self.state, event.counter)
        chosen = next(place for place in order if place.ticket == event.ticket)
        assert event.due_at == chosen.due_at
        if event.why != "picked":
            assert chosen == order[0]
        addressed = self.state.tickets[event.ticket].step.address is not None
        assert event.why in ("picked", "auto") or (event.why == "addressed") == addressed
        assert self.state.held is None
        assert self.state.counters[event.counter].state == "open"

    def check_places(self, places: dict[str, Any], events: list[e.AnyEvent]) -> None:
        """Whoever waits keeps the place, whatever happens to others: so only finitely many can pass."""
        moved = {getattr(event, "ticket", None) for event in events}
        moved |= {ticket.id for event in events if isinstance(event, e.Undone) for ticket in event.tickets}
        moved |= {ticket for event in events if isinstance(event, e.RollTakenBack) for ticket in event.tickets}
        if isinstance(events[0], e.DayOpened):
            return
        for id_, place in places.items():
            ticket = self.state.tickets[id_]
            assert id_ in moved or (ticket.current, entry_of(ticket)) == place

    def check_undo(self, before: dict[str, Any], events: list[e.AnyEvent]) -> None:
        """Taken back at once, a counter's command leaves nothing behind."""
        slots = [(id_, slot) for id_, slot in self.state.undoable.items() if slot.last == self.state.seq]
        if isinstance(events[0], e.Undone) or not slots:
            return
        ((id_, slot),) = slots
        assert undoable(self.state, id_, self.now) is slot
        fork = obvious.replayed(self.journal)
        clerk = fork.counters[id_].clerk or slot.counters[id_].clerk
        assert clerk is not None
        for event in decide(fork, c.Undo(at=self.now, counter=id_, clerk=clerk)):
            evolve(fork, event)
        assert fork.facts() == before

    # Choosing

    def a_ticket(self, chance: Chance, *states: StepState) -> str | None:
        ids = [t.id for t in self.state.tickets.values() if not states or t.step.state in states]
        return chance.choice(ids) if ids else None

    def at(self, chance: Chance) -> dict[str, Any]:
        """A counter and its clerk; now and then one that is closed, or somebody else."""
        staffed = [record.id for record in self.state.counters.values() if record.clerk]
        id_ = chance.choice(staffed if staffed and not chance.one_in(9) else COUNTERS)
        clerk = self.state.counters[id_].clerk
        if clerk is None or chance.one_in(20):
            clerk = chance.choice(CLERKS)
        return {"at": self.now, "counter": id_, "clerk": clerk}

    def ready(self, chance: Chance) -> dict[str, Any]:
        """A counter that works, with its clerk, and somebody whom it may call: made so where it is not."""
        at = self.at(chance)
        if self.state.held is not None:
            self.do(c.ReleaseHall(at=self.now, by="sup"))
        record = self.state.counters[at["counter"]]
        if record.state == "closed":
            self.do(c.OpenCounter(**at))
        elif record.state == "paused":
            self.do(c.ResumeCounter(**{**at, "clerk": record.clerk}))
        offered = [s for s in self.state.serves(at["counter"]) if s in SERVICES[:3]]
        if offered and not obvious.order_at(self.state, at["counter"]):
            self.issue(chance, chance.choice(offered))
        return {**at, "clerk": self.state.counters[at["counter"]].clerk or at["clerk"]}

    def busy(self, chance: Chance) -> dict[str, Any]:
        """The same, at a counter with somebody there."""
        ids = [record.id for record in self.state.counters.values() if record.ticket]
        if not ids or chance.one_in(5):
            at = self.ready(chance)
            self.do(c.CallNext(**at))
            return at
        id_ = chance.choice(ids)
        named = chance.choice((None, self.state.counters[id_].ticket))
        return {"at": self.now, "counter": id_, "clerk": self.state.counters[id_].clerk, "ticket": named}

    def busy_or_waiting(self, chance: Chance) -> dict[str, Any]:
        if chance.one_in(3):
            return {**self.at(chance), "ticket": self.a_ticket(chance, S.WAITING)}
        return self.busy(chance)

    # What happens

    @initialize(chance=chances, waiting=st.integers(0, 12))
    def first_day(self, chance: Chance, waiting: int) -> None:
        agreed = agreement(chance)
        self.do(
            c.OpenDay(at=self.now, mall="m", journal="j", day="0", starts_at=DAY, ends_at=DAY + 24 * HOUR, rules=agreed)
        )
        for id_, clerk in zip(COUNTERS, CLERKS, strict=False):
            self.do(c.OpenCounter(at=self.now, counter=id_, clerk=clerk))
        for _ in range(waiting):
            self.issue(chance, chance.choice(SERVICES[:3]))

    @rule(step=st.sampled_from((1, SECOND, 11 * SECOND, MINUTE, 21 * MINUTE, 40 * MINUTE)))
    def later(self, step: int) -> None:
        self.now += step

    @rule(chance=chances, count=st.integers(1, 4))
    def arrive(self, chance: Chance, count: int) -> None:
        """Citizens come, at the kiosk, at the desk, with an appointment, with a number from the roll."""
        for _ in range(count):
            if chance.one_in(6):
                self.roll(chance)
            else:
                self.issue(chance, *chance.sample(SERVICES[:3], chance.choice((1, 1, 2, 3))))

    def issue(self, chance: Chance, *services: str) -> None:
        self.given += 1
        special: dict[str, Any] = {}
        if chance.one_in(4):
            special["booked_at"] = self.now + chance.choice((-MINUTE, 0, 10 * MINUTE))
        if chance.one_in(4):
            special["counter"] = chance.choice(COUNTERS)
        if chance.one_in(9):
            special["estimates"] = dict.fromkeys(services, Estimate(p50=90 * 24 * HOUR, p90=90 * 24 * HOUR))
        self.do(
            c.IssueTicket(
                at=self.now,
                ticket=f"t{self.given}",
                services=services,
                category=chance.choice(CATEGORIES),
                kiosk=chance.choice((None, "door")),
                slip_job=f"j{self.given}",
                **special,
            )
        )

    def roll(self, chance: Chance) -> None:
        ordinal = self.state.ordinals.get("R")
        first = None if ordinal is not None or chance.one_in(2) else chance.randint(1, 5)
        last = chance.randint(1, 7) if ordinal is None or chance.one_in(3) else ordinal + chance.randint(1, 3)
        self.given += 1
        ids = tuple(f"r{self.given}.{i}" for i in range(20))
        self.do(c.EnterRoll(at=self.now, service="roll", last=last, first=first, tickets=ids, by="desk"))
        if chance.one_in(3):
            self.now += chance.choice((0, MINUTE))
            self.do(c.TakeRollBack(at=self.now, service="roll", by="desk"))

    @rule(chance=chances, steps=st.integers(1, 6), wait=st.sampled_from((0, SECOND, 11 * SECOND, MINUTE)))
    def work(self, chance: Chance, steps: int, wait: int) -> None:
        """What a clerk does most of the day: call, start, finish, and again; those who did not come now and then."""
        at = self.ready(chance)
        for _ in range(steps):
            here = self.state.counters[at["counter"]].ticket
            state = self.state.tickets[here].step.state if here else None
            usual = {None: c.CallNext, S.CALLED: c.StartService, S.SERVING: c.FinishService}[state]
            other = {None: c.CallNext, S.CALLED: c.MarkNoShow, S.SERVING: c.CallNext}[state]
            self.do((other if chance.one_in(4) else usual)(**at))
            self.now += wait

    @rule(chance=chances)
    def move(self, chance: Chance) -> None:
        """Anything else that a clerk does with a ticket."""
        match chance.randrange(9):
            case 0:
                if ticket := self.a_ticket(chance, S.WAITING):
                    self.do(c.CallTicket(**self.at(chance), ticket=ticket))
            case 1:
                self.do(c.CallNext(**self.at(chance), outcome="done"))
            case 2:
                self.do(c.ParkTicket(**self.busy_or_waiting(chance), reason="copy_machine"))
            case 3 | 4 | 5:
                where: dict[str, Any] = {
                    "service": chance.choice((None, *SERVICES)),
                    "to_counter": chance.choice((None, None, *COUNTERS)),
                    "to_clerk": chance.choice((None, None, None, *CLERKS)),
                }
                self.do(c.TransferTicket(**self.busy_or_waiting(chance), **where))
            case _:
                kinds = (c.StartService, c.FinishService, c.Recall, c.MarkNoShow, c.PutBack, c.PutBack)
                self.do(chance.choice(kinds)(**self.busy(chance)))

    @rule(chance=chances)
    def counters(self, chance: Chance) -> None:
        """What a clerk does with the counter, what a screen does by itself."""
        id_ = chance.choice(COUNTERS)
        skills = chance.choice((None, None, ("passport", "visa"), ("tax",)))
        match chance.randrange(9):
            case 0 | 1:
                clerk = chance.choice(CLERKS)
                self.do(c.OpenCounter(at=self.now, counter=id_, clerk=clerk, skills=skills))
            case 2:
                self.do(c.CloseCounter(**self.at(chance)))
            case 3:
                self.do(c.PauseCounter(**self.at(chance), reason=chance.choice(("lunch", "meeting"))))
            case 4:
                self.do(c.ResumeCounter(**self.at(chance)))
            case 5 | 6:
                self.do(c.SetAutoCall(**self.at(chance), on=not chance.one_in(3)))
            case 7:
                self.do(chance.choice((c.ScreenGone, c.ScreenBack))(**self.at(chance)))
            case 8:
                self.do(c.AskHelp(**self.at(chance)))
                if chance.one_in(2):
                    self.do(c.AnswerHelp(at=self.now, counter=id_, by="sup"))

    @rule(chance=chances, between=st.integers(0, 2))
    def undo(self, chance: Chance, between: int) -> None:
        """A command is taken back, at once or after other things happened."""
        before = self.state.seq
        chance.choice((self.move, self.counters, self.move))(chance)
        ids = [id_ for id_, slot in self.state.undoable.items() if slot.first > before] or list(self.state.undoable)
        for _ in range(between):
            chance.choice((self.move, self.counters, self.aside, self.arrive_one, self.hall))(chance)
        ids = [id_ for id_ in ids if id_ in self.state.undoable and id_ in self.state.counters]
        if ids:
            id_ = chance.choice(ids)
            clerk = self.state.counters[id_].clerk or self.state.undoable[id_].counters[id_].clerk or "ani"
            events = self.do(c.Undo(at=self.now, counter=id_, clerk=clerk))
            assert not events or id_ not in self.state.undoable

    def arrive_one(self, chance: Chance) -> None:
        self.arrive(chance, 1)

    @rule(chance=chances)
    def aside(self, chance: Chance) -> None:
        """What is done away from the counters: cancelling, returning, notes, corrections, paper."""
        ticket = self.a_ticket(chance)
        if ticket is None:
            return
        by: dict[str, Any] = {"at": self.now, "by": "desk"}
        match chance.randrange(9):
            case 0 | 1:
                self.do(c.CancelTicket(at=self.now, ticket=ticket, by=chance.choice((None, *CLERKS))))
            case 2 | 3:
                absent = self.a_ticket(chance, S.PARKED, S.NO_SHOW)
                self.do(c.ReturnTicket(at=self.now, ticket=absent or ticket, by=chance.choice((None, *CLERKS))))
            case 4:
                self.do(c.SetCases(**by, ticket=ticket, cases=chance.randint(0, 3)))
                self.do(c.AttachNote(**by, ticket=ticket, note=f"~{chance.randint(1, 2)}"))
                self.do(c.ForgetPerson(at=self.now, reference="~2"))
            case 5:
                done = self.a_ticket(chance, S.FINISHED) or ticket
                self.do(c.CorrectOutcome(**by, ticket=done, step=0, outcome="referred", reason="lost"))
            case 6:
                job = self.state.tickets[ticket].slip.job or "none"
                state = chance.choice(("queued", "printing", "printed", "not_printed", "unknown"))
                sent = chance.one_in(2)
                self.do(c.ReportSlip(at=self.now, ticket=ticket, job=job, state=state, sent=sent))
            case 7:
                self.given += 1
                self.do(c.RequestSlip(**by, ticket=ticket, job=f"j{self.given}", reason="lost"))
            case 8:
                waiting = self.a_ticket(chance, S.WAITING) or ticket
                given_back = chance.choice((None, self.state.tickets[waiting].slip.job))
                self.do(c.LeaveTicket(at=self.now, ticket=waiting, withdrawn=given_back))

    @rule(chance=chances)
    def hall(self, chance: Chance) -> None:
        """What a supervisor, an outage or the night does to everybody."""
        match chance.randrange(10):
            case 0:
                self.next_day(chance)
            case 1 if chance.one_in(3):
                self.put_back(chance)
            case 1:
                self.do(c.NoteRestart(at=self.now))
            case 2 | 3 | 4:
                agreed = agreement(chance, self.state.rules)
                self.do(c.SetRules(at=self.now, rules=agreed, source="supervisor"))
            case 5 | 6:
                service_ = chance.choice(SERVICES)
                if service_ in self.state.paused:
                    self.do(c.ResumeService(at=self.now, service=service_, by="sup"))
                else:
                    self.do(c.PauseService(at=self.now, service=service_, reason="fire", by="sup"))
            case 7:
                self.do(c.HoldHall(at=self.now, reason="fire", by="sup"))
            case _:
                self.do(c.ReleaseHall(at=self.now, by="sup"))

    def put_back(self, chance: Chance) -> None:
        """The clock was ahead: the day ends where it stands, and another begins earlier with the same people."""
        self.tick()
        if not self.state.open:
            return
        was, agreed, began = self.now, self.state.rules, self.state.clock_since
        here = {t.id: t.state for t in self.state.tickets.values() if t.step.state not in FINAL}
        order = {service_: self.in_order(service_, since=began) for service_ in SERVICES}
        self.do(c.CloseDay(at=was, by="sup"))
        self.now -= chance.choice((SECOND, 10 * MINUTE, HOUR, 9 * HOUR))
        again: dict[str, Any] = {"day": f"{was}.2", "starts_at": DAY, "ends_at": self.state.ends_at, "rules": agreed}
        self.do(c.OpenDay(at=self.now, mall="m", journal="j", clock_was=was, **again))
        self.issued = set(self.state.tickets)
        assert all(r.state == "closed" and r.ticket is None for r in self.state.counters.values())
        for ticket, before in here.items():
            if before != "serving":
                assert self.state.tickets[ticket].state == ("waiting" if before == "called" else before)
        for service_, waited in order.items():
            assert [ticket for ticket in self.in_order(service_, since=0) if ticket in waited] == waited

    def in_order(self, service_: str, *, since: int) -> list[str]:
        """Who waits for a service since then, without appointments, whose times are not the mall's clock's."""
        places = obvious.order_of_service(self.state, service_)
        steps = {place.ticket: self.state.tickets[place.ticket].step for place in places}
        return [t for t, step in steps.items() if step.booked_at is None and (step.queued_at or 0) >= since]

    def next_day(self, chance: Chance) -> None:
        """The day ends, after a last minute, and another begins, perhaps without one of the services."""
        self.now = self.state.ends_at - MINUTE
        for last_minute in (self.arrive_one, self.move, self.move):
            last_minute(chance)
        self.now = self.state.ends_at + 8 * HOUR
        self.tick()
        assert not self.state.open
        left = [t for t in self.state.tickets.values() if t.step.state not in FINAL]
        for ticket in left:
            assert ticket.step.state is S.WAITING
            assert ticket.step.address is None
            assert self.state.rules.services[ticket.step.service].carry_over
        assert all(r.state == "closed" and r.ticket is None for r in self.state.counters.values())
        agreed = agreement(chance)
        ends = self.state.ends_at
        self.do(
            c.OpenDay(
                at=self.now,
                mall="m",
                journal="j",
                day=str(self.now),
                starts_at=ends,
                ends_at=ends + 24 * HOUR,
                rules=agreed,
            )
        )
        self.issued = {ticket.id for ticket in left}
        for ticket in left:
            kept = ticket.step.service in agreed.services
            assert self.state.tickets[ticket.id].state == ("waiting" if kept else "expired")

    # What always holds

    @invariant()
    def everything_holds(self) -> None:
        if not self.fresh:
            return
        self.fresh = False
        self.no_ticket_is_lost_and_no_number_given_twice()
        self.one_counter_one_ticket_one_clerk()
        self.lanes_hold_exactly_who_waits()
        self.dispatch_is_the_due_time_order()
        self.waits_are_told_for_whom_somebody_serves()
        self.deadlines_are_the_earliest()
        assert obvious.replayed(self.journal).facts() == self.state.facts(), "the journal gives another state"

    def no_ticket_is_lost_and_no_number_given_twice(self) -> None:
        tickets = self.state.tickets
        assert tickets.keys() == self.issued
        holders = Tally(t.number for t in tickets.values() if t.step.state not in FINAL)
        assert all(count == 1 for count in holders.values()), holders
        for ticket in tickets.values():
            over = ticket.step.state in FINAL
            assert over or self.state.numbers[ticket.number] == ticket.id
            assert ticket.step.queued_at is not None
            assert all(step.state in (S.FINISHED, S.TRANSFERRED) for step in ticket.steps[: ticket.current])
            later = (S.CANCELLED, S.EXPIRED) if over else (S.PLANNED,)
            assert all(step.state in later for step in ticket.steps[ticket.current + 1 :])

    def one_counter_one_ticket_one_clerk(self) -> None:
        state = self.state
        at_counters = {record.ticket: record.id for record in state.counters.values() if record.ticket}
        with_clerk = {t.id: t.step.counter for t in state.tickets.values() if t.step.state in (S.CALLED, S.SERVING)}
        assert at_counters == with_clerk
        clerks = [record.clerk for record in state.counters.values() if record.clerk]
        assert len(clerks) == len(set(clerks))
        for record in state.counters.values():
            assert (record.clerk is None) == (record.state == "closed")
            assert (record.free_since is None) == (record.ticket is not None or record.state == "closed")
            assert (presence(state, record.id)[0] == "idle_waiting") == (
                record.state == "open"
                and record.ticket is None
                and state.held is None
                and next_for(state, record.id) is not None
            )
        assert state.auto_calling == {record.id for record in state.counters.values() if record.auto_call}

    def lanes_hold_exactly_who_waits(self) -> None:
        expected: dict[str, dict[Any, list[Any]]] = {}
        records = self.state.counters.values()
        for ticket in self.state.tickets.values():
            if ticket.step.state is S.WAITING:
                expected.setdefault(ticket.step.service, {}).setdefault(lane_of(ticket), []).append(entry_of(ticket))
                address = ticket.step.address
                assert address is None or any(
                    ticket.step.service in self.state.serves(r.id)
                    for r in records
                    if r.clerk and (address.counter == r.id or address.clerk == r.clerk)
                )
        lanes = {s: {k: list(lane) for k, lane in found.items()} for s, found in self.state.lanes.items() if found}
        assert lanes == {s: {k: sorted(lane) for k, lane in found.items()} for s, found in expected.items()}
        absent = {t.id for t in self.state.tickets.values() if t.step.state in (S.PARKED, S.NO_SHOW)}
        assert set(self.state.absent) == absent

    def dispatch_is_the_due_time_order(self) -> None:
        state = self.state
        for id_ in state.counters:
            order = obvious.order_at(state, id_)
            assert [obvious.Place(*found[:4]) for found in order_for(state, id_)] == order
            first = next_for(state, id_)
            assert (None if first is None else obvious.Place(*first[:4])) == (order[0] if order else None)
        for service_ in state.rules.services:
            order = obvious.order_of_service(state, service_)
            assert [obvious.Place(*found[:4]) for found in order_of(state, service_)] == order
            assert [people_ahead(state, state.tickets[p.ticket]) for p in order] == list(range(len(order)))
            assert state.waiting(service_) == len(order)

    def waits_are_told_for_whom_somebody_serves(self) -> None:
        state = self.state
        told = forecast(state, self.now)
        working = [record.id for record in state.counters.values() if record.state == "open"]
        assert told.services.keys() == {s for id_ in working for s in state.serves(id_)}
        assert told.tickets.keys() == {place.ticket for id_ in working for place in obvious.order_at(state, id_)}
        assert all(wait >= 0 for wait in (*told.services.values(), *told.tickets.values()))

    def deadlines_are_the_earliest(self) -> None:
        """What is due is known in time: never before it is due, never later than it is, or than now."""
        expected, found = obvious.deadline(self.state), next_deadline(self.state)
        assert (expected is None) == (found is None)
        if expected is not None and found is not None:
            assert expected <= found <= max(expected, self.state.at)


def play(number: int, steps: int) -> AnyDay:
    """One history by plain chance: many more of them in the same time, but hypothesis cannot shorten them."""
    chance, day = Chance(number), AnyDay()
    waits = (1, SECOND, 11 * SECOND, MINUTE, 21 * MINUTE)
    often = ("later", "arrive", "work", "work", "move", "move", "undo", "undo")
    day.first_day(chance=Chance(chance.getrandbits(40)), waiting=chance.randint(0, 12))
    for _ in range(steps):
        one = Chance(chance.getrandbits(40))
        match chance.choice((*often, "counters", "aside", "hall")):
            case "later":
                day.later(chance.choice(waits))
            case "arrive":
                day.arrive(one, chance.randint(1, 4))
            case "work":
                day.work(one, chance.randint(1, 6), chance.choice((0, *waits[:4])))
            case "undo":
                day.undo(one, chance.randint(0, 2))
            case other:
                getattr(day, other)(one)
        day.everything_holds()
    return day


ANYTHING = settings(deadline=None, suppress_health_check=list(HealthCheck))


def test_the_rules_hold_in_any_history():
    """No number twice, nobody lost, the due-time order, exact undo, equal replay: after every command of any day."""
    run_state_machine_as_test(
        AnyDay, settings=settings(ANYTHING, max_examples=40, stateful_step_count=60, derandomize=True)
    )


@pytest.mark.parametrize("number", range(0, 120, 10))
def test_the_rules_hold_on_plain_days(number: int):
    """The same on days that follow from a number, so that a failure can be played again."""
    for again in range(10):
        assert play(number + again, steps=50).state.seq > 0


@pytest.mark.soak
@pytest.mark.timeout(4 * 3600)
def test_the_rules_hold_in_very_many_histories():
    """The same for as long as one has patience."""
    for number in range(10_000, 30_000):
        play(number, steps=100)
    run_state_machine_as_test(AnyDay, settings=settings(ANYTHING, max_examples=3_000, stateful_step_count=120))


def test_every_command_and_every_event_has_its_handler():
    """Nothing can be asked or recorded that the domain does not know what to do with."""
    asked, recorded = _leaves(c.Command), _leaves(e.Event)

    assert asked - {c.CounterCommand} == COMMANDS.keys()
    assert recorded == EVENTS.keys()


def _leaves(kind: type) -> set[type]:
    kinds: list[type] = kind.__subclasses__()
    return set(kinds).union(*map(_leaves, kinds))
