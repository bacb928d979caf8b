"""A busy hall for demonstrations: simulated citizens and clerks who do what real ones do, by the public API alone.

So many citizens are in the hall at a time; whoever leaves is followed by another. Some come late when they are called,
some not at all, some give up. Clerks open counters, call, wait, recall, serve for a believable time, send somebody on
now and then and take breaks. They leave enough counters closed for people who want to try one, and get out of the way
of whoever takes over theirs: before each move they look at what the counter is doing now.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Sequence
from math import ceil, log
from random import Random
from secrets import token_urlsafe
from time import monotonic
from typing import Any, TypeVar

from queue_server.cli.drive.client import Api, Body, Turned
from queue_server.errors import Unavailable
from queue_server.registry.roles import Role
from queue_server.registry.store import Registry
from queue_server.wire.api import CounterDetail, CounterView, DeviceView, MallView, TicketView

View = TypeVar("View")

PER_CLERK = 3
"""Citizens for each clerk: about two of them wait."""
SHARE = 2 / 3
"""Of all counters; the others stay closed for people who want to try one."""

# How people behave: shares of all, and seconds.
ABSENT, LATE, IMPATIENT = 0.04, 0.08, 0.03
COMES_BACK = 0.4
SENT_ON, BREAK = 0.04, 0.02
OTHER_CATEGORY = 0.15
COMING_S, LOOKS_S, PATIENCE_S, AWAY_S = (0, 40), (8, 15), (120, 600), (30, 180)
WALK_S, CALL_AGAIN_S, REST_S, BREAK_S = (8, 25), (11, 16), (4, 10), (30, 120)
SERVE_S, SERVE_SPREAD, SERVE_BOUNDS = 150, 0.5, (30, 600)
"""Half of all services last no longer than the first; lognormal, as service times mostly are."""

MENU_S = 20.0
HOME_S = 4.0
TRIES = 4
NEVER = 99
GONE = frozenset({"served", "cancelled", "expired"})


async def rush(
    url: str, registry: Registry, count: int, stop: asyncio.Event, *, pace: float = 1.0, chance: Random | None = None
) -> None:
    """Keep about `count` citizens in the hall until `stop` is set; then the clerks finish, close and go home.

    `pace` is how many times faster than people everybody is. Tokens are made for the time of the rush alone.
    """
    passes = _Passes(registry)
    try:
        async with Api(url) as api:
            looking = await passes.make(Role.CLERK, "rush")
            await _Hall(api, Pace(pace, chance or Random()), looking).run(count, passes, stop)  # noqa: S311
    finally:
        passes.take_back()


class _Passes:
    """The tokens of a rush."""

    def __init__(self, registry: Registry) -> None:
        self._tokens = registry.tokens
        self._made: list[str] = []

    async def make(self, role: Role, name: str, counter: str | None = None) -> str:
        self._made.append(await asyncio.to_thread(self._tokens.create, role, name=name, counter=counter))
        return self._made[-1]

    def take_back(self) -> None:
        for bearer in self._made:
            if (known := self._tokens.find(bearer)) is not None:
                self._tokens.revoke(known.id)


class Pace:
    """Chance and time as simulated people have them."""

    def __init__(self, pace: float, chance: Random) -> None:
        self.chance = chance
        self._pace = pace

    async def sleep(self, seconds: float | tuple[float, float]) -> None:
        if isinstance(seconds, tuple):
            seconds = self.chance.uniform(*seconds)
        await asyncio.sleep(seconds / self._pace)

    def happens(self, share: float) -> bool:
        return self.chance.random() < share

    def service_s(self) -> float:
        shortest, longest = SERVE_BOUNDS
        return min(max(self.chance.lognormvariate(log(SERVE_S), SERVE_SPREAD), shortest), longest)


class _Hall:
    """What simulated people share: the API, the menu, and at which call each ticket's citizen comes."""

    def __init__(self, api: Api, pace: Pace, looking: str) -> None:
        self.api = api
        self.pace = pace
        self.looking = looking
        self.comes_at: dict[str, int] = {}
        self.offers: list[tuple[str, ...]] = []
        """What each simulated clerk serves."""
        self._menu: MallView | None = None
        self._menu_at = 0.0

    async def run(self, count: int, passes: _Passes, stop: asyncio.Event) -> None:
        counters = await self.api.get("/counters", list[CounterView], self.looking)
        devices = await self.api.get("/devices", list[DeviceView], self.looking)
        kiosks = [device.id for device in devices if device.kind == "kiosk"] or ["rush"]
        tokens = [await passes.make(Role.KIOSK, kiosk) for kiosk in kiosks]
        manned = chosen(counters, count)
        clerks = [
            _Clerk(self, counter.id, await passes.make(Role.CLERK, f"rush-{counter.id}", counter.id))
            for counter in manned
        ]
        self.offers = [counter.services for counter in manned]
        try:
            async with asyncio.TaskGroup() as group:
                people = [group.create_task(clerk.work()) for clerk in clerks]
                people += [
                    group.create_task(_Citizen(self, tokens[place % len(tokens)]).live()) for place in range(count)
                ]
                await stop.wait()
                for one in people:
                    one.cancel()
        finally:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(HOME_S):
                    await asyncio.gather(*(clerk.leave() for clerk in clerks), return_exceptions=True)

    async def post(self, path: str, view: type[View], token: str = "", body: Body | None = None) -> View | None:
        """As a good client does it: what was not answered is sent again with the same key."""
        key = token_urlsafe(12)
        for _ in range(TRIES - 1):
            try:
                return await self.api.post(path, view, token, body, key)
            except Unavailable:
                await self.pace.sleep(1)
        return await self.api.post(path, view, token, body, key)

    async def menu(self) -> MallView:
        if self._menu is None or monotonic() - self._menu_at > MENU_S:
            self._menu, self._menu_at = await self.api.get("/mall", MallView), monotonic()
        return self._menu

    async def wanted(self, *, but: str = "") -> str | None:
        """A service that is open, of one of the clerks here, so that each has about as much to do."""
        menu = await self.menu()
        open_ = {one.id for agency in menu.agencies for one in agency.services if one.open and one.id != but}
        choices = [choice for offer in self.offers if (choice := [service for service in offer if service in open_])]
        return self.pace.chance.choice(self.pace.chance.choice(choices)) if choices else None


