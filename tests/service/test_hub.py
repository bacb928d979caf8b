"""The hub with a real engine and journal; only the transports are made of lists."""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest

from queue_server.domain import commands as c
from queue_server.errors import NotFound
from queue_server.service import touches as on
from queue_server.service.hub import BUFFER, Hub
from tests.service.hall import Hall, hall


class Paper:
    """A transport that keeps what is written; `waiting` is what its buffer would hold."""

    def __init__(self, journal: object = None) -> None:
        self.frames: list[bytes] = []
        self.waiting = 0
        self.aborted = False
        self.news = asyncio.Event()

    def write(self, data: bytes) -> None:
        self.frames.append(data)
        self.news.set()

    def abort(self) -> None:
        self.aborted = True
        self.news.set()

    def is_closing(self) -> bool:
        return self.aborted

    def get_write_buffer_size(self) -> int:
        return self.waiting

    def views(self) -> list[dict[str, Any]]:
        return [msgspec.json.decode(payload_of(frame)) for frame in self.frames]

    async def until(self, count: int) -> None:
        async with asyncio.timeout(5):
            while len(self.frames) < count:
                self.news.clear()
                await self.news.wait()

    async def cut_off(self) -> None:
        async with asyncio.timeout(5):
            while not self.aborted:
                self.news.clear()
                await self.news.wait()

    async def calling(self, ticket: str | None) -> bytes:
        """The first frame that shows this call."""
        async with asyncio.timeout(5):
            while True:
                for frame, view in zip(self.frames, self.views(), strict=True):
                    if view["view"]["calls"] == [ticket]:
                        return frame
                self.news.clear()
                await self.news.wait()


def payload_of(frame: bytes) -> bytes:
    """What a websocket client reads from an unmasked text frame."""
    size, start = frame[1], 2
    if size == 126:
        size, start = int.from_bytes(frame[2:4], "big"), 4
    elif size == 127:
        size, start = int.from_bytes(frame[2:10], "big"), 10
    assert frame[0] == 0x81
    assert len(frame) == start + size
    return frame[start:]


@asynccontextmanager
async def live(folder: Path) -> AsyncIterator[tuple[Hall, Hub]]:
    async with hall(folder) as mall:
        engine = mall.engine

        def board(subject: str) -> dict[str, object]:
            if subject != "b":
                raise NotFound("There is no such board.")
            return {"calls": [call.ticket for call in engine.state.calls], "on_disk": mall.journal.durable_seq}

        def floor(subject: str) -> dict[str, object]:
            return {"waiting": engine.state.waiting("pass"), "long": "x" * 70_000}

        touches = {"board": (on.ANY_COUNTER, on.ANY_COMMAND), "floor": (on.ANY_COMMAND,)}
        hub = Hub(engine, "boot1", {"board": board, "floor": floor}, touches, str)
        running = asyncio.get_running_loop().create_task(hub.run())
        try:
            yield mall, hub
        finally:
            running.cancel()


async def test_who_joins_sees_the_present_view(tmp_path: Path):
    """The first frame is the whole view as it is now, with topic, boot, seq and time."""
    async with live(tmp_path) as (mall, hub):
        paper = Paper()

        await hub.join(paper, ("board:b",))

        first = paper.views()[0]
        assert (first["topic"], first["boot"], first["seq"]) == ("board:b", "boot1", mall.engine.state.seq)
        assert first["view"] == {"calls": [], "on_disk": mall.journal.durable_seq}


async def test_a_call_reaches_everybody_who_watches(tmp_path: Path):
    """One call, one frame to each board that watches, the same bytes for all."""
    async with live(tmp_path) as (mall, hub):
        papers = [Paper() for _ in range(20)]
        for paper in papers:
            await hub.join(paper, ("board:b",))
        await mall.open()
        ticket = await mall.issue()

        await mall.call()

        called = [await paper.calling(ticket) for paper in papers]
        assert len(set(called)) == 1


async def test_a_line_that_agreed_gets_its_views_packed(tmp_path: Path):
    """The same view, smaller, for as many as agreed; whoever did not gets it as it is."""
    async with live(tmp_path) as (_mall, hub):
        plain, one, other = Paper(), Paper(), Paper()

        await hub.join(plain, ("floor",))
        for paper in (one, other):
            await hub.join(paper, ("floor",), packs=True)
            await paper.until(2)

        assert plain.views()[0]["view"]["long"] == "x" * 70_000
        for paper in (one, other):
            for frame in paper.frames:
                assert len(frame) < 1_000
                assert unpacked(frame)["view"]["long"] == "x" * 70_000
        assert one.frames[-1] == other.frames[-1]


def unpacked(frame: bytes) -> dict[str, Any]:
    """What a client reads that keeps nothing of the frame before (RFC 7692, 7.2.2)."""
    assert frame[0] == 0xC1
    start = 4 if frame[1] == 126 else 2
    text = zlib.decompressobj(-zlib.MAX_WBITS).decompress(frame[start:] + b"\x00\x00\xff\xff")
    view: dict[str, Any] = msgspec.json.decode(text)
    return view


async def test_no_frame_leaves_before_the_disk_has_it(tmp_path: Path):
    """When a frame arrives, the journal has every event that its view shows."""
    async with live(tmp_path) as (mall, hub):
        paper = Paper()
        await hub.join(paper, ("board:b",))
        await mall.open()
        for index in range(5):
            await mall.issue()
            task = asyncio.get_running_loop().create_task(mall.call("1"))
            await paper.until(index + 2)
            assert mall.journal.durable_seq >= paper.views()[-1]["seq"]
            await task
            await mall.engine.submit(_start(mall))


