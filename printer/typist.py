"""Writes a slip in the printer's own fonts: lines of text, codes, and pictures of lines that it has no letters for.

python-escpos builds the commands. Each is sent only where it changes something, since this is for lines on which a
kilobyte takes a second. No text may hold a command: whoever calls has cleaned it.

Sources: Epson's ESC/POS command reference (ESC t, ESC a, ESC E, GS !, GS B, GS ( k, GS v 0).
"""

from __future__ import annotations

import unicodedata
from typing import Literal, NamedTuple

from PIL import Image

from printer import library
from printer.escpos import QUIET, banded, raster_bytes
from printer.models import CELL, model_of
from printer.qr import code, modules
from queue_server.wire.printing import Paper

Align = Literal["left", "center", "right"]

#: From one line of text to the next, in dots, beside the letters' own height.
LEADING = 6
#: A letter's height in dots.
HIGH = 24
#: `QR_ECLEVEL_M` of python-escpos, as the drawn codes have.
_ECC_M = 1

#: Signs that a code page may lack, and what says the same.
_SUBSTITUTES = str.maketrans({
    "‘": "'", "’": "'", "ʻ": "'", "ʼ": "'", "“": '"', "”": '"', "„": '"', "–": "-", "—": "-", "‑": "-", "…": "...",
    "·": "-", "•": "-", "×": "x",
})  # fmt: skip
_SPACES = str.maketrans({"\u2009": " ", "\u202f": " ", "\u00a0": " ", "\u00ad": None, "\u200b": None})


class Style(NamedTuple):
    """How a line looks. `times` is the size, 1 to 8."""

    bold: bool = False
    times: int = 1
    reverse: bool = False
    align: Align = "left"


class Typed(NamedTuple):
    """A text as the printer will write it, and in which code page."""

    text: str
    page: str


class Typist:
    """One slip."""

    def __init__(self, paper: Paper) -> None:
        self._paper = paper
        self._model = model_of(paper)
        self._dummy = library.builder(self._model.name, self._model.pages)
        self._dummy.hw("INIT")
        self._dummy._raw(QUIET)
        self._style = Style()
        #: Dots of paper so far.
        self.height = 0

    @property
    def columns(self) -> int:
        """Letters of the usual size in a line."""
        return min(self._model.columns, self._paper.dots // CELL)

    @property
    def bytes(self) -> bytes:
        output: bytes = self._dummy.output
        return output

    def typed(self, text: str) -> Typed | None:
        """How the printer writes `text`; None if it lacks a letter of it, or would set its letters wrongly."""
        text = unicodedata.normalize("NFC", text).translate(_SPACES)
        if not all(map(_stands_alone, text)):
            return None
        for wording in (text, text.translate(_SUBSTITUTES)):
            if page := self._page(wording):
                return Typed(wording, page)
        return None

    def line(self, typed: Typed, style: Style) -> None:
        self._set(style)
        self._dummy.magic.write_with_encoding(typed.page, typed.text)
        self.feed()

    def feed(self) -> None:
        """To the next line; an empty one behind another."""
        self._dummy._raw(b"\n")
        self.height += HIGH * self._style.times + LEADING

    def picture(self, ink: Image.Image, align: Align) -> None:
        """White on nothing (mode 1, set where to print), no wider than it must be."""
        wide = -(-ink.width // 8) * 8
        whole = Image.new("1", (wide, ink.height), 1)
        whole.paste(0, (wide - ink.width if align == "right" else 0, 0), ink)
        self._set(Style(align=align))
        self._dummy._raw(banded(raster_bytes(whole), wide // 8, self._paper))
        self.height += ink.height

    def symbol(self, text: str, mm: float) -> None:
        """A QR code at least so wide: by the printer's own command, or else as a picture. Its quiet zone is the
        paper to its sides and an empty line above and below it."""
        side = round(mm * self._paper.dpi / 25.4)
        self._set(Style(align="center"))
        self.feed()
        if self._model.qr:
            dots = min(16, -(-side // modules(text)))
            self._dummy.qr(text, native=True, size=dots, ec=_ECC_M)
            self.height += dots * modules(text)
        else:
            self.picture(code(text, side), "center")
        self.feed()

    def _page(self, text: str) -> str | None:
        """The page in force if it has all of it, else the lowest that has."""
        encoder, current = self._dummy.magic.encoder, self._dummy.magic.encoding
        for page in ([current] if current else []) + list(self._model.pages):
            if all(encoder.can_encode(page, letter) for letter in text):
                return str(page)
        return None

    def _set(self, style: Style) -> None:
        was, self._style = self._style, style
        if style.times != was.times:
            self._dummy.set(custom_size=True, width=style.times, height=style.times)
        if style.bold != was.bold:
            self._dummy.set(bold=style.bold)
        if style.reverse != was.reverse:
            self._dummy.set(invert=style.reverse)
        if style.align != was.align:
            self._dummy.set(align=style.align)


def _stands_alone(letter: str) -> bool:
    """A printer sets letters one after the other, from the left: no marks over them, no joining, no other way."""
    return unicodedata.category(letter)[0] != "M" and unicodedata.bidirectional(letter) not in {"R", "AL", "AN"}
