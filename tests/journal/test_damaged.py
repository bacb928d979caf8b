"""Bits that flip and pages that are lost: whatever a disk does to a real file, it is said, with what mends it.

`pytest -m soak` damages a thousand files instead of twenty-four. A failure names its number, which damages the same
again.
"""

from __future__ import annotations

import shutil
from contextlib import closing
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import pytest

from queue_server.database import Fault, malformed, open_file, open_to_read
from queue_server.errors import AntreanError, Broken, FileDamaged, JournalDamaged
from queue_server.journal.sqlite import open_journal
from queue_server.journal.sqlite.rebuild import rebuild_file
from queue_server.journal.sqlite.tables import EVENT_COLUMNS
from queue_server.journal.sqlite.verify import verify_file
from tests.journal.anything import anything
from tests.journal.hall import Hall
from tests.journal.promises import key

CHAINED = ",".join(EVENT_COLUMNS[:5])
PAGE = 4096
DAY = "2026-11-24"
"""The last of the two that are written."""
EMPTY_INDEX = bytes([10, 0, 0, 0, 0, *PAGE.to_bytes(2, "big"), 0]) + bytes(PAGE - 8)
"""A page of an index that has no entry: a leaf, whose cells would begin at the page's end."""
Content = dict[str, list[tuple[Any, ...]]]


class Written(NamedTuple):
    """Two days as the server left them: `path` after a clean end, `live` with what is still in its `-wal`."""

    path: Path
    live: Path
    content: Content


def content(path: Path) -> Content:
    """All that must be the same; the columns of Idempotency-Keys belong to no chain."""
    with closing(open_to_read(path)) as db:
        return {
            "events": db.execute(f"SELECT {CHAINED} FROM events NOT INDEXED ORDER BY seq").fetchall(),
            "steps": db.execute("SELECT * FROM steps ORDER BY 1, 2, 3, 4").fetchall(),
            "counter_spans": db.execute("SELECT * FROM counter_spans ORDER BY 1, 2, 3").fetchall(),
        }


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Written:
    folder = tmp_path_factory.mktemp("written")
    path, live = folder / "journal.db", folder / "live" / "journal.db"
    hall = Hall(open_journal(path))
    anything(hall, Random(1), days=2, commands=250)
    hall.issue("pass", key=key(1))
    live.parent.mkdir()
    for name in ("journal.db", "journal.db-wal"):
        shutil.copy(folder / name, live.parent / name)
    hall.journal.close()
    return Written(path, live, content(path))


def damage(path: Path, chance: Random) -> str:
    """Hurt a file in one of the ways in which disks do; says how."""
    raw = bytearray(path.read_bytes())
    at, page = chance.randrange(len(raw)), chance.randrange(0, len(raw), PAGE)
    match chance.randrange(8):
        case 0 | 1 | 2 | 3:
            bit = chance.randrange(8)
            raw[at] ^= 1 << bit
            how = f"bit {bit} of byte {at} flipped"
        case 4:
            raw[at : at + 16] = chance.randbytes(len(raw[at : at + 16]))
            how = f"16 bytes at {at} overwritten"
        case 5:
            raw[page : page + PAGE] = bytes(len(raw[page : page + PAGE]))
            how = f"page at {page} zeroed"
        case 6:
            other = chance.randrange(0, len(raw), PAGE)
            raw[page : page + PAGE], raw[other : other + PAGE] = raw[other : other + PAGE], raw[page : page + PAGE]
            how = f"pages at {page} and {other} swapped"
        case _:
            del raw[at:]
            how = f"cut off at {at}"
    path.write_bytes(raw)
    return f"{path.name}: {how}"


def tells(error: Exception) -> bool:
    """Whether it says that the file is damaged, and not something else."""
    newer = isinstance(error, Broken) and "newer version" in error.detail  # a name of another version was read
    return newer or malformed(error) or isinstance(error, FileDamaged | JournalDamaged)


def verdict(path: Path) -> str:
    """What `verify` makes of a file: `whole`, or what mends it."""
    try:
        report = verify_file(path)
    except (AntreanError, Fault) as error:
        if not tells(error):
            raise
        return "restore"
    if report.wrong_seq is not None:
        return "restore"
    return "whole" if report.whole else "rebuild"


def mend(path: Path) -> bool:
    """Whether `rebuild` could make the file again."""
    try:
        rebuild_file(path)
    except (AntreanError, Fault) as error:
        if not tells(error):
            raise
        return False
    return True


def start(path: Path) -> list[int] | None:
    """The rows of the last day as a starting server reads them, or None where it says that the file is damaged."""
    try:
        with closing(open_journal(path)) as journal:
            list(journal.keys_since(0))
            return [row.seq for row in journal.read_day(journal.last().stream)]
    except AntreanError as error:
        if not tells(error):
            raise
        return None


