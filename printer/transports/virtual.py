"""A printer without metal: it takes a real printer's bytes, answers like one, and its paper is a picture.

For demonstrations, training and rehearsals of faults: `paper_out`, `cover_open`, `near_end` and the like may be
set while it runs, and the last slips are kept as the bytes that made them.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from PIL import Image

from printer.escpos import RESET
from printer.paper import Ask, Command, Cut, Raster, Reader, RealTime, Reset, Setting, Symbol, Text, png
from printer.transports.line import LineLost, Unreachable
from printer.typed import image_of
from printer.typist import HIGH, LEADING
from queue_server.wire.printing import Paper

#: Slips that are kept.
KEPT = 100


@dataclass(frozen=True)
class VirtualSlip:
    """One piece of paper as it fell from the blade."""

    #: Counts up over the printer's life.
    place: int
    data: bytes
    paper: Paper

    @property
    def image(self) -> Image.Image:
        return image_of(self.data, self.paper)

    @property
    def png(self) -> bytes:
        return png(self.image)


@dataclass
class VirtualPrinter:
    """The printer itself: outlives the lines to it. Change `paper_out` and the others with `set_fault`."""

    name: str = ""
    paper: Paper = field(default_factory=Paper)
    #: Millimetres of paper a second; 0 prints at once.
    mm_per_s: float = 0.0
    paper_out: bool = False
    cover_open: bool = False
    near_end: bool = False
    jammed: bool = False
    switched_off: bool = False
    #: Called with each slip that is cut.
    on_slip: Callable[[VirtualSlip], None] | None = None
    cuts: int = 0
    slips: deque[VirtualSlip] = field(default_factory=lambda: deque(maxlen=KEPT))

    def __post_init__(self) -> None:
        self._reader = Reader()
        self._queue: deque[Command] = deque()
        self._piece = bytearray()
        self._inked = False
        self._changed = asyncio.Event()
        self._answers: Callable[[bytes], None] = lambda _answer: None
        self._mechanism: asyncio.Task[None] | None = None

    def set_fault(
        self,
        *,
        paper_out: bool | None = None,
        cover_open: bool | None = None,
        near_end: bool | None = None,
        jammed: bool | None = None,
        switched_off: bool | None = None,
    ) -> None:
        """Bring a fault about, or repair it; what is not named stays."""
        for name, value in (
            ("paper_out", paper_out),
            ("cover_open", cover_open),
            ("near_end", near_end),
            ("jammed", jammed),
            ("switched_off", switched_off),
        ):
            if value is not None:
                setattr(self, name, value)
        if switched_off:  # what was in its memory is gone
            self._reader.forget()
            self._queue.clear()
        self._changed.set()

    def stopped(self) -> bool:
        return self.paper_out or self.cover_open or self.jammed or self.switched_off

    # ------------------------------------------------------------------------------ the line's side

    def attach(self, answers: Callable[[bytes], None]) -> None:
        self._answers = answers
        if self._mechanism is None or self._mechanism.done():
            self._mechanism = asyncio.create_task(self._run())

    def detach(self) -> None:
        if self._mechanism is not None:
            self._mechanism.cancel()
            self._mechanism = None

    def receive(self, data: bytes) -> None:
        for command in self._reader.feed(data):
            if isinstance(command, RealTime):
                self._real_time(command)
            else:
                self._queue.append(command)
        self._changed.set()

    def _real_time(self, command: RealTime) -> None:
        if command.kind == "clear":
            self._queue.clear()
            self._answers(b"\x37\x25\x00")
        elif command.kind == "status":
            self._answers(bytes((self._status(command.n),)))

    def _status(self, n: int) -> int:
        bits = 0x12
        if n == 1 and self.stopped():
            bits |= 0x08
        if n == 2:
            bits |= 0x04 * self.cover_open | 0x20 * self.paper_out | 0x40 * self.jammed
        if n == 3:
            bits |= 0x08 * self.jammed
        if n == 4:
            bits |= 0x0C * (self.near_end or self.paper_out) | 0x60 * self.paper_out
        return bits

    # --------------------------------------------------------------------------------- the mechanism

    async def _run(self) -> None:
        while True:
            if self.stopped() or not self._queue:
                self._changed.clear()
                await self._changed.wait()
                continue
            command = self._queue.popleft()
            if (rows := _rows(command)) and self.mm_per_s:
                await asyncio.sleep(rows * 25.4 / self.paper.dpi / self.mm_per_s)
                if self.stopped():
                    self._queue.appendleft(command)
                    continue
            self._execute(command)

    def _execute(self, command: Command) -> None:
        if isinstance(command, Raster):
            size = command.width_bytes.to_bytes(2, "little") + command.rows.to_bytes(2, "little")
            self._piece += b"\x1dv0\x00" + size + command.data
            self._inked = True
        elif isinstance(command, Text | Setting | Symbol):
            self._piece += command.data
            self._inked |= not isinstance(command, Setting)
        elif isinstance(command, Reset):
            self._piece += RESET
        elif isinstance(command, Cut):
            self._cut()
        elif isinstance(command, Ask):
            self._answer(command)

    def _cut(self) -> None:
        self.cuts += 1
        if not self._inked:
            return
        self._inked = False
        slip = VirtualSlip(self.cuts, bytes(self._piece), self.paper)
        self._piece.clear()
        self.slips.append(slip)
        if self.on_slip is not None:
            self.on_slip(slip)

    def _answer(self, question: Ask) -> None:
        if question.kind == "id":
            self._answers(b"\x37\x22" + question.value + b"\x00")
        elif question.kind == "count":
            self._answers(b"\x5f" + str(self.cuts).encode() + b"\x00")
        elif question.kind == "paper":
            self._answers(bytes((0x0F if self.paper_out else 0x03 if self.near_end else 0x00,)))


def _rows(command: Command) -> int:
    """How many rows of dots it moves the paper, about."""
    if isinstance(command, Text):
        return command.data.count(b"\n") * (HIGH + LEADING)
    return command.rows if isinstance(command, Raster) else 0


class VirtualLine:
    def __init__(self, printer: VirtualPrinter) -> None:
        self._printer = printer
        self._heard: asyncio.Queue[bytes] = asyncio.Queue()
        self.written = 0
        printer.attach(self._heard.put_nowait)

    async def write(self, data: bytes) -> None:
        if self._printer.switched_off:
            raise LineLost("the virtual printer is switched off")
        self._printer.receive(data)
        self.written = len(data)

    async def read(self) -> bytes:
        return await self._heard.get()

    async def close(self) -> None:
        pass

    async def drop(self) -> None:
        pass

    async def drained(self, within: float) -> bool:
        return True


class VirtualTransport:
    """The way to a virtual printer, within this process."""

    answers = True

    def __init__(self, printer: VirtualPrinter) -> None:
        self._printer = printer

    async def open(self) -> VirtualLine:
        if self._printer.switched_off:
            raise Unreachable("the virtual printer is switched off")
        return VirtualLine(self._printer)

    async def shut(self) -> None:
        self._printer.detach()
