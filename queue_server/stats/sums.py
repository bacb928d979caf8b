"""All that is counted of a span's steps, by the values of a base (spans.py): exact, and added up in no time.

Beside what is said of each group there is what it is made of: how many had each mark, sums of what was promised, and
how often each second came. Seconds stand in cells one beside the other, for each group as many as its longest needs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property

import msgspec
import numpy as np

from queue_server.stats.columns import Array, Columns
from queue_server.wire.stats import Measures

SAID, MARKS, COUNTS, TOLD = "said", "marks", "counts", "told"
WIDTHS, CELLS = "widths of ", "cells of "
CODE = "code of "

_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(list[Measures])

Parts = Mapping[str, bytes]


def needed(base: Sequence[str], seconds: Sequence[str], *, told: bool) -> list[str]:
    """The parts that are merged (counting.py)."""
    spread = [kind + name for name in seconds for kind in (WIDTHS, CELLS)]
    return [*(CODE + name for name in base), MARKS, COUNTS, *([TOLD] if told else []), *spread]


def said_needed(base: Sequence[str]) -> list[str]:
    return [*(CODE + name for name in base), SAID]


def cells_in(parts: Parts) -> int:
    return sum((len(data) - 1) // data[0] for name, data in parts.items() if name.startswith(CELLS))


class Sums:
    """What was kept of one span; only those parts are there that were asked for."""

    def __init__(self, base: Sequence[str], parts: Parts) -> None:
        self._parts = parts
        self.codes: Columns = {name: unpacked(parts[CODE + name]) for name in base}
        """The values that each group stands for. Without a base there is one group."""

    @property
    def size(self) -> int:
        return next((codes.size for codes in self.codes.values()), 1)

    @property
    def said(self) -> list[Measures]:
        return _decoder.decode(self._parts[SAID])

    @cached_property
    def marks(self) -> tuple[Array, Array]:
        """Which (group, mark) there are, and how many of each."""
        return unpacked(self._parts[MARKS]), unpacked(self._parts[COUNTS])

    @property
    def told(self) -> Array:
        """Three rows: what was promised, and what was waited where nothing was."""
        return unpacked(self._parts[TOLD]).reshape(3, -1)

    def spread(self, name: str) -> list[Array]:
        """How often each second came, for each group; the place is one more than the second."""
        widths = unpacked(self._parts[WIDTHS + name])
        ends = np.cumsum(widths)
        cells = unpacked(self._parts[CELLS + name])
        return [cells[end - width : end] for end, width in zip(ends.tolist(), widths.tolist(), strict=True)]


def parts_of(
    codes: Columns, said: Sequence[Measures], marks: tuple[Array, Array], told: Array, spreads: dict[str, list[Array]]
) -> dict[str, bytes]:
    found = {CODE + name: packed(values) for name, values in codes.items()}
    found |= {SAID: _encoder.encode(said), MARKS: packed(marks[0]), COUNTS: packed(marks[1]), TOLD: packed(told)}
    for name, cells in spreads.items():
        found[WIDTHS + name] = packed(np.array([one.size for one in cells], dtype=np.int64))
        found[CELLS + name] = packed(np.concatenate(cells) if cells else np.zeros(0, dtype=np.int64))
    return found


def packed(values: Array) -> bytes:
    """Whole numbers from 0 in as few bytes each as they need; the first says how many."""
    most = int(values.max()) if values.size else 0
    width = next(width for width in (1, 2, 4, 8) if most < 1 << 8 * width)
    return bytes([width]) + values.astype(f"<u{width}").tobytes()


def unpacked(data: bytes) -> Array:
    return np.frombuffer(data, dtype=f"<u{data[0]}", offset=1)
