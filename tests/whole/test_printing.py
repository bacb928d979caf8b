"""The table of errors, row by row, through the real server and the real agent: what citizen and staff are told, and
what lies on the paper.

How the kiosk words each state and reason is proved in tests/kiosk/test_ticket.py.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from printer.escpos import raster_bytes
from printer.press import Press, press
from queue_server.wire.printing import Paper
from tests.fakes.fake_printer import FakePrinter, Knobs
from tests.waiting import until
from tests.whole.paper import config, paper_hall

SHORT = config(slip_limit="1500ms")


@pytest.fixture(scope="module")
def drawing() -> Press:
    return press()


async def test_printed(tmp_path: Path, drawing: Press):
    """`Take your ticket` is said when the printer repeated the slip's id, and then one slip lies there."""
    async with paper_hall(tmp_path, drawing) as hall:
        await hall.start("P1")
        ticket = await hall.issue()
        said = await hall.fate(ticket)

        assert said == ("printed", None)
        assert hall.told[-1] == ("printed", None, "id")
        assert hall.kiosk() == ("ready", None)
        assert hall.alerts("printer") == [("alert", "agent_offline")]  # P2's, which nobody started
        assert hall.alerts("slips") == []
        assert hall.on_paper("P1", ticket) == 1


async def test_near_end(tmp_path: Path, drawing: Press):
    """The citizen sees nothing, staff a warning with about how many slips are left; it goes on printing."""
    async with paper_hall(tmp_path, drawing, knobs=Knobs(near_end_at=0.0)) as hall:
        await hall.start("P1")
        ticket = await hall.issue()
        said = await hall.fate(ticket)
        await hall.seen("warning", "paper_low")
        view = hall.parts.hub.builders["floor"]("")
        [low] = [alert for alert in view.alerts if alert.subject == "P1"]

        assert said == ("printed", None)
        assert (low.severity, low.fields["reason"]) == ("warning", "paper_low")
        assert 10 < low.fields["left"] < 100
        assert f"about {low.fields['left']} slips" in low.text
        assert hall.on_paper("P1", ticket) == 1


async def no_paper(printer: FakePrinter) -> None:
    printer.paper_out = True


async def open_cover(printer: FakePrinter) -> None:
    printer.cover_open = True


async def jam(printer: FakePrinter) -> None:
    printer.jammed = True


async def unplug(printer: FakePrinter) -> None:
    await printer.unplug()


async def mute(printer: FakePrinter) -> None:
    printer.knobs.mute = True


BEFORE = [
    (no_paper, "paper_out"),
    (open_cover, "cover_open"),
    (jam, "cutter"),
    (unplug, "unreachable"),
    (mute, "no_status"),
]


@pytest.mark.parametrize(("trouble", "reason"), BEFORE, ids=[reason for _, reason in BEFORE])
async def test_not_ready_before_the_slip(
    tmp_path: Path, drawing: Press, trouble: Callable[[FakePrinter], Awaitable[None]], reason: str
):
    """The cause is told at once, while paper may still come; when its time is over that is final."""
    async with paper_hall(tmp_path, drawing, text=SHORT) as hall:
        await hall.start("P1")
        await trouble(hall.printers["P1"])
        await hall.seen("down", reason)
        ticket = await hall.issue()
        await until(lambda: ("queued", reason, None) in hall.told)
        meanwhile = await hall.slip(ticket)
        kiosk, alerts = hall.kiosk(), hall.alerts("printer")
        said = await hall.fate(ticket)
        slips = hall.alerts("slips")
        await hall.printers["P1"].plug()
        hall.printers["P1"].repair()
        await hall.seen("ready", None)

        assert meanwhile == ("queued", reason)
        assert kiosk == ("down", reason)
        assert ("alert", reason) in alerts
        assert said == ("not_printed", reason)
        assert slips == [("warning", "not_printed")]
        assert hall.on_paper("P1", ticket) == 0


TORN = [({"paper_out_at": 20}, "paper_out"), ({"cover_open_at": 20}, "cover_open"), ({"jam_at_cut": 1}, "cutter")]


