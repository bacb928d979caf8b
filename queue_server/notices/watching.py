"""Looks once a second what the rules for alerts find, and notes in the journal what begins and what ends.

What must be so for a while is told only then, and what comes and goes is one alert: it ends once it has been over for
the rule's `calm`. What the journal has begun is known after a restart; only how long it is over counts anew.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping

from queue_server.domain import commands as c
from queue_server.domain.state import State
from queue_server.errors import Refused, Unavailable
from queue_server.notices.finding import Found, Key, find
from queue_server.service.engine import Engine
from queue_server.settings.tables import AlertRule
from queue_server.wire.api import DeviceView

LOOK_S = 1.0


class Watch:
    """`devices` gives what is known of each now."""

    def __init__(
        self, engine: Engine, rules: Callable[[], Mapping[str, AlertRule]], devices: Callable[[], Iterable[DeviceView]]
    ) -> None:
        self._engine = engine
        self._rules = rules
        self._devices = devices
        self._seen: dict[Key, int] = {}
        self._gone: dict[Key, int] = {}

    async def run(self) -> None:
        while True:
            with self._engine.faults.part("alerts", "", Unavailable, Refused):
                await self.look()
            await asyncio.sleep(LOOK_S)

    async def look(self) -> None:
        """Note what begins and ends now. Never raises for a journal that cannot be written: the next look will."""
        engine = self._engine
        command = self.command(engine.state, engine.now())
        if command.began or command.ended:
            try:
                await engine.submit(command)
            except (Unavailable, Refused):
                return

    def command(self, state: State, now: int) -> c.NoteAlerts:
        """What is to be noted now."""
        if not state.open:
            return c.NoteAlerts()  # with its day every alert is over
        rules = self._rules()
        found = find(state, now, rules, self._devices) if rules else {}
        self._seen = {key: self._seen.get(key, now) for key in found}
        began = [
            self._raised(key, rule, one)
            for key, (rule, one) in found.items()
            if key not in state.alerts and now - max(self._since(key, one), one.counts_from) >= rule.after
        ]
        return c.NoteAlerts(began=tuple(began), ended=tuple(self._ended(state, now, rules, found)))

    def _since(self, key: Key, found: Found) -> int:
        return self._seen[key] if found.since is None else min(found.since, self._seen[key])

    def _raised(self, key: Key, rule: AlertRule, found: Found) -> c.Raised:
        return c.Raised(
            rule=key[0],
            kind=rule.when,
            subject=found.subject,
            since=self._since(key, found),
            count=found.count,
            reason=found.reason,
        )

    def _ended(
        self, state: State, now: int, rules: Mapping[str, AlertRule], found: Mapping[Key, object]
    ) -> list[tuple[str, str, int]]:
        over = [key for key in state.alerts if key not in found]
        self._gone = {key: self._gone.get(key, now) for key in over}
        return [
            (*key, self._gone[key])
            for key in over
            if key[0] not in rules or now - self._gone[key] >= rules[key[0]].calm
        ]
