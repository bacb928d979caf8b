"""Deciding about the counter itself: who works there, pauses, screens that are gone, help."""

from __future__ import annotations

from queue_server.domain import commands as c
from queue_server.domain import events as e
from queue_server.domain.addresses import left_behind, released
from queue_server.domain.codes import check_reason
from queue_server.domain.counter_life import CounterMove, CounterState, may
from queue_server.domain.records import CounterRecord
from queue_server.domain.serving import staffed
from queue_server.domain.state import State
from queue_server.errors import CounterBusy


def open_counter(state: State, command: c.OpenCounter) -> list[e.AnyEvent]:
    """A clerk begins to work here; the counter that the clerk had before is left."""
    record = state.counter(command.counter)
    if not may(record.state, CounterMove.OPEN):
        if record.clerk != command.clerk:
            raise CounterBusy("Somebody else works at this counter.", reason="other_clerk", counter=record.id)
        if may(record.state, CounterMove.RESUME):
            return [e.CounterResumed(at=command.at, counter=record.id)]
        return []
    opened = e.CounterOpened(at=command.at, counter=record.id, clerk=command.clerk, skills=command.skills)
    there = CounterRecord(id=record.id, state=CounterState.OPEN, clerk=command.clerk, skills=command.skills)
    former = state.counter_of(command.clerk)
    if former is None:
        return [opened, *_released(state, command.at, there)]
    left = _left(state, state.counters[former], command.at, then=True)
    return [opened, left, *_released(state, command.at, there, CounterRecord(id=former))]


def pause(state: State, command: c.PauseCounter) -> list[e.AnyEvent]:
    record = staffed(state, command)
    check_reason(command.reason, state.rules.pause_reasons)
    if record.state is CounterState.PAUSED and record.pause_reason == command.reason:
        return []
    return [e.CounterPaused(at=command.at, counter=record.id, reason=command.reason)]


def resume(state: State, command: c.ResumeCounter) -> list[e.AnyEvent]:
    record = staffed(state, command)
    return [e.CounterResumed(at=command.at, counter=record.id)] if may(record.state, CounterMove.RESUME) else []


def close(state: State, command: c.CloseCounter) -> list[e.AnyEvent]:
    """Nobody works here any more; those who waited for this counter or clerk alone now wait for all."""
    record = state.counter(command.counter)
    if not may(record.state, CounterMove.LEAVE):
        return []
    staffed(state, command)
    if command.reason is not None:
        check_reason(command.reason, state.rules.reasons)
    left = _left(state, record, command.at, by=command.by or command.clerk, reason=command.reason)
    return [left, *_released(state, command.at, CounterRecord(id=record.id))]


def _left(
    state: State,
    record: CounterRecord,
    at: int,
    *,
    by: str | None = None,
    reason: str | None = None,
    then: bool = False,
) -> e.CounterLeft:
    """What closes a counter; refused while somebody is called or served there."""
    if record.ticket is not None:
        number = state.tickets[record.ticket].number
        raise CounterBusy("Somebody is still at that counter.", reason="occupied", counter=record.id, number=number)
    return e.CounterLeft(at=at, then=then, counter=record.id, by=by, reason=reason)


def _released(state: State, at: int, *changed: CounterRecord) -> list[e.AnyEvent]:
    """Releases who waits for a counter or clerk that can no longer call them, once these counters have changed."""
    records = {**state.counters, **{record.id: record for record in changed}}
    return released(at, left_behind(state, records))


def screen_gone(state: State, command: c.ScreenGone) -> list[e.AnyEvent]:
    """Nobody is called to an empty chair; the screen of whoever does not work there is not missed."""
    record = state.counter(command.counter)
    if record.state is not CounterState.OPEN or record.clerk != command.clerk:
        return []
    return [e.CounterPaused(at=command.at, counter=record.id, reason=e.AWAY)]


def screen_back(state: State, command: c.ScreenBack) -> list[e.AnyEvent]:
    record = state.counter(command.counter)
    if record.state is not CounterState.PAUSED or record.pause_reason != e.AWAY or record.clerk != command.clerk:
        return []
    return [e.CounterResumed(at=command.at, counter=record.id)]


def set_auto_call(state: State, command: c.SetAutoCall) -> list[e.AnyEvent]:
    record = staffed(state, command)
    if record.auto_call == command.on:
        return []
    return [e.AutoCallSet(at=command.at, counter=record.id, on=command.on)]


def ask_help(state: State, command: c.AskHelp) -> list[e.AnyEvent]:
    record = staffed(state, command)
    return [] if record.help_since is not None else [e.HelpAsked(at=command.at, counter=record.id)]


def answer_help(state: State, command: c.AnswerHelp) -> list[e.AnyEvent]:
    record = state.counter(command.counter)
    if record.help_since is None:
        return []
    return [e.HelpAnswered(at=command.at, counter=record.id, by=command.by)]
