"""How pages and their files reach a browser: the policy, the build in each address, what may be kept and what not."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from queue_server.web.page.pages import Pages, number
from queue_server.web.page.pieces import Pieces

Client = TestClient[web.Request, web.Application]

TEMPLATE = (
    '{% extends "layout.html" %}{% block body %}<h1>{{ t("title") }}</h1><p>{{ "A012" | number }}</p>'
    '<p>{{ static("room/room.js") }}</p>{% endblock %}'
)


@pytest.fixture
def room(tmp_path: Path) -> Path:
    """A room with one template and one script."""
    (tmp_path / "static").mkdir()
    (tmp_path / "templates").mkdir()
    (tmp_path / "static" / "room.js").write_text("export const one = 1;\n", encoding="utf-8")
    (tmp_path / "templates" / "room.html").write_text(TEMPLATE, encoding="utf-8")
    return tmp_path


@pytest.fixture
def pages(room: Path) -> Pages:
    return Pages({"room": room}, lambda: ("id", "en"))


@pytest.fixture
async def client(pages: Pages) -> AsyncIterator[Client]:
    async def page(request: web.Request) -> web.StreamResponse:
        return pages.render("room/room.html", page="kiosk", language="id", data={"end": "</script>"})

    app = web.Application()
    app.router.add_routes([web.get("/", page), *pages.routes()])
    async with TestClient(TestServer(app)) as opened:
        yield opened


async def test_every_page_has_the_strict_policy(client: Client):
    """Nothing inline, nothing from elsewhere, nothing that turns text into code; and no page is stored."""
    answer = await client.get("/")

    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "require-trusted-types-for 'script'" in policy
    assert "unsafe" not in policy
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert '<meta name="google" content="notranslate">' in await answer.text()


async def test_the_nonce_is_new_each_time(client: Client):
    """A nonce that could be guessed would be none."""
    policies = {(await client.get("/")).headers["Content-Security-Policy"] for _ in range(3)}

    assert len(policies) == 3


async def test_data_cannot_end_its_block(client: Client):
    """What the page's script is told stays data, whatever it holds."""
    text = await (await client.get("/")).text()

    block = re.search(r'id="data">(.*?)</script>', text)
    assert block is not None
    assert json.loads(block[1]) == {"end": "</script>"}


async def test_files_of_this_build_are_kept_for_a_year(client: Client, pages: Pages):
    """Their address changes with them, so a browser never has to ask again."""
    answer = await client.get(pages.static("room/room.js"))

    assert answer.status == 200
    assert answer.headers["Content-Type"].startswith("text/javascript")
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"


async def test_files_under_an_old_build_are_given_and_not_kept(client: Client, pages: Pages):
    """A page left open over an upgrade still finds its files, and asks for them each time."""
    answer = await client.get(pages.static("look.css").replace(pages.build, "0" * 12))

    assert answer.status == 200
    assert answer.headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize("path", ["nothing.js", "..%2fpages.py", "room/..%2f..%2fpages.py", "room/", "%2fetc%2fpasswd"])
async def test_nothing_else_can_be_reached(client: Client, pages: Pages, path: str):
    """Only files that stood in the static folders at the start have an address."""
    answer = await client.get(f"/static/{pages.build}/{path}")

    assert answer.status == 404


def test_a_dead_link_never_leaves_the_server(pages: Pages):
    """A template that names a file which is not there fails, at once and by name."""
    with pytest.raises(KeyError, match="gone"):
        pages.static("gone.js")


@pytest.mark.parametrize("changed", ["static/room.js", "templates/room.html"])
def test_any_change_makes_another_build(room: Path, pages: Pages, changed: str):
    """Scripts, styles, templates and texts all count, so open pages learn that they are old."""
    (room / changed).write_text("{# other #}", encoding="utf-8")

    assert Pages({"room": room}, lambda: ("id",)).build != pages.build


def test_the_build_does_not_depend_on_the_languages(room: Path, pages: Pages):
    """Two servers of one release have the same build."""
    assert Pages({"room": room}, lambda: ("ka",)).build == pages.build


@pytest.mark.parametrize(
    ("said", "shown"), [("A012", "A\u2009012"), ("AB1012", "AB\u20091012"), ("12", "12"), ("A", "A")]
)
def test_numbers_have_a_thin_space(said: str, shown: str):
    """Letters and figures stand apart, everywhere the same."""
    assert number(said) == shown


def test_what_a_page_may_say_is_kept_once(pages: Pages):
    """Hundreds who ask at once take the same bytes, so that nobody fills the memory by asking."""
    answers = [pages.render("room/room.html", page="kiosk", language="id") for _ in range(2)]

    bodies = [answer.body for answer in answers]
    assert all(isinstance(body, Pieces) for body in bodies)
    (_, one, _), (_, other, _) = (body.pieces for body in bodies if isinstance(body, Pieces))
    assert one is other
    assert len(one) > 10_000
