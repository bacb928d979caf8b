"""Reading a recorded day: what is taken, what is left out and why."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from queue_server.cli.drive.arrivals import LONGEST_NAME, NEEDED, Day, read_day
from queue_server.errors import Invalid

HEADER = "agency,queue,service,ticket,issued_at,called_at,open_counters_at_issue"
UTC_ZONE = ZoneInfo("UTC")


@pytest.fixture
def read(tmp_path):
    """The day of a file with these bytes, or with these rows under the usual header."""

    def read_(*rows, raw=None, header=HEADER, zone=UTC_ZONE):
        path = tmp_path / "day.csv"
        path.write_bytes("\n".join([header, *rows, ""]).encode() if raw is None else raw)
        return read_day(path, zone)

    return read_


def ms(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1000)


def whys(day: Day) -> dict[int, str]:
    return {skip.line: skip.why for skip in day.skipped}


def test_a_row_becomes_an_arrival(read):
    """Each column is found by its name in the first line."""
    day = read("Office,12,Passports,7,2020-01-13T08:05:48,2020-01-13T08:15:30,3.0")

    (row,) = day.arrivals
    assert (row.line, row.agency, row.queue, row.service) == (2, "Office", "12", "Passports")
    assert (row.issued_at, row.called_at) == (ms("2020-01-13T08:05:48"), ms("2020-01-13T08:15:30"))
    assert row.open_counters == 3
    assert (day.date, day.start_hour, day.skipped) == (date(2020, 1, 13), 8, ())


def test_columns_may_stand_in_any_order_among_others(read):
    """What is not needed may be missing, and other columns are passed over."""
    day = read("x,2020-01-13 09:00,Passports,12,Office", header="More,ISSUED_AT , service,queue,agency")

    (row,) = day.arrivals
    assert (row.agency, row.queue, row.called_at, row.open_counters) == ("Office", "12", None, None)


@pytest.mark.parametrize("unknown", ["", "NA", "nan", "null", "-", "?"])
def test_what_is_not_known_is_none(read, unknown):
    """Blank, NA and the like mean not known, and so do no open counters."""
    day = read(
        f"Office,12,Passports,7,2020-01-13T08:05:48,{unknown},{unknown}",
        "Office,12,Passports,8,2020-01-13T08:05:48,,0.0",
    )

    assert [(row.called_at, row.open_counters) for row in day.arrivals] == [(None, None)] * 2
    assert day.skipped == ()


def test_rows_come_in_order_of_issue(read):
    """Rows out of order are sorted; those of one instant stay as in the file."""
    day = read(
        "Office,12,Passports,7,2020-01-13T10:00:00,,",
        "Office,12,Passports,8,2020-01-13T09:00:00,,",
        "Office,13,Permits,9,2020-01-13T10:00:00,,",
        "Office,12,Passports,10,2020-01-13T10:00:00,,",
    )

    assert [row.line for row in day.arrivals] == [3, 2, 4, 5]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_byte_order_mark_and_line_ends_do_not_matter(read, end):
    """A file from a spreadsheet on any system is read alike."""
    rows = [HEADER, "Office,12,Passports,7,2020-01-13T10:00:00,,", "", "Office,12,Café,8,2020-01-13T10:01:00,,"]

    day = read(raw=b"\xef\xbb\xbf" + end.join(rows).encode())

    assert [(row.line, row.service) for row in day.arrivals] == [(2, "Passports"), (4, "Café")]


@pytest.mark.parametrize("separator", [";", "\t"])
def test_columns_may_be_separated_otherwise(read, separator):
    """Semicolons and tabs, as spreadsheets write them, are recognised by the first line."""
    row = "Office,12,Passports,7,2020-01-13T10:00:00,,".replace(",", separator)

    day = read(row, header=HEADER.replace(",", separator))

    assert len(day.arrivals) == 1


@pytest.mark.parametrize("said", ["sep=;", "SEP=;", '"sep=;"', "sep=|", "\ufeffsep=\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_spreadsheet_may_say_its_separator_first(read, said, end):
    """A first line `sep=;` says what stands between the columns; lines keep their numbers."""
    separator = said.strip('"')[-1]
    rows = [HEADER, "Office,12,Passports,7,2020-01-13T10:00:00,,", "Office,12,Passports,8,soon,,"]

    day = read(raw=end.join([said, *(row.replace(",", separator) for row in rows)]).encode())

    assert [row.line for row in day.arrivals] == [3]
    assert list(whys(day)) == [4]


def test_a_separator_alone_is_an_empty_file(read):
    """Nothing under `sep=;` is as good as nothing."""
    with pytest.raises(Invalid, match=r"day\.csv is empty"):
        read(raw=b"sep=;\r\n")


@pytest.mark.parametrize("raw", [b"", b"\n\n", b"\xef\xbb\xbf\r\n"])
def test_an_empty_file_says_what_it_should_hold(read, raw):
    """The refusal names the columns that are needed."""
    with pytest.raises(Invalid, match=r"day\.csv is empty; its first line must name at least agency, queue") as refused:
        read(raw=raw)

    assert refused.value.reason == "empty"


def test_a_file_of_names_alone_is_refused(read):
    """A first line and nothing else is no day."""
    with pytest.raises(Invalid, match="no row can be used, only the names of its columns"):
        read()


@pytest.mark.parametrize("missing", NEEDED)
def test_missing_columns_are_named(read, missing):
    """A file without a column that is needed is refused, and the column said."""
    with pytest.raises(Invalid, match=rf"has no column {missing}; its first line must name"):
        read("1,2,3,4,5,6,7", header=HEADER.replace(missing, "other"))


def test_a_column_that_stands_twice_is_refused(read):
    """Which of two columns is meant is not guessed."""
    with pytest.raises(Invalid, match="column issued_at twice"):
        read(header=HEADER.replace("ticket", "issued_at"))


def test_a_file_that_is_not_there_is_said(tmp_path):
    """The refusal names the path."""
    with pytest.raises(Invalid, match=r"none\.csv: there is no such file"):
        read_day(tmp_path / "none.csv", UTC_ZONE)


def test_a_folder_is_no_file(tmp_path):
    """What cannot be read is said with the system's own reason."""
    with pytest.raises(Invalid, match="cannot be read"):
        read_day(tmp_path, UTC_ZONE)


