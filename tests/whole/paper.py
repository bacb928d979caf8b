"""A mall whose slips come out of real agents and fake printers: all three in this process, linked as in the field.

    async with paper_hall(tmp_path, drawing) as hall:
        await hall.start("P1")
        ticket = await hall.issue()
        assert await hall.fate(ticket) == ("printed", None)
        assert hall.on_paper("P1", ticket) == 1

The slip's layout ends with the QR code, so a paper whose code can be read is whole.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import zxingcpp
from aiohttp import ClientSession, ClientTimeout
from PIL import Image

from printer.machine import Limits
from printer.press import Press
from printer.run import AgentConfig, run_agent
from queue_server.compose import Mall, Setting, running
from queue_server.domain import events as e
from queue_server.registry.roles import Role
from queue_server.settings import load
from tests.fakes.fake_printer import FakePrinter, Knobs, Piece
from tests.waiting import until
from tests.web.edge import CONFIG, NINE

LAYOUT = """
[slip]
parts = ["number", "service", "ahead", "footer", "track"]
"""

#: A hall's patience, made short: the proportions are those of `Limits`.
QUICK = Limits(
    answer=0.4,
    late=1.0,
    connect=0.6,
    poll=0.05,
    grace=0.5,
    confirm=2.0,
    patience=1.5,
    settle=2.5,
    recheck=0.1,
    idle=0.2,
    calm=0.1,
)
WITHIN_S = 20.0


def config(slip_limit: str = "20s", fallback: bool = False) -> str:
    """The mall of the web tests, whose kiosk prints at P1."""
    text = CONFIG.replace("[policy]", f'[policy]\nslip_limit = "{slip_limit}"') + LAYOUT
    return text.replace("[printers.P1]", '[printers.P1]\nfallback = "P2"') if fallback else text


class PaperHall:
    def __init__(self, mall: Mall, client: ClientSession, folder: Path, drawing: Press) -> None:
        self.mall = mall
        self.parts = mall.parts
        self.engine = mall.parts.engine
        self.printing = mall.parts.printing
        self.printers: dict[str, FakePrinter] = {}
        self.told: list[tuple[str, str | None, str | None]] = []
        """Everything that was recorded of slips: state, reason, evidence. A ticket's own event may say why it waits."""
        self.client = client
        self._folder = folder
        self._drawing = drawing
        self._agents: dict[str, tuple[asyncio.Task[None], asyncio.Event]] = {}
        self._tokens = {role: self.parts.registry.tokens.create(Role(role), name="K1") for role in ("kiosk", "admin")}
        self.engine.changed.append(self._record)

    def _record(self, _changes: object, events: tuple[e.AnyEvent, ...]) -> None:
        for event in events:
            match event:
                case e.SlipReported():
                    self.told.append((event.state, event.reason, event.evidence))
                case e.TicketIssued(slip_job=str()):
                    self.told.append(("queued", event.slip_reason, None))

    # Agents

    async def start(self, printer: str, *, ready: bool = True) -> None:
        """The agent of a printer, linked; and, unless told otherwise, seen ready by the server."""
        stop = asyncio.Event()
        settings = AgentConfig(
            server=self.mall.url,
            token=self.parts.registry.tokens.create(Role.PRINTER, name=printer),
            printer=printer,
            device=self.printers[printer].url,
            data=self._folder / "agents",
            version="7",
            limits=QUICK,
        )
        task = asyncio.create_task(run_agent(settings, stop, drawing=self._drawing))
        self._agents[printer] = task, stop
        await until(lambda: self.status(printer) is not None)
        if ready:
            await until(lambda: self.state(printer)[0] != "down")

    async def kill(self, printer: str) -> None:
        """It ends in the middle of whatever it does."""
        task, _stop = self._agents.pop(printer)
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
        await until(lambda: printer not in self.printing.printers.links)

    async def close(self) -> None:
        for _task, stop in self._agents.values():
            stop.set()
        for task, _stop in self._agents.values():
            await asyncio.wait_for(task, 40)

    def status(self, printer: str) -> Any:
        link = self.printing.printers.links.get(printer)
        return link.status if link else None

    def state(self, printer: str = "P1") -> tuple[str, str | None]:
        """As kiosks and staff are told."""
        return self.printing.printers.device(printer)

    async def seen(self, state: str, reason: str | None, printer: str = "P1") -> None:
        await until(lambda: self.state(printer) == (state, reason))

    # People

    async def ask(self, method: str, path: str, body: object = None, by: str = "admin") -> Any:
        headers = {"Authorization": f"Bearer {self._tokens[by]}"}
        async with self.client.request(method, f"{self.mall.url}/api/v1{path}", json=body, headers=headers) as answer:
            return {"status": answer.status, **(await answer.json())}

    async def issue(self) -> str:
        """A ticket of the kiosk's; its id."""
        answer = await self.ask("POST", "/tickets", {"service": "passport"}, "kiosk")
        assert answer["status"] == 201, answer
        return str(answer["id"])

    async def reprint(self, ticket: str) -> Any:
        return await self.ask("POST", f"/tickets/{ticket}/reprint", {"reason": "mistake"})

    async def slip(self, ticket: str) -> tuple[str, str | None]:
        """As the API says it."""
        answer = await self.ask("GET", f"/tickets/{ticket}")
        return answer["slip"]["state"], answer["slip"]["reason"]

    async def fate(self, ticket: str) -> tuple[str, str | None]:
        """What the API says once the slip's fate is known, or known not to be."""
        slips = self.engine.state.tickets
        await until(lambda: slips[ticket].slip.state in ("printed", "not_printed", "unknown"))
        await self.engine.settled()
        return await self.slip(ticket)

    def kiosk(self) -> tuple[str, str | None]:
        """What the kiosk's page is told of its printer."""
        view: Any = self.parts.hub.builders["kiosk"]("K1")
        return view.printer, view.printer_reason

    def alerts(self, kind: str) -> list[tuple[str, Any]]:
        """What the floor page is told: severity and reason."""
        view: Any = self.parts.hub.builders["floor"]("")
        return [(alert.severity, alert.fields["reason"]) for alert in view.alerts if alert.kind == kind]

    # Paper

    def on_paper(self, printer: str, ticket: str) -> int:
        """How many whole slips of a ticket lie there."""
        return self.papers(printer)[ticket]

    def papers(self, printer: str) -> Counter[str]:
        """Whole slips by ticket."""
        return papers_of(self.printers[printer])


