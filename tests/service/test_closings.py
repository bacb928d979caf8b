"""Each day's closing hash is signed by itself, and given away as a page, an answer and a file."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from click.testing import CliRunner

from queue_server.cli import antrean
from queue_server.journal.closing import read_closings
from queue_server.reports.period import Period
from queue_server.web.reporting import reporting
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
