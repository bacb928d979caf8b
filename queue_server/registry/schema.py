"""The registry's tables, and how older ones are carried forward. A migration that was released is never changed."""

from __future__ import annotations

from queue_server.database import Database, Migrations

MIGRATIONS = Migrations("registry")


@MIGRATIONS()
def m001_who_and_what_is_let_in(db: Database) -> None:
    db.execute("""
        CREATE TABLE tokens (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            hash BLOB NOT NULL UNIQUE,
            role TEXT NOT NULL,
            name TEXT,
            counter TEXT,
            agency TEXT,
            created_at INTEGER NOT NULL,
            used_at INTEGER,
            revoked_at INTEGER
        ) STRICT
    """)
    db.execute("""
        CREATE TABLE people (
            id TEXT PRIMARY KEY,
            name TEXT NOT NULL UNIQUE COLLATE NOCASE,
            role TEXT NOT NULL,
            agency TEXT,
            skills TEXT,
            secret TEXT,
            created_at INTEGER NOT NULL,
            signed_in_at INTEGER
        ) STRICT
    """)
    db.execute("""
        CREATE TABLE sessions (
            hash BLOB PRIMARY KEY,
            person TEXT NOT NULL REFERENCES people (id) ON DELETE CASCADE,
            created_at INTEGER NOT NULL,
            expires_at INTEGER NOT NULL
        ) WITHOUT ROWID, STRICT
    """)
    db.execute("CREATE INDEX sessions_of_people ON sessions (person)")
    db.execute("""
        CREATE TABLE devices (
            kind TEXT NOT NULL,
            id TEXT NOT NULL,
            version TEXT,
            seen_at INTEGER,
            error TEXT,
            error_at INTEGER,
            PRIMARY KEY (kind, id)
        ) WITHOUT ROWID, STRICT
    """)
    db.execute("""
        CREATE TABLE personal (
            reference TEXT PRIMARY KEY,
            kind TEXT NOT NULL,
            nonce BLOB NOT NULL,
            sealed BLOB NOT NULL,
            created_at INTEGER NOT NULL,
            kept_at INTEGER
        ) WITHOUT ROWID, STRICT
    """)
    db.execute("CREATE INDEX personal_not_kept ON personal (created_at) WHERE kept_at IS NULL")
    db.execute("""
        CREATE TABLE personal_keys (
            reference TEXT PRIMARY KEY,
            key BLOB NOT NULL
        ) WITHOUT ROWID, STRICT
    """)


@MIGRATIONS()
def m002_secrets_and_pseudonyms(db: Database) -> None:
    db.execute("CREATE TABLE secrets (purpose TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID, STRICT")
    db.execute("ALTER TABLE tokens ADD COLUMN pseudonym TEXT NOT NULL DEFAULT ''")
    db.execute("UPDATE tokens SET pseudonym = 't' || lower(hex(randomblob(8)))")


@MIGRATIONS()
def m_acts_and_places(db: Database) -> None:
    """What is on its way into the journal, and the addresses that stay out of it (acts.py)."""
    db.execute("""
        CREATE TABLE acts (
            act TEXT PRIMARY KEY,
            said BLOB NOT NULL,
            address TEXT,
            at INTEGER NOT NULL,
            noted_at INTEGER
        ) WITHOUT ROWID, STRICT
    """)
    db.execute("CREATE INDEX acts_to_note ON acts (at) WHERE noted_at IS NULL")
    db.execute("CREATE INDEX acts_by_time ON acts (at)")
    db.execute("""
        CREATE TABLE places (
            who TEXT NOT NULL,
            address TEXT NOT NULL,
            first_at INTEGER NOT NULL,
            last_at INTEGER NOT NULL
        ) STRICT
    """)
    db.execute("CREATE INDEX places_of ON places (who, first_at)")


@MIGRATIONS()
def m_where_people_signed_in(db: Database) -> None:
    db.execute("""
        CREATE TABLE known_places (
            person TEXT NOT NULL REFERENCES people (id) ON DELETE CASCADE,
            place BLOB NOT NULL,
            seen_at INTEGER NOT NULL,
            PRIMARY KEY (person, place)
        ) WITHOUT ROWID, STRICT
    """)