def papers_of(printer: FakePrinter) -> Counter[str]:
    """Whole slips by ticket, read by their QR codes."""
    found: Counter[str] = Counter()
    for piece in [*printer.pieces, Piece(bytes(printer.hanging), printer.width_bytes)]:
        found.update(code.text.rpartition("/")[2] for code in zxingcpp.read_barcodes(_picture(piece)))
    return found


def _picture(piece: Piece) -> Image.Image:
    """A bit that is set is ink."""
    width = piece.width_bytes * 8
    high = len(piece.rows) // piece.width_bytes
    if high < 1:
        return Image.new("L", (width, 8), 255)
    ink = Image.frombytes("1", (width, high), piece.rows[: high * piece.width_bytes])
    return ink.convert("L").point(lambda value: 255 - value)


@asynccontextmanager
async def paper_hall(
    folder: Path,
    drawing: Press,
    *,
    knobs: Knobs | None = None,
    text: str | None = None,
    neighbour: Knobs | None = None,
) -> AsyncIterator[PaperHall]:
    """`knobs` are those of P1, `neighbour` those of P2."""
    path = folder / "config.toml"
    path.write_text(text or config(), encoding="utf-8")
    setting = Setting(settings=load(path), data=folder / "data", port=0, clock_at=NINE, folder=folder)
    async with (
        FakePrinter(knobs or Knobs()) as first,
        FakePrinter(neighbour or Knobs()) as second,
        running(setting) as mall,
        ClientSession(timeout=ClientTimeout(total=20)) as client,
    ):
        hall = PaperHall(mall, client, folder, drawing)
        hall.printers = {"P1": first, "P2": second}
        yield hall
        await hall.close()
