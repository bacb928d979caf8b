"""A disk that is full in the middle of the day: said at once, nothing half written, and over when there is room."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from queue_server.journal.sqlite import open_journal
from queue_server.journal.sqlite.verify import verify_file

HOUSE = Path(__file__).parent.parent.parent

# The limit on a file's size is the kernel's and holds for one process only: writes past it fail as on a full disk.
CHILD = """
import resource, sys
from pathlib import Path
from queue_server.errors import Unavailable
from queue_server.journal.sqlite import open_journal
from tests.journal.promises import batch

path = Path(sys.argv[1])
journal = open_journal(path)
hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
resource.setrlimit(resource.RLIMIT_FSIZE, (600_000, hard))
taken = refused = 0
while refused < 3:  # room that SQLite finds by emptying its log is used up as well
    try:
        journal.reopen()
        journal.append(batch(journal.last().seq + 1, stream="import", size=20_000))
        taken, refused = taken + 1, 0
    except Unavailable:
        refused += 1
print("full", taken, flush=True)
resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
journal.reopen()
for seq in range(journal.last().seq + 1, journal.last().seq + 11):
    journal.append(batch(seq, stream="import", size=20_000))
print("end", journal.last().seq, flush=True)
journal.close()
"""


@pytest.mark.crash
def test_a_full_disk_refuses_and_loses_nothing(tmp_path: Path):
    """While the disk is full every write is refused; with room again the journal goes on from what it acknowledged."""
    path = tmp_path / "journal.db"

    ran = subprocess.run(
        [sys.executable, "-c", CHILD, str(path)], cwd=HOUSE, capture_output=True, text=True, timeout=60, check=False
    )

    assert ran.returncode == 0, ran.stderr
    full, end = ran.stdout.splitlines()
    taken, last = int(full.split()[1]), int(end.split()[1])
    assert taken > 5
    assert last == taken + 10
    assert verify_file(path).wrong_seq is None
    journal = open_journal(path)
    assert [row.seq for row in journal.read_day("import")] == list(range(1, last + 1))
    journal.close()
