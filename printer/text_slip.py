"""A slip written in the printer's own fonts, for lines on which a drawn one takes too long.

The same parts in the mall's same order as `slip.py` draws, without logo and signs. What the printer's code pages cannot
write becomes a picture of just that line. Lengths of drawn lines are millimetres, so they match the letters beside.
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable

from printer.raster import Typesetter, clean
from printer.slip import CAPITAL, SERVICE, TEXT
from printer.typist import HIGH, Align, Style, Typist
from queue_server.wire.printing import Fact, Listing, Paper, PartKind, Size, SlipLayout, SlipView, TestView

#: The height of a capital, as a share of the printer's letters.
_CAPITAL = 0.72
#: From one drawn line to the next, in dots.
_BETWEEN = 6


class TextSlip:
    """One slip on its way into text."""

    def __init__(self, paper: Paper, typesetter: Typesetter, *, rtl: bool) -> None:
        self.typist = Typist(paper)
        self._paper = paper
        self._typesetter = typesetter
        self._rtl = rtl
        self._start: Align = "right" if rtl else "left"

    def say(
        self, text: str, *, em: float = TEXT, bold: bool = False, times: int = 1, align: Align | None = None
    ) -> None:
        """A text in as many lines as it takes. `em` is its size where it is drawn, in millimetres."""
        text = clean(text)
        if not text:
            return
        align = align or self._start
        typed = self.typist.typed(text)
        if typed is None:
            self._draw(text, em, bold, align)
            return
        style = Style(bold=bold, times=times, align=align)
        for line in textwrap.wrap(typed.text, max(1, self.typist.columns // times), break_on_hyphens=False):
            self.typist.line(typed._replace(text=line), style)

    def number(self, text: str, mm: float) -> None:
        """The largest thing on the slip: so high, or as large as the paper's width lets it be."""
        text = clean(text)
        typed = self.typist.typed(text)
        high = mm * self._paper.dpi / 25.4
        if typed is None:
            px = round(high / CAPITAL)
            ink = self._typesetter.fitted(text, px, self._paper.dots, bold=True).ink
            self.typist.picture(ink, self._start)
            self.typist.feed()
            return
        fits = self.typist.columns // max(1, len(typed.text))
        self.say(text, bold=True, times=max(1, min(8, fits, round(high / HIGH / _CAPITAL))))

    def banner(self, text: str) -> None:
        """White on black from edge to edge; framed by signs where it must be drawn."""
        typed = self.typist.typed(clean(text))
        if typed is None:
            self.say(f"*** {text} ***", bold=True)
            return
        columns = self.typist.columns
        for line in textwrap.wrap(typed.text, columns - 2):
            whole = typed._replace(text=line.center(columns))
            self.typist.line(whole, Style(bold=True, reverse=True))

    def ends(self, first: str, last: str) -> None:
        """One text at either end of a line, if they fit and the printer can write both."""
        both = clean(first), clean(last)
        typed = self.typist.typed("".join(both))
        room = self.typist.columns - sum(map(len, both))
        if all(both) and typed is not None and room > 0 and not self._rtl:
            whole = self.typist.typed(both[0] + " " * room + both[1])
            if whole is not None and len(whole.text) == self.typist.columns:
                self.typist.line(whole, Style())
                return
        for text in both:
            self.say(text)

    def _draw(self, text: str, em: float, bold: bool, align: Align) -> None:
        px = round(em * self._paper.dpi / 25.4)
        for line in self._typesetter.wrapped(text, px, self._paper.dots, bold, self._rtl):
            ink = self._typesetter.line(line, px, bold, self._rtl).ink
            room = ink.crop((0, 0, ink.width, ink.height + _BETWEEN))  # what is beyond a picture is blank
            self.typist.picture(room, align)


