"""The server's log: one JSON object a line on standard error, and nothing personal in it.

Ticket ids are secrets (whoever holds one may follow the ticket) and never come here; numbers, counters, codes and
durations do. This is the one door to structlog.
"""

from __future__ import annotations

import logging
import sys

import structlog

log: structlog.stdlib.BoundLogger = structlog.get_logger()


def set_up(*, plain: bool = False, quiet: bool = False) -> None:
    """JSON lines for machines, or `plain` text for a console; `quiet` leaves out all but warnings."""
    renderer = structlog.dev.ConsoleRenderer(colors=False) if plain else structlog.processors.JSONRenderer()
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING if quiet else logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=True,
    )


class _OneLine(logging.Handler):
    """What the HTTP server says of requests that are none (garbage, endless headers): a line, never a traceback."""

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        log.info("not_http", error=type(error).__name__ if error is not None else record.levelname)


def one_line_logger() -> logging.Logger:
    """For a library that logs with tracebacks what anybody may send."""
    logger = logging.Logger("http", logging.WARNING)
    logger.addHandler(_OneLine())
    return logger
