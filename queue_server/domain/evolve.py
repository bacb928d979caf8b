"""What an event does to the state. Nothing is decided here: an event has happened, and the state follows.

The server, the rebuild after a crash, the estimate and the tests all run this same code. A handler never fails on an
event that `decide` made; one handler per event, in the table below, kept in effects/.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from queue_server.domain import events as e
from queue_server.domain.effects import counters, hall, memory, paper, serving, tickets
from queue_server.domain.state import State


def evolve(state: State, event: e.Event) -> None:
    """Carry one event into the state, in place. `state.seq` grows by one for each."""
    state.seq += 1
    state.at = event.at
    if not event.then:
        state.undo_of = None
    HANDLERS[type(event)](state, event)


HANDLERS: dict[type[e.Event], Callable[[State, Any], None]] = {
    e.DayOpened: hall.day_opened,
    e.RulesSet: hall.rules_set,
    e.DayClosed: hall.day_closed,
    e.Restarted: hall.restarted,
    e.Stopped: hall.stopped,
    e.AlertBegan: hall.alert_began,
    e.AlertEnded: hall.alert_ended,
    e.HallHeld: hall.hall_held,
    e.EvacuationEnded: hall.evacuation_ended,
    e.HallReleased: hall.hall_released,
    e.ServicePaused: hall.service_paused,
    e.ServiceResumed: hall.service_resumed,
    e.TicketIssued: tickets.issued,
    e.TicketCancelled: tickets.cancelled,
    e.TicketLeft: tickets.left,
    e.RollTakenBack: tickets.roll_taken_back,
    e.TicketExpired: tickets.expired,
    e.TicketReturned: tickets.returned,
    e.TicketSteppedAway: tickets.stepped_away,
    e.AddressReleased: tickets.address_released,
    e.CasesSet: tickets.cases_set,
    e.NoteAttached: tickets.note_attached,
    e.OutcomeCorrected: tickets.outcome_corrected,
    e.PersonalDataErased: tickets.data_erased,
    e.ActNoted: hall.noted,
    e.ClosingSigned: hall.noted,
    e.TicketCalled: serving.called,
    e.TicketRecalled: serving.recalled,
    e.ServiceStarted: serving.started,
    e.ServiceFinished: serving.finished,
    e.TicketMissed: serving.missed,
    e.TicketPutBack: serving.put_back,
    e.TicketParked: serving.parked,
    e.TicketTransferred: serving.transferred,
    e.Undone: memory.undone,
    e.CounterOpened: counters.opened,
    e.CounterPaused: counters.paused,
    e.CounterResumed: counters.resumed,
    e.CounterLeft: counters.left,
    e.AutoCallSet: counters.auto_call_set,
    e.HelpAsked: counters.help_asked,
    e.HelpAnswered: counters.help_answered,
    e.SlipRequested: paper.slip_requested,
    e.SlipReported: paper.slip_reported,
    e.ImportBegan: hall.noted,
    e.DayImported: hall.noted,
    e.StepImported: hall.noted,
    e.CounterSpanImported: hall.noted,
    e.HallSpanImported: hall.noted,
    e.DayTakenBack: hall.noted,
}
