"""A server on a file that a disk has damaged: it says so, and what mends it, instead of asking for room."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from queue_server.journal.sqlite import open_journal
from tests.journal.hall import Hall
from tests.journal.wiped import wipe
from tests.whole.server import NINE, ROOT, SAMPLE


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder whose journal was closed in the middle of a day."""
    data = tmp_path / "data"
    hall = Hall(open_journal(data / "journal.db"))
    hall.open_day()
    for _ in range(40):
        hall.issue("pass")
    hall.journal.close()
    return data


def serve(data: Path) -> subprocess.CompletedProcess[str]:
    """A server that cannot start; what it says."""
    where = ("--config", str(SAMPLE), "--data", str(data), "--port", "0", "--clock", NINE)
    command = [sys.executable, "-m", "queue_server", "serve", *where]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=100)


@pytest.mark.parametrize("name", ["events", "events_by_stream"])
def test_a_damaged_journal_is_no_full_disk(data: Path, name: str):
    """The server ends with one clear sentence that names the command which says what mends it."""
    wipe(data / "journal.db", name)

    ran = serve(data)

    assert ran.returncode == 1
    assert f"The journal {data / 'journal.db'} is damaged (" in ran.stderr
    assert f"`antrean verify --data {data}` says what mends it" in ran.stderr
    assert "disk full" not in ran.stderr
    assert "Traceback" not in ran.stderr


def test_a_damaged_registry_is_no_full_disk(data: Path):
    """The same of the other file."""
    (data / "registry.db").write_bytes(b"\x01" * 8192)

    ran = serve(data)

    assert ran.returncode == 1
    assert "registry.db is damaged (" in ran.stderr
    assert "restore the file from a backup" in ran.stderr
    assert "Traceback" not in ran.stderr
