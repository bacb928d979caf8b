"""The printer's bytes: the one door to python-escpos, which builds them, and to the commands that ask.

The library is used as a builder only, one `Dummy` per job: its own connections report wrong facts (a closed
line is "plenty of paper", a reset in the middle of a job no error). A job is `ESC @`, the slip in bands of
240 lines, so that the printer begins before it has all of it, the cut, and the question that is answered
when the slip is out. Nothing else: no drawer, no text for a visitor's name to hide a command in.

Sources: Epson's ESC/POS command reference (GS v 0, GS V, GS ( H fn 48, GS g 2, GS r, DLE EOT, DLE DC4 fn 8).
"""

from __future__ import annotations

import logging
import os
import re
import tempfile
from collections.abc import Iterator
from functools import lru_cache
from threading import Lock
from typing import Any

from PIL import Image

from printer.media import profile_for
from queue_server.wire.printing import Paper

#: Where the library keeps what it knows of printers between two starts.
PICKLES = "ESCPOS_CAPABILITIES_PICKLE_DIR"

#: Lines of dots in one `GS v 0`.
BAND = 240

#: Answered at once, whatever the printer does: `10 04 n`.
STATUS_QUERIES = {n: bytes((0x10, 0x04, n)) for n in (1, 2, 3, 4)}
#: Answered in order, after what came before: the paper sensors.
PAPER_QUERY = b"\x1dr\x01"
#: Executed at once: everything received and not printed is gone; answered `37 25 00`.
CLEAR = bytes((0x10, 0x14, 0x08, 0x01, 0x03, 0x14, 0x01, 0x06, 0x02, 0x08))
#: An id that no job has, since a job's are letters and digits: whoever hears it knows that all before is printed.
FENCE = "----"
#: No status unasked: an answer must belong to a question.
QUIET = b"\x1da\x00"
RESET = b"\x1b@"


def id_query(seq4: str) -> bytes:
    """`GS ( H` function 48: the printer repeats these four characters when all before it is printed."""
    if len(seq4) != 4 or not seq4.isascii() or not seq4.isprintable():
        raise ValueError(f"a process id is four printable ASCII characters, not {seq4!r}")
    return b"\x1d(H\x06\x0000" + seq4.encode("ascii")


def count_query(counter: int) -> bytes:
    """`GS g 2`: the maintenance counter `counter` (50 cuts since a reset, 178 in all), in order."""
    return b"\x1dg2\x00" + counter.to_bytes(2, "little")


def body_bytes(image: Image.Image, paper: Paper) -> bytes:
    """A job for a slip drawn `paper.dots` wide, black on white, mode 1, up to its cut.

    Raises ValueError for an image of another width or mode.
    """
    if image.mode != "1" or image.width != paper.dots or paper.dots % 8:
        raise ValueError(f"a slip for {paper.dots} dots cannot be {image.width} wide in mode {image.mode}")
    dummy = _library().Dummy(profile=profile_for(paper))
    dummy.hw("INIT")
    dummy._raw(QUIET)
    dummy._raw(b"".join(_bands(raster_bytes(image), image.width // 8)))
    output: bytes = dummy.output
    return output


#: No printer that slips are for is wider.
WIDEST = Paper(dots=832)


def filler(paper: Paper) -> bytes:
    """Enough of nothing to end a picture that was broken off: white rows inside it, stepped over outside.

    Only for a printer that cannot be cleared; without it the next slip would be eaten as the rest of the last.
    """
    return bytes(BAND * paper.dots // 8)


def void_bytes(paper: Paper) -> bytes:
    """What parts a torn piece from the next slip: hatching across it, then the blade.

    After a jam of the cutter the piece may be a whole slip that was only not cut, and was reported as not
    printed; struck out, nobody takes it for one.
    """
    high, width_bytes = round(6 * paper.dpi / 25.4), paper.dots // 8
    hatch = b"".join(_HATCH[row // 2 % 8] * width_bytes for row in range(high))
    return RESET + QUIET + b"".join(_bands(hatch, width_bytes)) + cut_bytes(paper)


#: Diagonal strokes, repeating after eight rows; no row begins a command.
_HATCH = [bytes((value,)) for value in (0xE0, 0x70, 0x38, 0x1C, 0x0E, 0x07, 0x83, 0xC1)]


def cut_bytes(paper: Paper) -> bytes:
    """Feed to the blade and cut (`GS V` 65 whole, 66 leaving a hinge): ten millimetres less than the library's
    six lines of feed. Without a blade, feed to where paper is torn off."""
    if paper.cut == "none":
        return b"\x1bd\x05"
    return b"\x1dVA\x00" if paper.cut == "full" else b"\x1dVB\x00"


def raster_bytes(image: Image.Image) -> bytes:
    """The dots as a printer takes them, a set bit for black, without real-time commands among them.

    Printers look for `10 04`, `10 05` and `10 14` in everything that arrives, image data included, and
    would execute them: one dot is turned, which nobody sees.
    """
    inverted = image.tobytes().translate(_INVERTED)
    return _REAL_TIME.sub(lambda found: bytes((0x10, found[0][1] ^ 0x02)), inverted)


def _bands(data: bytes, width_bytes: int) -> Iterator[bytes]:
    """`GS v 0` by `GS v 0`. The library's own `image()` gives the same bytes in forty times the time, and
    blackens what it centres above a height of 960."""
    for start in range(0, len(data), width_bytes * BAND):
        band = data[start : start + width_bytes * BAND]
        rows = len(band) // width_bytes
        yield b"\x1dv0\x00" + width_bytes.to_bytes(2, "little") + rows.to_bytes(2, "little")
        yield band


_INVERTED = bytes(byte ^ 0xFF for byte in range(256))
_REAL_TIME = re.compile(rb"\x10[\x04\x05\x14]")


_IMPORTING = Lock()


def _library() -> Any:
    """python-escpos, for all threads that draw."""
    with _IMPORTING:
        return _imported()


@lru_cache(maxsize=1)
def _imported() -> Any:
    """python-escpos' printers, imported late and tidied up after.

    Importing version 3.1 adds a handler to the root logger and makes a new temporary folder each time. It also keeps
    its capabilities as a pickle between two starts, and never starts again where a kill left half of one; so each
    start gets a folder of its own that is gone afterwards (0.2 s more).
    """
    root = logging.getLogger()
    handlers = list(root.handlers)
    usual, told = tempfile.tempdir, os.environ.get(PICKLES)
    with tempfile.TemporaryDirectory() as scratch:
        tempfile.tempdir = os.environ[PICKLES] = scratch
        try:
            import escpos.printer
        finally:
            tempfile.tempdir = usual
            os.environ.pop(PICKLES)
            if told is not None:
                os.environ[PICKLES] = told
    for handler in [handler for handler in root.handlers if handler not in handlers]:
        root.removeHandler(handler)
    return escpos.printer
