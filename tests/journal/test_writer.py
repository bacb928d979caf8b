"""The thread that commits what has gathered: one hand-over at a time, replies first, no timers."""

from __future__ import annotations

import asyncio
from threading import Event

import pytest

from queue_server.journal.writer import TURNS, Writer
from tests.waiting import turns


class Disk:
    """What the writer writes to: it notes each commit and can be held up or broken."""

    def __init__(self) -> None:
        self.commits: list[list[int]] = []
        self.go = Event()
        self.go.set()
        self.error: Exception | None = None

    def write(self, items: list[int]) -> None:
        assert self.go.wait(10)
        if self.error is not None:
            raise self.error
        self.commits.append(items)


class Ears:
    def __init__(self) -> None:
        self.landed: list[int] = []
        self.failed: list[Exception] = []
        self.heard = asyncio.Event()

    def on_landed(self, items: list[int]) -> None:
        self.landed += items
        self.heard.set()

    def on_failed(self, error: Exception) -> None:
        self.failed.append(error)
        self.heard.set()

    async def next(self) -> None:
        async with asyncio.timeout(10):
            await self.heard.wait()
            self.heard.clear()


@pytest.fixture
async def parts():
    disk, ears = Disk(), Ears()
    writer = Writer(asyncio.get_running_loop(), disk.write, landed=ears.on_landed, failed=ears.on_failed)
    yield disk, ears, writer
    disk.go.set()
    writer.close()


async def test_a_lone_item_is_written_at_once(parts: tuple[Disk, Ears, Writer[int]]):
    """Nobody waits for company: the first item of a quiet time goes to the disk by itself."""
    disk, ears, writer = parts

    writer.take(1)
    await ears.next()

    assert disk.commits == [[1]]


async def test_what_comes_during_a_commit_goes_together(parts: tuple[Disk, Ears, Writer[int]]):
    """While the disk works items gather, in their order, and share the next commit."""
    disk, ears, writer = parts
    disk.go.clear()
    for item in range(5):
        writer.take(item)

    disk.go.set()
    while len(ears.landed) < 5:
        await ears.next()

    assert disk.commits == [[0], [1, 2, 3, 4]]


async def test_whoever_was_answered_joins_the_next_commit(parts: tuple[Disk, Ears, Writer[int]]):
    """After a commit the loop turns a few times, so requests that its replies set off are not too late."""
    disk, ears, writer = parts
    disk.go.clear()
    writer.take(1)
    writer.take(2)
    disk.go.set()
    await ears.next()
    await turns(TURNS - 1)

    writer.take(3)
    while len(ears.landed) < 3:
        await ears.next()

    assert disk.commits == [[1], [2, 3]]


async def test_a_failure_drops_what_has_gathered_and_ends_the_work(parts: tuple[Disk, Ears, Writer[int]]):
    """Nothing is written after a failure, for it would rest on what is not there."""
    disk, ears, writer = parts
    disk.go.clear()
    disk.error = OSError("no space")
    writer.take(1)
    writer.take(2)
    disk.go.set()
    await ears.next()

    disk.error = None
    writer.wait_stopped()

    assert [str(error) for error in ears.failed] == ["no space"]
    assert disk.commits == []


async def test_a_stopped_writer_reports_nothing_more(parts: tuple[Disk, Ears, Writer[int]]):
    """What it has in hand is written or not; what had gathered is dropped, and neither is told."""
    disk, ears, writer = parts
    disk.go.clear()
    writer.take(1)
    writer.take(2)

    writer.stop()
    disk.go.set()
    await asyncio.to_thread(writer.wait_stopped)
    await turns()

    assert disk.commits == [[1]]
    assert (ears.landed, ears.failed) == ([], [])


async def test_closing_writes_what_is_left(parts: tuple[Disk, Ears, Writer[int]]):
    """An orderly end loses nothing, and closing twice does no harm."""
    disk, ears, writer = parts
    disk.go.clear()
    writer.take(1)
    writer.take(2)
    disk.go.set()

    writer.close()
    writer.close()

    assert disk.commits == [[1], [2]]
    assert ears.landed == [1, 2]
