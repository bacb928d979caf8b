"""An edited history is found, with the row; a whole one is told by its last hash."""

from __future__ import annotations

from pathlib import Path
from threading import Event, Thread

import pytest

from queue_server.database import open_file
from queue_server.domain import commands as c
from queue_server.errors import Broken, JournalDamaged
from queue_server.journal import chain
from queue_server.journal.sqlite import open_journal
from queue_server.journal.sqlite.rebuild import rebuild_file
from queue_server.journal.sqlite.verify import verify_file
from queue_server.journal.verify import Against
from tests.journal.hall import Hall
from tests.journal.promises import batch


@pytest.fixture
def path(tmp_path: Path):
    """Two days of history, the second still open."""
    path = tmp_path / "journal.db"
    hall = Hall(open_journal(path))
    hall.open_day()
    for _ in range(10):
        hall.issue("pass")
    hall.close_day()
    hall.open_day()
    hall.issue("tax")
    hall.do(c.OpenCounter, counter="1", clerk="ani")
    yield path
    hall.journal.close()


def edit(path: Path, *statements: str) -> None:
    db = open_file(path)
    for statement in statements:
        assert db.execute(statement).rowcount != 0
    db.close()


def test_a_whole_history_is_told_by_its_last_hash(path: Path):
    """Beside a running server, verify reads every row and gives the hash that stands for all of them."""
    report = verify_file(path)

    assert (report.wrong_seq, report.days) == (None, 2)
    assert report.rows == report.last_seq > 20
    assert len(report.last_hash) == 2 * chain.SIZE


@pytest.mark.parametrize(
    ("statement", "wrong_seq", "what"),
    [
        ("UPDATE events SET data = CAST(replace(data, 'A001', 'A002') AS BLOB) WHERE seq = 3", 3, "changed"),
        ("UPDATE events SET at = at + 1 WHERE seq = 4", 4, "changed"),
        ("UPDATE events SET stream = '2026-11-22' WHERE seq = 4", 4, "changed"),
        ("UPDATE events SET hash = zeroblob(32) WHERE seq = 5", 5, "changed"),
        ("DELETE FROM events WHERE seq IN (6, 7)", 8, "rows 6 to 7 are missing"),
        ("DELETE FROM events WHERE seq <= 2", 3, "missing"),
        (
            "INSERT INTO events SELECT 0, stream, at, data, hash, key, body, result, status FROM events WHERE seq = 1",
            0,
            "",
        ),
    ],
)
def test_an_edit_is_found_at_its_row(path: Path, statement: str, wrong_seq: int, what: str):
    """Whatever of a row is changed, taken out or put in, verify names the first row that is wrong."""
    edit(path, statement)

    report = verify_file(path)

    assert report.wrong_seq == wrong_seq
    assert report.wrong is not None
    assert what in report.wrong


def test_a_day_hashed_anew_does_not_fit_the_next(path: Path):
    """Who edits a day and hashes it again still has to forge every day after it, for each opens with the last hash."""
    db = open_file(path)
    rows = db.execute("SELECT seq, stream, at, data FROM events ORDER BY seq").fetchall()
    before = chain.START
    for seq, stream, at, data in rows:
        if seq == 3:
            data = data.replace(b"A001", b"A009")
        before = chain.link(before, seq, stream, at, data)
        db.execute("UPDATE events SET data = ?, hash = ? WHERE seq = ?", (data, before, seq))
    db.close()

    report = verify_file(path)

    assert report.wrong_seq == next(seq for seq, stream, *_ in rows if stream == "2026-11-24")
    assert report.wrong is not None
    assert "the hash that closed the one before" in report.wrong


def test_rows_cut_off_at_the_end_are_found_by_a_hash_kept_elsewhere(path: Path):
    """A shortened chain is whole in itself; whoever kept the last hash proves that rows are missing."""
    kept = verify_file(path).last_hash
    edit(path, "DELETE FROM events WHERE seq > 20")

    assert verify_file(path).wrong_seq is None
    assert verify_file(path, against=Against(hashes=[kept])).wrong_seq == 20


