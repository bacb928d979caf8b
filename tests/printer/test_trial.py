"""A technician with a printer in front of them is told what it can do, and gets a slip with a ruler."""

import asyncio
import os
import re
import sys

import pytest

from printer.machine import Limits
from printer.transports.address import parse_address
from printer.trial import probe
from queue_server.wire.printing import TestView
from tests.fakes.fake_printer import FakePrinter, Knobs
from tests.printer.conftest import QUICK, Bench


async def said(printer: FakePrinter, options: str = "", limits: Limits = QUICK) -> list[str]:
    return [line async for line in probe(parse_address(printer.url + options), limits)]


async def test_a_good_printer_is_described_and_tried():
    """What it proves, how often it has cut, and the test slip, confirmed."""
    async with FakePrinter(Knobs()) as printer:
        lines = await said(printer)

        assert lines[0] == "confirmed printing: yes: it says of each slip that it is out"
        assert "  can be cleared (DLE DC4 8): yes" in lines
        assert "printing a test slip, 576 dots at 203 dpi, cut partial" in lines
        assert lines[-1] == "test slip: printed"
        assert len(printer.pieces) == 1


async def test_text_can_be_tried():
    """With the model whose code pages are believed."""
    async with FakePrinter(Knobs(types=True)) as printer:
        lines = await said(printer, "?mode=text&model=TM-T20II")

        assert "printing a test slip, 576 dots at 203 dpi, cut partial, as text" in lines
        assert lines[-1] == "test slip: printed"
        assert printer.pieces[0].codes == ["antrean test"]


async def test_a_slow_line_gets_an_address_for_text():
    """What it would take, and what to write instead."""
    async with FakePrinter(Knobs(bytes_per_s=3_600, small_window=True)) as printer:
        lines = await said(printer, limits=QUICK._replace(confirm=20))

        assert any(line.startswith("this line is slow: a drawn slip takes about") for line in lines)
        assert lines[-2].strip() == f"{printer.url}?mode=text"
        assert lines[-1] == "test slip: printed"


async def test_width_and_cut_can_be_tried():
    """The address says what is to be tried."""
    async with FakePrinter(Knobs()) as printer:
        lines = await said(printer, "?width=384&cut=full")

        assert "printing a test slip, 384 dots at 203 dpi, cut full" in lines
        assert {piece.width_bytes for piece in printer.pieces} == {48}


async def test_a_cheap_printer_is_called_one():
    """What it cannot prove is said before a hall relies on it."""
    knobs = Knobs(process_id=False, counters=frozenset(), clear=False, gs_r=False)
    async with FakePrinter(knobs) as printer:
        lines = await said(printer)

        assert lines[0] == "confirmed printing: no: every slip will be `unknown`"
        assert lines[-1] == "test slip: unknown (unproven)"


@pytest.mark.parametrize(
    ("fault", "says"), [("paper_out", "there is no paper"), ("cover_open", "the cover is open"), ("jammed", "cutter")]
)
async def test_what_is_wrong_is_said(fault: str, says: str):
    """Nothing is printed on a printer that is not ready."""
    async with FakePrinter(Knobs()) as printer:
        setattr(printer, fault, True)

        (line,) = await said(printer)

        assert line.startswith("not ready: ")
        assert says in line


async def test_a_printer_that_says_nothing_gets_a_hint():
    """Some can never answer, and an address may say so."""
    async with FakePrinter(Knobs(mute=True)) as printer:
        lines = await said(printer, "?width=384")

        assert "says nothing" in lines[1]
        assert lines[-1].strip() == f"{printer.url}?width=384&blind=yes"
        assert parse_address(lines[-1].strip()).blind


async def test_a_printer_that_says_nonsense_gets_the_same_hint():
    """Its answers are no status, so it is one that can never answer."""
    async with FakePrinter(Knobs(noise=b"\x00")) as printer:
        lines = await said(printer)

        assert "no status" in lines[1]
        assert lines[-1].strip() == f"{printer.url}?blind=yes"


async def test_a_late_answerer_is_called_one():
    """It is waited for, and the technician knows why its slips take long."""
    async with FakePrinter(Knobs(late_by=0.35)) as printer:
        lines = await said(printer, limits=QUICK._replace(late=15, confirm=20))
        (took,) = [float(found[1]) for line in lines if (found := re.search(r"answers only after (\d+\.\d) s", line))]

        assert took >= 0.3
        assert lines[-1] == "test slip: printed"


async def command(*arguments: str, **environment: str) -> tuple[int, str, str]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "queue_server",
        "printer",
        *arguments,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={**os.environ, **environment},
    )
    out, err = await asyncio.wait_for(process.communicate(), 60)
    return process.returncode or 0, out.decode(), err.decode()


async def test_the_command_tries_a_printer():
    """`antrean printer --probe URL`: exit status 0 when the slip came out, 1 when it did not."""
    async with FakePrinter(Knobs()) as printer:
        good, out, _err = await command("--probe", printer.url)
        printer.paper_out = True
        bad, _out, _err = await command("--probe", printer.url)

        assert (good, bad) == (0, 1)
        assert out.splitlines()[-1] == "test slip: printed"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--probe", "10.0.0.9"], "begins with one of tcp://"),
        (["--server", "http://h", "--token", "t", "--printer", "p"], "--device"),
        (
            ["--server", "http://h", "--token", "t", "--printer", "p", "--device", "tcp://h?cut=no"],
            "partial, full, none",
        ),
    ],
)
async def test_wrong_usage_is_said(arguments: list[str], says: str):
    """With exit status 2 and what to write instead."""
    status, _out, err = await command(*arguments)

    assert status == 2
    assert says in err


async def test_a_wrong_server_is_said(tmp_path):
    """Refused with exit status 1, before anything is printed."""
    status, _out, err = await command(
        *("--server", "hall", "--token", "t", "--printer", "p", "--device", "virtual://", "--data", str(tmp_path))
    )

    assert status == 1
    assert "http://10.0.0.2:8080" in err


async def test_a_virtual_printers_slips_are_files(bench: Bench):
    """Without any metal a test hall's slips lie in the data folder as pictures, those of earlier starts as well."""
    arguments = ["--server", bench.server.url, "--printer", "p1", "--device", "virtual://", "--data", str(bench.folder)]
    slips = bench.folder / "printer-p1" / "slips"
    slips.mkdir(parents=True)
    (slips / "slip-000007.png").write_bytes(b"from an earlier start")
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "queue_server", "printer", *arguments),
        stderr=asyncio.subprocess.DEVNULL,
        env={**os.environ, "ANTREAN_TOKEN": "t"},
    )

    result = await bench.server.result(await bench.server.give(TestView(title="Kiosk 1")), within=30)
    process.terminate()
    ended = await asyncio.wait_for(process.wait(), 40)

    earlier, picture = sorted(slips.iterdir())
    assert (result.outcome, ended) == ("printed", 0)
    assert earlier.read_bytes() == b"from an earlier start"
    assert (picture.name, picture.read_bytes()[:4]) == ("slip-000008.png", b"\x89PNG")
