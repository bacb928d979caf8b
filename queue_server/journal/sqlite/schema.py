"""The journal's tables, and how older ones are carried forward. A migration that was released is never changed.

`steps` is clustered by day and time of issue: a new row goes to the end of the table and a later one to its
neighbourhood, however long the history. (Filed under the random ticket id, writing cost twice as much after fifty
days.) Finding a ticket of an earlier day by its id goes through `steps_of_past_days`, into which a day's rows come all
at once when the next one begins.
"""

from __future__ import annotations

from queue_server.database import Database, Migrations, applied_changes
from queue_server.errors import Broken

MIGRATIONS = Migrations("journal")


@MIGRATIONS()
def m001_events_and_what_follows_from_them(db: Database) -> None:
    db.execute("""
        CREATE TABLE events (
            seq INTEGER PRIMARY KEY,
            stream TEXT NOT NULL,
            at INTEGER NOT NULL,
            data BLOB NOT NULL,
            hash BLOB NOT NULL,
            key BLOB,
            body BLOB,
            result TEXT,
            status INTEGER
        ) STRICT
    """)
    db.execute("CREATE INDEX events_by_stream ON events (stream)")
    db.execute("CREATE INDEX events_with_key ON events (at) WHERE key IS NOT NULL")
    db.execute("""
        CREATE TABLE steps (
            day TEXT NOT NULL,
            issued_at INTEGER NOT NULL,
            ticket TEXT NOT NULL,
            step INTEGER NOT NULL,
            number TEXT NOT NULL,
            service TEXT NOT NULL,
            agency TEXT NOT NULL,
            category TEXT NOT NULL,
            channel TEXT NOT NULL,
            language TEXT NOT NULL,
            kiosk TEXT,
            cases INTEGER NOT NULL,
            state TEXT NOT NULL,
            queued_at INTEGER,
            credit INTEGER NOT NULL,
            booked_at INTEGER,
            target INTEGER,
            p50 INTEGER,
            p90 INTEGER,
            first_called_at INTEGER,
            called_at INTEGER,
            calls INTEGER NOT NULL,
            started_at INTEGER,
            finished_at INTEGER,
            left_at INTEGER,
            counter TEXT,
            clerk TEXT,
            outcome TEXT,
            reason TEXT,
            served_ms INTEGER NOT NULL,
            held_ms INTEGER NOT NULL,
            wait_s INTEGER,
            walk_s INTEGER,
            service_s INTEGER,
            note TEXT,
            slip BLOB,
            past INTEGER NOT NULL,
            PRIMARY KEY (day, issued_at, ticket, step)
        ) WITHOUT ROWID, STRICT
    """)
    db.execute("CREATE INDEX steps_of_past_days ON steps (day, ticket) WHERE past = 1")
    db.execute("""
        CREATE TABLE counter_spans (
            day TEXT NOT NULL,
            counter TEXT NOT NULL,
            from_at INTEGER NOT NULL,
            to_at INTEGER,
            clerk TEXT,
            state TEXT NOT NULL,
            reason TEXT,
            PRIMARY KEY (day, counter, from_at)
        ) WITHOUT ROWID, STRICT
    """)


@MIGRATIONS()
def m002_what_a_step_was_when_it_ended(db: Database) -> None:
    """Holds, rolls and closings are told otherwise from here on, so older rows are made anew (forward.py)."""
    db.execute("ALTER TABLE steps ADD COLUMN was TEXT")
    db.execute("CREATE TABLE rebuild_due (migration TEXT NOT NULL) STRICT")
    db.execute("INSERT INTO rebuild_due SELECT 'm002' WHERE EXISTS (SELECT 1 FROM events)")


@MIGRATIONS()
def m003_every_day_says_whose_it_is(db: Database) -> None:
    """Hashes have a version from here on, and days a mall; journals from before any release have neither."""
    if not _says_whose_it_is(db):
        raise Broken(UNRELEASED)


def _says_whose_it_is(db: Database) -> bool:
    """By the first event itself, if there is one: a list of migrations may have lost a name in a damaged file."""
    first = db.execute("SELECT data FROM events NOT INDEXED ORDER BY seq LIMIT 1").fetchone()
    return first is None or (isinstance(first[0], bytes) and b'"mall":' in first[0])


