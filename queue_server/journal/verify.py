"""Is the history what was written? Every row is hashed again, and every day must open with the hash that closed the one
before, as the same mall's and the same journal's.

Of the events only each day's opening is read, and of that only the words that never change. So years of rows take
little time, and the rows of a newer version can be checked. A row that was changed, taken out or put in is found by
its number. Rows cut off at the end leave a chain that is whole, and so does hashing everything anew: who wants to know
keeps hashes elsewhere and gives them as `against`, each of which must then be somewhere in the chain; or keeps the
mall's public key, by which every day from the first signed one on must be signed (closing.py).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

import msgspec
from msgspec import Struct

from queue_server.errors import JournalDamaged
from queue_server.journal import chain
from queue_server.journal.closing import FIRST, Closing, decode_signed
from queue_server.journal.past import is_day
from queue_server.journal.promises import Row


class Verdict(Struct, frozen=True, kw_only=True):
    """What was found. `wrong_seq` is the first wrong row and `wrong` says what is; None in a whole chain.

    `mall` and `journal` are whose history it is, empty before the first day. `signed` are the days whose closing hash
    was signed, and `keys` the public keys of those signatures.
    """

    rows: int
    days: int
    last_seq: int
    last_hash: str
    mall: str = ""
    journal: str = ""
    wrong_seq: int | None = None
    wrong: str | None = None
    signed: int = 0
    keys: tuple[str, ...] = ()


class Against(Struct, frozen=True, kw_only=True):
    """What somebody else has kept of a history: hashes that must be in it, the keys by which its days are signed."""

    hashes: Collection[str] = ()
    keys: Collection[str] = ()


_CLOSED = b'{"type":"DayClosed"'


class Opening(Struct, frozen=True, kw_only=True, tag="DayOpened"):
    """What of a `DayOpened` every version writes alike."""

    mall: str
    journal: str
    day: str
    before: str = ""


_opening = msgspec.json.Decoder(Opening).decode


class Walk:
    """Goes over the rows in their order and stops at the first that is wrong: `wrong_seq` and `wrong` say which."""

    def __init__(self, against: Against = Against()) -> None:  # noqa: B008 - frozen
        self.seq = 0
        self.hash = chain.START
        self.days = 0
        self.mall = self.journal = ""
        self.wrong_seq: int | None = None
        self.wrong: str | None = None
        self._closing = ""
        self._day = ""
        self._against = against
        self._missing = set(against.hashes)
        self._closed: dict[int, tuple[str, str]] = {}
        self._signed: dict[str, str] = {}

    def check(self, row: Row) -> bool:
        """Whether this row follows the last one; nothing more is to be asked once one does not."""
        seq, stream, at, data, digest = row
        if seq != self.seq + 1:
            return self.stop(seq, f"rows {self.seq + 1} to {seq - 1} are missing")
        if not chain.holds(self.hash, seq, stream, at, data, digest):
            return self.stop(seq, "it does not hash to what it says: it was changed, or the row before it was")
        if is_day(stream):
            if stream != self._day and (wrong := self._opened(stream, data)):
                return self.stop(seq, wrong)
            self._closing = digest.hex()
            if data.startswith(_CLOSED):
                self._closed[seq] = stream, self._closing
            elif data.startswith(FIRST) and (wrong := self._sealed(data)):
                return self.stop(seq, wrong)
        self.seq, self.hash = seq, digest
        if self._missing:
            self._missing.discard(digest.hex())
        return True

    def _sealed(self, data: bytes) -> str | None:
        """What is wrong with a signature, if anything."""
        try:
            signed = decode_signed(data)
        except msgspec.MsgspecError:
            return "it has no signature that can be read"
        if self._closed.get(signed.row) != (signed.day, signed.hash):
            return f"what it signs is not the hash that closed the day {signed.day}"
        closing = Closing(
            mall=self.mall,
            journal=self.journal,
            day=signed.day,
            row=signed.row,
            hash=signed.hash,
            public_key=signed.public_key,
            signature=signed.signature,
        )
        if not closing.holds:
            return f"its signature of the day {signed.day} is not of the key that it names"
        if self._against.keys and signed.public_key not in self._against.keys:
            return f"the day {signed.day} is signed by another key ({signed.public_key})"
        self._signed[signed.day] = signed.public_key
        return None

    def _opened(self, stream: str, data: bytes) -> str | None:
        """What is wrong with the opening of a day, if anything."""
        try:
            opening = _opening(data)
        except msgspec.MsgspecError:
            return f"the day {stream} does not begin with its opening"
        if opening.day != stream:
            return f"the day {stream} does not begin with its opening"
        if opening.before != self._closing:
            return "the day does not open with the hash that closed the one before"
        if self.days and (opening.mall, opening.journal) != (self.mall, self.journal):
            return f"the day is of another journal (mall {opening.mall}) than the one before (mall {self.mall})"
        self._day, self.mall, self.journal = stream, opening.mall, opening.journal
        self.days += 1
        return None

    def stop(self, seq: int, wrong: str) -> bool:
        """This row is wrong; nothing after it is looked at."""
        self.wrong_seq, self.wrong = seq, wrong
        return False

    def meet(self, damage: JournalDamaged) -> None:
        """A row could not be read, or not be understood by whoever wanted to."""
        seq, wrong = damage.fields.get("seq"), damage.fields.get("wrong")
        self.stop(seq if isinstance(seq, int) else self.seq + 1, str(wrong or damage.detail))

    def end(self) -> None:
        """There are no more rows."""
        if self.wrong is None and self._missing:
            hashes = ", ".join(sorted(self._missing))
            self.stop(self.seq, f"no row has the hash {hashes}: rows were cut off at the end, or all were made anew")
        if self.wrong is None and self._against.keys:
            self._check_signatures()

    def _check_signatures(self) -> None:
        """Every day that is over is signed, from the first signed one on; the last one may be about to be."""
        days = sorted((row, day) for row, (day, _) in self._closed.items())
        if not self._signed:
            if len(days) > 1:
                self.stop(self.seq, "no day is signed by that key: everything may have been made anew")
            return
        first = next(place for place, (_, day) in enumerate(days) if day in self._signed)
        for row, day in days[first:-1]:
            if day not in self._signed:
                self.stop(row, f"the day {day} is not signed")
                return

    def verdict(self) -> Verdict:
        return Verdict(
            rows=self.seq,
            days=self.days,
            last_seq=self.seq,
            last_hash=self.hash.hex(),
            mall=self.mall,
            journal=self.journal,
            wrong_seq=self.wrong_seq,
            wrong=self.wrong,
            signed=len(self._signed),
            keys=tuple(dict.fromkeys(self._signed.values())),
        )


def wrong_row(seq: int | None, wrong: str | None) -> JournalDamaged:
    """`wrong` goes on from "Row 7 is wrong:"."""
    return JournalDamaged(f"Row {seq} is wrong: {wrong}.", seq=seq, wrong=wrong)


def verify(rows: Iterable[Row], *, against: Against = Against()) -> Verdict:  # noqa: B008 - frozen
    """Check rows from the first one on, wherever they come from."""
    walk = Walk(against)
    try:
        for row in rows:
            if not walk.check(row):
                break
    except JournalDamaged as unread:
        walk.meet(unread)
    walk.end()
    return walk.verdict()
