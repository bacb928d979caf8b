"""Questions and answers on one open line.

Whoever waits says for which kind of answer; what comes late or unasked is dropped, never taken for another.
After a question that was not answered in time the line is not asked again: its answers no longer belong to
questions, so it is closed and a new one opened.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from types import TracebackType
from typing import Self

from printer.answers import Answer, Cleared, Counted, Listener, Printed, Reading, Sensors, StatusByte, reading
from printer.escpos import CLEAR, PAPER_QUERY, STATUS_QUERIES, count_query, id_query
from printer.transports.line import Line, LineLost

Wanted = Callable[[Answer], bool]


class Conversation:
    """Use as `async with`: leaving it closes the line, or cuts it if it ended in an error or out of step."""

    def __init__(self, line: Line, *, answer_within: float) -> None:
        self._line = line
        self._within = answer_within
        self._listener = Listener()
        self._expected: list[tuple[Wanted, asyncio.Future[Answer | None]]] = []
        self._lost = False
        #: It said something, whatever it was.
        self.heard = False
        #: An answer is missing, or the job was not confirmed: the line must not be closed gently.
        self.out_of_step = False

    @property
    def written(self) -> int:
        return self._line.written

    @property
    def lost(self) -> bool:
        return self._lost

    async def __aenter__(self) -> Self:
        self._hearing = asyncio.create_task(self._hear())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._hearing.cancel()
        await asyncio.wait({self._hearing})
        if error is not None or self._lost or self.out_of_step:
            await self._line.drop()
        else:
            await self._line.close()

    def expect(self, wanted: Wanted) -> asyncio.Future[Answer | None]:
        """Will be the next answer that is `wanted`, or None when the line is lost before."""
        future: asyncio.Future[Answer | None] = asyncio.get_running_loop().create_future()
        if self._lost:
            future.set_result(None)
        else:
            self._expected.append((wanted, future))
        return future

    async def write(self, data: bytes) -> None:
        """Raises LineLost."""
        await self._line.write(data)

    async def ask(self, question: bytes, wanted: Wanted, within: float | None = None) -> Answer | None:
        """The answer, or None when it did not come in time. Raises LineLost."""
        future = self.expect(wanted)
        try:
            async with asyncio.timeout(self._within if within is None else within):
                await self._line.write(question)
                answer = await future
        except TimeoutError:
            self.out_of_step = True
            return None
        finally:
            self._forget(future)
        if answer is None:
            raise LineLost("the line was lost before the answer came")
        return answer

    async def status(self, queries: tuple[int, ...], within: float | None = None) -> Reading | None:
        """How the printer is; None when it does not say. Raises LineLost."""
        bits: dict[int, int] = {}
        for n in queries:
            answer = await self.ask(STATUS_QUERIES[n], is_status, within)
            if not isinstance(answer, StatusByte):
                return None
            bits[n] = answer.bits
        return reading(bits)

    async def count(self, counter: int, within: float | None = None) -> int | None:
        """Cuts so far, once all that was sent before has been printed. Raises LineLost."""
        answer = await self.ask(count_query(counter), is_count, within)
        return answer.cuts if isinstance(answer, Counted) else None

    async def clear(self, within: float | None = None) -> bool:
        """Whether the printer said that its buffers are empty. Raises LineLost."""
        return await self.ask(CLEAR, is_cleared, within) is not None

    async def sensors(self, within: float | None = None) -> bool:
        """Whether the printer said that it has taken in all that was sent before. Raises LineLost."""
        return await self.ask(PAPER_QUERY, is_sensors, within) is not None

    async def repeats(self, seq4: str, within: float | None = None) -> bool:
        """Whether the printer repeats a process id. Raises LineLost."""
        return await self.ask(id_query(seq4), is_id(seq4), within) is not None

    def _forget(self, future: asyncio.Future[Answer | None]) -> None:
        self._expected = [(wanted, other) for wanted, other in self._expected if other is not future]

    async def _hear(self) -> None:
        try:
            while True:
                data = await self._line.read()
                self.heard = True
                for answer in self._listener.feed(data):
                    self._heard(answer)
        except LineLost:
            self._lost = True
            for _wanted, future in self._expected:
                if not future.done():
                    future.set_result(None)
            self._expected = []

    def _heard(self, answer: Answer) -> None:
        for index, (wanted, future) in enumerate(self._expected):
            if wanted(answer):
                del self._expected[index]
                if not future.done():
                    future.set_result(answer)
                return


def is_status(answer: Answer) -> bool:
    return isinstance(answer, StatusByte)


def is_count(answer: Answer) -> bool:
    return isinstance(answer, Counted)


def is_cleared(answer: Answer) -> bool:
    return isinstance(answer, Cleared)


def is_sensors(answer: Answer) -> bool:
    return isinstance(answer, Sensors)


def is_id(seq4: str) -> Wanted:
    return lambda answer: isinstance(answer, Printed) and answer.seq4 == seq4
