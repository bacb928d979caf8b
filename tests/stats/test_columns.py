"""What columns say of a row, by the mall's clock; what is kept of them comes back as it was."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from queue_server.stats.columns import LocalTime
from queue_server.stats.store import packed, unpacked

MILAN = ZoneInfo("Europe/Rome")


def at(month: int, day: int, hour: int, minute: int, fold: int = 0) -> int:
    return int(datetime(2026, month, day, hour, minute, tzinfo=MILAN, fold=fold).timestamp()) * 1_000


@pytest.mark.parametrize(
    ("when", "half_hour"),
    [
        (at(3, 29, 1, 59), 3),
        (at(3, 29, 3, 0), 6),  # an hour was left out
        (at(10, 25, 2, 30), 5),
        (at(10, 25, 2, 30, fold=1), 5),  # an hour came twice
        (at(10, 25, 3, 0), 6),
        (at(11, 24, 0, 0), 0),
        (at(11, 24, 23, 59), 47),
    ],
)
def test_a_half_hour_is_the_one_on_the_wall(when: int, half_hour: int):
    """Also when the clocks change."""
    assert LocalTime("Europe/Rome").half_hour(when) == half_hour


def test_clocks_a_quarter_off_are_right():
    """Some zones are a quarter of an hour off."""
    utc_nine = int(datetime(2026, 11, 24, 9, tzinfo=ZoneInfo("UTC")).timestamp()) * 1_000

    assert LocalTime("Asia/Kathmandu").half_hour(utc_nine) == 29  # 14:45


def test_long_waits_are_kept_whole():
    """Seconds take two bytes while they fit, four on a day with somebody who was carried over."""
    short = np.array([0, 5, 65_535], dtype=np.uint32)
    long = np.array([0, 65_536, 200_000], dtype=np.uint32)
    parts = [packed(short), packed(long), packed(short[:0])]

    found = unpacked(parts, [3, 3, 0], np.uint32)

    assert [len(part) for part in parts] == [6, 12, 0]
    assert found.tolist() == [*short.tolist(), *long.tolist()]
