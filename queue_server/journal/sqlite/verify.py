"""Is the file what was written? History hashes to what it says (journal/verify.py), the file's pages and indexes fit
together, and the tables say what the events say.

Reads only, and works beside a running server.
"""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from msgspec import structs

from queue_server.database import (
    Connection,
    Database,
    Fault,
    check_version,
    damage_of,
    has_forgotten,
    malformed,
    open_aside,
    open_to_read,
)
from queue_server.errors import JournalDamaged
from queue_server.journal.rebuild import Remake
from queue_server.journal.sqlite.compare import differences
from queue_server.journal.sqlite.schema import MIGRATIONS, check_released
from queue_server.journal.sqlite.stored import first_five, stored
from queue_server.journal.sqlite.tables import SqliteTables
from queue_server.journal.verify import Against, Verdict, Walk


class Report(Verdict, frozen=True, kw_only=True):
    """What `verify_file` found.

    `damage` is what SQLite finds wrong with the file, `differing` what the tables say that the events do not: both can
    be mended from events that are whole.
    """

    damage: tuple[str, ...] = ()
    differing: tuple[str, ...] = ()

    @property
    def whole(self) -> bool:
        return self.wrong_seq is None and not self.damage and not self.differing


def verify_file(path: Path, *, against: Against = Against()) -> Report:  # noqa: B008 - frozen
    """Check all of it. Raises `Broken` where there is no journal, `Fault` where the file cannot be opened."""
    with closing(open_to_read(path)) as db, closing(open_aside(MIGRATIONS)) as aside:
        older = check_history(db, path)
        forgotten = older and has_forgotten(db, MIGRATIONS)
        damage = damage_of(db)
        walk, remake = Walk(against), Remake(SqliteTables(aside.conn))
        _carry(db, walk, remake)
        db.execute("BEGIN")  # from here on one moment: what a server adds meanwhile is in none of the tables
        _carry(db, walk, remake)
        walk.end()
        if walk.wrong is None:
            _finish(db, walk, remake, aside.conn)
        # the tables of an older version say other things
        differing = [] if older or walk.wrong is not None else differences(db.conn, aside.conn)
        if forgotten:
            differing.append("The list of migrations is not what was written.")
        db.execute("ROLLBACK")
    return Report(**structs.asdict(walk.verdict()), damage=tuple(damage), differing=tuple(differing))


def check_history(db: Database, path: Path) -> bool:
    """Whether an older version made the tables; where the list of migrations cannot be read they are damaged, not old.

    Raises `Broken` of a journal that this version cannot have.
    """
    try:
        older = check_version(db, path, MIGRATIONS)
        check_released(db)
    except Fault as error:
        if not malformed(error):
            raise
        return False
    return older


def _carry(db: Database, walk: Walk, remake: Remake) -> None:
    """The rows that the walk has not seen yet, into the tables that are made of them."""
    if walk.wrong is not None:
        return
    try:
        for rows in stored(db, walk.seq or None):
            for row in map(first_five, rows):
                if not walk.check(row):
                    return
                remake.carry(row)
    except JournalDamaged as damage:
        walk.meet(damage)


def _finish(db: Database, walk: Walk, remake: Remake, made: Connection) -> None:
    try:
        remake.finish()
    except JournalDamaged as damage:
        walk.meet(damage)
    else:
        if lost := lost_rows(db, walk.seq, made):
            walk.stop(walk.seq, lost)


def lost_rows(db: Database, rows: int, made: Connection) -> str | None:
    """What says that rows were lost after the last of so many. `made` are the tables made of these.

    A chain cannot tell that rows were lost from its end, with a page of the table. But each row has its entry in an
    index, in other pages: as many entries as rows prove that none is missing. Where the index is damaged itself, the
    other tables bear witness.
    """
    entries = _entries(db)
    if entries > rows:
        return f"an index knows {entries - rows} more rows after it, which cannot be read"
    if entries != rows and differences(db.conn, made):
        return "nothing proves that no rows after it were lost: index and tables are damaged as well"
    return None


def _entries(db: Database) -> int:
    """How many rows the index over streams knows; -1 where it cannot be read."""
    try:
        found = db.execute("SELECT count(*) FROM events INDEXED BY events_by_stream").fetchone()
    except Fault as error:
        if not malformed(error):
            raise
        return -1
    return int(found[0])