@MIGRATIONS()
def m_pairings(db: Database) -> None:
    """Screens that show a code and wait for somebody to accept it; which board a display's token is for."""
    db.execute("""
        CREATE TABLE pairings (
            secret BLOB PRIMARY KEY,
            code TEXT NOT NULL UNIQUE,
            expires_at INTEGER NOT NULL,
            kind TEXT,
            name TEXT,
            shows TEXT
        ) WITHOUT ROWID, STRICT
    """)
    db.execute("ALTER TABLE tokens ADD COLUMN shows TEXT")


@MIGRATIONS()
def m_admins_of_agencies(db: Database) -> None:
    """An admin who belonged to an agency ran what was its; that is a role of its own now."""
    for table in ("people", "tokens"):
        db.execute(f"UPDATE {table} SET role = 'agency_admin' WHERE role = 'admin' AND agency IS NOT NULL")


@MIGRATIONS()
def m_notes_on_days(db: Database) -> None:
    db.execute("""
        CREATE TABLE day_notes (
            id TEXT PRIMARY KEY,
            day TEXT NOT NULL,
            text TEXT NOT NULL,
            agencies TEXT,
            by TEXT NOT NULL,
            at INTEGER NOT NULL
        ) WITHOUT ROWID, STRICT
    """)
    db.execute("CREATE INDEX day_notes_by_day ON day_notes (day)")


@MIGRATIONS()
def m_people_are_managed(db: Database) -> None:
    """Who is suspended, links to choose a secret by, where sessions were begun. Everybody signs in once more."""
    db.execute("ALTER TABLE people ADD COLUMN suspended_at INTEGER")
    db.execute("DELETE FROM sessions")
    for column in ("id TEXT", "address TEXT", "browser TEXT"):
        db.execute(f"ALTER TABLE sessions ADD COLUMN {column}")
    db.execute("""
        CREATE TABLE links (
            hash BLOB PRIMARY KEY,
            person TEXT REFERENCES people (id) ON DELETE CASCADE,
            expires_at INTEGER NOT NULL
        ) WITHOUT ROWID, STRICT
    """)


@MIGRATIONS()
def m_second_factors(db: Database) -> None:
    """Second factors and the codes in their place; how a session was begun, and since when it is locked."""
    db.execute("""
        CREATE TABLE second_factors (
            person TEXT PRIMARY KEY REFERENCES people (id) ON DELETE CASCADE,
            secret TEXT,
            set_at INTEGER,
            used_step INTEGER NOT NULL DEFAULT 0,
            offered TEXT
        ) WITHOUT ROWID, STRICT
    """)
    db.execute("""
        CREATE TABLE recovery_codes (
            person TEXT NOT NULL REFERENCES people (id) ON DELETE CASCADE,
            hash BLOB NOT NULL,
            PRIMARY KEY (person, hash)
        ) WITHOUT ROWID, STRICT
    """)
    db.execute("ALTER TABLE sessions ADD COLUMN way TEXT")
    db.execute("ALTER TABLE sessions ADD COLUMN locked_at INTEGER")


@MIGRATIONS()
def m_words_of_citizens(db: Database) -> None:
    """Whose a text is and when their ticket ended; what its key is sealed by; of what the journal is to be told."""
    db.execute("ALTER TABLE personal ADD COLUMN ticket TEXT")
    db.execute("ALTER TABLE personal ADD COLUMN ended_at INTEGER")
    db.execute("CREATE INDEX personal_of_tickets ON personal (ticket) WHERE ticket IS NOT NULL")
    db.execute("ALTER TABLE personal_keys ADD COLUMN sealed_by TEXT")
    db.execute("CREATE TABLE forgotten (reference TEXT PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID, STRICT")


@MIGRATIONS()
def m_badges(db: Database) -> None:
    db.execute("""
        CREATE TABLE badges (
            hash BLOB PRIMARY KEY,
            person TEXT NOT NULL UNIQUE REFERENCES people (id) ON DELETE CASCADE,
            set_at INTEGER NOT NULL
        ) WITHOUT ROWID, STRICT
    """)


@MIGRATIONS()
def m_people_of_a_provider(db: Database) -> None:
    """Who signs in by an identity provider: its word for them, hashed."""
    db.execute("""
        CREATE TABLE provided (
            subject BLOB PRIMARY KEY,
            person TEXT NOT NULL UNIQUE REFERENCES people (id) ON DELETE CASCADE
        ) WITHOUT ROWID, STRICT
    """)


