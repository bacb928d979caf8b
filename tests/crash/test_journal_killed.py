"""Whatever the journal has acknowledged is there after a kill -9 in the middle of anything.

`pytest -m soak` kills 200 times instead of 5.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from random import Random

import pytest

from queue_server.journal.sqlite import open_journal
from queue_server.journal.sqlite.verify import verify_file

HOUSE = Path(__file__).parent.parent.parent


def run_until(path: Path, acknowledged: int) -> int:
    """Start the child, read so many acknowledgements, kill it; gives the last `seq` acknowledged."""
    command = [sys.executable, "-m", "tests.crash.journal_child", str(path)]
    last = 0
    with subprocess.Popen(command, cwd=HOUSE, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        for _ in range(acknowledged):
            line = child.stdout.readline()
            assert line, "the child ended by itself"
            last = int(line)
        child.kill()
        *rest, _cut_short = child.stdout.read().split("\n")
    return int(rest[-1]) if rest else last


def check_after_kills(folder: Path, kills: int) -> None:
    chance = Random(kills)
    for kill in range(kills):
        path = folder / f"journal{kill // 10}.db"  # each is killed ten times, and read whole after each
        last = run_until(path, chance.randint(1, 400))

        report = verify_file(path)
        journal = open_journal(path)
        kept = [row.seq for row in journal.read_day("import")]
        journal.close()

        assert report.wrong_seq is None
        assert kept == list(range(1, len(kept) + 1))
        assert len(kept) >= last


@pytest.mark.crash
def test_nothing_acknowledged_is_lost_by_a_kill(tmp_path: Path):
    """After kill -9 every acknowledged row is there, no row is missing before it, and the chain is whole."""
    check_after_kills(tmp_path, 5)


@pytest.mark.crash
@pytest.mark.soak
@pytest.mark.timeout(900)
def test_nothing_acknowledged_is_lost_by_two_hundred_kills(tmp_path: Path):
    """The same, often enough to meet the rare moments."""
    check_after_kills(tmp_path, 200)
