"""What an agent reports is compared with what lies on the paper, whatever goes wrong.

Each scenario prints one slip on a printer that misbehaves, then everything is repaired, the printer finishes what
it still holds, and the paper is read. `printed` must mean one whole slip, `not_printed` none, ever; `unknown` is
allowed only where the scenario says so, and then there is one slip at most. A second slip must then come out whole,
once, and on a piece of its own.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import pytest_asyncio

from printer.press import Press
from queue_server.wire.printing import Paper, Result, Sending, Status, TooLate
from tests.fakes.fake_printer import FakePrinter, Knobs
from tests.fakes.print_server import PrintServer
from tests.printer.conftest import Bench, slip, typed
from tests.waiting import until

After = Callable[[FakePrinter], Awaitable[None]]


@dataclass
class Scenario:
    """A printer, what is done to it, and what may be said of the slip."""

    name: str
    outcomes: str
    knobs: dict = field(default_factory=dict)
    reason: str | None = None
    evidence: str | None = None
    torn: bool | None = None
    ttl_ms: int = 15_000
    #: Done when the printer has been seen ready and before the job.
    before: After | None = None
    #: Done a moment after the job was given.
    during: After | None = None
    #: Taken back once the server was told that something is amiss with the slip under way.
    unwanted: bool = False


async def no_paper(printer: FakePrinter) -> None:
    printer.paper_out = True


async def open_cover(printer: FakePrinter) -> None:
    printer.cover_open = True


async def jam(printer: FakePrinter) -> None:
    printer.jammed = True


async def unplug(printer: FakePrinter) -> None:
    await printer.unplug()


async def hold(printer: FakePrinter) -> None:
    printer.knobs.held = True


async def mute(printer: FakePrinter) -> None:
    printer.knobs.mute = True


async def replug(printer: FakePrinter) -> None:
    await asyncio.sleep(0.3)  # a hand takes a moment
    await printer.plug()


async def repair(printer: FakePrinter) -> None:
    await asyncio.sleep(0.3)  # a hand takes a moment
    printer.repair()


NO_ID: dict = {"process_id": False}
NO_COUNT: dict = {"counters": frozenset()}
NO_CLEAR = {"clear": False}
CHEAP = {**NO_ID, **NO_COUNT, **NO_CLEAR}
HOT: dict = {"hot_at": 25, "hot_for": 5}
STATUS_ONLY = {**CHEAP, "gs_r": False}

SCENARIOS = [
    Scenario("in perfect order", "printed", evidence="id"),
    Scenario("paper near its end", "printed", {"near_end_at": 0.0}, evidence="id"),
    Scenario("ASB on", "printed", {"asb": True}, evidence="id"),
    Scenario("ASB on for good", "printed", {"asb": True, "asb_stubborn": True}, evidence="id"),
    Scenario("answers late but in time", "printed", {"late_by": 0.1}, evidence="id"),
    Scenario("slow line", "printed", {"bytes_per_s": 12_000, "small_window": True}, evidence="id"),
    Scenario("slow mechanism", "printed", {"mm_per_s": 30}, evidence="id"),
    Scenario("small buffer", "printed", {"buffer": 2048, "mm_per_s": 300}, evidence="id"),
    # before the first byte
    Scenario("no paper before", "not_printed", reason="paper_out", torn=False, ttl_ms=2_000, before=no_paper),
    Scenario(
        "no paper, one bit of the pair", "not_printed", {"one_bit": True}, "paper_out", ttl_ms=2_000, before=no_paper
    ),
    Scenario("no paper before, loaded in time", "printed", before=no_paper, during=repair),
    Scenario("cover open before", "not_printed", reason="cover_open", torn=False, ttl_ms=2_000, before=open_cover),
    Scenario("cutter stuck before", "not_printed", reason="cutter", torn=False, ttl_ms=2_000, before=jam),
    Scenario("unplugged before", "not_printed", reason="unreachable", torn=False, ttl_ms=2_000, before=unplug),
    Scenario("unplugged before, plugged in in time", "printed", before=unplug, during=replug),
    Scenario("another client has it", "not_printed", reason="no_status", torn=False, ttl_ms=2_500, before=hold),
    Scenario("another client lets go in time", "printed", before=hold, during=repair),
    Scenario("says nothing", "not_printed", reason="no_status", torn=False, ttl_ms=2_500, before=mute),
    # in the middle
    Scenario("paper out mid slip", "not_printed", {"paper_out_at": 20}, "paper_out", torn=True),
    Scenario("paper out mid slip, reloaded at once", "printed", {"paper_out_at": 20, "repaired_after": 0.15}),
    Scenario("cover opened mid slip", "not_printed", {"cover_open_at": 30}, "cover_open", torn=True),
    Scenario("cover opened and shut at once", "printed", {"cover_open_at": 30, "repaired_after": 0.15}),
    Scenario("cutter jams", "not_printed", {"jam_at_cut": 1}, "cutter", torn=True),
    Scenario("head hot for a while", "printed", {"hot_at": 25, "hot_for": 0.8}, evidence="id"),
    Scenario("paper out, ASB on for good", "not_printed", {"asb": True, "asb_stubborn": True, "paper_out_at": 20}),
    Scenario("paper out, small buffer", "not_printed unknown", {"paper_out_at": 20, "buffer": 2048, "mm_per_s": 200}),
    Scenario("stops reading", "not_printed", {"deaf_at_byte": 9_000, "small_window": True}, torn=True),
    # the network
    Scenario("reset early", "not_printed", {"drop_at_byte": 6_000}, "lost", "counter", torn=True),
    Scenario("reset late", "not_printed", {"drop_at_byte": 25_000}, "lost", "counter", torn=True),
    Scenario("closed politely in the middle", "not_printed", {"drop_at_byte": 15_000, "fin": True}, torn=True),
    Scenario("reset at the cut", "printed", {"drop_at_cut": 1}, evidence="counter"),
    Scenario("reset before the id", "printed", {"drop_before_id": True}, evidence="counter"),
    Scenario("closed politely before the id", "printed", {"drop_before_id": True, "fin": True}, evidence="counter"),
    Scenario("reset and paper out", "not_printed unknown", {"drop_when_out": True, "paper_out_at": 10}),
    # nobody wants it any more
    Scenario("head hot, taken back", "not_printed", {"hot_at": 25, "hot_for": 5}, "head_hot", unwanted=True),
    Scenario("paper out, taken back", "not_printed", {"paper_out_at": 20}, "paper_out", torn=True, unwanted=True),
    Scenario("no counter, head hot, taken back", "not_printed", {**NO_COUNT, **HOT}, "head_hot", unwanted=True),
    Scenario("no id, head hot, taken back", "not_printed", {**NO_ID, **HOT}, unwanted=True),
    Scenario("no clearing, head hot, taken back", "printed unknown", {**NO_CLEAR, **HOT}, unwanted=True),
    Scenario("stops reading, taken back", "not_printed", {"deaf_at_byte": 9_000, "small_window": True}, unwanted=True),
    Scenario("unplugged, taken back", "printed", {"unplugged_before_id": True}, during=replug, unwanted=True),
    # power
    Scenario("power lost mid slip", "unknown", {"power_loss_at": 20}, "power"),
    Scenario("power lost at the cut", "printed unknown", {"power_loss_at_cut": 1}),
    Scenario(
        "power lost at the cut, and the count",
        "unknown",
        {"power_loss_at_cut": 1, "count_lost": True, "off_for": 1},
        "power",
    ),
    Scenario(
        "power lost silently at the cut, and the count",
        "unknown",
        {"power_loss_at_cut": 1, "count_lost": True, "power_silently": True, "off_for": 1.5},
        "power",
    ),
    Scenario(
        "power lost silently mid slip",
        "unknown",
        {"power_loss_at": 20, "power_silently": True, "off_for": 1.5},
        "power",
    ),
    # less to go by
    Scenario("no id", "printed", NO_ID, evidence="counter"),
    Scenario("no id, paper out mid slip", "not_printed unknown", {**NO_ID, "paper_out_at": 20}),
    Scenario("no id, cutter jams", "not_printed unknown", {**NO_ID, "jam_at_cut": 1}),
    Scenario("no id, reset", "not_printed", {**NO_ID, "drop_at_byte": 15_000}),
    Scenario("no counter, reset before the id", "unknown", {**NO_COUNT, "drop_before_id": True}, "lost"),
    Scenario("no counter, reset early", "not_printed unknown", {**NO_COUNT, "drop_at_byte": 6_000}),
    Scenario("no counter, paper out mid slip", "not_printed", {**NO_COUNT, "paper_out_at": 20}, torn=True),
    Scenario("no clearing, paper out mid slip", "printed unknown", {**NO_CLEAR, "paper_out_at": 20}),
    Scenario("no clearing, reset", "not_printed unknown", {**NO_CLEAR, "drop_at_byte": 15_000}),
    Scenario("cheap", "printed", CHEAP, evidence="gs_r"),
    Scenario("cheap, paper out mid slip", "unknown", {**CHEAP, "paper_out_at": 20}, "paper_out"),
    Scenario("cheap, cutter jams", "unknown", {**CHEAP, "jam_at_cut": 1}, "cutter"),
    Scenario("cheap, reset", "not_printed unknown", {**CHEAP, "drop_at_byte": 15_000}),
    Scenario("status only", "unknown", STATUS_ONLY, "unproven"),
]


@dataclass
class Rehearsed:
    """What was said and what lies on the paper in the end."""

    said: Result
    lies: int
    second: Result
    second_pieces: int
    strange: tuple[bytes, int, int]
    log: list[str]


async def rehearse(scenario: Scenario, folder: Path, drawing: Press, text: Paper | None = None) -> Rehearsed:
    """On paper of `text` the slips are written, else they are drawn."""
    async with PrintServer() as server, FakePrinter(Knobs(types=text is not None, **scenario.knobs)) as printer:
        bench = Bench(server, printer, drawing, folder)
        if text is not None:
            bench.options = f"?mode=text&model={text.model}"
            for view in (slip(), slip("B\u2009700")):
                bench.text[view] = (await typed(drawing, view, text)).rows
        bench.start()
        await server.heard(Status, ready=True)
        if scenario.before:
            await scenario.before(printer)
        job = await server.give(slip(), ttl_ms=scenario.ttl_ms)
        if scenario.during:
            await scenario.during(printer)
        if scenario.unwanted:
            await until(lambda: any(isinstance(said, Sending) and said.reason for said in server.said))
            await server.cancel(job, begun=True)
            await server.heard(TooLate, job=job)
        await server.result(job, within=30)
        await printer.settled()
        second = await server.give(slip("B\u2009700"))
        last = await server.result(second, within=30)
        await printer.settled()
        await bench.stop()
        return Rehearsed(
            said=server.results(job)[-1],
            lies=bench.on_paper(slip()),
            second=last,
            second_pieces=[piece.rows for piece in printer.pieces].count(bench.rows(slip("B\u2009700"))),
            strange=(bytes(printer.garbage), printer.intrusions, printer.drawer_kicks),
            log=printer.log,
        )


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def rehearsals(tmp_path_factory: pytest.TempPathFactory, drawing: Press) -> dict[str, Rehearsed | BaseException]:
    """All scenarios, some at a time: each mostly waits."""
    places = asyncio.Semaphore(8)

    async def one(scenario: Scenario) -> Rehearsed:
        async with places:
            return await rehearse(scenario, tmp_path_factory.mktemp("agent"), drawing)

    ended = await asyncio.gather(*map(one, SCENARIOS), return_exceptions=True)
    return {scenario.name: what for scenario, what in zip(SCENARIOS, ended, strict=True)}


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
async def test_what_is_reported_is_what_lies_on_the_paper(
    scenario: Scenario, rehearsals: dict[str, Rehearsed | BaseException]
):
    """Never a wrong `printed`, never a wrong `not_printed`, never a slip twice."""
    ended = rehearsals[scenario.name]
    if isinstance(ended, BaseException):
        raise ended
    said = ended.said

    assert (said.outcome, ended.lies) in HONEST, ended
    assert said.outcome in scenario.outcomes.split(), ended
    assert scenario.reason in (None, said.reason), ended
    assert scenario.evidence in (None, said.evidence), ended
    assert scenario.torn in (None, said.torn), ended
    assert ended.second.outcome in ("printed", "unknown"), ended
    assert ended.second_pieces == 1, ended
    assert ended.strange == (b"", 0, 0), ended


#: What may be said of how many whole slips on the paper.
HONEST = {("printed", 1), ("not_printed", 0), ("unknown", 0), ("unknown", 1)}


def test_there_are_enough_ways_to_fail():
    """At least twenty-five faults are rehearsed, and every outcome is reached by some."""
    assert len(SCENARIOS) >= 25
    assert {word for scenario in SCENARIOS for word in scenario.outcomes.split()} == {
        "printed",
        "not_printed",
        "unknown",
    }
