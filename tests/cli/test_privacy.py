"""`antrean privacy`: the key of personal words, and what is kept of one citizen."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import time_machine
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


async def beside(edge: Edge, folder: Path, *words: str, typed: str | None = None) -> subprocess.CompletedProcess[str]:
    """The command, while the server runs: a process of its own, so that no line of the server's log is taken for it."""
    where = ("--config", str(folder / "config.toml"), "--data", str(folder / "data"))
    command = [sys.executable, "-m", "queue_server", "privacy", *words, *where]
    return await asyncio.to_thread(
        subprocess.run, command, input=typed, capture_output=True, text=True, timeout=60, check=False
    )


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
    assert (await beside(mall, tmp_path, "export", "--phone", typed="0812-5550 1234\n")).returncode == 1


@pytest.mark.parametrize("words", [("0812-5550 1234",), (), ("A-1", "--phone")])
@pytest.mark.parametrize("act", ["export", "erase", "hold", "release"])
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


async def test_what_is_on_hold_is_read_by_nobody(mall: Edge, tmp_path: Path):
    """Neither by the clerk who has called, nor taken away by a job, until that is ended; whoever asks gets a copy."""
    ticket = (await mall.ticket(citizen=SAID))["id"]
    await mall.post("/counters/1/open", by="clerk")
    await mall.post("/counters/1/call-next", by="clerk")
    await mall.post(f"/tickets/{ticket}/note", {"text": "Her sister came along"}, by="clerk")
    forgetting = Forgetting(mall.engine, mall.parts.registry, lambda: mall.parts.settings().privacy)

    held = await beside(mall, tmp_path, "hold", ticket)
    citizen = await mall.get(f"/tickets/{ticket}/citizen", by="clerk")
    note = (await mall.get("/counters/1", by="clerk"))["ticket"]["note"]
    await mall.post("/counters/1/start", by="clerk")
    await mall.post("/counters/1/finish", by="clerk")
    mall.wait(30 * 86_400)
    with time_machine.travel(time.time() + 100 * 86_400):
        await forgetting.look()
        gone = await forgetting.forget_due(), await forgetting.forget_notes()
    (kept,) = json.loads((await beside(mall, tmp_path, "export", ticket)).stdout)
    released = await beside(mall, tmp_path, "release", ticket)
    gone_then = await forgetting.forget_due()

    assert "2 texts of 1 tickets are on hold" in held.stdout
    assert (citizen.status, note, gone) == (404, None, (0, 0))
    assert None not in kept["words"].values()
    assert set(kept["held"]) == set(kept["words"])
    assert "2 texts" in released.stdout
    assert gone_then == 1
    await until(lambda: acts(mall, "citizen_released"))
    assert [act.by for act in acts(mall, "citizen_held")] == ["machine"]


async def test_what_staff_wrote_goes_after_its_time(mall: Edge):
    """Notes and reasons, not what citizens said; the journal says text by text that they went, and that the job ran."""
    ticket = await mall.ticket(citizen=SAID)
    await mall.post(f"/tickets/{ticket['id']}/note", {"text": "Her sister came along"}, by="clerk")
    assert (await mall.post("/hall/hold", {"reason": "A pipe burst"}, by="supervisor")).status == 200
    forgetting = Forgetting(mall.engine, mall.parts.registry, lambda: mall.parts.settings().privacy)

    early = await forgetting.forget_notes()
    with time_machine.travel(time.time() + 91 * 86_400):
        gone, again = await forgetting.forget_notes(), await forgetting.forget_notes()

    assert (early, gone, again) == (0, 2, 0)
    assert mall.parts.registry.citizens.of_ticket(ticket["id"])
    assert len([event for event in history(mall) if isinstance(event, PersonalDataErased)]) == 2
    await until(lambda: [act for act in acts(mall, "retention_ran") if act.details == {"gone": "2"}])


async def test_nothing_goes_without_a_yes(mall: Edge, tmp_path: Path):
    """Whoever is asked and says nothing has erased nothing; whom nobody knows is said so."""
    ticket = await mall.ticket(citizen=SAID)

    unsure = await beside(mall, tmp_path, "erase", ticket["id"])
    unknown = await beside(mall, tmp_path, "erase", "--phone", "--yes", typed="0811111111\n")

    assert (unsure.returncode, unknown.returncode) == (1, 1)
    assert "Nothing is kept under" in unknown.stderr
    assert mall.parts.registry.citizens.of_ticket(ticket["id"])
