"""`antrean export`: everything, in one folder, as other programs read it."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from queue_server.cli import antrean
from queue_server.cli.registry import opened
from queue_server.database import open_to_read
from tests.journal.versions import history


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    history(folder / "journal.db")
    return folder


def rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        yield from csv.DictReader(file)


def test_every_event_and_row_is_in_the_folder(tmp_path: Path, data: Path):
    """As many rows as the journal has, events as they were written, unknown values empty and instants in UTC."""
    done = CliRunner().invoke(antrean, ["export", "--data", str(data), str(tmp_path / "out")])

    db = open_to_read(data / "journal.db")
    events = db.execute("SELECT seq, data FROM events ORDER BY seq").fetchall()
    steps = db.execute("SELECT ticket, wait_s FROM steps ORDER BY day, issued_at, ticket, step").fetchall()
    db.close()
    assert done.exit_code == 0, done.output
    assert [(int(row["seq"]), row["data"]) for row in rows(tmp_path / "out" / "events.csv")] == [
        (seq, data.decode()) for seq, data in events
    ]
    assert [(row["ticket"], row["wait_s"]) for row in rows(tmp_path / "out" / "steps.csv")] == [
        (ticket, "" if wait is None else str(wait)) for ticket, wait in steps
    ]
    assert all(row["issued_at"].endswith("Z") for row in rows(tmp_path / "out" / "steps.csv"))
    assert all(json.loads(row["names"]) is not None for row in rows(tmp_path / "out" / "days.csv"))


def test_who_took_the_history_is_noted(tmp_path: Path, data: Path):
    """That it was copied by a command, and how many rows: the auditor reads it. What failed is not noted."""
    CliRunner().invoke(antrean, ["export", "--data", str(data), str(tmp_path / "out")])
    CliRunner().invoke(antrean, ["export", "--data", str(data), str(tmp_path / "out")])

    with opened(data) as registry:
        (act,) = registry.acts.waiting()
    assert (act.what, act.by) == ("history_exported", "machine")
    assert int(act.details["rows"]) > 50


def test_a_folder_that_is_not_empty_is_left_alone(tmp_path: Path, data: Path):
    """Nothing of somebody's files is overwritten, and no half of a copy stays."""
    out = tmp_path / "out"
    out.mkdir()
    (out / "mine.txt").write_text("mine")

    done = CliRunner().invoke(antrean, ["export", "--data", str(data), str(out)])

    assert done.exit_code == 1
    assert [path.name for path in out.iterdir()] == ["mine.txt"]


def test_without_a_journal_it_says_so(tmp_path: Path):
    """And makes no folder."""
    done = CliRunner().invoke(antrean, ["export", "--data", str(tmp_path / "data"), str(tmp_path / "out")])

    assert done.exit_code == 1
    assert "Is --data the right folder?" in done.output
    assert not (tmp_path / "out").exists()
