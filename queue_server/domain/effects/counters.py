"""What opening, pausing, closing and asking for help do to a counter."""

from __future__ import annotations

from queue_server.domain import events as e
from queue_server.domain.counter_life import CounterMove, leads_to
from queue_server.domain.effects.memory import forget, remember
from queue_server.domain.effects.moves import change, watch_auto_call
from queue_server.domain.records import CounterRecord
from queue_server.domain.state import State


def opened(state: State, event: e.CounterOpened) -> None:
    remember(state, event, event.counter)
    record = change(state, event.counter)
    record.state, record.clerk, record.skills = leads_to(CounterMove.OPEN), event.clerk, event.skills
    record.since = record.free_since = event.at


def paused(state: State, event: e.CounterPaused) -> None:
    if event.reason == e.AWAY:
        forget(state, event.counter)
    else:
        remember(state, event, event.counter)
    record = change(state, event.counter)
    record.state, record.pause_reason, record.since = leads_to(CounterMove.PAUSE), event.reason, event.at


def resumed(state: State, event: e.CounterResumed) -> None:
    if state.counters[event.counter].pause_reason == e.AWAY:  # the screen came back: nothing that a clerk would undo
        forget(state, event.counter)
    else:
        remember(state, event, event.counter)
    record = change(state, event.counter)
    record.state, record.pause_reason, record.since = leads_to(CounterMove.RESUME), None, event.at
    if record.ticket is None:
        record.free_since = event.at
    watch_auto_call(state, record)


def left(state: State, event: e.CounterLeft) -> None:
    if event.by in (None, state.counters[event.counter].clerk):
        remember(state, event, event.counter)
    else:
        forget(state, event.counter)
    record = CounterRecord(id=event.counter, since=event.at, changed=state.seq)
    state.counters[event.counter] = record
    watch_auto_call(state, record)


def auto_call_set(state: State, event: e.AutoCallSet) -> None:
    remember(state, event, event.counter)
    record = change(state, event.counter)
    record.auto_call = event.on
    watch_auto_call(state, record)


def help_asked(state: State, event: e.HelpAsked) -> None:
    remember(state, event, event.counter)
    change(state, event.counter).help_since = event.at


def help_answered(state: State, event: e.HelpAnswered) -> None:
    change(state, event.counter).help_since = None
