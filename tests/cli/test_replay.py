"""`antrean replay`: a whole server lives a recorded day again."""

import json
import os
import random
import signal
import subprocess
import sys
from datetime import datetime, timedelta

import pytest
from click.testing import CliRunner

from queue_server.cli import antrean

HEADER = "agency,queue,service,ticket,issued_at,called_at,open_counters_at_issue"


@pytest.fixture
def replay(tmp_path):
    """Replay these rows; the result and its JSON object."""

    def run(*rows, words=("--json",), header=HEADER):
        path = tmp_path / "day.csv"
        path.write_text("\n".join([header, *rows, ""]), encoding="utf-8")
        result = CliRunner().invoke(antrean, ["replay", str(path), *words])
        last = result.stdout.strip().splitlines()[-1:] if "--json" in words else []
        return result, json.loads(last[0]) if last else None

    return run


def row(
    minute: int, called: int | None = None, *, agency: str = "Office", queue: str = "12", counters: str = ""
) -> str:
    at = [datetime.fromisoformat("2020-01-13T08:00:00") + timedelta(minutes=m) for m in (minute, called or 0)]
    issued_at, called_at = (moment.isoformat() for moment in at)
    return f"{agency},{queue},Service {queue},,{issued_at},{'' if called is None else called_at},{counters}"


def test_everybody_is_called_when_they_were_called(replay):
    """With recorded calls the waits are the recorded ones, and nobody is lost or doubled."""
    waits = [1, 4, 9, 2, 30]
    rows = [row(place * 7, place * 7 + wait, queue=str(place % 2)) for place, wait in enumerate(waits)]

    result, said = replay(*rows)

    assert result.exit_code == 0, result.output
    counts = {name: said[name] for name in ("issued", "called", "served", "lost", "duplicates", "skipped")}
    assert counts == {"issued": 5, "called": 5, "served": 5, "lost": 0, "duplicates": 0, "skipped": 0}
    assert (said["wait_p50_s"], said["wait_p90_s"]) == (240, 1800)
    assert said["recorded_wait_p50_s"] == 240
    assert said["seconds"] > 0


def test_the_table_is_for_people(replay):
    """Without --json standard output holds the table, with it the object alone."""
    rows = [row(0, 3), row(1, 5, agency="Ofisi")]

    table, _ = replay(*rows, words=())
    both, _ = replay(*rows)

    assert "Office       1       1       1     3:00     3:00     3:00" in table.stdout
    assert "duplicates 0, lost 0, skipped rows 0" in table.stdout
    assert len(both.stdout.splitlines()) == 1
    assert "duplicates 0, lost 0, skipped rows 0" in both.stderr


def test_where_calls_are_not_known_free_counters_call(replay):
    """Sixty people in an hour, nothing known of calls or counters: all are served."""
    result, said = replay(*(row(minute) for minute in range(60)))

    assert result.exit_code == 0, result.output
    assert (said["issued"], said["served"], said["lost"]) == (60, 60, 0)
    assert said["wait_p50_s"] < 3600
    assert said["recorded_wait_p50_s"] is None


def test_one_clerk_makes_people_wait(replay):
    """With one counter open they wait one for the other, as the known number of counters says."""
    crowd = [row(0, counters="1") for _ in range(10)]

    _, alone = replay(*crowd, *(row(minute, counters="1", queue="13") for minute in range(0, 60, 10)))
    _, many = replay(*(line[:-1] + "9" for line in crowd))

    assert alone["wait_p90_s"] > 300
    assert many["wait_p90_s"] < alone["wait_p90_s"]


def test_known_and_unknown_calls_may_stand_in_one_queue(replay):
    """Whatever of a day is recorded, everybody is served once."""
    chance = random.Random(7)
    rows = []
    for _ in range(120):
        minute = chance.randint(0, 240)
        called = minute + chance.randint(0, 90) if chance.random() < 0.6 else None
        rows.append(row(minute, called, queue=chance.choice("123"), counters=chance.choice(["", "0", "1", "2", "5"])))

    result, said = replay(*rows)

    assert result.exit_code == 0, result.output
    assert (said["issued"], said["served"], said["lost"], said["duplicates"]) == (120, 120, 0, 0)


def test_more_calls_at_once_than_counters_are_all_made(replay):
    """Identical moments, one counter: each call finishes whoever was there."""
    result, said = replay(*(row(0, 1, counters="1") for _ in range(20)))

    assert result.exit_code == 0, result.output
    assert (said["called"], said["served"], said["wait_p90_s"]) == (20, 20, 60)


