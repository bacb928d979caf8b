"""`antrean privacy`: the key of personal words, and what is kept of one citizen."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from queue_server.cli import antrean
from queue_server.domain.events import PersonalDataErased
from queue_server.registry.store import open_registry
from queue_server.service.forgetting import Forgetting
from tests.waiting import until
from tests.web.edge import CONFIG, Edge, edge_at
from tests.web.test_citizens import acts, history


def privacy(folder: Path, *words: str, typed: str | None = None) -> Result:
    config = folder / "config.toml"
    if not config.exists():
        config.write_text(CONFIG, encoding="utf-8")
    where = ("--config", str(config), "--data", str(folder))
    return CliRunner().invoke(antrean, ["privacy", *words, *(where if words != ("key",) else ())], input=typed)


def test_a_key_is_exchanged_by_the_guides_steps(tmp_path: Path):
    """A fresh first line; how much is left is said until all is sealed by it."""
    registry = open_registry(tmp_path / "registry.db")
    registry.personal.add("note", "Ibu Sari")
    registry.close()
    before = privacy(tmp_path, "keys")
    file = tmp_path / "personal.key"

    fresh = privacy(tmp_path, "key").stdout
    file.write_text(fresh + file.read_text())
    during = privacy(tmp_path, "keys")
    registry = open_registry(tmp_path / "registry.db")
    registry.personal.seal_anew()
    registry.close()
    file.write_text(fresh)

    assert (before.stdout, during.stdout, privacy(tmp_path, "keys").stdout) == ("0\n", "1\n", "0\n")


def test_looking_makes_no_key(tmp_path: Path):
    """Where nothing personal was ever kept, there is nothing to seal."""
    looked = privacy(tmp_path, "keys")

    assert looked.stdout == "0\n"
    assert not (tmp_path / "personal.key").exists()


SAID = {"name": "Ibu Sari", "phone": "0812 5550-1234"}
ASKS = """
[questions.name]
asks = "name"
purpose = "x"
[questions.phone]
asks = "phone"
purpose = "x"
"""


@pytest.fixture
async def mall(tmp_path: Path) -> AsyncIterator[Edge]:
    async with edge_at(tmp_path, config=CONFIG + ASKS) as running:
        yield running


async def beside(edge: Edge, folder: Path, *words: str, typed: str | None = None) -> Result:
    """The command, while the server runs."""
    where = ("--config", str(folder / "config.toml"), "--data", str(folder / "data"))
    return await asyncio.to_thread(CliRunner().invoke, antrean, ["privacy", *words, *where], input=typed)


async def test_all_about_a_citizen_is_given_out_and_forgotten(mall: Edge, tmp_path: Path):
    """By the phone, by the number, by the id: the journey, the notes, what was said; then only the journey is left."""
    ticket = await mall.ticket(citizen=SAID)
    await mall.post(f"/tickets/{ticket['id']}/note", {"text": "Her sister came along"}, by="clerk")
    asked = (ticket["number"].lower(), ticket["id"])

    by_phone = await beside(mall, tmp_path, "export", "--phone", typed="0812-5550 1234\n")
    given = [json.loads(by_phone.stdout)]
    given += [json.loads((await beside(mall, tmp_path, "export", one)).stdout) for one in asked]
    erased = await beside(mall, tmp_path, "erase", ticket["number"], "--yes")

    assert given[0] == given[1] == given[2]
    (kept,) = given[0]
    assert [event["type"] for event in kept["events"][:2]] == ["TicketIssued", "NoteAttached"]
    assert sorted(kept["words"].values()) == ["Her sister came along", '{"name":"Ibu Sari","phone":"081255501234"}']
    assert "2 texts of 1 tickets" in erased.stdout
    (after,) = json.loads((await beside(mall, tmp_path, "export", ticket["id"])).stdout)
    assert set(after["words"].values()) == {None}
    assert (await beside(mall, tmp_path, "export", "--phone", typed="0812-5550 1234\n")).exit_code == 1


@pytest.mark.parametrize("words", [("0812-5550 1234",), (), ("A-1", "--phone")])
@pytest.mark.parametrize("act", ["export", "erase"])
def test_a_phone_is_no_argument(tmp_path: Path, act: str, words: tuple[str, ...]):
    """Everybody on the machine sees arguments: it is wrong usage, and what is right is said without the phone."""
    ran = privacy(tmp_path, act, *words)

    assert ran.exit_code == 2
    assert "--phone" in ran.stderr
    assert "5550" not in ran.stderr


async def test_an_erasure_is_in_the_journal(mall: Edge, tmp_path: Path):
    """The server tells the chain of each text, and who had it forgotten."""
    ticket = await mall.ticket(citizen=SAID)
    reference = mall.engine.state.tickets[ticket["id"]].citizen
    await beside(mall, tmp_path, "erase", ticket["id"], "--yes")

    await Forgetting(mall.engine, mall.parts.registry, lambda: mall.parts.settings().privacy).look()

    assert [event.reference for event in history(mall) if isinstance(event, PersonalDataErased)] == [reference]
    await until(lambda: acts(mall, "citizen_erased"))
    (act,) = acts(mall, "citizen_erased")
    assert (act.by, act.about, act.details) == ("machine", f"ticket:{ticket['id']}", {"gone": "1"})


async def test_nothing_goes_without_a_yes(mall: Edge, tmp_path: Path):
    """Whoever is asked and says nothing has erased nothing; whom nobody knows is said so."""
    ticket = await mall.ticket(citizen=SAID)

    unsure = await beside(mall, tmp_path, "erase", ticket["id"])
    unknown = await beside(mall, tmp_path, "erase", "--phone", "--yes", typed="0811111111\n")

    assert (unsure.exit_code, unknown.exit_code) == (1, 1)
    assert "Nothing is kept under" in unknown.stderr
    assert mall.parts.registry.citizens.of_ticket(ticket["id"])
