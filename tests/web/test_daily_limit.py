"""So many tickets a day for one person, where the mall says so: counted by a number that nobody can read again."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from queue_server.domain import events as e
from queue_server.service.forgetting import Forgetting
from tests.waiting import until
from tests.web.edge import CONFIG, Answer, Edge, edge_at

NIK, OTHER = "3273010101800002", "3273014101800002"
LIMIT = """
[questions.number]
asks = "identity"
number = "nik"
purpose = "One ticket a day for each person"
services = ["passport", "visa", "birth"]
daily = 1
keep = false
"""
TAKEN = (409, "quota_reached", "daily_limit")


@pytest.fixture
async def edge(tmp_path: Path) -> AsyncIterator[Edge]:
    async with edge_at(tmp_path, config=CONFIG + LIMIT) as running:
        yield running


async def take(edge: Edge, number: str = NIK, service: str = "passport", **headers: str) -> Answer:
    body = {"service": service, "citizen": {"identity": number}}
    return await edge.post("/tickets", body, by="kiosk", **headers)


async def test_the_second_ticket_of_a_day_is_refused(edge: Edge):
    """However the number is written; somebody else has a ticket, and so has the same person for another service."""
    first, again = await take(edge), await take(edge, "32.7301 010180-0002")
    other, elsewhere = await take(edge, OTHER), await take(edge, service="visa")

    assert (first.status, other.status, elsewhere.status) == (201, 201, 201)
    assert again.said == TAKEN
    assert NIK not in str(again.body)


@pytest.mark.parametrize(
    ("per", "second", "third"),
    [("service", 201, 201), ("agency", 409, 201), ("mall", 409, 409)],
)
async def test_it_is_counted_per_service_agency_or_mall(tmp_path: Path, per: str, second: int, third: int):
    """Passport first, then the same agency's visa, then another agency's birth."""
    async with edge_at(tmp_path, config=f'{CONFIG}{LIMIT}per = "{per}"\n') as edge:
        await take(edge)

        statuses = [(await take(edge, service=service)).status for service in ("visa", "birth")]

    assert statuses == [second, third]


async def test_two_kiosks_at_once_give_one_ticket(edge: Edge):
    """Of ten wishes that come together one is given, and the queue has one person more."""
    answers = await asyncio.gather(*(take(edge) for _ in range(10)))

    assert sorted(answer.status for answer in answers) == [201] + [409] * 9
    assert len(edge.engine.state.tickets) == 1


async def test_a_wish_that_is_sent_again_is_the_same_ticket(edge: Edge):
    """After a lost reply, and at the same moment, the key gives the first answer and counts once."""
    twins = await asyncio.gather(*(take(edge, Idempotency_Key="wish") for _ in range(5)))
    later = await take(edge, Idempotency_Key="wish")

    assert {answer.status for answer in (*twins, later)} == {201}
    assert {answer["id"] for answer in (*twins, later)} == {twins[0]["id"]}
    assert (await take(edge)).said == TAKEN


async def test_a_cancelled_ticket_gives_the_place_back(edge: Edge):
    """Before anybody called it; afterwards it counts, and so does one whose citizen did not come."""
    first = await take(edge)
    await edge.post(f"/tickets/{first['id']}/cancel")
    second = await take(edge)
    await edge.post("/counters/1/open", by="clerk")
    await edge.post("/counters/1/call-next", by="clerk")
    edge.wait(60)
    await edge.post("/counters/1/recall", by="clerk")
    edge.wait(60)
    missed = await edge.post("/counters/1/no-show", by="clerk")
    await edge.post(f"/tickets/{second['id']}/cancel")

    assert (first.status, second.status, missed.status) == (201, 201, 200)
    assert (await take(edge)).said == TAKEN


async def test_a_number_that_nobody_saw_does_not_count(edge: Edge):
    """The kiosk gave the wish up before the answer came: whoever tries again has a ticket."""
    await take(edge, Idempotency_Key="lost")
    await edge.post("/unclaimed", {"key": "lost", "kiosk": "K1"}, by="kiosk")

    assert (await take(edge)).status == 201


async def test_a_refusal_takes_no_place(edge: Edge):
    """Where the service is paused, nothing was given, and nothing is counted."""
    await edge.post("/services/passport/pause", {"reason": "break"}, by="supervisor")
    refused = await take(edge)
    await edge.post("/services/passport/resume", by="supervisor")

    assert refused.said == (409, "service_closed", "paused")
    assert (await take(edge)).status == 201


async def test_it_holds_over_a_restart_and_not_into_the_next_day(tmp_path: Path):
    """The same day's second ticket is refused by the server that starts anew; next morning there is one again."""
    async with edge_at(tmp_path, config=CONFIG + LIMIT) as edge:
        await take(edge)
        at = edge.clock.now()
    async with edge_at(tmp_path, config=CONFIG + LIMIT, at=at + 60_000) as edge:
        again = await take(edge)
        edge.wait(24 * 3600)
        tomorrow = await take(edge)

    assert again.said == TAKEN
    assert tomorrow.status == 201


