"""The tables of a slip's and a counter's life, and the diagrams in docs/ that are drawn from them."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

import pytest

from queue_server.domain import commands as c
from queue_server.domain.counter_life import COUNTER_MOVES, CounterMove, CounterState, may
from queue_server.domain.slip_life import SETTLED, SLIP_MOVES, SlipState, may_request, may_tell
from tests.domain.hall import Hall

M = TypeVar("M", bound=StrEnum)
S = TypeVar("S", bound=StrEnum)

#: Written down a second time by hand: what may be told after each state.
TELLABLE = {
    "none": set(),
    "queued": {"queued", "printing", "printed", "not_printed", "unknown"},
    "printing": {"queued", "printing", "printed", "not_printed", "unknown"},
    "unknown": {"printed", "not_printed", "unknown"},
    "printed": set(),
    "not_printed": set(),
}

#: Which moves a counter has in each state.
COUNTER_WAYS = {"closed": {"open"}, "open": {"pause", "leave"}, "paused": {"pause", "resume", "leave"}}


@pytest.mark.parametrize("state", SlipState)
def test_a_report_tells_only_what_can_follow(state: SlipState):
    """What was settled stays, what is unknown may still be told, nothing goes back to waiting."""
    told = {to.value for to in SlipState if to is not SlipState.NONE and may_tell(state, to)}

    assert told == TELLABLE[state]
    assert (state in SETTLED) == (state in ("printed", "not_printed"))


def test_only_beside_a_slip_that_prints_there_is_no_other():
    """A new job can be made in every state but while paper comes out."""
    assert [state.value for state in SlipState if not may_request(state)] == ["printing"]


@pytest.mark.parametrize("state", [state for state in SlipState if state not in (SlipState.NONE, SlipState.QUEUED)])
@pytest.mark.parametrize("told", [state for state in SlipState if state is not SlipState.NONE])
def test_the_hall_follows_the_table_of_slips(state: SlipState, told: SlipState):
    """A report that has a way is taken; any other changes nothing."""
    hall = Hall()
    hall.issue("passport", "anna", kiosk="door", slip_job="first")
    hall.does(c.ReportSlip, ticket="anna", job="first", state=state.value, sent=True)

    hall.does(c.ReportSlip, ticket="anna", job="first", state=told.value, sent=True)

    assert hall.ticket("anna").slip.state is (told if may_tell(state, told) else state)


@pytest.mark.parametrize("state", CounterState)
def test_a_counter_has_exactly_these_moves(state: CounterState):
    """Who works there may pause, go on and leave; a closed counter can only be opened."""
    assert {move.value for move in CounterMove if may(state, move)} == COUNTER_WAYS[state]


def diagram(moves: Mapping[M, tuple[tuple[S, ...], S]], first: S, last: frozenset[S]) -> str:
    """A table as a Mermaid state diagram: one arrow for each state and move."""
    arrows = [
        f"    {state} --> {to}: {move.replace('_', ' ')}" for move, (states, to) in moves.items() for state in states
    ]
    ends = [f"    {state} --> [*]" for state in type(first) if state in last]
    return "\n".join(["stateDiagram-v2", f"    [*] --> {first}", *arrows, *ends])


@pytest.mark.parametrize(
    "drawn",
    [
        pytest.param(diagram(SLIP_MOVES, SlipState.NONE, SETTLED), id="slip"),
        pytest.param(diagram(COUNTER_MOVES, CounterState.CLOSED, frozenset()), id="counter"),
    ],
)
def test_the_diagrams_in_the_docs_are_the_tables(drawn: str):
    """docs/lifecycle.md shows both tables as they are; where one differs, this test prints what should stand there."""
    page = (Path(__file__).parents[2] / "docs" / "lifecycle.md").read_text(encoding="utf-8")

    assert f"```mermaid\n{drawn}\n```" in page, drawn
