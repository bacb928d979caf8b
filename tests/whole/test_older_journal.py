"""A server on a data folder whose journal was written before the first release."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.journal.test_schema import VERSIONS, restored
from tests.whole.server import Server, server


async def test_a_journal_from_before_the_first_release_is_refused(tmp_path: Path):
    """The server, `verify` and `rebuild` say in one sentence what to do, and leave the file as it is."""
    path = tmp_path / "data" / "journal.db"
    path.parent.mkdir()
    restored(VERSIONS[0], path)
    before = path.read_bytes()

    with pytest.raises(AssertionError, match="before the first release of Antrean"):
        async with server(tmp_path, clock="2026-11-26T09:00:00+07:00"):
            pytest.fail("it started on a journal from before")
    house = Server(tmp_path / "data", tmp_path / "config.toml", (), "serve")
    said = [house.antrean(command, "--data", str(house.data)) for command in ("verify", "rebuild")]

    assert [one.returncode for one in said] == [1, 1]
    assert all("Move the data folder away" in one.stderr for one in said)
    assert path.read_bytes() == before
