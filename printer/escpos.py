"""The printer's bytes: of a drawn slip, of what surrounds a slip, and of the commands that ask.

A job is `ESC @`, the slip in bands, so that the printer begins before it has all of it, the cut, and the question
that is answered when the slip is out. A drawn slip has nothing else: no drawer, no text for a visitor's name to hide
a command in. One that is written in the printer's fonts (typist.py) has text besides.

Sources: Epson's ESC/POS command reference (GS v 0, GS V, GS ( H fn 48, GS g 2, GS r, DLE EOT, DLE DC4 fn 8).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from PIL import Image

from queue_server.wire.printing import Paper

#: Lines of dots in one `GS v 0`; fewer in a slip of text, since a picture that was broken off must be filled up.
BAND = 240
TEXT_BAND = 24

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
    return RESET + QUIET + banded(raster_bytes(image), image.width // 8, paper)


#: No printer that slips are for is wider.
WIDEST = Paper(dots=832)


def filler(paper: Paper) -> bytes:
    """Enough of nothing to end a picture that was broken off: white rows inside it, stepped over outside.

    Only for a printer that cannot be cleared; without it the next slip would be eaten as the rest of the last.
    """
    return bytes(max(_LONGEST_CODE, _band(paper) * paper.dots // 8))


#: A code's length of which only the low byte had come takes the first of the next question, 10, for its high one.
_LONGEST_CODE = 0x10FF + 8


def void_bytes(paper: Paper) -> bytes:
    """What parts a torn piece from the next slip: hatching across it, then the blade.

    After a jam of the cutter the piece may be a whole slip that was only not cut, and was reported as not
    printed; struck out, nobody takes it for one.
    """
    if paper.mode == "text":
        return RESET + QUIET + 2 * (b"/" * (paper.dots // 12) + b"\n") + cut_bytes(paper)
    high, width_bytes = round(6 * paper.dpi / 25.4), paper.dots // 8
    hatch = b"".join(_HATCH[row // 2 % 8] * width_bytes for row in range(high))
    return RESET + QUIET + banded(hatch, width_bytes, paper) + cut_bytes(paper)


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


def banded(data: bytes, width_bytes: int, paper: Paper) -> bytes:
    """`GS v 0` by `GS v 0`. python-escpos' own `image()` gives the same bytes in forty times the time, and
    blackens what it centres above a height of 960."""
    return b"".join(_bands(data, width_bytes, _band(paper)))


def _band(paper: Paper) -> int:
    return TEXT_BAND if paper.mode == "text" else BAND


def _bands(data: bytes, width_bytes: int, high: int) -> Iterator[bytes]:
    for start in range(0, len(data), width_bytes * high):
        band = data[start : start + width_bytes * high]
        rows = len(band) // width_bytes
        yield b"\x1dv0\x00" + width_bytes.to_bytes(2, "little") + rows.to_bytes(2, "little")
        yield band


_INVERTED = bytes(byte ^ 0xFF for byte in range(256))
_REAL_TIME = re.compile(rb"\x10[\x04\x05\x14]")
