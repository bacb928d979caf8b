"""What others may hold the mall to: the signed closing hashes, for everybody to read and to keep."""

from __future__ import annotations

from msgspec.structs import asdict

from queue_server.errors import Unavailable
from queue_server.journal.closing import written
from queue_server.service.closings import FILE, Closings
from queue_server.web.ask import Ask
from queue_server.web.identity.access import Caller
from queue_server.web.page.visit import Handed, Shown, Visit
from queue_server.web.parts import PARTS, Parts
from queue_server.wire.audit import ClosingsView, ClosingView

SHOWN = 400
"""So many days are given at once; all of them are in the file."""


async def closings(ask: Ask[None]) -> ClosingsView:
    """The signed hash of each day that is over, the newest first, for `antrean verify --against`."""
    kept = _closings(ask.parts)
    views = tuple(ClosingView(**asdict(closing)) for closing in kept.list[: -SHOWN - 1 : -1])
    return ClosingsView(public_key=kept.public_key, closings=views)


async def closings_page(visit: Visit, caller: Caller, language: str) -> Shown:
    """The same for people; `?format=jsonl` gives all days as the file that `antrean verify --against` reads."""
    kept = _closings(visit.request.app[PARTS])
    file = f"{kept.list[-1].mall}-{FILE}" if kept.list else FILE
    if visit.request.query.get("format") == "jsonl":
        raise Handed(written(kept.list), "application/jsonl; charset=utf-8", file)
    return Shown(values={"closings": kept.list[: -SHOWN - 1 : -1], "public_key": kept.public_key, "file": file})


def _closings(parts: Parts) -> Closings:
    if parts.closings is None:
        raise Unavailable("The closing hashes are not there yet.")
    return parts.closings
