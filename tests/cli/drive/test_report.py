"""What is said of a replayed day."""

from queue_server.cli.drive.arrivals import Skipped
from queue_server.cli.drive.ledger import Course, Ledger
from queue_server.cli.drive.report import NAMED, figures, report_of, skipped_lines, text
from queue_server.wire.api import Wait


def ledger_of(*courses: Course) -> Ledger:
    ledger = Ledger()
    ledger.courses = {str(place): course for place, course in enumerate(courses)}
    return ledger


def course(
    agency: str,
    wait_s: int | None,
    state: str = "served",
    *,
    recorded_s: int | None = None,
    told: Wait | None = None,
) -> Course:
    return Course(agency=agency, number="AA001", wait_s=wait_s, state=state, recorded_s=recorded_s, told=told)


def test_the_table_has_a_line_for_each_agency_and_one_for_all():
    """Issued, called, served and the waits, by the agencies' names."""
    ledger = ledger_of(course("a", 60), course("a", 3725), course("b", None, "waiting"))

    report = report_of(ledger, {"a": "Office", "b": "Ofisi"}, (), seconds=2.0, day_s=7200)

    lines = list(text(report))
    assert lines[1].split() == ["Office", "2", "2", "2", "1:00", "62:05", "62:05"]
    assert lines[2].split() == ["Ofisi", "1", "0", "0", "–", "–", "–"]
    assert lines[3].split() == ["in", "all", "3", "2", "2", "1:00", "62:05", "62:05"]
    assert "duplicates 0, lost 1, skipped rows 0" in lines
    assert lines[-1] == "took 2.0 s, 3,600 times as fast as the day"
    assert report.failed


def test_the_object_has_what_programs_look_for():
    """Its names are a contract."""
    ledger = ledger_of(course("a", 60, recorded_s=61, told=Wait(p50_s=50, p90_s=70)))
    ledger.duplicates.append("AA001")

    said = figures(report_of(ledger, {"a": "Office"}, (Skipped(line=3, why="x"),), seconds=2.0, day_s=7200))

    wanted = {"issued": 1, "called": 1, "served": 1, "lost": 0, "duplicates": 1, "skipped": 1, "seconds": 2.0}
    assert {name: said[name] for name in wanted} == wanted
    assert (said["wait_p50_s"], said["wait_p90_s"], said["recorded_wait_p50_s"]) == (60, 60, 61)
    assert said["estimates"] == {"within_p50": 0.0, "within_p90": 1.0, "off_p50_s": 10}


def test_every_skipped_row_is_named():
    """The first with their reasons, the others by their lines, neighbours together."""
    skipped = [Skipped(line=line, why="is bad") for line in (*range(2, 2 + NAMED), 60, 70, 71, 72, 80)]

    lines = list(skipped_lines(tuple(skipped)))

    assert lines[0] == "line 2 skipped: is bad"
    assert len(lines) == NAMED + 1
    assert lines[-1] == "and 5 more: lines 60, 70-72, 80"


def test_of_no_skipped_row_nothing_is_said():
    """A good file has no notes."""
    assert list(skipped_lines(())) == []
