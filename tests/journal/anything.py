"""Days of anything at all in the journal's hall, by chance."""

from __future__ import annotations

from contextlib import suppress
from random import Random
from typing import Any

from queue_server.domain import commands as c
from queue_server.errors import Refused
from tests.journal.hall import CATEGORIES, COUNTERS, MINUTE, SERVICES, Hall

CLERKS = {"1": "ani", "2": "budi", "3": "citra"}


def anything(hall: Hall, chance: Random, *, days: int, commands: int) -> None:
    """So many days of so many commands each; the last one stays open."""
    earlier: list[str] = []
    for day in range(days):
        hall.open_day()
        put_back = chance.randrange(2 * commands)
        for number in range(commands):
            if number == put_back:
                hall.put_back(chance.choice([10, 60, 300]) * MINUTE, f"{hall.state.day}.2")
            something(hall, chance)
            something_late(hall, chance, earlier)
        earlier += hall.state.tickets
        if day < days - 1:
            hall.close_day()


def something(hall: Hall, chance: Random) -> None:
    """One command of any kind, as likely to be refused as not."""
    counter = chance.choice(list(COUNTERS))
    here = {"counter": counter, "clerk": CLERKS[counter]}
    services = tuple(chance.sample(["pass", "tax", "land"], chance.choice([1, 1, 1, 2])))
    last = hall.state.ordinals.get("R", 0) + chance.choice([1, 2, 5])
    tickets = list(hall.state.tickets) or ["nobody"]
    ticket = chance.choice(tickets)
    job = (hall.state.tickets[ticket].slip.job if ticket != "nobody" else None) or "none"
    name = f"ticket{hall.state.seq + 1_000_000}"
    commands: list[tuple[int, type[c.Command], dict[str, Any]]] = [
        (30, c.IssueTicket, {"ticket": name, "services": services, "kiosk": "k", "slip_job": f"job-{name}"}),
        (5, c.IssueTicket, {"ticket": name, "services": services, "category": chance.choice(list(CATEGORIES))}),
        (5, c.EnterRoll, {"service": "roll", "last": last, "tickets": [f"{name}{n}" for n in range(5)], "by": "ani"}),
        (4, c.TakeRollBack, {"service": "roll", "by": "ani"}),
        (10, c.OpenCounter, here),
        (30, c.CallNext, here),
        (30, c.StartService, here),
        (20, c.FinishService, {**here, "outcome": "done"}),
        (5, c.Recall, here),
        (5, c.MarkNoShow, here),
        (5, c.PutBack, here),
        (5, c.ParkTicket, here),
        (5, c.ParkTicket, {**here, "ticket": ticket}),
        (5, c.TransferTicket, {**here, "service": chance.choice(list(SERVICES))}),
        (3, c.TransferTicket, {**here, "to_counter": chance.choice(list(COUNTERS))}),
        (8, c.Undo, here),
        (5, c.ReturnTicket, {"ticket": ticket, "by": "ani"}),
        (3, c.CancelTicket, {"ticket": ticket}),
        (3, c.PauseCounter, {**here, "reason": "break"}),
        (4, c.ResumeCounter, here),
        (2, c.CloseCounter, here),
        (1, c.HoldHall, {"reason": "drill", "by": "ani"}),
        (4, c.ReleaseHall, {"by": "ani"}),
        (1, c.NoteRestart, {}),
        (1, c.NoteStop, {}),
        (3, c.SetCases, {"ticket": ticket, "cases": 2, "by": "ani"}),
        (3, c.CorrectOutcome, {"ticket": ticket, "step": 0, "outcome": "referred", "reason": "mistake", "by": "ani"}),
        (15, c.ReportSlip, {"ticket": ticket, "job": job, "state": chance.choice(["printing", "printed"])}),
        (20, c.Tick, {}),
    ]
    _, kind, fields = chance.choices(commands, [weight for weight, *_ in commands])[0]
    with suppress(Refused):
        hall.do(kind, **fields)
    hall.at += chance.choice([0, 0, 1_000, 5_000, 30_000])


def something_late(hall: Hall, chance: Random, tickets: list[str]) -> None:
    """A correction of a ticket that an earlier day left behind."""
    if tickets and chance.random() < 0.1:
        ticket = chance.choice(tickets)
        earlier = hall.journal.load_ticket(ticket)
        with suppress(Refused):
            hall.do(
                c.CorrectOutcome,
                ticket=ticket,
                step=0,
                outcome="referred",
                reason="mistake",
                by="ani",
                earlier=earlier,
            )
