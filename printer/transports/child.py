"""Printers whose writes can block for ever: the device is opened in a process of its own, which can be killed.

A write to a stuck USB or serial printer cannot be taken back, not even in a thread. So a child process holds the
device and does nothing else: frames come in on its standard input, go to the device, and are acknowledged;
what the device says goes out on its standard output. The parent waits, loses patience, and kills.

Frames, both ways: one letter, four bytes of length, the data. To the child: `W` write this. From the child: `O`
open, `A` so many bytes were taken, `R` the device said this, `E` it failed, in words.

The child is kept while it works: opening a serial port again may reset the printer behind it.
"""

from __future__ import annotations

import asyncio
import contextlib
import struct
import sys

from printer.transports.line import LineLost, Unreachable

_HEAD = struct.Struct(">cI")
_LARGEST = 1 << 20


class ChildLine:
    """The child's end as a line. Shared by all conversations until it is dropped."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self._process = process
        self._in = process.stdin
        self._out = process.stdout
        self._heard: asyncio.Queue[bytes] = asyncio.Queue()
        self._taken = asyncio.Event()
        self._failure = ""
        self.opened = asyncio.Event()
        self.sent = 0
        self.accepted = 0
        self._base = 0
        self._listening = asyncio.create_task(self._listen())

    @property
    def alive(self) -> bool:
        return self._process.returncode is None and not self._failure

    @property
    def failure(self) -> str:
        return self._failure or "the process that holds the device ended"

    @property
    def written(self) -> int:
        return self.accepted - self._base

    async def write(self, data: bytes) -> None:
        """Returns when the device has taken it all, not when the child has."""
        self._base = self.sent
        self.accepted = max(self.accepted, self._base)
        self.sent += len(data)
        try:
            self._in.write(_HEAD.pack(b"W", len(data)) + data)
            await self._in.drain()
        except (OSError, RuntimeError) as error:
            raise LineLost(self.failure) from error
        target = self.sent
        while self.accepted < target:
            if not self.alive:
                raise LineLost(self.failure)
            self._taken.clear()
            await self._taken.wait()

    async def read(self) -> bytes:
        data = await self._heard.get()
        if not data:
            raise LineLost(self.failure)
        return data

    async def close(self) -> None:
        """The child goes on; what it still says belongs to nobody."""
        while not self._heard.empty() and self.alive:
            self._heard.get_nowait()

    async def drop(self) -> None:
        self._failure = self._failure or "cut"
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()
        await self._process.wait()
        self._listening.cancel()
        await asyncio.wait({self._listening})

    async def drained(self, within: float) -> bool:
        return self.accepted >= self.sent

    async def _listen(self) -> None:
        try:
            while True:
                head = await self._out.readexactly(_HEAD.size)
                kind, length = _HEAD.unpack(head)
                self._told(kind, await self._out.readexactly(min(length, _LARGEST)))
        except (asyncio.IncompleteReadError, OSError):
            self._failure = self._failure or "the process that holds the device ended"
        self._over()

    def _told(self, kind: bytes, data: bytes) -> None:
        if kind == b"O":
            self.opened.set()
        elif kind == b"A":
            self.accepted += int.from_bytes(data, "big")
            self._taken.set()
        elif kind == b"R":
            self._heard.put_nowait(data)
        elif kind == b"E":
            self._failure = data.decode(errors="replace")
            self._over()

    def _over(self) -> None:
        self.opened.set()
        self._taken.set()
        self._heard.put_nowait(b"")


class ChildTransport:
    """Opens the device that `arguments` name to `printer.transports.holder`, in a child."""

    def __init__(self, arguments: list[str], *, within: float, answers: bool) -> None:
        self._arguments = arguments
        self._within = within
        self.answers = answers
        self._line: ChildLine | None = None

    async def open(self) -> ChildLine:
        if self._line is not None:
            if self._line.alive:
                await self._line.close()
                return self._line
            await self._line.drop()
            self._line = None
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "printer.transports.holder",
            *self._arguments,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        line = ChildLine(process)
        try:
            async with asyncio.timeout(self._within):
                await line.opened.wait()
        except TimeoutError:
            await line.drop()
            raise Unreachable(f"{self._arguments[1]} does not open within {self._within:g} s") from None
        if not line.alive:
            failure = line.failure
            await line.drop()
            raise Unreachable(failure)
        self._line = line
        return line

    async def shut(self) -> None:
        """End the child."""
        if self._line is not None:
            await self._line.drop()
            self._line = None
