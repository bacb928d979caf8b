"""A receipt printer of memory and paper, for tests: what it is told to do wrong it does, and its paper is honest.

Written from Epson's command reference, not from our own code: it must not share a mistake with what it tests.

The receive buffer belongs to the printer. It survives a lost connection, is printed when a fault is repaired, and
is emptied by `DLE DC4` 8 and by a loss of power. Real-time commands are heard as they arrive, even inside a
picture. `pieces` are what fell from the blade, `hanging` is what still hangs from it.
"""

import asyncio
import contextlib
import re
import socket
import struct
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Self

CLEARING = b"\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08"
STATUSES = (1, 2, 3, 4)
REAL_TIME = re.compile(rb"\x10[\x04\x05\x14]")
DPI = 203
#: Code pages by their numbers, as Epson's printers have them.
PAGES = {
    0: "cp437",
    2: "cp850",
    3: "cp860",
    4: "cp863",
    5: "cp865",
    13: "cp857",
    14: "cp737",
    15: "iso8859_7",
    16: "cp1252",
    17: "cp866",
    18: "cp852",
    19: "cp858",
    33: "cp775",
    34: "cp855",
    39: "iso8859_2",
    45: "cp1250",
    46: "cp1251",
    47: "cp1253",
    48: "cp1254",
    51: "cp1257",
}


@dataclass
class Knobs:
    """What kind of printer it is, and what goes wrong when. Lengths are millimetres of paper since the start."""

    # what it understands
    status: frozenset[int] = frozenset((1, 2, 3, 4))
    process_id: bool = True
    counters: frozenset[int] = frozenset((50, 178))
    clear: bool = True
    gs_r: bool = True
    types: bool = False  # prints text; else it is garbage
    one_bit: bool = False  # sets only one bit of each pair of paper bits
    asb: bool = False  # reports every change unasked, until told not to
    asb_stubborn: bool = False  # and goes on although told not to

    # how fast it is
    mm_per_s: float = 4000.0
    bytes_per_s: float = 0.0
    buffer: int = 64 * 1024
    cut_s: float = 0.0

    # the mechanism
    paper_out_at: float | None = None
    cover_open_at: float | None = None
    hot_at: float | None = None
    hot_for: float = 0.3
    jam_at_cut: int | None = None
    power_loss_at: float | None = None
    power_loss_at_cut: int | None = None
    off_for: float = 0.3
    count_lost: bool = False  # the last count is lost with the power
    power_silently: bool = False  # as mains do: the connection is reset only when it is back
    near_end_at: float | None = None
    repaired_after: float | None = None  # paper reloaded, cover shut, jam removed, by itself

    # the network
    drop_at_byte: int | None = None
    drop_at_cut: int | None = None
    drop_behind_job: bool = False  # the line breaks when all of a job is there, and none of it on paper
    drop_before_id: bool = False
    drop_when_out: bool = False  # the line breaks as the paper runs out
    unplugged_before_id: bool = False
    fin: bool = False  # closes politely instead of resetting
    deaf_at_byte: int | None = None  # stops reading for good, or until repaired
    mute: bool = False  # answers nothing
    noise: bytes = b""  # answers everything with this
    mute_for: int = 0  # answers the first so many questions not at all
    late_by: float = 0.0
    held: bool = False  # another client has it: nothing is read
    small_window: bool = False


@dataclass
class Piece:
    """A piece of paper."""

    rows: bytes
    width_bytes: int
    #: What was typed on it, line by line, with the settings in force: page, side, bold, size, white on black.
    lines: list[tuple[str, tuple[int, int, int, int, int]]] = field(default_factory=list)
    #: QR codes that it drew itself.
    codes: list[str] = field(default_factory=list)

    def holds(self, slip: bytes) -> bool:
        """Whether the whole of `slip` is on it, down to its last row."""
        return self.rows.endswith(slip)


