"""A mall's own colour: readable wherever a page uses it, on paper and in the dark."""

from __future__ import annotations

import re
from pathlib import Path
from random import Random

import pytest

from queue_server.settings.values import PAPER, WHITE, contrast
from queue_server.web.page import accent, pages
from tests.web.edge import CONFIG, edge_at

LOOK = (pages.FOLDER / "static" / "look.css").read_text(encoding="utf-8")
CHANCE = Random(7)
COLOURS = [
    colour
    for colour in (f"#{CHANCE.randrange(1 << 24):06X}" for _ in range(120))
    if min(contrast(colour, PAPER), contrast(colour, WHITE)) >= 4.5
] + ["#000000", "#0000FF", "#767600", "#D0021B"]


def tokens(text: str, selector: str) -> dict[str, str]:
    found = re.search(rf"{re.escape(selector)} {{(.*?)}}", text, re.DOTALL)
    assert found is not None
    return dict(re.findall(r"--([\w-]+): (#\w+)", found[1]))


@pytest.mark.parametrize("colour", COLOURS)
def test_an_accent_is_read_on_every_ground(colour: str):
    """On its own softer ground, too, and in the dark, where buttons are lettered in the ground's colour."""
    sheet = accent.sheet(colour)
    day, night = tokens(sheet, ":root"), tokens(sheet, ".theme-night")

    assert day["accent"] == colour
    assert contrast(colour, day["accent-soft"]) >= 4.5
    assert contrast(night["accent"], tokens(LOOK, ".theme-night")["paper"]) >= 7
    assert contrast(night["accent"], tokens(LOOK, ".theme-night")["raised"]) >= 4.5
    assert contrast(night["accent"], night["accent-soft"]) >= 4.5
    assert tokens(sheet, ".theme-auto") == night


def test_the_dark_ground_is_that_of_the_pages():
    """What the tones are reckoned against is what the pages are painted with."""
    assert tokens(LOOK, ".theme-night")["paper"] == accent.NIGHT
    assert tokens(LOOK, ":root")["paper"] == PAPER


async def test_every_page_brings_the_malls_colour(tmp_path: Path):
    """Its stylesheet comes after the house's own; a colour that nobody could read has none."""
    mall = CONFIG.replace('timezone = "Asia/Jakarta"', 'timezone = "Asia/Jakarta"\naccent = "#7A1F5C"')
    async with edge_at(tmp_path, config=mall) as edge:
        found = [
            (await edge.page(path)).body.decode() for path in ("/", "/floor", "/kiosk/K1", "/display/main", "/nowhere")
        ]
        sheet = await edge.page("/accent/7A1F5C.css")
        unreadable = await edge.page("/accent/FFD34D.css")
    (tmp_path / "plain").mkdir()
    async with edge_at(tmp_path / "plain") as edge:
        plain = (await edge.page("/floor")).body.decode()

    for page in found[:-1]:
        assert page.index("look.css") < page.index("/accent/7A1F5C.css")
    assert (sheet.status, sheet.headers["Content-Type"][:8]) == (200, "text/css")
    assert unreadable.status == 404
    assert "/accent/" not in plain
