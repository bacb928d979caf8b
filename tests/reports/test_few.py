"""Under twenty cases nothing is claimed: a title says what its chart shows, and no more. Notes stand on every chart."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from typing import Any

import pytest
from msgspec.structs import replace
from openpyxl import load_workbook

from queue_server.domain.rules import Service
from queue_server.handover.commas import csv_of
from queue_server.handover.spreadsheet import xlsx_of
from queue_server.reports.finding import finding
from queue_server.reports.numbers import CounterTime, Group, Slot
from queue_server.reports.period import Period
from queue_server.reports.report import Read, Report, make
from queue_server.reports.sections.by_service import against
from queue_server.reports.words import Words
from tests.views.hall import RULES

DAY = Period(first=date(2026, 11, 24), last=date(2026, 11, 24))
WEEK = Period(first=date(2026, 11, 23), last=date(2026, 11, 29))
NOTES = [("2026-11-24", "Network down"), ("2026-11-10", "Joint leave")]


def group(count: int, *key: Any) -> Group:
    """Waits of 40 minutes, half of them within the target."""
    return Group(
        key=key,
        issued=count,
        count=count,
        half=2400,
        most=3600,
        within=0.5,
        served=count,
        no_shows=max(1, count // 4),
        abandoned=1,
        service_half=300,
        promised=count,
        kept_half=0.0,
        kept_most=0.0,
    )


def read_of(count: int) -> Read:
    """What a report knows of so many people."""
    whole = group(count)
    return Read(
        counters_of=None,
        finding=finding(whole, Group(), [group(count, "card")], []),
        whole=whole,
        earlier=Group(),
        usual=Group(),
        services=[group(count, "card")],
        earlier_services=[],
        half_hours=[group(count, 18)],
        cells=[group(count, 1, 18)],
        course=[group(count, "2026-11-16"), replace(group(count, "2026-11-23"), within=0.9)],
        trends=[group(count, "card", "2026-11-23"), group(count, "card", "2026-11-24")],
        slots=[Slot(waiting=1, counters=1)] * 48,
        counters=[CounterTime(counter="1", seconds={"serving": 600, "idle_waiting": 300})],
        service_times=[(300, count)],
        targets={},
        step="day",
    )


def made(count: int, period: Period = WEEK, language: str = "en", notes: list[tuple[str, str]] | None = None) -> Report:
    return make(read_of(count), period, Words(language, RULES), notes=notes or [], behind=lambda **more: "")


@pytest.mark.parametrize("language", ["en", "id"])
@pytest.mark.parametrize("section", ["day", "week", "services", "level", "spread", "counters", "lost", "promises"])
def test_a_title_claims_nothing_of_nineteen(language: str, section: str):
    """Of twenty it says what it found, of nineteen only what is shown: no figure, no share, no name."""
    few, enough = (
        next(one.title for one in made(count, language=language).sections if one.id == section) for count in (19, 20)
    )

    assert few != enough
    assert not any(sign.isdigit() for sign in few)
    assert "card" not in few
    assert any(sign.isdigit() for sign in enough)


def test_the_first_sentence_judges_nothing_of_nineteen():
    """It says how many there were; of twenty it judges."""
    few, enough = made(19), made(20)

    assert few.finding == "Only 19 were called in this period, too few to judge by; half waited no longer than 40 min."
    assert (few.kind, enough.kind) == ("few", "late")


def test_nothing_of_nineteen_is_marked_as_out_of_line_by_its_share():
    """A promise that was broken for a few is no finding either."""
    cells = {
        count: next(one for one in made(count).sections if one.id == "promises").table.rows[0][-1] for count in (19, 20)
    }

    assert (cells[19].few, cells[19].out) == (True, False)
    assert (cells[20].few, cells[20].out) == (False, True)


def test_a_note_stands_on_every_chart_of_its_day():
    """In the weeks up to it earlier ones do, too; tables without a chart have none."""
    sections = {one.id: one.notes for one in made(20, DAY, notes=NOTES).sections}
    today = ("24 Nov: Network down",)

    assert {id_ for id_, notes in sections.items() if not notes} == {"lost", "promises"}
    assert {sections[id_] for id_ in ("day", "services", "spread", "counters")} == {today}
    assert sections["week"] == sections["level"] == (*today, "10 Nov: Joint leave")
    heat = next(one.chart for one in made(20, DAY, notes=NOTES).sections if one.id == "week")
    assert "Tuesday ✱" in heat


def test_many_notes_do_not_push_a_chart_away():
    """Three stand beside it, the others below the finding."""
    notes = [("2026-11-24", f"Note {n}") for n in range(5)]
    day = next(one for one in made(20, notes=notes).sections if one.id == "day")

    assert day.notes[-1] == "and 2 more, below the finding"
    assert len(day.notes) == 4


def test_the_services_that_need_somebody_come_first():
    """Those that miss their target most, then the others; of few cases nobody can say, so they come last."""
    found = replace(
        read_of(20),
        services=[
            replace(group(19, "few"), within=0.1),
            replace(group(50, "calm"), within=0.95),
            replace(group(30, "late"), within=0.4),
            replace(group(90, "later"), within=0.3),
        ],
    )

    services = next(
        one for one in make(found, WEEK, Words("en", RULES), behind=lambda **more: "").sections if one.id == "services"
    )

    assert [row[0].value for row in services.table.rows] == ["later", "late", "calm", "few"]
    assert services.title == "later misses its target most: 30 % were called in time"


def test_the_weeks_say_whether_they_rose_or_fell():
    """From the first to the last; within two in a hundred it is as before."""
    titles = {}
    for last in (0.3, 0.51, 0.9):
        weeks = [group(50, "2026-11-16"), replace(group(50, "2026-11-23"), within=last)]
        made_of = make(replace(read_of(50), course=weeks), WEEK, Words("en", RULES), behind=lambda **more: "")
        titles[last] = next(one.title for one in made_of.sections if one.id == "level")

    assert titles == {
        0.3: "Called within target: down from 50 % to 30 % over the weeks",
        0.51: "51 % were called within target, week after week",
        0.9: "Called within target: up from 50 % to 90 % over the weeks",
    }


def test_shares_are_of_those_of_whom_they_can_be_said():
    """Who did not come and who left before, of all whose visit is over; idle while people wait, of all time."""
    found = replace(
        read_of(50),
        whole=replace(group(40), no_shows=10, no_show_share=0.2),
        services=[replace(group(40, "card"), no_shows=10, abandoned=5, no_show_share=0.2, abandoned_share=0.1)],
        counters=[CounterTime(counter="1", seconds={"serving": 600, "idle_waiting": 300, "idle": 100})],
    )
    sections = {one.id: one for one in make(found, WEEK, Words("en", RULES), behind=lambda **more: "").sections}

    row = [cell.value for cell in sections["lost"].table.rows[0]]
    assert row[1:] == [10, 0.2, 5, 0.1]
    assert sections["lost"].title == "10 people did not come when called, 20 % of those who queued"
    assert sections["counters"].title == (
        "Counters served for 60 % of their time, and were free for 30 % of it while people waited"
    )


@pytest.mark.parametrize(("kept", "said"), [(0.85, "was true: 85 %"), (0.84, "too little: only 84 %")])
def test_what_people_were_told_is_judged(kept: float, said: str):
    """True where 85 in a hundred waited no longer than the longest time that they were told."""
    found = replace(read_of(50), services=[replace(group(50, "card"), kept_most=kept)])
    sections = make(found, WEEK, Words("en", RULES), behind=lambda **more: "").sections

    assert said in next(one.title for one in sections if one.id == "promises")


def test_how_long_serving_took_is_counted_into_its_bars():
    """Each in the bar that it falls into, what is longer than nearly all in the last one."""
    found = replace(read_of(50), service_times=[(59, 100), (60, 300), (119, 100), (180, 400), (100_000, 1)])
    spread = next(
        one for one in make(found, WEEK, Words("en", RULES), behind=lambda **more: "").sections if one.id == "spread"
    )

    assert [row[1].value for row in spread.table.rows] == [100, 400, 0, 401]
    assert spread.title == "Serving half of the people took up to 2 min, nine in ten up to 3 min"


def test_one_person_is_no_people():
    """Counts have the plural of their language, in sentences too."""
    words, none = Words("en", RULES), finding(group(1), Group(), [], [])
    report = make(replace(read_of(1), finding=none), WEEK, words, behind=lambda **more: "")
    forty = replace(group(40), no_shows=1, abandoned=1)
    many = make(
        replace(read_of(40), whole=forty, services=[replace(forty, key=("card",))]),
        WEEK,
        words,
        behind=lambda **more: "",
    )

    assert report.finding.startswith("Only 1 was called")
    assert next(part.title for part in many.sections if part.id == "lost").startswith("1 person did not come")
    assert made(19).finding.startswith("Only 19 were called")


def test_a_target_is_drawn_only_where_all_share_it():
    """Of services with different targets none is claimed for all of them."""
    rules = RULES
    one, other = list(rules.services)[:2]
    sooner = replace(rules.services[other], targets={**rules.services[one].targets, "regular": 60_000})
    same = replace(sooner, targets=rules.services[one].targets)
    both = replace(read_of(50), services=[group(50, one), group(50, other)])

    def tile(second: Service, service: str = "") -> tuple[str, ...]:
        words = Words("en", replace(rules, services={**rules.services, other: second}))
        made_of = make(both, WEEK, words, behind=lambda **more: "", service=service)
        return next(tile.notes for tile in made_of.tiles if tile.id == "half")

    assert not any("target" in note for note in tile(sooner))
    assert any("target" in note for note in tile(same))
    assert "target: 1 min" in tile(sooner, other)


def test_a_target_that_changed_is_told_as_it_held():
    """The first and the last of these days, whatever the rules say now."""
    one = next(iter(RULES.services))
    held = replace(read_of(50), services=[group(50, one)], targets={one: (1_200, 1_000, 900)})
    report = make(held, WEEK, Words("en", RULES), behind=lambda **more: "")
    table = next(part.table for part in report.sections if part.id == "services")
    place = next(at for at, column in enumerate(table.columns) if column.label == "Target")

    assert table.rows[0][place].said == table.rows[0][place].value == "20 min, then 15 min"
    assert "target: 20 min, then 15 min" in next(tile.notes for tile in report.tiles if tile.id == "half")


def test_promises_of_few_come_last_and_all_together_stand_below():
    """One person who waited too long is no finding; the total is weighed by how many were told."""
    found = replace(
        read_of(50),
        services=[
            replace(group(1, "one"), kept_half=0.0, kept_most=0.0),
            replace(group(50, "good"), kept_half=0.6, kept_most=0.9),
            replace(group(50, "bad"), kept_half=0.2, kept_most=0.5),
        ],
    )
    sections = make(found, WEEK, Words("en", RULES), behind=lambda **more: "").sections
    rows = next(one for one in sections if one.id == "promises").table.rows

    assert [row[0].value for row in rows] == ["bad", "good", "one", "All together"]
    assert [cell.said for cell in rows[-1]] == ["All together", "101", "40 %", "69 %"]


def test_what_is_exported_of_the_week_says_how_many_were_called_and_marks_few():
    """Each cell in a row of its own; the drawn one has its star too."""
    found = replace(read_of(50), cells=[group(19, 1, 18), group(20, 1, 19)])
    week = next(
        one for one in make(found, WEEK, Words("en", RULES), behind=lambda **more: "").sections if one.id == "week"
    )
    lines = csv_of(week.exported, comma=False).decode("utf-8-sig").splitlines()

    assert lines == [
        "Weekday,From,Called,Half waited at most (s),Fewer than 20 cases: this says little",
        "Tuesday,09:00,19,2400,*",
        "Tuesday,09:30,20,2400,",
    ]
    assert (">40*<" in week.chart, ">40<" in week.chart) == (True, True)


@pytest.mark.parametrize(("language", "names"), [("en", {"Day", "Services"}), ("id", {"Hari", "Layanan"})])
def test_the_sheets_of_a_spreadsheet_are_named_in_its_language(language: str, names: set[str]):
    """And hold the mark of few cases."""
    book = load_workbook(BytesIO(xlsx_of(made(19, language=language), "Mall")))

    assert names <= set(book.sheetnames)
    assert "*" in [row[-1].value for row in book[min(names)].iter_rows()]


def test_against_before_sees_the_longest_waits_and_the_target():
    """Half may feel nothing of it: the wait of nine in ten, or the share in target, says what became worse."""
    words = Words("en", RULES)
    old = Group(count=50, half=300, most=900, within=0.95)
    most = against(replace(old, most=4500, within=0.81), old, words)
    share = against(replace(old, within=0.81), old, words)
    both = against(replace(old, half=60, most=4500), old, words)

    assert [most, share, both, against(old, old, words)] == [
        "nine in ten: 1 h longer",
        "in target: 81 %, before 95 %",
        "4 min shorter · nine in ten: 1 h longer",
        "as before",
    ]


def test_the_chart_says_why_it_has_no_line_of_a_target():
    """One line where all shown have the same target; where they differ, a word below it."""

    def said(**targets: tuple[int, ...]) -> tuple[bool, bool]:
        services = [group(50, name) for name in targets]
        read = replace(read_of(50), services=services, targets=targets)
        report = make(read, WEEK, Words("en", RULES), behind=lambda **more: "")
        day = next(section for section in report.sections if section.id == "day")
        return "no line of a target" in day.how, "line target" in day.chart

    assert said(card=(900,), passport=(900,)) == (False, True)
    assert said(card=(900,), passport=(1200,)) == (True, False)


def test_tiles_say_of_how_many_days_they_are_compared():
    """Sums are said of one day each, since a month has more days than the week that it is held against."""
    found = replace(
        read_of(50),
        whole=replace(group(1_007), days=21, served=1_007, issued=1_100, transfers=12),
        earlier=replace(group(153), days=1, served=153),
        usual=replace(group(19), days=40, served=1_600),
    )

    tiles = {tile.id: tile.notes for tile in make(found, WEEK, Words("en", RULES), behind=lambda **more: "").tiles}

    assert tiles["served"] == (
        "of 1,100 who queued",
        "and 12 passed on to another service",
        "48 a day",
        "before (1 day): 153 a day",
        "usual (40 days): 40 a day",
    )
    assert tiles["half"][1:] == ("before (1 day): 40 min", "usual (40 days): 40 min*")


def test_of_days_that_go_on_no_usual_day_is_said():
    """What is usual is of whole days, and the last of these is not over."""
    found = replace(read_of(50), whole=replace(group(50), days=2), usual=replace(group(90), days=40), until=21)

    report = make(found, WEEK, Words("en", RULES), behind=lambda **more: "")

    assert not any("usual" in note for tile in report.tiles if tile.id == "served" for note in tile.notes)


@pytest.mark.parametrize(("days", "count"), [(1, 50), (5, 19)])
def test_a_week_of_one_day_or_of_few_is_no_trend(days: int, count: int):
    """It is drawn and marked; the title goes from the first to the last of the others."""
    weeks = [
        replace(group(50, "2026-11-09"), within=0.3),
        replace(group(50, "2026-11-16"), within=0.5),
        replace(group(count, "2026-11-23"), within=0.9),
    ]
    found = replace(read_of(50), course=weeks, days={"2026-11-09": 5, "2026-11-16": 5, "2026-11-23": days})

    level = next(
        one for one in make(found, WEEK, Words("en", RULES), behind=lambda **more: "").sections if one.id == "level"
    )

    assert level.title == "Called within target: up from 30 % to 50 % over the weeks"
    assert level.table.rows[-1][0].said == ("23 Nov* (one day only)" if days == 1 else "23 Nov*")
    assert "Weeks with * rest on one day" in level.how


def test_with_a_single_steady_week_no_title_claims_a_trend():
    """From one week to nowhere nothing rises."""
    found = replace(read_of(50), days={"2026-11-16": 5, "2026-11-23": 1})

    level = next(
        one for one in make(found, WEEK, Words("en", RULES), behind=lambda **more: "").sections if one.id == "level"
    )

    assert level.title == "Called within target, week by week"


@pytest.mark.parametrize(
    ("days", "count", "drawn"), [(4, 10, True), (4, 9, False), (2, 50, False), (3, 50, False), (6, 7, True)]
)
def test_a_small_trend_needs_two_days_and_twenty_cases_at_both_ends(days: int, count: int, drawn: bool):
    """Else the row has none: a line from one day to the next is no trend."""
    trends = [group(count, "card", f"2026-11-{23 + day}") for day in range(days)]

    services = next(
        one
        for one in make(
            replace(read_of(50), trends=trends), WEEK, Words("en", RULES), behind=lambda **more: ""
        ).sections
        if one.id == "services"
    )

    assert (services.table.rows[0][8].value != "") is drawn


def test_what_is_exported_of_services_says_how_their_steps_ended():
    """Served and passed on are two figures, the same as on the tile."""
    found = replace(read_of(50), services=[replace(group(50, "card"), issued=60, served=40, transfers=5)])

    services = next(
        one for one in make(found, WEEK, Words("en", RULES), behind=lambda **more: "").sections if one.id == "services"
    )
    head, row = csv_of(services.exported, comma=False).decode("utf-8-sig").splitlines()

    assert head.split(",")[-3:] == ["Queued", "Served", "Passed on"]
    assert row.split(",")[-3:] == ["60", "40", "5"]


def test_it_is_compared_with_nothing_where_nobody_queued_before():
    """A mall's first month names no days of which it knows nothing."""
    compared = {
        many: make(
            replace(read_of(50), earlier=group(many) if many else Group()),
            WEEK,
            Words("en", RULES),
            behind=lambda **more: "",
        ).compared
        for many in (0, 5)
    }

    assert compared == {0: "", 5: "16 – 22 November 2026"}