@dataclass
class FakePrinter:
    """Use as `async with FakePrinter(Knobs(…)) as printer`; `printer.url` is its address."""

    knobs: Knobs = field(default_factory=Knobs)

    def __post_init__(self) -> None:
        self.pieces: list[Piece] = []
        self.hanging = bytearray()
        self.cuts = 0
        self.printed_mm = 0.0
        self.received = 0
        self.garbage = bytearray()
        self.intrusions = 0
        self.connections = 0
        self.questions: list[bytes] = []
        self.clears = 0
        self.drawer_kicks = 0
        self.log: list[str] = []
        self.paper_out = self.cover_open = self.jammed = self.hot = self.off = False
        self.idle = asyncio.Event()
        self.width_bytes = 72
        self._buffer = bytearray()
        self._head = bytearray()
        self._skip = 0  # bytes of a picture still to arrive, and on which connection it began
        self._picture_of = self._serving = 0
        self._rows_left = 0  # rows of a picture still to print
        self._rows_printed = 0
        self._powered = 0
        self._pictures = 0  # that began to arrive
        self._changed = asyncio.Event()
        self._room = asyncio.Event()
        self._forgotten = False
        self._typed = bytearray()  # the line that is being typed
        self._look = [0, 0, 0, 0, 0]
        self._code = ""
        self._lines: list[tuple[str, tuple[int, int, int, int, int]]] = []
        self._codes: list[str] = []
        self._reply: Callable[[bytes], object] | None = None
        self._writers: set[asyncio.StreamWriter] = set()
        self._turn = asyncio.Lock()
        self._tasks: set[asyncio.Task] = set()
        self._asb_on = self.knobs.asb
        self._cut_tried = 0
        self.port = 0
        self._server: asyncio.Server | None = None

    # -------------------------------------------------------------------------------------- its life

    async def __aenter__(self) -> Self:
        await self._listen()
        self.start()
        return self

    def start(self) -> None:
        """The mechanism alone, for a printer that is reached by something else than TCP."""
        self._spawn(self._mechanism())

    async def __aexit__(self, *_exc: object) -> None:
        await self.unplug()
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)

    @property
    def url(self) -> str:
        return f"tcp://127.0.0.1:{self.port}"

    async def _listen(self) -> None:
        listening = socket.socket()
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if self.knobs.small_window:
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        listening.bind(("127.0.0.1", self.port))
        self.port = listening.getsockname()[1]
        limit = 2048 if self.knobs.small_window else 2**16
        self._server = await asyncio.start_server(self._serve, sock=listening, limit=limit)

    async def unplug(self) -> None:
        """The network cable: nobody reaches it, its buffer stays."""
        if self._server is not None:
            self._server.close()
            self._server = None
        self._hang_up(reset=True)

    async def plug(self) -> None:
        if self._server is None:
            await self._listen()

    def _spawn(self, coroutine) -> None:
        task = asyncio.create_task(coroutine)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _hang_up(self, *, reset: bool) -> None:
        for writer in list(self._writers):
            if reset:
                with contextlib.suppress(OSError, AttributeError):
                    writer.get_extra_info("socket").setsockopt(
                        socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0)
                    )
                writer.transport.abort()
            else:
                writer.close()
        self._writers.clear()
        self._reply = None

    async def power_loss(self) -> None:
        self.log.append("power off")
        self.off = True
        self._powered += 1
        if self.knobs.power_silently:
            self.knobs.mute = True
        else:
            await self.unplug()
        self._forget()
        if self.knobs.count_lost:
            self.cuts = max(0, self.cuts - 1)
        await asyncio.sleep(self.knobs.off_for)  # the power is away
        self.off = False
        if self.knobs.power_silently:
            self.knobs.mute = False
            self._forget()
            self._hang_up(reset=True)
        self._asb_on = self.knobs.asb
        await self.plug()
        self.log.append("power on")
        self._changed.set()

    def repair(self) -> None:
        """Paper in, cover shut, jam out, the cable's other client gone."""
        self.log.append("repaired")
        self.paper_out = self.cover_open = self.jammed = self.hot = False
        self.knobs.held = False
        self.knobs.deaf_at_byte = None
        self.knobs.mute = False
        self._changed.set()
        self._room.set()

    async def settled(self, within: float = 5.0) -> None:
        """Repaired, plugged in and finished with all that it holds: what lies on the paper is final."""
        self.repair()
        await self.plug()
        async with asyncio.timeout(within):
            await asyncio.sleep(0.05)  # what was sent may be on the line yet
            while self.off or self._step_possible():  # noqa: ASYNC110 -- whatever it does, it is done in steps
                await asyncio.sleep(0.01)  # a step of its works

    # --------------------------------------------------------------------------------- what it takes

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        self._writers.add(writer)
        try:
            async with self._turn:  # one client at a time; the others wait, connected
                await self._talk(reader, writer)
        except (ConnectionError, OSError, asyncio.CancelledError):
            pass  # 3.11's start_server cannot bear a cancelled handler
        finally:
            self._tasks.discard(task)
            self._writers.discard(writer)
            writer.close()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        def reply(data: bytes) -> None:
            if not writer.is_closing():
                writer.write(data)

        self._reply = reply
        self._serving += 1
        powered = self._powered
        if self._asb_on:
            self._report()
        while True:
            while self.knobs.held or self._deaf() or len(self._buffer) >= self.knobs.buffer:
                self._room.clear()
                await self._room.wait()
            size = 512 if self.knobs.bytes_per_s or self.knobs.drop_at_byte else 4096
            data = await reader.read(size)
            if not data:
                return
            if self.knobs.bytes_per_s:
                await asyncio.sleep(len(data) / self.knobs.bytes_per_s)  # as slow as its line
            if powered != self._powered and not self.knobs.power_silently:
                return  # it went with the power, wherever in the printer it was
            at = self.knobs.drop_at_byte
            if at is not None and self.received + len(data) >= at and at > self.received - 4096:
                data = data[: max(0, at - self.received)]
                self.knobs.drop_at_byte = None
                self.receive(data)
                self.log.append("connection dropped")
                self._hang_up(reset=not self.knobs.fin)
                return
            self.receive(data)

    def _deaf(self) -> bool:
        return self.knobs.deaf_at_byte is not None and self.received >= self.knobs.deaf_at_byte

    def receive(self, data: bytes, reply: Callable[[bytes], object] | None = None) -> None:
        """Bytes from whatever carries them."""
        if reply is not None:
            self._reply = reply
        self.received += len(data)
        self.idle.clear()
        at = 0
        while at < len(data):
            if self._skip:
                at += self._take_picture(data[at : at + self._skip])
                continue
            self._head.append(data[at])
            at += 1
            self._take_head()
        self._changed.set()

    def _take_picture(self, part: bytes) -> int:
        """Data of a picture. What looks like a real-time command is one, and stays data all the same."""
        self._buffer += part
        self._skip -= len(part)
        found = REAL_TIME.findall(part)
        if self._serving == self._picture_of:
            self.intrusions += len(found)
        for match in re.finditer(rb"\x10\x04[\x01-\x04]", part):
            self._answer_status(match[0][2])
        if CLEARING in part:
            self._clear()
        return len(part)

    def _take_head(self) -> None:
        head = bytes(self._head)
        if head[:2] == b"\x10\x04" and len(head) == 3:
            self._head.clear()
            self._answer_status(head[2])
        elif head == CLEARING:
            self._head.clear()
            self._clear()
        elif head[:1] == b"\x10" and not CLEARING.startswith(head):
            if head not in (b"\x10", b"\x10\x04"):
                if head[:3] == b"\x10\x14\x01":
                    self.drawer_kicks += 1
                self._buffer += head
                self._head.clear()
        elif head[:1] != b"\x10" and head.endswith(CLEARING) and self.knobs.clear:
            self._clear()  # heard inside any command, as all of these are
        elif head[:1] != b"\x10":
            if head[-3:-1] == b"\x10\x04" and head[-1] in STATUSES:
                self._answer_status(head[-1])
            self._take_whole(head)

    def _take_whole(self, head: bytes) -> None:
        """A command, once all of it is there."""
        if (length := _length_of(head)) is None:
            return
        assert length == len(head)
        if head[:4] == b"\x1dv0\x00":
            self._skip = int.from_bytes(head[4:6], "little") * int.from_bytes(head[6:8], "little")
            self._picture_of = self._serving
            self._pictures += 1
        self._buffer += head
        self._head.clear()
        if self.knobs.drop_behind_job and head[:4] == b"\x1d(H\x06" and head[-4:].isalnum() and self._pictures:
            self.knobs.drop_behind_job = False
            self.log.append("dropped behind the job")
            self._hang_up(reset=not self.knobs.fin)

    def _forget(self) -> None:
        self._buffer.clear()
        self._head.clear()
        self._skip = self._rows_left = 0
        self._forgotten = True
        self._typed.clear()
        self._room.set()

    def _clear(self) -> None:
        if not self.knobs.clear:
            return
        self.clears += 1
        self.log.append(f"cleared {len(self._buffer)} bytes")
        self._forget()
        self._say(b"\x37\x25\x00")
        self._changed.set()

    # --------------------------------------------------------------------------------- what it says

    def _say(self, data: bytes) -> None:
        if self.knobs.mute_for > 0:
            self.knobs.mute_for -= 1
            return
        if self.knobs.mute or self._reply is None:
            return
        data = self.knobs.noise or data
        if self.knobs.late_by:
            reply = self._reply
            asyncio.get_running_loop().call_later(self.knobs.late_by, lambda: reply(data))
        else:
            self._reply(data)

    def _answer_status(self, n: int) -> None:
        self.questions.append(bytes((0x10, 0x04, n)))
        if n in self.knobs.status:
            self._say(bytes((self._status(n),)))

    def _status(self, n: int) -> int:
        near = self.near_end or self.paper_out
        pair = (0x04, 0x20) if self.knobs.one_bit else (0x0C, 0x60)
        match n:
            case 1:
                return 0x12 | 0x08 * self.stopped
            case 2:
                return 0x12 | 0x04 * self.cover_open | 0x20 * self.paper_out | 0x40 * (self.jammed or self.hot)
            case 3:
                return 0x12 | 0x08 * self.jammed | 0x40 * self.hot
        return 0x12 | pair[0] * near | pair[1] * self.paper_out

    def _report(self) -> None:
        """Automatic status: four bytes that nobody asked for."""
        first = 0x10 | 0x08 * self.stopped | 0x20 * self.cover_open
        self._say(bytes((first, 0x08 * self.jammed, 0x0F * self.paper_out | 0x03 * self.near_end, 0)))

    @property
    def near_end(self) -> bool:
        return self.knobs.near_end_at is not None and self.printed_mm >= self.knobs.near_end_at

    @property
    def stopped(self) -> bool:
        return self.paper_out or self.cover_open or self.jammed or self.hot or self.off

    # --------------------------------------------------------------------------------- what it does

    async def _mechanism(self) -> None:
        while True:
            if self.stopped or not self._step_possible():
                if not self.stopped:
                    self.idle.set()
                self._changed.clear()
                await self._changed.wait()
                continue
            if self._rows_left:
                await self._print_rows()
            else:
                await self._execute()
            self._room.set()

    def _step_possible(self) -> bool:
        if self._rows_left:
            return len(self._buffer) >= self.width_bytes
        return self._length() is not None

    def _length(self) -> int | None:
        return _length_of(bytes(self._buffer[:8192]))

    async def _print_rows(self) -> None:
        rows = min(24, self._rows_left, len(self._buffer) // self.width_bytes)
        mm = rows * 25.4 / DPI
        await asyncio.sleep(mm / self.knobs.mm_per_s)  # paper moves
        if not self._rows_left:  # cleared meanwhile
            return
        taken = bytes(self._buffer[: rows * self.width_bytes])
        del self._buffer[: len(taken)]
        self._rows_left -= rows
        self._rows_printed += rows
        self.hanging += taken
        self.printed_mm += mm
        await self._wear()

    async def _wear(self) -> None:
        """Whatever is to go wrong at this length goes wrong once."""
        knobs = self.knobs
        if knobs.paper_out_at is not None and self.printed_mm >= knobs.paper_out_at:
            knobs.paper_out_at, self.paper_out = None, True
            self._broken("paper out")
            if knobs.drop_when_out:
                knobs.drop_when_out = False
                self._hang_up(reset=not knobs.fin)
        if knobs.cover_open_at is not None and self.printed_mm >= knobs.cover_open_at:
            knobs.cover_open_at, self.cover_open = None, True
            self._broken("cover open")
        if knobs.hot_at is not None and self.printed_mm >= knobs.hot_at:
            knobs.hot_at, self.hot = None, True
            asyncio.get_running_loop().call_later(knobs.hot_for, self._cooled)
        if knobs.power_loss_at is not None and self.printed_mm >= knobs.power_loss_at:
            knobs.power_loss_at = None
            await self.power_loss()

    def _broken(self, what: str) -> None:
        self.log.append(what)
        if self._asb_on:
            self._report()
        if self.knobs.repaired_after is not None:
            asyncio.get_running_loop().call_later(self.knobs.repaired_after, self.repair)

    def _cooled(self) -> None:
        self.hot = False
        self._changed.set()

    async def _execute(self) -> None:
        length = self._length()
        assert length is not None
        command = bytes(self._buffer[:length])
        if command[:2] == b"\x1dV":
            await self._cut(length)
            return
        del self._buffer[:length]
        self._forgotten = False
        if self.knobs.types and await self._type(command):
            return
        match command[:2]:
            case b"\x1dv":
                self.width_bytes = int.from_bytes(command[4:6], "little")
                self._rows_left = int.from_bytes(command[6:8], "little")
            case b"\x1d(":
                await self._answer_id(command)
            case b"\x1dg" | b"\x1dr":
                self._answer_in_order(command)
            case b"\x1b@":
                self._asb_on = self.knobs.asb_stubborn
            case b"\x1da":
                self._asb_on = self.knobs.asb_stubborn or bool(command[2])
            case b"\x1bd" | b"\x1bp":
                self.drawer_kicks += command[1] == 0x70
            case b"\x00":
                pass  # printers step over it
            case _:
                self.garbage += command

    async def _type(self, command: bytes) -> bool:
        """Whether that was text, or a setting of it."""
        settings = (b"\x1bt", b"\x1ba", b"\x1bE", b"\x1d!", b"\x1dB")
        if command[:2] in settings:
            value = command[2]
            self._look[settings.index(command[:2])] = value % 48 if command[:2] == b"\x1ba" else value
        elif command == b"\n":
            await self._end_line()
        elif command[0] >= 0x20:
            self._typed += command
        elif command[:3] == b"\x1d(k":
            await self._draw_code(command)
        elif command == b"\x1b@":
            self._look, self._typed = [0, 0, 0, 0, 0], bytearray()
            return False
        else:
            return False
        return True

    async def _end_line(self) -> None:
        """A line leaves as a mark among the rows, so that what is whole and what is not is seen by the same look."""
        high = 24 * ((self._look[3] & 7) + 1) + 6
        typed, self._typed = bytes(self._typed), bytearray()
        await self._advance(b"<" + bytes(self._look) + typed + b">", high)
        if typed:
            page, side, bold, size, reverse = self._look
            self._lines.append((typed.decode(PAGES[page], errors="replace"), (page, side, bold, size, reverse)))

    async def _draw_code(self, command: bytes) -> None:
        if command[6] == 0x50:
            self._code = command[8:].decode(errors="replace")
        elif command[6] == 0x51:
            await self._advance(b"<" + self._code.encode() + b">", 160)
            self._codes.append(self._code)

    async def _advance(self, mark: bytes, high: int) -> None:
        mm = high * 25.4 / DPI
        await asyncio.sleep(mm / self.knobs.mm_per_s)  # paper moves
        if self._forgotten:  # cleared meanwhile
            self._forgotten = False
            return
        self.hanging += mark
        self._rows_printed += 1
        self.printed_mm += mm
        await self._wear()

    def _answer_in_order(self, command: bytes) -> None:
        self.questions.append(command)
        if command[1] == 0x72 and self.knobs.gs_r:
            self._say(bytes((0x0F * self.paper_out | 0x03 * self.near_end,)))
        if command[1] == 0x67 and int.from_bytes(command[4:6], "little") in self.knobs.counters:
            self._say(b"\x5f" + str(self.cuts).encode() + b"\x00")

    async def _answer_id(self, command: bytes) -> None:
        if not self.knobs.process_id:
            return
        if self.knobs.unplugged_before_id and command[-4:].isalnum() and self._rows_printed:
            self.knobs.unplugged_before_id = False
            self.log.append("unplugged before the id")
            await self.unplug()
            return
        if self.knobs.drop_before_id and command[-4:].isalnum() and self._rows_printed:
            self.knobs.drop_before_id = False
            self.log.append("dropped before the id")
            self._hang_up(reset=not self.knobs.fin)
            return
        self._say(b"\x37\x22" + command[-4:] + b"\x00")

    async def _cut(self, length: int) -> None:
        self._cut_tried += 1
        if self.knobs.jam_at_cut == self._cut_tried:
            self.jammed = True
            self._broken("cutter jammed")
            return
        if self.knobs.power_loss_at_cut == self._cut_tried:
            self._fall()
            await self.power_loss()
            return
        await asyncio.sleep(self.knobs.cut_s)  # the blade moves
        if len(self._buffer) < length:  # cleared meanwhile
            return
        del self._buffer[:length]
        self._fall()
        if self.knobs.drop_at_cut == self._cut_tried:
            self.log.append("dropped at the cut")
            self._hang_up(reset=not self.knobs.fin)

    def _fall(self) -> None:
        self.cuts += 1
        self.pieces.append(Piece(bytes(self.hanging), self.width_bytes, self._lines, self._codes))
        self.hanging.clear()
        self._lines, self._codes = [], []

    # ---------------------------------------------------------------------------- what lies on paper

    def slips(self, rows: bytes) -> int:
        """How many whole slips with these rows lie on the paper, cut or still hanging."""
        return sum(piece.holds(rows) for piece in self.pieces) + bytes(self.hanging).endswith(rows)


def _length_of(head: bytes) -> int | None:
    """Bytes of the command at the start of `head` (a picture's data not counted); None while incomplete."""
    if not head:
        return None
    if head[0] not in (0x1B, 0x1D):
        return 1
    fixed = {
        b"\x1bt": 3,
        b"\x1ba": 3,
        b"\x1bE": 3,
        b"\x1d!": 3,
        b"\x1dB": 3,
        b"\x1b@": 2,
        b"\x1bd": 3,
        b"\x1bp": 5,
        b"\x1dv": 8,
        b"\x1dr": 3,
        b"\x1da": 3,
        b"\x1dg": 6,
    }
    length: int | None
    if head[:2] == b"\x1dV":
        length = 3 if len(head) > 2 and head[2] not in (65, 66) else 4
    elif head[:2] == b"\x1d(":
        length = 5 + int.from_bytes(head[3:5], "little") if len(head) >= 5 else None
    else:
        length = fixed.get(head[:2], 2)
    return length if length is not None and len(head) >= length else None
