"""Trying a printer by hand: what is it, what can it prove, does it print as wide as it should.

What `antrean printer --probe` does, for a technician with the printer in front of them.
"""

from __future__ import annotations

from collections.abc import AsyncIterator

from printer.confirming import Work
from printer.device import Device
from printer.machine import SLOW, USUAL, Ending, Limits
from printer.press import press
from printer.transports.address import Address
from printer.wiring import device_for
from queue_server.wire.printing import Caps, Paper, TestView

_CAUSES = {
    "paper_out": "there is no paper",
    "cover_open": "the cover is open",
    "cutter": "the cutter is stuck",
    "head_hot": "the head is too hot; it will go on by itself",
    "feed_button": "the feed button is held",
    "fault": "it reports a fault",
    "offline": "it is offline",
    "unreachable": "it cannot be reached",
    "no_status": "it does not say how it is",
}
_PROOFS = {
    "id": "yes: it says of each slip that it is out",
    "counter": "by its counter of cuts",
    "gs_r": "weakly: it says that it has taken everything, not that it is out",
    "spooler": "no",
    "none": "no: every slip will be `unknown`",
}


async def probe(address: Address, limits: Limits = USUAL) -> AsyncIterator[str]:
    """Lines for the technician; the last one says how the test slip ended."""
    device = device_for(address, limits)
    try:
        look = await device.look()
        if look.causes:
            yield f"not ready: {'; '.join(_CAUSES[cause] for cause in look.causes)}"
            if look.detail:
                yield f"  {look.detail}"
            if look.causes == ("no_status",):
                for line in _silent(address):
                    yield line
            return
        for line in said_of(device.caps):
            yield line
        if device.answers_after > limits.answer:
            yield f"  answers only after {device.answers_after:.1f} s: it is waited for, so each slip takes longer"
        if look.near_end:
            yield "paper: near its end"
        if look.cuts is not None:
            yield f"cuts so far: {look.cuts}"
        paper = address.paper(Paper())
        way = ", as text" if paper.mode == "text" else ""
        yield f"printing a test slip, {paper.dots} dots at {paper.dpi} dpi, cut {paper.cut}{way}"
        tried = await _tried(device, address, paper)
        took = max(address.picture_s, device.sent_s or 0.0)
        if paper.mode == "raster" and took > SLOW:
            yield f"this line is slow: a drawn slip takes about {took:.0f} s. As text it takes one; use the address"
            yield f"  {address.having(mode='text')}"
        yield tried
    finally:
        await device.shut()


def _silent(address: Address) -> list[str]:
    """What to do about a printer that was reached and gives no status."""
    return [
        "  first: switch it on, and end whatever else uses it (an agent, a spooler, a till)",
        "  if it says the same again, it can never answer, and each slip is `unknown`: use the address",
        f"  {address.having(blind='yes')}",
    ]


def said_of(caps: Caps) -> list[str]:
    """What a printer can do, one line each."""
    status = ", ".join(str(n) for n in caps.status) or "none"
    return [
        f"confirmed printing: {_PROOFS[caps.confirms]}",
        f"  status (DLE EOT): {status}",
        f"  process id (GS ( H): {_yes(caps.process_id)}",
        f"  counter of cuts (GS g 2): {caps.counter or 'no'}",
        f"  can be cleared (DLE DC4 8): {_yes(caps.clear)}",
        f"  ordered status (GS r): {_yes(caps.gs_r)}",
    ]


async def _tried(device: Device, address: Address, paper: Paper) -> str:
    view = TestView(title="Antrean", lines=(address.text, _PROOFS[device.caps.confirms]))
    work = Work("test", press().made(view, paper))
    ended = await device.deliver(work, uncut=None, sending=lambda _before: None)
    if not isinstance(ended, Ending):
        return f"test slip: not printed, {_CAUSES[ended]}"
    why = f" ({ended.reason})" if ended.reason else ""
    return f"test slip: {ended.outcome.replace('_', ' ')}{why}"


def _yes(value: bool) -> str:
    return "yes" if value else "no"
