"""An import that is killed in the middle leaves whole days, and the same command again brings the rest."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from queue_server.database import Fault, open_to_read
from queue_server.errors import Broken
from queue_server.journal.sqlite.verify import verify_file
from tests.waiting import until

HOUSE = Path(__file__).parent.parent.parent
DAYS, A_DAY = 60, 300
MAPPING = (
    '[columns]\nqueued_at = "at"\ncalled_at = "called"\nservice = "service"\nagency = "agency"\nnumber = "number"\n'
)


def log(path: Path) -> None:
    lines = ["at,called,service,agency,number"]
    for day in range(DAYS):
        begins = datetime.combine(date(2020, 1, 1) + timedelta(days=day), datetime.min.time()) + timedelta(hours=8)
        for number in range(A_DAY):
            at = begins + timedelta(minutes=number)
            lines.append(f"{at.isoformat()},{(at + timedelta(minutes=5)).isoformat()},s,a,{number}")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def command(folder: Path, data: str) -> list[str]:
    files = [str(folder / "log.csv"), "--mapping", str(folder / "mapping.toml"), "--data", str(folder / data)]
    return [sys.executable, "-m", "queue_server", "import", *files, "--config", str(HOUSE / "config.toml")]


def steps(path: Path) -> Counter[str]:
    """How many of each day."""
    try:
        db = open_to_read(path)
    except (Broken, Fault):
        return Counter()
    try:
        return Counter(dict(db.execute("SELECT day, count(*) FROM steps GROUP BY day").fetchall()))
    except Fault:  # its tables are still being made
        return Counter()
    finally:
        db.close()


@pytest.mark.crash
@pytest.mark.parametrize("days", [1, 20, 45])
async def test_a_killed_import_leaves_whole_days_and_goes_on(tmp_path: Path, days: int):
    """Killed after some days: each day is there whole or not at all, the chain is whole, and again means the rest."""
    log(tmp_path / "log.csv")
    (tmp_path / "mapping.toml").write_text(MAPPING, encoding="utf-8")
    journal = tmp_path / "data" / "journal.db"
    there: Callable[[], bool] = lambda: len(steps(journal)) >= days  # noqa: E731 - asked again and again

    with subprocess.Popen(command(tmp_path, "data"), cwd=HOUSE, stderr=subprocess.DEVNULL) as child:
        await until(there)
        child.kill()
    killed, verdict = steps(journal), verify_file(journal)
    subprocess.run(command(tmp_path, "data"), cwd=HOUSE, check=True, capture_output=True)

    assert set(killed.values()) == {A_DAY}
    assert days > 1 or len(killed) < DAYS
    assert verdict.whole
    assert verify_file(journal).whole
    assert steps(journal) == {f"{date(2020, 1, 1) + timedelta(days=day)}": A_DAY for day in range(DAYS)}
