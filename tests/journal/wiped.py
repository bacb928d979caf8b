"""A page of a real file that a disk has lost."""

from __future__ import annotations

from pathlib import Path

from queue_server.database import open_to_read


def wipe(path: Path, name: str) -> None:
    """The first page of a table or index is zeros from now on."""
    db = open_to_read(path)
    ((page,),) = db.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (name,)).fetchall()
    ((size,),) = db.execute("PRAGMA page_size").fetchall()
    db.close()
    raw = bytearray(path.read_bytes())
    raw[(page - 1) * size : page * size] = bytes(size)
    path.write_bytes(raw)
