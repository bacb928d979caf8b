"""What the registry alone keeps of a call is made once, however often a network sends it under one Idempotency-Key."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from typing import Any

import pytest

from queue_server.web.endpoint import commands
from queue_server.web.routes import ROOT, ROUTES
from tests.web.edge import Answer, Edge, edge_at

DOCS = Path(__file__).parent.parent.parent / "docs" / "api.md"
LINE: dict[str, Any] = {"texts": {"id": "Halo", "en": "Hello"}}
PERSON = {"name": "Budi", "role": "clerk"}
NOTE = {"day": "2026-11-23", "words": "Rain"}


async def sent(edge: Edge, path: str, body: object, key: str = "k", by: str = "admin") -> Answer:
    return await edge.post(path, body, by=by, **{"Idempotency-Key": key})


@pytest.mark.parametrize(
    ("path", "body", "listed"),
    [("/announcements", LINE, "/announcements"), ("/people", PERSON, "/people"), ("/day-notes", NOTE, None)],
)
async def test_the_same_again_makes_nothing_and_gets_the_first_answer(
    edge: Edge, path: str, body: object, listed: str | None
):
    """Its secret, too, as long as the server lives; another key means another thing."""
    first, again = await sent(edge, path, body), await sent(edge, path, body)
    before = len((await edge.get(listed, by="admin")).body) if listed else None
    twins = await asyncio.gather(*(sent(edge, "/people", {**PERSON, "name": "Sari"}, "twin") for _ in range(4)))

    assert first.status in (200, 201)
    assert (again.status, again.body) == (first.status, first.body)
    assert before in (None, 1)
    assert [one.status for one in twins] == [201] * 4
    assert len({one["link"] for one in twins}) == 1


async def test_another_body_and_another_caller_are_told_apart(edge: Edge):
    """A key is of one caller at one path, for one body."""
    first = await sent(edge, "/day-notes", NOTE)
    other_body = await sent(edge, "/day-notes", {**NOTE, "words": "Snow"})
    other_caller = await sent(edge, "/day-notes", NOTE, by="manager")

    assert other_body.said[:2] == (422, "idempotency_mismatch")
    assert other_caller["id"] != first["id"]


async def test_a_refusal_is_not_remembered(edge: Edge):
    """What was refused may be tried again under its key once it can be done."""
    refused = await sent(edge, "/devices/accept", {"code": "000000", "kind": "kiosk", "id": "K1"})
    code = (await edge.post("/pairings", {}))["code"]
    again = await sent(edge, "/devices/accept", {"code": code, "kind": "kiosk", "id": "K1"}, "k2")
    wrong = await sent(edge, "/people", {**PERSON, "role": "king"})
    right = await sent(edge, "/people", {**PERSON, "role": "king"})

    assert (refused.status, again.status) == (404, 200)
    assert (wrong.status, right.status) == (422, 422)


async def test_after_a_restart_nothing_is_made_a_second_time(tmp_path: Path):
    """Its answer is gone, and is said to be; no secret of it is on the disk."""
    async with edge_at(tmp_path) as edge:
        admin = edge.token("admin")
        first = await sent(edge, "/people", PERSON, by=admin)
        files = b"".join(path.read_bytes() for path in (tmp_path / "data").glob("registry.db*"))
        body = await sent(edge, "/day-notes", NOTE, "note", by=admin)
    async with edge_at(tmp_path, at=edge.clock.now()) as edge:
        again = await sent(edge, "/people", PERSON, by=admin)
        other = await sent(edge, "/people", {**PERSON, "name": "Sari"}, by=admin)
        note = await sent(edge, "/day-notes", NOTE, "note", by=admin)

    assert (first.status, body.status) == (201, 200)
    assert again.said == note.said == (409, "illegal_move", "done_before")
    assert other.said[:2] == (422, "idempotency_mismatch")
    assert first["link"].rpartition("#")[2].encode() not in files


def test_the_guide_lists_the_calls_that_are_done_once():
    """These and no others, beside all that the journal records."""
    said = DOCS.read_text(encoding="utf-8").partition("what would else be there twice:")[2].partition("These get")[0]
    listed = {path.removeprefix("POST\n").strip() for path in re.findall(r"`([^`]+)`", said)}

    assert listed == {route.path.removeprefix(ROOT) for route in ROUTES if route.once}
    assert not [route.path for route in ROUTES if route.once and commands(route.handler)]
