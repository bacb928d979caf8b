"""The agent's own journal: what it was given, what it has sent, how that ended.

A job is on disk before it is acknowledged, and known as being sent before its first byte leaves
(`synchronous=FULL`). So whatever kills the agent, the next one knows which job may lie on paper and asks the
printer before it does anything else. A job's id stays known after its end: the same id never prints twice.

Times of receipt are on the machine's monotonic clock, which is only good within one boot; after another boot
what has waited is over.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from printer.agenda import Unsettled, Waiting
from printer.machine import Ending, Owed
from queue_server.database import Connection, Database, Fault, Migrations, malformed, open_file, writing
from queue_server.errors import FileDamaged, Unavailable
from queue_server.wire.printing import Job, JobState, OpenJob, Result, encode, from_server

migrations = Migrations("printer")

#: Jobs that are over and acknowledged are forgotten beyond this many: days of slips, weeks in a small hall.
KEPT = 20_000


@migrations()
def jobs(db: Database) -> None:
    """One row a job, in the order of receipt."""
    db.conn.execute(
        """
        CREATE TABLE jobs (
            place INTEGER PRIMARY KEY,
            job TEXT NOT NULL UNIQUE,
            ticket TEXT NOT NULL,
            seq4 TEXT NOT NULL,
            body BLOB NOT NULL,
            boot TEXT NOT NULL,
            received_ms INTEGER NOT NULL,
            ttl_ms INTEGER NOT NULL,
            state TEXT NOT NULL DEFAULT 'received',
            before INTEGER,
            outcome TEXT,
            evidence TEXT NOT NULL DEFAULT 'none',
            reason TEXT,
            torn INTEGER NOT NULL DEFAULT 0,
            ms INTEGER NOT NULL DEFAULT 0,
            unsettled INTEGER NOT NULL DEFAULT 0,
            acked INTEGER NOT NULL DEFAULT 0
        ) STRICT
        """
    )
    db.conn.execute("CREATE INDEX jobs_open ON jobs(state) WHERE state != 'final'")
    db.conn.execute("CREATE INDEX jobs_unacked ON jobs(acked) WHERE acked = 0")
    db.conn.execute("CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID")
    db.conn.execute("CREATE TABLE assets (hash TEXT PRIMARY KEY, data BLOB NOT NULL) STRICT, WITHOUT ROWID")


@migrations()
def unwanted(db: Database) -> None:
    """Jobs that were begun, and whose paper nobody wants any more."""
    db.conn.execute("ALTER TABLE jobs ADD COLUMN unwanted INTEGER NOT NULL DEFAULT 0")


class Memory:
    """The file `printer.db` of one agent. All methods but `waiting` and the like are commits."""

    def __init__(self, folder: Path, boot: str) -> None:
        path = folder / "printer.db"
        try:
            self._db = open_file(path, migrations)
        except Fault as error:
            if malformed(error):
                raise FileDamaged(
                    f"The agent's journal {path} is damaged ({error}). Move it away and start again:"
                    " of slips that were on their way it is then unknown whether they came out."
                ) from error
            raise Unavailable(f"The agent's journal {path} cannot be opened: {error}.") from error
        self._boot = boot

    @property
    def connection(self) -> Connection:
        """What writes, for whoever must see what it promises."""
        return self._db.conn

    def close(self) -> None:
        self._db.close()

    # ------------------------------------------------------------------------------------------ jobs

    def take(self, job: Job, received_ms: int) -> bool:
        """Keep a job; False if its id was here before, whatever has become of it."""
        with writing(self._db) as write:
            done = write.execute(
                "INSERT INTO jobs (job, ticket, seq4, body, boot, received_ms, ttl_ms) VALUES (?,?,?,?,?,?,?)"
                " ON CONFLICT (job) DO NOTHING",
                (job.job, job.ticket, job.seq4, encode(job), self._boot, received_ms, job.ttl_ms),
            )
            return done.rowcount == 1

    def sending(self, job: str, before: int | None) -> bool:
        """From the next moment on paper may come out; False if the job was cancelled in the last one."""
        changed = self._change(
            "UPDATE jobs SET state = 'sending', before = ?, boot = ? WHERE job = ? AND state = 'received'",
            before,
            self._boot,
            job,
        )
        return changed == 1

    def unsent(self, job: str) -> bool:
        """Not a byte of it left after all: it waits again. False if it was not being sent."""
        return self._change("UPDATE jobs SET state = 'received' WHERE job = ? AND state = 'sending'", job) == 1

    def end(self, job: str, ending: Ending, ms: int) -> None:
        """How it ended; an `unknown` that may still be settled is kept as such, and corrected by a later call."""
        self._change(
            "UPDATE jobs SET state = 'final', outcome = ?, evidence = ?, reason = ?, torn = ?, ms = ?,"
            " unsettled = ?, acked = 0 WHERE job = ?",
            ending.outcome,
            ending.evidence,
            ending.reason,
            int(ending.torn and ending.outcome == "not_printed"),
            ms,
            int(ending.open),
            job,
        )

    def settled(self, job: str) -> None:
        """Nothing more will be learned of it."""
        self._change("UPDATE jobs SET unsettled = 0 WHERE job = ?", job)

    def cancel(self, job: str) -> bool:
        """Forget a job that was not sent; False when it is too late. Its id stays known."""
        changed = self._change(
            "UPDATE jobs SET state = 'final', outcome = 'not_printed', acked = 1 WHERE job = ? AND state = 'received'",
            job,
        )
        return changed == 1

    def let_go(self, job: str) -> None:
        """Nobody wants its paper any more, though it was begun."""
        self._change("UPDATE jobs SET unwanted = 1 WHERE job = ?", job)

    def wanted(self, job: str) -> bool:
        return not any(self._rows("SELECT 1 FROM jobs WHERE job = ? AND unwanted = 1", job))

    def acked(self, job: str) -> None:
        """The server has the result."""
        self._change("UPDATE jobs SET acked = 1 WHERE job = ?", job)

    def forget_old(self, keep: int = KEPT) -> None:
        """Let go of all but the last `keep` jobs, except those of which something is still owed."""
        self._change(
            "DELETE FROM jobs WHERE acked = 1 AND unsettled = 0 AND place <= (SELECT max(place) FROM jobs) - ?", keep
        )

    def waiting(self) -> Waiting | None:
        """The job that was received first of those that were not sent."""
        for body, boot, received in self._rows(
            "SELECT body, boot, received_ms FROM jobs WHERE state = 'received' ORDER BY place LIMIT 1"
        ):
            job = from_server(body)
            assert isinstance(job, Job)
            return Waiting(job, received if boot == self._boot else None)
        return None

    def unsettled(self) -> Unsettled | None:
        """The oldest job that was sent and of which the printer has yet to be asked."""
        for job, seq4, before, boot, received, reason, outcome in self._rows(
            "SELECT job, seq4, before, boot, received_ms, reason, outcome FROM jobs"
            " WHERE state = 'sending' OR unsettled = 1 ORDER BY place LIMIT 1"
        ):
            same = boot == self._boot
            # After another boot of this machine, or out of reach, the printer was perhaps without power.
            power = not same or reason in {"unreachable", "no_status", "lost", "power"}
            owed = Owed(seq4, before, None, reason or "lost", power=power)
            return Unsettled(job, owed, received if same else None, outcome)
        return None

    def unacked(self) -> list[Result]:
        """Results that the server has not confirmed, oldest first."""
        return [
            Result(job=job, outcome=outcome, evidence=evidence, reason=reason, torn=bool(torn), ms=ms)
            for job, outcome, evidence, reason, torn, ms in self._rows(
                "SELECT job, outcome, evidence, reason, torn, ms FROM jobs"
                " WHERE acked = 0 AND state = 'final' ORDER BY place"
            )
        ]

    def open(self) -> tuple[OpenJob, ...]:
        """All that the server has yet to hear the end of."""
        return tuple(
            OpenJob(job=job, state=_state(state), outcome=outcome)
            for job, state, outcome in self._rows("SELECT job, state, outcome FROM jobs WHERE acked = 0 ORDER BY place")
        )

    def state(self, job: str) -> JobState | None:
        for (state,) in self._rows("SELECT state FROM jobs WHERE job = ?", job):
            return _state(state)
        return None

    def result(self, job: str) -> Result | None:
        """How a job ended, if it has."""
        for outcome, evidence, reason, torn, ms in self._rows(
            "SELECT outcome, evidence, reason, torn, ms FROM jobs WHERE job = ? AND state = 'final'", job
        ):
            return Result(job=job, outcome=outcome, evidence=evidence, reason=reason, torn=bool(torn), ms=ms)
        return None

    def totals(self) -> dict[str, int]:
        """Jobs by outcome, as far back as they are kept."""
        return dict(self._rows("SELECT outcome, count(*) FROM jobs WHERE state = 'final' GROUP BY outcome"))

    # ----------------------------------------------------------------------------------------- facts

    def fact(self, name: str, otherwise: str = "") -> str:
        for (value,) in self._rows("SELECT value FROM facts WHERE name = ?", name):
            return str(value)
        return otherwise

    def note(self, name: str, value: str) -> None:
        self._change("INSERT OR REPLACE INTO facts (name, value) VALUES (?, ?)", name, value)

    def asset(self, wanted: str) -> bytes | None:
        for (data,) in self._rows("SELECT data FROM assets WHERE hash = ?", wanted):
            return bytes(data)
        return None

    def keep_asset(self, named: str, data: bytes) -> None:
        self._change("INSERT OR IGNORE INTO assets (hash, data) VALUES (?, ?)", named, data)

    def _rows(self, query: str, *values: object) -> Iterator[Any]:
        return iter(self._db.conn.execute(query, values).fetchall())

    def _change(self, statement: str, *values: object) -> int:
        with writing(self._db) as write:
            return write.execute(statement, values).rowcount


def _state(text: str) -> JobState:
    return "sending" if text == "sending" else "final" if text == "final" else "received"
