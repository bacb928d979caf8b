"""Whether a kiosk's panel has room for what is touched and read on it, in millimetres.

What is touched is 20 mm wide and high with 3 mm between (Colle and Hiszem, 2004: smaller is slower and wrong more often
where one stands at a kiosk, larger is no better); capitals are 4.8 mm high (the ADA's 3/16 inch). The sizes of
kiosk/static/panel.css add up to what is counted here, and tests/kiosk/test_panel_sizes.py holds the two together.
"""

from __future__ import annotations

from math import hypot
from typing import NamedTuple

from queue_server.settings.mistakes import Mistakes
from queue_server.settings.tables import Panel, Settings

TOUCH_MM = 20.0
GAP_MM = 3.0
EM_MM = 6.75
"""A line of letters whose capitals are 4.8 mm: those of Noto Sans are 0.714 of it."""

_INCH_MM = 25.4
_CELL_MM = TOUCH_MM + GAP_MM


class Least(NamedTuple):
    """Millimetres that a kiosk's page cannot do without."""

    width: float
    height: float


def dots_per_mm(panel: Panel) -> float:
    """How many of the panel's dots lie on a millimetre."""
    return hypot(panel.width, panel.height) / (panel.inches * _INCH_MM)


def least(*, upright: bool, languages: int) -> Least:
    """What head, foot and the fewest choices take. Languages stand in rows of as many as the width has room for."""
    if upright:
        head = 4 * EM_MM + -(-languages // 2) * _CELL_MM
        choices = 3 * EM_MM + _CELL_MM + 2 * 34.0
        foot = 3 * _CELL_MM
        return Least(190.0, head + choices + foot)
    head = 2 * EM_MM + -(-languages // 6) * _CELL_MM
    foot = EM_MM + 6 * _CELL_MM
    return Least(260.0, head + foot)


def check_panels(settings: Settings, mistakes: Mistakes) -> None:
    """Adds every kiosk whose panel is too small for what it should show."""
    for id_, kiosk in settings.kiosks.items():
        if kiosk.panel is None or not (kiosk.panel.inches and kiosk.panel.width and kiosk.panel.height):
            continue  # none, or one of whose mistakes is said already
        panel, dots = kiosk.panel, dots_per_mm(kiosk.panel)
        width, height = panel.width / dots, panel.height / dots
        languages = len(kiosk.languages or settings.mall.languages)
        needs = least(upright=panel.height > panel.width, languages=languages)
        if width >= needs.width and height >= needs.height:
            continue
        wrong = (
            f"the panel is {width:.0f} x {height:.0f} mm, and targets of 20 mm, capitals of 4.8 mm and"
            f" {languages} languages need {needs.width:.0f} x {needs.height:.0f} mm"
        )
        mistakes.add(("kiosks", id_, "panel"), wrong, "take a larger panel, or offer fewer languages on it")
