"""Counters over HTTP: a clerk's day, a supervisor at anybody's counter, and what each move is refused with."""

from __future__ import annotations

import asyncio

from tests.web.edge import Edge


async def test_a_visit_from_call_to_finish(edge: Edge):
    """Call, recall, start and finish each answer with the ticket; 204 when nobody waits any more."""
    ticket = await edge.called()

    again = await edge.post("/counters/1/recall", {"ticket": ticket["id"]}, by="clerk")
    started = await edge.post("/counters/1/start", by="clerk")
    finished = await edge.post("/counters/1/finish", {"outcome": "documents missing"}, by="clerk")
    nobody = await edge.post("/counters/1/call-next", by="clerk")

    assert (again.status, again["state"]) == (200, "called")
    assert (started["state"], finished["state"]) == ("serving", "served")
    assert finished["steps"][0]["outcome"] == "documents_missing"
    assert (nobody.status, nobody.body) == (204, b"")


async def test_call_next_finishes_who_is_served(edge: Edge):
    """Where the mall says so, calling the next finishes first, with 204 when nobody waits, and the key repeats that."""
    first = await edge.called()
    await edge.post("/counters/1/start", by="clerk")

    nobody = [
        await edge.post("/counters/1/call-next", {"outcome": "done"}, by="clerk", Idempotency_Key="next")
        for _ in range(2)
    ]
    served = await edge.get(f"/tickets/{first['id']}")

    assert [answer.status for answer in nobody] == [204, 204]
    assert (served["state"], served["steps"][0]["outcome"]) == ("served", "done")


async def test_the_counter_opens_pauses_resumes_and_closes(edge: Edge):
    """Each answers with the counter as it is then; a pause wants a reason, in the mall's words or others."""
    opened = await edge.post("/counters/1/open", by="clerk")
    paused = await edge.post("/counters/1/pause", {"reason": "break"}, by="clerk")
    resumed = await edge.post("/counters/1/resume", by="clerk")
    other = await edge.post("/counters/1/pause", {"reason": "Fire drill with Budi"}, by="clerk")
    unsaid = await edge.post("/counters/1/pause", {}, by="clerk")
    closed = await edge.post("/counters/1/close", by="clerk")

    assert (opened["state"], opened["clerk"], opened["services"]) == ("open", "ani", ["passport", "visa"])
    assert (paused["state"], paused["reason"]) == ("paused", "break")
    assert resumed["state"] == "open"
    assert other["reason"].startswith("~")
    assert edge.parts.registry.personal.read(other["reason"][1:]) == "Fire drill with Budi"
    assert (unsaid.status, unsaid["fields"]) == (422, {"field": "reason"})
    assert (closed["state"], closed["clerk"]) == ("closed", None)


async def test_what_moves_are_refused_with(edge: Edge):
    """A move that does not fit says why, with a code, and changes nothing."""
    closed = await edge.post("/counters/1/call-next", by="clerk")
    ticket = await edge.called()

    busy = await edge.post("/counters/1/call-next", by="clerk")
    stale = await edge.post("/counters/1/start", {"ticket": "another"}, by="clerk")
    early = await edge.post("/counters/1/finish", by="clerk")
    absent = await edge.post("/counters/1/no-show", by="clerk")
    unknown = await edge.post("/counters/99/open", by="clerk")
    empty = await edge.post("/counters/2/open", by=edge.token("clerk", name="budi"))
    nobody = await edge.post("/counters/2/start", by=edge.token("clerk", name="budi"))

    assert closed.said == (409, "counter_closed", "closed")
    assert busy.said == (409, "counter_busy", "called")
    assert stale.said == (409, "not_at_counter", "another")
    assert early.said == (409, "illegal_move", "finish_from_called")
    assert absent.said[:2] == (409, "too_soon")
    assert absent["fields"]["wait_s"] > 0
    assert unknown.said[:2] == (404, "not_found")
    assert empty.status == 200
    assert nobody.said == (409, "not_at_counter", "nobody")
    assert (await edge.get(f"/tickets/{ticket['id']}"))["state"] == "called"


async def test_a_no_show_after_enough_calls(edge: Edge):
    """Called twice, ten seconds apart, and not there."""
    ticket = await edge.called()
    edge.wait(11)
    await edge.post("/counters/1/recall", by="clerk")
    edge.wait(11)

    missed = await edge.post("/counters/1/no-show", {"ticket": ticket["id"]}, by="clerk")
    back = await edge.post(f"/tickets/{ticket['id']}/return", by="clerk")

    assert (missed["state"], back["state"]) == ("no_show", "waiting")


