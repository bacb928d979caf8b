"""In what portions columns come."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from queue_server.stats.columns import Columns


class Chunk(NamedTuple):
    """Some days' columns, one after the other; so many rows each."""

    days: Sequence[str]
    sizes: Sequence[int]
    columns: Columns
