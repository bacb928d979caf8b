"""The one door to SQLite: safe by default, one server per folder, tables brought up to date once."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from queue_server.database import Database, Fault, Migrations, advice, lock_folder, open_file, open_to_read, writing
from queue_server.errors import Broken, DataFolderBusy


def migrations() -> Migrations:
    made = Migrations("test")

    @made()
    def m001_first(db: Database) -> None:
        db.execute("CREATE TABLE things (id INTEGER PRIMARY KEY, name TEXT)")

    return made


def test_a_file_waits_for_the_disk_and_is_nobody_elses(tmp_path: Path):
    """Whatever is opened commits to the disk, in a folder and files that only the owner may read."""
    db = open_file(tmp_path / "data" / "x.db", migrations(), forgets=True)

    pragmas = [db.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "synchronous", "secure_delete")]

    assert pragmas == ["wal", 2, 1]
    assert (tmp_path / "data").stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in (tmp_path / "data").iterdir()} == {0o600}
    db.close()


def test_two_programs_may_meet_at_a_new_file(tmp_path: Path):
    """Whoever comes second finds the tables made, however close behind."""

    def opened(_: int) -> int:
        db = open_file(tmp_path / "x.db", migrations())
        db.execute("INSERT INTO things (name) VALUES ('mine')")
        count: int = db.execute("SELECT count(*) FROM _sqlite_migrations").fetchone()[0]
        db.close()
        return count

    with ThreadPoolExecutor(8) as pool:
        counts = list(pool.map(opened, range(8)))

    assert counts == [1] * 8


def test_a_transaction_is_whole_or_not_at_all(tmp_path: Path):
    """An error in the middle leaves nothing, and the next transaction works."""
    db = open_file(tmp_path / "x.db", migrations())

    def fail_half_way() -> None:
        with writing(db) as connection:
            connection.execute("INSERT INTO things (name) VALUES ('lost')")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_half_way()

    with writing(db) as connection:
        connection.execute("INSERT INTO things (name) VALUES ('kept')")

    assert [name for (name,) in db.execute("SELECT name FROM things").fetchall()] == ["kept"]
    db.close()


def test_what_is_opened_to_read_cannot_be_changed(tmp_path: Path):
    """A reader beside a running server can do no harm."""
    writer = open_file(tmp_path / "x.db", migrations())
    reader = open_to_read(tmp_path / "x.db")

    with pytest.raises(Fault, match="readonly"):
        reader.execute("INSERT INTO things (name) VALUES ('no')")

    reader.close()
    writer.close()


def test_reading_makes_no_file(tmp_path: Path):
    """Looking into the wrong folder says so and leaves nothing behind."""
    with pytest.raises(Broken, match="right folder"):
        open_to_read(tmp_path / "x.db")

    assert list(tmp_path.iterdir()) == []


def test_a_second_server_is_refused_and_a_dead_one_is_not_in_the_way(tmp_path: Path):
    """One process at a time holds a data folder; a killed one lets go without anybody cleaning up."""
    holder = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import sys, pathlib, queue_server.database as d\n"
            "lock = d.lock_folder(pathlib.Path(sys.argv[1])); print('held', flush=True); sys.stdin.read()",
            str(tmp_path),
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parent.parent,
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"

    with pytest.raises(DataFolderBusy, match="Another server"):
        lock_folder(tmp_path)
    holder.kill()
    holder.communicate()

    with lock_folder(tmp_path):
        pass


def test_a_file_that_another_program_holds_is_not_called_a_full_disk(tmp_path: Path):
    """What can be done about a lock is said of a lock, and about room of all else."""
    with writing(open_file(tmp_path / "file.db")), pytest.raises(Fault) as held:
        open_file(tmp_path / "file.db", busy_ms=1).execute("BEGIN IMMEDIATE")

    assert advice(held.value).startswith("Another program holds the file")
    assert advice(OSError("No space left on device")).startswith("Is the disk full")
