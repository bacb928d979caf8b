"""The bytes of a job: what is in them, and above all what is not. The library's traps are tests here."""

import json
import os
import platform
import random
import subprocess
import sys
from pathlib import Path
from typing import Literal

import pytest
from PIL import Image

from printer.delivery import questions
from printer.escpos import (
    BAND,
    QUIET,
    body_bytes,
    count_query,
    cut_bytes,
    filler,
    id_query,
    raster_bytes,
    void_bytes,
)
from printer.paper import Cut, Feed, Raster, Reader, Reset
from printer.press import Press
from printer.typed import image_of
from queue_server.wire.printing import Caps, Paper
from tests.fakes.fake_printer import REAL_TIME, FakePrinter
from tests.printer.conftest import slip


def noise(width: int, height: int, seed: int) -> Image.Image:
    return Image.frombytes("1", (width, height), random.Random(seed).randbytes(width // 8 * height))


def commands(job: bytes) -> list:
    return list(Reader().feed(job))


def test_a_job_begins_with_a_reset_and_ends_with_its_question(drawing: Press):
    """`ESC @` first, so that nothing of an earlier job stays in force; the question for the witness last."""
    made = drawing.made(slip(), Paper())

    data = made.whole + questions(Caps(process_id=True), "ab12")
    assert data.startswith(b"\x1b@" + QUIET)
    assert data.endswith(b"\x1d(H\x06\x0000ab12")
    assert isinstance(commands(data)[0], Reset)


def test_two_jobs_are_alike(drawing: Press):
    """Each job comes from a builder of its own: the library's second job would lack what its first one set."""
    assert drawing.made(slip(), Paper()) == drawing.made(slip(), Paper())


def test_a_slip_goes_out_in_bands(drawing: Press):
    """No band is higher than 240 lines, so the printer begins before it has everything; together they are the slip."""
    data = drawing.made(slip(), Paper()).whole

    bands = [command for command in commands(data) if isinstance(command, Raster)]
    assert all(band.rows <= BAND for band in bands)
    assert len(bands) > 1
    assert image_of(data, Paper()).tobytes() == drawing.draw(slip(), Paper()).tobytes()


@pytest.mark.parametrize(
    ("cut", "command"), [("partial", Cut(whole=False)), ("full", Cut(whole=True)), ("none", Feed(5))]
)
def test_the_cut_is_the_short_one(cut: Literal["partial", "full", "none"], command: object, drawing: Press):
    """The paper is fed to the blade only and cut as the mall says; without a blade it is only fed."""
    paper = Paper(cut=cut)
    data = drawing.made(slip(), paper).whole

    assert commands(data)[-1] == command
    assert (b"\x1dVB\x00" in data) == (cut == "partial")


def test_no_real_time_command_is_in_a_picture():
    """`10 04`, `10 05` and `10 14` would be executed in the middle of a picture: one dot is turned."""
    for seed in range(300):
        image = noise(576, 64, seed)
        data = raster_bytes(image)
        plain = bytes(byte ^ 0xFF for byte in image.tobytes())

        assert REAL_TIME.search(data) is None
        turned = sum((one ^ other).bit_count() for one, other in zip(plain, data, strict=True))
        assert turned == len(REAL_TIME.findall(plain))


@pytest.mark.parametrize("rows", [1, 4, 5, 16, 20, 239, 240, 241, 244, 245, 256, 260, 1028, 1044])
def test_no_real_time_command_arises_between_bands(rows: int):
    """Nor where a band ends and its successor's size begins, whatever the height."""
    image = Image.new("1", (384, rows), 1)
    image.paste(0, (0, 0, 384, rows))

    job = body_bytes(image, Paper(dots=384)) + cut_bytes(Paper(dots=384))

    assert REAL_TIME.search(job) is None


def test_what_strikes_a_piece_out_commands_nothing():
    """Nor is there any in the hatching, or in what fills a broken picture."""
    for paper in (Paper(), Paper(dots=384), Paper(dots=512, dpi=180)):
        assert REAL_TIME.search(void_bytes(paper) + filler(paper)) is None


@pytest.mark.parametrize("image", [Image.new("1", (384, 10)), Image.new("L", (576, 10)), Image.new("1", (570, 10))])
def test_a_picture_that_is_not_the_papers_is_refused(image: Image.Image):
    """Centring and threshold are ours: the library blackens what it centres and dithers what is grey."""
    with pytest.raises(ValueError, match="dots"):
        body_bytes(image, Paper())


def test_a_tall_slip_is_not_blackened():
    """Above 960 lines a white slip stays white; centred by the library it would be black for the most part."""
    data = body_bytes(Image.new("1", (576, 2000), 1), Paper())

    assert image_of(data, Paper()).convert("L").getextrema() == (255, 255)


def test_the_library_leaves_nothing_behind(tmp_path: Path):
    """Importing it sets no handler on the root logger, prints nothing, and keeps one cache, not one a start."""
    program = (
        "import json, logging, os, tempfile\n"
        "from printer.models import names\n"
        "before = set(os.listdir(tempfile.gettempdir()))\n"
        "names()\n"
        "after = set(os.listdir(tempfile.gettempdir()))\n"
        "print(json.dumps([len(logging.getLogger().handlers), len(after - before)]))\n"
    )

    said = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "TMPDIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )

    assert json.loads(said.stdout) == [0, 0]
    assert said.stderr == ""


@pytest.mark.parametrize("wrong", ["abc", "abcde", "ab\x10c", "äbcd"])
def test_an_id_is_four_printable_characters(wrong: str):
    """Whatever else would be a command, or be cut short by the printer."""
    with pytest.raises(ValueError, match="four printable"):
        id_query(wrong)


async def test_a_printer_takes_a_job_without_a_word_of_text(drawing: Press):
    """To a printer that was not written with ours a job is pictures, a cut and a question, and nothing else."""
    printer = FakePrinter()
    printer.start()
    said: list[bytes] = []

    data = drawing.made(slip("\x1b@\x1dV\x00A"), Paper()).whole + id_query("ab12") + count_query(178)
    printer.receive(data, said.append)
    await printer.settled()
    await printer.__aexit__()

    assert b"".join(said) == b"\x37\x22ab12\x00\x5f1\x00"
    assert (bytes(printer.garbage), printer.intrusions, printer.drawer_kicks) == (b"", 0, 0)
    assert len(printer.pieces) == 1


def test_a_start_that_was_killed_half_way_hinders_no_later_one(tmp_path: Path):
    """Half a cache of the library's, left by a kill, is not looked at: the agent starts again."""
    for cache in (tmp_path / "antrean", tmp_path):
        cache.mkdir(exist_ok=True)
        (cache / f"{platform.python_version()}.capabilities.pickle").write_bytes(b"")
    code = "from printer.library import known; assert known()"

    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "XDG_CACHE_HOME": str(tmp_path), "ESCPOS_CAPABILITIES_PICKLE_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=60,
    )

    assert done.returncode == 0, done.stderr
