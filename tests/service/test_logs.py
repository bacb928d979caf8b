"""Logging never raises and never waits, whatever becomes of its lines."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from queue_server.service.logs import Sink, Sparing
from tests.whole.server import ROOT

LOGGED = """
import logging, sys
from queue_server.service import logs
logs.set_up()
class Odd(Exception):
    def __str__(self): raise RuntimeError("not even this")
for number in range(2000):
    logs.log.info("said", number=number, text="x" * 200)
try:
    raise Odd
except Odd as error:
    logs.log.error("failed", exc_info=error, odd=error)
logging.getLogger("asyncio").error("never retrieved " + "x" * 300_000)
print("lived")
"""


def run(stderr: int) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-c", LOGGED], stdout=subprocess.PIPE, stderr=stderr, timeout=60, check=False, cwd=ROOT
    )


def test_a_full_disk_under_the_log_raises_nothing():
    """Every line is refused, and the program lives."""
    with open("/dev/full", "wb") as full:
        done = run(full.fileno())

    assert (done.returncode, done.stdout) == (0, b"lived\n")


def test_a_reader_that_is_gone_raises_nothing():
    """As after `antrean serve 2>&1 | head`."""
    reading, writing = os.pipe()
    os.close(reading)
    done = run(writing)
    os.close(writing)

    assert (done.returncode, done.stdout) == (0, b"lived\n")


def test_a_reader_that_stands_still_is_not_waited_for():
    """A pipe that nobody empties takes what it holds; the rest is lost, and the program lives."""
    reading, writing = os.pipe()
    done = run(writing)
    os.close(reading)
    os.close(writing)

    assert (done.returncode, done.stdout) == (0, b"lived\n")


def test_a_closed_standard_error_raises_nothing():
    """A service manager may give a program none at all."""
    done = subprocess.run(
        ["sh", "-c", 'exec "$0" -c "$1" 2>&-', sys.executable, LOGGED],
        stdout=subprocess.PIPE,
        timeout=60,
        check=False,
        cwd=ROOT,
    )

    assert (done.returncode, done.stdout) == (0, b"lived\n")


def test_what_cannot_be_said_costs_its_fields_and_not_the_line(tmp_path: Path):
    """An error whose own text raises is still known to have happened."""
    with (tmp_path / "log").open("wb") as log:
        run(log.fileno())

    lines = [json.loads(line) for line in (tmp_path / "log").read_text(encoding="utf-8").splitlines()]
    assert len(lines) == 2002
    assert (lines[-2]["event"], lines[-2]["level"]) == ("failed", "error")
    assert (lines[-1]["event"], lines[-1]["logger"]) == ("library_said", "asyncio")


def test_a_line_that_was_cut_spoils_no_other():
    """Of a line too long for what a reader left free the rest is cut, and the next begins anew."""
    reading, writing = os.pipe()
    with os.fdopen(reading, "rb", buffering=0) as reader, os.fdopen(writing, "w") as file:
        sink = Sink(file)
        sink.write("x" * 1_000_000 + "\n")
        reader.read(1 << 20)
        sink.write("here again\n")
        after = reader.read(1 << 20)

    assert after == b"\nhere again\n"


def test_lost_lines_are_counted_where_the_log_goes_on():
    """Whoever reads the log later sees that it has a gap, and how large."""
    reading, writing = os.pipe()
    with os.fdopen(reading, "rb", buffering=0) as reader, os.fdopen(writing, "w") as file:
        sink = Sink(file)
        line = "x" * 1000 + "\n"
        for _ in range(200):
            sink.write(line)
        lost = sink.lost
        before = reader.read(1 << 20)
        sink.write("here again\n")
        after = reader.read(1 << 20).decode()

    assert lost == 200 - len(before) // len(line)
    assert lost > 0
    said, again, _ = after.split("\n")
    assert json.loads(said) == {"event": "log_lines_lost", "level": "warning", "lines": lost}
    assert (again, sink.lost) == ("here again", 0)


SPARED = """
from queue_server.service import logs
logs.set_up()
now = [100.0]
sparing = logs.Sparing(clock=lambda: now[0])
for number in range(10_000):
    sparing.info("refused", number=number)
now[0] += 1.0
sparing.info("refused", number=-1)
"""


def test_nobody_fills_the_disk_with_lines():
    """What anybody may cause is logged so often a second, and then said by its number when there is room again."""
    done = subprocess.run([sys.executable, "-c", SPARED], capture_output=True, timeout=60, check=True, cwd=ROOT)

    lines = [json.loads(line) for line in done.stderr.splitlines()]
    kept_back = [line["lines"] for line in lines if line["event"] == "lines_kept_back"]
    assert sum(line["event"] == "refused" for line in lines) == Sparing.AT_ONCE + 1
    assert kept_back == [9500]
