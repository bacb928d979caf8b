"""Makes messages of what the journal says of alerts and closing hashes, from the place on that the outbox remembers.

A message's id follows from the journal, the row and the recipient, so that whoever gets it twice can tell. Of a journal
that was never read here, only what happens from now on is told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from hashlib import blake2b

import msgspec

from queue_server.domain.events import AlertBegan, AlertEnded, ClosingSigned, DayClosed, DayOpened
from queue_server.domain.rules import Rules
from queue_server.journal.promises import History, Row
from queue_server.notices.outbox import Message, Outbox, Told
from queue_server.notices.wording import closing_worded, worded
from queue_server.settings import Settings
from queue_server.settings.tables import Recipient

WAYS: dict[str, Callable[[Recipient], bool]] = {
    "email": lambda recipient: bool(recipient.email),
    "webhook": lambda recipient: bool(recipient.webhook),
    "apprise": lambda recipient: bool(recipient.apprise_file),
}
"""By which a recipient can be told."""

_KINDS = tuple(
    f'{{"type":"{kind.__name__}"'.encode() for kind in (AlertBegan, AlertEnded, DayClosed, DayOpened, ClosingSigned)
)
_decode = msgspec.json.Decoder(AlertBegan | AlertEnded | DayClosed | DayOpened | ClosingSigned).decode


class Following:
    """`rules` and `settings` as they are now; `now` is real time (milliseconds)."""

    def __init__(
        self,
        outbox: Outbox,
        history: History,
        rules: Callable[[], Rules],
        settings: Callable[[], Settings],
        now: Callable[[], int],
    ) -> None:
        self._outbox = outbox
        self._history = history
        self._rules = rules
        self._settings = settings
        self._now = now

    def follow(self, journal: str) -> int:
        """Read what is new on disk of this journal; gives how many messages came of it. In a thread of its own."""
        seq, last = self._outbox.place(journal), self._history.last().seq
        if seq is None or seq > last:  # never read, or an older copy of it was put back
            self._outbox.take(journal, last, (), (), self._now())
            return 0
        if seq == last:
            return 0
        going = {(told.rule, told.subject): told for told in self._outbox.alerts()}
        messages: list[Message] = []
        for row in self._history.read_from(seq + 1):
            seq = row.seq
            if row.data.startswith(_KINDS):
                messages += self._messages(journal, row, going)
        self._outbox.take(journal, seq, going.values(), messages, self._now())
        return len(messages)

    def _messages(self, journal: str, row: Row, going: dict[tuple[str, str], Told]) -> Iterator[Message]:
        event = _decode(row.data)
        if isinstance(event, AlertBegan):
            told = Told(
                rule=event.rule,
                kind=event.kind,
                subject=event.subject,
                since=event.since,
                began_at=event.at,
                seq=row.seq,
                count=event.count,
                reason=event.reason,
            )
            going[event.rule, event.subject] = told
            yield from self._to_all(journal, row.seq, told, None)
        elif isinstance(event, AlertEnded):
            ended = going.pop((event.rule, event.subject), None)
            if ended is not None:
                yield from self._to_all(journal, row.seq, ended, event.until)
        elif isinstance(event, ClosingSigned):
            yield from self._closing(journal, row.seq, event)
        else:  # with its day every alert is over
            for told in going.values():
                yield from self._to_all(journal, row.seq, told, event.at)
            going.clear()

    def _closing(self, journal: str, seq: int, event: ClosingSigned) -> Iterator[Message]:
        """A day's hash, for whoever holds the mall to it."""
        settings = self._settings()
        for name in settings.audit.to:
            recipient = settings.recipients[name]
            language = recipient.language or settings.mall.languages[0]
            content = closing_worded(event, journal, settings, language)
            for way, has in WAYS.items():
                if has(recipient):
                    id_ = message_id(journal, seq, "closing", event.day, name, way)
                    yield Message(id=id_, recipient=name, way=way, content=content)

    def _to_all(self, journal: str, seq: int, told: Told, until: int | None) -> Iterator[Message]:
        settings = self._settings()
        rule = settings.alerts.get(told.rule)
        for name in rule.to if rule is not None else ():
            recipient = settings.recipients[name]
            language = recipient.language or settings.mall.languages[0]
            content = worded(told, until, self._rules(), settings.mall.public_url, language)
            for way, has in WAYS.items():
                if has(recipient):
                    yield Message(
                        id=message_id(journal, seq, told.rule, told.subject, name, way),
                        recipient=name,
                        way=way,
                        content=content,
                        about=f"{told.rule} {told.subject} {told.seq}",
                        begins=until is None,
                    )


def message_id(*parts: object) -> str:
    return f"msg_{blake2b(repr(parts).encode(), digest_size=16).hexdigest()}"