def check(folder: Path, written: Written, number: int) -> str:
    """One damaged copy, held to all that is promised; gives the verdict."""
    chance = Random(number)
    live = chance.random() < 0.3
    path, started = folder / f"{number}" / "journal.db", folder / f"{number}-started" / "journal.db"
    shutil.copytree((written.live if live else written.path).parent, path.parent, ignore=shutil.ignore_patterns("live"))
    how = damage(path.with_name("journal.db-wal") if live and chance.random() < 0.7 else path, chance)
    print(f"number {number}: {how}")
    shutil.copytree(path.parent, started.parent)

    said = verdict(path)

    if said == "whole":
        check_content(content(path), written, live)
    mended = mend(path)
    assert mended == (said != "restore")
    if mended:
        assert verify_file(path).whole
        check_content(content(path), written, live)
    seqs = start(started)
    check_start(seqs, written, live)
    assert said != "whole" or seqs is not None  # what is called whole can be started on
    return said


def check_content(found: Content, written: Written, live: bool) -> None:
    """All is as it was; of a damaged write-ahead log the end may be missing, and nothing else."""
    kept = len(found["events"])
    assert found["events"] == written.content["events"][:kept]
    assert live or kept == len(written.content["events"])
    if kept == len(written.content["events"]):
        assert found == written.content


def check_start(seqs: list[int] | None, written: Written, live: bool) -> None:
    """A server that starts has every event of its last day: no index may hide one."""
    if seqs is None:
        return
    days = {stream: [row[0] for row in written.content["events"] if row[1] == stream] for stream in ("2026-11-23", DAY)}
    if live:
        assert any(seqs == day[: len(seqs)] for day in days.values())
    else:
        assert seqs == days[DAY]


def test_a_damaged_list_of_changes_to_the_tables_is_no_newer_version(tmp_path: Path, written: Written):
    """What damage made of a known name sends nobody to look for a version that there is not; `rebuild` mends it."""
    path = Path(shutil.copy(written.path, tmp_path))
    with closing(open_to_read(path)) as db:
        index = "SELECT rootpage FROM sqlite_master WHERE name LIKE 'idx__sqlite_migrations%'"
        root = int(db.execute(index).fetchone()[0])
    raw = bytearray(path.read_bytes())
    raw[raw.index(b"journalm0", (root - 1) * PAGE) + len("journalm")] ^= 4
    path.write_bytes(raw)

    report = verify_file(path)
    mended = mend(path)

    assert report.damage
    assert report.wrong_seq is None
    assert mended
    assert verify_file(path).whole
    check_content(content(path), written, live=False)


@pytest.mark.parametrize("number", range(24))
def test_whatever_a_disk_does_is_said_with_what_mends_it(tmp_path: Path, written: Written, number: int):
    """A damaged file is called whole only if nothing is lost; else `rebuild` makes it whole, or it says no itself."""
    assert check(tmp_path, written, number) in ("whole", "rebuild", "restore")


def test_a_file_that_has_forgotten_its_migrations_is_mended(tmp_path: Path, written: Written):
    """Which migrations a file has had is read through an index, which may be damaged while every event is whole."""
    path = tmp_path / "journal.db"
    shutil.copy(written.path, path)
    with closing(open_to_read(path)) as db:
        ((root,),) = db.execute(
            "SELECT rootpage FROM sqlite_master WHERE tbl_name = '_sqlite_migrations' AND type = 'index'"
        )
    data = bytearray(path.read_bytes())
    data[(root - 1) * PAGE : root * PAGE] = EMPTY_INDEX
    path.write_bytes(data)

    assert verdict(path) == "rebuild"
    assert mend(path)
    assert verify_file(path).whole
    check_content(content(path), written, live=False)


@pytest.mark.parametrize(
    ("lost", "said"),
    [
        ("m001", "rebuild"),
        ("m002", "rebuild"),
        ("m003", "rebuild"),
        ("m004", "rebuild"),
        ("m005", "rebuild"),
        ("m006", "whole"),
    ],  # the last one is done again at the next start
)
def test_a_list_of_migrations_that_lost_one_is_mended(tmp_path: Path, written: Written, lost: str, said: str):
    """A bit that flips there makes no journal from before the first release, and none that is called whole wrongly."""
    path = tmp_path / "journal.db"
    shutil.copy(written.path, path)
    with closing(open_file(path)) as db:
        db.execute("UPDATE _sqlite_migrations SET migration_set = 'kournal' WHERE name LIKE ?", (f"{lost}%",))

    assert verdict(path) == said
    assert mend(path)
    assert verify_file(path).whole
    assert start(path) is not None


@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_whatever_many_disks_do_is_said_with_what_mends_it(tmp_path: Path, written: Written):
    """The same a thousand times, and every verdict is met."""
    verdicts = {check(tmp_path, written, number) for number in range(10_000, 11_000)}

    assert verdicts == {"whole", "rebuild", "restore"}