async def test_transfer_to_service_counter_and_clerk(edge: Edge):
    """A new step waits elsewhere with the same number; a place that is closed is refused."""
    budi = edge.token("clerk", name="budi")
    await edge.post("/counters/2/open", by=budi)
    first = await edge.called()

    moved = await edge.post("/counters/1/transfer", {"service": "birth"}, by="clerk")
    await edge.called()
    there = await edge.post("/counters/1/transfer", {"counter": "2"}, by="clerk")
    await edge.called()
    closed = await edge.post("/counters/1/transfer", {"counter": "3"}, by="clerk")
    nowhere = await edge.post("/counters/1/transfer", {}, by="clerk")
    person = await edge.post("/counters/1/transfer", {"clerk": "budi"}, by="clerk")

    assert moved["number"] == first["number"]
    assert [(s["service"], s["state"]) for s in moved["steps"]] == [("passport", "transferred"), ("birth", "waiting")]
    assert there["steps"][-1]["service"] == "passport"
    assert closed.said == (409, "counter_closed", "closed")
    assert nowhere.said == (422, "invalid", "destination")
    assert person["state"] == "waiting"


async def test_undoing_a_close_is_about_the_counter(edge: Edge):
    """204, though a ticket that had waited for that counter waits for it again."""
    budi = edge.token("clerk", name="budi")
    await edge.post("/counters/2/open", by=budi)
    await edge.called()
    await edge.post("/counters/1/transfer", {"counter": "2"}, by="clerk")
    await edge.post("/counters/2/close", by=budi)

    undone = await edge.post("/counters/2/undo", by=budi)

    assert undone.status == 204
    assert edge.engine.state.counters["2"].clerk == "budi"


async def test_a_transfer_promises_the_wait_of_where_it_lands(edge: Edge):
    """To a counter that serves something else the ticket lands in that, and that service's estimate is promised."""
    await edge.post("/counters/3/open", by=edge.token("clerk", name="citra"))
    for _ in range(6):
        await edge.ticket("birth")
    await edge.called()
    edge.wait(2)
    await edge.engine.keep_up()
    estimates = edge.engine.estimates

    moved = await edge.post("/counters/1/transfer", {"counter": "3"}, by="clerk")

    step = edge.engine.state.tickets[moved["id"]].step
    assert step.service == "birth"
    assert step.promise is not None
    assert (step.promise.p50, step.promise.p90) == (estimates["birth"].p50, estimates["birth"].p90)
    assert estimates["birth"] != estimates["passport"]


async def test_park_and_put_back(edge: Edge):
    """Both take the ticket from the counter; a reason to park is a code or kept words."""
    ticket = await edge.called()

    back = await edge.post("/counters/1/put-back", {"ticket": ticket["id"]}, by="clerk")
    await edge.post("/counters/1/call-next", by="clerk")
    parked = await edge.post("/counters/1/park", {"reason": "mistake"}, by="clerk")

    assert (back["state"], parked["state"]) == ("waiting", "parked")
    assert edge.engine.state.tickets[ticket["id"]].step.reason == "mistake"


async def test_undo_takes_the_last_command_back(edge: Edge):
    """For a few seconds, once, and only what the screen means."""
    ticket = await edge.called()

    other = await edge.post("/counters/1/undo", {"ticket": "another"}, by="clerk")
    undone = await edge.post("/counters/1/undo", {"ticket": ticket["id"]}, by="clerk")
    edge.wait(3)
    await edge.post("/counters/1/call-next", by="clerk")
    edge.wait(60)
    late = await edge.post("/counters/1/undo", by="clerk")

    assert other.said == (409, "not_at_counter", "another")
    assert (undone["id"], undone["state"]) == (ticket["id"], "waiting")
    assert late.said == (409, "illegal_move", "undo_too_late")


async def test_a_chosen_ticket_is_called_where_the_mall_allows_it(edge: Edge):
    """Picking is a permission of the mall; the ticket must be one that the counter serves."""
    await edge.ticket()
    second = await edge.ticket()
    birth = await edge.ticket("birth")
    await edge.post("/counters/1/open", by="clerk")

    elsewhere = await edge.post("/counters/1/call", {"ticket": birth["id"]}, by="clerk")
    picked = await edge.post("/counters/1/call", {"ticket": second["id"]}, by="clerk")

    assert elsewhere.said == (409, "illegal_move", "counter_does_not_serve")
    assert (picked["id"], picked["state"]) == (second["id"], "called")


