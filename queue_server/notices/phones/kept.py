"""The phones that want to be told, in a file of their own (`phones.db`): each with its ticket, sealed, until that ends.

What a browser gave is sealed by the mall's key (registry/keys.py), and whose ticket it is stands beside it. It is
overwritten when it goes, in the write-ahead log, too; no backup takes the file along.

Whoever erases what is kept with a ticket may do so by a command beside the server (erasing.py): the file says then that
nobody is told of that ticket any more, and memory looks whether somebody else has changed it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import blake2b
from pathlib import Path
from threading import Lock, RLock

import msgspec
from msgspec import Struct

from queue_server.database import Database, Migrations, open_file, open_to_read, writing
from queue_server.errors import IllegalMove, QuotaReached, Unavailable
from queue_server.registry.keys import Keys

MIGRATIONS = Migrations("phones")

PER_TICKET = 5
"""So many phones may follow one ticket. The first ones stay: whoever has a ticket's link must not put its owner out."""


@MIGRATIONS()
def m001_phones(db: Database) -> None:
    db.execute("""
        CREATE TABLE phones (
            ticket TEXT NOT NULL,
            device TEXT NOT NULL,
            sealed BLOB NOT NULL,
            told TEXT NOT NULL,
            at INTEGER NOT NULL,
            PRIMARY KEY (ticket, device)
        ) WITHOUT ROWID, STRICT
    """)


@MIGRATIONS()
def m002_erased(db: Database) -> None:
    """Tickets of which no phone is told any more, until they are over."""
    db.execute("CREATE TABLE erased (ticket TEXT NOT NULL PRIMARY KEY) WITHOUT ROWID, STRICT")


class Subscription(Struct, frozen=True, kw_only=True):
    """What a browser gave: where it is told, and the keys that seal it; and in which language."""

    endpoint: str
    phone: bytes
    auth: bytes
    language: str


class Phone(Struct, kw_only=True, eq=False):
    """`told` is what it knows (saying.py). How often the next was tried, and when it is again, is not kept."""

    ticket: str
    device: str
    at: int
    subscription: Subscription
    told: str
    tries: int = 0
    due_at: int = 0


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Subscription).decode


class Phones:
    """Read once; after that memory has what the file has. Any thread may ask, one at a time."""

    def __init__(self, path: Path, keys: Keys) -> None:
        self._lock = RLock()
        self._keys = keys
        self._db = open_file(path, MIGRATIONS, forgets=True)
        self._watched = open_to_read(path)
        self._looking = Lock()
        self._known: dict[str, dict[str, Phone]] = {}
        self._erased: set[str] = set()
        self._version = 0
        self._read()
        self._look()

    def __len__(self) -> int:
        return sum(map(len, self._known.values()))

    def close(self) -> None:
        with self._lock:
            self._db.close()
        with self._looking:
            self._watched.close()

    def tickets(self) -> list[str]:
        """Those of which a phone is told, or that were erased."""
        self._look()
        return [*self._known, *(self._erased - self._known.keys())]

    def of(self, ticket: str) -> list[Phone]:
        return list(self._known.get(ticket, {}).values())

    def has(self, phone: Phone) -> bool:
        """Whether it is still to be told, whoever may have changed the file meanwhile."""
        self._look()
        return phone.device in self._known.get(phone.ticket, {})

    def add(self, ticket: str, subscription: Subscription, told: str, at: int) -> None:
        """This phone is told of this ticket from now on; it knows `told`.

        Raises Unavailable without the mall's key, QuotaReached where others are told already, IllegalMove for a
        ticket whose words were erased.
        """
        device = device_of(subscription.endpoint)
        sealed = self._keys.ring().seal(_encode(subscription))
        with self._lock:
            own = self._known.get(ticket, {})
            known = own.get(device)
            if known is None and len(own) >= PER_TICKET:
                raise QuotaReached(f"{PER_TICKET} phones are told of that ticket already.", reason="phones")
            told, at = (told, at) if known is None else (known.told, known.at)
            with writing(self._db) as connection:
                written = connection.execute(
                    "INSERT OR REPLACE INTO phones SELECT ?, ?, ?, ?, ?"
                    " WHERE NOT EXISTS (SELECT 1 FROM erased WHERE ticket = ?)",
                    (ticket, device, sealed, told, at, ticket),
                ).rowcount
            if not written:
                raise IllegalMove("What was kept with that ticket was erased: no phone is told of it.", reason="erased")
            phone = Phone(ticket=ticket, device=device, at=at, subscription=subscription, told=told)
            self._known.setdefault(ticket, {})[device] = phone
            if ticket in self._erased:  # since it was written
                self._known.pop(ticket, None)

    def knows(self, phone: Phone, told: str) -> None:
        """It has been told that, or it is not to be told any more."""
        phone.told, phone.tries, phone.due_at = told, 0, 0
        with self._lock, writing(self._db) as connection:
            connection.execute(
                "UPDATE phones SET told = ? WHERE ticket = ? AND device = ?", (told, phone.ticket, phone.device)
            )

    def remove(self, ticket: str, device: str) -> None:
        with self._lock:
            own = self._known.get(ticket, {})
            own.pop(device, None)
            if not own:
                self._known.pop(ticket, None)
            self._forget("ticket = ? AND device = ?", [(ticket, device)])

    def forget(self, tickets: Iterable[str]) -> None:
        """Nobody is told of these any more."""
        with self._lock:
            gone = [(ticket,) for ticket in tickets]
            for (ticket,) in gone:
                self._known.pop(ticket, None)
            self._forget("ticket = ?", gone)
            with writing(self._db) as connection:
                connection.executemany("DELETE FROM erased WHERE ticket = ?", gone)

    def _forget(self, where: str, values: Sequence[tuple[str, ...]]) -> None:
        if values:
            with writing(self._db) as connection:
                connection.executemany(f"DELETE FROM phones WHERE {where}", values)
            self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()

    def _look(self) -> None:
        """Take over what was erased beside this. SQLite counts changes; who reads waits for no writer."""
        with self._looking:
            version = int(self._watched.execute("PRAGMA data_version").fetchone()[0])
            if version == self._version:
                return
            self._version = version
            self._erased = {ticket for (ticket,) in self._watched.execute("SELECT ticket FROM erased").fetchall()}
            for ticket in self._erased:
                self._known.pop(ticket, None)

    def _read(self) -> None:
        rows = self._db.execute("SELECT ticket, device, sealed, told, at FROM phones ORDER BY at").fetchall()
        lost = []
        for ticket, device, sealed, told, at in rows:
            try:
                subscription = _decode(self._keys.ring().open(sealed))
            except (Unavailable, msgspec.DecodeError):  # its key has gone: that phone cannot be told any more
                lost.append((ticket, device))
                continue
            phone = Phone(ticket=ticket, device=device, at=at, subscription=subscription, told=told)
            self._known.setdefault(ticket, {})[device] = phone
        self._forget("ticket = ? AND device = ?", lost)


def device_of(endpoint: str) -> str:
    """What tells one phone from another, without saying where it is told."""
    return blake2b(endpoint.encode(), digest_size=16).hexdigest()
