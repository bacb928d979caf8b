"""Pauses in what counts for long, so that no call at a counter waits for a report.

One thread of the interpreter runs at a time, and numpy keeps it while it counts. Who only lets go and takes it again
gives nobody a turn: the others must have time to wake up.
"""

from __future__ import annotations

from time import sleep

BREATH_S = 0.0002
LONG = 20_000
"""Rows: what is counted of fewer is over before anybody notices."""


def breathe(rows: int = LONG) -> None:
    """Leave the interpreter to whoever waits for it, after so many rows."""
    if rows >= LONG:
        sleep(BREATH_S)
