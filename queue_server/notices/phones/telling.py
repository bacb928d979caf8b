"""Looks twice a second what phones are to be told, and tells them, each on its own: none waits for another, and no call
waits for any.

What a phone was told is on disk once its push service has taken it. So a message that was taken just before the server
died is sent again, and takes its own place on the phone. One that is not taken is tried again while it is still true.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Iterator
from hashlib import blake2b
from pathlib import Path

import aiohttp
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from msgspec import Struct

from queue_server.database import Fault
from queue_server.domain.events import AnyEvent
from queue_server.domain.records import Ticket
from queue_server.domain.state import Changes
from queue_server.errors import IllegalMove, Invalid, NotFound, Unavailable
from queue_server.notices.phones.endpoints import Outside, allowed, host_of, own_hosts
from queue_server.notices.phones.erasing import FILE, PhonesFile
from queue_server.notices.phones.kept import Phone, Phones, Subscription, device_of
from queue_server.notices.phones.saying import OVER, Saying, as_told, saying
from queue_server.notices.phones.sealing import SALT, is_phone, sealed, text_of
from queue_server.notices.phones.services import Services
from queue_server.notices.phones.vapid import Sender, key_lines
from queue_server.notices.phones.wording import is_urgent, worded
from queue_server.notices.webhook import NotTaken
from queue_server.registry.keys import Keys
from queue_server.service.engine import Engine
from queue_server.service.logs import log
from queue_server.settings import Settings

LOOK_S = 0.5
WITHIN_S = 10.0
AT_ONCE = 16
"""So many messages are on their way together."""

PAUSES_S = (5, 15, 30, 60)
"""After a try that failed; the last one again and again."""

LASTS_S = {True: 300, False: 900}
"""So long a push service keeps what it cannot deliver yet, of what is urgent and what is not: an old call misleads."""

SLICE = 100
"""So many phones are looked at before others have a turn."""


class Message(Struct, frozen=True, kw_only=True):
    """What one phone is told now."""

    phone: Phone
    saying: Saying
    words: bytes


class PhoneTelling:
    """`data` is the server's folder, `folder` that of config.toml; `real` gives real time (milliseconds).

    `topic_key` is the same after a restart: what waits at a push service is still replaced.
    """

    def __init__(
        self,
        engine: Engine,
        settings: Callable[[], Settings],
        keys: Keys,
        data: Path,
        folder: Path,
        real: Callable[[], int],
        topic_key: bytes,
    ) -> None:
        self._engine = engine
        self._settings = settings
        self._data = data
        self._folder = folder
        self._real = real
        self._sender: Sender | None = None
        self._fresh = True
        self._services = Services()
        self._busy: set[tuple[str, str]] = set()
        self._topic_key = topic_key
        self._room = asyncio.Semaphore(AT_ONCE)
        self.rounds = 0
        """How often all was looked at while nothing was on its way."""
        self.phones = Phones(data / FILE, keys)
        self.file = PhonesFile(data)
        engine.changed.append(self._happened)
        engine.rebuilt.append(self._look_again)

    def close(self) -> None:
        self.phones.close()

    # Who is told

    @property
    def key(self) -> str | None:
        """What a browser subscribes with; None where this mall tells no phones."""
        on = self._settings().push.on
        return self._sender.public if on and self._sender is not None else None

    async def add(self, ticket: Ticket, subscription: Subscription) -> None:
        """This phone is told of the ticket, from what it shows now on.

        Raises NotFound, Invalid, IllegalMove, QuotaReached.
        """
        push, state = self._settings().push, self._engine.state
        if self.key is None:
            raise NotFound("Here phones are not told.", reason="push_off")
        if not allowed(subscription.endpoint, push.through):
            raise Invalid("Messages go through no such push service.", reason="push_service", field="endpoint")
        if not is_phone(subscription.phone, subscription.auth):
            raise Invalid("These are no keys of a browser's subscription.", reason="push_keys", field="key")
        if ticket.id not in state.tickets or ticket.state in OVER:
            raise IllegalMove("Nobody is called with that ticket any more.", reason="over")
        try:
            told = as_told(state, ticket, push.near)
            await asyncio.to_thread(self.phones.add, ticket.id, subscription, told, self._real())
        except Fault as error:
            raise Unavailable(f"{FILE} cannot be written: {error}.") from error

    async def remove(self, ticket: str, endpoint: str) -> None:
        """This phone is told no more of the ticket. Safe to repeat."""
        await asyncio.to_thread(self.phones.remove, ticket, device_of(endpoint))

    # What they are told

    def _happened(self, changes: Changes, events: tuple[AnyEvent, ...]) -> None:
        self._look_again()

    def _look_again(self) -> None:
        self._fresh = True

    async def run(self) -> None:
        """For as long as the server lives."""
        resolver = Outside(lambda: self._own_hosts())
        connector = aiohttp.TCPConnector(resolver=resolver, limit=AT_ONCE)
        limit = aiohttp.ClientTimeout(total=WITHIN_S)
        jar = aiohttp.DummyCookieJar()
        async with (
            aiohttp.ClientSession(connector=connector, timeout=limit, cookie_jar=jar) as session,
            asyncio.TaskGroup() as group,
        ):
            while True:
                with self._engine.faults.part("phones"):
                    for message in await self.look():
                        group.create_task(self._tell(session, message))
                    self.rounds += not self._busy
                    self._nobody_waits()
                await asyncio.sleep(LOOK_S)

    def _own_hosts(self) -> frozenset[str]:
        """Hosts that may stand inside: those listed with their whole address, and the way out."""
        push = self._settings().push
        return own_hosts((*push.through, push.proxy))

    async def look(self) -> list[Message]:
        """What is to be sent now; all of it rests on what is on disk. Raises Unavailable where that is not known."""
        settings = self._settings()
        if not settings.push.on:
            if known := self.phones.tickets():
                await asyncio.to_thread(self.phones.forget, known)
            return []
        if self._sender is None:
            self._sender = await asyncio.to_thread(self._read_key)
        if not self.phones.tickets() or not self._engine.healthy or not (self._fresh or self._is_due()):
            return []
        self._fresh = False
        try:
            return await self._found(settings)
        except BaseException:
            self._fresh = True
            raise

    def _read_key(self) -> Sender:
        try:
            return Sender(key_lines(self._settings(), self._folder, self._data))
        except OSError as error:
            raise Unavailable(f"The key for messages to phones cannot be read: {error}.") from error

    def _is_due(self) -> bool:
        now = self._real()
        return any(0 < phone.due_at <= now for phone in self._all())

    async def _found(self, settings: Settings) -> list[Message]:
        engine, now = self._engine, self._real()
        lives, over = engine.lives, []
        found: list[Message] = []
        for count, id_ in enumerate(self.phones.tickets()):
            if count % SLICE == SLICE - 1:
                await asyncio.sleep(0)
            ticket = engine.state.tickets.get(id_)
            if ticket is None or ticket.state in OVER:
                over.append(id_)
                continue
            found += self._for(ticket, settings, now)
        await engine.settled(lives)
        if over:
            await asyncio.to_thread(self.phones.forget, over)
        self._busy |= {_key(message.phone) for message in found}
        return found

    def _for(self, ticket: Ticket, settings: Settings, now: int) -> list[Message]:
        state, push = self._engine.state, settings.push
        found = []
        for phone in self.phones.of(ticket.id):
            if _key(phone) in self._busy or phone.due_at > now:
                continue
            new = saying(state, ticket, phone.told, push.near)
            if new is None:
                phone.due_at = phone.tries = 0  # what was to be said is not true any more
                continue
            words = worded(state, ticket, new, phone.subscription.language, names_service=push.names_service)
            found.append(Message(phone=phone, saying=new, words=words))
        return found

    async def _tell(self, session: aiohttp.ClientSession, message: Message) -> None:
        phone = message.phone
        try:
            async with self._room:
                await self._send(session, message)
        except NotTaken as refused:
            await self._refused(message, refused)
        except Exception as error:  # noqa: BLE001 - whatever is wrong with the way, it is tried again
            self._again(phone, None)
            self._failed(message, error)
        else:
            await asyncio.to_thread(self.phones.knows, phone, message.saying.told)
        finally:
            self._busy.discard(_key(phone))
            self._fresh = True

    async def _send(self, session: aiohttp.ClientSession, message: Message) -> None:
        """Raises NotTaken, OSError or aiohttp's errors."""
        if not self.phones.has(message.phone):  # taken away while this waited for its turn
            return
        to, push, urgent = message.phone.subscription, self._settings().push, is_urgent(message.saying)
        if self._sender is None or not allowed(to.endpoint, push.through):
            raise NotTaken("is no push service of this mall any more", gone=True)
        body = sealed(message.words, to.phone, to.auth, generate_private_key(SECP256R1()), secrets.token_bytes(SALT))
        headers = {
            "authorization": self._sender.says(to.endpoint, push.contact, self._real() // 1_000),
            "content-encoding": "aes128gcm",
            "content-type": "application/octet-stream",
            "ttl": str(LASTS_S[urgent]),
            "urgency": "high" if urgent else "normal",
            "topic": self._topic(message.phone.ticket),
            "user-agent": "antrean",
        }
        proxy = self._settings().push.proxy or None
        async with session.post(to.endpoint, data=body, headers=headers, allow_redirects=False, proxy=proxy) as answer:
            if not 200 <= answer.status < 300:
                asked = answer.headers.get("retry-after", "")
                wait_s = min(int(asked), 600) if asked.isascii() and asked.isdigit() else None
                raise NotTaken(
                    f"answered {answer.status}",
                    gone=answer.status in (404, 410),
                    wait_s=wait_s,
                    for_itself=answer.status < 500 and answer.status not in (408, 429),
                )
        self._services.took(host_of(to.endpoint))
        if self._services.all_well():
            self._engine.faults.over("messages", "phones")

    def _failed(self, message: Message, error: Exception) -> None:
        phone, of_phone = message.phone, isinstance(error, NotTaken) and error.for_itself
        host = host_of(phone.subscription.endpoint)
        if self._services.failed(host, phone.ticket, error, of_phone=of_phone):
            self._engine.faults.note("messages", "phones", error)

    def _nobody_waits(self) -> None:
        """A service that failed is not known to fail any more once nothing is to be said through it."""
        if self._services.all_well():
            return
        waits = (phone for phone in self._all() if phone.tries or _key(phone) in self._busy)
        self._services.waited_for({host_of(phone.subscription.endpoint) for phone in waits})
        if self._services.all_well():
            self._engine.faults.over("messages", "phones")

    def _all(self) -> Iterator[Phone]:
        return (phone for ticket in self.phones.tickets() for phone in self.phones.of(ticket))

    async def _refused(self, message: Message, refused: NotTaken) -> None:
        phone = message.phone
        if refused.gone:  # whoever had it has taken it away
            await asyncio.to_thread(self.phones.remove, phone.ticket, phone.device)
        else:
            self._again(phone, refused.wait_s)
            self._failed(message, refused)
        log.info("phone_not_told", kind=message.saying.kind, why=str(refused))

    def _again(self, phone: Phone, wait_s: int | None) -> None:
        pause = PAUSES_S[min(phone.tries, len(PAUSES_S) - 1)] if wait_s is None else wait_s
        phone.tries += 1
        phone.due_at = self._real() + pause * 1_000

    def _topic(self, ticket: str) -> str:
        """By which a push service lets the newest message take an older one's place; it says nothing of the ticket."""
        return text_of(blake2b(ticket.encode(), key=self._topic_key, digest_size=18).digest())


def _key(phone: Phone) -> tuple[str, str]:
    return phone.ticket, phone.device
