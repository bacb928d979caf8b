"""Devices whose writes can block for ever are held by a child process, which is killed when patience ends."""

import asyncio
import os
import pty
import time
import tty
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import pytest

from printer.transports.child import ChildTransport
from printer.transports.line import LineLost, Unreachable
from printer.transports.usb import find
from queue_server.wire.printing import Paper, Status
from tests.fakes.fake_printer import FakePrinter, Knobs
from tests.printer.conftest import Bench, slip, typed
from tests.waiting import until


@contextmanager
def port() -> Iterator[tuple[int, str]]:
    """Two ends of a serial line: ours, and the path of the printer's."""
    ours, theirs = pty.openpty()
    tty.setraw(theirs)  # as a device file of a printer is: no line discipline between
    os.set_blocking(ours, False)
    try:
        yield ours, os.ttyname(theirs)
    finally:
        os.close(ours)
        os.close(theirs)


@asynccontextmanager
async def printer_at(ours: int, knobs: Knobs | None = None) -> AsyncIterator[FakePrinter]:
    """A printer at our end of a serial line."""
    printer = FakePrinter(knobs or Knobs())
    printer.start()
    loop = asyncio.get_running_loop()
    loop.add_reader(ours, lambda: printer.receive(os.read(ours, 4096), lambda data: os.write(ours, data)))
    try:
        yield printer
    finally:
        loop.remove_reader(ours)
        await printer.__aexit__()


@pytest.mark.parametrize("scheme", ["serial", "file"])
async def test_a_slip_goes_through_a_device(bench: Bench, scheme: str):
    """A serial port and a device file carry the job and the answers; the slip is confirmed as on a network."""
    with port() as (ours, path):
        async with printer_at(ours) as printer:
            bench.start(f"{scheme}://{path}")

            result = await bench.server.result(await bench.server.give(slip()))
            await bench.stop()

            assert (result.outcome, result.evidence) == ("printed", "id")
            assert printer.slips(bench.rows(slip())) == 1


async def test_a_slip_is_written_on_a_slow_port(bench: Bench):
    """Nine thousand six hundred baud: text takes a second, and is confirmed like a picture."""
    paper = Paper(mode="text", model="TM-T20II")
    with port() as (ours, path):
        async with printer_at(ours, Knobs(types=True)) as printer:
            bench.start(f"serial://{path}?baud=9600&mode=text&model=TM-T20II")

            result = await bench.server.result(await bench.server.give(slip()))
            status = await bench.server.heard(Status, ready=True)
            await bench.stop()

            assert (result.outcome, result.evidence) == ("printed", "id")
            assert [piece.rows for piece in printer.pieces] == [(await typed(bench.drawing, slip(), paper)).rows]
            assert status.slow_s is None


async def test_a_slow_port_is_said_to_be_one(bench: Bench):
    """Drawn slips stay what is made until somebody chooses; the agent says what they cost."""
    with port() as (ours, path):
        async with printer_at(ours):
            bench.start(f"serial://{path}?baud=9600")

            status = await bench.server.heard(Status, ready=True)

            assert status.slow_s == 52


async def test_the_port_is_not_opened_for_each_job(bench: Bench):
    """The child keeps the port open between jobs: opening it may reset the printer behind it."""
    with port() as (ours, path):
        async with printer_at(ours) as printer:
            bench.start(f"serial://{path}")
            jobs = [await bench.server.give(slip(f"A\u20090{place:02}")) for place in range(3)]
            results = [await bench.server.result(job) for job in jobs]
            children = _children()
            await bench.stop()

            assert [result.outcome for result in results] == ["printed"] * 3
            assert len(children) == 1
            assert len(printer.pieces) == 3
            assert _children() == []


async def test_a_write_that_blocks_is_ended(bench: Bench):
    """A device that takes nothing more blocks the child, not the agent: the job is given up, the child killed."""
    bench.limits = bench.limits._replace(settle=0.5)
    with port() as (ours, path):
        async with printer_at(ours, Knobs()) as printer:
            bench.start(f"serial://{path}")
            await bench.server.result(await bench.server.give(slip("B\u2009001")))
            asyncio.get_running_loop().remove_reader(ours)
            began = time.monotonic()

            result = await bench.server.result(await bench.server.give(slip(), ttl_ms=3000), within=20)

            assert result.outcome == "not_printed"
            assert time.monotonic() - began < 15
            assert printer.slips(bench.rows(slip())) == 0
            await bench.stop()
            assert _children() == []


