"""The tickets behind a number: found however it is written, page by page, by how they ended, and refused in words."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest

from queue_server.web.reading import behind
from tests.web.edge import Answer, Edge, edge_at
from tests.web.test_reports import read, served


def shown(page: Answer) -> str:
    """Without the texts that every page brings for its scripts."""
    return re.sub(r"<script.*?</script>", "", page.body.decode(), flags=re.DOTALL)


async def missed(edge: Edge) -> str:
    """A ticket whose holder does not come, after twenty minutes: longer than the target."""
    ticket = await edge.ticket()
    edge.wait(1200)
    await edge.post("/counters/1/call-next", by="clerk")
    for _ in range(2):
        edge.wait(120)
        await edge.post("/counters/1/recall", by="clerk")
    edge.wait(120)
    assert (await edge.post("/counters/1/no-show", {}, by="clerk")).status == 200
    return str(ticket["id"])


@pytest.mark.parametrize("said", ["a1", "A 001", "%20a-0001"])
async def test_a_number_is_found_however_it_is_written(tmp_path: Path, said: str):
    """Case, spaces, signs and leading zeros are writing, today and when the day is over."""
    async with edge_at(tmp_path) as edge:
        ticket = await edge.ticket()
        past = await served(edge)
        manager, day = edge.token("manager", name="dewi"), edge.engine.state.day
        here = await read(edge, f"/report/tickets?number={said}&to={day}", manager)

    assert ticket["number"] == past["number"].replace("2", "1") == "A001"
    assert here.headers["Location"] == f"/report/tickets/{day}/{ticket['id']}"


async def test_what_is_near_is_offered(tmp_path: Path):
    """A number that is not there leads to its neighbours, of whoever may see them."""
    async with edge_at(tmp_path) as edge:
        await served(edge)
        day = edge.engine.state.day
        mall = edge.token("manager", name="dewi")
        theirs = edge.token("manager", name="joko", agency="registry")
        pages = [shown(await read(edge, f"/report/tickets?number=a3&to={day}&lang=en", who)) for who in (mall, theirs)]

    assert "Did you mean one of these?" in pages[0]
    assert f'href="/report/tickets?number=A001&amp;to={day}"' in pages[0]
    assert "number=A001" not in pages[1]
    assert "There is no a3 on that day." in pages[1]


async def test_they_are_listed_by_how_they_ended_and_what_was_promised(tmp_path: Path):
    """Each ticket with its own, and nothing else."""
    async with edge_at(tmp_path) as edge:
        done = str((await served(edge))["id"])
        gone = await missed(edge)
        day, manager = edge.engine.state.day, edge.token("manager", name="dewi")
        listed = {
            asked: [
                one in (await read(edge, f"/report/tickets?from={day}&to={day}&{asked}", manager)).body.decode()
                for one in (done, gone)
            ]
            for asked in ("fate=served", "fate=no_show", "promise=late", "half_hour=09:00", "weekday=2", "weekday=3")
        }

    assert listed == {
        "fate=served": [True, False],
        "fate=no_show": [False, True],
        "promise=late": [False, True],
        "half_hour=09:00": [True, True],
        "weekday=2": [True, True],
        "weekday=3": [False, False],
    }


async def test_all_of_them_are_listed_page_by_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Each once, and the way on and back keeps what was asked."""
    monkeypatch.setattr(behind, "PAGE", 2)
    async with edge_at(tmp_path) as edge:
        tickets = [(await edge.ticket())["id"] for _ in range(5)]
        day, manager = edge.engine.state.day, edge.token("manager", name="dewi")
        way, seen = f"/report/tickets?from={day}&to={day}&service=passport&lang=en", []
        said = []
        while way:
            page = (await read(edge, way, manager)).body.decode()
            seen += re.findall(rf'href="/report/tickets/{day}/([^"]+)"', page)
            said += re.findall(r"\d to \d of \d", page)
            on = re.search(r'href="([^"]+)" rel="next"', page)
            way = unescape(on[1]) if on else ""

    assert sorted(seen) == sorted(tickets)
    assert said == ["1 to 2 of 5", "3 to 4 of 5", "5 to 5 of 5"]


@pytest.mark.parametrize(
    "asked",
    [
        "fates=served",
        "fate=lost",
        "half_hour=19",
        "half_hour=09:10",
        "weekday=8",
        "promise=kept",
        "page=0",
        "page=x",
        "from=garbage",
        "from=1900-01-01&to=2199-01-01",
        "number=" + "9" * 40,
    ],
)
async def test_what_cannot_be_asked_is_refused_in_words(tmp_path: Path, asked: str):
    """Nothing is listed, and the page says what of the address it was."""
    async with edge_at(tmp_path) as edge:
        await served(edge)
        manager = edge.token("manager", name="dewi")
        page = await read(edge, f"/report/tickets?{asked}&lang=en", manager)

    said = shown(page)
    assert page.status == 422
    assert "so nothing is listed" in said
    assert f"“{asked.partition('=')[0]}”" in said
    assert ("It is written as: " in said) is (asked != "fates=served")
    assert "<table" not in said


@pytest.mark.parametrize("asked", ["from=garbage", "from=2026-11-24&to=soon", "from=1900-01-01&to=2199-01-01"])
async def test_a_report_says_which_days_it_shows_instead(tmp_path: Path, asked: str):
    """Of days that nobody can read, or of too many."""
    async with edge_at(tmp_path) as edge:
        manager = edge.token("manager", name="dewi")
        odd = shown(await read(edge, f"/report?{asked}&lang=en", manager))
        good = (await read(edge, "/report?from=2026-11-24&to=2026-11-24&lang=en", manager)).body.decode()

    assert 'id="misread"' in odd
    assert "This is of " in odd
    assert 'id="misread"' not in good


async def test_the_figures_lead_to_their_tickets(tmp_path: Path):
    """Served, not come, late, a cell of the heat map, and what was told."""
    async with edge_at(tmp_path) as edge:
        await served(edge)
        await missed(edge)
        day, manager = edge.engine.state.day, edge.token("manager", name="dewi")
        page = (await read(edge, f"/report?from={day}&to={day}&lang=en", manager)).body.decode()
        links = [unescape(one) for one in re.findall(r'href="(/report/tickets\?[^"]+)"', page)]
        statuses = {one: (await read(edge, one, manager)).status for one in links}

    for part in ("fate=served", "fate=no_show", "promise=late", "weekday=2&half_hour=09%3A00"):
        assert any(part in one for one in links), part
    assert set(statuses.values()) == {200}
