"""The hall as the journal has it: its last day's events, one after the other, make the state anew.

Imported history may stand between them and after them: it is nothing that the hall lived, but its rows are counted.
"""

from __future__ import annotations

from queue_server.domain.evolve import evolve
from queue_server.domain.state import State
from queue_server.errors import Broken
from queue_server.journal.promises import History
from queue_server.journal.spans import SpanKeeper
from queue_server.service.failure import OUR_FAULT


def read_back(journal: History) -> tuple[State, SpanKeeper]:
    """The state and the spans that are open. Raises Broken where an event cannot be read."""
    state, spans = State(), SpanKeeper()
    last = journal.last_lived()
    if last.seq:
        for recorded in journal.read_day(last.stream):
            state.seq = recorded.seq - 1
            try:
                evolve(state, recorded.event)
                spans.follow(state, recorded.event)
            except Exception as error:
                raise Broken(f"Row {recorded.seq} of the journal cannot be read back. {OUR_FAULT}") from error
        state.take_changes()
        spans.take()
    state.seq = journal.last().seq
    return state, spans