@pytest.mark.parametrize(
    "raw",
    [
        HEADER.encode("utf-16"),
        f"{HEADER}\nOffice,1,x,1,2020-01-13T10:00:00,,".encode("utf-16-le"),
        b"agency,qu\xff",
        b"PK\x03\x04\x00",
    ],
)
def test_what_is_not_utf_8_at_all_is_refused(read, raw):
    """UTF-16, archives and the like are refused with what to do."""
    with pytest.raises(Invalid, match="not UTF-8 text; save it as CSV in UTF-8"):
        read(raw=raw)


def test_one_line_that_is_not_utf_8_is_skipped(read):
    """The rest of the file is used."""
    good = b"Office,12,Passports,7,2020-01-13T10:00:00,,\n"

    day = read(raw=HEADER.encode() + b"\n" + good + good.replace(b"Passports", b"Za\xbf") + good)

    assert [row.line for row in day.arrivals] == [2, 4]
    assert whys(day) == {3: "is not UTF-8; save the file as UTF-8"}


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("Office,12,Passports,7,,,", "issued_at is not known"),
        ("Office,12,Passports,7,yesterday,,", 'issued_at "yesterday" is no time; write it like 2020-01-13T08:05:48'),
        ("Office,12,Passports,7,2020-01-13,,", 'issued_at "2020-01-13" has no time of day'),
        ("Office,12,Passports,7,0001-01-01T10:00:00,,", 'issued_at "0001-01-01T10:00:00" is no year of ours'),
        (
            "Office,12,Passports,7,2020-01-13T10:00:00,soon,",
            'called_at "soon" is no time; write it like 2020-01-13T08:05:48',
        ),
        ("Office,12,Passports,7,2020-01-13T10:00:00,2020-01-13T09:59:59,", "was called before it was issued"),
        ("Office,12,Passports,7,2020-01-13T10:00:00,2020-01-14T11:00:00,", "was called after 2020-01-13 had ended"),
        (",12,Passports,7,2020-01-13T10:00:00,,", "agency is empty"),
        ("Office, ,Passports,7,2020-01-13T10:00:00,,", "queue is empty"),
        ("Office,12,Pass\x07ports,7,2020-01-13T10:00:00,,", "service holds a control character"),
        ("Office,12,Passports,7", "has 4 fields, the first line 7"),
        ("Office,12,Passports,7,2020-01-13T10:00:00,,,", "has 8 fields, the first line 7"),
        (
            'Office,12,"Pass"ports,7,2020-01-13T10:00:00,,',
            "is no CSV (',' expected after '\"'; is a quotation mark missing?)",
        ),
        (f"Office,12,{'x' * 300},7,2020-01-13T10:00:00,,", "service has 300 characters; is a quotation mark missing?"),
    ],
)
def test_a_bad_row_is_named_and_skipped(read, row, why):
    """Its line and the reason are said, and the rows around it are used."""
    good = "Office,12,Passports,7,2020-01-13T10:00:00,,"

    day = read(good, row, good)

    assert whys(day) == {3: why}
    assert [one.line for one in day.arrivals] == [2, 4]


