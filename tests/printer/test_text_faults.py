"""A slip that is written keeps the promises of one that is drawn: what is reported is what lies on the paper."""

import asyncio

import pytest
import pytest_asyncio

from printer.press import Press
from queue_server.wire.printing import Paper
from tests.fakes.fake_printer import FakePrinter
from tests.printer.test_faults import (
    CHEAP,
    HONEST,
    HOT,
    NO_CLEAR,
    NO_COUNT,
    NO_ID,
    STATUS_ONLY,
    After,
    Rehearsed,
    Scenario,
    no_paper,
    rehearse,
    repair,
    replug,
)


def reset_at(byte: int) -> After:
    """The line breaks when so many bytes of what comes next are there."""

    async def before(printer: FakePrinter) -> None:
        printer.knobs.drop_at_byte = printer.received + byte

    return before


TEXT = Paper(mode="text", model="TM-T20II")

SCENARIOS = [
    Scenario("in perfect order", "printed", evidence="id"),
    Scenario("nine thousand six hundred baud", "printed", {"bytes_per_s": 960, "small_window": True}, evidence="id"),
    Scenario("small buffer", "printed", {"buffer": 64, "mm_per_s": 300}, evidence="id"),
    Scenario("ASB on for good", "printed", {"asb": True, "asb_stubborn": True}, evidence="id"),
    Scenario("no paper before, loaded in time", "printed", before=no_paper, during=repair),
    Scenario("paper out mid slip", "not_printed", {"paper_out_at": 20}, "paper_out", torn=True),
    Scenario("paper out mid slip, reloaded at once", "printed", {"paper_out_at": 20, "repaired_after": 0.15}),
    Scenario("cover opened mid slip", "not_printed", {"cover_open_at": 30}, "cover_open", torn=True),
    Scenario("cutter jams", "not_printed", {"jam_at_cut": 1}, "cutter", torn=True),
    Scenario("head hot, taken back", "not_printed", {**HOT, "hot_at": 20}, "head_hot", unwanted=True),
    Scenario("reset in the middle", "not_printed", before=reset_at(60), evidence="counter", torn=True),
    Scenario("reset within the code", "not_printed", before=reset_at(150), evidence="counter", torn=True),
    Scenario("reset at the cut", "printed", {"drop_at_cut": 1}, evidence="counter"),
    Scenario("reset before the id", "printed", {"drop_before_id": True}, evidence="counter"),
    Scenario("unplugged before the id", "printed", {"unplugged_before_id": True}, during=replug),
    Scenario("power lost mid slip", "unknown", {"power_loss_at": 20, "off_for": 1}, "power"),
    Scenario("no id", "printed", NO_ID, evidence="counter"),
    Scenario("no counter", "printed", NO_COUNT, evidence="id"),
    Scenario("no counter, reset in the middle", "not_printed unknown", NO_COUNT, before=reset_at(150)),
    Scenario("no clearing, reset in the middle", "not_printed unknown", NO_CLEAR, before=reset_at(150)),
    Scenario("no clearing, paper out", "printed unknown", {**NO_CLEAR, "paper_out_at": 20}),
    Scenario("cheap", "printed", CHEAP, evidence="gs_r"),
    Scenario("cheap, paper out", "unknown", {**CHEAP, "paper_out_at": 20}, "paper_out"),
    Scenario("status only", "unknown", STATUS_ONLY, "unproven"),
]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def rehearsals(tmp_path_factory: pytest.TempPathFactory, drawing: Press) -> dict[str, Rehearsed | BaseException]:
    """All scenarios, some at a time: each mostly waits."""
    places = asyncio.Semaphore(4)

    async def one(scenario: Scenario) -> Rehearsed:
        async with places:
            return await rehearse(scenario, tmp_path_factory.mktemp("agent"), drawing, TEXT)

    ended = await asyncio.gather(*map(one, SCENARIOS), return_exceptions=True)
    return {scenario.name: what for scenario, what in zip(SCENARIOS, ended, strict=True)}


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
async def test_what_is_reported_is_what_was_written(
    scenario: Scenario, rehearsals: dict[str, Rehearsed | BaseException]
):
    """The same three outcomes on the same witnesses, and the next slip whole on a piece of its own."""
    ended = rehearsals[scenario.name]
    if isinstance(ended, BaseException):
        raise ended

    assert (ended.said.outcome, ended.lies) in HONEST, ended
    assert ended.said.outcome in scenario.outcomes.split(), ended
    assert scenario.reason in (None, ended.said.reason), ended
    assert scenario.evidence in (None, ended.said.evidence), ended
    assert scenario.torn in (None, ended.said.torn), ended
    assert ended.second.outcome in ("printed", "unknown"), ended
    assert ended.second_pieces == 1, ended
    # a command that was broken off takes the first byte of the next for its own; no letter comes of it
    assert bytes(byte for byte in ended.strange[0] if byte >= 0x20) == b"", ended
    assert ended.strange[1:] == (0, 0), ended