def test_a_crowd_before_midnight_is_served(replay):
    """Past midnight the business day goes on."""
    result, said = replay(row(0), *(row(60 * 15 + 50, counters="1") for _ in range(30)))

    assert result.exit_code == 0, result.output
    assert (said["issued"], said["lost"]) == (31, 0)


@pytest.mark.parametrize("recorded", [True, False])
def test_whoever_is_served_as_the_day_closes_is_finished(replay, recorded):
    """Clerks finish with whoever is at their counters, and with whoever waits, before the business day ends."""
    late = [row(23 * 60 + 59, 23 * 60 + 59 if recorded else None, counters="1") for _ in range(5)]

    result, said = replay(*[row(0, queue="13")] * 6, *late)

    assert result.exit_code == 0, result.output
    assert (said["issued"], said["served"], said["lost"], said["duplicates"]) == (11, 11, 0, 0)


def test_a_ticket_of_the_last_second_is_served(replay):
    """Nothing between the last ticket and the day's end is too short for it."""
    second = "Office,12,Service 12,,2020-01-14T07:59:59.999,,"

    result, said = replay(*[row(0)] * 3, second, second)

    assert result.exit_code == 0, result.output
    assert (said["issued"], said["served"], said["lost"]) == (5, 5, 0)


def test_bad_rows_are_named_and_counted(replay):
    """They go to standard error with line and reason, and the others are replayed."""
    result, said = replay(row(0, 3), "Office,12,Service 12,,soon,,", row(1, 5, counters="zz"))

    assert result.exit_code == 0, result.output
    assert (said["issued"], said["skipped"]) == (2, 1)
    assert 'day.csv: line 4 used, not all of it: open_counters_at_issue "zz" is no number' in result.stderr
    assert 'day.csv: line 3 skipped: issued_at "soon" is no time; write it like 2020-01-13T08:05:48' in result.stderr


def test_a_file_that_cannot_be_used_is_refused(replay, tmp_path):
    """Exit status 1, what to do on standard error, and nothing on standard output."""
    missing = CliRunner().invoke(antrean, ["replay", str(tmp_path / "none.csv")])
    empty, _ = replay(header="", words=())
    columns, _ = replay("1,2", header="agency,queue", words=())

    assert [result.exit_code for result in (missing, empty, columns)] == [1, 1, 1]
    assert missing.stderr == f"{tmp_path / 'none.csv'}: there is no such file; name a CSV file with a day's tickets.\n"
    assert empty.stderr.startswith("day.csv is empty; its first line must name at least agency, queue, service")
    assert columns.stderr.startswith("day.csv has no column service, issued_at;")
    assert missing.stdout == empty.stdout == columns.stdout == ""


def test_wrong_options_are_wrong_usage(replay):
    """Exit status 2."""
    for words in (("--speed", "0"), ("--speed", "fast"), ("--timezone", "Europe/Warszawa")):
        result, _ = replay(row(0), words=words)
        assert result.exit_code == 2, words


def test_speed_only_inserts_pauses(replay):
    """Thirty minutes at 3,600 times their speed take half a second more, and everything else is the same."""
    rows = [row(0, 3), row(10, 11), row(25, 30)]

    _, fast = replay(*rows)
    slow, said = replay(*rows, words=("--json", "--speed", "3600"))

    assert said["seconds"] >= 0.5
    assert {**said, "seconds": 0} == {**fast, "seconds": 0}
    assert "Watch it at http://127.0.0.1:" in slow.stderr


def test_the_same_day_gives_the_same_replay(replay):
    """Chance has a fixed seed, so figures can be compared."""
    rows = [row(minute // 3, queue=str(minute % 3), counters="2") for minute in range(90)]

    first, second = (replay(*rows)[1] for _ in range(2))

    assert {**first, "seconds": 0} == {**second, "seconds": 0}


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_replay_that_is_stopped_leaves_nothing_behind(tmp_path, number):
    """Its temporary folder is gone, and the exit status says that it did not come to its end."""
    path, folder = tmp_path / "day.csv", tmp_path / "temporary"
    path.write_text("\n".join([HEADER, row(0, 3), row(300, 301), ""]), encoding="utf-8")
    folder.mkdir()
    process = subprocess.Popen(
        [sys.executable, "-m", "queue_server", "replay", str(path), "--speed", "1"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "TMPDIR": str(folder)},
    )
    assert process.stderr is not None
    said = process.stderr.readline()
    began = list(folder.iterdir())

    process.send_signal(number)
    out, err = process.communicate(timeout=30)

    assert "Watch it at" in said
    assert len(began) == 1
    assert (process.returncode, out, err.strip()) == (1, "", "Aborted!")
    assert list(folder.iterdir()) == []
