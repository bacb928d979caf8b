"""`antrean import`: another system's log, or our own export, into the journal; again and again, and never halfway."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

import pytest
import time_machine
from click.testing import CliRunner, Result

from queue_server.cli import antrean
from queue_server.cli.registry import opened
from queue_server.database import lock_folder, open_to_read
from queue_server.journal.sqlite import open_journal
from queue_server.journal.sqlite.verify import verify_file
from tests.journal.anything import anything
from tests.journal.hall import Hall
from tests.journal.versions import history

HOUSE = Path(__file__).parents[2]
OFFICES = HOUSE / "docs" / "offices.toml"
LOG = """\
agency,queue,service,ticket,issued_at,called_at,open_counters_at_issue
Office_1,658,X: Własność,11,2020-01-13T08:05:48,2020-01-13T08:15:30,
Office_1,658,X: Własność,12,2020-01-13T08:06:00,,
Office_2,658,"Działalność (CEIDG, archiwum)",2,2020-01-13T08:06:00,2020-01-13T08:11:00,3
"""
MAPPING = '[columns]\nqueued_at = "at"\nservice = "service"\nagency = "agency"\n'


@pytest.fixture(autouse=True)
def december() -> Iterator[None]:
    """Whenever this runs, the days that are imported here are over."""
    with time_machine.travel(datetime(2026, 12, 1, 9, tzinfo=UTC)):
        yield


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "log.csv"
    path.write_text(LOG, encoding="utf-8")
    return path


def take(tmp_path: Path, source: Path, mapping: Path | None = OFFICES, *more: str, data: str = "data") -> Result:
    asked = ["import", str(source), "--data", str(tmp_path / data), "--config", str(HOUSE / "config.toml"), *more]
    return CliRunner().invoke(antrean, [*asked, "--mapping", str(mapping)] if mapping else asked)


def rows(data: Path, columns: str, table: str = "steps") -> list[tuple[object, ...]]:
    db = open_to_read(data / "journal.db")
    found = db.execute(f"SELECT {columns} FROM {table}").fetchall()
    db.close()
    return sorted(found, key=str)


def read(tmp_path: Path, log: str, mapping: str, *, encoding: str = "utf-8") -> Result:
    (tmp_path / "log.csv").write_bytes(log.encode(encoding))
    (tmp_path / "mapping.toml").write_text(mapping, encoding="utf-8")
    return take(tmp_path, tmp_path / "log.csv", tmp_path / "mapping.toml")


def test_what_a_log_does_not_say_stays_unknown(tmp_path: Path, log: Path):
    """Without counter and end there is no service time and no end, without a call no wait: empty, and never zero."""
    done = take(tmp_path, log)

    assert done.exit_code == 0, done.output
    assert rows(tmp_path / "data", "number, wait_s, walk_s, service_s, finished_at, counter, clerk, target, state") == [
        ("11", 582, None, None, None, None, None, None, "unknown"),
        ("12", None, None, None, None, None, None, None, "unknown"),
        ("2", 300, None, None, None, None, None, None, "unknown"),
    ]
    assert "3 steps of 1 day taken" in done.output
    assert "Not known of any row: started_at, finished_at, state, counter, clerk" in done.output
    assert verify_file(tmp_path / "data" / "journal.db").whole


def test_times_are_of_the_logs_own_clock_and_names_its_own(tmp_path: Path, log: Path):
    """Local times of another zone are the right instants, and what things were called is kept with the day."""
    take(tmp_path, log)

    ((queued,),) = rows(tmp_path / "data", "min(queued_at)")
    ((day, zone, names),) = rows(tmp_path / "data", "day, timezone, names", "days")
    assert queued == datetime(2020, 1, 13, 7, 5, 48, tzinfo=UTC).timestamp() * 1_000
    assert (day, zone) == ("2020-01-13", "Europe/Warsaw")
    assert isinstance(names, bytes)
    assert "Działalność (CEIDG, archiwum)" in names.decode()


def test_the_same_again_changes_nothing(tmp_path: Path, log: Path):
    """Not a row of the journal is added, also with a file that overlaps; what is new of it is taken."""
    take(tmp_path, log)
    once = verify_file(tmp_path / "data" / "journal.db")

    again = take(tmp_path, log)
    twice = verify_file(tmp_path / "data" / "journal.db")
    log.write_text(LOG + "Office_1,658,X: Własność,13,2020-01-13T09:00:00,2020-01-13T09:01:00,\n", encoding="utf-8")
    more = take(tmp_path, log)

    assert (again.exit_code, twice.last_hash) == (0, once.last_hash)
    with opened(tmp_path / "data") as registry:
        acts = [(act.what, act.about, act.details["steps"]) for act in registry.acts.waiting()]

    assert acts == [("history_imported", "import-1", "3"), ("history_imported", "import-2", "1")]
    assert "0 steps of 0 days taken.\n3 rows were there already" in again.output
    assert "1 step of 1 day taken, in the stream import-2" in more.output
    assert len(rows(tmp_path / "data", "ticket")) == 4


def test_two_rows_that_say_the_same_are_two_tickets(tmp_path: Path, log: Path):
    """And taking them again does not make them more."""
    log.write_text(LOG + LOG.splitlines()[1] + "\n", encoding="utf-8")

    take(tmp_path, log)
    take(tmp_path, log)

    assert len({ticket for (ticket,) in rows(tmp_path / "data", "ticket")}) == 4


def test_bad_rows_are_named_counted_and_skipped(tmp_path: Path, log: Path):
    """Each with file, line and reason; the others are taken."""
    bad = [
        "Office_1,658,X,14,yesterday,2020-01-13T09:01:00,",
        "Office_1,658,X,15,2020-01-13T09:02:00,2020-01-13T09:01:00,",
        "Office_1,658,X,16,2020-01-13T09:02:00",
        "Office_1,658,X,17,,2020-01-13T09:01:00,",
        "Office_1,658,X,18,2999-01-13T09:02:00,,",
        "Office_1,658,X,19,2020-01-13T09:02:00,2020-01-15T09:01:00,",
        "Office_1,658,X,a very long name of somebody,2020-01-13T09:02:00,,",
        ",,X,20,2020-01-13T09:02:00,,",
    ]
    log.write_text(LOG + '"two\nlines",1,Y,1,2020-01-13T08:00:00,,\n' + "\n".join(bad) + "\n", encoding="utf-8")

    done = take(tmp_path, log, OFFICES, "--bad", str(tmp_path / "bad.csv"))

    with (tmp_path / "bad.csv").open(encoding="utf-8-sig", newline="") as file:
        named = [(int(row["line"]), row["why"]) for row in csv.DictReader(file)]
    assert done.exit_code == 0
    assert [line for line, _ in named] == list(range(7, 15))
    assert 'log.csv:7: skipped: queued_at: "yesterday" is no time in any format of the mapping' in done.output
    assert [why for _, why in named][1:] == [
        "called_at is before queued_at",
        "it has 5 columns and not 7",
        "it does not say since when it waited (queued_at)",
        "queued_at: 2999-01-13 09:02 has not been yet",
        "called_at is more than a day after queued_at",
        "number has more than 16 signs",
        "it does not say which service it was for",
    ]
    assert "8 bad rows were skipped." in done.output
    assert len(rows(tmp_path / "data", "ticket")) == 4


@pytest.mark.parametrize(
    ("field", "said", "why"),
    [
        ("service_time", "9" * 23, "is more than a day"),
        ("service_time", "9" * 190, "is more than a day"),
        ("service_time", "9" * 400, "service_time has 400 signs"),
        ("service_time", "9000000", "is more than a day"),
        ("service_time", "9" * 150 + ":00", "is no length of time"),
        ("service_time", "999999999:00:00", "is more than a day"),
        ("target", "9" * 23, "is more than a day"),
        ("wait", "9" * 23, "is more than a day"),
        ("queued_at", "0001-01-01T00:00:00", "0001-01-01 cannot be"),
        ("queued_at", "9999-12-31T23:59:59", "9999-12-31 23:59 has not been yet"),
        ("finished_at", "9999-12-31T23:59:59-12:00", "9999-12-31 23:59 has not been yet"),
        ("cases", "9" * 5000, "cases has 5000 signs"),
        ("cases", "9" * 150, "is no number of cases"),
        ("counter", "x" * 70_000, "counter has 70000 signs"),
        ("service_name", "a\0b", "service_name has a NUL in it"),
    ],
)
def test_what_cannot_be_is_a_bad_row_and_stops_nothing(tmp_path: Path, field: str, said: str, why: str):
    """It is named with line and reason, and the rows around it are taken."""
    columns = {"queued_at": "2020-01-13T08:00:00", "service": "a", "agency": "b", field: said}
    good = {**columns, "queued_at": "2020-01-13T08:00:00", field: ""} if field != "queued_at" else {**columns}
    good["queued_at"] = "2020-01-13T08:00:00"
    lines = [",".join(columns), ",".join(good.values()), ",".join(columns.values()), ",".join(good.values())]
    mapping = '[time]\nlengths = "min"\n[columns]\n' + "".join(f'{name} = "{name}"\n' for name in columns)

    done = read(tmp_path, "\n".join(lines) + "\n", mapping)

    assert done.exit_code == 0, done.output
    assert "log.csv:3: skipped: " in done.output
    assert why in done.output
    assert "2 steps of 1 day taken" in done.output
    assert "1 bad row was skipped." in done.output


def test_the_nights_on_which_clocks_change_are_read_as_replay_reads_them(tmp_path: Path):
    """What never was is bad; of what was twice the one is taken that is not before its ticket, and named."""
    log = """at,called,finished,service,agency
