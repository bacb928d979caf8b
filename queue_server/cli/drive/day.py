"""One recorded day, played on a whole server: the clock is moved from moment to moment, all else goes over HTTP.

Within a moment the queues act side by side, since nothing that one does concerns another; within a queue everything
happens in order. The next moment begins when all of them are done.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Coroutine
from heapq import heapify, heappop, heappush
from typing import Any, TypeVar

from msgspec import Struct

from queue_server.cli.drive.client import Api, Turned
from queue_server.cli.drive.ledger import Ledger
from queue_server.cli.drive.mall import DayMall
from queue_server.cli.drive.staff import Due, Staff
from queue_server.errors import Broken
from queue_server.wire.api import TicketView

T = TypeVar("T")

KIOSK = "replay"
"""No kiosk of the mall's: it may issue, without a slip."""


class Tokens(Struct, frozen=True, kw_only=True):
    """Bearer tokens: the kiosk's, and a clerk's for each counter."""

    kiosk: str
    counters: dict[str, str]


class Drive(Struct, frozen=True, kw_only=True):
    """How a day is driven. `move` sets the mall's clock forward and returns when the hall has caught up.

    `speed` is how many times faster than the day itself; None is as fast as it goes. `told` hears how many tickets have
    been called.
    """

    move: Callable[[int], Awaitable[None]]
    speed: float | None = None
    told: Callable[[int], None] = lambda done: None


async def play(mall: DayMall, api: Api, tokens: Tokens, drive: Drive) -> Ledger:
    """Play the whole day; what came of it. Raises Broken where the server refused what it must not."""
    ledger = Ledger()
    staffs = [Staff(queue, tokens.counters, tokens.kiosk, api, ledger) for queue in mall.queues]
    try:
        now = await _play(staffs, ledger, drive, mall.ends_at)
        await _side_by_side([staff.leave(now) for staff in staffs])
        await _side_by_side([_look_up(id_, api, ledger) for id_ in ledger.not_served()])
    except Turned as turned:
        raise Broken(f"The replay stopped: {turned}") from turned
    return ledger


async def _look_up(ticket: str, api: Api, ledger: Ledger) -> None:
    """What has become of a ticket whose last answer was not its end."""
    ledger.became(await api.get(f"/tickets/{ticket}", TicketView))


async def _play(staffs: list[Staff], ledger: Ledger, drive: Drive, ends_at: int) -> int:
    """Everything that happens before the day closes; the moment at which clerks may still do something."""
    agenda: list[tuple[int, int, int, Due]] = []
    for number, staff in enumerate(staffs):
        agenda += ((due.at, number, order, due) for order, due in enumerate(staff.day()))
    heapify(agenda)
    order = len(agenda)
    first, began = agenda[0][0], time.monotonic()
    now = first

    async def move_to(at: int) -> None:
        if drive.speed is not None:
            await asyncio.sleep(began + (at - first) / 1000 / drive.speed - time.monotonic())
        await drive.move(at)

    while agenda:
        if agenda[0][0] >= ends_at:  # the file's own moments lie before: what is left is serving that would go on
            now = ends_at - 1
            await move_to(now)
            break
        now = agenda[0][0]
        await move_to(now)
        together: dict[int, list[Due]] = {}
        while agenda and agenda[0][0] == now:
            _, number, _, due = heappop(agenda)
            together.setdefault(number, []).append(due)
        followed = await _side_by_side([staffs[number].act(now, due) for number, due in together.items()])
        for number, after in zip(together, followed, strict=True):
            for due in after:
                order += 1
                heappush(agenda, (due.at, number, order, due))
        drive.told(ledger.called_so_far)
    return now


async def _side_by_side(acts: list[Coroutine[Any, Any, T]]) -> list[T]:
    """All of them at once; the first failure ends the others."""
    if len(acts) == 1:
        return [await acts[0]]
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(act) for act in acts]
    except BaseExceptionGroup as failed:
        raise failed.exceptions[0] from None
    return [task.result() for task in tasks]
