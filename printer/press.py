"""From what a slip says to the bytes that print it, and to a picture of it: fonts, layouts and logos come together.

The server's previews, the check of a mall's texts and the agent all use this one way, so a preview shows the
dots that will be printed.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import msgspec
from PIL import Image

from printer.escpos import body_bytes, cut_bytes, filler
from printer.fonts import Fonts, load_fonts
from printer.paper import png
from printer.proof import draw_test
from printer.raster import Typesetter
from printer.slip import draw_slip
from printer.text_slip import text_slip, text_test
from printer.typed import image_of
from queue_server.errors import Invalid
from queue_server.wire.printing import Paper, SlipLayout, SlipView, TestView

#: A logo larger than this on either side is a mistake, or an attack on the memory of a small machine.
LARGEST_LOGO = 4000


class Made(NamedTuple):
    """A slip as bytes. Until the first byte of the cut has left, nothing of it can come out whole."""

    body: bytes
    cut: bytes
    length_mm: float
    #: Bytes that end whatever of it was broken off.
    filling: int

    @property
    def whole(self) -> bytes:
        return self.body + self.cut


class WrongLogo(Invalid):
    """These bytes cannot be a logo; says why."""


class Press:
    """One machine's fonts, and everything that was drawn with them lately."""

    def __init__(self, fonts: Fonts) -> None:
        self._fonts = fonts
        self._typesetter = Typesetter(fonts)
        self._logo = lru_cache(maxsize=64)(logo_of)

    def draw(
        self,
        view: SlipView | TestView,
        paper: Paper,
        *,
        layout: SlipLayout | None = None,
        logo: bytes | None = None,
    ) -> Image.Image:
        """The slip, black on white, `paper.dots` wide. Raises WrongLogo."""
        if isinstance(view, TestView):
            return draw_test(view, paper=paper, typesetter=self._typesetter)
        return draw_slip(
            view,
            layout=layout or SlipLayout(),
            paper=paper,
            typesetter=self._typesetter,
            logo=self._logo(logo) if logo else None,
        )

    def made(
        self,
        view: SlipView | TestView,
        paper: Paper,
        *,
        layout: SlipLayout | None = None,
        logo: bytes | None = None,
    ) -> Made:
        """The printer's bytes. Raises WrongLogo."""
        if paper.mode == "text":
            return self._written(view, paper, layout or SlipLayout())
        image = self.draw(view, paper, layout=layout, logo=logo)
        return Made(body_bytes(image, paper), cut_bytes(paper), image.height * 25.4 / paper.dpi, len(filler(paper)))

    def _written(self, view: SlipView | TestView, paper: Paper, layout: SlipLayout) -> Made:
        if isinstance(view, TestView):
            typist = text_test(view, paper=paper, typesetter=self._typesetter)
        else:
            typist = text_slip(view, layout=layout, paper=paper, typesetter=self._typesetter)
        return Made(typist.bytes, cut_bytes(paper), typist.height * 25.4 / paper.dpi, len(filler(paper)))

    def preview(
        self,
        view: SlipView | TestView,
        paper: Paper,
        *,
        layout: SlipLayout | None = None,
        logo: bytes | None = None,
    ) -> bytes:
        """A PNG of the exact dots, drawn from the bytes that a printer would get. Raises WrongLogo."""
        made = self.made(view, paper, layout=layout, logo=logo)
        return png(image_of(made.body, paper))

    def uncovered(self, *texts: str) -> str:
        """The characters among `texts` that no font has, each once; "" when all can be printed."""
        return self._fonts.uncovered("".join(texts))


def press(*font_folders: Path) -> Press:
    """A press with the machine's fonts and those in `font_folders`. Raises NoFonts."""
    return Press(load_fonts(*font_folders))


def texts_of(view: msgspec.Struct) -> Iterator[str]:
    """All that a slip would print, however deep, except the QR code's content."""
    for name in view.__struct_fields__:
        value = getattr(view, name)
        if name in {"language", "logo", "url", "kind"}:
            continue
        if isinstance(value, str):
            yield value
        elif isinstance(value, msgspec.Struct):
            yield from texts_of(value)
        elif isinstance(value, tuple):
            yield from (line for line in value if isinstance(line, str))


def logo_of(data: bytes) -> Image.Image:
    """A logo from its file's bytes (PNG, or what else Pillow reads). Raises WrongLogo."""
    try:
        with Image.open(io.BytesIO(data)) as opened:
            if max(opened.size) > LARGEST_LOGO:
                raise WrongLogo(f"a logo of {opened.width} × {opened.height} dots is too large")
            return opened.convert("RGBA")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise WrongLogo("not a picture that can be read: save it as PNG") from error