2026-03-29T02:30:00,,,a,b
2025-10-26T02:50:00,2025-10-26T02:10:00,2025-10-26T02:20:00,a,b
2025-10-26T01:50:00,2025-10-26T02:10:00,,a,b
"""
    mapping = '[time]\nzone = "Europe/Berlin"\n' + MAPPING + 'called_at = "called"\nfinished_at = "finished"\n'

    done = read(tmp_path, log, mapping)

    assert done.exit_code == 0, done.output
    assert 'log.csv:2: skipped: queued_at: "2026-03-29T02:30:00" does not exist in Europe/Berlin' in done.output
    assert 'log.csv:3: taken, but look: queued_at: "2025-10-26T02:50:00" occurs twice in Europe/Berlin' in done.output
    assert done.output.count("taken as the second") == 2
    assert done.output.count("taken as the first") == 2
    waits = rows(tmp_path / "data", "called_at - queued_at, finished_at - called_at")
    assert waits == [(1_200_000, 600_000), (1_200_000, None)]


def test_other_forms_of_logs_are_read(tmp_path: Path):
    """Another encoding, separator and date format, dates and times in two columns, lengths, words for ends."""
    mapping = """
missing = ["", "-"]
[file]
encoding = "cp1252"
separator = ";"
skip = 1
[time]
zone = "Europe/Berlin"
formats = ["%d.%m.%Y %H:%M"]
lengths = "min"
[columns]
queued_at = ["Datum", "Zeit"]
wait = "Wartezeit"
service_time = "Dauer"
service = "Dienst"
agency = "Amt"
state = "Ausgang"
counter = "Schalter"
clerk = "Wer"
[values.state]
erledigt = "served"
weg = "abandoned"
[values.service]
"Führerschein" = "licence"
[fixed]
target = "20"
"""
    log = (
        "Export vom Amt\nAmt;Dienst;Datum;Zeit;Wartezeit;Dauer;Ausgang;Schalter;Wer\n"
        "Bürgeramt;Führerschein;13.01.2020;08:00;1,5;4;erledigt;3;Frau Müller\n"
        "Bürgeramt;Führerschein;13.01.2020;08:05;-;-;weg;-;-\n"
        "Bürgeramt;Führerschein;13.01.2020;08:06;-;-;heim;-;-\n"
    )

    done = read(tmp_path, log, mapping, encoding="cp1252")

    found = rows(tmp_path / "data", "queued_at, wait_s, service_s, state, was, counter, service, target, clerk")
    assert [row[1:8] for row in found] == [
        (90, 240, "finished", None, "3", "licence", 1_200_000),
        (None, None, "cancelled", "waiting", None, "licence", 1_200_000),
    ]
    assert "Müller" not in str(found)
    assert str(found[0][8]).startswith("i")
    assert 'state: "heim" is none of ours; say in values.state which' in done.output


@pytest.mark.parametrize(
    ("mapping", "said"),
    [
        ("[columnz]\n", 'there is no key "columnz"; did you mean "columns"?'),
        (MAPPING + 'caled_at = "x"\n', 'columns.caled_at: there is no field "caled_at"; did you mean "called_at"?'),
        ('[columns]\nqueued_at = "at"\nagency = "agency"\n', "columns.service: without it no row can be read"),
        (
            MAPPING.replace('"at"', '"att"'),
            'log.csv has no column "att", but at, service, agency; did you mean "at"?',
        ),
        (MAPPING + '[time]\nzone = "Europe/Warschau"\n', 'there is no time zone "Europe/Warschau"'),
        (MAPPING + '[file]\nencoding = "utf-9"\n', 'there is no encoding "utf-9"'),
        (MAPPING + '[file]\nseparator = "tab"\n', "file.separator: it is one sign"),
        ("[columns\n", "cannot be read"),
    ],
)
def test_a_wrong_mapping_is_explained(tmp_path: Path, mapping: str, said: str):
    """What is wrong, and the nearest that is right; nothing is written."""
    done = read(tmp_path, "at,service,agency\n2020-01-13T08:00:00,a,b\n", mapping)

    assert done.exit_code == 1
    assert said in done.output
    assert not (tmp_path / "data" / "journal.db").exists() or rows(tmp_path / "data", "ticket") == []


def test_a_wrong_encoding_is_said_of_the_row(tmp_path: Path):
    """And a file of which no row can be read fails."""
    done = read(tmp_path, "at,service,agency\n2020-01-13T08:00:00,ä,b\n", MAPPING, encoding="cp1252")

    assert done.exit_code == 1
    assert "log.csv:2: skipped: it is not utf-8-sig; say the file's encoding in the mapping" in done.output
    assert "No row could be read. Is the mapping right?" in done.output


def test_beside_a_running_server_it_is_refused(tmp_path: Path, log: Path):
    """The journal has one writer: the server is to be stopped first. What would be taken can be asked all the same."""
    with lock_folder(tmp_path / "data"):
        refused = take(tmp_path, log)
        asked = take(tmp_path, log, OFFICES, "--dry-run")

    assert (refused.exit_code, asked.exit_code) == (1, 0)
    assert "Another server runs on" in refused.output
    assert "3 steps of 1 day would be taken." in asked.output
    assert "by the clock of Europe/Warsaw" in asked.output
    assert "queued 2020-01-13 08:05:48, called 2020-01-13 08:15:30; unknown" in asked.output
    assert not (tmp_path / "data" / "journal.db").exists()


def test_days_that_the_mall_lived_are_left_alone(tmp_path: Path):
    """Its own days, and today, which it is still to live: said with the number of rows that were left out."""
    (tmp_path / "data").mkdir()
    history(tmp_path / "data" / "journal.db")
    before = rows(tmp_path / "data", "*", "steps")
    today = datetime.now(ZoneInfo("Asia/Jakarta")).date()

    done = read(
        tmp_path,
        f"at,service,agency\n2026-11-23T08:00:00,a,b\n{today}T00:00:00,a,b\n2020-01-13T08:00:00,a,b\n",
        MAPPING,
    )

    assert done.exit_code == 0, done.output
    assert "2026-11-23: 1 row was left out: the mall lived this day itself" in done.output
    assert f"{today}: 1 row was left out" in done.output
    assert len(rows(tmp_path / "data", "*", "steps")) == len(before) + 1
    assert verify_file(tmp_path / "data" / "journal.db").whole


def anything_at_all(path: Path, seed: int) -> None:
    """Some days of a hall in which whatever is possible happens."""
    hall = Hall(open_journal(path))
    anything(hall, Random(seed), days=3, commands=400)
    hall.close_day()
    hall.journal.close()


@pytest.mark.parametrize("seed", [None, 1, 2, 3])
def test_our_own_export_is_read_back(tmp_path: Path, seed: int | None):
    """An export taken into an empty journal and exported again says the same of every day that is over."""
    (tmp_path / "data").mkdir()
    path = tmp_path / "data" / "journal.db"
    if seed is None:
        history(path)
    else:
        anything_at_all(path, seed)
    exported, again = tmp_path / "exported", tmp_path / "again"
    CliRunner().invoke(antrean, ["export", "--data", str(tmp_path / "data"), str(exported)])

    done = take(tmp_path, exported, None, data="other")
    twice = take(tmp_path, exported, None, data="other")
    CliRunner().invoke(antrean, ["export", "--data", str(tmp_path / "other"), str(again)])

    assert (done.exit_code, twice.exit_code) == (0, 0), done.output
    assert "0 steps of 0 days taken." in twice.output
    for name in ("days", "counter_spans", "hall_spans"):
        assert (again / f"{name}.csv").read_text() == (exported / f"{name}.csv").read_text(), name
    assert [over(row) for row in table(again / "steps.csv")] == [over(row) for row in table(exported / "steps.csv")]
    assert verify_file(tmp_path / "other" / "journal.db").whole


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def over(row: dict[str, str]) -> dict[str, str]:
    """A step as it is when its day is over: of what still went on then nobody knows how it ended."""
    going_on = row["state"] in ("waiting", "called", "serving", "parked") and not row["was"]
    if not going_on:
        return {**row, "past": "1"}
    zeros = {name: "" for name in ("credit", "served_ms", "held_ms", "missed") if row[name] == "0"}
    return {**row, **zeros, "past": "1", "state": "unknown"}


def test_nothing_is_zero_in_an_export_of_which_nothing_is_known(tmp_path: Path):
    """Of steps that another system's log says no end of, no stretch of serving or holding and no credit is written."""
    (tmp_path / "log.csv").write_text(LOG, encoding="utf-8")
    done = take(tmp_path, tmp_path / "log.csv", OFFICES)
    exported = tmp_path / "exported"

    CliRunner().invoke(antrean, ["export", "--data", str(tmp_path / "data"), str(exported)])

    rows = [row for row in table(exported / "steps.csv") if row["state"] == "unknown"]
    assert rows, done.output
    names = ("credit", "served_ms", "held_ms", "missed")
    assert {row[name] for row in rows for name in names} == {""}


