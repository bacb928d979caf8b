"""Sends what the outbox holds, again and again with growing pauses, outside each recipient's quiet hours.

What has begun and ended within quiet hours is told to nobody; what is still so after them is told then. A recipient who
cannot be reached is a fault that the floor page shows, and keeps nobody else waiting.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from queue_server.domain.events import AlertBegan, AlertEnded, AnyEvent, ClosingSigned, DayClosed, DayOpened
from queue_server.domain.state import Changes
from queue_server.notices import mail, other, webhook
from queue_server.notices.following import Following
from queue_server.notices.outbox import Message, Outbox
from queue_server.service.engine import Engine
from queue_server.service.logs import log
from queue_server.settings import Settings
from queue_server.settings.tables import Recipient
from queue_server.settings.values import DAY_MINUTES, span

LOOK_S = 1.0

FOLLOW_S = 60.0
"""So often the place in the journal moves on, though nothing concerns anybody: a restart then reads little."""

_CONCERN = (AlertBegan, AlertEnded, DayClosed, DayOpened, ClosingSigned)


class Post:
    """`real` gives real time (milliseconds), by which is tried again; quiet hours go by the mall's clock."""

    def __init__(
        self,
        engine: Engine,
        outbox: Outbox,
        following: Following,
        settings: Callable[[], Settings],
        folder: Path,
        real: Callable[[], int],
    ) -> None:
        self._engine = engine
        self._outbox = outbox
        self._following = following
        self._settings = settings
        self._folder = folder
        self._real = real
        self._unread = True
        self._read_at = 0.0
        self.rounds = 0
        """How often everything that was due has been tried."""
        engine.changed.append(self._happened)

    def _happened(self, changes: Changes, events: tuple[AnyEvent, ...]) -> None:
        if any(isinstance(event, _CONCERN) for event in events):
            self._unread = True

    async def run(self) -> None:
        while True:
            with self._engine.faults.part("messages"):
                await self.follow()
                await self.send_due()
                self.rounds += 1
            await asyncio.sleep(LOOK_S)

    async def follow(self) -> None:
        """Make messages of what is new on disk."""
        loop = asyncio.get_running_loop()
        if not self._engine.healthy or not (self._unread or loop.time() - self._read_at > FOLLOW_S):
            return
        journal = self._engine.state.journal
        if not journal:
            return
        await self._engine.settled()
        self._unread = False
        try:
            await asyncio.to_thread(self._following.follow, journal)
        except BaseException:
            self._unread = True
            raise
        self._read_at = loop.time()

    async def send_due(self) -> None:
        """Try what may be tried now; to several recipients at once."""
        messages = await asyncio.to_thread(self._outbox.due, self._real())
        await asyncio.gather(*map(self._try, messages))

    async def _try(self, message: Message) -> None:
        settings, now = self._settings(), self._real()
        recipient = settings.recipients.get(message.recipient)
        if recipient is None:
            self._outbox.give_up(message, now, "there is no such recipient any more")
            return
        if message.about and quiet(recipient.quiet, self._engine.now(), settings.mall.timezone):
            if message.begins and self._outbox.ended(message):
                self._outbox.drop(message, now)
            return
        try:
            await self._send(message, recipient, settings)
        except Exception as error:  # noqa: BLE001 - whatever is wrong with the way, it is tried again and shown
            self._failed(message, now, error)
        else:
            self._outbox.sent(message, self._real())
            self._engine.faults.over("messages", self._shown(message))
            log.info("message_sent", id=message.id, recipient=message.recipient, way=message.way)

    async def _send(self, message: Message, recipient: Recipient, settings: Settings) -> None:
        if message.way == "email":
            await mail.send(message, recipient, settings.mail, self._folder)
        elif message.way == "webhook":
            await webhook.send(message, recipient, self._folder, self._real() // 1_000)
        else:
            await other.send(message, recipient, self._folder)

    def _failed(self, message: Message, now: int, error: Exception) -> None:
        said = f"{type(error).__name__}: {error}"
        gone = isinstance(error, webhook.NotTaken) and error.gone
        if gone or message.old(now):
            self._outbox.give_up(message, now, said)
        else:
            self._outbox.failed(message, now, said, getattr(error, "wait_s", None))
            self._outbox.give_up_alerts_behind(message, now)
        log.warning("message_not_sent", id=message.id, recipient=message.recipient, way=message.way, error=said[:200])
        self._engine.faults.note("messages", self._shown(message), error)

    @staticmethod
    def _shown(message: Message) -> str:
        return f"{message.way} {message.recipient}"


def quiet(spans: Iterable[str], now: int, timezone: str) -> bool:
    """Whether an instant lies in one of these times of day."""
    local = datetime.fromtimestamp(now / 1_000, UTC).astimezone(ZoneInfo(timezone))
    minute = local.hour * 60 + local.minute
    return any(start <= at < end for start, end in map(span, spans) for at in (minute, minute + DAY_MINUTES))
