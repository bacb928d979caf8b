"""Free words are settled with the command that they came with: kept if it was carried out, forgotten if not."""

from __future__ import annotations

from tests.web.edge import Edge


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
