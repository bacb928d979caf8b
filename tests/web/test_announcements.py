"""What staff put on the boards: on every board at once, in its languages, kept over a restart, taken off again."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientWebSocketResponse

from queue_server.registry.announcements import MOST
from tests.web.edge import Answer, Edge, edge_at

EAST = {"id": "Loket 5 pindah ke sayap timur", "en": "Counter 5 moved to the east wing"}
MINUTE_S = 60


async def put(edge: Edge, by: str = "supervisor", **body: Any) -> Answer:
    return await edge.post("/announcements", {"texts": EAST, **body}, by=by)


async def shown(edge: Edge, board: str = "main") -> list[dict[str, Any]]:
    answer = await edge.get(f"/boards/{board}", by="supervisor")
    found: list[dict[str, Any]] = answer["announcements"]
    return found


async def pushed(socket: ClientWebSocketResponse, holds: Callable[[list[Any]], bool]) -> list[Any]:
    """What a display is sent, once it is so."""
    while True:
        said = json.loads(await socket.receive_str(timeout=10))
        found: list[Any] | None = said.get("view", {}).get("announcements")
        if found is not None and holds(found):
            return found


async def test_what_a_supervisor_types_is_on_the_boards_at_once_and_off_again(tmp_path: Path):
    """In each language that it was given in; the watching display is told without anything happening in the hall."""
    async with edge_at(tmp_path) as edge, edge.live("board:main", by="display") as socket:
        await pushed(socket, lambda found: not found)

        made = await put(edge)
        (there,) = await pushed(socket, bool)
        ended = await edge.post(f"/announcements/{made['id']}/end", {}, by="supervisor")

        assert made.status == 201
        assert there["texts"] == EAST
        assert ended.status in (200, 204)
        assert await pushed(socket, lambda found: not found) == []


async def test_it_is_kept_over_a_restart(tmp_path: Path):
    """A server that was away for a moment goes on saying what it said."""
    async with edge_at(tmp_path) as edge:
        made = await put(edge)
    async with edge_at(tmp_path) as edge:
        again = await shown(edge)

    assert [one["id"] for one in again] == [made["id"]]


async def test_times_are_the_malls_own_and_what_is_over_goes(tmp_path: Path):
    """ "14:00" is two o'clock in the hall; a display is told what is to come and begins by itself."""
    async with edge_at(tmp_path) as edge:
        made = await put(edge, since="2026-11-24T14:00", until="2026-11-24T15:00")
        before = await shown(edge)
        edge.wait(7 * 60 * MINUTE_S)
        after = await shown(edge)

    assert (made["since"], made["until"]) == ("2026-11-24T07:00:00.000Z", "2026-11-24T08:00:00.000Z")
    assert len(before) == 1
    assert after == []


async def test_urgent_ones_come_first(tmp_path: Path):
    """Whatever was put up later."""
    async with edge_at(tmp_path) as edge:
        await put(edge, urgent=True)
        await put(edge)

        assert [one["urgent"] for one in await shown(edge)] == [True, False]


async def test_words_stand_in_no_event_and_the_journal_says_who_put_them_up(tmp_path: Path):
    """Free words of staff can be taken away for good; that there were some is kept, by an id."""
    async with edge_at(tmp_path) as edge:
        made = await put(edge)
        await edge.post(f"/announcements/{made['id']}/end", {}, by="supervisor")
    journal = b"".join(path.read_bytes() for path in tmp_path.rglob("journal.db*"))
    registry = b"".join(path.read_bytes() for path in tmp_path.rglob("registry.db*"))

    assert b"sayap timur" not in journal
    assert b"announcement_shown" in journal + registry
    assert made["id"].encode() in journal + registry


@pytest.mark.parametrize("by", ["clerk", "manager", "auditor", "display", "kiosk", ""])
async def test_only_whoever_leads_the_hall_puts_something_up(tmp_path: Path, by: str):
    """A clerk, or a stolen display's token, writes nothing for all to read."""
    async with edge_at(tmp_path) as edge:
        answer = await put(edge, by=by)

    assert answer.status in (401, 403)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"texts": {}}, "invalid"),
        ({"texts": {"id": "   "}}, "invalid"),
        ({"texts": {"id": "x" * 161}}, "invalid"),
        ({"texts": {"id": "bel\u0007"}}, "invalid"),
        ({"texts": {"<b>": "tebal"}}, "invalid"),
        ({"boards": ["nowhere"]}, "not_found"),
        ({"since": "tomorrow"}, "invalid"),
        ({"until": "2026-11-23T10:00"}, "invalid"),
    ],
)
async def test_what_no_board_could_show_is_refused(tmp_path: Path, body: dict[str, Any], code: str):
    """With a reason that the page can say."""
    async with edge_at(tmp_path) as edge:
        answer = await put(edge, **body)
        standing = await shown(edge)

    assert answer.code == code
    assert standing == []


async def test_there_are_never_more_than_somebody_reads(tmp_path: Path):
    """The next one is refused until one is taken off."""
    async with edge_at(tmp_path) as edge:
        for number in range(MOST):
            await put(edge, texts={"en": f"Counter {number} moved"})
        refused = await put(edge)
        first = (await shown(edge))[0]["id"]
        await edge.post(f"/announcements/{first}/end", {}, by="supervisor")
        after = await put(edge)

    assert refused.code == "illegal_move"
    assert after.status == 201


async def test_what_stands_already_is_not_put_up_twice(tmp_path: Path):
    """Whoever sends a line again, since its answer was lost, gets the one that stands; on another board it is new."""
    async with edge_at(tmp_path) as edge:
        first = await put(edge)
        again = await put(edge)
        other = await put(edge, boards=["main"])
        standing = await shown(edge)

    assert again["id"] == first["id"] != other["id"]
    assert len(standing) == 2


@pytest.mark.parametrize("sign", ["\u202e", "\u2028", "\x1b", "\n"])
async def test_an_announcement_turns_nothing_round(edge: Edge, sign: str):
    """What steers or breaks a line, or reverses what stands beside it, comes on no board."""
    answer = await edge.post("/announcements", {"texts": {"en": f"Water {sign}retaw"}}, by="supervisor")

    assert answer.said[:2] == (422, "invalid")
