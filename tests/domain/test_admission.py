"""Whether a service takes somebody now: hours, quota, pause, hold, and closing in time."""

from typing import Any

import pytest
from msgspec.structs import replace

from queue_server.domain import commands as c
from queue_server.domain.admission import availability, closing_soon, why_closed, why_not_sent
from queue_server.domain.records import Estimate
from queue_server.domain.rules import Kiosk
from tests.domain.hall import DAY, EVENING, HOUR, MINUTE, MORNING, Hall, counter, rules, service

LUNCH = (MORNING + 4 * HOUR, MORNING + 5 * HOUR)


def asks(hall: Hall, **fields: object) -> tuple[str, str | None]:
    return hall.refuses(c.IssueTicket, ticket="late", services=("passport",), **fields)


@pytest.mark.parametrize(
    ("at", "reason"),
    [
        (MORNING - 1, "closed_now"),
        (MORNING, None),
        (LUNCH[0] - 1, None),
        (LUNCH[0], "closed_now"),
        (LUNCH[1] - 1, "closed_now"),
        (LUNCH[1], None),
        (EVENING - 1, None),
        (EVENING, "closed_now"),
    ],
)
def test_a_service_is_open_within_each_of_its_intervals(at: int, reason: str | None):
    """From the first millisecond of an interval to the last before its end; lunch lies between two."""
    hall = Hall(rules(service("passport", "P", open=((MORNING, LUNCH[0]), (LUNCH[1], EVENING)))))

    assert why_closed(hall.state, "passport", at) == reason
    hall.at = max(at, hall.at)
    if reason is None:
        hall.issue("passport")
    elif at > MORNING:
        assert asks(hall) == ("service_closed", reason)


def test_a_service_without_hours_today_is_closed_today():
    """A day without an interval says so, and not that one should come later."""
    hall = Hall(rules(service("passport", "P", open=())))

    assert asks(hall) == ("service_closed", "closed_today")


def test_a_quota_counts_every_ticket_of_the_day():
    """Also those that were cancelled since: the day's number of tickets is what was agreed."""
    hall = Hall(rules(service("passport", "P", quota=2)))
    hall.issue("visa", "one", "passport")
    hall.issue("passport", "two")

    hall.does(c.CancelTicket, ticket="two")

    assert asks(hall) == ("quota_reached", "quota_reached")


def test_a_paused_service_takes_nobody_until_it_goes_on():
    """A supervisor's pause has a reason, and whoever waits already stays."""
    hall = Hall()
    hall.issue("passport", "early")
    hall.does(c.PauseService, service="passport", reason="fire", by="sup")

    refused = asks(hall)
    hall.does(c.ResumeService, service="passport", by="sup")

    assert refused == ("service_closed", "paused")
    assert hall.states("early") == ["waiting"]
    hall.issue("passport")


def test_a_held_hall_takes_nobody():
    """While the hall is held the kiosks stop too."""
    hall = Hall()

    hall.does(c.HoldHall, reason="fire", by="sup")

    assert asks(hall) == ("service_closed", "held")


@pytest.mark.parametrize(
    ("closing", "minutes", "told", "refused"),
    [
        ("off", 30, False, False),
        ("warn", 29, False, False),
        ("warn", 30, True, False),
        ("stop", 29, False, False),
        ("stop", 30, True, True),
    ],
)
def test_closing_in_time(closing: str, minutes: int, told: bool, refused: bool):
    """When those who wait are expected to fill the time that is left, the kiosk warns or stops, as configured."""
    hall = Hall(rules(policy={"closing": closing}))
    hall.at = EVENING - 30 * MINUTE
    estimate = Estimate(p50=minutes * MINUTE, p90=60 * MINUTE)

    assert closing_soon(hall.state, "passport", hall.at, estimate) is told
    if refused:
        assert asks(hall, estimates={"passport": estimate}) == ("service_closed", "full")
    else:
        hall.issue("passport", None, estimates={"passport": estimate})


def test_where_nothing_is_known_of_the_wait_nobody_is_turned_away():
    """Without an estimate the service closes by its hours alone."""
    hall = Hall(rules(policy={"closing": "stop"}))
    hall.at = EVENING - 1

    hall.issue("passport")

    assert not closing_soon(hall.state, "passport", hall.at, None)


