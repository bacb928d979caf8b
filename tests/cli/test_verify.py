"""`antrean verify` and `antrean rebuild`: what they say, and with which exit status."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from queue_server.cli import antrean
from queue_server.database import lock_folder, open_file
from queue_server.domain import commands as c
from queue_server.journal.sqlite import open_journal
from queue_server.registry.store import open_registry
from tests.journal.hall import Hall


@pytest.fixture
def data(tmp_path: Path):
    """A data folder whose journal is open, as beside a running server."""
    hall = Hall(open_journal(tmp_path / "journal.db"))
    hall.open_day()
    hall.do(c.CancelTicket, ticket=hall.issue("pass"))
    yield tmp_path
    hall.journal.close()


def run(*words: str, data: Path) -> Result:
    return CliRunner().invoke(antrean, [*words, "--data", str(data)])


def edit(data: Path) -> None:
    db = open_file(data / "journal.db")
    db.execute("UPDATE events SET at = at + 1 WHERE seq = 2")
    db.close()


def test_a_whole_journal_is_said_with_its_last_hash(data: Path):
    """Exit status 0, and a hash by which a later verify finds what was cut off."""
    ran = run("verify", data=data)

    last = ran.stdout.split()[-1]
    assert (ran.exit_code, ran.stdout[:14]) == (0, "4 rows, 1 days")
    assert run("verify", "--against", last.upper(), data=data).exit_code == 0
    assert run("verify", "--against", "00" * 32, data=data).exit_code == 1


def test_an_edited_journal_is_said_with_the_row(data: Path):
    """Exit status 1 and the number of the first wrong row, for both commands."""
    edit(data)

    verified, rebuilt = run("verify", data=data), run("rebuild", data=data)

    assert (verified.exit_code, rebuilt.exit_code) == (1, 1)
    assert "Row 2" in verified.stderr
    assert "Row 2" in rebuilt.stderr


@pytest.mark.parametrize("command", ["verify", "rebuild"])
def test_a_wrong_folder_is_said_and_left_alone(tmp_path: Path, command: str):
    """Exit status 1 with the path; nothing is made there."""
    ran = run(command, data=tmp_path / "nowhere")

    assert ran.exit_code == 1
    assert "journal.db" in ran.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_no_journal_is_said(tmp_path: Path):
    """Exit status 1 and what SQLite makes of it."""
    (tmp_path / "journal.db").write_bytes(b"not a database at all" * 1_000)

    ran = run("verify", data=tmp_path)

    assert ran.exit_code == 1
    assert "not a database" in ran.stderr


def test_rebuild_wants_the_folder_for_itself(data: Path):
    """While a server runs there, rebuild refuses and says what to do."""
    with lock_folder(data):
        refused = run("rebuild", data=data)

    assert refused.exit_code == 1
    assert "Another server runs" in refused.stderr
    assert run("rebuild", data=data).stdout == "Made again from 4 events.\n"


def test_wrong_tables_are_said_and_mended_by_rebuild(data: Path):
    """Exit status 1 with the row and the command; afterwards verify says whole."""
    db = open_file(data / "journal.db")
    db.execute("UPDATE steps SET number = 'A999'")
    db.close()

    found = run("verify", data=data)

    assert found.exit_code == 1
    assert "Table steps: 1 row does not say what the events say" in found.stderr
    assert "number is 'A999' and not 'A001'" in found.stderr
    assert "stop the server and run `antrean rebuild`" in found.stderr
    assert run("rebuild", data=data).exit_code == 0
    assert run("verify", data=data).exit_code == 0


def test_what_only_a_backup_mends_is_said(data: Path):
    """Events that were changed come from a backup and from nowhere else."""
    edit(data)

    found = run("verify", data=data)

    assert "Restore the data folder from the latest backup" in found.stderr
    assert "antrean rebuild`" not in found.stderr


def test_a_damaged_registry_is_said(data: Path):
    """The other file of the folder is looked through too, with what to do without a backup."""
    open_registry(data / "registry.db").close()
    raw = bytearray((data / "registry.db").read_bytes())
    raw[4096:8192] = bytes(4096)
    (data / "registry.db").write_bytes(raw)

    found = run("verify", data=data)

    assert found.exit_code == 1
    assert "registry.db is damaged" in found.stderr
    assert "restore registry.db from a backup" in found.stderr


def test_rebuild_leaves_the_file_to_whom_it_belonged(data: Path):
    """Made again by whoever mends, the file keeps its rights; nothing else is left in the folder."""
    path = data / "journal.db"
    was = path.stat()
    names = {file.name for file in data.iterdir()}

    run("rebuild", data=data)

    now = path.stat()
    assert (now.st_uid, now.st_gid, now.st_mode) == (was.st_uid, was.st_gid, was.st_mode)
    assert {file.name for file in data.iterdir()} - names <= {"lock"}