def _start(mall: Hall):
    return c.StartService(at=mall.engine.now(), counter="1", clerk="ani")


async def test_a_slow_client_skips_to_the_newest(tmp_path: Path):
    """A client whose buffer is full is passed over, and later gets one frame, the newest."""
    async with live(tmp_path) as (mall, hub):
        slow, quick = Paper(), Paper()
        for paper in (slow, quick):
            await hub.join(paper, ("floor",))
        slow.waiting = BUFFER + 1
        for count in range(3):
            await mall.issue()
            await quick.until(count + 2)
        seen = len(slow.frames)

        before = len(quick.frames)
        slow.waiting = 0
        await slow.until(seen + 1)

        assert slow.views()[-1]["view"]["waiting"] == 3
        assert len(slow.frames) == seen + 1
        assert len(quick.frames) == before


async def test_who_stays_behind_is_cut_off(tmp_path: Path):
    """A client that does not read for long is closed, and the hub goes on."""
    async with live(tmp_path) as (mall, hub):
        stuck, reader = Paper(), Paper()
        for paper in (stuck, reader):
            await hub.join(paper, ("floor",))
        stuck.waiting = BUFFER + 1
        hub.behind_s = 0.0

        await mall.issue()
        await stuck.cut_off()
        seen = len(reader.frames)
        await mall.issue()
        await reader.until(seen + 1)

        assert (stuck.frames[1:], hub.behind) == ([], 0)


async def test_a_view_that_cannot_be_made_is_that_topics_fault(tmp_path: Path):
    """The others go on, it is noted for whom it concerns, and it comes as soon as it can be made again."""
    async with live(tmp_path) as (mall, hub):
        good = hub.builders["board"]
        bad, other = Paper(), Paper()
        await hub.join(bad, ("board:b",))
        await hub.join(other, ("floor",))
        hub.builders["board"] = lambda subject: {"calls": [1 // 0]}

        await mall.issue()
        hub.refresh_all()
        await other.until(2)
        noted = [(fault.kind, fault.subject, fault.error) for fault in mall.engine.faults]
        hub.builders["board"] = good
        hub.refresh_all()
        await bad.until(2)

        assert noted == [("view", "board:b", "ZeroDivisionError")]
        assert bad.views()[-1]["view"]["calls"] == []
        assert list(mall.engine.faults) == []
        assert not bad.aborted


async def test_whoever_joins_a_view_that_cannot_be_made_gets_it_later(tmp_path: Path):
    """The other topics of a page come at once."""
    async with live(tmp_path) as (_, hub):
        good = hub.builders["board"]
        hub.builders["board"] = lambda subject: {"calls": [1 // 0]}
        paper = Paper()

        await hub.join(paper, ("board:b", "floor"))
        at_first = [view["topic"] for view in paper.views()]
        hub.builders["board"] = good
        hub.refresh_all()
        await paper.until(3)

        assert at_first == ["floor"]
        assert "board:b" in [view["topic"] for view in paper.views()]


async def test_a_ticket_whose_page_cannot_be_made_is_not_named(tmp_path: Path):
    """Whoever knows a ticket's id may follow it, so no fault says it."""
    async with live(tmp_path) as (mall, hub):
        hub.builders["ticket"] = lambda subject: {"ticket": [1 // 0]}
        await hub.join(Paper(), ("ticket:secret", "floor"))

        said = [(fault.subject, fault.said) for fault in mall.engine.faults]

    assert [subject for subject, _ in said] == ["ticket"]
    assert "secret" not in said[0][1]


class Broken(Paper):
    """A line that cannot be written to any more, and does not know it yet."""

    def write(self, data: bytes) -> None:
        raise RuntimeError("the line is gone")


async def test_a_line_that_cannot_be_written_to_ends_alone(tmp_path: Path):
    """It is cut; everybody else who watches the same gets the frame."""
    async with live(tmp_path) as (mall, hub):
        broken, whole = Broken(), Paper()
        await hub.join(broken, ("board:b",))
        await hub.join(whole, ("board:b",))

        await mall.open()
        await mall.issue()
        ticket = await mall.call()
        await whole.calling(ticket)

        assert broken.aborted


async def test_a_listener_that_fails_takes_nothing_back(tmp_path: Path):
    """What is recorded is answered, whatever one of those who listen makes of it."""
    async with live(tmp_path) as (mall, _):
        heard: list[int] = []

        def fails(changes: object, events: object) -> None:
            raise ValueError

        mall.engine.changed[:0] = [fails]
        mall.engine.changed.append(lambda changes, events: heard.append(len(events)))

        ticket = await mall.issue()

        assert ticket == "t1"
        assert heard == [1]
        assert [fault.kind for fault in mall.engine.faults] == ["listener"]


async def test_nobody_watches_what_does_not_exist(tmp_path: Path):
    """A topic without a view is refused before anything is sent."""
    async with live(tmp_path) as (_, hub):
        paper = Paper()

        for topic in ("board:nowhere", "secrets"):
            with pytest.raises(NotFound):
                await hub.join(paper, (topic,))

        assert paper.frames == []


async def test_unwatched_topics_cost_nothing(tmp_path: Path):
    """A topic whose last watcher left is no longer made."""
    async with live(tmp_path) as (mall, hub):
        paper = Paper()
        client = await hub.join(paper, ("board:b",))

        hub.leave(client)
        await mall.open()
        await mall.issue()
        await mall.call()

        assert hub.watched("board:b") == 0
        assert len(paper.frames) == 1
