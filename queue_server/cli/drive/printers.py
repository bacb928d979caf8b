"""The virtual printers of a demonstration: real agents, linked like real ones, whose paper is seen in the browser.

GET  /printers/{printer}/slips              what has come out, newest first
GET  /printers/{printer}/slips/{n}.png      one slip, drawn from the bytes that a real printer would get
POST /printers/{printer}/fault              paper_out, cover_open, near_end, jammed, switched_off: true or false
"""

from __future__ import annotations

import asyncio
from pathlib import Path

import msgspec
from aiohttp import web
from msgspec import Struct

from printer.models import fitted
from printer.press import press
from printer.run import AgentConfig, run_agent
from printer.transports.virtual import VirtualPrinter, VirtualSlip
from queue_server import __version__
from queue_server.errors import Invalid, NotFound
from queue_server.registry.roles import Role
from queue_server.registry.store import Registry
from queue_server.settings import Settings
from queue_server.settings.tables import Printer
from queue_server.wire.printing import Paper

MM_PER_S = 150.0
"""As fast as the ordinary ticket printer."""


class Fault(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    paper_out: bool | None = None
    cover_open: bool | None = None
    near_end: bool | None = None
    jammed: bool | None = None
    switched_off: bool | None = None


class VirtualPrinters:
    """One for each printer of the mall."""

    def __init__(self, settings: Settings) -> None:
        self._printers = {
            name: VirtualPrinter(
                name=name,
                paper=Paper(dots=printer.width, dpi=printer.dpi, mode=printer.mode, model=printer.model),
                mm_per_s=MM_PER_S,
            )
            for name, printer in settings.printers.items()
        }

    async def run(self, url: str, registry: Registry, data: Path, stop: asyncio.Event) -> None:
        """Run their agents until `stop`; each is let in by a token of its own."""
        drawing = await asyncio.to_thread(press)
        async with asyncio.TaskGroup() as group:
            for name, printer in self._printers.items():
                token = await asyncio.to_thread(registry.tokens.create, Role.PRINTER, name=name)
                config = AgentConfig(
                    server=url,
                    token=token,
                    printer=name,
                    device="virtual://",
                    data=data / "printers",
                    version=__version__,
                )
                group.create_task(run_agent(config, stop, virtual=printer, drawing=drawing))

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/printers/{printer}/slips", self._slips),
            web.get("/printers/{printer}/slips/{place:[0-9]{1,9}}.png", self._slip),
            web.post("/printers/{printer}/fault", self._fault),
        ]

    def _named(self, request: web.Request) -> VirtualPrinter:
        printer = self._printers.get(request.match_info["printer"])
        if printer is None:
            raise NotFound("There is no such virtual printer.")
        return printer

    async def _slips(self, request: web.Request) -> web.Response:
        printer = self._named(request)
        name = request.match_info["printer"]
        slips = [
            {"n": slip.place, "at": None, "url": f"/printers/{name}/slips/{slip.place}.png"}
            for slip in reversed(printer.slips)
        ]
        return _json({"printer": name, "state": _state(printer), "faults": _faults(printer), "slips": slips})

    async def _slip(self, request: web.Request) -> web.Response:
        printer, place = self._named(request), int(request.match_info["place"])
        slip: VirtualSlip | None = next((s for s in printer.slips if s.place == place), None)
        if slip is None:
            raise NotFound("That slip is no longer kept.")
        drawn = await asyncio.to_thread(lambda: slip.png)
        return web.Response(body=drawn, content_type="image/png", headers={"Cache-Control": "private, max-age=3600"})

    async def _fault(self, request: web.Request) -> web.Response:
        printer = self._named(request)
        try:
            fault = msgspec.json.decode(await request.read(), type=Fault)
        except (msgspec.DecodeError, RecursionError) as error:
            raise Invalid(f"A fault is true or false: {error}.") from None
        printer.set_fault(**msgspec.structs.asdict(fault))
        return _json({"state": _state(printer), "faults": _faults(printer)})


def _faults(printer: VirtualPrinter) -> dict[str, bool]:
    return {name: getattr(printer, name) for name in Fault.__struct_fields__}


def _state(printer: VirtualPrinter) -> str:
    """`ready`, `warning` (paper low) or the first fault's name."""
    for name, on in _faults(printer).items():
        if on and name != "near_end":
            return name
    return "warning" if printer.near_end else "ready"


def _json(said: object) -> web.Response:
    return web.Response(body=msgspec.json.encode(said), content_type="application/json")


def _paper(printer: Printer) -> Paper:
    return fitted(Paper(dots=printer.width, dpi=printer.dpi, mode=printer.mode, model=printer.model))
