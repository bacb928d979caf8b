"""The SQLite journal keeps every promise, and what else its file promises."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path

import pytest

from queue_server.database import Fault, open_file, writing
from queue_server.domain import commands as c
from queue_server.domain.events import ServiceResumed
from queue_server.errors import Broken, Unavailable
from queue_server.journal.promises import Batch, Journal, OnCommit, OnFailure
from queue_server.journal.sqlite import SqliteJournal, open_journal
from tests.journal.hall import Hall
from tests.journal.promises import DAY, JournalPromises, Listener, Shelf, batch


class File(Shelf):
    def __init__(self, folder: Path) -> None:
        self.path = folder / "journal.db"
        self.opened: list[SqliteJournal] = []

    def open(
        self,
        loop: asyncio.AbstractEventLoop | None = None,
        on_commit: OnCommit | None = None,
        on_failure: OnFailure | None = None,
    ) -> SqliteJournal:
        journal = open_journal(self.path, loop=loop, on_commit=on_commit, on_failure=on_failure, busy_ms=100)
        self.opened.append(journal)
        return journal

    def starve(self, journal: Journal) -> None:
        """SQLite's own limit on the size of the file answers like a full disk."""
        assert isinstance(journal, SqliteJournal)
        connection = journal.write_connection
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages}")

    def tamper(self, seq: int) -> None:
        db = open_file(self.path)
        # it says the same, in other bytes
        db.execute("UPDATE events SET data = CAST(replace(data, '\"at\":', '\"at\": ') AS BLOB) WHERE seq = ?", (seq,))
        db.close()


@pytest.fixture
def shelf(tmp_path: Path):
    file = File(tmp_path)
    yield file
    for journal in file.opened:
        journal.close()


class TestSqlite(JournalPromises):
    """Held to them all; `shelf` is this file's."""


def test_commits_wait_for_the_disk(shelf: File):
    """The writing connection is in WAL mode with synchronous=FULL, without which a power cut would lose answers."""
    journal = shelf.open()

    pragmas = [
        journal.write_connection.execute(f"PRAGMA {name}").fetchone()[0]
        for name in ("journal_mode", "synchronous", "wal_autocheckpoint")
    ]

    assert pragmas == ["wal", 2, 200]


async def test_another_programs_lock_is_a_failure_and_over_when_it_lets_go(shelf: File):
    """A file that somebody else holds locked for too long fails the write; reopening goes on once it is free."""
    heard = Listener()
    journal = shelf.open(asyncio.get_running_loop(), heard.on_commit, heard.on_failure)
    journal.append(batch(1))
    await heard.until(1)
    other = open_file(shelf.path)
    with writing(other):
        journal.append(batch(2))
        await heard.until(2)
    other.close()

    assert "locked" in str(heard.failures[0])
    journal.reopen()
    heard.failures.clear()
    journal.append(batch(2))
    await heard.until(2)
    assert [row.seq for row in journal.read_day(DAY)] == [1, 2]


async def test_rows_that_another_program_wrote_are_never_written_over(shelf: File):
    """Two writers cannot both have the next `seq`: the second write fails, and reopening shows what is there."""
    heard = Listener()
    journal = shelf.open(asyncio.get_running_loop(), heard.on_commit, heard.on_failure)
    shelf.open().append(batch(1, 2))

    journal.append(batch(1))
    await heard.until(1)
    journal.reopen()

    assert len(heard.failures) == 1
    assert journal.last().seq == 2


async def test_nothing_is_written_after_a_row_that_was_lost(shelf: File):
    """What gathered behind a failing write is dropped with it, even by a close that comes before the bad news."""
    journal = shelf.open(asyncio.get_running_loop())
    wrong: str = None  # type: ignore[assignment]  # so that it cannot be kept
    lost = Batch(first_seq=1, stream=DAY, events=(ServiceResumed(at=1, service=wrong, by="b"),))
    journal.append(lost)
    journal.append(batch(2))

    journal.close()

    assert shelf.open().last().seq == 0


async def test_writing_is_done_in_one_thread_of_its_own(shelf: File):
    """The event loop's thread never waits for SQLite to write."""
    heard = Listener()
    journal = shelf.open(asyncio.get_running_loop(), heard.on_commit, heard.on_failure)
    threads: set[str] = set()
    journal.write_connection.set_trace_callback(lambda sql: threads.add(threading.current_thread().name))

    for seq in range(1, 6):
        journal.append(batch(seq))
        await heard.until(seq)

    assert threads == {"journal"}


def test_a_path_that_cannot_be_opened_is_said(tmp_path: Path):
    """Where there is no journal to be had, opening says so and names the file."""
    (tmp_path / "journal.db").mkdir()

    with pytest.raises(Unavailable, match=r"journal\.db"):
        open_journal(tmp_path / "journal.db")


def test_a_newer_versions_journal_is_left_alone(shelf: File):
    """Tables that a newer program has changed are not touched; the message says which way out there is."""
    shelf.open().close()
    db = open_file(shelf.path)
    db.execute("INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('journal', 'm999', '')")
    db.close()

    with pytest.raises(Broken, match="newer version"):
        shelf.open()


def test_reading_goes_on_beside_a_writer(shelf: File):
    """A long read never holds up a commit and a commit never changes what a read has begun."""
    journal = shelf.open()
    journal.append(batch(1, 1_500))
    rows = journal.read_day(DAY)
    first = next(rows)

    journal.append(batch(1_501))

    assert first.seq == 1
    assert [row.seq for row in rows][-1] == 1_501


def test_a_broken_file_is_said_when_read(shelf: File):
    """SQLite's own errors reach callers as `Unavailable`, with the file's name."""
    journal = shelf.open()
    journal.append(batch(1))
    journal.read_connection.close()

    with pytest.raises(Unavailable, match=r"journal\.db") as raised:
        journal.days()

    assert isinstance(raised.value.__cause__, Fault)


def test_a_ticket_is_found_while_its_day_ends(tmp_path: Path):
    """Looked for among earlier days and then in today, a ticket is in one of them, also if the day ends in between."""
    journal = open_journal(tmp_path / "journal.db")
    hall = Hall(journal)
    hall.open_day()
    ticket = hall.issue("pass")
    hall.do(c.CancelTicket, ticket=ticket)
    looked: list[str] = []

    def look(sql: str) -> None:
        """The reader's next statement begins."""
        if "FROM steps" in sql:
            looked.append(sql)
        if len(looked) == 2 and hall.state.open and hall.state.day == DAY:
            hall.close_day()
            hall.open_day()

    journal.read_connection.set_trace_callback(look)

    found = hall.journal.load_ticket(ticket)

    assert found is not None
    assert hall.state.day != DAY
    hall.journal.close()
