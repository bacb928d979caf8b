"""The link of a printer's agent: it is greeted, then both sides speak (wire/printing.py).

What it says goes to `service/printing`, what is said to it leaves at once. What it complains of is remembered for the
list of devices.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial

import msgspec
from aiohttp import WSCloseCode, WSMessage, WSMsgType, web

from queue_server.errors import Refused, Unavailable
from queue_server.service.hub import prepared
from queue_server.service.logs import log
from queue_server.service.slips.printers import Link
from queue_server.web.edge.limits import Flow, Said
from queue_server.web.identity.recheck import Held
from queue_server.web.parts import Parts
from queue_server.web.sockets import leave_behind, open_socket, part
from queue_server.wire import printing as wire

LONGEST = 1024 * 1024
"""Bytes of one message."""

UNREAD = 16 * 1024 * 1024
"""Bytes that wait for an agent: more than all the logos of a mall. One that lets more gather is cut off."""

AGENTS_FLOW = Flow(per_s=50, at_once=2_000)
"""Messages of an agent; one that comes back tells how every slip ended that it held."""


async def serve(
    parts: Parts, request: web.Request, printer: str, check: Callable[[], Awaitable[tuple[str, ...]]]
) -> web.WebSocketResponse:
    """One agent's link: what it says goes to `service/printing`, what is sent to it leaves at once.

    `check` is the `Recheck`'s: once its token lets nobody in any more, the agent is told so and heard no more.
    """
    socket = await open_socket(parts, request, LONGEST)
    transport = request.transport
    assert transport is not None

    def send(message: bytes) -> None:
        if transport.is_closing():
            return
        transport.write(prepared(message))
        if transport.get_write_buffer_size() > UNREAD:
            log.warning("agent_reads_nothing", printer=printer)
            transport.abort()

    link = Link(printer, send)
    link.send(_greeting(parts, printer))
    if printer in parts.printing.printers.links:
        # Two agents would print the same slip twice, since neither knows what the other holds. One that was cut off
        # is noticed within the websocket's own heartbeat, and the newcomer tries again until then.
        parts.printing.printers.trouble(printer, "second_agent")
        _refuse(link, wire.Refusal(code="taken", detail="Another agent serves this printer now; stop that one first."))
        await part(socket, WSCloseCode.OK)
        return socket
    parts.printing.printers.attach(link)
    parts.registry.devices.saw("printer", printer)
    held = Held(check=check, granted=await check(), cut=partial(_put_out, socket, link))
    parts.recheck.begin(held)
    said = Said(AGENTS_FLOW)
    try:
        async for message in socket:
            if held.over:
                break
            if not said.takes(asyncio.get_running_loop().time()):
                log.warning("agent_says_too_much", printer=printer)
                break
            if not await _goes_on(parts, link, socket, message):
                break
    finally:
        parts.recheck.end(held)
        parts.printing.printers.detach(link)
        if parts.registry.devices.get("printer", printer) is not None:  # else it was revoked just now
            parts.registry.devices.saw("printer", printer)
    # whoever was put out is told so, also where the agent spoke just then
    await part(socket, *((WSCloseCode.POLICY_VIOLATION, b"unauthorized") if held.over else (WSCloseCode.OK,)))
    leave_behind(socket)
    return socket


def _greeting(parts: Parts, printer: str) -> wire.Greeting:
    rules = parts.engine.state.rules.printers[printer]
    mode: wire.Mode = "text" if rules.mode == "text" else "raster"
    paper = wire.Paper(dots=rules.width_dots, dpi=rules.dpi, mode=mode, model=rules.model)
    return wire.Greeting(server=parts.version, printer=printer, paper=paper)


async def _goes_on(parts: Parts, link: Link, socket: web.WebSocketResponse, frame: WSMessage) -> bool:
    """Take one frame. False ends the link."""
    if frame.type is WSMsgType.PING:
        await socket.pong(frame.data)
    elif frame.type is not WSMsgType.PONG:
        return frame.type is WSMsgType.TEXT and await _hear(parts, link, frame.data)
    return True


async def _hear(parts: Parts, link: Link, said: str) -> bool:
    """Take one message. False ends the link: the two do not understand each other."""
    try:
        message = wire.from_agent(said)
    except msgspec.DecodeError as error:
        return _refuse(link, wire.Refusal(code="invalid", detail=str(error)))
    refusal = _refused(message)
    if refusal is not None:
        return _refuse(link, refusal)
    before = parts.printing.printers.last_error(link.printer)
    try:
        with parts.engine.faults.part("agent", link.printer, Refused, Unavailable):
            await parts.printing.hear(link, message)
    except (Refused, Unavailable) as error:  # the agent says it again
        log.warning("agent_not_heard", printer=link.printer, code=error.code)
    _noted(parts, link, before)
    return True


async def _put_out(socket: web.WebSocketResponse, link: Link, why: bytes) -> None:
    _refuse(link, wire.Refusal(code="unauthorized", detail="That token lets nobody in any more."))
    await part(socket, WSCloseCode.POLICY_VIOLATION, why)


def _refuse(link: Link, refusal: wire.Refusal) -> bool:
    link.send(refusal)
    log.warning("agent_refused", printer=link.printer, code=refusal.code)
    return False


def _refused(message: wire.FromAgent) -> wire.Refusal | None:
    if isinstance(message, wire.Hello) and message.protocol != wire.PROTOCOL:
        older = message.protocol < wire.PROTOCOL
        return wire.Refusal(
            code="version",
            detail=f"The server speaks version {wire.PROTOCOL} of the printing protocol.",
            update="agent" if older else "server",
        )
    return None


def _noted(parts: Parts, link: Link, before: str | None) -> None:
    """What staff read in the list of devices, over restarts too."""
    devices, error = parts.registry.devices, parts.printing.printers.last_error(link.printer)
    devices.saw("printer", link.printer, version=link.hello.agent if link.hello else None)
    if error is not None and error != before:
        devices.failed("printer", link.printer, error)
