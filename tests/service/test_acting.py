"""What people did comes from the registry into the journal, once, whoever noted it and whenever."""

from __future__ import annotations

from pathlib import Path

from queue_server.domain.acts import ActKind
from queue_server.domain.events import ActNoted
from queue_server.registry.store import open_registry
from tests.waiting import until
from tests.web.edge import Edge, edge_at

OWN = {ActKind.KEY_MADE, ActKind.RETENTION_RAN}


def acts(edge: Edge) -> list[ActNoted]:
    """In the journal's order, without those that the server does by itself."""
    journal = edge.engine.journal
    rows = (row.event for day in journal.days() for row in journal.read_day(day))
    return [event for event in rows if isinstance(event, ActNoted) and event.what not in OWN]


async def test_an_act_comes_into_the_journal(tmp_path: Path):
    """Who, what and why are in the chain within a moment; the address is not."""
    async with edge_at(tmp_path) as edge:
        edge.parts.registry.acts.note(ActKind.SIGN_IN_REFUSED, about="p1", why="secret", address="10.0.0.7")

        await until(lambda: acts(edge))

        (act,) = acts(edge)
        assert (act.what, act.about, act.why, act.times, act.done_at) == ("sign_in_refused", "p1", "secret", 1, None)
        assert edge.parts.registry.acts.addresses([act.act]) == {act.act: "10.0.0.7"}


async def test_a_command_beside_the_server_is_heard(tmp_path: Path):
    """What another program notes in the registry's file is taken into the journal by the server that runs."""
    async with edge_at(tmp_path) as edge:
        beside = open_registry(tmp_path / "data" / "registry.db")
        beside.acts.note(ActKind.PERSON_REMOVED, by="machine", about="p1")
        beside.close()

        await until(lambda: acts(edge))

        assert [(act.what, act.by, act.about) for act in acts(edge)] == [("person_removed", "machine", "p1")]


async def test_what_was_done_while_nothing_ran_follows(tmp_path: Path):
    """The next start takes it, and says when it was."""
    (tmp_path / "data").mkdir()
    registry = open_registry(tmp_path / "data" / "registry.db", clock=lambda: 1_000_000)
    registry.acts.note(ActKind.TOKEN_MADE, by="machine", about="token:1")
    registry.close()

    async with edge_at(tmp_path) as edge:
        await until(lambda: acts(edge))

        assert [(act.what, act.done_at) for act in acts(edge)] == [("token_made", 1_000_000)]