def chosen(counters: Sequence[CounterView], count: int) -> list[CounterView]:
    """The counters for so many citizens: each next one serves the most services that none before it does.

    From the end of the list, since people who try a counter begin with the first.
    """
    left = list(reversed(counters))
    wanted = max(1, min(ceil(count / PER_CLERK), round(len(left) * SHARE)))
    found: list[CounterView] = []
    covered: set[str] = set()
    while left and len(found) < wanted:
        best = max(left, key=lambda counter: len(set(counter.services) - covered))
        left.remove(best)
        found.append(best)
        covered |= set(best.services)
    return found


class _Citizen:
    """One place in the crowd: somebody comes, takes a ticket, waits, leaves; then somebody else does."""

    def __init__(self, hall: _Hall, kiosk: str) -> None:
        self._hall = hall
        self._pace = hall.pace
        self._kiosk = kiosk

    async def live(self) -> None:
        while True:
            await self._pace.sleep(COMING_S)
            try:
                await self._visit()
            except (Turned, Unavailable):
                await self._pace.sleep(REST_S)  # closed, full, or the server is away: somebody comes later

    async def _visit(self) -> None:
        pace, hall = self._pace, self._hall
        service = await hall.wanted()
        if service is None:
            return
        menu = await hall.menu()
        body = {"service": service, "language": pace.chance.choice(menu.languages), "category": self._category(menu)}
        ticket = await hall.post("/tickets", TicketView, self._kiosk, body)
        assert ticket is not None
        roll = pace.chance.random()
        hall.comes_at[ticket.id] = NEVER if roll < ABSENT else 2 if roll < ABSENT + LATE else 1
        try:
            await self._wait(ticket.id)
        finally:
            hall.comes_at.pop(ticket.id, None)

    def _category(self, menu: MallView) -> str:
        names = [category.id for category in menu.categories if category.id not in ("regular", "appointment")]
        return self._pace.chance.choice(names) if names and self._pace.happens(OTHER_CATEGORY) else "regular"

    async def _wait(self, ticket: str) -> None:
        """Look at the ticket's page now and then until it is over."""
        pace, hall = self._pace, self._hall
        patience = pace.chance.uniform(*PATIENCE_S) if pace.happens(IMPATIENT) else float("inf")
        while True:
            nap = pace.chance.uniform(*LOOKS_S)
            await pace.sleep(nap)
            patience -= nap
            now = await hall.api.get(f"/tickets/{ticket}", TicketView)
            if now.state in GONE:
                return
            if now.state == "waiting" and patience < 0:
                await hall.post(f"/tickets/{ticket}/cancel", TicketView)
                return
            if now.state == "no_show":
                if not pace.happens(COMES_BACK):
                    return
                await pace.sleep(AWAY_S)
                await hall.post(f"/tickets/{ticket}/return", TicketView, hall.looking)
                hall.comes_at[ticket] = 1


