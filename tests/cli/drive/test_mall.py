"""The mall that is made for a recorded day."""

from collections.abc import Iterable
from datetime import date
from zoneinfo import ZoneInfo

import pytest

from queue_server.cli.drive.arrivals import Arrival, Day
from queue_server.cli.drive.mall import USUAL_MS, mall_of, usual_service
from queue_server.settings import load

START = 1_578_902_400_000
MINUTE = 60_000


def arrival(
    minute: int,
    *,
    agency: str = "Office",
    queue: str = "12",
    service: str = "Passports",
    called: float | None = None,
    counters: int | None = None,
) -> Arrival:
    return Arrival(
        line=2,
        agency=agency,
        queue=queue,
        service=service,
        issued_at=START + minute * MINUTE,
        called_at=None if called is None else START + round(called * MINUTE),
        open_counters=counters,
    )


def day_of(arrivals: Iterable[Arrival]) -> Day:
    return Day(
        date=date(2020, 1, 13),
        zone=ZoneInfo("Europe/Warsaw"),
        start_hour=9,
        starts_at=START,
        ends_at=START + 24 * 60 * MINUTE,
        arrivals=tuple(arrivals),
        skipped=(),
    )


def test_each_office_is_an_agency_and_each_queue_a_service(tmp_path):
    """What the mall's own reader makes of it: every queue with a prefix of its own, always open, no quota."""
    rows = [
        arrival(0, agency=agency, queue=queue, service=f'"{agency}"\\ {queue} żółć 漢')
        for agency in ("UD Żoliborz", "UD_Zoliborz", "漢字")
        for queue in ("1", "2")
    ]

    mall = mall_of(day_of(rows))

    (tmp_path / "config.toml").write_text(mall.config, encoding="utf-8")
    settings = load(tmp_path / "config.toml")
    assert {agency.name["en"] for agency in settings.agencies.values()} == {"UD Żoliborz", "UD_Zoliborz", "漢字"}
    assert list(mall.agencies) == list(settings.agencies)
    assert {service.name["en"] for service in settings.services.values()} == {row.service for row in rows}
    assert len({service.prefix for service in settings.services.values()}) == 6
    assert all(len(service.prefix) == 2 and service.quota is None for service in settings.services.values())
    assert settings.mall.timezone == "Europe/Warsaw"
    assert settings.mall.day_starts == 9 * 60


def test_more_queues_than_two_letters_get_three(tmp_path):
    """There is a prefix for every queue of a whole country."""
    mall = mall_of(day_of(arrival(0, queue=str(number)) for number in range(600)))

    prefixes = [queue.prefix for queue in mall.queues]
    assert len(set(prefixes)) == 600
    assert {len(prefix) for prefix in prefixes} == {2, 3}


def test_counters_are_as_many_as_were_ever_open():
    """The most that the file says, where it says anything."""
    mall = mall_of(day_of([arrival(0, called=1, counters=2), arrival(1, called=2, counters=4), arrival(2, called=3)]))

    assert mall.queues[0].counters == ("aa1", "aa2", "aa3", "aa4")


def test_counters_that_are_not_known_are_as_many_as_the_day_needs():
    """Without a word about counters the busiest half-hour is served as it comes: 24 people take four counters."""
    mall = mall_of(day_of(arrival(minute) for minute in range(24)))

    assert mall.queues[0].serve_ms == USUAL_MS
    assert len(mall.queues[0].counters) == 4


def test_whoever_comes_in_the_last_hour_is_served_before_the_day_ends():
    """A crowd at the very end gets the counters that it needs."""
    mall = mall_of(day_of(arrival(23 * 60 + 50, counters=1) for _ in range(500)))

    assert len(mall.queues[0].counters) * 60 * MINUTE >= 500 * mall.queues[0].serve_ms


def test_serving_takes_as_long_as_calls_are_apart_while_people_wait():
    """Two counters that call every three minutes take six for each."""
    rows = [arrival(0, called=3 * place) for place in range(10)]

    assert usual_service(rows, 2) == 6 * MINUTE
    assert usual_service(rows, None) == 3 * MINUTE


def test_calls_of_people_who_had_just_come_say_nothing():
    """A counter that waits for people is not slow."""
    rows = [arrival(20 * place, called=20 * place) for place in range(10)]

    assert usual_service(rows, 1) == USUAL_MS


def test_without_calls_the_known_counters_are_kept_busy():
    """Eleven people in a hundred minutes at two counters: 85 % of 200 minutes for eleven."""
    rows = [arrival(10 * place) for place in range(11)]

    assert usual_service(rows, 2) == pytest.approx(0.85 * 200 / 11 * MINUTE, abs=1000)


def test_odd_days_give_no_odd_services():
    """Never under a minute, never over half an hour."""
    assert usual_service([arrival(0, called=place / 100) for place in range(10)], 1) == MINUTE
    assert usual_service([arrival(0, called=120 * place) for place in range(10)], 1) == 30 * MINUTE