def text_slip(view: SlipView, *, layout: SlipLayout, paper: Paper, typesetter: Typesetter) -> Typist:
    """The slip, written up to its cut."""
    slip = TextSlip(paper, typesetter, rtl=view.rtl)
    if view.copy:
        slip.banner(view.copy)
    for part in layout.parts:
        PARTS[part.kind](slip, view, layout, part.size)
    return slip.typist


def text_test(view: TestView, *, paper: Paper, typesetter: Typesetter) -> Typist:
    """What shows a technician whether width, letters and code are right: the ruler fills one line exactly."""
    slip = TextSlip(paper, typesetter, rtl=view.rtl)
    columns = slip.typist.columns
    slip.say(view.title, bold=True, times=2)
    for line in (*view.lines, f"{paper.dots} dots, {columns} letters, cut {paper.cut}", "AaBb ÄäÉé Ğğ Жж Ωω Əə აბ عر"):
        slip.say(line)
    slip.say(("1234567890" * columns)[:columns])
    slip.number("A 012", 15.0)
    slip.typist.symbol("antrean test", 20.0)
    return slip.typist


# ------------------------------------------------------------------------------------------- the parts


def _times(size: Size, usual: int = 1) -> int:
    return usual + 1 if size == "large" else 1 if size == "small" else usual


def _head(slip: TextSlip, view: SlipView, layout: SlipLayout, size: Size) -> None:
    slip.say(view.mall)
    slip.say(view.agency, bold=True, times=_times(size))


def _number(slip: TextSlip, view: SlipView, layout: SlipLayout, size: Size) -> None:
    slip.number(view.number, layout.number_mm * (1.25 if size == "large" else 1))


def _service(slip: TextSlip, view: SlipView, layout: SlipLayout, size: Size) -> None:
    slip.say(view.service, em=SERVICE, bold=True, times=_times(size, 2))


def _category(slip: TextSlip, view: SlipView, layout: SlipLayout, size: Size) -> None:
    if view.sign is not None:
        slip.say(f"* {view.sign.label}", bold=True, times=_times(size))


def _when(slip: TextSlip, view: SlipView, layout: SlipLayout, size: Size) -> None:
    slip.ends(view.date, view.time)


def _ahead(slip: TextSlip, view: SlipView, layout: SlipLayout, size: Size) -> None:
    for fact in (view.ahead, view.wait):
        if fact is not None:
            _fact(slip, fact, size)


def _fact(slip: TextSlip, fact: Fact, size: Size) -> None:
    slip.say(f"{fact.label}: {fact.value}", bold=True, times=_times(size))


def _track(slip: TextSlip, view: SlipView, layout: SlipLayout, size: Size) -> None:
    if view.track is not None:
        slip.typist.symbol(clean(view.track.url), layout.qr_mm)
        slip.say(view.track.caption, bold=True, align="center")
        slip.say(view.track.line, align="center")


def _then(slip: TextSlip, view: SlipView, layout: SlipLayout, size: Size) -> None:
    _listing(slip, view.then, size, numbered=True)


def _bring(slip: TextSlip, view: SlipView, layout: SlipLayout, size: Size) -> None:
    _listing(slip, view.bring, size, numbered=False)


def _listing(slip: TextSlip, listing: Listing | None, size: Size, *, numbered: bool) -> None:
    if listing is None or not listing.lines:
        return
    slip.say(listing.title, bold=True, times=_times(size))
    for place, line in enumerate(listing.lines, 1):
        slip.say(f"{place}. {line}" if numbered else f"- {line}", times=_times(size))


def _footer(slip: TextSlip, view: SlipView, layout: SlipLayout, size: Size) -> None:
    slip.say(layout.footer.get(view.language, layout.footer.get("", "")), times=_times(size))


PARTS: dict[PartKind, Callable[[TextSlip, SlipView, SlipLayout, Size], None]] = {
    "head": _head,
    "number": _number,
    "service": _service,
    "category": _category,
    "when": _when,
    "ahead": _ahead,
    "then": _then,
    "bring": _bring,
    "track": _track,
    "footer": _footer,
}
