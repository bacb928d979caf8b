"""The one table of a step's life, and the page in docs/ that is drawn from it."""

from pathlib import Path

import pytest

from queue_server.domain.lifecycle import FINAL, MOVES, Move, StepState, after, allowed
from queue_server.errors import IllegalMove

S = StepState

#: What DESIGN promises, written down a second time by hand.
WAYS = {
    ("planned", "queue", "waiting"),
    ("waiting", "call", "called"),
    ("called", "recall", "called"),
    ("called", "start", "serving"),
    ("serving", "finish", "finished"),
    ("called", "put_back", "waiting"),
    ("called", "no_show", "no_show"),
    ("no_show", "return", "waiting"),
    ("parked", "return", "waiting"),
    *((state, "park", "parked") for state in ("waiting", "called", "serving")),
    *((state, "transfer", "transferred") for state in ("waiting", "called", "serving")),
    *((state, "cancel", "cancelled") for state in ("planned", "waiting", "called", "parked", "no_show")),
    *((state, "expire", "expired") for state in ("planned", "waiting", "called", "parked", "no_show")),
}


@pytest.mark.parametrize("state", StepState)
@pytest.mark.parametrize("move", Move)
def test_each_move_is_allowed_from_exactly_these_states(state: StepState, move: Move):
    """A move that the table has leads where it says; any other is refused with a code and reason of its own."""
    ways = {(origin, to) for origin, name, to in WAYS if name == move}

    if state in dict(ways):
        assert allowed(state, move)
        assert after(state, move) == dict(ways)[state]
    else:
        assert not allowed(state, move)
        with pytest.raises(IllegalMove) as refused:
            after(state, move)
        assert (refused.value.code, refused.value.reason) == ("illegal_move", f"{move}_from_{state}")
        assert refused.value.fields == {"state": state}


def test_nothing_follows_a_final_state():
    """From a final state no move leads anywhere, and every other state has a way out."""
    moving = {state for origins, _ in MOVES.values() for state in origins}

    assert moving == set(StepState) - FINAL


def diagram() -> str:
    """The table as a Mermaid state diagram: one arrow for each state and move."""
    arrows = [
        f"    {state} --> {to}: {move.replace('_', ' ')}" for move, (states, to) in MOVES.items() for state in states
    ]
    starts = ["    [*] --> waiting: first service of a ticket", "    [*] --> planned: services after it"]
    ends = [f"    {state} --> [*]" for state in StepState if state in FINAL]
    return "\n".join(["stateDiagram-v2", *starts, *arrows, *ends])


def test_the_diagram_in_the_docs_is_the_table():
    """docs/lifecycle.md shows the table as it is; where it differs, this test prints what should stand there."""
    page = (Path(__file__).parents[2] / "docs" / "lifecycle.md").read_text(encoding="utf-8")

    assert f"```mermaid\n{diagram()}\n```" in page, diagram()
