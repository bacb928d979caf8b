"""(state, command) -> events, or a refusal: this table is the contents page of what the hall can do.

Deciding changes nothing; `evolve` does, with the events that come back. No events means that there was nothing to do.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from queue_server.domain import away, counters, hall, issuing, noting, paper, roll, serving, telling
from queue_server.domain import commands as c
from queue_server.domain import events as e
from queue_server.domain.state import State
from queue_server.domain.undo import undo
from queue_server.errors import ServiceClosed


def decide(state: State, command: c.Command) -> list[e.AnyEvent]:
    """What follows from a command. Raises a `Refused` that says why not."""
    if not state.open and type(command) not in _ANY_TIME:
        raise ServiceClosed("The mall is closed; the next business day has not begun.", reason="closed_today")
    return HANDLERS[type(command)](state, command)


HANDLERS: dict[type[c.Command], Callable[[State, Any], list[e.AnyEvent]]] = {
    # the day and the hall
    c.OpenDay: hall.open_day,
    c.CloseDay: hall.close_day,
    c.SetRules: hall.set_rules,
    c.NoteRestart: hall.note_restart,
    c.NoteStop: hall.note_stop,
    c.Tick: hall.tick,
    c.NoteAlerts: telling.note,
    c.HoldHall: hall.hold,
    c.EvacuateHall: hall.evacuate,
    c.EndEvacuation: hall.end_evacuation,
    c.ReleaseHall: hall.release,
    c.PauseService: hall.pause_service,
    c.ResumeService: hall.resume_service,
    # tickets
    c.IssueTicket: issuing.issue,
    c.EnterRoll: roll.enter_roll,
    c.TakeRollBack: roll.take_back,
    c.CancelTicket: issuing.cancel,
    c.LeaveTicket: paper.leave,
    c.ReturnTicket: issuing.give_back,
    c.StepAway: away.step_away,
    c.ComeBack: away.come_back,
    c.SetCases: issuing.set_cases,
    c.AttachNote: issuing.attach_note,
    c.CorrectOutcome: issuing.correct,
    c.ForgetPerson: issuing.forget,
    # who runs the mall
    c.NoteAct: noting.note_act,
    c.NoteClosing: noting.note_closing,
    # with the citizen
    c.CallNext: serving.call_next,
    c.CallTicket: serving.call_ticket,
    c.Recall: serving.recall,
    c.StartService: serving.start,
    c.FinishService: serving.finish,
    c.MarkNoShow: serving.no_show,
    c.PutBack: serving.put_back,
    c.ParkTicket: serving.park,
    c.TransferTicket: serving.transfer,
    c.Undo: undo,
    # the counter itself
    c.OpenCounter: counters.open_counter,
    c.PauseCounter: counters.pause,
    c.ResumeCounter: counters.resume,
    c.CloseCounter: counters.close,
    c.ScreenGone: counters.screen_gone,
    c.ScreenBack: counters.screen_back,
    c.SetAutoCall: counters.set_auto_call,
    c.AskHelp: counters.ask_help,
    c.AnswerHelp: counters.answer_help,
    # paper
    c.RequestSlip: paper.request,
    c.ReportSlip: paper.report,
}

_ANY_TIME = frozenset(
    {c.OpenDay, c.Tick, c.NoteRestart, c.NoteStop, c.CorrectOutcome, c.ForgetPerson, c.NoteAct, c.NoteClosing}
)
