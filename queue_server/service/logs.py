"""The server's log: one JSON object a line on standard error, and nothing personal in it.

Ticket ids are secrets (whoever holds one may follow the ticket) and never come here; numbers, counters, codes and
durations do. This is the one door to structlog. Whatever becomes of a line, logging neither raises nor waits: a disk
that is full under the log, or a reader that is gone or stands still, costs lines and nothing else.
"""

from __future__ import annotations

import logging
import os
import select
import sys
import traceback
from collections.abc import Callable
from time import monotonic
from typing import Any, TextIO

import structlog

AT_ONCE = select.PIPE_BUF
"""Bytes that a pipe takes without waiting, once it says that it takes any."""

FRAMES = 5
"""So many places of the code, the innermost first, say where something happened."""

_LOST = '{{"event": "log_lines_lost", "level": "warning", "lines": {}}}\n'


class Log:
    """`log.info("day_opened", day=…)`. Whoever logs has something better to do than to fail at it."""

    def __init__(self) -> None:
        self.follow()

    def follow(self) -> None:
        """From now on lines go where structlog sends them now; a logger keeps what it began with."""
        self._logger = structlog.get_logger()

    def info(self, event: str, **fields: Any) -> None:
        self._say("info", event, fields)

    def warning(self, event: str, **fields: Any) -> None:
        self._say("warning", event, fields)

    def error(self, event: str, **fields: Any) -> None:
        self._say("error", event, fields)

    def _say(self, level: str, event: str, fields: dict[str, Any]) -> None:
        for said in (fields, {"unreadable": True}):  # a field whose text cannot be made costs the fields, not the line
            try:
                getattr(self._logger, level)(event, **said)
            except Exception:  # noqa: BLE001, S112 - there is nowhere left to say it
                continue
            return


log = Log()


class Sparing:
    """Lines that anybody in the network may cause: so many at once and so many a second, then only how many more.

    A log that lies on the journal's disk would else fill it, and a hall stops whose journal cannot be written.
    """

    AT_ONCE, PER_S = 500, 5.0

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._left: float = self.AT_ONCE
        self._at = clock()
        self._kept_back = 0

    def info(self, event: str, **fields: Any) -> None:
        now = self._clock()
        self._left = min(self.AT_ONCE, self._left + (now - self._at) * self.PER_S)
        self._at = now
        if self._left < 1:
            self._kept_back += 1
            return
        self._left -= 1
        if self._kept_back:
            log.warning("lines_kept_back", lines=self._kept_back)
            self._kept_back = 0
        log.info(event, **fields)


refusals = Sparing()
"""What was refused, or was no request."""


class Sink:
    """Where lines go, past Python's buffers: nothing lies in one whose flush fails later, or at the end.

    `lost` counts the lines that could not be written; the next that can is preceded by how many they were.
    """

    def __init__(self, file: TextIO | None) -> None:
        self.lost = 0
        self._file = file
        self._begun = ""
        """What ends a line of which only the beginning found room."""

    def write(self, text: str) -> None:
        try:
            if self.lost and self._put(self._begun + _LOST.format(self.lost)):
                self.lost = 0
            written = not self.lost and self._put(self._begun + text)
        except (OSError, ValueError):  # full, gone, closed
            written = False
        self.lost += not written

    def flush(self) -> None:
        """Nothing is kept back."""

    def _put(self, text: str) -> bool:
        """False where nothing could be written; of a line that finds room for its beginning only, the rest is cut."""
        if self._file is None:
            return False
        descriptor, data = self._file.fileno(), text.encode("utf-8", "backslashreplace")
        for start in range(0, len(data), AT_ONCE):
            if not _takes_more(descriptor):
                self._begun = "\n" if start else self._begun
                return start > 0
            os.write(descriptor, data[start : start + AT_ONCE])
        self._begun = ""
        return True


def _takes_more(descriptor: int) -> bool:
    ready = select.poll()
    ready.register(descriptor, select.POLLOUT)
    return bool(ready.poll(0))


def set_up(*, plain: bool = False, quiet: bool = False, file: TextIO | None = None) -> None:
    """JSON lines for machines, or `plain` text for a console; `quiet` leaves out all but warnings.

    They go to standard error, or to `file`, which must be a real one.
    """
    renderer = structlog.dev.ConsoleRenderer(colors=False) if plain else structlog.processors.JSONRenderer()
    sink: Any = Sink(file or sys.stderr)
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING if quiet else logging.INFO),
        logger_factory=structlog.WriteLoggerFactory(file=sink),
        cache_logger_on_first_use=True,
    )
    log.follow()
    root = logging.getLogger()
    if not root.handlers:  # else Python itself would write what libraries say, and wait for a reader that stands still
        root.addHandler(_OneLine("library_said", log.warning))


def where(error: BaseException) -> str:
    """`instants.py:41 < board.py:98 < hub.py:212`."""
    frames = traceback.extract_tb(error.__traceback__)[-FRAMES:]
    return " < ".join(f"{frame.filename.rpartition('/')[2]}:{frame.lineno}" for frame in reversed(frames))


class _OneLine(logging.Handler):
    """What a library says, of requests that are none or of what went wrong in it: a line, never a text of others."""

    def __init__(self, event: str, say: Callable[..., None]) -> None:
        super().__init__()
        self._event = event
        self._say = say

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        if error is None:
            self._say(self._event, logger=record.name, error=record.levelname)
        else:
            self._say(self._event, logger=record.name, error=type(error).__name__, at=where(error))


def one_line_logger() -> logging.Logger:
    """For a library that logs with tracebacks what anybody may send."""
    logger = logging.Logger("http", logging.WARNING)
    logger.addHandler(_OneLine("not_http", refusals.info))
    return logger
