"""Live push: who watches which topic, and what they are sent.

A topic's view is encoded once for all who watch it and written as one prepared websocket frame straight to each
transport; packed, once too, for those whose line agreed on that. What touches a topic says whether it goes at once or
at most every 100 ms (touches.py), and nothing is encoded that nobody watches.
No frame leaves before the events that it rests on are on disk. A slow client is never waited for and never queued for:
while its buffer is full it is passed over, later it gets the newest view only, and it is cut off if it stays behind.
A view that cannot be made is that topic's own trouble: its watchers keep what they have, which they know to grow old,
and it is tried again.
"""

from __future__ import annotations

import asyncio
import struct
import zlib
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Protocol

import msgspec
from msgspec import Struct

from queue_server.domain import events as e
from queue_server.domain.state import Changes
from queue_server.errors import NotFound, Unavailable
from queue_server.service.engine import Engine
from queue_server.service.logs import log
from queue_server.service.touches import READER, Recorded, Touch

SLOW_S = 0.1
"""Topics that need not be instant are pushed at most this often."""

PACKING = 1
"""How hard a view is packed: 47 kB take 0.15 ms and become 11."""

REFRESH_S = 5.0
"""Watched views are pushed anew this often even if nothing happens: waits grow, and a page, which cannot see the
protocol's pings, knows by them that its line is alive."""

BUFFER = 64 * 1024
"""Bytes that may wait in a client's transport before it is passed over; what the kernel holds for it comes on top."""

BEHIND_S = 20.0
"""A client that stays passed over for this long is cut off."""

VIEW = "view"
"""The fault's kind where a view cannot be made; its subject is the topic."""

Build = Callable[[str], Any]
"""From a topic's id to its view; raises NotFound for an id that does not exist."""


class Transport(Protocol):
    """What the hub needs of a connection: asyncio's transports have it."""

    def write(self, data: bytes) -> None: ...
    def abort(self) -> None: ...
    def is_closing(self) -> bool: ...
    def get_write_buffer_size(self) -> int: ...


class Frame(Struct, frozen=True, kw_only=True):
    """One push, as JSON has it."""

    topic: str
    boot: str
    seq: int
    now: str
    view: Any


class Client:
    """One websocket; `packs` as its line agreed. `missed` are topics it was passed over for, since `behind_since`."""

    __slots__ = ("behind_since", "missed", "packs", "topics", "transport")

    def __init__(self, transport: Transport, topics: tuple[str, ...], *, packs: bool = False) -> None:
        self.transport = transport
        self.topics = topics
        self.packs = packs
        self.missed: set[str] = set()
        self.behind_since = 0.0


def _shown(topic: str) -> str:
    """A topic as it may be logged and shown: whoever knows a ticket's id may follow it."""
    kind, _, _ = topic.partition(":")
    return kind if kind == "ticket" else topic.partition(READER)[0]


WHOLE_TEXT, IS_PACKED = 0x81, 0x40
END_OF_BLOCK = b"\x00\x00\xff\xff"


def prepared(payload: bytes, kind: int = WHOLE_TEXT) -> bytes:
    """A whole unmasked text frame (RFC 6455, 5.2): the same bytes for every client."""
    size = len(payload)
    if size < 126:
        head = struct.pack("!BB", kind, size)
    elif size < 65536:
        head = struct.pack("!BBH", kind, 126, size)
    else:
        head = struct.pack("!BBQ", kind, 127, size)
    return head + payload


def packed(payload: bytes) -> bytes:
    """The same as permessage-deflate has it (RFC 7692, 7.2.1). It leans on no message before it, so it is for every
    client that agreed, and nothing is kept for one.
    """
    deflate = zlib.compressobj(PACKING, zlib.DEFLATED, -zlib.MAX_WBITS)
    block = deflate.compress(payload) + deflate.flush(zlib.Z_SYNC_FLUSH)
    return prepared(block.removesuffix(END_OF_BLOCK), WHOLE_TEXT | IS_PACKED)