def test_a_paper_roll_gives_no_number_at_a_kiosk():
    """Numbers of such a service hang at the entrance."""
    hall = Hall(rules(service("passport", "P", paper_roll=True)))

    assert asks(hall) == ("service_closed", "paper_roll")


def test_a_closed_day_takes_nobody():
    """After the end of the business day nothing is decided until the next has begun."""
    hall = Hall()

    hall.close_day()

    assert asks(hall) == ("service_closed", "closed_today")
    assert why_closed(hall.state, "passport", hall.at) == "closed_today"


def test_every_service_of_a_journey_must_take_somebody():
    """One slip for several services is given only if all of them are open."""
    hall = Hall(rules(service("tax", "T", open=((DAY, MORNING),)), counter("1", "passport")))

    refused = hall.refuses(c.IssueTicket, ticket="late", services=("passport", "tax"))

    assert refused == ("service_closed", "closed_now")


@pytest.mark.parametrize(
    ("changes", "staffed", "closed", "not_sent"),
    [
        ({}, False, None, None),
        ({"quota": 0}, False, "quota_reached", None),
        ({"open": ((MORNING - HOUR, MORNING), LUNCH)}, True, "closed_now", None),
        ({"open": ((MORNING - HOUR, MORNING), LUNCH)}, False, "closed_now", "closed_now"),
        ({"open": ((MORNING - HOUR, MORNING),)}, False, "closed_now", "closed_today"),
        ({"open": ()}, True, "closed_today", "closed_today"),
    ],
)
def test_who_is_sent_is_kept_away_by_less_than_who_comes(
    changes: dict[str, object], staffed: bool, closed: str | None, not_sent: str | None
):
    """Only where nobody is called; a transfer is taken or refused by the same answer."""
    hall = Hall(rules(service("tax", "T", **changes)))
    hall.open("1", *(["3"] if staffed else []))
    hall.issue("passport", "anna")
    hall.serve("1")

    answers = availability(hall.state, "tax", hall.at, None)[0], why_not_sent(hall.state, "tax", hall.at)
    if not_sent is None:
        hall.does(c.TransferTicket, counter="1", service="tax")
    else:
        assert hall.refuses(c.TransferTicket, counter="1", service="tax") == ("service_closed", not_sent)

    assert answers == (closed, not_sent)


def test_a_pause_keeps_away_who_is_sent_and_a_hold_does_not():
    """In a hold nobody is called, and nobody loses a place by being sent on."""
    hall = Hall()
    hall.does(c.PauseService, service="tax", reason="lost", by="sup")
    hall.does(c.HoldHall, reason="hold", by="sup")
    paused = why_not_sent(hall.state, "tax", hall.at)
    hall.does(c.ResumeService, service="tax", by="sup")

    assert (paused, why_closed(hall.state, "tax", hall.at)) == ("paused", "held")
    assert why_not_sent(hall.state, "tax", hall.at) is None


def at_a_kiosk(**fields: Any) -> Hall:
    agreed = rules(service("passport", "P"), service("tax", "T"))
    return Hall(replace(agreed, kiosks={"door": Kiosk(id="door", name={"en": "Door"}, **fields)}))


def asks_there(hall: Hall, *services: str) -> tuple[str, str | None]:
    return hall.refuses(c.IssueTicket, ticket="late", services=services, kiosk="door")


def test_a_kiosk_gives_tickets_for_its_own_menu_only():
    """What it does not offer is refused there, on a journey too, and given at the desk and at kiosks nobody lists."""
    hall = at_a_kiosk(services=("tax",))

    refused = [asks_there(hall, "passport"), asks_there(hall, "tax", "passport")]

    assert refused == [("service_closed", "not_here")] * 2
    hall.issue("tax", kiosk="door")
    hall.issue("passport", kiosk="unlisted")
    hall.issue("passport", kiosk="door", channel="desk")


def test_a_kiosk_gives_tickets_within_its_own_hours():
    """They close one machine, not the service."""
    hall = at_a_kiosk(open=((MORNING, MORNING + HOUR),))

    hall.issue("passport", kiosk="door")
    hall.at += HOUR

    assert asks_there(hall, "passport") == ("service_closed", "kiosk_closed")
    hall.issue("passport")
