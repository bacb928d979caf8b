"""What lies on the paper, drawn as a printer would: pictures as they are, text in letters near to the printer's own.

Only pictures are exact to the dot. Where letters stand, how large they are, and which letter a byte is, is as the
printer's model has it; their shapes are those of a font of this machine.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import segno
from PIL import Image, ImageDraw

from printer import library
from printer.fonts import Fonts, load_fonts
from printer.models import CELL, USUAL, model, model_of
from printer.paper import Command, Feed, Raster, Reader, Reset, Setting, Symbol, Text
from printer.typist import HIGH, LEADING
from queue_server.wire.printing import Paper


class _Look(NamedTuple):
    """What the settings in force make of a letter. `side` is 0 left, 1 centre, 2 right."""

    page: int = 0
    side: int = 0
    bold: bool = False
    size: int = 0
    reverse: bool = False


class Platen:
    """Takes commands in their order and keeps what they print."""

    def __init__(self, paper: Paper) -> None:
        self._paper = paper
        self._bands: list[Image.Image] = []
        self._look = _Look()
        self._line: list[tuple[int, _Look]] = []
        self._code, self._code_dots = b"", 3

    @property
    def image(self) -> Image.Image:
        """All of it, black on white (mode 1), as wide as the paper."""
        whole = Image.new("1", (self._paper.dots, max(1, sum(band.height for band in self._bands))), 1)
        y = 0
        for band in self._bands:
            whole.paste(band, (0, y))
            y += band.height
        return whole

    def take(self, command: Command) -> None:
        match command:
            case Raster():
                inverted = bytes(byte ^ 0xFF for byte in command.data)
                self._put(Image.frombytes("1", (8 * command.width_bytes, command.rows), inverted))
            case Text(data=data):
                self._type(data)
            case Setting(data=data):
                self._set(data)
            case Symbol(data=data):
                self._symbol(data)
            case Reset():
                self._look, self._line = _Look(), []
            case Feed(lines=lines):
                for _line in range(lines):
                    self._end_line()

    def _put(self, ink: Image.Image) -> None:
        """Black on white, at the side in force."""
        room = self._paper.dots - ink.width
        x = max(0, (0, room // 2, room)[self._look.side])
        band = Image.new("1", (self._paper.dots, ink.height), 1)
        band.paste(ink, (x, 0))
        self._bands.append(band)

    def _type(self, data: bytes) -> None:
        for byte in data:
            if byte == 0x0A:
                self._end_line()
            elif byte >= 0x20:
                self._line.append((byte, self._look))

    def _end_line(self) -> None:
        line, self._line = self._line, []
        looks = [look for _byte, look in line] or [self._look]
        high = HIGH * max((look.size & 7) + 1 for look in looks)
        band = Image.new("1", (max(1, sum(map(_wide, looks)) if line else 1), high + LEADING), 1)
        x = 0
        for byte, look in line:
            cell = _cell(self._letter(byte, look.page), look)
            band.paste(cell, (x, high - cell.height))
            x += cell.width
        self._put(band)

    def _letter(self, byte: int, page: int) -> str:
        if byte < 0x80:
            return chr(byte)
        pages = {**model(USUAL).pages, **model_of(self._paper).pages}
        names = {number: name for name, number in pages.items()}
        return library.letters(names[page])[byte - 0x80] if page in names else "\ufffd"

    def _set(self, data: bytes) -> None:
        value = data[2]
        match data[:2]:
            case b"\x1bt":
                self._look = self._look._replace(page=value)
            case b"\x1ba":
                self._look = self._look._replace(side=value % 48)
            case b"\x1bE":
                self._look = self._look._replace(bold=bool(value & 1))
            case b"\x1d!":
                self._look = self._look._replace(size=value)
            case b"\x1dB":
                self._look = self._look._replace(reverse=bool(value & 1))

    def _symbol(self, data: bytes) -> None:
        """`GS ( k pL pH 31 fn …`: 43 is the size of a module, 50 what it says, 51 prints it."""
        match data[6]:
            case 0x43:
                self._code_dots = data[7]
            case 0x50:
                self._code = data[8:]
            case 0x51:
                matrix = segno.make_qr(self._code.decode(), error="m", boost_error=False).matrix
                across = len(matrix)
                small = Image.frombytes("L", (across, across), bytes(255 * (1 - bit) for row in matrix for bit in row))
                dots = across * self._code_dots
                self._put(small.resize((dots, dots), Image.Resampling.NEAREST).convert("1"))


def image_of(job: bytes, paper: Paper) -> Image.Image:
    """What `job` puts on paper, black on white (mode 1), every piece under the one before."""
    platen = Platen(paper)
    for command in Reader().feed(job):
        platen.take(command)
    return platen.image


def _wide(look: _Look) -> int:
    return CELL * ((look.size >> 4) + 1)


@lru_cache(maxsize=2048)
def _cell(letter: str, look: _Look) -> Image.Image:
    """One letter in its cell, black on white, or the other way round."""
    wide, high = _wide(look), HIGH * ((look.size & 7) + 1)
    small = Image.new("L", (4 * CELL, 4 * HIGH), 255)
    face = _fonts().face_for(letter, bold=look.bold)
    if face is not None:
        ImageDraw.Draw(small).text((2 * CELL, 3 * HIGH), letter, font=face.at(3 * HIGH), fill=0, anchor="ms")
    cell = small.resize((wide, high), Image.Resampling.BOX).point([0] * 150 + [255] * 106, "1")
    return Image.eval(cell.convert("L"), lambda value: 255 - value).convert("1") if look.reverse else cell


@lru_cache(maxsize=1)
def _fonts() -> Fonts:
    return load_fonts()