def test_nothing_is_zero_of_a_log_that_says_how_steps_ended(tmp_path: Path):
    """Served, missed or gone: of credit, holds and calls in vain it says nothing, unless somebody did not come.

    An export that is taken in and exported again says the same."""
    log = (
        "service,came,called,began,ended,how\n"
        "tax,2020-01-13 08:00,2020-01-13 08:10,2020-01-13 08:11,2020-01-13 08:20,done\n"
        "tax,2020-01-13 08:01,2020-01-13 08:12,,,missed\n"
        "tax,2020-01-13 08:02,,,2020-01-13 08:30,gone\n"
    )
    mapping = """
        [columns]
        service = "service"
        agency = "service"
        queued_at = "came"
        called_at = "called"
        started_at = "began"
        finished_at = "ended"
        state = "how"

        [values.state]
        done = "served"
        missed = "no_show"
        gone = "abandoned"
    """
    done = read(tmp_path, log, mapping)
    exported, again = tmp_path / "exported", tmp_path / "again"
    CliRunner().invoke(antrean, ["export", "--data", str(tmp_path / "data"), str(exported)])
    take(tmp_path, exported, None, data="other")
    CliRunner().invoke(antrean, ["export", "--data", str(tmp_path / "other"), str(again)])

    served, missed, gone = table(exported / "steps.csv")

    names = ("credit", "calls", "served_ms", "held_ms", "missed")
    assert done.exit_code == 0, done.output
    assert [served[name] for name in names] == ["", "1", "", "", ""]
    assert [missed[name] for name in names] == ["", "1", "", "", "1"]
    assert [gone[name] for name in names] == ["", "", "", "", ""]
    assert (again / "steps.csv").read_text() == (exported / "steps.csv").read_text()
    assert verify_file(tmp_path / "other" / "journal.db").whole