@pytest.mark.parametrize(
    ("counters", "why"),
    [
        ("zz", 'open_counters_at_issue "zz" is no number'),
        ("1.5", 'open_counters_at_issue "1.5" is no whole number from 0 to 200'),
        ("inf", 'open_counters_at_issue "inf" is no whole number from 0 to 200'),
        ("-1", 'open_counters_at_issue "-1" is no whole number from 0 to 200'),
    ],
)
def test_open_counters_that_cannot_be_read_cost_no_row(read, counters, why):
    """They are advice: what is written there is named and not known, and the citizen is not lost."""
    good = "Office,12,Passports,7,2020-01-13T10:00:00,,2"

    day = read(good, f"Office,12,Passports,8,2020-01-13T10:01:00,,{counters}", f"Office,12,Passports,9,,,{counters}")

    assert [(row.line, row.open_counters) for row in day.arrivals] == [(2, 2), (3, None)]
    assert {doubt.line: doubt.why for doubt in day.doubted} == {3: why}
    assert whys(day) == {4: "issued_at is not known"}


def test_a_huge_field_does_not_take_the_rest_with_it(read):
    """A field longer than any is a bad row; reading goes on with the next line."""
    good = "Office,12,Passports,7,2020-01-13T10:00:00,,"

    day = read(good, f'Office,12,"{"x" * 200_000}",7,2020-01-13T10:00:00,,', good)

    assert [row.line for row in day.arrivals] == [2, 4]
    assert whys(day) == {3: "is no CSV (field larger than field limit (131072); is a quotation mark missing?)"}


def test_a_quotation_mark_that_is_missing_costs_one_row(read):
    """A quote that never closes spoils its own line, not the file behind it."""
    good = "Office,12,Passports,7,2020-01-13T10:00:00,,"

    day = read('Office,12,"Passports,7,2020-01-13T10:00:00,,', *[good] * 50)

    assert list(whys(day)) == [2]
    assert len(day.arrivals) == 50


def test_a_name_may_have_a_line_break(read):
    """A quoted field over several lines is one row."""
    day = read('Office,12,"Pass\nports",7,2020-01-13T10:00:00,,', "Office,12,Passports,8,2020-01-13T10:00:00,,")

    assert [(row.line, row.service) for row in day.arrivals] == [(2, "Pass ports"), (4, "Passports")]


def test_the_longest_name_is_still_a_name(read):
    """The limit itself is allowed, and an empty service is called like its queue."""
    day = read(
        f"Office,12,{'x' * LONGEST_NAME},7,2020-01-13T10:00:00,,",
        "Office,12,,7,2020-01-13T10:00:00,,",
    )

    assert [len(row.service) for row in day.arrivals] == [LONGEST_NAME, 2]


def test_if_no_row_is_good_the_first_reason_is_said(read):
    """A file of bad rows alone is refused."""
    with pytest.raises(Invalid, match="no row can be used; line 2: issued_at is not known"):
        read("Office,12,Passports,7,,,", "Office,12,Passports,7,x,,")


