"""A panel over a counter shows who is called there, in its own language, and nothing that is not so."""

from __future__ import annotations

import asyncio
import os
import pty
import socket
import termios
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from functools import partial
from pathlib import Path

import pytest

from display.agent import AgentConfig, run_agent
from display.lines import form_of, parse
from display.panels import Face, alpha, drivers, segments
from display.simulator import READERS, panel
from queue_server.errors import Invalid
from tests.waiting import answered, until
from tests.web.edge import Edge, edge_at

FACES = [Face(text="A012", calling=True), Face(text="B100"), Face(text="----"), Face(text="")]


@pytest.mark.parametrize("driver", drivers())
@pytest.mark.parametrize("face", FACES, ids=lambda face: face.text or "dark")
def test_a_panel_reads_what_its_driver_writes(driver: str, face: Face):
    """Each language says the number and whether it is being called."""
    assert READERS[driver](drivers()[driver].write(face)) == (face.text, face.calling)


def test_packets_are_as_their_documents_say():
    """Byte for byte, so that a panel of another maker's hand understands them."""
    assert segments.Segments().write(Face(text="A012", calling=True)) == b"\x0201B  A012\r"
    assert alpha.Alpha().write(Face(text="A012")) == b"\0\0\0\0\0\x01Z00\x02A0\x1b0bA012\x04"


@pytest.mark.parametrize(
    "address",
    ["10.0.0.1:4001", "tcp://host", "tcp://h:99999", "serial:///dev/x?baud=7", "serial:///dev/x?bits=9", "usb://x"],
)
def test_a_wrong_address_is_said(address: str):
    """Before anything is linked, with what is wrong."""
    with pytest.raises(Invalid):
        parse(address)


async def test_a_serial_panel_gets_the_bytes():
    """A port is opened raw, so that no byte is changed on the way."""
    ours, theirs = pty.openpty()
    send = parse(f"serial://{os.ttyname(theirs)}?baud=9600")
    assert send is not None

    await send(b"\x0201B  A012\r")

    assert await asyncio.to_thread(os.read, ours, 64) == b"\x0201B  A012\r"
    os.close(theirs)
    os.close(ours)


def test_a_serial_port_has_the_form_that_the_panel_listens_to():
    """Eight bits without parity as usual; seven with even parity, as many Alpha signs want them, where it is said."""
    assert form_of("") == (termios.B9600, termios.CS8)
    assert form_of("baud=4800&bits=7&parity=even") == (termios.B4800, termios.CS7 | termios.PARENB)


class Shown:
    """What a simulated panel shows, and the way to wait for it."""

    def __init__(self) -> None:
        self.all: list[tuple[str, bool]] = []
        self.news = asyncio.Event()

    def __call__(self, text: str, blinks: bool) -> None:
        self.all.append((text, blinks))
        self.news.set()

    async def until(self, text: str, blinks: bool = False) -> None:
        async with asyncio.timeout(15):
            while not self.all or self.all[-1] != (text, blinks):
                self.news.clear()
                await self.news.wait()


@asynccontextmanager
async def running(edge: Edge, driver: str) -> AsyncIterator[Shown]:
    shown, stop = Shown(), asyncio.Event()
    async with panel(driver, shown) as port:
        config = AgentConfig(
            server=edge.mall.url, token=edge.token("display"), counter="1", device=f"tcp://127.0.0.1:{port}"
        )
        agent = asyncio.create_task(run_agent(config, drivers()[driver], stop))
        try:
            yield shown
        finally:
            stop.set()
            with suppress(asyncio.CancelledError):
                await agent


@pytest.mark.parametrize("driver", drivers())
async def test_a_panel_follows_its_counter(tmp_path: Path, driver: str):
    """Dark while closed, dashes while free, the number blinking while called, still while served; dark at the end."""
    async with edge_at(tmp_path) as edge:
        async with running(edge, driver) as shown:
            await shown.until("")
            ticket = await edge.called(counter="1")
            await shown.until(ticket["number"], True)
            await edge.post("/counters/1/start", {}, by="supervisor")
            await shown.until(ticket["number"])
            await edge.post("/counters/1/finish", {}, by="supervisor")
            await shown.until("----")
            await edge.post("/counters/1/pause", {"reason": "break"}, by="supervisor")
            await shown.until("")
            await edge.post("/counters/1/resume", {}, by="supervisor")
            await shown.until("----")

        assert shown.all[-1] == ("", False)


async def test_each_change_is_a_line_of_its_own(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    """Where people read instead of a panel, a pause, a closed counter, a hold and a lost line are told apart."""
    said: list[str] = []
    stop = asyncio.Event()

    def has(kind: str) -> bool:
        said.extend(line for line in capsys.readouterr().out.splitlines() if line.count("\t") == 2)
        return bool(said) and said[-1].endswith(f"\t{kind}")

    async with edge_at(tmp_path) as edge:
        config = AgentConfig(server=edge.mall.url, token=edge.token("display"), counter="1", device="print://")
        agent = asyncio.create_task(run_agent(config, drivers()["segments"], stop))
        await until(lambda: has("closed"))
        for path, body, kind in (
            ("/counters/1/open", {}, "open"),
            ("/counters/1/pause", {"reason": "break"}, "paused"),
            ("/counters/1/close", {}, "closed"),
            ("/hall/hold", {"reason": "mistake"}, "held"),
        ):
            assert (await edge.post(path, body, by="supervisor")).status == 200
            await until(partial(has, kind))
        stop.set()
        await agent
        await until(lambda: has("no connection"))

    kinds = [line.rpartition("\t")[2] for line in said]
    assert kinds == ["closed", "open", "paused", "closed", "held", "no connection"]


async def test_a_panel_that_does_not_answer_is_on_the_list_of_devices(tmp_path: Path):
    """Under the name of its agent's token, with the agent's version; once the panel answers that is over."""
    async with edge_at(tmp_path) as edge:

        async def listed() -> dict[str, object]:
            devices = (await edge.get("/devices", by="admin")).body
            return next((one["details"] for one in devices if one["id"] == "over-1"), {})

        stop = asyncio.Event()
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))  # nobody listens there
            port = taken.getsockname()[1]
            token = edge.token("display", name="over-1")
            config = AgentConfig(server=edge.mall.url, token=token, counter="1", device=f"tcp://127.0.0.1:{port}")
            agent = asyncio.create_task(run_agent(config, drivers()["segments"], stop))
            silent = await answered(listed, lambda said: said.get("panel") == "silent")
        async with panel("segments", Shown(), port):
            await edge.called(counter="1")
            answers = await answered(listed, lambda said: said.get("panel") == "answers")
        stop.set()
        await agent

        assert (silent["current"], answers["current"]) == (True, True)
