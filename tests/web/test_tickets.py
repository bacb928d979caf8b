"""Tickets over HTTP: taking, following, finding, and what staff do with them away from a counter."""

from __future__ import annotations

import asyncio
from pathlib import Path

from queue_server.web.queues.tickets import new_id
from tests.web.edge import CONFIG, Edge, edge_at


async def test_a_kiosk_takes_a_ticket(edge: Edge):
    """A ticket is answered with 201, its number, its place, its address and what becomes of its paper."""
    first = await edge.ticket()
    second = await edge.ticket(category="elderly", language="en")

    assert (first["number"], first["state"], first["people_ahead"]) == ("A001", "waiting", 0)
    assert (second["number"], second["category"], second["language"]) == ("A002", "elderly", "en")
    assert first["track_url"] == f"{edge.mall.url}/t/{first['id']}"
    assert first["slip"]["state"] == "queued"
    assert first["slip"]["reason"] in (None, "agent_offline")  # no agent is linked, which is noticed a moment later
    assert first["steps"][0]["agency"] == "immigration"


async def test_a_journey_has_a_step_for_each_service(edge: Edge):
    """Several services on one slip are steps of one ticket, of which the first waits."""
    answer = await edge.post("/tickets", {"services": ["passport", "birth"]}, by="kiosk")

    assert answer.status == 201
    assert [(s["service"], s["state"]) for s in answer["steps"]] == [("passport", "waiting"), ("birth", "planned")]


async def test_what_a_kiosk_is_refused_with(edge: Edge):
    """Each reason why no ticket is given has its own code."""
    await edge.ticket("full")

    refusals = {
        name: (await edge.post("/tickets", {"service": name}, by="kiosk")).said
        for name in ("nosuch", "night", "full", "roll")
    }

    assert refusals == {
        "nosuch": (404, "unknown_service", None),
        "night": (409, "service_closed", "closed_now"),
        "full": (409, "quota_reached", "quota_reached"),
        "roll": (409, "service_closed", "paper_roll"),
    }


async def test_a_body_that_is_not_understood_names_its_field(edge: Edge):
    """A wrong body is `invalid` and says which field is wrong."""
    bodies: dict[str, object] = {
        "service": {"service": 7},
        "services": {"service": "passport", "services": ["visa"]},
        "colour": {"service": "passport", "colour": "red"},
    }

    answers = {field: await edge.post("/tickets", body, by="kiosk") for field, body in bodies.items()}
    broken = await edge.post("/tickets", b"{", by="kiosk")
    nothing = await edge.post("/tickets", by="kiosk")
    form = await edge.post(
        "/tickets", b"service=passport", by="kiosk", Content_Type="application/x-www-form-urlencoded"
    )

    assert {field: (a.status, a.code, a["fields"]["field"]) for field, a in answers.items()} == {
        field: (422, "invalid", field) for field in bodies
    }
    assert broken.said == (422, "invalid", "json")
    assert nothing.said == (422, "invalid", "services")
    assert form.said == (422, "invalid", "content_type")


async def test_the_same_key_is_one_ticket(edge: Edge):
    """Sent again with its key, at once or later, a request gives the first status and the ticket as it is now."""

    def send(by: str = "kiosk", service: str = "passport"):
        return edge.post("/tickets", {"service": service}, by=by, Idempotency_Key="tap-1")

    twins = await asyncio.gather(*(send() for _ in range(5)))
    await edge.post(f"/tickets/{twins[0]['id']}/cancel")

    again = await send()
    other = await send(service="visa")
    elsewhere = await send(by=edge.token("kiosk", name="K2"))

    assert {(t.status, t["id"]) for t in twins} == {(201, twins[0]["id"])}
    assert (again.status, again["id"], again["state"]) == (201, twins[0]["id"], "cancelled")
    assert other.said[:2] == (422, "idempotency_mismatch")
    assert elsewhere["id"] != twins[0]["id"]