def test_a_damaged_export_is_named_row_by_row(tmp_path: Path):
    """What is no code, no state or no time of ours does not come into the chain."""
    (tmp_path / "data").mkdir()
    history(tmp_path / "data" / "journal.db")
    exported = tmp_path / "exported"
    CliRunner().invoke(antrean, ["export", "--data", str(tmp_path / "data"), str(exported)])
    steps = exported / "steps.csv"
    text = steps.read_text(encoding="utf-8-sig")
    steps.write_text(text.replace(",pass,", ",ask for Ani,", 1).replace("finished", "gone", 1), encoding="utf-8-sig")

    done = take(tmp_path, exported, None, data="other")

    assert done.exit_code == 0
    assert "skipped: service is no code" in done.output
    assert "1 bad row was skipped." in done.output


@pytest.mark.parametrize(
    ("field", "said", "why"),
    [
        ("served_ms", "9" * 23, "served_ms is too large"),
        ("target", "9" * 5000, "skipped: "),
        ("queued_at", "0001-01-01T00:00:00.000Z", "queued_at cannot be"),
        ("issued_at", "9999-12-31T23:59:59.000Z", "issued_at cannot be"),
        ("issued_at", "0001-01-01T00:00:00", "skipped: "),
    ],
)
def test_a_number_of_an_export_that_cannot_be_is_a_bad_row(tmp_path: Path, field: str, said: str, why: str):
    """It is named and skipped, and the others are taken."""
    (tmp_path / "data").mkdir()
    history(tmp_path / "data" / "journal.db")
    exported = tmp_path / "exported"
    CliRunner().invoke(antrean, ["export", "--data", str(tmp_path / "data"), str(exported)])
    with (exported / "steps.csv").open(encoding="utf-8-sig", newline="") as file:
        found = list(csv.DictReader(file))
    found[0][field] = said
    with (exported / "steps.csv").open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, list(found[0]))
        writer.writeheader()
        writer.writerows(found)

    done = take(tmp_path, exported, None, data="other")

    assert done.exit_code == 0, done.output
    assert why in done.output
    assert "steps.csv:2: skipped: " in done.output
    assert "1 bad row was skipped." in done.output


