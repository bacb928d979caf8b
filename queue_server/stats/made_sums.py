"""The sums of whole months and years: made from their columns once somebody has asked for them, kept if worth it.

Whoever asks first waits for none: they are made when nobody waits (`make_one`), a year's of its months'. They are of
the very rows that the days have now (spans.py), or made anew.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import NamedTuple, cast

from queue_server.stats.columns import Array
from queue_server.stats.counting import NEEDED, Tally
from queue_server.stats.grouping import Counting, Said, Tallying
from queue_server.stats.kept_sums import KeptSums
from queue_server.stats.source import STEPS, Day, Source
from queue_server.stats.spans import MONTH, YEAR, Base, Span, ends, months_of, span, whole
from queue_server.stats.sums import Sums, cells_in, needed
from queue_server.wire.stats import StatsQuestion


class Worth(NamedTuple):
    """Of which spans sums are kept: fewer rows are counted as fast, and more cells for each of them take longer to add
    up than the row to count."""

    rows: int = 50_000
    cells: int = 12
    groups: int = 2_000


WORTH = Worth()
SECONDS = ("wait_s", "walk_s", "service_s")


class CountingSums(Counting):
    """`sums` give what was counted of other days, read when it is their turn."""

    sums: Sequence[Callable[[], Sums]] = ()

    def there(self) -> Array:
        found = super().there()
        for read in self.sums:
            of = self._of(read())
            found[of[of >= 0]] = True
        return found

    def fill(self, tally: Tallying[Said], place: Array | None, needed: Sequence[str]) -> None:
        for read in self.sums:
            sums = read()
            of = self._of(sums)
            if place is not None:
                of[of >= 0] = place[of[of >= 0]]
            cast(Tally, tally).merge(of, sums)  # nothing else is kept
        super().fill(tally, place, needed)

    def _of(self, sums: Sums) -> Array:
        """Into which group each of theirs falls; -1 where it was not asked for."""
        of = self.groups.codes(sums.codes, (), (sums.size,))
        chosen = self.conditions.chosen(sums.codes, (), ())
        if chosen is not None:
            of[~chosen] = -1
        return of


class MadeSums:
    def __init__(self, source: Source, kept: KeptSums, worth: Worth = WORTH) -> None:
        self._source = source
        self._kept = kept
        self._worth = worth
        self._wanted: dict[tuple[Base, str], None] = {}

    def spans(
        self, asked: StatsQuestion, base: Base, days: Mapping[str, int], today: Day, *, months_alone: bool
    ) -> list[Span]:
        """Those whose sums there are now: years, and the months outside them. The others are made later."""
        found: list[Span] = []
        if not months_alone:
            found = [span for span in whole(asked, days, today.day, YEAR) if self._are_there(base, span)]
        years = tuple(span.name for span in found)
        months = [span for span in whole(asked, days, today.day, MONTH) if not span.name.startswith(years or " ")]
        return found + [span for span in months if self._are_there(base, span)]

    def get(self, base: Base, span: Span, names: Sequence[str]) -> Sums:
        return self._kept.get(base, span, names)

    def _are_there(self, base: Base, span: Span) -> bool:
        kept = self._kept.known(base, span)
        if kept is None:
            self._wanted[base, span.name] = None
        return bool(kept)

    def make_one(self, today: Day) -> bool:
        """Sums that somebody has missed; whether there were any."""
        if not self._wanted:
            return False
        base, name = next(iter(self._wanted))
        del self._wanted[base, name]
        first, last = ends(name)
        days = self._source.days(STEPS, first, last, today)
        if days and today.day not in days:
            self._made(base, span(name, list(days), days), days, today)
        return True

    def _made(self, base: Base, one: Span, days: Mapping[str, int], today: Day) -> bool:
        """Whether there are sums, now that they were made."""
        kept = self._kept.known(base, one)
        return self._make(base, one, days, today) if kept is None else kept

    def _make(self, base: Base, span: Span, days: Mapping[str, int], today: Day) -> bool:
        months = [one for one in months_of(span, days) if self._made(base, one, days, today)]
        inside = {day for month in months for day in month.days}
        prepared = self._source.prepared(STEPS, {day: days[day] for day in span.days if day not in inside}, today)
        counting = CountingSums(prepared, base, {}, span.days, self._source.words, folds=False)
        counting.sums = [partial(self.get, base, month, needed(base, SECONDS, told=True)) for month in months]
        if counting.groups.count > self._worth.groups:
            self._kept.keep(base, span, {})
            return False
        tally = Tally(counting.groups.count)
        counting.fill(tally, None, NEEDED)
        present = tally.present()
        parts = tally.parts(counting.groups.split(present), present)
        rows = tally.total().steps
        worth = rows >= self._worth.rows and cells_in(parts) <= self._worth.cells * rows
        self._kept.keep(base, span, parts if worth else {})
        return worth