async def test_whoever_has_the_id_follows_and_cancels(edge: Edge):
    """Without a token, the id alone shows the public view, which has no clerk, and gives the place up."""
    called = await edge.called()

    public = await edge.get(f"/tickets/{called['id']}")
    staff = await edge.get(f"/tickets/{called['id']}", by="clerk")
    cancelled = await edge.post(f"/tickets/{called['id']}/cancel")

    assert "clerk" not in public["steps"][0]
    assert "note" not in public.body
    assert staff["steps"][0]["clerk"] == "ani"
    assert (cancelled.status, cancelled["state"]) == (200, "cancelled")


async def test_only_lookups_that_find_nothing_count(edge: Edge):
    """An address that asks for too many tickets that are none is told to wait; staff and what is found never count."""
    ticket = await edge.ticket()

    found = [await edge.get(f"/tickets/{ticket['id']}") for _ in range(40)]
    missing = [await edge.get(f"/tickets/nothing{n}") for n in range(31)]
    staff = await edge.get("/tickets/nothing", by="clerk")

    assert {a.status for a in found} == {200}
    assert [a.code for a in missing] == ["not_found"] * 30 + ["rate_limited"]
    assert int(missing[-1].headers["Retry-After"]) == missing[-1]["fields"]["retry_after_s"] > 0
    assert staff.code == "not_found"


async def test_staff_are_told_what_may_be_done_with_a_ticket(edge: Edge):
    """A counter that asks hears its own moves, too; whoever holds the slip hears of none."""
    ticket = await edge.ticket()
    await edge.post("/counters/1/open", by="clerk")

    found = await edge.get("/tickets?number=A001", by="manager")
    there = await edge.get("/tickets?number=A001&counter=1", by="clerk")
    again = await edge.get(f"/tickets/{ticket['id']}?counter=1", by="clerk")
    citizen = await edge.get(f"/tickets/{ticket['id']}")

    assert found["moves"] == ["reprint", "cancel"]
    assert there["moves"] == again["moves"] == ["call", "park", "transfer", "reprint", "cancel"]
    assert "moves" not in citizen.body


async def test_staff_find_a_ticket_by_its_number(edge: Edge):
    """Whoever lost the slip is found by the number, however it is written; citizens cannot look so."""
    ticket = await edge.ticket()

    found = await edge.get("/tickets?number=a 001", by="clerk")
    short = await edge.get("/tickets?number=a1", by="clerk")
    nobody = await edge.get("/tickets?number=A002", by="clerk")
    unsaid = await edge.get("/tickets", by="clerk")
    citizen = await edge.get("/tickets?number=A001")

    assert (found.status, found["id"], short.body) == (200, ticket["id"], found.body)
    assert nobody.said[:2] == (404, "not_found")
    assert unsaid.said[:2] == (422, "invalid")
    assert citizen.said[:2] == (401, "unauthorized")


async def test_a_reception_desk_takes_tickets_for_walk_ups(edge: Edge):
    """Staff issue for a counter or with a kiosk's printer; a kiosk does neither."""
    await edge.post("/counters/1/open", by="clerk")

    walk_up = await edge.post("/tickets", {"service": "visa", "counter": "1"}, by="clerk")
    printed = await edge.post("/tickets", {"service": "visa", "kiosk": "K1"}, by="clerk")
    plain = await edge.post("/tickets", {"service": "visa"}, by="clerk")
    kiosk = await edge.post("/tickets", {"service": "visa", "counter": "1"}, by="kiosk")

    assert (walk_up.status, walk_up["slip"]["state"]) == (201, "none")
    assert printed["slip"]["state"] == "queued"
    assert plain["slip"]["state"] == "none"
    assert kiosk.said == (403, "forbidden", "kiosk")


async def test_a_desks_slips_come_out_of_its_own_printer(tmp_path: Path):
    """Whoever works at a reception desk, or is let in there alone, need not say so; `printer` says another, or none."""
    desk = CONFIG.replace("[counters.2]", '[counters.2]\ndesk = true\nprinter = "P2"')
    async with edge_at(tmp_path, config=desk) as edge:
        await edge.post("/counters/2/open", by="clerk")
        token = edge.token("clerk", name="budi", counter="2")

        async def issued(by: str, **body: str) -> tuple[str, str | None]:
            answer = await edge.post("/tickets", {"service": "birth", **body}, by=by)
            assert answer.status == 201, answer
            return answer["slip"]["state"], edge.engine.state.tickets[answer["id"]].slip.printer

        found = [
            await issued("clerk"),
            await issued(token),
            await issued("manager", counter="2"),
            await issued("clerk", printer="P1"),
            await issued("clerk", printer=""),
            await issued("manager"),
        ]
        unknown = await edge.post("/tickets", {"service": "birth", "printer": "P9"}, by="clerk")
        kiosk = await edge.post("/tickets", {"service": "birth", "printer": "P2"}, by="kiosk")

        assert found == [("queued", "P2")] * 3 + [("queued", "P1"), ("none", None), ("none", None)]
        assert unknown.said[:2] == (404, "not_found")
        assert kiosk.said == (403, "forbidden", "kiosk")


