"""One run again, or many: `python -m tests.whole.anything SEED [DEEDS [RUNS]]`."""

from __future__ import annotations

import sys
import tempfile
from collections import Counter as Tally
from pathlib import Path

import uvloop

from queue_server.service import logs
from tests.whole.anything.run import play


def main(number: int, deeds: int = 300, runs: int = 1) -> None:
    logs.set_up(quiet=True)
    told: Tally[str] = Tally()
    for one in range(number, number + runs):
        with tempfile.TemporaryDirectory(prefix="antrean-anything-") as folder:
            told += uvloop.run(play(one, deeds, Path(folder)))
        print(one, "held", flush=True)
    print(told)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