async def test_what_was_marked_and_never_given_does_not_count(edge: Edge):
    """As after a crash between the registry and the journal: no ticket stands behind the mark."""
    daily, day = edge.parts.registry.daily, edge.engine.state.day
    daily.add(day, [daily.mark(day, "number", "service", "passport", NIK)], "never-given")

    assert (await take(edge)).status == 201


async def test_marks_and_key_go_with_the_day(edge: Edge):
    """The retention job takes them away, and the journal says that it ran."""
    await take(edge)
    daily = edge.parts.registry.daily
    job = Forgetting(edge.engine, edge.parts.registry, lambda: edge.parts.settings().privacy)
    await job.look()
    kept = daily.is_empty()
    edge.wait(24 * 3600)
    await take(edge, OTHER)

    await job.look()

    assert not kept
    assert not daily.has_other_days(edge.engine.state.day)
    await until(lambda: [act for act in acts(edge) if act.about == "daily_tickets" and act.details == {"gone": "1"}])


async def test_who_is_erased_has_no_second_ticket_that_day(edge: Edge):
    """What the ticket is counted by tells nothing of its citizen, and stays as long as the day."""
    first = await take(edge)

    erased = await edge.post("/privacy/erase", {"tickets": [first["id"]]}, by="admin")

    assert erased.status == 200
    assert (await take(edge)).said == TAKEN


async def test_a_kiosk_gives_none_without_the_number(edge: Edge):
    """Neither where it is left out nor where it is empty; the desk does, for whoever stands there without a card."""
    without = await edge.post("/tickets", {"service": "passport"}, by="kiosk")
    empty = await take(edge, " ")
    desk = await edge.post("/tickets", {"service": "passport"}, by="supervisor")

    assert without.said == empty.said == (422, "invalid", "identity_needed")
    assert desk.status == 201


@pytest.mark.parametrize("wrong", ["3273013201800002", "327301", "nik", "1" * 80])
async def test_what_cannot_be_a_number_is_refused(edge: Edge, wrong: str):
    """The refusal names the field and not what was typed."""
    refused = await take(edge, wrong)

    assert refused.said == (422, "invalid", "identity")
    assert refused["fields"]["field"] == "citizen.identity"
    assert wrong not in str(refused.body)


async def test_nothing_on_the_disk_holds_the_number(tmp_path: Path):
    """Neither as it is nor in the hash of a key's body: the same key with another number is the same wish."""
    async with edge_at(tmp_path, config=CONFIG + LIMIT) as edge:
        first = await take(edge, Idempotency_Key="wish")
        again = await take(edge, OTHER, Idempotency_Key="wish")
        seen = [await edge.get(f"/tickets/{first['id']}", by="supervisor"), await edge.get("/queues", by="supervisor")]
        rows = [row.event for day in edge.engine.journal.days() for row in edge.engine.journal.read_day(day)]

    assert again["id"] == first["id"]
    assert NIK not in str([one.body for one in seen]) + str(rows)
    on_disk = b"".join(path.read_bytes() for path in (tmp_path / "data").rglob("*") if path.is_file())
    assert NIK.encode() not in on_disk


async def test_it_is_kept_for_the_clerk_only_where_the_mall_says_so(tmp_path: Path):
    """With `keep` the clerk who has called reads it, sealed until then; without it nothing is written down."""
    kept = LIMIT.replace("keep = false", "keep = true")
    async with edge_at(tmp_path, config=CONFIG + kept) as edge:
        ticket = await take(edge)
        await edge.post("/counters/1/open", by="clerk")
        await edge.post("/counters/1/call-next", by="clerk")
        told = await edge.get(f"/tickets/{ticket['id']}/citizen", by="clerk")

    assert told["identity"] == NIK
    assert told["purposes"]["identity"]["id"] == "One ticket a day for each person"


async def test_nothing_is_kept_where_it_is_only_counted(edge: Edge):
    """No ticket has words of a citizen, and the registry is empty of them."""
    ticket = await take(edge)

    assert edge.engine.state.tickets[ticket["id"]].citizen is None
    assert edge.parts.registry.personal.is_empty()


async def test_the_kiosk_learns_how_the_number_looks(edge: Edge):
    """What is asked, which number, its shapes, that it is needed and not kept."""
    mall = await edge.get("/mall")

    (asked,) = next(s["asks"] for a in mall["agencies"] for s in a["services"] if s["id"] == "passport")
    assert (asked["asks"], asked["number"], asked["shapes"], asked["needed"], asked["kept"]) == (
        "identity",
        "nik",
        ["9" * 16],
        True,
        False,
    )


def acts(edge: Edge) -> list[e.ActNoted]:
    journal = edge.engine.journal
    events = [row.event for day in journal.days() for row in journal.read_day(day)]
    return [event for event in events if isinstance(event, e.ActNoted) and event.what == "retention_ran"]