async def test_a_plain_file_takes_the_bytes(bench: Bench, tmp_path: Path):
    """A file cannot answer: the job is in it, and what became of it is unknown, honestly."""
    target = tmp_path / "slip.bin"
    target.touch()
    bench.start(f"file://{target}")

    result = await bench.server.result(await bench.server.give(slip()))

    assert (result.outcome, result.reason) == ("unknown", "unproven")
    assert target.read_bytes() == bench.drawing.made(slip(), Paper()).whole


async def test_a_node_that_is_missing_is_unreachable_and_not_made(tmp_path: Path):
    """A printer that is unplugged has no device file; making a plain one there would swallow its slips."""
    missing = tmp_path / "lp0"

    with pytest.raises(Unreachable):
        await ChildTransport(["file", str(missing)], within=5, answers=False).open()

    assert not missing.exists()


async def test_a_fifo_that_nobody_reads_is_unreachable(tmp_path: Path):
    """Opening it would block for ever; the child is ended and the reason said."""
    fifo = tmp_path / "printer"
    os.mkfifo(fifo)
    transport = ChildTransport(["file", str(fifo)], within=1.5, answers=False)

    with pytest.raises(Unreachable, match="does not open within"):
        await transport.open()

    assert _children() == []


async def test_a_device_that_is_not_there_says_so(tmp_path: Path):
    """The child's own words reach staff."""
    transport = ChildTransport(["serial", str(tmp_path / "ttyUSB9")], within=10, answers=True)

    with pytest.raises(Unreachable, match="No such file"):
        await transport.open()


async def test_a_file_is_no_serial_port(tmp_path: Path):
    """What cannot be set to a speed is no serial port, and a speed that none has is none."""
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(Unreachable, match="not a serial port"):
        await ChildTransport(["serial", str(tmp_path / "file")], within=10, answers=True).open()
    with pytest.raises(Unreachable, match="12345 baud"):
        await ChildTransport(["serial", "/dev/null", "baud=12345"], within=10, answers=True).open()


async def test_a_child_that_dies_is_a_lost_line(tmp_path: Path):
    """When the device vanishes the line is lost, and the next one has a child of its own."""
    with port() as (_ours, path):
        transport = ChildTransport(["serial", path], within=10, answers=True)
        line = await transport.open()
        (child,) = _children()
        os.kill(child, 9)

        with pytest.raises(LineLost):
            await line.read()
        again = await transport.open()

        assert again is not line
        await transport.shut()
        await until(lambda: _children() == [])


def _children() -> list[int]:
    """Processes of ours that hold devices."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            words = (entry / "cmdline").read_bytes().split(b"\0")
            parent = (entry / "stat").read_text().rsplit(")", 1)[1].split()[1]
        except (OSError, IndexError):
            continue
        if b"printer.transports.holder" in words and int(parent) == os.getpid():
            found.append(int(entry.name))
    return found


# -------------------------------------------------------------------------------------------- USB


def plugged_in(system: Path, name: str, vendor: str, product: str, serial: str) -> None:
    """What the kernel shows of a USB printer."""
    device = system.parent / "devices" / f"usb-{name}"
    interface = device / "1-1:1.0"
    interface.mkdir(parents=True)
    (device / "idVendor").write_text(f"{vendor}\n")
    (device / "idProduct").write_text(f"{product}\n")
    (device / "serial").write_text(f"{serial}\n")
    (system / name).mkdir(parents=True)
    (system / name / "device").symlink_to(interface)


def test_a_usb_printer_is_found_by_maker_and_model(tmp_path: Path):
    """Whichever device file it has today."""
    system = tmp_path / "usbmisc"
    plugged_in(system, "lp0", "0519", "0003", "S1")
    plugged_in(system, "lp1", "04b8", "0e15", "E1")

    assert find("04b8:0e15", system, Path("/dev/usb")) == Path("/dev/usb/lp1")


def test_two_of_a_kind_need_their_serial_number(tmp_path: Path):
    """Two alike are not guessed between; their numbers are named."""
    system = tmp_path / "usbmisc"
    plugged_in(system, "lp0", "04b8", "0e15", "E1")
    plugged_in(system, "lp1", "04b8", "0e15", "E2")

    with pytest.raises(OSError, match=r"add the serial number.*E1, E2"):
        find("04b8:0e15", system, Path("/dev/usb"))
    assert find("04b8:0e15/E2", system, Path("/dev/usb")) == Path("/dev/usb/lp1")


def test_a_printer_that_is_not_plugged_in_is_missed(tmp_path: Path):
    """What is there instead is said."""
    system = tmp_path / "usbmisc"
    plugged_in(system, "lp0", "0519", "0003", "S1")

    with pytest.raises(OSError, match=r"no USB printer 04b8:0e15 .* there: 0519:0003"):
        find("04b8:0e15", system, Path("/dev/usb"))