def test_a_day_torn_off_its_rules_is_found(tmp_path: Path):
    """A day is opened and given its rules in one commit; where only the first row is left, the second is missing."""
    path = tmp_path / "journal.db"
    hall = Hall(open_journal(path))
    hall.open_day()
    hall.issue("land")
    hall.close_day()
    hall.open_day()
    hall.journal.close()
    opened = hall.state.seq - 1
    edit(path, f"DELETE FROM events WHERE seq > {opened}")

    report = verify_file(path)

    assert (report.wrong_seq, report.wrong) == (opened, "the row that belongs after it is missing")
    with pytest.raises(JournalDamaged, match="is missing"):
        rebuild_file(path)


def test_a_hash_kept_earlier_is_found_in_the_chain(path: Path):
    """A history that has gone on since still contains the hash that was kept."""
    db = open_file(path)
    kept = db.execute("SELECT hash FROM events WHERE seq = 7").fetchone()[0].hex()
    db.close()

    assert verify_file(path, against=Against(hashes=[kept])).wrong_seq is None


def test_no_journal_is_said(tmp_path: Path):
    """A wrong folder is an error with the path, not an empty success."""
    with pytest.raises(Broken, match="no file"):
        verify_file(tmp_path / "journal.db")


@pytest.mark.parametrize(
    ("statement", "what"),
    [
        ("UPDATE steps SET wait_s = 7 WHERE number = 'A001'", "Table steps: 1 row does not say what the events say"),
        ("DELETE FROM steps WHERE day = '2026-11-23'", "10 rows do not say what the events say, first day 2026-11-23"),
        ("UPDATE counter_spans SET to_at = 1", "Table counter_spans: 1 row does not say what the events say"),
        (
            "INSERT INTO counter_spans SELECT day, '9', 0, 0, NULL, 'idle', NULL, NULL, NULL FROM counter_spans",
            "no such thing",
        ),
        ("UPDATE steps SET past = 0", "past is 0 and not 1"),
    ],
)
def test_a_table_that_does_not_say_what_the_events_say_is_found(path: Path, statement: str, what: str):
    """Statistics read only the tables, so verify makes them anew and compares; `rebuild` then makes them right."""
    edit(path, statement)

    report = verify_file(path)

    assert (report.wrong_seq, report.damage, len(report.differing)) == (None, (), 1)
    assert what in report.differing[0]
    assert not report.whole


def test_a_damaged_index_is_found(path: Path):
    """An index that lost a row is said, although every row of the table is right."""
    misfile(path)

    report = verify_file(path)

    assert (report.wrong_seq, report.differing) == (None, ())
    assert report.damage[0] == "row 5 missing from index events_by_stream"


def misfile(path: Path) -> None:
    """Row 5 of `events` is no longer where the index over `stream` has it."""
    db = open_file(path)
    sql = db.execute("SELECT sql FROM sqlite_master WHERE name = 'events_by_stream'").fetchone()[0]
    db.execute("PRAGMA writable_schema=ON")
    db.execute("UPDATE sqlite_master SET sql = sql || ' WHERE seq <> 5' WHERE name = 'events_by_stream'")
    db.close()
    db = open_file(path)
    db.execute("REINDEX events_by_stream")
    db.execute("PRAGMA writable_schema=ON")
    db.execute("UPDATE sqlite_master SET sql = ? WHERE name = 'events_by_stream'", (sql,))
    db.close()


def test_tables_are_compared_beside_a_server_that_writes(path: Path):
    """What is added while verify reads is in none of what it compares, or in all of it."""
    done = Event()

    def write() -> None:
        journal = open_journal(path)
        while not done.is_set():
            journal.append(batch(journal.last().seq + 1, stream="import"))
        journal.close()

    writer = Thread(target=write)
    writer.start()
    try:
        reports = [verify_file(path)]
        while len(reports) < 5 or reports[-1].rows == reports[0].rows:  # until something was added meanwhile
            reports.append(verify_file(path))
    finally:
        done.set()
        writer.join()

    assert all(report.whole for report in reports)
