"""`antrean display`: a counter's sign without a browser, on an LED panel or as lines of text.

The panel is told what it shows whenever that changes, and again every `AGAIN_S`, so one that was switched off and on is
right by itself. While the server is away nothing is called, so after `STALE_S` the panel goes dark rather than show an
old number. A panel that does not answer is noted, told to the server with the agent's version, and tried again; the
server never waits for it.
"""

from __future__ import annotations

import asyncio
from contextlib import aclosing, suppress

import msgspec
import structlog
from msgspec import Struct

from display import lines
from display.panels import Driver, Face, face_of
from queue_server import __version__
from queue_server.link import LinkLost, Session, live_address, stay_linked
from queue_server.wire.live import Heartbeat, SignView

AGAIN_S = 30.0
"""The panel is told again, and the server hears how it is."""

STALE_S = 20.0

NO_CONNECTION = "\t\tno connection"

log = structlog.get_logger("display")


class AgentConfig(Struct, frozen=True, kw_only=True):
    server: str
    token: str
    counter: str
    device: str
    """An address of lines.py."""


class Frame(Struct):
    view: SignView | None = None
    """None in the greeting."""


class Panel:
    """What the panel is to show, and whether it was told."""

    def __init__(self, driver: Driver, send: lines.Send | None) -> None:
        self._driver = driver
        self._send = send
        self._face: Face | None = None
        self._line = ""
        self._call = 0
        self._failing = False

    @property
    def said(self) -> bytes:
        """For the list of devices."""
        error = "panel_silent" if self._failing else None
        return msgspec.json.encode(
            Heartbeat(kind="heartbeat", build="", width=0, height=0, version=__version__, error=error)
        )

    async def show(self, sign: SignView) -> None:
        face, kind = face_of(sign), _kind(sign)
        called_again = sign.seq != self._call
        self._call = sign.seq
        await self._become(face, f"{sign.label}\t{face.text or kind}\t{kind}", again=called_again)

    async def darken(self) -> None:
        await self._become(Face(text=""), NO_CONNECTION)

    async def again(self) -> None:
        if self._send is not None and self._face is not None:
            await self._tell(self._face)

    async def _become(self, face: Face, line: str, *, again: bool = False) -> None:
        """A panel has fewer faces than there are lines: it is dark for a pause, a hold and a closed counter alike."""
        is_news = again or (line != self._line if self._send is None else face != self._face)
        self._face, self._line = face, line
        if not is_news:
            return
        if self._send is None:
            lines.say(line)
        else:
            await self._tell(face)

    async def _tell(self, face: Face) -> None:
        if self._send is None:
            return
        try:
            await self._send(self._driver.write(face))
        except (OSError, TimeoutError) as error:
            if not self._failing:
                log.warning("panel does not answer", error=str(error) or type(error).__name__)
            self._failing = True
        else:
            self._failing = False


def _kind(sign: SignView) -> str:
    if sign.evacuation is not None:
        return "evacuation"
    if sign.held is not None:
        return "held"
    if sign.number is None:
        return str(sign.state)
    if sign.at_counter == "called":
        return "called again" if sign.recall else "called"
    return "serving"


async def run_agent(config: AgentConfig, driver: Driver, stop: asyncio.Event) -> None:
    """Until `stop`; then the panel goes dark. Raises Invalid for an address that is none."""
    panel = Panel(driver, lines.parse(config.device))
    address = live_address(config.server, f"sign:{config.counter}")
    following = asyncio.create_task(_follow(panel, address, config.token))
    stopped = asyncio.create_task(stop.wait())
    await asyncio.wait({following, stopped}, return_when=asyncio.FIRST_COMPLETED)
    for task in (following, stopped):
        task.cancel()
    results = await asyncio.gather(following, stopped, return_exceptions=True)
    await panel.darken()
    for result in results:
        if isinstance(result, Exception):
            raise result


async def _follow(panel: Panel, address: str, token: str) -> None:
    async with aclosing(stay_linked(address, token)) as sessions:
        async for session in sessions:
            with suppress(LinkLost):
                await _listen(panel, session)
            await panel.darken()


async def _listen(panel: Panel, session: Session) -> None:
    """The views of one connection; the server sends one at least every five seconds."""
    decode = msgspec.json.Decoder(Frame).decode
    messages = aiter(session)
    told_at = asyncio.get_running_loop().time()
    said = panel.said
    await session.send(said)
    while True:
        try:
            async with asyncio.timeout(STALE_S):
                message = await anext(messages)
        except StopAsyncIteration:
            return
        except TimeoutError:
            await session.close()
            return
        frame = decode(message)
        if frame.view is not None:
            await panel.show(frame.view)
        if asyncio.get_running_loop().time() - told_at > AGAIN_S:
            told_at = asyncio.get_running_loop().time()
            await panel.again()
            said = b""
        if said != panel.said:
            said = panel.said
            await session.send(said)
