"""A mall's own colours on its displays: read from afar, or not taken."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from queue_server.settings import tables
from queue_server.settings.mistakes import Mistakes
from queue_server.settings.theme import SIGNS, check_theme
from queue_server.settings.values import Colour, contrast
from queue_server.web.page import theme
from queue_server.web.page.pages import FOLDER
from tests.web.edge import CONFIG, edge_at

LOOK = (FOLDER / "static" / "look.css").read_text(encoding="utf-8")
GREEN = ("#0A1F14", "#FFFFFF", "#B9D3C4", "#FFE08A")


def said(**colours: str) -> list[str]:
    mistakes = Mistakes({})
    check_theme(tables.Theme(**{name: Colour(colour) for name, colour in colours.items()}), mistakes)
    return [f"{'.'.join(mistake.path)}: {mistake.wrong}" for mistake in mistakes.all()]


def test_the_houses_own_colours_are_readable_and_those_of_look_css():
    """Who changes a colour there changes it here."""
    night = re.search(r"\.theme-night \{([^}]*)\}", LOOK)
    assert night is not None
    tokens = dict(re.findall(r"--([\w-]+): (#\w{6});", night.group(1)))
    own = tables.Theme()

    assert (own.ground, own.ink, own.soft, own.call) == (
        tokens["paper"],
        tokens["ink"],
        tokens["muted"],
        tokens["call"],
    )
    assert (tokens["good"], tokens["alert"], tokens["accent"], tokens["warning"]) == SIGNS
    assert said() == []


@pytest.mark.parametrize(
    ("colours", "names"),
    [
        ({"ground": "#FBFAF7"}, "theme.ground"),
        ({"call": "#8A6D00"}, "theme.call"),
        ({"soft": "#6B7280"}, "theme.soft"),
        ({"ink": "#777777"}, "theme.ink"),
    ],
)
def test_what_nobody_could_read_from_afar_is_refused(colours: dict[str, str], names: str):
    """`antrean check` says which colour, and how much it lacks."""
    (line,) = said(**colours)

    assert names in line
    assert ":1" in line


def test_what_is_made_of_the_four_is_readable_too():
    """Softer grounds and edges."""
    made = dict(re.findall(r"--(\w+): (#\w{6});", theme.sheet(*GREEN)))

    for ground in ("paper", "raised", "sunken"):
        for colour in ("ink", "call"):
            assert contrast(made[colour], made[ground]) >= 7
        assert contrast(made["muted"], made[ground]) >= 4.5
    assert contrast(made["edge"], made["paper"]) >= 3


async def test_displays_wear_the_malls_colours_and_others_are_not_served(tmp_path: Path):
    """The sheet is named by its colours, so a change is seen at once and the rest is kept."""
    mall = CONFIG + '\n[theme]\nground = "#0A1F14"\nsoft = "#B9D3C4"\ncall = "#FFE08A"\n'
    address = "/theme/0A1F14-FFFFFF-B9D3C4-FFE08A.css"

    async with edge_at(tmp_path, config=mall) as edge:
        page = (await edge.page("/display/main")).body.decode()
        sheet = await edge.page(address)
        unreadable = await edge.page("/theme/FFFFFF-EEEEEE-DDDDDD-CCCCCC.css")

    assert address in page
    assert sheet.status == 200
    assert unreadable.status == 404
