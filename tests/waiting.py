"""Waiting for the thing itself, with a limit: the only places where a test looks, and looks again."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

Said = TypeVar("Said")

WITHIN_S = 60.0
"""Never what is measured: a machine may be busy with much else."""


async def until(holds: Callable[[], object], within: float = WITHIN_S) -> None:
    """Wait for something that tells nobody when it happens."""
    async with asyncio.timeout(within):
        while not holds():  # noqa: ASYNC110 - what is waited for has no event of its own
            await asyncio.sleep(0.005)  # so long it may have happened unseen


async def answered(ask: Callable[[], Awaitable[Said]], holds: Callable[[Said], object], within: float = 60.0) -> Said:
    """Ask another process until it says what is waited for; that answer."""
    async with asyncio.timeout(within):
        while not holds(said := await ask()):  # noqa: ASYNC110 - the same, and the other process has none for us
            await asyncio.sleep(0.05)  # a question costs the other process more than a look would
    return said


async def turns(count: int = 1) -> None:
    """Let the event loop go round so many times: whatever was ready by now has run."""
    for _ in range(count):
        await asyncio.sleep(0)  # how a loop is let go round
