"""The pictures of the categories: who may wait less is seen without reading, and said beside it in words.

Drawn here from circles and strokes on a grid of 24, so that they are as sharp at 180 dots to the inch as at
203 and need no font. White on a black field with round corners, like the signs over a door.
"""

from __future__ import annotations

from functools import lru_cache

from PIL import Image, ImageDraw

from queue_server.wire.printing import SignKind

_GRID = 24
#: Drawn this many times larger, then made smaller: round edges stay round.
_LARGER = 4

Stroke = tuple[tuple[float, float], ...]

#: Head (x, y, radius) and strokes of each figure, on a grid of 24 by 24.
_FIGURES: dict[SignKind, tuple[tuple[tuple[float, float, float], ...], tuple[Stroke, ...]]] = {
    "elderly": (
        ((11, 4.6, 2.3),),
        (
            ((11.4, 9), (9.6, 14.4), (12, 17), (12.4, 21)),
            ((9.6, 14.4), (8.6, 17.4), (6.6, 21)),
            ((11.4, 9.4), (13.6, 12.6), (16.4, 13.4)),
            ((16.8, 12.8), (16.8, 21)),
        ),
    ),
    "disabled": (
        ((10, 4.4, 2.2),),
        (((10, 8), (10, 14), (15.4, 14), (17.6, 19.4), (19.4, 18.8)), ((10, 10.6), (14.4, 10.6))),
    ),
    "pregnant": (
        ((11, 4.4, 2.3),),
        (((10.6, 8.6), (10, 14), (10.4, 21)), ((10.6, 9), (14, 12.4), (13.8, 14.6), (12.6, 15.6), (12.8, 21))),
    ),
    "infant": (
        ((9, 4.4, 2.2), (15.4, 9.6, 1.7)),
        (
            ((9, 8.4), (9, 14.6), (7.4, 21)),
            ((9, 14.6), (11, 21)),
            ((9, 9.4), (12.4, 14), (17.4, 13.8)),
            ((13, 12.4), (16.4, 13.4)),
        ),
    ),
    "appointment": ((), (((12, 7.6), (12, 12.4), (15.4, 14.6)),)),
    "other": ((), (((12, 6), (12, 18)), ((6, 12), (18, 12)))),
}

_STROKE = 2.1


@lru_cache(maxsize=64)
def sign(kind: SignKind, side: int) -> Image.Image:
    """The sign `side` dots wide and high, set where to print (mode 1)."""
    scale = side * _LARGER / _GRID
    image = Image.new("L", (side * _LARGER, side * _LARGER))
    draw = ImageDraw.Draw(image)
    draw.rounded_rectangle((0, 0, image.width - 1, image.height - 1), radius=round(4 * scale), fill=255)
    heads, strokes = _FIGURES[kind]
    for x, y, radius in heads:
        _dot(draw, x * scale, y * scale, radius * scale)
    for stroke in strokes:
        _stroke(draw, [(x * scale, y * scale) for x, y in stroke], _STROKE * scale)
    if kind == "appointment":
        _ring(draw, 12 * scale, 12 * scale, 8 * scale, _STROKE * scale)
    if kind == "disabled":
        draw.arc(
            [(5 * scale, 10.4 * scale), (15 * scale, 20.6 * scale)],
            start=50,
            end=236,
            fill=0,
            width=round(_STROKE * scale),
        )
    small = image.resize((side, side), Image.Resampling.BOX)
    return small.point([0] * 128 + [255] * 128, "1")


def _dot(draw: ImageDraw.ImageDraw, x: float, y: float, radius: float) -> None:
    draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=0)


def _ring(draw: ImageDraw.ImageDraw, x: float, y: float, radius: float, width: float) -> None:
    draw.ellipse((x - radius, y - radius, x + radius, y + radius), outline=0, width=round(width))


def _stroke(draw: ImageDraw.ImageDraw, points: list[tuple[float, float]], width: float) -> None:
    draw.line(points, fill=0, width=round(width), joint="curve")
    for x, y in (points[0], points[-1]):
        _dot(draw, x, y, width / 2)