@MIGRATIONS()
def m004_a_ticket_has_rows_once_it_is_over(db: Database) -> None:
    """Older ones had them from the first event on: what stands of a day that goes on is made anew (forward.py)."""
    db.execute("INSERT INTO rebuild_due SELECT 'm004' WHERE EXISTS (SELECT 1 FROM events)")


@MIGRATIONS()
def m005_what_reports_need_to_know(db: Database) -> None:
    """No-shows that came back, whose work a counter's time was, what things were called, when the hall stood still.

    `day_versions` grows with whatever is learned of a day that is over, so that what was counted of it before is known
    to be old; `file_id` is another one in each file that is made anew. All of it can be done again: the list of
    migrations may have lost its last name in a damaged file.
    """
    _add_column(db, "steps", "missed", "INTEGER NOT NULL DEFAULT 0")
    _add_column(db, "counter_spans", "service", "TEXT")
    _add_column(db, "counter_spans", "agency", "TEXT")
    db.execute("""
        CREATE TABLE IF NOT EXISTS days (
            day TEXT PRIMARY KEY,
            starts_at INTEGER NOT NULL,
            ends_at INTEGER NOT NULL,
            timezone TEXT NOT NULL,
            names BLOB NOT NULL
        ) WITHOUT ROWID, STRICT
    """)
    db.execute("""
        CREATE TABLE IF NOT EXISTS hall_spans (
            day TEXT NOT NULL,
            from_at INTEGER NOT NULL,
            state TEXT NOT NULL,
            to_at INTEGER,
            reason TEXT,
            PRIMARY KEY (day, from_at, state)
        ) WITHOUT ROWID, STRICT
    """)
    db.execute("""
        CREATE TABLE IF NOT EXISTS day_versions (day TEXT PRIMARY KEY, version INTEGER NOT NULL) WITHOUT ROWID, STRICT
    """)
    db.execute("CREATE TABLE IF NOT EXISTS file_id (id TEXT NOT NULL) STRICT")
    db.execute("INSERT INTO file_id SELECT lower(hex(randomblob(8))) WHERE NOT EXISTS (SELECT 1 FROM file_id)")
    columns = ", ".join(name for name in _columns(db, "steps") if name != "past")
    for name, what, of in (
        ("insert", "INSERT", "NEW"),
        ("update", f"UPDATE OF {columns}", "NEW"),  # not what only sets a whole day aside
        ("delete", "DELETE", "OLD"),
    ):
        db.execute(f"""
            CREATE TRIGGER IF NOT EXISTS steps_{name}_of_past_days AFTER {what} ON steps WHEN {of}.past = 1 BEGIN
                INSERT INTO day_versions VALUES ({of}.day, 1) ON CONFLICT (day) DO UPDATE SET version = version + 1;
            END
        """)
    db.execute("INSERT INTO rebuild_due SELECT 'm005' WHERE EXISTS (SELECT 1 FROM events)")


@MIGRATIONS()
def m006_what_a_log_leaves_unsaid(db: Database) -> None:
    """Of an imported step zeros are not known, unless its export knew them."""
    _add_column(db, "steps", "from_log", "INTEGER NOT NULL DEFAULT 0")


def _columns(db: Database, table: str) -> list[str]:
    return [name for (_, name, *_) in db.execute(f"PRAGMA table_info({table})").fetchall()]


def _add_column(db: Database, table: str, column: str, kind: str) -> None:
    if column not in _columns(db, table):
        db.execute(f"ALTER TABLE {table} ADD COLUMN {column} {kind}")


UNRELEASED = (
    "This journal was written before the first release of Antrean: its days do not say of which mall they are, and its"
    " hashes follow another rule. Move the data folder away, or start on another one with --data."
)


def check_released(db: Database) -> None:
    """For readers: raises Broken for a journal older than m003, which nothing carries forward."""
    applied = applied_changes(db, MIGRATIONS)
    if applied and "m003_every_day_says_whose_it_is" not in applied and not _says_whose_it_is(db):
        raise Broken(UNRELEASED)
