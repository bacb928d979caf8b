"""One question counted: which rows are asked for, into which group each falls, what is said of each group."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Generic, Protocol, TypeVar

import numpy as np
from msgspec import Struct

from queue_server.errors import Invalid
from queue_server.stats.columns import Array, Columns, Words
from queue_server.stats.folding import Workers
from queue_server.stats.groups import BY_TIME, Conditions, Groups
from queue_server.stats.source import Prepared

MOST_ROWS = 50_000
FEW_GROUPS = 4_096
"""Up to so many it is not looked first which of them there are."""

Said = TypeVar("Said")
Said_co = TypeVar("Said_co", covariant=True)


class Tallying(Protocol[Said_co]):
    """Counts rows by group, groups from 0 on."""

    def add(self, groups: Array, columns: Columns) -> None:
        """Each row in the group at its place."""

    def present(self) -> Array:
        """The groups that have rows."""

    def said(self, wanted: Sequence[int]) -> Sequence[Said_co]:
        """Of each of these groups."""

    def total(self) -> Said_co:
        """Of all groups together."""


class Group(Struct, Generic[Said], frozen=True):
    """`said` is None where it would show one person's work; `folded` groups are together in it."""

    key: dict[str, str | None]
    said: Said | None
    folded: int = 0


class Counted(Struct, Generic[Said], frozen=True):
    groups: tuple[Group[Said], ...]
    total: Said | None


class Counting:
    """The rows of `prepared` that `where` asks for, by `group`; `folds`: one person's work is not shown alone."""

    def __init__(
        self,
        prepared: Prepared,
        group: Sequence[str],
        where: Mapping[str, tuple[str, ...]],
        days: Sequence[str],
        words: Words,
        *,
        folds: bool,
    ) -> None:
        self._prepared = prepared
        self.groups = Groups(group, days, words)
        self.conditions = Conditions(where, words)
        beside = [name for name, values in where.items() if name not in BY_TIME and len(values) > 1]
        self._beside = [name for name in beside if group and name not in group]
        self._cells = Groups((*group, *self._beside), days, words) if folds else None

    def count(self, make: Callable[[int], Tallying[Said]], needed: Sequence[str]) -> Counted[Said]:
        """Raises Invalid where there would be too many groups."""
        lonely, hidden = self._folded() if self._cells is not None else (frozenset[int](), False)
        codes, place = self._places(lonely)
        tally = make(len(codes) + 1)
        self.fill(tally, place, needed)
        shown = [int(group) for group in tally.present() if group < len(codes)]
        said = tally.said([*shown, len(codes)])
        rows = [Group(self.groups.key(int(codes[group])), what) for group, what in zip(shown, said[:-1], strict=True)]
        rows.sort(key=lambda row: [value or "" for value in row.key.values()])
        if not lonely:
            return Counted(tuple(rows), tally.total())
        rows.append(Group({}, None if hidden else said[-1], len(lonely)))
        return Counted(tuple(rows), None if hidden else tally.total())

    def _folded(self) -> tuple[frozenset[int], bool]:
        """The groups that are not told alone, and whether they are one person's work all together. Of each value that
        is asked for beside others the same are folded as if it were asked for alone."""
        assert self._cells is not None
        workers = Workers()
        for of, columns in self._chosen(["clerk"], self._cells):
            workers.add(of, columns["clerk"])
        names = [name for name in self._cells.names if name not in self._beside]
        cells = workers.folded(names, self._cells.split, self._beside)
        size = self._cells.count // self.groups.count
        lonely = frozenset((cells // size).tolist())
        return lonely, workers.of_groups(size).is_one_person(lonely)

    def _places(self, lonely: frozenset[int]) -> tuple[Array, Array | None]:
        """The groups that are counted each for itself, and where among them each group stands; the place after the last
        is for those that are folded."""
        count = self.groups.count
        if count <= FEW_GROUPS and not lonely:
            return np.arange(count), None
        there = self.there()
        there[list(lonely)] = False
        codes = np.flatnonzero(there)
        if codes.size > MOST_ROWS:
            raise Invalid("Those are too many groups: ask for fewer days, or by less.", reason="groups", field="group")
        place = np.full(count, codes.size, dtype=np.int64)
        place[codes] = np.arange(codes.size)
        return codes, place

    def there(self) -> Array:
        """Which groups have rows."""
        found = np.zeros(self.groups.count, dtype=bool)
        for of, _ in self._chosen([]):
            found[of] = True
        return found

    def fill(self, tally: Tallying[Said], place: Array | None, needed: Sequence[str]) -> None:
        """Every row in its group, or where `place` puts that."""
        for of, columns in self._chosen(needed):
            tally.add(of if place is None else place[of], columns)

    def _chosen(self, needed: Sequence[str], groups: Groups | None = None) -> Iterator[tuple[Array, Columns]]:
        """The rows that are asked for: the group of each, and what is needed of it."""
        groups = groups or self.groups
        names = list(dict.fromkeys([*needed, *groups.columns, *self.conditions.columns]))
        for chunk in self._prepared.chunks(names):
            of = groups.codes(chunk.columns, chunk.days, chunk.sizes)
            chosen = self.conditions.chosen(chunk.columns, chunk.days, chunk.sizes)
            if chosen is None:
                yield of, chunk.columns
            else:
                yield of[chosen], {name: chunk.columns[name][chosen] for name in needed}
