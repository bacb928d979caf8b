"""Which ticket the answer to a command is about: that follows from the command, whatever else happens on the way.

A command that names its ticket is about that one, a move at a counter about whom it moved first, a call about who is
called. What concerns a counter, a service or the whole hall is about no ticket, though events may name some.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from queue_server.domain import commands as c
from queue_server.domain import events as e


def subject(command: c.Command, events: Sequence[e.AnyEvent]) -> str | None:
    """The ticket that `command` was about; `events`, at least one, are what came of it."""
    find = SUBJECTS[type(command)]
    return None if find is None else find(command, events)


def _named(command: Any, events: Sequence[e.AnyEvent]) -> str | None:
    ticket: str | None = command.ticket
    return ticket


def _moved(command: Any, events: Sequence[e.AnyEvent]) -> str | None:
    """A counter's move of a ticket: its own event comes first, what follows from it after it."""
    ticket: str | None = getattr(events[0], "ticket", None)
    return ticket


def _called(command: Any, events: Sequence[e.AnyEvent]) -> str | None:
    """Who is called; nobody where only the one before was finished."""
    return next((event.ticket for event in events if isinstance(event, e.TicketCalled)), None)


def _restored(command: Any, events: Sequence[e.AnyEvent]) -> str | None:
    """Whom the command that was taken back had moved; one about the counter may have moved others' places, too."""
    undone = next(event for event in events if isinstance(event, e.Undone))
    return undone.tickets[0].id if undone.tickets and undone.command not in _COUNTERS_OWN else None


_COUNTERS_OWN = frozenset({"open", "pause", "resume", "close", "auto-call", "help"})
"""What undo calls the commands about a counter itself."""


SUBJECTS: dict[type[c.Command], Callable[[Any, Sequence[e.AnyEvent]], str | None] | None] = {
    c.OpenDay: None,
    c.SetRules: None,
    c.NoteRestart: None,
    c.NoteStop: None,
    c.CloseDay: None,
    c.Tick: None,
    c.NoteAlerts: None,
    c.HoldHall: None,
    c.EvacuateHall: None,
    c.EndEvacuation: None,
    c.ReleaseHall: None,
    c.PauseService: None,
    c.ResumeService: None,
    c.IssueTicket: _named,
    c.EnterRoll: None,
    c.TakeRollBack: None,
    c.CancelTicket: _named,
    c.LeaveTicket: _named,
    c.ReturnTicket: _named,
    c.StepAway: _named,
    c.ComeBack: _named,
    c.SetCases: _named,
    c.AttachNote: _named,
    c.CorrectOutcome: _named,
    c.ForgetPerson: None,
    c.NoteAct: None,
    c.NoteClosing: None,
    c.CallNext: _called,
    c.CallTicket: _named,
    c.Recall: _moved,
    c.StartService: _moved,
    c.FinishService: _moved,
    c.MarkNoShow: _moved,
    c.PutBack: _moved,
    c.ParkTicket: _moved,
    c.TransferTicket: _moved,
    c.Undo: _restored,
    c.OpenCounter: None,
    c.PauseCounter: None,
    c.ResumeCounter: None,
    c.CloseCounter: None,
    c.ScreenGone: None,
    c.ScreenBack: None,
    c.SetAutoCall: None,
    c.AskHelp: None,
    c.AnswerHelp: None,
    c.RequestSlip: _named,
    c.ReportSlip: _named,
}
