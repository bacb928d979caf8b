"""Questions about whole months and years: answered from sums of them (made_sums.py) as far as there are any.

What the spans in a question are made of is added up, or where nothing is to be added, what is said of each of their
groups is said again; only the days outside are counted row by row. Where groups are folded, whoever worked in each must
be known: then everything is counted.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from queue_server.stats.counting import NEEDED, OF_WAITS, Tally, waits_of
from queue_server.stats.grouping import Counted, Group
from queue_server.stats.groups import Conditions, values_by_code
from queue_server.stats.made_sums import SECONDS, CountingSums, MadeSums
from queue_server.stats.source import STEPS, Day, Source
from queue_server.stats.spans import Base, Span, base_of
from queue_server.stats.sums import needed, said_needed
from queue_server.wire.stats import Measures, StatsQuestion

Versions = Mapping[str, int]


class Asked(Struct, frozen=True):
    """A question that sums may answer, about these days."""

    question: StatsQuestion
    days: Versions
    today: Day
    waits_alone: bool


class Summed:
    """`made` is None where nothing is kept."""

    def __init__(self, source: Source, made: MadeSums | None) -> None:
        self._source = source
        self._made = made

    def make_one(self, today: Day) -> bool:
        """While nobody waits: sums that somebody has missed; whether there were any."""
        return self._made is not None and self._made.make_one(today)

    def count(self, asked: Asked, *, folds: bool) -> Counted[Measures]:
        base = None if folds else base_of(asked.question)
        if self._made is None or base is None:
            return self._added(asked, (), (), folds=folds)
        spans = self._spans(self._made, asked, base)
        if spans and self._stands_alone(asked, base, spans):
            return self._repeated(asked, base, spans)
        together = replace(asked.question, group=())
        if not spans and (of_all := base_of(together)) is not None:
            self._spans(
                self._made, Asked(together, asked.days, asked.today, asked.waits_alone), of_all
            )  # for the total
        return self._added(asked, base, () if "month" in asked.question.group else spans, folds=False)

    def _spans(self, made: MadeSums, asked: Asked, base: Base) -> list[Span]:
        months_alone = "month" in {*asked.question.group, *asked.question.where}
        return made.spans(asked.question, base, asked.days, asked.today, months_alone=months_alone)

    def _added(self, asked: Asked, base: Base, spans: Sequence[Span], *, folds: bool) -> Counted[Measures]:
        """What the spans are made of, and all other days counted."""
        question = asked.question
        prepared = self._source.prepared(STEPS, outside(asked.days, spans), asked.today)
        days = list(asked.days)
        counting = CountingSums(prepared, question.group, question.where, days, self._source.words, folds=folds)
        if self._made is not None:
            names = needed(base, SECONDS[:1] if asked.waits_alone else SECONDS, told=not asked.waits_alone)
            counting.sums = [partial(self._made.get, base, span, names) for span in spans]
        make = partial(Tally, waits_alone=asked.waits_alone)
        return counting.count(make, OF_WAITS if asked.waits_alone else NEEDED)

    def _stands_alone(self, asked: Asked, base: Base, spans: Sequence[Span]) -> bool:
        """Whether each group of the answer is one group of one span, or of other days alone."""
        question = asked.question
        apart = "month" in question.group or (len(spans) == 1 and not outside(asked.days, spans))
        return apart and all(len(question.where.get(name, ())) == 1 for name in base if name not in question.group)

    def _repeated(self, asked: Asked, base: Base, spans: Sequence[Span]) -> Counted[Measures]:
        rows = [row for span in spans for row in self._said(asked, base, span)]
        rest = outside(asked.days, spans)
        if rest:
            only = Asked(asked.question, rest, asked.today, asked.waits_alone)
            rows += self._added(only, base, (), folds=False).groups
        rows.sort(key=lambda row: [value or "" for value in row.key.values()])
        if asked.question.group:
            whole = Asked(replace(asked.question, group=()), asked.days, asked.today, asked.waits_alone)
            return Counted(tuple(rows), self.count(whole, folds=False).total)
        if not rows:
            return self._added(asked, base, spans, folds=False)
        return Counted(tuple(rows), rows[0].said)

    def _said(self, asked: Asked, base: Base, span: Span) -> Iterator[Group[Measures]]:
        """What is said of each group of a span that is asked for."""
        assert self._made is not None
        sums = self._made.get(base, span, said_needed(base))
        words = self._source.words
        chosen = Conditions(asked.question.where, words).chosen(sums.codes, (), ())
        places = range(sums.size) if chosen is None else np.flatnonzero(chosen).tolist()
        said = sums.said
        values = {"month": [span.name] * sums.size}
        for name in base:
            known = values_by_code(name, words)
            values[name] = [known[code] for code in sums.codes[name].tolist()]
        of_each = [values[name] for name in asked.question.group]
        for place in places:
            key = {name: one[place] or None for name, one in zip(asked.question.group, of_each, strict=True)}
            yield Group(key, waits_of(said[place]) if asked.waits_alone else said[place])


def outside(days: Versions, spans: Sequence[Span]) -> Versions:
    """The days that are in none."""
    inside = {day for span in spans for day in span.days}
    return {day: version for day, version in days.items() if day not in inside}
