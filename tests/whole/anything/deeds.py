"""What people, screens and printers ask of the hall, by chance: every command, as likely to be refused as not."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from random import Random
from typing import Any

from msgspec.structs import replace

from queue_server.domain import commands as c
from queue_server.domain.lifecycle import StepState
from queue_server.domain.records import Ticket
from queue_server.domain.state import State
from tests.whole.anything import malls

CLERKS = ("ani", "budi", "citra", "dewi")
SLIP_STATES = ("queued", "printing", "printed", "not_printed", "unknown")


class Deeds:
    """`next` is the next command for the hall as it is. `known` are the ids of every ticket there ever was."""

    def __init__(self, chance: Random) -> None:
        self.chance = chance
        self.known: list[str] = []
        self._ids = count(1)
        self._do: list[tuple[int, Callable[[State, int], c.Command | None]]] = [
            (30, self._issue),
            (3, self._roll),
            (25, self._call_next),
            (4, self._call),
            (25, self._at_counter),
            (12, self._transfer),
            (6, self._park),
            (8, self._open),
            (8, self._counter),
            (8, self._undo),
            (6, self._return),
            (4, self._cancel),
            (5, self._away),
            (5, self._aside),
            (6, self._paper),
            (3, self._hall),
            (2, self._supervise),
        ]

    def next(self, state: State, now: int) -> c.Command | None:
        """None where nothing of that kind can be asked. A hall where nothing can be done is brought to life again."""
        if self.chance.random() < 0.5:
            if state.held is not None and self.chance.random() < 0.3:
                return c.ReleaseHall(at=now, by="sup")
            paused = [record for record in state.counters.values() if record.state == "paused" and record.clerk]
            if paused and self.chance.random() < 0.3:
                return c.ResumeCounter(at=now, counter=paused[0].id, clerk=paused[0].clerk or "")
            if sum(record.state == "open" for record in state.counters.values()) < 2:
                return self._open(state, now)
        _, deed = self.chance.choices(self._do, [weight for weight, _ in self._do])[0]
        return deed(state, now)

    # Choosing

    def fresh(self, kind: str = "t") -> str:
        return f"{kind}{next(self._ids)}"

    def service(self, state: State) -> str:
        return self._of(sorted(state.rules.services), malls.SERVICES)

    def _of(self, usual: list[str], any_: tuple[str, ...]) -> str:
        """Mostly what there is; now and then what there was, or may be."""
        return self.chance.choice(usual if usual and self.chance.random() < 0.9 else any_)

    def ticket(self, state: State, *states: StepState) -> str:
        here = [t.id for t in state.tickets.values() if not states or t.step.state in states]
        if here and self.chance.random() < 0.95:
            return self.chance.choice(here)
        return self.chance.choice(self.known or ["nobody"])

    def here(self, state: State, now: int, *, busy: bool = False) -> dict[str, Any]:
        """A counter and its clerk; now and then one that is closed or not there, or somebody else."""
        staffed = [r.id for r in state.counters.values() if r.clerk and (r.ticket or not busy)]
        counter = self._of(staffed or sorted(state.rules.counters), malls.COUNTERS)
        record = state.counters.get(counter)
        clerk = record.clerk if record is not None and record.clerk and self.chance.random() < 0.95 else None
        return {"at": now, "counter": counter, "clerk": clerk or self.chance.choice(CLERKS)}

    def _some(self, *choices: Any) -> Any:
        return self.chance.choice(choices)

    def reason(self, state: State) -> str:
        return self._of(sorted(state.rules.reasons), ("mistake", "drill", "nothing"))

    # Coming

    def _issue(self, state: State, now: int) -> c.Command:
        services = tuple(dict.fromkeys(self.service(state) for _ in range(self._some(1, 1, 1, 2, 3))))
        kiosk = self._some(None, "k1", "k2", "nobody")
        counter = self._some(None, None, None, None, self.here(state, now)["counter"])
        return c.IssueTicket(
            at=now,
            ticket=self.fresh(),
            services=services,
            category=self._of(sorted(state.rules.categories), malls.CATEGORIES),
            language=self._some(None, "en", "id", "xx"),
            kiosk=kiosk,
            by=None if kiosk else "desk",
            channel="kiosk" if kiosk else "staff",
            counter=counter,
            printer=self._some(None, None, "p1", "p2") if kiosk is None else None,
            booked_at=now + self._some(-600_000, 60_000, 3_600_000) if self.chance.random() < 0.1 else None,
            slip_job=self.fresh("j"),
        )

    def _roll(self, state: State, now: int) -> c.Command:
        rolls = [s.id for s in state.rules.services.values() if s.paper_roll]
        service = self._of(rolls or sorted(state.rules.services), malls.SERVICES)
        if self.chance.random() < 0.3:
            return c.TakeRollBack(at=now, service=service, by="desk")
        known = state.rules.services.get(service)
        last = state.ordinals.get(known.prefix, 0) if known else 0
        return c.EnterRoll(
            at=now,
            service=service,
            last=max(0, last + self._some(1, 1, 2, 5, -3, 998)),
            first=self._some(None, None, None, 1, last + 1, 990),
            tickets=tuple(self.fresh() for _ in range(20)),
            by="desk",
        )

    # At the counter

    def _call_next(self, state: State, now: int) -> c.Command:
        return c.CallNext(**self.here(state, now), outcome=self._some(None, "done", "referred"))

    def _call(self, state: State, now: int) -> c.Command:
        return c.CallTicket(**self.here(state, now), ticket=self.ticket(state, StepState.WAITING))

    def _meant(self, state: State, here: dict[str, Any]) -> str | None:
        record = state.counters.get(here["counter"])
        mine = record.ticket if record else None
        meant: str | None = self._some(None, None, mine, mine, self.ticket(state))
        return meant

    def _at_counter(self, state: State, now: int) -> c.Command:
        here = self.here(state, now, busy=True)
        meant = {**here, "ticket": self._meant(state, here)}
        match self.chance.randrange(12):
            case 0 | 1 | 2 | 3:
                return c.StartService(**meant)
            case 4 | 5 | 6 | 7:
                return c.FinishService(**meant, outcome=self._some(None, "done", "referred", "nothing"))
            case 8:
                return c.Recall(**meant)
            case 9 | 10:
                return c.MarkNoShow(**meant)
        by: dict[str, Any] = {"by": "sup", "reason": self.reason(state)} if self.chance.random() < 0.4 else {}
        return c.PutBack(**meant, **by)

    def _transfer(self, state: State, now: int) -> c.Command:
        here = self.here(state, now, busy=True)
        waiting = self.chance.random() < 0.3
        return c.TransferTicket(
            **here,
            ticket=self.ticket(state, StepState.WAITING) if waiting else self._meant(state, here),
            service=self._some(None, self.service(state)),
            to_counter=self._some(None, None, self.here(state, now)["counter"]),
            to_clerk=self._some(None, None, None, *CLERKS),
        )

    def _park(self, state: State, now: int) -> c.Command:
        here = self.here(state, now, busy=True)
        waiting = self.chance.random() < 0.3
        meant = self.ticket(state, StepState.WAITING) if waiting else self._meant(state, here)
        return c.ParkTicket(**here, ticket=meant, reason=self._some(None, self.reason(state)))

    def _undo(self, state: State, now: int) -> c.Command:
        here = self.here(state, now)
        if state.undoable and self.chance.random() < 0.8:
            here["counter"] = self.chance.choice(sorted(state.undoable))
            record = state.counters.get(here["counter"])
            was = state.undoable[here["counter"]].counters.get(here["counter"])
            here["clerk"] = (record.clerk if record else None) or (was.clerk if was else None) or here["clerk"]
        return c.Undo(**here)

    # The counter itself

    def _open(self, state: State, now: int) -> c.Command:
        closed = [r.id for r in state.counters.values() if not r.clerk]
        counter = self._of(closed or sorted(state.rules.counters), malls.COUNTERS)
        skills = self._some(None, None, None, ("passport",), ("tax", "visa"))
        return c.OpenCounter(at=now, counter=counter, clerk=self.chance.choice(CLERKS), skills=skills)

    def _counter(self, state: State, now: int) -> c.Command:
        here = self.here(state, now)
        match self.chance.randrange(10):
            case 0 | 1:
                return c.PauseCounter(**here, reason=self._some("lunch", "meeting", "nothing"))
            case 2 | 3:
                return c.ResumeCounter(**here)
            case 4:
                return c.CloseCounter(**here)
            case 5:
                return c.CloseCounter(**here, by="sup", reason=self.reason(state))
            case 6:
                return c.SetAutoCall(**here, on=self.chance.random() < 0.6)
            case 7:
                return c.AskHelp(**here)
            case 8:
                return c.AnswerHelp(at=now, counter=here["counter"], by="sup")
        kind: type[c.ScreenGone | c.ScreenBack] = self._some(c.ScreenGone, c.ScreenBack)
        return kind(**here)

    # Away from the counters

    def _return(self, state: State, now: int) -> c.Command:
        ticket = self.ticket(state, StepState.PARKED, StepState.NO_SHOW)
        return c.ReturnTicket(at=now, ticket=ticket, by=self._some(None, "desk"), reason=self._some(None, "mistake"))

    def _cancel(self, state: State, now: int) -> c.Command:
        return c.CancelTicket(at=now, ticket=self.ticket(state), by=self._some(None, "desk"))

    def _away(self, state: State, now: int) -> c.Command:
        if self.chance.random() < 0.3:
            ticket = self.ticket(state, StepState.PARKED, StepState.NO_SHOW)
            return c.ComeBack(at=now, ticket=ticket, by=self._some(None, "desk"))
        spans = (*state.rules.policy.step_away_ms, 7)
        ticket = self.ticket(state, StepState.WAITING, StepState.CALLED)
        return c.StepAway(at=now, ticket=ticket, for_ms=self.chance.choice(spans), by=self._some(None, "desk"))

    def _aside(self, state: State, now: int) -> c.Command:
        ticket = self.ticket(state)
        match self.chance.randrange(4):
            case 0:
                return c.SetCases(at=now, ticket=ticket, cases=self.chance.randint(0, 3), by="desk")
            case 1:
                return c.AttachNote(at=now, ticket=ticket, note=self._some(None, "~1", "~2"), by="desk")
            case 2:
                return c.ForgetPerson(at=now, reference=self._some("~1", "~2"))
        done = self.chance.choice(self.known or [ticket])
        reason = self.reason(state)
        return c.CorrectOutcome(at=now, ticket=done, step=0, outcome="referred", reason=reason, by="sup")

    def _paper(self, state: State, now: int) -> c.Command:
        id_ = self.ticket(state)
        ticket = state.tickets.get(id_)
        job = (ticket.slip.job if ticket else None) or "none"
        if self.chance.random() < 0.3:
            return c.RequestSlip(at=now, ticket=id_, job=self.fresh("j"), reason=self.reason(state), by="desk")
        state_ = self.chance.choice(SLIP_STATES)
        return c.ReportSlip(at=now, ticket=id_, job=job, state=state_, sent=self.chance.random() < 0.5)

    # The hall

    def _hall(self, state: State, now: int) -> c.Command:
        service = self.service(state)
        match self.chance.randrange(5):
            case 0:
                return c.HoldHall(at=now, reason=self.reason(state), by="sup")
            case 1 | 2:
                return c.ReleaseHall(at=now, by="sup")
            case 3:
                return c.PauseService(at=now, service=service, reason=self.reason(state), by="sup")
        return c.ResumeService(at=now, service=service, by="sup")

    def _supervise(self, state: State, now: int) -> c.Command:
        """Other targets, `help_after` or services of a counter until the day ends."""
        rules = state.rules
        services, counters = dict(rules.services), dict(rules.counters)
        id_ = self.chance.choice(sorted(services))
        targets = {category: self._some(0, 1_000, 1_800_000, 86_400_000) for category in services[id_].targets}
        services[id_] = replace(services[id_], targets=targets)
        if counters and self.chance.random() < 0.6:
            counter = counters[self.chance.choice(sorted(counters))]
            helped = {s: self._some(1_000, 600_000) for s in counter.services if self.chance.random() < 0.3}
            served = tuple(self.chance.sample(sorted(services), self.chance.randint(1, len(services))))
            counters[counter.id] = replace(counter, help_after=helped, services=self._some(counter.services, served))
        changed = replace(rules, services=services, counters=counters)
        return c.SetRules(at=now, rules=changed, source="supervisor", by="sup", reason="mistake")


def about_earlier(command: c.Command, earlier: Ticket) -> c.Command:
    """The same command about a ticket that an earlier day left behind, where a command can be."""
    if isinstance(command, c.CorrectOutcome):
        return replace(command, earlier=earlier)
    return command