@MIGRATIONS()
def m_announcements(db: Database) -> None:
    """What staff have put on the boards; `boards` is NULL for all, times are the mall's clock's."""
    db.execute("""
        CREATE TABLE announcements (
            id TEXT PRIMARY KEY,
            texts TEXT NOT NULL,
            boards TEXT,
            since INTEGER NOT NULL,
            until INTEGER,
            urgent INTEGER NOT NULL,
            by TEXT NOT NULL,
            at INTEGER NOT NULL
        ) WITHOUT ROWID, STRICT
    """)


@MIGRATIONS()
def m_shut_out(db: Database) -> None:
    """Whom an identity provider may not bring back: its word for them, hashed, and the pseudonym that they had."""
    db.execute("""
        CREATE TABLE shut_out (
            subject BLOB PRIMARY KEY,
            person TEXT NOT NULL,
            at INTEGER NOT NULL
        ) WITHOUT ROWID, STRICT
    """)


@MIGRATIONS()
def m_second_factors_are_sealed(db: Database) -> None:
    """By which of the mall's keys; NULL beside what an older version left open, until the server seals it."""
    db.execute("ALTER TABLE second_factors ADD COLUMN secret_by TEXT")
    db.execute("ALTER TABLE second_factors ADD COLUMN offered_by TEXT")


@MIGRATIONS()
def m_sessions_left_alone(db: Database) -> None:
    """When a session last did something. Those that are open now begin to count from here."""
    db.execute("ALTER TABLE sessions ADD COLUMN did_at INTEGER")
    db.execute("UPDATE sessions SET did_at = unixepoch() * 1000")


@MIGRATIONS()
def m_tickets_of_a_person_a_day(db: Database) -> None:
    """Keyed hashes of who has which ticket today, and the day's key, sealed (daily.py)."""
    db.execute("""
        CREATE TABLE daily_keys (
            day TEXT PRIMARY KEY,
            key BLOB NOT NULL,
            sealed_by TEXT NOT NULL
        ) WITHOUT ROWID, STRICT
    """)
    db.execute("""
        CREATE TABLE daily_tickets (
            day TEXT NOT NULL,
            mark BLOB NOT NULL,
            ticket TEXT NOT NULL,
            PRIMARY KEY (day, mark, ticket)
        ) WITHOUT ROWID, STRICT
    """)


@MIGRATIONS()
def m_words_on_hold(db: Database) -> None:
    """Since when nobody may read or use a text, nor a job take it away."""
    db.execute("ALTER TABLE personal ADD COLUMN held_at INTEGER")


@MIGRATIONS()
def m_media(db: Database) -> None:
    """What staff have uploaded for boards; when announcements stand, beside from and until."""
    db.execute("""
        CREATE TABLE media (
            id TEXT PRIMARY KEY,
            said TEXT NOT NULL,
            at INTEGER NOT NULL
        ) WITHOUT ROWID, STRICT
    """)
    for column in ("hours TEXT NOT NULL DEFAULT ''", "days TEXT NOT NULL DEFAULT ''"):
        db.execute(f"ALTER TABLE announcements ADD COLUMN {column}")
    db.execute("ALTER TABLE announcements ADD COLUMN priority TEXT NOT NULL DEFAULT 'normal'")


@MIGRATIONS()
def m_tickets_on_hold(db: Database) -> None:
    """Tickets of which whatever is written from now on is on hold, too. Of notes alone no older file says whose."""
    db.execute("CREATE TABLE held_tickets (ticket TEXT PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID, STRICT")
    db.execute(
        "INSERT OR IGNORE INTO held_tickets (ticket, at)"
        " SELECT ticket, held_at FROM personal WHERE held_at IS NOT NULL AND ticket IS NOT NULL"
    )


@MIGRATIONS()
def m_badges_key_is_sealed(db: Database) -> None:
    """By which hashes of badges are made. `sealed_by` is NULL where an older version left it open, until the server
    seals it.
    """
    db.execute("""
        CREATE TABLE badges_key (
            one INTEGER PRIMARY KEY CHECK (one = 1),
            key BLOB NOT NULL,
            sealed_by TEXT
        ) STRICT
    """)
    db.execute("INSERT INTO badges_key SELECT 1, value, NULL FROM secrets WHERE purpose = 'badges'")
    db.execute("DELETE FROM secrets WHERE purpose = 'badges'")


@MIGRATIONS()
def m_once(db: Database) -> None:
    """Calls that were carried out under an Idempotency-Key: keyed hashes of key and body, for a day."""
    db.execute(
        "CREATE TABLE once (key BLOB PRIMARY KEY, body BLOB NOT NULL, at INTEGER NOT NULL) WITHOUT ROWID, STRICT"
    )
