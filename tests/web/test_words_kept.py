"""Free words are settled with the command that they came with: kept if it was carried out, forgotten if not."""

from __future__ import annotations

from queue_server.domain import events as e
from tests.web.edge import Edge
from tests.web.test_supervised import last


def unsettled(edge: Edge) -> list[str]:
    """References that nobody has decided about; a later sweep would have to."""
    found: list[str] = []

    def named(reference: str) -> bool:
        found.append(reference)
        return True

    edge.parts.registry.personal.sweep(named, older_than_ms=0)
    return found


async def test_words_of_a_command_that_was_carried_out_are_kept(edge: Edge):
    """The event names them, so they stay."""
    await edge.post("/counters/1/open", by="clerk")

    paused = await edge.post("/counters/1/pause", {"reason": "Tea with Siti"}, by="clerk")

    assert unsettled(edge) == []
    assert edge.parts.registry.personal.read(paused["reason"][1:]) == "Tea with Siti"


async def test_words_of_a_refused_command_are_forgotten(edge: Edge):
    """Nothing names them, so nothing of them stays."""
    refused = await edge.post("/counters/1/pause", {"reason": "Tea with Siti"}, by="clerk")

    assert refused.code == "counter_closed"
    assert unsettled(edge) == []


async def test_the_same_request_again_keeps_nothing_new(edge: Edge):
    """A repeated request gets the answer of the first, and its words are not written a second time."""
    ticket = await edge.ticket()
    path, body = f"/tickets/{ticket['id']}/note", {"text": "Ask for Siti"}
    first = await edge.post(path, body, by="clerk", Idempotency_Key="note")
    reference = edge.engine.state.tickets[ticket["id"]].note

    again = await edge.post(path, body, by="clerk", Idempotency_Key="note")

    assert first["note"] == again["note"] == "Ask for Siti"
    assert edge.engine.state.tickets[ticket["id"]].note == reference
    assert unsettled(edge) == []


async def test_a_put_back_that_also_frees_an_address_answers_with_its_ticket(edge: Edge):
    """What follows from a command does not change whom its answer is about, nor what becomes of its words."""
    await edge.post("/counters/1/open", by="clerk")
    await edge.ticket()
    await edge.post("/counters/1/call-next", by="clerk")
    addressed = await edge.post("/counters/1/transfer", {"counter": "1"}, by="clerk")
    await edge.post("/counters/1/call-next", by="clerk")
    await edge.post("/counters/1/services", {"services": ["visa"], "reason": "mistake"}, by="supervisor")

    back = await edge.post("/counters/1/put-back", {"reason": "Ani is needed elsewhere"}, by="supervisor")

    event = last(edge, e.TicketPutBack)
    assert (back.status, back["id"], back["state"]) == (200, addressed["id"], "waiting")
    assert last(edge, e.AddressReleased).ticket == addressed["id"]
    assert edge.parts.registry.personal.read(event.reason[1:]) == "Ani is needed elsewhere"
    assert unsettled(edge) == []


async def test_the_same_request_again_is_answered_though_it_would_be_refused_now(edge: Edge):
    """What came before under its key is answered as things are now: nothing is looked up, kept or checked for it."""
    ticket = await edge.called()
    parked = await edge.post("/counters/1/park", {"reason": "Tea with Siti"}, by="clerk", Idempotency_Key="park")
    await edge.post("/counters/1/close", by="clerk")
    await edge.post("/counters/1/open", by=edge.token("clerk", name="budi"))

    again = await edge.post("/counters/1/park", {"reason": "Tea with Siti"}, by="clerk", Idempotency_Key="park")

    assert (parked.status, parked["state"], again.status, again.body) == (200, "parked", 200, parked.body)
    assert again["id"] == ticket["id"]
    assert unsettled(edge) == []
