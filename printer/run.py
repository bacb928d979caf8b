"""Starting an agent: its folder, its fonts, its printer and its link, put together and run until told to stop.

Used by `antrean printer` on the machine beside the printer, and by the demonstration for its virtual printers.
"""

from __future__ import annotations

import asyncio
import re
import time
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path

from printer.agent import Agent
from printer.condition import known_caps
from printer.device import Device
from printer.machine import USUAL, Limits
from printer.memory import Memory
from printer.press import Press, press
from printer.transports.address import Address, parse_address
from printer.transports.virtual import VirtualPrinter
from printer.wiring import device_for
from queue_server.database import lock_folder
from queue_server.errors import Invalid
from queue_server.link import live_address, stay_linked

#: How long a slip in hand may take to end after a stop was asked for.
FINISH_WITHIN = 30.0

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
"""What becomes part of a folder's name and of an address."""

_BOOT = Path("/proc/sys/kernel/random/boot_id")


@dataclass(frozen=True, kw_only=True)
class AgentConfig:
    """All that an agent is told from outside."""

    #: `http://10.0.0.2:8080`.
    server: str
    token: str
    #: The printer's id in the mall's config.toml.
    printer: str
    #: How the printer is reached, see `transports/address.py`.
    device: str
    #: The agent's own folder; it keeps a folder per printer in it.
    data: Path
    version: str = "unknown"
    limits: Limits = USUAL
    fonts: tuple[Path, ...] = ()


async def run_agent(
    config: AgentConfig,
    stop: asyncio.Event,
    *,
    virtual: VirtualPrinter | None = None,
    drawing: Press | None = None,
) -> None:
    """Run until `stop` is set and the slip in hand has ended.

    `virtual` is the printer behind a `virtual://` address; `drawing` shares fonts between agents of one process.
    Raises WrongAddress, Invalid (the server's address), NoFonts and DataFolderBusy before anything is printed.
    """
    if not _ID.fullmatch(config.printer):
        raise Invalid(f"{config.printer!r} is no printer's id: letters, digits, `-` and `_`, as in config.toml.")
    address = parse_address(config.device)
    where = live_address(config.server, f"printer:{config.printer}")
    folder = config.data / f"printer-{config.printer}"
    with lock_folder(folder, "agent"):
        memory = Memory(folder, boot_id())
        try:
            device = device_for(address, config.limits, known=known_caps(memory), virtual=virtual)
            agent = _agent(config, address, device, memory, drawing or press(*config.fonts, folder / "fonts"))
            try:
                await _run(agent, where, config.token, stop)
            finally:
                await device.shut()
        finally:
            memory.close()


def _agent(config: AgentConfig, address: Address, device: Device, memory: Memory, drawing: Press) -> Agent:
    return Agent(
        printer=config.printer,
        version=config.version,
        shown_device=address.text,
        device=device,
        memory=memory,
        press=drawing,
        limits=config.limits,
        paper=address.paper,
        clock_ms=monotonic_ms,
        picture_s=address.picture_s,
    )


async def _run(agent: Agent, where: str, token: str, stop: asyncio.Event) -> None:
    async def link() -> None:
        async with aclosing(stay_linked(where, token)) as sessions:
            async for session in sessions:
                await agent.listen(session, session)

    async with asyncio.TaskGroup() as group:
        linked = group.create_task(link())
        reporting = group.create_task(agent.report())
        expiring = group.create_task(agent.expire())
        working = group.create_task(agent.work())
        await stop.wait()
        agent.stop()
        await asyncio.wait({working}, timeout=FINISH_WITHIN)
        for task in (working, linked, reporting, expiring):
            task.cancel()


def monotonic_ms() -> int:
    return time.monotonic_ns() // 1_000_000


def boot_id() -> str:
    """Differs between two boots of this machine; where the system does not say, between two starts of ours."""
    try:
        return _BOOT.read_text().strip()
    except OSError:
        return f"start-{time.time_ns()}"
