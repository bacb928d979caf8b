"""What staff see of the printers and of today's paper, over HTTP and live (`printers`)."""

from __future__ import annotations

from msgspec import Struct

from queue_server.wire.api import Named, Texts


class TroubleView(Struct, frozen=True, kw_only=True):
    """`reason` is a code of `wire/printing.py`, `agent_offline` or `not_looked`; `number` is the ticket concerned."""

    at: str
    reason: str
    number: str | None = None


class TestView(Struct, frozen=True, kw_only=True):
    """The last test slip. `state`: queued printing printed not_printed unknown."""

    __test__ = False  # not a test of pytest's

    at: str
    state: str
    reason: str | None


class PrinterView(Struct, frozen=True, kw_only=True):
    """`state`: ready warning error offline. `confirms` is the best proof of a slip that this printer can give:
    `id` (it says so of each), `counter` (of cuts), `gs_r` (weak), `none`; None while it is not known.

    `printed`, `not_printed`, `unknown` count since the agent's memory began.
    """

    id: str
    name: Texts
    state: str
    reason: str | None
    detail: str
    kiosks: tuple[str, ...]
    fallback: str | None
    width: int
    dpi: int
    device: str | None
    version: str | None
    last_seen: str | None
    confirms: str | None
    status: bool
    """It says whether it has paper."""
    clear: bool
    """What it has not printed yet can be taken back."""
    mode: str
    """`raster`: slips are drawn; `text`: they are written in the printer's own fonts."""
    slow_s: int | None
    """So many seconds a drawn slip takes on this printer's line, where that is long."""
    near_end: bool
    mm_since_near_end: int
    tickets_left: int | None
    queued: int
    printed: int
    not_printed: int
    unknown: int
    troubles: tuple[TroubleView, ...]
    """Newest first."""
    test: TestView | None


class PaperView(Struct, frozen=True, kw_only=True):
    """A ticket whose paper may be missing. `state`: queued not_printed unknown; a reprint says COPY if `copy`."""

    ticket: str
    number: str
    service: Texts
    issued_at: str
    state: str
    reason: str | None
    printer: str | None
    copy: bool


class PrintersView(Struct, frozen=True, kw_only=True):
    printers: tuple[PrinterView, ...]
    papers: tuple[PaperView, ...]
    """Tickets that are still of use, newest first."""
    reasons: tuple[Named, ...]
    timezone: str