async def test_notes_are_for_staff_and_stay_out_of_the_journal(edge: Edge):
    """A note's words are kept beside the journal, shown to staff only, and can be taken away."""
    ticket = await edge.ticket()
    words = "Ask for Mrs Siti"

    noted = await edge.post(f"/tickets/{ticket['id']}/note", {"text": words}, by="clerk")
    public = await edge.get(f"/tickets/{ticket['id']}")
    reference = edge.engine.state.tickets[ticket["id"]].note
    gone = await edge.post(f"/tickets/{ticket['id']}/note", {"text": ""}, by="clerk")

    assert noted["note"] == words
    assert "note" not in public.body
    assert reference is not None
    assert words not in reference
    assert gone["note"] is None


async def test_several_cases_on_one_ticket(edge: Edge):
    """A ticket brings one to 99 cases."""
    ticket = await edge.ticket()

    three = await edge.post(f"/tickets/{ticket['id']}/cases", {"cases": 3}, by="clerk")
    same = await edge.post(f"/tickets/{ticket['id']}/cases", {"cases": 3}, by="clerk")
    none = await edge.post(f"/tickets/{ticket['id']}/cases", {"cases": 0}, by="clerk")

    assert (three["cases"], same["cases"]) == (3, 3)
    assert none.said == (422, "invalid", "field")


async def test_a_parked_ticket_returns(edge: Edge):
    """A waiting ticket is set aside from any counter, and waits again when its citizen is back."""
    ticket = await edge.ticket()
    await edge.post("/counters/1/open", by="clerk")

    parked = await edge.post(f"/tickets/{ticket['id']}/park", {"reason": "Photocopies first"}, by="clerk")
    again = await edge.post(f"/tickets/{ticket['id']}/return", by="clerk")
    twice = await edge.post(f"/tickets/{ticket['id']}/return", by="clerk")

    assert (parked["state"], again["state"]) == ("parked", "waiting")
    assert edge.engine.state.tickets[ticket["id"]].step.reason != "Photocopies first"
    assert twice.said == (409, "illegal_move", "return_from_waiting")


async def test_an_outcome_is_corrected_with_a_reason(edge: Edge):
    """The outcome of a finished step changes with a reason; spaces in an outcome are underscores."""
    called = await edge.called()
    await edge.post("/counters/1/start", by="clerk")
    await edge.post("/counters/1/finish", {"outcome": "done"}, by="clerk")

    corrected = await edge.post(
        f"/tickets/{called['id']}/correct", {"outcome": "documents missing", "reason": "mistake"}, by="clerk"
    )
    unknown = await edge.post(f"/tickets/{called['id']}/correct", {"outcome": "lost", "reason": "mistake"}, by="clerk")

    assert corrected["steps"][0]["outcome"] == "documents_missing"
    assert unknown.said == (422, "invalid", "outcome")


async def test_an_earlier_days_outcome_is_answered_as_corrected(edge: Edge):
    """The answer to a correction shows the new outcome, whichever day the ticket is of and however often it is sent."""
    called = await edge.called()
    await edge.post("/counters/1/start", by="clerk")
    await edge.post("/counters/1/finish", by="clerk")
    edge.wait(24 * 3600)
    path, body = f"/tickets/{called['id']}/correct", {"outcome": "documents_missing", "reason": "mistake"}

    before = await edge.get(f"/tickets/{called['id']}")
    corrected = await edge.post(path, body, by="clerk", Idempotency_Key="once")
    again = await edge.post(path, body, by="clerk", Idempotency_Key="once")

    outcomes = [answer["steps"][0]["outcome"] for answer in (before, corrected, again)]
    assert outcomes == ["done", "documents_missing", "documents_missing"]


