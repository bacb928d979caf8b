"""The test slip: what shows a technician whether width, scale, cut and sharpness are right. Pure.

A frame of the given width (a side that is missing means too many dots, a blank strip beside it too few), a
ruler in millimetres both ways, lines one to four dots thick, grey from dots, letters in the slip's sizes.
"""

from __future__ import annotations

from PIL import Image, ImageDraw

from printer.qr import code
from printer.raster import Typesetter, clean
from queue_server.wire.printing import Paper, TestView


def draw_test(view: TestView, *, paper: Paper, typesetter: Typesetter) -> Image.Image:
    """Black on white (mode 1), `paper.dots` wide."""

    def dots(mm: float) -> int:
        return round(mm * paper.dpi / 25.4)

    image = Image.new("1", (paper.dots, dots(220)), 1)
    draw = ImageDraw.Draw(image)
    y = _ruler(draw, typesetter, paper) + dots(2)
    y = _lines(image, typesetter, view, paper, y)
    y = _sharpness(draw, paper, y + dots(2))
    picture = code("antrean test", dots(20))
    image.paste(0, (dots(8), y, dots(8) + picture.width, y + picture.height), picture)
    y += picture.height
    _upright_ruler(draw, paper, y)
    draw.rectangle((0, 0, paper.dots - 1, y), outline=0, width=1)
    return image.crop((0, 0, paper.dots, y + 1))


def _ruler(draw: ImageDraw.ImageDraw, typesetter: Typesetter, paper: Paper) -> int:
    """Millimetres across, a longer stroke every five, a figure every ten."""
    per_mm = paper.dpi / 25.4
    figure = max(12, round(2.6 * per_mm))
    for mm in range(int(paper.dots / per_mm) + 1):
        x = round(mm * per_mm)
        high = 3.5 if mm % 10 == 0 else 2.5 if mm % 5 == 0 else 1.5
        draw.line((x, 0, x, round(high * per_mm)), fill=0, width=1)
        if mm % 10 == 0 and mm:
            ink = typesetter.line(str(mm), figure).ink
            draw.bitmap((min(x - ink.width // 2, paper.dots - ink.width - 2), round(4 * per_mm)), ink, fill=0)
    return round(4 * per_mm) + figure


def _upright_ruler(draw: ImageDraw.ImageDraw, paper: Paper, bottom: int) -> None:
    per_mm = paper.dpi / 25.4
    for mm in range(int(bottom / per_mm) + 1):
        wide = 3.5 if mm % 10 == 0 else 2.5 if mm % 5 == 0 else 1.5
        draw.line((0, round(mm * per_mm), round(wide * per_mm), round(mm * per_mm)), fill=0, width=1)


def _lines(image: Image.Image, typesetter: Typesetter, view: TestView, paper: Paper, y: int) -> int:
    per_mm = paper.dpi / 25.4
    left = round(8 * per_mm)
    facts = (f"{paper.dots} dots · {paper.dpi} dpi · cut {paper.cut}", "0123456789 AaBbƏəЖжაბ")
    for index, text in enumerate((view.title, *view.lines, *facts)):
        px = round((5.0 if index == 0 else 3.4) * per_mm)
        for part in typesetter.wrapped(clean(text), px, paper.dots - left - round(2 * per_mm), index == 0):
            line = typesetter.line(part, px, index == 0, view.rtl)
            image.paste(0, (left, y, left + line.ink.width, y + line.ink.height), line.ink)
            y += max(line.ink.height, px // 2) + round(1.4 * per_mm)
    return y


def _sharpness(draw: ImageDraw.ImageDraw, paper: Paper, y: int) -> int:
    """Strokes of one to four dots with as much between, and three greys: a worn or dirty head shows here."""
    per_mm = paper.dpi / 25.4
    left, high = round(8 * per_mm), round(5 * per_mm)
    x = left
    for thick in (1, 2, 3, 4):
        for _stroke in range(4):
            draw.rectangle((x, y, x + thick - 1, y + high), fill=0)
            x += 2 * thick
        x += round(1.5 * per_mm)
    for step in (2, 3, 4):
        for row in range(0, high, step):
            for column in range(0, round(6 * per_mm), step):
                if x + column < paper.dots - left // 2:
                    draw.point((x + column, y + row), fill=0)
        x += round(7 * per_mm)
    return y + high + round(2 * per_mm)