@pytest.mark.parametrize(("knobs", "reason"), TORN, ids=[reason for _, reason in TORN])
async def test_torn(tmp_path: Path, drawing: Press, knobs: dict[str, Any], reason: str):
    """What began and cannot end is cleared: the citizen is told not to use a torn ticket, staff which one it is."""
    async with paper_hall(tmp_path, drawing, knobs=Knobs(**knobs)) as hall:
        await hall.start("P1")
        ticket = await hall.issue()
        said = await hall.fate(ticket)
        await hall.seen("down", reason)
        slips, printer = hall.alerts("slips"), hall.alerts("printer")
        hall.printers["P1"].repair()
        await hall.seen("ready", None)
        whole = hall.on_paper("P1", ticket)
        again = await hall.reprint(ticket)
        after = await hall.fate(ticket)

        assert said == ("not_printed", "torn")
        assert slips == [("alert", "torn")]
        assert ("alert", reason) in printer
        assert (again["status"], hall.engine.state.tickets[ticket].slip.copy) == (200, 0)
        assert after == ("printed", None)
        # a jam leaves the whole slip uncut in the printer, where the void mark of the next one strikes it out
        assert whole == (1 if reason == "cutter" else 0)
        assert hall.on_paper("P1", ticket) - whole == 1


async def test_reloaded_in_time(tmp_path: Path, drawing: Press):
    """Paper put in within the grace time finishes the ticket."""
    async with paper_hall(tmp_path, drawing, knobs=Knobs(paper_out_at=20, repaired_after=0.2)) as hall:
        await hall.start("P1")
        ticket = await hall.issue()

        assert await hall.fate(ticket) == ("printed", None)
        assert hall.on_paper("P1", ticket) == 1


async def test_lost_and_cut(tmp_path: Path, drawing: Press):
    """The line broke after the cut: the counter says so, and nobody is troubled."""
    async with paper_hall(tmp_path, drawing, knobs=Knobs(drop_at_cut=1)) as hall:
        await hall.start("P1")
        ticket = await hall.issue()

        assert await hall.fate(ticket) == ("printed", None)
        assert hall.told[-1] == ("printed", None, "counter")
        assert hall.alerts("slips") == []
        assert hall.on_paper("P1", ticket) == 1


async def test_lost_and_not_cut(tmp_path: Path, drawing: Press):
    """The line broke in the middle, the count did not grow: a new job by itself, which is no copy."""
    async with paper_hall(tmp_path, drawing, knobs=Knobs(drop_at_byte=6_000)) as hall:
        await hall.start("P1")
        ticket = await hall.issue()
        slip = hall.engine.state.tickets[ticket].slip
        await until(lambda: hall.engine.state.tickets[ticket].slip.state == "printed")
        after = hall.engine.state.tickets[ticket].slip

        assert [(state, reason) for state, reason, _ in hall.told if state == "not_printed"] == [
            ("not_printed", "lost")
        ]
        assert (after.job != slip.job, after.copy, after.expires_at) == (True, 0, slip.expires_at)
        assert hall.on_paper("P1", ticket) == 1


async def test_power_lost(tmp_path: Path, drawing: Press):
    """Nothing can be proved: unknown, never sent again by itself, and what staff print then says COPY."""
    async with paper_hall(tmp_path, drawing, knobs=Knobs(power_loss_at=20, mm_per_s=400)) as hall:
        await hall.start("P1")
        ticket = await hall.issue()
        said = await hall.fate(ticket)
        slips = hall.alerts("slips")
        await hall.seen("ready", None)
        sent = hall.printers["P1"].cuts
        again = await hall.reprint(ticket)
        view = hall.printing.slips.view(hall.engine.state.tickets[ticket])
        after = await hall.fate(ticket)

        assert said[0] == "unknown"
        assert slips == [("warning", "unconfirmed")]
        assert (again["status"], after, hall.printers["P1"].cuts > sent) == (200, ("printed", None), True)
        assert view.copy == "SALINAN 1"
        assert hall.on_paper("P1", ticket) == 1