async def test_only_staff_reprint(edge: Edge):
    """A second slip wants a reason and a person; a kiosk cannot ask for one."""
    ticket = await edge.ticket()

    kiosk = await edge.post(f"/tickets/{ticket['id']}/reprint", {"reason": "mistake"}, by="kiosk")
    unsaid = await edge.post(f"/tickets/{ticket['id']}/reprint", {}, by="clerk")
    job = edge.engine.state.tickets[ticket["id"]].slip.job
    again = await edge.post(f"/tickets/{ticket['id']}/reprint", {"reason": "paper was torn"}, by="clerk")

    assert kiosk.said == (403, "forbidden", "role")
    assert (unsaid.status, unsaid["fields"]["field"]) == (422, "reason")
    assert again["slip"]["state"] == "queued"
    assert edge.engine.state.tickets[ticket["id"]].slip.job != job


async def test_yesterdays_ticket_can_be_followed(edge: Edge):
    """A ticket of an earlier day is shown as it ended."""
    ticket = await edge.ticket()
    edge.wait(24 * 3600)
    await edge.engine.catch_up()

    yesterday = await edge.get(f"/tickets/{ticket['id']}")

    assert (yesterday.status, yesterday["state"], yesterday["day"]) == (200, "expired", "2026-11-24")
    assert edge.engine.state.day == "2026-11-25"


async def test_nothing_moves_yesterdays_ticket(edge: Edge):
    """Its id still leads to it, so a move is refused for the day that is over; an id that nobody has is not found."""
    ticket = (await edge.ticket())["id"]
    edge.wait(24 * 3600)
    await edge.engine.catch_up()
    await edge.post("/counters/1/open", by="clerk")
    moves: dict[str, object] = {
        "/tickets/{}/cancel": None,
        "/tickets/{}/return": None,
        "/tickets/{}/reprint": {"reason": "mistake"},
        "/tickets/{}/note": {"text": "Waits outside"},
        "/tickets/{}/cases": {"cases": 2},
        "/tickets/{}/park": {"counter": "1"},
        "/counters/1/call": {"ticket": "{}"},
        "/counters/1/transfer": {"ticket": "{}", "service": "visa"},
    }

    def send(path: str, body: object, id_: str):
        named = {**body, "ticket": id_} if isinstance(body, dict) and "ticket" in body else body
        return edge.post(path.format(id_), named, by="clerk")

    over = {path: (await send(path, body, ticket)).said for path, body in moves.items()}
    unknown = {path: (await send(path, body, "nobodyhasit1")).said[:2] for path, body in moves.items()}
    citizen = await edge.post(f"/tickets/{ticket}/cancel")

    assert over == dict.fromkeys(moves, (409, "illegal_move", "day_over"))
    assert unknown == dict.fromkeys(moves, (404, "not_found"))
    assert (citizen.said, citizen["fields"]["day"]) == ((409, "illegal_move", "day_over"), "2026-11-24")


async def test_a_kiosk_takes_no_more_than_the_mall_lets_it(tmp_path: Path):
    """`tickets_per_kiosk` limits each kiosk by itself."""
    limited = CONFIG + '\n[limits]\ntickets_per_kiosk = "2 per minute"\n'
    async with edge_at(tmp_path, config=limited) as edge:
        answers = [await edge.post("/tickets", {"service": "visa"}, by="kiosk") for _ in range(3)]
        other = await edge.post("/tickets", {"service": "visa"}, by=edge.token("kiosk", name="K2"))

        assert [a.status for a in answers] == [201, 201, 429]
        assert other.status == 201


def test_an_id_can_be_typed_from_paper():
    """Twelve small letters and digits of which none looks like another; two drawn at once have nothing in common."""
    drawn = [new_id() for _ in range(1_000)]

    assert len(set(drawn)) == len(drawn)
    assert all(len(id_) == 12 for id_ in drawn)
    assert set("".join(drawn)) == set("23456789abcdefghijkmnpqrstuvwxyz")