async def test_auto_call_and_help(edge: Edge):
    """A clerk switches auto-call on, asks for help, and a supervisor answers."""
    await edge.post("/counters/1/open", by="clerk")

    on = await edge.post("/counters/1/auto-call", {"on": True}, by="clerk")
    asked = await edge.post("/counters/1/help", by="clerk")
    since = edge.engine.state.counters["1"].help_since
    answered = await edge.post("/counters/1/help-answered", by="supervisor")

    assert [a.status for a in (on, asked, answered)] == [200, 200, 200]
    assert edge.engine.state.counters["1"].auto_call
    assert since is not None
    assert edge.engine.state.counters["1"].help_since is None


async def test_a_supervisor_acts_in_the_name_of_the_clerk_who_is_there(edge: Edge):
    """At an occupied counter a supervisor's command is the clerk's; another clerk's is refused."""
    ticket = await edge.called()

    stranger = await edge.post("/counters/1/put-back", by=edge.token("clerk", name="budi"))
    back = await edge.post("/counters/1/put-back", {"ticket": ticket["id"], "reason": "mistake"}, by="supervisor")
    closed = await edge.post("/counters/1/close", {"reason": "mistake"}, by="supervisor")

    assert stranger.said == (403, "forbidden", "other_clerk")
    assert back["state"] == "waiting"
    assert closed["state"] == "closed"


async def test_a_token_for_one_counter_opens_no_other(edge: Edge):
    """`--counter` narrows where a clerk acts, not what the clerk sees."""
    tied = edge.token("clerk", name="ani", counter="1")

    other = await edge.post("/counters/2/open", by=tied)
    own = await edge.post("/counters/1/open", by=tied)
    seen = await edge.get("/counters/2", by=tied)

    assert other.said == (403, "forbidden", "other_counter")
    assert (own.status, seen.status) == (200, 200)


async def test_one_clerk_works_at_one_counter(edge: Edge):
    """Opening another counter leaves the first; a counter that somebody works at is refused to others."""
    await edge.post("/counters/1/open", by="clerk")
    await edge.post("/counters/2/open", by="clerk")
    taken = await edge.post("/counters/2/open", by=edge.token("clerk", name="budi"))

    states = {c["id"]: c["state"] for c in (await edge.get("/counters", by="clerk")).body}

    assert states == {"1": "closed", "2": "open", "3": "closed"}
    assert taken.said == (409, "counter_busy", "other_clerk")


async def test_a_counter_shows_what_waits_for_it(edge: Edge):
    """One counter comes with its queue, in the order of calling and with the reasons."""
    await edge.ticket("visa")
    elderly = await edge.ticket("passport", category="elderly")

    counter = await edge.get("/counters/1", by="clerk")

    assert counter["queue"]["waiting"] == 2
    assert counter["queue"]["next"][0]["ticket"] == elderly["id"]
    assert counter["queue"]["next"][0]["why"] == "due"


async def test_a_supervisor_moves_services_between_counters(edge: Edge):
    """A counter serves other services until the day ends, recorded with the reason."""
    moved = await edge.post("/counters/1/services", {"services": ["birth"], "reason": "mistake"}, by="supervisor")
    clerk = await edge.post("/counters/1/services", {"services": ["visa"], "reason": "mistake"}, by="clerk")
    unknown = await edge.post("/counters/1/services", {"services": ["x"], "reason": "mistake"}, by="supervisor")
    none = await edge.post("/counters/1/services", {"services": [], "reason": "mistake"}, by="supervisor")

    assert moved["services"] == ["birth"]
    assert clerk.said == (403, "forbidden", "role")
    assert unknown.said[:2] == (404, "unknown_service")
    assert none.said == (422, "invalid", "services")


async def test_two_clerks_never_get_the_same_ticket(edge: Edge):
    """Two clerks race for the last ticket: one gets it, the other gets 204. (The engine holds a thousand races.)"""
    budi = edge.token("clerk", name="budi")
    await edge.post("/counters/1/open", by="clerk")
    await edge.post("/counters/2/open", by=budi)

    for _ in range(25):
        ticket = await edge.ticket()
        answers = await asyncio.gather(
            edge.post("/counters/1/call-next", by="clerk"), edge.post("/counters/2/call-next", by=budi)
        )
        winner = next(a for a in answers if a.status == 200)
        counter = winner["steps"][0]["counter"]
        await edge.post(f"/counters/{counter}/start", by="supervisor")
        await edge.post(f"/counters/{counter}/finish", by="supervisor")

        assert sorted(a.status for a in answers) == [200, 204]
        assert winner["id"] == ticket["id"]
