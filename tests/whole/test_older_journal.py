"""A server comes up on a data folder that an earlier version has left."""

from __future__ import annotations

from pathlib import Path

from queue_server.database import open_to_read
from tests.journal.test_schema import VERSIONS, restored
from tests.whole.server import server


async def test_an_older_journal_is_carried_forward_before_the_first_command(tmp_path: Path):
    """Its rows say what this version would have written, and `verify` finds them so."""
    path = tmp_path / "data" / "journal.db"
    path.parent.mkdir()
    restored(VERSIONS[0], path)

    async with server(tmp_path, clock="2026-11-26T09:00:00+07:00") as house:
        health = await house.get("/healthz")
        verified = house.antrean("verify", "--data", str(house.data))

    db = open_to_read(path)
    ended = db.execute("SELECT state, was FROM steps WHERE ticket = 'ticket000001' ORDER BY step").fetchall()
    db.close()
    assert (health.status, health["status"]) == (200, "ok")
    assert ended == [("finished", None), ("expired", "waiting")]
    assert verified.returncode == 0, verified.stdout + verified.stderr