def test_a_replay_is_one_day(read):
    """Rows of other dates than most are left out, a night's work after midnight is not."""
    day = read(
        "Office,12,Passports,7,2020-01-12T23:00:00,,",
        "Office,12,Passports,8,2020-01-13T08:30:00,,",
        "Office,12,Passports,9,2020-01-13T23:59:00,2020-01-14T00:30:00,",
        "Office,12,Passports,9,2020-01-14T00:10:00,,",
        "Office,12,Passports,9,2020-01-14T08:00:00,,",
    )

    assert [row.line for row in day.arrivals] == [3, 4, 5]
    assert whys(day) == {
        2: "is of 2020-01-12; this replay is of 2020-01-13",
        6: "is of 2020-01-14; this replay is of 2020-01-13",
    }
    assert (day.starts_at, day.ends_at) == (ms("2020-01-13T08:00:00"), ms("2020-01-14T08:00:00"))


def test_an_afternoon_begins_before_noon(read):
    """A business day may not begin later than at eleven."""
    assert read("Office,12,Passports,7,2020-01-13T17:00:00,,").start_hour == 11


def test_times_without_an_offset_are_local(read):
    """They are read in the zone that is named; those with an offset mean what they say."""
    day = read(
        "Office,12,Passports,7,2020-01-13T10:00:00,,",
        "Office,12,Passports,8,2020-01-13T10:00:00Z,,",
        "Office,12,Passports,9,2020-01-13T10:00:00+07:00,,",
        zone=ZoneInfo("Europe/Warsaw"),
    )

    assert {row.line: row.issued_at for row in day.arrivals} == {
        2: ms("2020-01-13T09:00:00"),
        3: ms("2020-01-13T10:00:00"),
        4: ms("2020-01-13T03:00:00"),
    }
    assert day.start_hour == 4


def test_an_hour_that_occurs_twice_is_named(read):
    """As clocks are put back a local time without an offset may be either; the first is used, and its line said."""
    day = read(
        "Office,12,Passports,7,2020-10-25T01:59:00,2020-10-25T02:10:00,",
        "Office,12,Passports,8,2020-10-25T02:30:00+01:00,,",
        "Office,12,Passports,9,2020-10-25T03:00:00,,",
        zone=ZoneInfo("Europe/Warsaw"),
    )

    instants = ("2020-10-24T23:59", "2020-10-25T01:30", "2020-10-25T02:00")
    assert [row.issued_at for row in day.arrivals] == [ms(at) for at in instants]
    assert day.arrivals[0].called_at == ms("2020-10-25T00:10")
    assert {doubt.line: doubt.why for doubt in day.doubted} == {
        2: 'called_at "2020-10-25T02:10:00" occurs twice in Europe/Warsaw, where clocks were put back;'
        " taken as the first; write its offset from UTC to be sure"
    }


def test_nobody_is_called_before_they_came_because_of_a_clock(read):
    """Of a call within the hour that occurs twice the second is meant where the first was before the ticket."""
    day = read("Office,12,Passports,7,2020-10-25T02:50:00,2020-10-25T02:10:00,", zone=ZoneInfo("Europe/Warsaw"))

    assert (day.arrivals[0].issued_at, day.arrivals[0].called_at) == (ms("2020-10-25T00:50"), ms("2020-10-25T01:10"))
    assert [doubt.line for doubt in day.doubted] == [2, 2]
    assert "taken as the second" in day.doubted[1].why


def test_an_hour_that_never_was_is_no_time(read):
    """As clocks are put forward a local time is left out; whoever wrote it meant another zone."""
    rows = [f"Office,12,Passports,7,2020-03-29T0{hour}:30:00,," for hour in (1, 2, 3)]

    day = read(*rows, zone=ZoneInfo("Europe/Warsaw"))

    assert [row.line for row in day.arrivals] == [2, 4]
    assert whys(day) == {
        3: 'issued_at "2020-03-29T02:30:00" does not exist in Europe/Warsaw, where clocks were put forward over it'
    }
