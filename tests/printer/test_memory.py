"""What an agent was given and has sent survives whatever ends it."""

from pathlib import Path

import pytest

from printer.machine import Ending
from printer.memory import Memory
from queue_server.errors import FileDamaged
from queue_server.wire.printing import Job, OpenJob
from tests.printer.conftest import slip


def job(name: str, ttl_ms: int = 20_000) -> Job:
    return Job(job=name, ticket="A 012", seq4="ab12", data=slip(), ttl_ms=ttl_ms)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def opened(folder: Path, boot: str = "boot-1") -> Memory:
    return Memory(folder, boot)


def test_every_commit_is_on_the_disk(folder: Path):
    """The agent's journal answers only when the disk has it: WAL with synchronous=FULL."""
    memory = opened(folder)

    pragmas = [memory.connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "synchronous")]

    assert pragmas == ["wal", 2]
    memory.close()


def test_a_damaged_file_is_said(folder: Path):
    """An agent whose journal a disk has damaged says so, and what becomes of it without."""
    (folder / "printer.db").write_bytes(b"not a database at all" * 400)

    with pytest.raises(FileDamaged, match=r"printer\.db is damaged .* Move it away and start again"):
        opened(folder)


def test_a_job_is_taken_once(folder: Path):
    """Its id stays known, whatever has become of it."""
    memory = opened(folder)

    assert memory.take(job("a"), 100) is True
    assert memory.take(job("a"), 200) is False
    memory.end("a", Ending("printed", "id"), 5)
    memory.acked("a")
    assert memory.take(job("a"), 300) is False
    memory.close()


def test_jobs_wait_in_their_order(folder: Path):
    """First come, first printed; a job comes back as it was given."""
    memory = opened(folder)
    memory.take(job("a"), 100)
    memory.take(job("b"), 101)

    waiting = memory.waiting()

    assert waiting is not None
    assert waiting.job == job("a")
    assert waiting.received_ms == 100
    memory.close()


def test_what_was_being_sent_is_known_to_the_next(folder: Path):
    """With the count of cuts before its first byte, and not among those that wait."""
    memory = opened(folder)
    memory.take(job("a"), 100)
    memory.sending("a", 41)
    memory.close()

    memory = opened(folder)
    unsettled = memory.unsettled()

    assert unsettled is not None
    assert (unsettled.job, unsettled.owed.before, unsettled.owed.whole, unsettled.owed.power) == ("a", 41, None, False)
    assert memory.waiting() is None
    assert memory.open() == (OpenJob(job="a", state="sending"),)
    memory.close()


def test_after_another_boot_nothing_is_sure(folder: Path):
    """The machine was off: the printer perhaps was, too, and a waiting job's time is over."""
    memory = opened(folder)
    memory.take(job("a"), 100)
    memory.sending("a", 41)
    memory.take(job("b"), 101)
    memory.close()

    memory = opened(folder, "boot-2")
    unsettled, waiting = memory.unsettled(), memory.waiting()

    assert unsettled is not None
    assert unsettled.owed.power is True
    assert waiting is not None
    assert waiting.received_ms is None
    memory.close()


def test_a_cancelled_job_cannot_be_sent(folder: Path):
    """Cancelling and sending exclude each other, whichever comes first."""
    memory = opened(folder)
    for name in ("a", "b"):
        memory.take(job(name), 100)

    assert memory.cancel("a") is True
    assert memory.sending("a", 1) is False
    assert memory.sending("b", 1) is True
    assert memory.cancel("b") is False
    memory.close()


def test_results_are_kept_until_the_server_has_them(folder: Path):
    """Also over a restart; an unknown that is corrected must be acknowledged anew."""
    memory = opened(folder)
    memory.take(job("a"), 100)
    memory.sending("a", 1)
    memory.end("a", Ending("unknown", "none", "unreachable", open=True), 5)
    memory.acked("a")
    memory.end("a", Ending("printed", "counter"), 9)
    memory.close()

    memory = opened(folder)

    assert [(result.job, result.outcome) for result in memory.unacked()] == [("a", "printed")]
    memory.acked("a")
    assert memory.unacked() == []
    assert memory.unsettled() is None
    memory.close()


def test_old_jobs_are_forgotten_and_open_ones_are_not(folder: Path):
    """The file does not grow for ever."""
    memory = opened(folder)
    for place in range(30):
        memory.take(job(f"{place}"), 100)
        memory.end(f"{place}", Ending("printed", "id"), 5)
        if place != 3:
            memory.acked(f"{place}")

    memory.forget_old(keep=10)

    assert memory.state("2") is None
    assert memory.state("3") == "final"
    assert memory.state("29") == "final"
    memory.close()