class Push:
    """One view on its way, in the two forms in which it may leave."""

    __slots__ = ("_packed", "_payload", "_plain")

    def __init__(self, payload: bytes) -> None:
        self._payload = payload
        self._plain = self._packed = b""

    def form(self, *, packs: bool) -> bytes:
        if packs:
            self._packed = self._packed or packed(self._payload)
            return self._packed
        self._plain = self._plain or prepared(self._payload)
        return self._plain


def _by_happening(touches: Mapping[str, Iterable[Touch]]) -> dict[type[Struct], list[tuple[str, Touch]]]:
    """What happens, and which touches of which kinds of topics it sets off: those first that push at once."""
    found: dict[type[Struct], list[tuple[str, Touch]]] = {}
    for kind, pushed in touches.items():
        for touch in pushed:
            found.setdefault(touch.by, []).append((kind, touch))
    for pairs in found.values():
        pairs.sort(key=lambda pair: not pair[1].at_once)
    return found


class Hub:
    """Who watches what.

    `builders` makes a view of each kind of topic, `touches` says what pushes it; `stamp` writes an instant (ms).
    """

    def __init__(
        self,
        engine: Engine,
        boot: str,
        builders: dict[str, Build],
        touches: Mapping[str, Iterable[Touch]],
        stamp: Callable[[int], str],
    ) -> None:
        self.boot = boot
        self.behind_s = BEHIND_S
        self._engine = engine
        self.builders = builders
        self._stamp = stamp
        self._encode = msgspec.json.Encoder().encode
        self._watchers: dict[str, set[Client]] = {}
        self._watched: dict[str, dict[str, str]] = {}  # by kind and subject, the topic
        self._touches = _by_happening(touches)
        self._faults = engine.faults
        self._now: set[str] = set()
        self._soon: set[str] = set()
        self._behind: set[Client] = set()
        self._slow_at = self._refresh_at = 0.0
        self._wake = asyncio.Event()
        engine.changed.append(self._changed)
        engine.rebuilt.append(self.refresh_all)

    # Watching

    def watched(self, topic: str) -> int:
        """How many watch a topic now."""
        return len(self._watchers.get(topic, ()))

    @property
    def behind(self) -> int:
        """How many clients are passed over now."""
        return len(self._behind)

    @property
    def topics(self) -> tuple[str, ...]:
        return tuple(self._watchers)

    async def join(self, transport: Transport, topics: tuple[str, ...], *, packs: bool = False) -> Client:
        """Begin to send, first the views as they are now. Raises NotFound for a topic that does not exist.

        A view that cannot be made now comes when it can.
        """
        frames = [self._frame(topic) for topic in topics]
        await self._engine.settled()
        client = Client(transport, topics, packs=packs)
        for topic in topics:
            self._watchers.setdefault(topic, set()).add(client)
            kind, _, subject = topic.partition(":")
            self._watched.setdefault(kind, {})[subject] = topic
        for topic, frame in zip(topics, frames, strict=True):
            if frame is not None:
                self._write(client, topic, frame)
            self._soon.add(topic)  # what changed while the disk was waited for
        self._wake.set()
        return client

    def leave(self, client: Client) -> None:
        self._behind.discard(client)
        for topic in client.topics:
            watchers = self._watchers.get(topic)
            if watchers is None:
                continue
            watchers.discard(client)
            if not watchers:
                del self._watchers[topic]
                kind, _, subject = topic.partition(":")
                del self._watched[kind][subject]
                self._faults.over(VIEW, topic)

    # What changed

    def happened(self, what: Struct) -> None:
        """Something happened (touches.py): send each watched view that it may have changed."""
        for kind, touch in self._touches.get(type(what), ()):
            topics = self._watched.get(kind)
            if topics:
                found = {topics[subject] for subject in touch.which(what, topics.keys())}
                if touch.at_once:
                    self._now |= found
                else:
                    self._soon |= found - self._now
                if found:
                    self._wake.set()

    def refresh_all(self) -> None:
        """Every view may look different (a rebuild, new rules)."""
        self._now.update(self._watchers)
        self._wake.set()

    def _changed(self, changes: Changes, events: tuple[e.AnyEvent, ...]) -> None:
        if not self._watchers:
            return
        if changes.hall:
            self.refresh_all()
        else:
            self.happened(Recorded(self._engine.state.rules, changes, events))

    # Sending

    async def run(self) -> None:
        """Push for as long as the server lives."""
        self._slow_at = self._refresh_at = asyncio.get_running_loop().time()
        while True:
            await self._wait()
            with self._faults.part("push"):
                await self._turn()

    async def _wait(self) -> None:
        """Until something has changed, or time brings the next frame."""
        waits = self._soon or self._behind
        try:
            async with asyncio.timeout_at(min(self._refresh_at, self._slow_at if waits else self._refresh_at)):
                await self._wake.wait()
        except TimeoutError:
            pass
        self._wake.clear()

    async def _turn(self) -> None:
        now = asyncio.get_running_loop().time()
        if now >= self._refresh_at:
            self._refresh_at = now + REFRESH_S
            self._soon.update(self._watchers)
        topics, self._now = self._now, set()
        owed: dict[str, set[Client]] = {}
        if (self._soon or self._behind) and now >= self._slow_at:
            owed = self._caught_up(now)
            topics |= self._soon
            self._soon = set()
            self._slow_at = now + SLOW_S
        if topics or owed:
            await self._push(topics, owed)
        elif self._soon:
            await asyncio.sleep(max(0.0, min(self._slow_at - now, SLOW_S)) if not self._now else 0)
            self._wake.set()

    async def _push(self, topics: set[str], owed: Mapping[str, set[Client]]) -> None:
        """These topics to all who watch them, and what is `owed` to those alone who were passed over."""
        frames: list[tuple[str, Push]] = []
        for topic in topics | owed.keys():
            if topic in self._watchers:
                try:
                    frame = self._frame(topic)
                except NotFound:
                    self._close_topic(topic)
                else:
                    if frame is not None:
                        frames.append((topic, frame))
        try:
            await self._engine.settled()
        except Unavailable:
            return  # the rebuild refreshes everything
        for topic, frame in frames:
            for client in tuple(self._watchers.get(topic, ()) if topic in topics else owed[topic]):
                self._write(client, topic, frame)

    def _frame(self, topic: str) -> Push | None:
        """None where the view cannot be made now. Raises NotFound for a topic that does not exist."""
        kind, _, subject = topic.partition(":")
        build = self.builders.get(kind)
        if build is None:
            raise NotFound(f"There is no topic {topic!r}.", topic=topic)
        with self._faults.part(VIEW, topic, NotFound, shown=_shown(topic)):
            seq, view, now = self._engine.state.seq, build(subject), self._stamp(self._engine.now())
            name = topic.partition(READER)[0]
            return Push(self._encode(Frame(topic=name, boot=self.boot, seq=seq, now=now, view=view)))
        return None

    def _write(self, client: Client, topic: str, frame: Push) -> None:
        transport = client.transport
        if transport.is_closing():
            return
        if transport.get_write_buffer_size() > BUFFER:
            if not client.missed:
                client.behind_since = asyncio.get_running_loop().time()
                self._behind.add(client)
            client.missed.add(topic)
            return
        try:
            transport.write(frame.form(packs=client.packs))
        except Exception as error:  # noqa: BLE001 - one line that cannot be written to is that line's end, no more
            log.info("client_lost", error=type(error).__name__)
            transport.abort()

    def _caught_up(self, now: float) -> dict[str, set[Client]]:
        """Clients that were passed over and have read everything by now, by topic that they missed.

        Whoever stays behind for too long is cut off.
        """
        owed: dict[str, set[Client]] = {}
        for client in tuple(self._behind):
            if client.transport.get_write_buffer_size() == 0:
                for topic in client.missed:
                    owed.setdefault(topic, set()).add(client)
                client.missed = set()
                self._behind.discard(client)
            elif now - client.behind_since > self.behind_s:
                log.info("slow_client_cut", topics=len(client.topics))
                self._behind.discard(client)
                client.transport.abort()
        return owed

    def _close_topic(self, topic: str) -> None:
        for client in tuple(self._watchers.get(topic, ())):
            client.transport.abort()