def test_what_was_imported_by_mistake_is_taken_back(tmp_path: Path, log: Path):
    """Its days count as never imported, the same log can be taken again, and the journal holds all of that."""
    config = ["--data", str(tmp_path / "data"), "--config", str(HOUSE / "config.toml")]
    take(tmp_path, log)
    taken = rows(tmp_path / "data", "*")

    asked = CliRunner().invoke(antrean, ["import", "--take-back", "2020-01-01:2020-01-31", "--dry-run", *config])
    done = CliRunner().invoke(antrean, ["import", "--take-back", "2020-01-13", *config])
    gone = rows(tmp_path / "data", "*"), rows(tmp_path / "data", "*", "days")
    nothing = CliRunner().invoke(antrean, ["import", "--take-back", "2020-01-13", *config])
    take(tmp_path, log)

    assert asked.output == "3 steps of 1 day would be forgotten.\n"
    assert done.output == "3 steps of 1 day are forgotten.\n"
    assert gone == ([], [])
    assert (nothing.exit_code, nothing.output) == (1, "Nothing was imported of 2020-01-13.\n")
    assert rows(tmp_path / "data", "*") == taken
    assert verify_file(tmp_path / "data" / "journal.db").whole


def test_what_the_mall_lived_is_not_taken_back(tmp_path: Path):
    """Only what was imported can be forgotten."""
    (tmp_path / "data").mkdir()
    history(tmp_path / "data" / "journal.db")
    before = rows(tmp_path / "data", "*")
    asked = ["import", "--take-back", "2026-11-23:2026-11-30", "--data", str(tmp_path / "data")]

    done = CliRunner().invoke(antrean, [*asked, "--config", str(HOUSE / "config.toml")])

    assert (done.exit_code, done.output) == (1, "Nothing was imported of 2026-11-23 to 2026-11-30.\n")
    assert rows(tmp_path / "data", "*") == before