async def test_head_hot(tmp_path: Path, drawing: Press):
    """One moment: the slip waits, staff are not called, and it comes out."""
    async with paper_hall(tmp_path, drawing) as hall:
        await hall.start("P1")
        hall.printers["P1"].hot = True
        await until(lambda: hall.status("P1").reasons == ("head_hot",))
        ticket = await hall.issue()
        await until(lambda: ("queued", "head_hot", None) in hall.told)
        meanwhile, kiosk, alerts = await hall.slip(ticket), hall.kiosk(), hall.alerts("printer")
        hall.printers["P1"].repair()

        assert meanwhile == ("queued", "head_hot")
        assert kiosk == ("ready", None)
        assert alerts == [("alert", "agent_offline")]  # P2's
        assert await hall.fate(ticket) == ("printed", None)
        assert hall.on_paper("P1", ticket) == 1


async def test_a_cancelled_ticket_takes_its_paper_back(tmp_path: Path, drawing: Press):
    """Its slip waits for paper; when there is some, it does not come out, and the next one does."""
    async with paper_hall(tmp_path, drawing) as hall:
        await hall.start("P1")
        await no_paper(hall.printers["P1"])
        await hall.seen("down", "paper_out")
        ticket = await hall.issue()
        await until(lambda: ("queued", "paper_out", None) in hall.told)
        await hall.ask("POST", f"/tickets/{ticket}/cancel", {})
        said = await hall.fate(ticket)
        hall.printers["P1"].repair()
        fresh = await hall.issue()
        await hall.fate(fresh)

        assert said == ("not_printed", "cancelled")
        assert hall.papers("P1") == {fresh: 1}


async def test_a_slip_in_the_printer_is_thrown_away_with_its_ticket(tmp_path: Path, drawing: Press):
    """It had begun and is held up: the printer is emptied at once, before anybody mends it."""
    async with paper_hall(tmp_path, drawing, knobs=Knobs(hot_at=20, hot_for=60)) as hall:
        await hall.start("P1")
        ticket = await hall.issue()
        await until(lambda: ("printing", "head_hot", None) in hall.told)
        await hall.ask("POST", f"/tickets/{ticket}/cancel", {})
        said = await hall.fate(ticket)
        hall.printers["P1"].repair()
        fresh = await hall.issue()
        await hall.fate(fresh)

        assert said == ("not_printed", "torn")
        assert hall.papers("P1") == {fresh: 1}


async def test_agent_offline(tmp_path: Path, drawing: Press):
    """Known before a ticket is taken; told at once; over when its time is; and no stale number comes out later."""
    async with paper_hall(tmp_path, drawing, text=SHORT) as hall:
        kiosk = hall.kiosk()
        ticket = await hall.issue()
        await until(lambda: ("queued", "agent_offline", None) in hall.told)
        meanwhile = await hall.slip(ticket)
        alerts = hall.alerts("printer")
        said = await hall.fate(ticket)
        await hall.start("P1")
        fresh = await hall.issue()
        await hall.fate(fresh)

        assert kiosk == ("down", "agent_offline")
        assert meanwhile == ("queued", "agent_offline")
        assert ("alert", "agent_offline") in alerts
        assert said == ("not_printed", "agent_offline")
        assert hall.papers("P1") == {fresh: 1}


async def test_agent_back_in_time(tmp_path: Path, drawing: Press):
    """An agent that comes while the slip may live prints it."""
    async with paper_hall(tmp_path, drawing) as hall:
        ticket = await hall.issue()
        await until(lambda: ("queued", "agent_offline", None) in hall.told)
        await hall.start("P1")

        assert await hall.fate(ticket) == ("printed", None)
        assert hall.on_paper("P1", ticket) == 1


async def test_agent_killed_while_sending(tmp_path: Path, drawing: Press):
    """It settles what it had begun before it does anything else, and what it finds is the slip's fate."""
    async with paper_hall(tmp_path, drawing, knobs=Knobs(mm_per_s=100)) as hall:
        await hall.start("P1")
        ticket = await hall.issue()
        await until(lambda: hall.printers["P1"].printed_mm > 5)
        await hall.kill("P1")
        between = await hall.slip(ticket)
        await hall.start("P1")

        assert between[0] == "printing"
        assert await hall.fate(ticket) == ("printed", None)
        assert hall.told[-1][2] == "counter"
        assert hall.on_paper("P1", ticket) == 1


