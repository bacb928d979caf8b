"""A journey through two agencies: each sees that it is coming, and only whoever it is with now moves it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.web.edge import CONFIG, Answer, Edge, edge_at
from tests.web.test_live import heard

DESKS = """
[printers.desk]
[counters.4]
zone = "a"
services = ["birth"]
desk = true
printer = "desk"
[printers.reception]
[counters.5]
zone = "a"
services = []
desk = true
printer = "reception"
"""
OTHERS = (403, "forbidden", "other_agency")
NOTE = "Her birth certificate is with us"


@pytest.fixture
async def edge(tmp_path: Path) -> AsyncIterator[Edge]:
    async with edge_at(tmp_path, config=CONFIG + DESKS) as running:
        yield running


async def shared(edge: Edge) -> str:
    """First at the registry, then at immigration; with the registry's note."""
    journey = {"services": ["birth", "passport"], "note": NOTE}
    return str((await edge.post("/tickets", journey, by="supervisor"))["id"])


async def finish(edge: Edge, counter: str = "3") -> None:
    for move in ("open", "call-next", "start", "finish"):
        await edge.post(f"/counters/{counter}/{move}", {"outcome": "done"} if move == "finish" else None, by="clerk")


def clerk(edge: Edge, agency: str = "immigration") -> str:
    return edge.token("clerk", name=f"{agency}-1", agency=agency)


async def correct(edge: Edge, ticket: str, by: str, **step: int) -> Answer:
    body = {"outcome": "documents_missing", "reason": "mistake", **step}
    return await edge.post(f"/tickets/{ticket}/correct", body, by=by)


async def test_an_outcome_is_corrected_by_the_agency_whose_step_it_is(edge: Edge):
    """Not by one that has another step of the same ticket, whether it names the step or leaves it to the server."""
    ticket = await shared(edge)
    await finish(edge)
    theirs, own = clerk(edge), clerk(edge, "registry")

    others = [await correct(edge, ticket, theirs, step=0), await correct(edge, ticket, theirs)]
    nowhere = await correct(edge, ticket, theirs, step=7)
    right = await correct(edge, ticket, own, step=0)

    assert [answer.said for answer in (*others, nowhere)] == [OTHERS] * 3
    assert (right.status, right["steps"][0]["outcome"]) == (200, "documents_missing")


@pytest.mark.parametrize(
    ("move", "body"),
    [
        ("note", {"text": "something else"}),
        ("cases", {"cases": 3}),
        ("cancel", None),
        ("step-away", {"minutes": 10}),
        ("come-back", None),
        ("return", {"reason": "mistake"}),
        ("park", {"counter": "2"}),
    ],
)
async def test_a_ticket_is_moved_by_whoever_it_is_with(edge: Edge, move: str, body: Any):
    """An agency to which it comes later does nothing to it yet."""
    ticket = await shared(edge)

    answer = await edge.post(f"/tickets/{ticket}/{move}", body, by=clerk(edge))

    assert answer.said == OTHERS


async def test_a_note_is_read_by_whoever_the_ticket_is_with(edge: Edge):
    """By its number and by its id alike; once the ticket is with the next agency, that one reads it and moves it."""
    ticket, theirs = await shared(edge), clerk(edge)
    number = edge.engine.state.tickets[ticket].number
    before = [await edge.get(path, by=theirs) for path in (f"/tickets/{ticket}", f"/tickets?number={number}")]
    own = await edge.get(f"/tickets/{ticket}", by=clerk(edge, "registry"))

    await finish(edge)
    after = await edge.get(f"/tickets/{ticket}", by=theirs)

    assert [(answer.status, answer["note"], answer["moves"]) for answer in before] == [(200, None, [])] * 2
    assert own["note"] == after["note"] == NOTE
    assert "cancel" in after["moves"] or after["moves"]


async def test_live_hides_what_the_calls_hide(edge: Edge):
    """At a desk of both agencies the other's ticket is not there until it is theirs, over HTTP and live."""
    ticket, theirs = await shared(edge), clerk(edge)
    for move in ("open", "call-next"):
        await edge.post(f"/counters/2/{move}", by="clerk")

    asked = await edge.get("/counters/2", by=theirs)
    async with edge.live("counter:2", by=theirs) as socket:
        seen = (await heard(socket, "counter:2"))["view"]
    moved = await edge.post("/counters/2/finish", {"outcome": "done"}, by=theirs)

    assert edge.engine.state.counters["2"].ticket == ticket
    assert asked["ticket"] is None
    assert seen["counter"]["ticket"] is None
    assert moved.said == OTHERS
    assert NOTE not in str(seen)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"services": ["passport", "birth"]}, 201),
        ({"services": ["birth", "passport"]}, 403),
        ({"services": ["passport"], "printer": "P1"}, 201),
        ({"services": ["passport"], "printer": "desk"}, 403),
        ({"services": ["passport"], "printer": "reception"}, 201),
        ({"services": ["passport"], "counter": "4"}, 403),
    ],
)
async def test_a_desk_sends_on_from_itself(edge: Edge, body: Any, status: int):
    """An agency's staff begin a journey with themselves, and print at a printer of theirs or of everybody."""
    answer = await edge.post("/tickets", body, by=clerk(edge))

    assert answer.status == status


async def test_a_slip_is_printed_again_at_no_other_agencys_desk(edge: Edge):
    """A journey that comes to them later is printed again for its citizen, at a printer that they may use."""
    ticket, theirs = await shared(edge), clerk(edge)

    elsewhere = await edge.post(f"/tickets/{ticket}/reprint", {"reason": "mistake", "printer": "desk"}, by=theirs)
    here = await edge.post(f"/tickets/{ticket}/reprint", {"reason": "mistake", "printer": "P1"}, by=theirs)

    assert (elsewhere.said, here.status) == (OTHERS, 200)
