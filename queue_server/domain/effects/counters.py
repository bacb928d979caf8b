"""What opening, pausing, closing and asking for help do to a counter."""

from __future__ import annotations

from queue_server.domain import events as e
from queue_server.domain.effects.memory import remember
from queue_server.domain.effects.moves import watch_auto_call
from queue_server.domain.state import State


def opened(state: State, event: e.CounterOpened) -> None:
    remember(state, event, event.counter)
    record = state.counters[event.counter]
    record.state, record.clerk, record.skills = "open", event.clerk, event.skills
    record.since = record.free_since = event.at
    record.pause_reason = record.help_since = None


def paused(state: State, event: e.CounterPaused) -> None:
    if event.reason == e.AWAY:
        state.undoable.pop(event.counter, None)
    else:
        remember(state, event, event.counter)
    record = state.counters[event.counter]
    record.state, record.pause_reason, record.since = "paused", event.reason, event.at
    state.changes.counters.add(record.id)


def resumed(state: State, event: e.CounterResumed) -> None:
    remember(state, event, event.counter)
    record = state.counters[event.counter]
    record.state, record.pause_reason, record.since = "open", None, event.at
    if record.ticket is None:
        record.free_since = event.at
    watch_auto_call(state, record)


def left(state: State, event: e.CounterLeft) -> None:
    remember(state, event, event.counter)
    state.counters[event.counter] = e.CounterRecord(id=event.counter, since=event.at)


def auto_call_set(state: State, event: e.AutoCallSet) -> None:
    remember(state, event, event.counter)
    record = state.counters[event.counter]
    record.auto_call = event.on
    watch_auto_call(state, record)


def help_asked(state: State, event: e.HelpAsked) -> None:
    remember(state, event, event.counter)
    state.counters[event.counter].help_since = event.at


def help_answered(state: State, event: e.HelpAnswered) -> None:
    state.undoable.pop(event.counter, None)
    state.counters[event.counter].help_since = None
    state.changes.counters.add(event.counter)