class _Clerk:
    """Somebody who works at one counter."""

    def __init__(self, hall: _Hall, counter: str, token: str) -> None:
        self._hall = hall
        self._pace = hall.pace
        self._path = f"/counters/{counter}"
        self._name = f"rush-{counter}"
        self._token = token

    async def work(self) -> None:
        await self._pace.sleep(REST_S)
        while True:
            try:
                await self._next()
            except (Turned, Unavailable):
                await self._pace.sleep(REST_S)  # somebody else acted here, or the server is away: look again

    async def leave(self) -> None:
        """Finish with whoever is here and close."""
        counter = await self._look()
        if counter.clerk != self._name:
            return
        if counter.ticket is not None:
            named = {"ticket": counter.ticket.id}
            await self._do("finish" if counter.ticket.state == "serving" else "put-back", named)
        await self._do("close", view=CounterView)

    async def _look(self) -> CounterDetail:
        return await self._hall.api.get(self._path, CounterDetail, self._token)

    async def _do(self, move: str, body: Body | None = None, view: Any = TicketView) -> Any:
        return await self._hall.post(f"{self._path}/{move}", view, self._token, body)

    async def _next(self) -> None:
        """One look at the counter, and what it asks for."""
        counter = await self._look()
        if counter.state == "closed":
            await self._do("open", view=CounterView)
        elif counter.clerk != self._name:
            await self._pace.sleep(BREAK_S)  # somebody else works here now
        elif counter.ticket is not None:
            await self._go_on(counter.ticket)
        elif counter.state == "paused":
            await self._pace.sleep(BREAK_S)
            await self._do("resume", view=CounterView)
        elif self._pace.happens(BREAK):
            await self._do("pause", {"reason": "break"}, CounterView)
        else:
            called = await self._do("call-next")
            await (self._go_on(called) if called is not None else self._pace.sleep(REST_S))

    async def _go_on(self, ticket: TicketView) -> None:
        """From the call, or from wherever it stands, to the end of the service."""
        if ticket.state == "called" and not await self._comes(ticket):
            return
        await self._pace.sleep(self._pace.service_s())
        named = {"ticket": ticket.id}
        elsewhere = None
        if self._pace.happens(SENT_ON):
            elsewhere = await self._hall.wanted(but=ticket.steps[-1].service)
        if elsewhere is not None:
            await self._do("transfer", {**named, "service": elsewhere})
        else:
            await self._do("finish", named)

    async def _comes(self, ticket: TicketView) -> bool:
        """Whether the citizen came, on the first call or the second; whoever did not is marked. People always come."""
        named = {"ticket": ticket.id}
        for call in (1, 2):
            if self._hall.comes_at.get(ticket.id, 1) <= call:
                await self._pace.sleep(WALK_S)
                await self._do("start", named)
                return True
            await self._pace.sleep(CALL_AGAIN_S)
            if call == 1:
                await self._do("recall", named)
        while True:
            try:
                await self._do("no-show", named)
            except Turned as turned:
                if turned.code != "too_soon":
                    raise
                await asyncio.sleep(int(turned.problem.fields.get("wait_s") or 1))  # the server's time, at no pace
                if turned.problem.reason == "calls":
                    await self._do("recall", named)
            else:
                return False