async def test_no_font_for_a_letter(tmp_path: Path, drawing: Press):
    """An admin sees it before a citizen does; a slip that would show an empty box is refused and not printed."""
    text = config().replace('name = "Passport"', 'name = "護照"')
    async with paper_hall(tmp_path, drawing, text=text) as hall:
        await until(lambda: hall.parts.alarms)
        await hall.start("P1")
        ticket = await hall.issue()

        assert await hall.fate(ticket) == ("not_printed", "uncovered")
        assert hall.parts.alarms == [
            "services.passport.name: no font here can draw 護照 on slips; install one, or write it otherwise."
        ]
        assert hall.papers("P1") == {}


async def test_the_neighbour_stands_in(tmp_path: Path, drawing: Press):
    """Also for a slip that was on its way already: one paper, at the neighbour, and no copy."""
    async with paper_hall(tmp_path, drawing, text=config(fallback=True)) as hall:
        await hall.start("P1")
        await hall.start("P2")
        hall.printers["P1"].paper_out = True
        ticket = await hall.issue()  # before the agent has looked
        await until(lambda: hall.engine.state.tickets[ticket].slip.state == "printed")
        await hall.seen("down", "paper_out")
        kiosk = hall.kiosk()
        second = await hall.issue()
        await until(lambda: hall.engine.state.tickets[second].slip.state == "printed")
        told = await hall.ask("GET", f"/tickets/{second}")
        hall.printers["P1"].repair()
        await hall.seen("ready", None)

        slips = [hall.engine.state.tickets[one].slip for one in (ticket, second)]
        assert [(slip.printer, slip.copy) for slip in slips] == [("P2", 0), ("P2", 0)]
        assert (hall.papers("P1"), hall.papers("P2")) == ({}, {ticket: 1, second: 1})
        assert kiosk == ("warning", "neighbour")
        assert told["slip"] == {"state": "printed", "reason": None, "at": {"id": "P2", "en": "P2"}}


async def test_a_test_slip(tmp_path: Path, drawing: Press):
    """It comes out, its fate is shown, and without an agent it is refused."""
    async with paper_hall(tmp_path, drawing) as hall:
        refused = await hall.ask("POST", "/printers/P2/test", {})
        await hall.start("P1")
        asked = await hall.ask("POST", "/printers/P1/test", {})
        await until(lambda: hall.printing.printers.tests["P1"].state == "printed")
        shown = await hall.ask("GET", "/printers")

        assert (refused["status"], refused["reason"]) == (409, "no_agent")
        assert asked["status"] == 200
        [first, _second] = shown["printers"]
        assert (first["test"]["state"], first["confirms"], first["state"]) == ("printed", "id", "ready")
        assert len(hall.printers["P1"].pieces) == 1


async def test_layout_and_logo_reach_the_agent(tmp_path: Path, drawing: Press):
    """They travel once, by the hash of their bytes, and what comes out is what the mall's preview shows."""
    Image.new("1", (96, 96), 0).save(tmp_path / "logo.png")
    text = config().replace('name = "Immigration"', 'name = "Immigration"\nlogo = "logo.png"')
    text = text.replace('parts = ["number",', 'parts = ["head", "number",').replace('"ahead", ', "")
    async with paper_hall(tmp_path, drawing, text=text) as hall:
        await hall.start("P1")
        first = await hall.issue()
        await hall.fate(first)
        second = await hall.issue()
        await hall.fate(second)
        fake = hall.printers["P1"]
        logo = hall.parts.drawing.logo("immigration")
        views = [hall.printing.slips.view(hall.engine.state.tickets[ticket]) for ticket in (first, second)]
        expected = [
            raster_bytes(drawing.draw(view, Paper(), layout=hall.parts.drawing.layout(), logo=logo)) for view in views
        ]

        assert logo is not None
        assert [fake.slips(rows) for rows in expected] == [1, 1]
