"""What a supervisor does in a clerk's place is recorded with who and why."""

from __future__ import annotations

from typing import Any

from queue_server.domain import events as e
from tests.web.edge import Edge


def last(edge: Edge, kind: type[e.Event]) -> Any:
    """The latest event of a kind, as the journal has it."""
    engine = edge.parts.engine
    rows = engine.journal.read_day(engine.state.day)
    return [row.event for row in rows if isinstance(row.event, kind)][-1]


async def test_closing_a_counter_for_its_clerk_is_recorded_with_the_reason(edge: Edge):
    """The event says who closed the counter and why, not only that it is closed."""
    await edge.post("/counters/1/open", by="clerk")

    closed = await edge.post("/counters/1/close", {"reason": "mistake"}, by="supervisor")

    event = last(edge, e.CounterLeft)
    assert closed["state"] == "closed"
    assert event.reason == "mistake"
    assert event.by is not None


async def test_a_call_that_a_supervisor_takes_back_is_recorded_with_the_reason(edge: Edge):
    """Put back from the floor: who, why, and the ticket waits at its old place."""
    ticket = await edge.post("/tickets", {"service": "passport"}, by="kiosk")
    await edge.post("/counters/1/open", by="clerk")
    await edge.post("/counters/1/call-next", by="clerk")

    back = await edge.post("/counters/1/put-back", {"ticket": ticket["id"], "reason": "mistake"}, by="supervisor")

    event = last(edge, e.TicketPutBack)
    assert back["state"] == "waiting"
    assert (event.reason, event.by is not None) == ("mistake", True)


async def test_a_reason_for_a_return_is_recorded_and_need_not_be_said(edge: Edge):
    """The floor asks for it; the call itself is the same for clerks and supervisors."""
    ticket = (await edge.called())["id"]

    back = await edge.post("/counters/1/put-back", {"ticket": ticket}, by="supervisor")
    await edge.post("/counters/1/call-next", by="clerk")
    await edge.post("/counters/1/park", {"ticket": ticket}, by="clerk")
    said = await edge.post(f"/tickets/{ticket}/return", {"reason": "mistake"}, by="supervisor")
    event = last(edge, e.TicketReturned)
    await edge.post("/counters/1/park", {"ticket": ticket}, by="clerk")
    unsaid = await edge.post(f"/tickets/{ticket}/return", by="supervisor")

    assert (back.status, unsaid.status) == (200, 200)
    assert (said["state"], event.reason, event.by) == ("waiting", "mistake", "supervisor")


async def test_why_a_hold_or_a_pause_ends_is_recorded(edge: Edge):
    """A configured code, or words that are kept apart; it need not be said."""
    await edge.post("/hall/hold", by="supervisor")
    await edge.post("/services/visa/pause", {"reason": "mistake"}, by="supervisor")

    released = await edge.post("/hall/release", {"reason": "evacuation"}, by="supervisor")
    resumed = await edge.post("/services/visa/resume", {"reason": "The printer works again"}, by="supervisor")

    assert (released.status, last(edge, e.HallReleased).reason) == (200, "evacuation")
    assert (resumed.status, last(edge, e.ServiceResumed).reason[0]) == (200, "~")


async def test_words_of_ones_own_never_enter_an_event(edge: Edge):
    """A reason in free words is kept apart, and the event names a reference."""
    await edge.post("/counters/1/open", by="clerk")

    await edge.post("/counters/1/close", {"reason": "Siti was called home"}, by="supervisor")

    event = last(edge, e.CounterLeft)
    assert event.reason.startswith("~")
    assert "Siti" not in event.reason


async def test_an_agencys_supervisor_does_not_decide_for_the_whole_mall(edge: Edge):
    """Holding the hall and confirming its clock are for those who answer for all of it."""
    token = edge.token("supervisor", agency="immigration")

    for path, body in (
        ("/hall/hold", None),
        ("/hall/release", None),
        ("/hall/evacuate", None),
        ("/hall/all-clear", None),
        ("/clock/confirm", None),
    ):
        refused = await edge.post(path, body, by=token)
        assert (refused.status, refused["reason"]) == (403, "other_agency")


async def test_an_agencys_supervisor_leaves_anothers_ticket_alone(edge: Edge):
    """At a counter that serves two agencies the other's ticket cannot be moved, named or not."""
    await edge.post("/tickets", {"service": "passport"}, by="kiosk")
    await edge.post("/counters/2/open", by="clerk")
    await edge.post("/counters/2/call-next", by="clerk")
    token = edge.token("supervisor", agency="registry")

    refused = await edge.post("/counters/2/put-back", {"reason": "mistake"}, by=token)

    assert (refused.status, refused["reason"]) == (403, "other_agency")
