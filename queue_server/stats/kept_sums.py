"""Where the sums of spans are kept: in the file of the columns (store.py), and no more needed than they are.

`summed` says of which rows the sums of a span by a base are, `sums` has their parts
"""

from __future__ import annotations

from collections.abc import Sequence

from queue_server.database import Database, Fault, writing
from queue_server.stats.spans import Base, Span
from queue_server.stats.sums import Parts, Sums


class KeptSums:
    """Used by one thread at a time."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def known(self, base: Base, span: Span) -> bool | None:
        """Whether there are any; None where nobody has looked whether they are worth it, or the rows were others."""
        asked = (_key(base), span.name)
        found = self._db.execute("SELECT of, worth FROM summed WHERE base = ? AND span = ?", asked).fetchone()
        return bool(found[1]) if found is not None and found[0] == span.of else None

    def get(self, base: Base, span: Span, names: Sequence[str]) -> Sums:
        """These parts of what is `known`."""
        marks = ",".join("?" * len(names))
        sql = f"SELECT name, data FROM sums WHERE base = ? AND span = ? AND name IN ({marks})"
        parts = dict(self._db.execute(sql, (_key(base), span.name, *names)).fetchall())
        if len(parts) < len(names):
            raise Fault(f"the sums of {span.name} have lost something")
        return Sums(base, parts)

    def keep(self, base: Base, span: Span, parts: Parts) -> None:
        """Without parts it is known that they are not worth it."""
        with writing(self._db) as connection:
            of = (_key(base), span.name)
            connection.execute("DELETE FROM sums WHERE base = ? AND span = ?", of)
            connection.execute("INSERT OR REPLACE INTO summed VALUES (?, ?, ?, ?)", (*of, span.of, bool(parts)))
            connection.executemany("INSERT INTO sums VALUES (?, ?, ?, ?)", [(*of, *part) for part in parts.items()])


def _key(base: Base) -> str:
    return " ".join(base)
