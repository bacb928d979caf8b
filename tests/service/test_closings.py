"""Each day's closing hash is signed by itself, and given away as a page, an answer and a file."""

from __future__ import annotations

import asyncio
from contextlib import closing as closes
from datetime import date
from pathlib import Path

from click.testing import CliRunner, Result

from queue_server.cli import antrean
from queue_server.database import open_file
from queue_server.journal.closing import read_closings
from queue_server.reports.period import Period
from queue_server.web.reading.reporting import reporting
from tests.waiting import until
from tests.web.edge import CONFIG, Edge, edge_at

DAY_S = 24 * 3600


async def over(edge: Edge) -> None:
    """The day ends, and its hash is signed."""
    closings = edge.parts.closings
    assert closings is not None
    known = len(closings.list)
    edge.wait(DAY_S)
    await edge.engine.catch_up()
    await until(lambda: len(closings.list) > known)


async def test_a_day_that_is_over_is_signed_and_given_away(tmp_path: Path):
    """The page, the API, the file and the folder of others say the same, and `verify` holds the journal to it."""
    folder = tmp_path / "inspectorate"
    folder.mkdir()
    async with edge_at(tmp_path, config=f'{CONFIG}\n[audit]\npublish = "{folder}"\n') as edge:
        await edge.ticket()
        await over(edge)
        await until(lambda: (folder / "mall-closings.jsonl").exists())
        said = await edge.get("/closings")
        page = await edge.page("/closings?lang=en", Accept="text/html")

    (closing,) = read_closings((tmp_path / "data" / "closings.jsonl").read_bytes())
    kept = str(folder / "mall-closings.jsonl")
    ran = CliRunner().invoke(
        antrean,
        ["verify", "--data", str(tmp_path / "data"), "--against", kept, "--key", closing.public_key],
    )
    assert [one["hash"] for one in said["closings"]] == [closing.hash]
    assert closing.hash.encode() in page.body
    assert (ran.exit_code, ran.stderr) == (0, "")
    assert ran.stdout.startswith(f"1 days signed by {closing.public_key}")


async def test_an_auditor_from_outside_holds_the_mall_to_it(tmp_path: Path):
    """The way of docs/audit.md: the page's file and key, a record without names or keys, and what breaks the proof."""
    where, kept, record = ("--data", str(tmp_path / "data")), tmp_path / "kept.jsonl", tmp_path / "record"
    age = invoked("backup", "--new-key", str(tmp_path / "auditor.key")).stdout.strip()
    async with edge_at(tmp_path) as edge:
        await edge.called()
        await over(edge)
        saved = await edge.page("/closings?format=jsonl")
        key = (await edge.get("/closings"))["public_key"]
        made = ("backup", str(tmp_path / "record.age"), "--journal", "--to", age, *where)
        made_says = await asyncio.to_thread(invoked, *made)
    kept.write_bytes(saved.body)

    restored = invoked(
        "restore", str(tmp_path / "record.age"), "--key", str(tmp_path / "auditor.key"), "--data", str(record)
    )
    proof = ("verify", "--data", str(record), "--against", str(kept), "--key", key)
    whole = invoked(*proof)
    with closes(open_file(record / "journal.db")) as db:
        db.execute("UPDATE events SET at = at + 1 WHERE seq = 3")
    changed = invoked(*proof)
    kept.write_bytes(saved.body.replace(b'"row":', b'"row":1'))
    forged = invoked(*proof)

    assert saved.headers["Content-Disposition"] == 'attachment; filename="mall-closings.jsonl"'
    assert made_says.exit_code == restored.exit_code == 0
    assert restored.stdout.startswith(f"{record}: journal.db, closings.jsonl\n")
    assert (whole.exit_code, whole.stderr) == (0, "")
    assert changed.exit_code == 1
    assert "does not hash" in changed.stderr
    assert "signature" in forged.stderr


def invoked(*words: str) -> Result:
    return CliRunner().invoke(antrean, list(words))


async def test_a_day_that_ended_unsigned_is_signed_at_the_next_start(tmp_path: Path):
    """Where the file of closings is lost, it is made again from the journal, to the byte."""
    path = tmp_path / "data" / "closings.jsonl"
    async with edge_at(tmp_path) as edge:
        await over(edge)
        await until(path.exists)
    before = path.read_bytes()
    path.unlink()

    async with edge_at(tmp_path) as edge:
        await until(path.exists)

    assert path.read_bytes() == before


async def test_a_days_report_says_how_its_journal_closed(tmp_path: Path):
    """On the page, the sheet and the paper of a day that is over; a day that goes on has no hash yet."""
    async with edge_at(tmp_path) as edge:
        await edge.ticket()
        day = edge.engine.state.day
        bearer = f"Bearer {edge.token('manager', name='dewi')}"
        await over(edge)
        assert edge.parts.closings is not None
        hash_ = edge.parts.closings.list[-1].hash
        paths = [f"/report?from={day}&to={day}", f"/report/brief?from={day}&to={day}"]
        pages = [(await edge.page(path, Accept="text/html", Authorization=bearer)).body.decode() for path in paths]
        now = edge.engine.state.day
        today = await edge.page(f"/report?from={now}&to={now}", Accept="text/html", Authorization=bearer)
        made, page = await reporting(edge.parts)(
            Period(first=date.fromisoformat(day), last=date.fromisoformat(day)), "", "en"
        )

    assert all(hash_ in said for said in [*pages, made.closing, page()])
    assert hash_ not in today.body.decode()


async def test_what_cannot_be_signed_is_shown_until_it_can(tmp_path: Path):
    """On the floor and to operations, with what to mend; the hall goes on."""
    config = f'{CONFIG}\n[audit]\npublish = "{tmp_path / "nowhere"}"\n'
    async with edge_at(tmp_path, config=config) as edge:
        await over(edge)
        closings = edge.parts.closings
        assert closings is not None
        await until(lambda: closings.alarm)
        health = await edge.get("/healthz", by="admin")
        async with edge.live("floor", by="manager") as socket:
            await socket.receive_json()
            floor = await socket.receive_json()

    (alert,) = [one for one in floor["view"]["alerts"] if one["kind"] == "closing"]
    assert "nowhere" in alert["fields"]["why"]
    assert [said for said in health["alarms"] if "closing hash" in said]
    assert health.status == 200
