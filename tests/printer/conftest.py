"""An agent in this process, between a server of the protocol and a printer of memory and paper."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from printer.escpos import raster_bytes
from printer.machine import Limits
from printer.press import Press, press
from printer.run import AgentConfig, run_agent
from printer.transports.virtual import VirtualPrinter
from queue_server.wire.printing import Paper, SlipLayout, SlipView, TestView, Track
from tests.fakes.fake_printer import FakePrinter, Knobs, Piece
from tests.fakes.print_server import PrintServer

#: A hall's patience, made short: the proportions are those of `Limits`.
QUICK = Limits(
    answer=0.25,
    late=0.8,
    connect=0.5,
    poll=0.05,
    grace=0.4,
    confirm=1.2,
    patience=1.0,
    settle=2.0,
    recheck=0.05,
    idle=0.3,
    calm=0.1,
)


@pytest.fixture(scope="session")
def drawing() -> Press:
    return press()


def slip(number: str = "A\u2009012") -> SlipView:
    """A short slip; each number has its own dots."""
    return SlipView(
        language="en",
        agency="Civil registry",
        number=number,
        service="Identity card",
        track=Track(url=f"https://antrean.example/t/{number.strip()}", caption="Follow"),
    )


async def typed(drawing: Press, view: SlipView | TestView, paper: Paper) -> Piece:
    """A slip of text on the paper of a printer in perfect order."""
    async with FakePrinter(Knobs(types=True)) as printer:
        printer.receive(drawing.made(view, paper).whole)
        await printer.settled()
        assert (bytes(printer.garbage), printer.intrusions) == (b"", 0)
        (piece,) = printer.pieces
        return piece


@dataclass
class Bench:
    """All three, and what they say of each other."""

    server: PrintServer
    printer: FakePrinter
    drawing: Press
    folder: Path
    limits: Limits = QUICK
    options: str = ""
    #: What slips put on paper that are not drawn but written.
    text: dict[SlipView | TestView, bytes] = field(default_factory=dict)
    tasks: list[tuple[asyncio.Task, asyncio.Event]] = field(default_factory=list)

    def start(self, device: str | None = None, virtual: VirtualPrinter | None = None) -> asyncio.Event:
        stop = asyncio.Event()
        config = AgentConfig(
            server=self.server.url,
            token="a-token",
            printer="p1",
            device=(device or self.printer.url) + self.options,
            data=self.folder,
            version="0",
            limits=self.limits,
        )
        task = asyncio.create_task(run_agent(config, stop, virtual=virtual, drawing=self.drawing))
        self.tasks.append((task, stop))
        return stop

    async def stop(self) -> None:
        """The agent ends as it would when told to; errors of its own come out here."""
        while self.tasks:
            task, stop = self.tasks.pop()
            stop.set()
            await asyncio.wait_for(task, 40)

    async def kill(self) -> None:
        """The agent ends in the middle of whatever it does."""
        while self.tasks:
            task, _stop = self.tasks.pop()
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    def rows(self, view: SlipView | TestView, paper: Paper | None = None, layout: SlipLayout | None = None) -> bytes:
        """What a slip of this view puts on paper."""
        if self.text:
            return self.text[view]
        return raster_bytes(self.drawing.draw(view, paper or Paper(), layout=layout))

    def on_paper(self, view: SlipView) -> int:
        """How many whole slips of it lie on the paper."""
        return self.printer.slips(self.rows(view))


@pytest.fixture
async def bench(tmp_path: Path, drawing: Press) -> AsyncIterator[Bench]:
    """A server, a printer in perfect order, and an agent that is not started yet."""
    async with PrintServer() as server, FakePrinter(Knobs()) as printer:
        made = Bench(server, printer, drawing, tmp_path)
        yield made
        await made.stop()
