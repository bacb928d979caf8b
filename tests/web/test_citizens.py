"""A citizen's name or phone: taken where a service asks, read by the clerk who has called, gone when it is due."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from queue_server.domain import events as e
from queue_server.service.forgetting import Forgetting
from queue_server.settings.tables import Privacy
from queue_server.settings.values import Duration
from queue_server.web.identity.callers import Callers
from tests.waiting import until
from tests.web.edge import CONFIG, Edge, edge_at

ASKS = """
[questions.call_back]
asks = "phone"
purpose = {id = "Bila berkas kurang", en = "If a document is missing"}
services = ["passport"]
[questions.name]
asks = "name"
purpose = "So that you are addressed by it"
services = ["passport", "birth"]
"""

SAID = {"name": "Ibu  Sari", "phone": "+62 812-5550-1234"}


@pytest.fixture
async def edge(tmp_path: Path) -> AsyncIterator[Edge]:
    async with edge_at(tmp_path, config=CONFIG + ASKS) as running:
        yield running


async def called(edge: Edge) -> str:
    """A ticket whose citizen said both, called by `ani`."""
    ticket = await edge.ticket(citizen=SAID)
    await edge.post("/counters/1/open", by="clerk")
    await edge.post("/counters/1/call-next", by="clerk")
    return str(ticket["id"])


async def test_the_clerk_who_has_called_reads_it(edge: Edge):
    """Name, phone and what each was given for, while the ticket is at the clerk's counter."""
    ticket = await called(edge)

    told = await edge.get(f"/tickets/{ticket}/citizen", by="clerk")

    assert told.body == {
        "ticket": ticket,
        "name": "Ibu Sari",
        "phone": "+6281255501234",
        "identity": None,
        "purposes": {
            "phone": {"id": "Bila berkas kurang", "en": "If a document is missing"},
            "name": {"id": "So that you are addressed by it", "en": "So that you are addressed by it"},
        },
    }


@pytest.mark.parametrize("by", ["supervisor", "admin", "agency_admin", "other"])
async def test_nobody_else_reads_it(edge: Edge, by: str):
    """Neither a colleague nor whoever may act at every counter."""
    ticket = await called(edge)
    asker = edge.token("clerk", name="budi") if by == "other" else by

    refused = await edge.get(f"/tickets/{ticket}/citizen", by=asker)

    assert refused.said == (403, "forbidden", "other_clerk")


@pytest.mark.parametrize("by", ["", "kiosk", "display", "printer", "manager", "auditor"])
async def test_other_roles_are_not_let_in(edge: Edge, by: str):
    """Neither the kiosk where it was typed nor whoever holds the slip."""
    ticket = await called(edge)

    refused = await edge.get(f"/tickets/{ticket}/citizen", by=by)

    assert refused.status in (401, 403)


async def test_another_token_of_the_same_name_does_not_read_it(edge: Edge):
    """Two tokens work as one clerk, but what was said is for the one that called; so also where nobody knows which."""
    ticket = await called(edge)
    twin = edge.token("clerk", name="ani")

    own, others = [await edge.get(f"/tickets/{ticket}/citizen", by=by) for by in ("clerk", twin)]
    recalled = await edge.post("/counters/1/recall", by=twin)
    after = await edge.get(f"/tickets/{ticket}/citizen", by=twin)
    edge.parts.callers = Callers()  # as after a restart
    unknown = await edge.get(f"/tickets/{ticket}/citizen", by="clerk")
    edge.parts.registry.tokens.revoke(edge.parts.registry.tokens.list()[-1].id)
    alone = await edge.get(f"/tickets/{ticket}/citizen", by="clerk")

    assert (own.status, recalled.status, alone.status) == (200, 200, 200)
    assert [one.said for one in (others, after, unknown)] == [(403, "forbidden", "other_clerk")] * 3


async def test_it_is_the_clerks_only_while_the_ticket_is_there(edge: Edge):
    """Before the call and after the end nobody reads it."""
    ticket = await edge.ticket(citizen=SAID)
    await edge.post("/counters/1/open", by="clerk")
    before = await edge.get(f"/tickets/{ticket['id']}/citizen", by="clerk")
    for move in ("call-next", "start", "finish"):
        await edge.post(f"/counters/1/{move}", by="clerk")

    after = await edge.get(f"/tickets/{ticket['id']}/citizen", by="clerk")

    assert before.said == after.said == (403, "forbidden", "other_clerk")


async def test_no_view_and_no_event_holds_it(edge: Edge):
    """Staff see that there is something, the public not even that; the chain has a reference."""
    ticket = await called(edge)

    staff, public = await edge.get(f"/tickets/{ticket}", by="clerk"), await edge.get(f"/tickets/{ticket}")
    desk, floor = await edge.get("/counters/1", by="clerk"), await edge.get("/queues", by="supervisor")

    assert staff["citizen"] is True
    assert "citizen" not in public.body
    seen = json.dumps([one.body for one in (staff, public, desk, floor)])
    events = " ".join(str(event) for event in history(edge))
    assert not [word for word in ("Sari", "5550") if word in seen + events]


async def test_that_it_was_read_is_recorded(edge: Edge):
    """Each reading is an act of the clerk's."""
    ticket = await called(edge)

    await edge.get(f"/tickets/{ticket}/citizen", by="clerk")

    await until(lambda: acts(edge, "citizen_read"))
    (act,) = acts(edge, "citizen_read")
    assert act.about == f"ticket:{ticket}"
    assert act.by is not None


