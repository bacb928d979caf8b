"""Anything at all happens to a whole mall, on a real file: no command has any answer but its own or a refusal, the
server starts again after every stop, health is never red without an alarm, the file gives the state that is live, and
nobody and no number is lost or doubled (tests/whole/anything/holds.py has the list), and what citizens said of
themselves is there for as long as it may be and nowhere longer (citizens.py).

A failure names its run; `python -m tests.whole.anything RUN DEEDS` plays it again. `pytest -m soak` plays hundreds.
"""

from __future__ import annotations

from collections import Counter as Tally
from pathlib import Path

import pytest

from tests.whole.anything.run import play


@pytest.mark.parametrize("number", range(3))
async def test_a_mall_holds_whatever_happens(tmp_path: Path, number: int):
    """Commands, other rules, stops, kills, nights, wrong clocks and a full disk leave a hall that adds up."""
    told = await play(number, 120, tmp_path)

    assert told["IssueTicket"] > 10


@pytest.mark.soak
@pytest.mark.timeout(6 * 3600)
async def test_a_mall_holds_in_very_many_runs(tmp_path: Path):
    """The same three hundred times and for longer, in which everything that can happen does."""
    told: Tally[str] = Tally()
    for number in range(1_000, 1_300):
        (tmp_path / f"{number}").mkdir()
        told += await play(number, 400, tmp_path / f"{number}")

    assert {"stopped", "killed", "night", "clock", "confirmed", "disk", "reload", "refused"} <= told.keys()
    assert {"came", "erased", "retired", "orphaned"} <= told.keys()
