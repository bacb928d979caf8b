"""What is kept of somebody is given out, put on hold and erased in the browser, by whoever may, and on record."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from queue_server.domain.acts import ActKind
from queue_server.registry.roles import Role
from tests.cli.test_privacy import ASKS, SAID
from tests.web.edge import CONFIG, Edge, edge_at
from tests.web.test_people import hired, signed_in
from tests.web.test_refusals_kept import Kept


@pytest.fixture
async def mall(tmp_path: Path) -> AsyncIterator[Edge]:
    async with edge_at(tmp_path, config=CONFIG + ASKS) as running:
        yield running


async def noted(edge: Edge) -> str:
    """A called ticket of somebody who said who they are, with a note."""
    ticket = str((await edge.ticket(citizen=SAID))["id"])
    for path in ("open", "call-next"):
        await edge.post(f"/counters/1/{path}", by="clerk")
    await edge.post(f"/tickets/{ticket}/note", {"text": "Her sister came along"}, by="clerk")
    return ticket


async def test_a_citizen_gets_a_copy_a_hold_and_an_end(mall: Edge):
    """By the phone or the ticket; while it is on hold the clerk reads nothing, and after the end nobody ever."""
    kept = Kept(mall)
    ticket = await noted(mall)
    number = mall.engine.state.tickets[ticket].number

    by_phone = (await mall.post("/privacy/export", {"phone": "0812 5550-1234"}, by="admin")).body
    by_number = (await mall.post("/privacy/export", {"ticket": number.lower()}, by="admin")).body
    held = await mall.post("/privacy/hold", {"tickets": [ticket], "held": True}, by="admin")
    unread = await mall.get(f"/tickets/{ticket}/citizen", by="clerk")
    released = await mall.post("/privacy/hold", {"tickets": [ticket], "held": False}, by="admin")
    read = await mall.get(f"/tickets/{ticket}/citizen", by="clerk")
    erased = await mall.post("/privacy/erase", {"tickets": [ticket]}, by="admin")
    (after,) = (await mall.post("/privacy/export", {"ticket": ticket}, by="admin")).body

    assert by_phone == by_number
    assert (by_phone[0]["ticket"], by_phone[0]["number"], len(by_phone[0]["words"])) == (ticket, number, 2)
    assert (held["texts"], released["texts"], erased["texts"]) == (2, 2, 2)
    assert (unread.status, read.status, read["name"]) == (404, 200, "Ibu Sari")
    assert set(after["words"].values()) == {None}
    for what in (ActKind.PERSON_EXPORTED, ActKind.CITIZEN_HELD, ActKind.CITIZEN_RELEASED, ActKind.CITIZEN_ERASED):
        assert (await kept.first(what)).about == f"ticket:{ticket}"


async def test_nothing_more_is_noted_while_it_is_on_hold(mall: Edge):
    """No note is taken; the move goes on, and its reason is on hold from the start, till the end."""
    ticket = await noted(mall)
    await mall.post("/privacy/hold", {"tickets": [ticket], "held": True}, by="admin")

    noting = await mall.post(f"/tickets/{ticket}/note", {"text": "She limps"}, by="clerk")
    moved = await mall.post("/counters/1/park", {"reason": "She fetches her glasses"}, by="clerk")
    (kept,) = (await mall.post("/privacy/export", {"ticket": ticket}, by="admin")).body
    released = await mall.post("/privacy/hold", {"tickets": [ticket], "held": False}, by="admin")
    later = await mall.post(f"/tickets/{ticket}/note", {"text": "Glasses are here"}, by="clerk")

    assert noting.said == (409, "illegal_move", "on_hold")
    assert moved.status == 200
    assert "She limps" not in kept["words"].values()
    assert "She fetches her glasses" in kept["words"].values()
    assert set(kept["held"]) == set(kept["words"])
    assert (released["texts"], later.status) == (3, 200)


async def test_a_hold_of_nothing_holds_what_comes(mall: Edge):
    """A ticket of which nothing is kept yet; the end of all that is kept ends the hold, too."""
    ticket = (await mall.ticket())["id"]
    await mall.post("/privacy/hold", {"tickets": [ticket], "held": True}, by="admin")

    held = await mall.post(f"/tickets/{ticket}/note", {"text": "x"}, by="clerk")
    await mall.post("/privacy/erase", {"tickets": [ticket]}, by="admin")
    after = await mall.post(f"/tickets/{ticket}/note", {"text": "x"}, by="clerk")

    assert (held.said, after.status) == ((409, "illegal_move", "on_hold"), 200)


async def test_what_is_asked_for_wrongly_is_refused(mall: Edge):
    """Nothing, two things, or somebody whom nobody knows; one unknown ticket among others changes none."""
    ticket = await noted(mall)

    nothing, both, nobody = [
        await mall.post("/privacy/export", body, by="admin")
        for body in ({}, {"ticket": ticket, "phone": "0812 5550-1234"}, {"phone": "0812 0000-0000"})
    ]
    mixed = await mall.post("/privacy/erase", {"tickets": [ticket, "nosuchticket"]}, by="admin")

    assert [nothing.code, both.code, nobody.code, mixed.code] == ["invalid", "invalid", "not_found", "not_found"]
    assert (await mall.get(f"/tickets/{ticket}/citizen", by="clerk"))["name"] == "Ibu Sari"


@pytest.mark.parametrize("role", ["clerk", "supervisor", "manager", "auditor", "agency_admin", "kiosk"])
async def test_nobody_else_may(mall: Edge, role: str):
    """It is the mall's admin's; whoever works with tickets has no search through people."""
    ticket = await noted(mall)

    asked = await mall.post("/privacy/export", {"ticket": ticket}, by=role)
    erased = await mall.post("/privacy/erase", {"tickets": [ticket]}, by=role)

    assert (asked.status, erased.status) == (403, 403)


async def test_staff_get_a_copy_and_are_erased(mall: Edge):
    """What is kept of them, in JSON; then account and addresses are gone, and their session with them."""
    kept = Kept(mall)
    person = await hired(mall, "Ani", Role.CLERK)
    cookie = await signed_in(mall, "ani")

    copy = await mall.post(f"/people/{person}/export", by="admin")
    gone = await mall.post(f"/people/{person}/erase", by="admin")
    again = await mall.post(f"/people/{person}/export", by="admin")

    assert (copy["kept"]["person"]["name"], len(copy["kept"]["sessions"])) == ("Ani", 1)
    assert (gone.status, again.status) == (204, 404)
    assert (await mall.get("/me", Cookie=cookie)).status == 401
    assert (await kept.first(ActKind.PERSON_ERASED)).about == person


async def test_the_last_admin_is_not_erased(mall: Edge):
    """Nobody shuts the door behind themselves."""
    person = await hired(mall, "Rina", Role.ADMIN)

    refused = await mall.post(f"/people/{person}/erase", by="admin")

    assert refused.said == (422, "invalid", "last_admin")
