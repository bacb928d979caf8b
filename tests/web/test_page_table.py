"""Every page is a row: at its address, for whom it is, in the language of who opens it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import display
import kiosk
from queue_server.languages.catalogues import SOURCE, languages_of
from queue_server.registry.roles import Role
from queue_server.web.page import pages
from queue_server.web.page.reader import Speaks
from queue_server.web.page_table import AT_KIOSKS, PAGES, PROBLEM, Page
from tests.web.edge import CONFIG, Edge, edge_at

TEMPLATES = {"": pages.FOLDER, "kiosk/": kiosk.FOLDER, "display/": display.FOLDER}
PARTS = {
    "layout.html",
    "staff.html",
    "staff_parts.html",
    "evacuation_sign.html",
    "report_parts.html",
    "report_paper.html",
}
"""Templates of which pages are made."""

THERE = {"counter": "1", "kiosk": "K1", "board": "main", "code": "abcdefgh"}
SPEAKING = {row.path: row for row in PAGES}


async def opened(edge: Edge, row: Page, query: str = "", **headers: str) -> str:
    """The page's HTML."""
    ticket = (await edge.ticket())["id"] if "{ticket" in row.path else ""
    there = {**THERE, "ticket": ticket, "day": edge.engine.state.day}
    path = re.sub(r"{(\w+):(?:[^{}]|{[\d,]+})*}", lambda found: there[found[1]], row.path)
    if row.reads is not None:
        reader = "supervisor" if "supervisor" in row.who or not row.who else "auditor"
        headers["Authorization"] = f"Bearer {edge.token(reader, name='dewi')}"
    answer = await edge.page(f"{path}{query}", **headers)
    assert answer.status == (404 if row.phones else 200), row.path  # this mall gives no tickets on phones
    return str(answer.body, "utf-8")


def language(page: str) -> str:
    found = re.search(r'<html lang="([\w-]+)"', page)
    assert found is not None
    return found[1]


def test_every_template_is_a_page():
    """What a browser can be shown stands in the table, once, or is a part of what does."""
    there = {
        prefix + path.name for prefix, folder in TEMPLATES.items() for path in (folder / "templates").glob("*.html")
    }
    named = [row.template for row in (*PAGES, PROBLEM, AT_KIOSKS)]

    assert sorted(named) == sorted(there - PARTS)


@pytest.mark.parametrize("row", PAGES, ids=lambda row: row.path)
def test_a_page_has_its_words_and_is_for_somebody(row: Page):
    """Its catalogue is there at least in English, and whom it is for are roles that there are."""
    assert SOURCE in languages_of(row.texts)
    assert row.who <= set(Role)


async def test_every_page_is_at_its_address(tmp_path: Path):
    """Each row answers, in the mall's first language unless asked; what is a demonstration's does not."""
    async with edge_at(tmp_path) as edge:
        real = [row for row in PAGES if not row.demo]
        found = {row.path: language(await opened(edge, row)) for row in real}
        absent = [(await edge.page(row.path)).status for row in PAGES if row.demo]

    assert found == {row.path: "id" for row in real}
    assert absent == [404]


@pytest.mark.parametrize(
    ("path", "query", "accepts", "starts_in"),
    [
        ("/floor", "", "fr-FR,fr;q=0.9,en-US;q=0.8,id;q=0.5", "en"),
        ("/floor", "", "fr-FR", "id"),
        ("/floor", "?lang=en", "id", "en"),
        ("/floor", "?lang=fr", "en", "en"),
        ("/printing", "", "en-GB", "en"),
        ("/kiosk/{kiosk:[^/]{1,64}}", "?lang=en", "en", "id"),
        ("/t/{ticket:[A-Za-z0-9_-]{1,64}}", "", "en", "id"),
        ("/t/{ticket:[A-Za-z0-9_-]{1,64}}", "?lang=en", "id", "en"),
        ("/t/{ticket:[A-Za-z0-9_-]{1,64}}", "", "ka", "id"),
    ],
)
async def test_a_page_starts_in_its_readers_language(
    tmp_path: Path, path: str, query: str, accepts: str, starts_in: str
):
    """Asked for, else the ticket's own, else the browser's first that the page may be in; a screen of the hall, and
    else, the mall's.
    """
    async with edge_at(tmp_path) as edge:
        page = await opened(edge, SPEAKING[path], query, Accept_Language=accepts)

    assert language(page) == starts_in


async def test_what_was_chosen_is_kept(tmp_path: Path):
    """Whoever asks for a language of one page of staff gets the next one in it, too; nonsense is not kept."""
    async with edge_at(tmp_path) as edge:
        chosen = await edge.page("/floor?lang=en")
        nonsense = await edge.page("/floor?lang=fr")
        cookie = chosen.headers["Set-Cookie"].partition(";")[0]
        following = await edge.page("/printing", Cookie=cookie)

    assert language(following.body.decode()) == "en"
    assert "Set-Cookie" not in nonsense.headers


async def test_a_mall_that_speaks_what_staff_s_pages_do_not_has_them_in_english(tmp_path: Path):
    """Javanese citizens, pages of staff in English, where nobody has translated those."""
    config = CONFIG.replace('name = {id = "Mal", en = "Mall"}', 'name = "Mall"').replace('["id", "en"]', '["jv"]')
    async with edge_at(tmp_path, config=config) as edge:
        found = {row.speaks: language(await opened(edge, row)) for row in PAGES if not row.demo}

    assert found == {Speaks.STAFF: "en", Speaks.MALL: "jv", Speaks.CITIZEN: "jv"}


async def test_a_screens_page_goes_out_packed(edge: Edge):
    """A kiosk's texts in all languages are a quarter as long on the line; who takes no gzip gets them as they are."""
    packed = await edge.page("/kiosk/K1", Accept_Encoding="gzip")
    plain = await edge.page("/kiosk/K1", Accept_Encoding="identity")

    assert (packed.headers.get("Content-Encoding"), plain.headers.get("Content-Encoding")) == ("gzip", None)
    assert int(packed.headers["Content-Length"]) * 3 < len(plain.body)
