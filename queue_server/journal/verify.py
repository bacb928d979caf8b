"""Is the history what was written? Every row is hashed again, and every day must open with the hash that closed the one
before, as the same mall's and the same journal's.

Of the events only each day's opening is read, and of that only the words that never change. So years of rows take
little time, and the rows of a newer version can be checked. A row that was changed, taken out or put in is found by its
number. Rows cut off at the end leave a chain that is whole: who wants to know keeps a `last_hash` elsewhere and gives
it as `expected`, which must then be somewhere in the chain.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
from msgspec import Struct

from queue_server.errors import JournalDamaged
from queue_server.journal import chain
from queue_server.journal.past import is_day
from queue_server.journal.promises import Row


class Verdict(Struct, frozen=True, kw_only=True):
    """What was found. `wrong_seq` is the first wrong row and `wrong` says what is; None in a whole chain.

    `mall` and `journal` are whose history it is, empty before the first day.
    """

    rows: int
    days: int
    last_seq: int
    last_hash: str
    mall: str = ""
    journal: str = ""
    wrong_seq: int | None = None
    wrong: str | None = None


class Opening(Struct, frozen=True, kw_only=True, tag="DayOpened"):
    """What of a `DayOpened` every version writes alike."""

    mall: str
    journal: str
    day: str
    before: str = ""


_opening = msgspec.json.Decoder(Opening).decode


class Walk:
    """Goes over the rows in their order and stops at the first that is wrong: `wrong_seq` and `wrong` say which."""

    def __init__(self, expected: str | None = None) -> None:
        self.seq = 0
        self.hash = chain.START
        self.days = 0
        self.mall = self.journal = ""
        self.wrong_seq: int | None = None
        self.wrong: str | None = None
        self._closing = ""
        self._day = ""
        self._expected = expected

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
        self.seq, self.hash = seq, digest
        if self._expected == digest.hex():
            self._expected = None
        return True

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
        if self.wrong is None and self._expected is not None:
            self.stop(self.seq, f"no row has the hash {self._expected}: rows were cut off at the end")

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
        )


def wrong_row(seq: int | None, wrong: str | None) -> JournalDamaged:
    """`wrong` goes on from "Row 7 is wrong:"."""
    return JournalDamaged(f"Row {seq} is wrong: {wrong}.", seq=seq, wrong=wrong)


def verify(rows: Iterable[Row], *, expected: str | None = None) -> Verdict:
    """Check rows from the first one on, wherever they come from."""
    walk = Walk(expected)
    try:
        for row in rows:
            if not walk.check(row):
                break
    except JournalDamaged as unread:
        walk.meet(unread)
    walk.end()
    return walk.verdict()