@pytest.mark.parametrize("asked", [[], ["x.csv", "--take-back", "2020-01-13"], ["--take-back", "January"]])
def test_one_thing_is_asked_for(tmp_path: Path, log: Path, asked: list[str]):
    """A source or days to forget: neither, both or no days are wrong usage."""
    asked = [str(log) if one == "x.csv" else one for one in asked]

    done = CliRunner().invoke(antrean, ["import", *asked, "--data", str(tmp_path / "data")])

    assert done.exit_code == 2


JOURNEYS = """\
at,called,service,agency,number
2026-10-05T09:00,2026-10-05T09:10,tax,a,A7
2026-10-05T08:00,2026-10-05T08:05,pass,a,A7
2026-10-05T08:30,,pass,a,A8
2026-10-06T08:00,,pass,a,A7
2026-10-05T08:40,,pass,a,
2026-10-05T08:45,,pass,a,
"""
JOINED = MAPPING + 'called_at = "called"\nnumber = "number"\njourney = ["agency", "number"]\n'
STEPS = "number, step, service, wait_s"


def test_rows_of_a_journey_are_steps_of_one_ticket(tmp_path: Path):
    """Those of a day that say the same, in the order in which they were queued; whoever says nothing has one of their
    own."""
    done = read(tmp_path, JOURNEYS, JOINED)

    assert done.exit_code == 0, done.output
    assert rows(tmp_path / "data", STEPS) == [
        ("", 0, "pass", None),
        ("", 0, "pass", None),
        ("A7", 0, "pass", 300),
        ("A7", 0, "pass", None),
        ("A7", 1, "tax", 600),
        ("A8", 0, "pass", None),
    ]
    assert len(rows(tmp_path / "data", "DISTINCT ticket")) == 5
    assert verify_file(tmp_path / "data" / "journal.db").whole


def test_a_journey_of_which_more_is_learned_is_one_still(tmp_path: Path):
    """The same again changes nothing; a row that was missing becomes the next step, and no row is there twice."""
    lines = JOURNEYS.splitlines(keepends=True)
    read(tmp_path, "".join(lines[:2]), JOINED)
    more = read(tmp_path, JOURNEYS, JOINED)
    once = verify_file(tmp_path / "data" / "journal.db").last_hash
    read(tmp_path, JOURNEYS, JOINED)

    assert "5 steps of 2 days taken" in more.output
    assert "1 row was there already, and stays as it is." in more.output
    assert verify_file(tmp_path / "data" / "journal.db").last_hash == once
    of_one = rows(tmp_path / "data", STEPS + ", issued_at = min(issued_at) OVER (PARTITION BY ticket)")
    assert [row[:3] for row in of_one if row[0] == "A7"] == [("A7", 0, "pass"), ("A7", 0, "tax"), ("A7", 1, "pass")]
    assert all(row[-1] == 1 for row in of_one)
