"""Text as dots: shaped by raqm, in any script and direction, black or white and nothing between.

A line is cut into runs (`bidi.py` says in which order they stand, `fonts.py` which font draws each), shaped
run by run, thresholded at half and cropped to its ink. Lines that come again on every slip are kept.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from functools import lru_cache
from typing import NamedTuple

from PIL import Image, ImageDraw

from printer.bidi import on_paper, spans
from printer.fonts import INVISIBLE, Face, Fonts

BLACK, WHITE = 0, 255
#: A dot is printed from this much ink on.
HALF = 110
#: Blank dots around a line while it is drawn, for marks that reach beyond their letters.
_ROOM = 0.6
#: Below this share of its natural width text is no longer read easily; it is then made lower instead.
NARROWEST = 0.62


class Run(NamedTuple):
    """Characters of one font and level."""

    start: int
    end: int
    level: int
    text: str
    face: Face


class Line(NamedTuple):
    """A line of text as dots. `ink` is white on nothing (mode 1, set where to print)."""

    ink: Image.Image
    #: Dots from the top of `ink` down to the baseline.
    above: int

    @property
    def below(self) -> int:
        return self.ink.height - self.above


def clean(text: str) -> str:
    """Without what a printer could take for a command (category Cc); white space becomes single spaces."""
    visible = "".join(
        " " if character.isspace() and character not in "\u2009\u202f\u00a0" else character
        for character in text
        if unicodedata.category(character) != "Cc" or character in "\t\n\r"
    )
    return " ".join(part for part in visible.split(" ") if part)


class Typesetter:
    """Sets lines with one set of fonts, and keeps those that it has set."""

    def __init__(self, fonts: Fonts) -> None:
        self._fonts = fonts
        self.line = lru_cache(maxsize=512)(self._line)
        self.wrapped = lru_cache(maxsize=512)(self._wrapped)

    def _line(self, text: str, px: int, bold: bool = False, rtl: bool = False) -> Line:
        """One line with an em of `px` dots, on nothing."""
        room = int(px * _ROOM) + 1
        placed: list[tuple[Run, float]] = []
        x = 0.0
        for run in on_paper(self._runs(text, bold, rtl)):
            placed.append((run, x))
            x += _advance(run, px)
        canvas = Image.new("L", (int(x) + 2 * room, int(2.2 * px) + 2 * room))
        draw = ImageDraw.Draw(canvas)
        baseline = room + int(1.35 * px)
        for run, at in placed:
            draw.text(
                (room + at, baseline),
                run.text,
                font=run.face.at(px),
                fill=255,
                anchor="ls",
                direction="rtl" if run.level % 2 else "ltr",
            )
        dots = canvas.point(_THRESHOLD, "1")
        box = dots.getbbox()
        if box is None:
            return Line(Image.new("1", (1, 1)), 1)
        return Line(dots.crop(box), baseline - box[1])

    def width(self, text: str, px: int, bold: bool = False, rtl: bool = False) -> int:
        """Dots that a line of this text takes."""
        return round(sum(_advance(run, px) for run in self._runs(text, bold, rtl)))

    def fitted(self, text: str, px: int, width: int, *, bold: bool, rtl: bool = False) -> Line:
        """One line no wider than `width`: narrowed first, so that it keeps its height, then lowered."""
        line = self.line(text, px, bold, rtl)
        if line.ink.width <= width:
            return line
        if line.ink.width * NARROWEST > width:
            lower = int(px * width / NARROWEST / line.ink.width)
            return self.fitted(text, min(lower, px - 1), width, bold=bold, rtl=rtl)
        # Drawn larger first, so that narrowing leaves even strokes.
        large = self.line(text, 2 * px, bold, rtl).ink.convert("L")
        ink = large.resize((width, line.ink.height), Image.Resampling.BOX)
        return Line(ink.point(_THRESHOLD, "1"), line.above)

    def _wrapped(self, text: str, px: int, width: int, bold: bool = False, rtl: bool = False) -> tuple[str, ...]:
        """`text` in lines no wider than `width`: broken at spaces, and within a word that is wider."""
        lines: list[str] = []
        held = ""
        for word in text.split(" "):
            longer = f"{held} {word}" if held else word
            if self.width(longer, px, bold, rtl) <= width:
                held = longer
                continue
            if held:
                lines.append(held)
            *full, held = self._broken(word, px, width, bold, rtl)
            lines.extend(full)
        if held:
            lines.append(held)
        return tuple(lines)

    def _broken(self, word: str, px: int, width: int, bold: bool, rtl: bool) -> list[str]:
        """A word in pieces that fit; scripts without spaces are broken here, between two syllables."""
        pieces: list[str] = []
        left = clusters(word)
        while left:
            # How many fit: a longer piece is never narrower. One always does, however wide.
            fitting = bisect_right(
                range(1, len(left) + 1),
                width,
                key=lambda count: self.width("".join(left[:count]), px, bold, rtl),
            )
            piece = "".join(left[: max(1, fitting)])
            if len(piece) < len("".join(left)):
                piece = piece[: _better_break(piece)]
            pieces.append(piece)
            left = clusters("".join(left)[len(piece) :])
        return pieces or [""]

    def _runs(self, text: str, bold: bool, rtl: bool) -> list[Run]:
        runs: list[Run] = []
        for span in spans(text, rtl=rtl):
            start = span.start
            face: Face | None = None
            for index in range(span.start, span.end):
                fits = self._face(text, index, bold, face)
                if face is not None and fits is not face:
                    runs.append(Run(start, index, span.level, text[start:index], face))
                    start = index
                face = fits
            if face is not None:
                runs.append(Run(start, span.end, span.level, text[start : span.end], face))
        return runs

    def _face(self, text: str, index: int, bold: bool, before: Face | None) -> Face:
        """A mark or a sign of no script stays with the letter before it; a letter takes its own font."""
        character = text[index]
        stays = ord(character) in INVISIBLE or unicodedata.category(character)[0] in "MZP"
        found = self._fonts.face_for(character, bold=bold, after=before if stays else None)
        return found or before or self._fonts.first


_THRESHOLD = [0] * HALF + [255] * (256 - HALF)

#: A long address is broken after one of these rather than anywhere.
_BREAKS = "/-_.?&="


def _better_break(piece: str) -> int:
    """Where to break `piece`: after its last sign that parts an address, if that leaves half of it."""
    last = max(piece.rfind(sign) for sign in _BREAKS)
    return last + 1 if last + 1 > len(piece) // 2 else len(piece)


def clusters(word: str) -> list[str]:
    """The word's letters, each with its marks; a break may stand between two of them.

    Indic scripts join a consonant to the one before through a virama (class 9), which counts as a mark.
    """
    found: list[str] = []
    for character in word:
        joins = (
            unicodedata.category(character)[0] == "M"
            or ord(character) in INVISIBLE
            or (found and unicodedata.combining(found[-1][-1]) == 9)
        )
        if found and joins:
            found[-1] += character
        else:
            found.append(character)
    return found


def _advance(run: Run, px: int) -> float:
    return run.face.at(px).getlength(run.text, direction="rtl" if run.level % 2 else "ltr")
