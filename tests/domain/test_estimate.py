"""How long people will wait: the forward run, what it answers where little is known, and the range around it."""

from math import exp
from time import process_time

import pytest

from queue_server.domain import commands as c
from queue_server.domain import estimate
from queue_server.domain.decide import decide
from queue_server.domain.estimate import AT_FIRST, Estimator, Spread, bands, forecast, spread_of, usual_ms
from queue_server.domain.evolve import evolve
from queue_server.domain.records import Estimate
from tests.domain.hall import DAY, HOUR, MINUTE, MORNING, Hall, counter, rules, service

EACH = 6 * MINUTE
"""How long serving takes in this hall, until its own times say otherwise."""


def a_hall(*counters: str) -> Hall:
    hall = Hall(rules(*(service(id_, prefix, expected_ms=EACH) for id_, prefix in (("passport", "P"), ("visa", "V")))))
    hall.open(*counters)
    return hall


def waits(hall: Hall) -> dict[str, int]:
    """What is left for each who waits, in minutes."""
    return {ticket: wait // MINUTE for ticket, wait in forecast(hall.state, hall.at).tickets.items()}


def newcomer(hall: Hall, wanted: str) -> int | None:
    """Minutes for somebody regular who came now."""
    wait = forecast(hall.state, hall.at).services.get(wanted)
    return None if wait is None else wait // MINUTE


def test_nobody_waits_nobody_has_to():
    """At a free counter somebody who comes now is called at once."""
    assert newcomer(a_hall("2"), "passport") == 0


def test_what_no_open_counter_serves_has_no_estimate():
    """Closed or paused: nothing can be said, and nothing is."""
    hall = a_hall("2", "3")
    hall.issue("passport", "anna")
    hall.does(c.PauseCounter, counter="2", reason="lunch")

    told = forecast(hall.state, hall.at)

    assert (told.services, told.tickets) == ({"tax": 0, "visa": 0}, {})
    assert "passport elderly" not in told.priority


def test_one_counter_works_through_its_queue():
    """One after the other, each as long as the service usually takes; a newcomer stands behind them."""
    hall = a_hall("2")
    for name in ("anna", "budi", "cici"):
        hall.issue("passport", name)

    assert waits(hall) == {"anna": 0, "budi": 6, "cici": 12}
    assert newcomer(hall, "passport") == 18


def test_two_counters_share_a_queue():
    """Each becomes free on its own and calls whoever is due first of what it serves."""
    hall = a_hall("1", "2")
    for name in ("anna", "budi", "cici"):
        hall.issue("passport", name)
    hall.later(MINUTE)
    hall.issue("visa", "dedi")

    assert waits(hall) == {"anna": 0, "budi": 0, "cici": 6, "dedi": 12}
    assert (newcomer(hall, "passport"), newcomer(hall, "visa")) == (6, 18)


def test_the_run_follows_the_dispatch():
    """Who is due sooner is called sooner, and a newcomer passes those who are due later."""
    hall = a_hall("2")
    hall.issue("passport", "late", booked_at=MORNING + 2 * HOUR)
    hall.issue("passport", "regular")
    hall.later(MINUTE)
    hall.issue("passport", "elder", category="elderly")

    assert waits(hall) == {"elder": 0, "regular": 6, "late": 12}
    assert newcomer(hall, "passport") == 12


def test_whoever_is_called_before_for_something_else_is_counted():
    """Behind four who want a visa at the only counter the passport's newcomer is told of four, not of nobody."""
    hall = a_hall("1")
    for name in ("anna", "budi", "cici", "dedi"):
        hall.issue("visa", name)
    hall.later(MINUTE)
    hall.issue("passport", "edi")
    hall.later(MINUTE)

    told = forecast(hall.state, hall.at)

    assert (waits(hall)["edi"], told.others["edi"]) == (24, 4)
    assert (newcomer(hall, "passport"), told.others["passport"]) == (30, 4)
    assert (newcomer(hall, "visa"), told.others["visa"]) == (30, 1)


def test_another_counter_is_not_counted():
    """Those whom only other counters call do not stand before anybody."""
    hall = a_hall("2", "3")
    for name in ("anna", "budi"):
        hall.issue("visa", name)

    told = forecast(hall.state, hall.at)

    assert (newcomer(hall, "passport"), told.others["passport"]) == (0, 0)


def test_priority_shows_in_what_a_newcomer_is_told():
    """Whoever is due sooner is told the wait of their own category; those with one target are told alike."""
    hall = a_hall("2")
    for name in ("anna", "budi", "cici"):
        hall.issue("passport", name)

    told = forecast(hall.state, hall.at)

    assert told.services["passport"] // MINUTE == 18
    assert told.priority["passport elderly"] // MINUTE == 0
    assert told.priority["passport pregnant"] == told.priority["passport elderly"]
    assert "passport elderly" not in told.services


def test_help_after_holds_for_newcomers_too():
    """At a counter that helps late, somebody for that service stands behind its own people."""
    hall = Hall(
        rules(counter("1", "passport", "visa", help_after={"visa": HOUR}), service("passport", "P", expected_ms=EACH))
    )
    hall.open("1")
    hall.issue("passport", "anna")
    hall.later(MINUTE)
    hall.issue("passport", "budi")

    assert newcomer(hall, "visa") == 12


def test_an_addressed_step_waits_for_its_counter():
    """Even where another counter would be free sooner."""
    hall = a_hall("1", "2")
    hall.issue("passport", "anna")
    hall.serve("2")
    hall.issue("passport", "for 2", counter="2")
    hall.issue("passport", "for all")

    assert waits(hall) == {"for 2": 6, "for all": 0}


@pytest.mark.parametrize(("lasted", "left"), [(0, 6), (2, 4), (5, 1), (20, 1)])
def test_who_is_being_served_is_done_after_the_usual_time(lasted: int, left: int):
    """What has passed of it counts; what lasts longer than usual has a quarter of that to go still."""
    hall = a_hall("2")
    hall.issue("passport", "anna")
    hall.issue("passport", "budi")
    hall.serve("2")
    hall.later(lasted * MINUTE)

    assert waits(hall) == {"budi": left}


def test_who_is_called_has_the_whole_service_to_come():
    """The citizen is still on the way."""
    hall = a_hall("2")
    hall.issue("passport", "anna")
    hall.issue("passport", "budi")
    hall.call("2")
    hall.later(MINUTE)

    assert waits(hall) == {"budi": 6}


def test_the_days_own_times_replace_the_configured_one():
    """The mean of the latest twenty; fewer than five are filled up with the configured time."""
    hall = a_hall("2")
    usual = []
    for _ in range(25):
        hall.issue("passport")
        hall.serve("2")
        hall.later(MINUTE)
        hall.does(c.FinishService, counter="2")
        usual.append(usual_ms(hall.state, "passport"))

    assert usual_ms(hall.state, "visa") == EACH
    assert usual[:5] == [5 * MINUTE, 4 * MINUTE, 3 * MINUTE, 2 * MINUTE, MINUTE]
    assert usual[-1] == MINUTE


def test_a_forecast_changes_nothing():
    """The state is only read."""
    hall = a_hall("1", "2")
    for wanted in ("passport", "visa", "passport"):
        hall.issue(wanted)
    before = hall.state.facts()

    forecast(hall.state, hall.at)

    assert hall.state.facts() == before


def test_forecast_keeps_the_promise_of_an_estimator():
    """A better one takes its place by the same signature."""
    estimator: Estimator = forecast

    assert estimator(a_hall("2").state, MORNING).services == {"passport": 0}


# Many


def a_crowd(waiting: int, services: int = 100, counters: int = 30) -> Hall:
    """Many who wait for many services, a few of which each counter serves."""
    ids = [f"s{i}" for i in range(services)]
    letters = "ABCDEFGHIJ"
    offered = [
        service(id_, letters[i // 10] + letters[i % 10], expected_ms=EACH, open=((DAY, DAY + 24 * HOUR),))
        for i, id_ in enumerate(ids)
    ]
    desks = [counter(f"c{i}", *(ids[(7 * i + j) % services] for j in range(8))) for i in range(counters)]
    hall = Hall(rules(*offered, *desks))
    for i in range(counters):
        hall.open(f"c{i}")
    for i in range(waiting):
        category = "elderly" if i % 5 == 0 else "regular"
        at = hall.at + i
        wanted = (ids[i % services],)
        for event in decide(hall.state, c.IssueTicket(at=at, ticket=f"t{i}", services=wanted, category=category)):
            evolve(hall.state, event)
    hall.later(waiting)
    return hall


def test_whoever_the_run_does_not_reach_is_told_by_the_rate():
    """Everybody in a crowd is told, in the order of their turns, and a newcomer stands behind them all."""
    hall = a_crowd(6_000, services=1, counters=1)

    told = forecast(hall.state, hall.at)

    assert told.tickets.keys() == hall.state.tickets.keys()
    in_turn = list(told.tickets.values())
    assert in_turn == sorted(in_turn)
    assert abs(in_turn[-1] - 5_999 * EACH) < EACH
    assert abs(told.services["s0"] - 6_000 * EACH) < EACH


def test_priority_shows_where_the_run_does_not_reach():
    """Behind two thousand of their own category, yet before ten thousand others."""
    hall = a_crowd(12_500, services=1, counters=1)

    told = forecast(hall.state, hall.at)

    assert abs(told.priority["s0 elderly"] - 2_500 * EACH) < EACH
    assert abs(told.services["s0"] - 12_500 * EACH) < EACH


def test_a_crowd_costs_little():
    """Ten thousand who wait for a hundred services: within 30 ms, which a loaded machine may take thrice over."""
    hall = a_crowd(10_000)

    took = []
    for _ in range(5):
        before = process_time()
        forecast(hall.state, hall.at)
        took.append(process_time() - before)

    assert len(forecast(hall.state, hall.at).tickets) == 10_000
    assert min(took) < 0.1


def test_a_crowd_beyond_all_measure_costs_no_more():
    """However many wait, no more are played through and told one by one than is bounded."""
    hall = a_crowd(15_000, services=3, counters=3)

    told = forecast(hall.state, hall.at)

    assert len(told.tickets) == estimate.RUN + estimate.TOLD
    assert told.services.keys() == {"s0", "s1", "s2"}


# The range


def test_at_first_the_range_is_that_of_a_short_queue():
    """Before anything is known: somewhat below the mean for half, nearly twice of it for nine in ten."""
    told = bands(10 * MINUTE, ())

    assert (round(told.p50 / MINUTE, 1), round(told.p90 / MINUTE, 1)) == (8.9, 18.4)


def test_the_range_learns_from_how_wrong_it_was():
    """Where waits took twice what was expected, twice is told, and the range closes as they agree."""
    told = bands(10 * MINUTE, [2.0] * 200)

    assert (told.p50, told.p90) == (20 * MINUTE, 20 * MINUTE)


def test_a_few_ratios_move_it_a_little():
    """The ten that stand in at first weigh as much as ten true ones."""
    few = spread_of([2.0] * 2)
    some = spread_of([2.0] * 6)

    assert spread_of(()).p50 < few.p50 < some.p50 < 2.0


def test_what_is_worked_out_once_serves_for_all():
    """A spread may be given in place of the ratios."""
    spread = spread_of([1.0] * 100)

    assert bands(MINUTE, spread) == bands(MINUTE, [1.0] * 100)
    assert bands(0, Spread(p50=1.0, p90=2.0)) == Estimate(p50=0, p90=0)


def test_the_ratios_at_first_are_what_they_are_said_to_be():
    """The middles of ten equal parts of the sum of three exponential times, over its mean."""

    def share_below(ratio: float) -> float:
        x = 3 * ratio
        return 1 - exp(-x) * (1 + x + x * x / 2)

    shares = [share_below(ratio) for ratio in AT_FIRST]

    assert shares == pytest.approx([0.05 + 0.1 * i for i in range(10)], abs=0.005)