@pytest.mark.parametrize(
    ("service", "citizen", "reason", "field"),
    [
        ("visa", {"name": "Sari"}, "not_asked", "citizen.name"),
        ("birth", {"phone": "0812 5550 1234"}, "not_asked", "citizen.phone"),
        ("passport", {"phone": "0812 five"}, "phone", "citizen.phone"),
        ("passport", {"phone": "123"}, "phone", "citizen.phone"),
        ("passport", {"name": "Sari\u202e"}, "name", "citizen.name"),
        ("passport", {"name": "S" * 81}, "field", "citizen.name"),
        ("passport", {"nik": "3171"}, "field", "citizen.nik"),
        ("passport", {"identity": "3171"}, "not_asked", "citizen.identity"),
    ],
)
async def test_what_nobody_asks_for_is_refused(edge: Edge, service: str, citizen: object, reason: str, field: str):
    """Nothing is kept of it, and the refusal does not repeat it."""
    refused = await edge.post("/tickets", {"service": service, "citizen": citizen}, by="kiosk")

    assert refused.said == (422, "invalid", reason)
    assert refused["fields"]["field"] == field
    assert "Sari" not in json.dumps(refused.body)
    assert edge.parts.registry.personal.is_empty()


async def test_what_is_left_out_is_no_answer(edge: Edge):
    """Empty texts are the same as nothing at all."""
    ticket = await edge.ticket(citizen={"name": "  ", "phone": ""})

    assert edge.engine.state.tickets[ticket["id"]].citizen is None
    assert edge.parts.registry.personal.is_empty()


async def test_the_kiosk_learns_what_to_ask(edge: Edge):
    """Each service with the purpose, in every language; what asks for nothing says nothing."""
    mall = await edge.get("/mall")

    asks = {service["id"]: service["asks"] for agency in mall["agencies"] for service in agency["services"]}
    assert [(one["asks"], one["purpose"]["id"]) for one in asks["passport"]] == [
        ("phone", "Bila berkas kurang"),
        ("name", "So that you are addressed by it"),
    ]
    assert [one["id"] for one in asks["birth"]] == ["name"]
    assert asks["visa"] == []


async def test_it_is_forgotten_when_its_time_is_over(edge: Edge):
    """A day after the ticket ended text and key are gone, the chain says so, and that the job ran."""
    ended, waits = await edge.ticket(citizen=SAID), await edge.ticket(citizen={"name": "Budi"})
    await edge.post(f"/tickets/{ended['id']}/cancel")
    reference, other = (edge.engine.state.tickets[ticket["id"]].citizen for ticket in (ended, waits))
    privacy = edge.parts.settings().privacy
    job = Forgetting(edge.engine, edge.parts.registry, lambda: privacy)
    await job.look()
    at_once = await job.forget_due()

    edge.wait(privacy.citizens / 1000 + 1)
    later = await job.forget_due()

    assert (at_once, later) == (0, 1)
    assert edge.parts.registry.personal.read(reference or "") is None
    assert edge.parts.registry.personal.read(other or "") is not None
    assert [event.reference for event in history(edge) if isinstance(event, e.PersonalDataErased)] == [reference]
    await until(lambda: [act for act in acts(edge, "retention_ran") if act.details.get("gone") == "1"])


async def test_a_command_beside_the_server_forgets_too(edge: Edge):
    """The chain is told whoever forgot, once, also where that was told already before a crash."""
    ticket = await edge.ticket(citizen=SAID)
    reference = edge.engine.state.tickets[ticket["id"]].citizen or ""
    edge.parts.registry.personal.forget(reference)
    job = Forgetting(edge.engine, edge.parts.registry, lambda: edge.parts.settings().privacy)

    await job.look()
    await job.look()

    erased = [event for event in history(edge) if isinstance(event, e.PersonalDataErased)]
    assert [event.reference for event in erased] == [reference]
    assert edge.engine.state.tickets[ticket["id"]].citizen is None
    assert edge.parts.registry.personal.forgotten() == []


def history(edge: Edge) -> list[e.Event]:
    journal = edge.engine.journal
    return [row.event for day in journal.days() for row in journal.read_day(day)]


def acts(edge: Edge, what: str) -> list[e.ActNoted]:
    return [event for event in history(edge) if isinstance(event, e.ActNoted) and event.what == what]


async def test_an_end_that_was_undone_counts_from_the_next_one(edge: Edge):
    """Words are kept for their time after the ticket ended, not after somebody pressed the wrong button."""
    ticket = await called(edge)
    job = Forgetting(edge.engine, edge.parts.registry, lambda: Privacy(citizens=Duration(5 * 60_000)))
    for move in ("start", "finish"):
        await edge.post(f"/counters/1/{move}", by="clerk")
    await job.look()
    await edge.post("/counters/1/undo", by="clerk")
    edge.wait(10 * 60)

    served = await job.forget_due()
    await edge.post("/counters/1/finish", by="clerk")
    await job.look()
    ended = await job.forget_due()
    edge.wait(6 * 60)
    later = await job.forget_due()

    assert (served, ended, later) == (0, 0, 1)
    assert edge.parts.registry.citizens.of_ticket(ticket) == []
