"""Cases that can be reckoned on paper: the rules of docs/statistics.md, one example each."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from queue_server.domain import commands as c
from queue_server.domain.estimate import newcomer
from queue_server.domain.records import Estimate
from queue_server.errors import Forbidden, Invalid
from queue_server.journal.sqlite import open_journal
from queue_server.stats.sight import Sight
from queue_server.stats.statistics import Statistics, open_statistics
from queue_server.stats.today import Today
from queue_server.wire.stats import CounterTimeView, Measures, StatsQuestion, StatsView
from tests.journal.hall import MINUTE, Hall

EVERYTHING = Sight()


class Mall:
    """A hall and what is asked about it, both at nine in the morning."""

    def __init__(self, folder: Path, **policy: Any) -> None:
        self.hall = Hall(open_journal(folder / "journal.db"), **policy)
        self.hall.open_day()
        self.statistics: Statistics = open_statistics(folder / "journal.db", folder / "statistics.db")

    def at_counter(self, counter: str, clerk: str, *moves: type[c.CounterCommand], **fields: Any) -> None:
        """One move after the other, the time standing still."""
        for move in moves:
            self.hall.do(move, counter=counter, clerk=clerk, **fields)

    def later(self, minutes: float) -> None:
        self.hall.at += round(minutes * MINUTE)

    def today(self) -> Any:
        today = Today()
        while not today.catch_up(self.hall.state):
            pass
        return today.day(self.hall.state, self.hall.at)

    def ask(self, *group: str, sight: Sight = EVERYTHING, **where: Any) -> StatsView:
        values = {name: (value,) if isinstance(value, str) else value for name, value in where.items()}
        question = StatsQuestion(from_="2026-11-23", to="2026-11-30", group=group, where=values)
        return self.statistics.answer(question, sight, self.today())

    def ask_counters(self, *group: str, sight: Sight = EVERYTHING, **where: tuple[str, ...]) -> CounterTimeView:
        question = StatsQuestion(from_="2026-11-23", to="2026-11-30", group=group, where=where)
        return self.statistics.counter_time(question, sight, self.today())

    def total(self, **where: Any) -> Measures:
        found = self.ask(**where).total
        assert found is not None
        return found


@pytest.fixture
def mall(tmp_path: Path):
    mall = Mall(tmp_path)
    yield mall
    mall.statistics.close()
    mall.hall.journal.close()


def test_a_no_show_that_came_back_is_none(mall: Mall):
    """It is what became of it then, and returned; one that did not come back stays a no-show."""
    came, stayed = mall.hall.issue("pass"), mall.hall.issue("pass")
    mall.at_counter("1", "ani", c.OpenCounter)
    for _ in (came, stayed):
        mall.at_counter("1", "ani", c.CallNext, c.MarkNoShow)
    mall.later(5)
    mall.hall.do(c.ReturnTicket, ticket=came, by="ani")
    mall.at_counter("1", "ani", c.CallNext, c.StartService, c.FinishService)

    found = mall.total()

    assert (found.served, found.no_shows, found.returned, found.no_show_share) == (1, 1, 1, 0.5)


def test_whoever_does_not_come_is_a_no_show_where_such_people_are_parked(tmp_path: Path):
    """Whatever the mall calls it."""
    mall = Mall(tmp_path, no_show_then="parked")
    mall.hall.issue("pass")
    mall.at_counter("1", "ani", c.OpenCounter, c.CallNext, c.MarkNoShow)

    assert (mall.total().no_shows, mall.total().open) == (1, 0)
    mall.hall.close_day()
    assert (mall.total().no_shows, mall.total().abandoned) == (1, 0)
    mall.statistics.close()
    mall.hall.journal.close()


def test_whoever_came_back_was_served_and_left_for_good_has_abandoned_it(tmp_path: Path):
    """A park after some serving is no missed call, though a call had been missed before."""
    mall = Mall(tmp_path, no_show_then="parked")
    ticket = mall.hall.issue("pass")
    mall.at_counter("1", "ani", c.OpenCounter, c.CallNext, c.MarkNoShow)
    mall.hall.do(c.ReturnTicket, ticket=ticket, by="ani")
    mall.at_counter("1", "ani", c.CallNext, c.StartService)
    mall.later(5)
    mall.at_counter("1", "ani", c.ParkTicket)
    mall.hall.close_day()
    found = mall.total()
    mall.statistics.close()
    mall.hall.journal.close()

    assert (found.no_shows, found.abandoned, found.returned) == (0, 1, 1)
    assert found.service.count == 1


def test_promises_are_held_against_what_came_true(mall: Mall):
    """Told half an hour at most and ten minutes as likely as not: one of two came within the ten, both within the half
    hour."""
    told = {newcomer("pass", "regular"): Estimate(p50=10 * MINUTE, p90=30 * MINUTE)}
    mall.at_counter("1", "ani", c.OpenCounter)
    for _ in range(2):
        mall.hall.issue("pass", estimates=told)
    mall.later(5)
    mall.at_counter("1", "ani", c.CallNext)
    mall.later(15)
    mall.at_counter("1", "ani", c.StartService, c.FinishService, c.CallNext)

    promised, within = mall.total(service="pass").promised, mall.total(service="pass").within_target

    assert (promised.count, promised.within_p50, promised.within_p90) == (2, 0.5, 1.0)
    assert (promised.p50_mean_s, promised.p90_mean_s, promised.wait_mean_s) == (600.0, 1800.0, 750.0)
    assert within == 0.5


def test_who_is_called_at_the_last_moment_was_told_the_truth(mall: Mall):
    """A wait as long as what was promised is within it."""
    told = {newcomer("pass", "regular"): Estimate(p50=10 * MINUTE, p90=10 * MINUTE)}
    mall.at_counter("1", "ani", c.OpenCounter)
    mall.hall.issue("pass", estimates=told)
    mall.later(10)
    mall.at_counter("1", "ani", c.CallNext)

    found = mall.total()

    assert (found.promised.within_p50, found.promised.within_p90, found.within_target) == (1.0, 1.0, 1.0)


def test_no_wait_is_less_than_a_minute_in_every_figure_and_list(mall: Mall):
    """Told "No wait": after 59 s that was true, after 60 s it was not, and only that one stands behind the share."""
    told = {newcomer("pass", "regular"): Estimate(p50=400, p90=900)}
    mall.at_counter("1", "ani", c.OpenCounter)
    _, second = mall.hall.issue("pass", estimates=told), mall.hall.issue("pass", estimates=told)
    mall.hall.at += 59_000
    mall.at_counter("1", "ani", c.CallNext, c.StartService, c.FinishService)
    mall.hall.at += 1_000
    mall.at_counter("1", "ani", c.CallNext)

    promised = mall.total().promised
    question = StatsQuestion(from_="2026-11-23", to="2026-11-30", where={"promise": ("over_p90",)})
    broken = mall.statistics.steps_behind(question, EVERYTHING, mall.today()).steps

    assert (promised.count, promised.within_p50, promised.within_p90) == (2, 0.5, 0.5)
    assert [step.ticket for step in broken] == [second]


def test_a_carried_ticket_counts_on_the_day_of_its_issue(mall: Mall):
    """With the wait that it had, over night, in the half-hour in which it came."""
    mall.later(6 * 60)
    mall.hall.issue("land")
    mall.hall.close_day()
    mall.hall.open_day()
    mall.at_counter("3", "citra", c.OpenCounter, c.CallNext)

    found = mall.ask("day", "half_hour")

    (row,) = found.rows
    assert row.key == {"day": "2026-11-23", "half_hour": "15:00"}
    assert row.measures is not None
    assert (row.measures.wait.max_s, row.measures.wait.few) == (18 * 3600, True)


def test_an_appointments_wait_begins_at_its_time(mall: Mall):
    """Whoever came ten minutes early and was called five minutes late has waited five, in the half-hour of the
    appointment."""
    mall.later(25)
    mall.hall.issue("pass", booked_at=mall.hall.at + 10 * MINUTE)
    mall.at_counter("1", "ani", c.OpenCounter)
    mall.later(15)
    mall.at_counter("1", "ani", c.CallNext)

    (row,) = mall.ask("half_hour").rows

    assert row.key == {"half_hour": "09:30"}
    assert row.measures is not None
    assert row.measures.wait.max_s == 300


def test_counters_time_adds_up(mall: Mall):
    """Open from nine to ten: walking, serving, a pause with its reason, idle, and idle while somebody waits."""
    mall.at_counter("1", "ani", c.OpenCounter)
    mall.later(10)
    mall.hall.issue("pass")
    mall.later(5)
    mall.at_counter("1", "ani", c.CallNext)
    mall.later(1)
    mall.at_counter("1", "ani", c.StartService)
    mall.later(19)
    mall.at_counter("1", "ani", c.FinishService)
    mall.at_counter("1", "ani", c.PauseCounter, reason="break")
    mall.later(25)

    found = mall.ask_counters("half_hour")

    told = [
        (row.key["half_hour"], row.time.idle_s, row.time.idle_waiting_s, row.time.walking_s, row.time.serving_s)
        for row in found.rows
        if row.time is not None
    ]
    assert told == [("09:00", 600, 300, 60, 840), ("09:30", 0, 0, 0, 300)]
    assert found.total is not None
    assert (found.total.open_s, found.total.paused_by) == (3600, {"break": 1500})


def test_an_agencys_people_see_their_counters_work(mall: Mall):
    """What was done for another agency at a counter that both share is not theirs."""
    mall.at_counter("1", "ani", c.OpenCounter)
    mall.hall.issue("pass")
    mall.at_counter("1", "ani", c.CallNext, c.StartService)
    mall.later(10)
    mall.at_counter("1", "ani", c.FinishService)
    mall.hall.issue("tax")
    mall.at_counter("1", "ani", c.CallNext, c.StartService)
    mall.later(4)

    theirs = mall.ask_counters("agency", sight=Sight(agencies=frozenset({"b"})))

    assert [row.key for row in theirs.rows] == [{"agency": "b"}]
    assert theirs.total is not None
    assert theirs.total.serving_s == 240


def test_one_persons_work_is_folded(mall: Mall):
    """Groups of one clerk's work go into one; where that is one person's, too, one more is put to it."""
    for service, counter, clerk in (("tax", "3", "citra"), ("pass", "1", "ani"), ("pass", "2", "budi")):
        mall.hall.issue(service)
        mall.at_counter(counter, clerk, c.OpenCounter, c.CallNext, c.StartService)
    auditor = Sight(clerks=frozenset(), folds=True)

    by_service = mall.ask("service", sight=auditor)
    by_counter = mall.ask("counter", sight=auditor)

    assert [(row.key, row.folded, row.measures and row.measures.steps) for row in by_service.rows] == [({}, 2, 3)]
    assert by_service.total is not None
    assert [(row.key, row.folded, row.measures and row.measures.steps) for row in by_counter.rows] == [({}, 3, 3)]
    assert by_counter.total is not None
    with pytest.raises(Forbidden):
        mall.ask("clerk", sight=auditor)
    with pytest.raises(Forbidden):
        mall.ask(clerk="ani", sight=auditor)


def test_names_are_those_of_the_days_that_were_asked_for(mall: Mall):
    """A service that was renamed since reads as it was called then."""
    mall.hall.issue("pass")
    mall.hall.close_day()
    mall.hall.open_day()
    renamed = {"en": "Travel papers"}
    services = mall.hall.state.rules.services
    mall.hall.do(
        c.SetRules,
        rules=replace(mall.hall.state.rules, services={**services, "pass": replace(services["pass"], name=renamed)}),
    )

    then = mall.ask("service", day="2026-11-23")
    mall.hall.issue("pass")
    now = mall.ask("service")

    assert (then.names["service"]["pass"], now.names["service"]["pass"]) == ({"en": "pass"}, renamed)


def test_the_steps_behind_a_number_come_longest_wait_first(mall: Mall):
    """Over days, in pages; there are as many as the number says."""
    mall.at_counter("1", "ani", c.OpenCounter)
    for minutes in (3, 9, 1):
        mall.hall.issue("pass")
        mall.later(minutes)
        mall.at_counter("1", "ani", c.CallNext, c.StartService, c.FinishService)
    mall.hall.close_day()
    mall.hall.open_day()
    mall.hall.issue("pass")
    question = StatsQuestion(from_="2026-11-23", to="2026-11-30", where={"service": ("pass",)})

    pages = [mall.statistics.steps_behind(question, EVERYTHING, mall.today(), offset=n, limit=2) for n in (0, 2, 4)]

    assert [[step.wait_s for step in page.steps] for page in pages] == [[540, 180], [60, None], []]
    assert [page.count for page in pages] == [4, 4, 4]
    assert pages[0].steps[0].clerk == "ani"
    hidden = mall.statistics.steps_behind(question, Sight(clerks=frozenset()), mall.today())
    assert {step.clerk for step in hidden.steps} == {None}


def test_counters_have_no_category(mall: Mall):
    """What is no matter of counters is refused for them."""
    mall.hall.issue("pass")
    with pytest.raises(Invalid, match="time of counters"):
        mall.ask_counters("category")


def test_on_which_dates_somebody_queued(mall: Mall):
    """A day that was opened again is one; of a filter those on which somebody queued for it; of one person's none."""
    mall.hall.issue("pass")
    mall.hall.close_day()
    mall.hall.open_day()
    mall.hall.issue("tax")
    mall.at_counter("3", "citra", c.OpenCounter, c.CallNext)

    def dates(sight: Sight = EVERYTHING, **where: tuple[str, ...]) -> list[str]:
        question = StatsQuestion(from_="2026-11-23", to="2026-11-30", where=where)
        return mall.statistics.dates(question, sight, mall.today())

    assert dates() == ["2026-11-23", "2026-11-24"]
    assert dates(weekday=("2",)) == ["2026-11-24"]
    assert dates(service=("pass",)) == ["2026-11-23"]
    assert dates(service=("tax",)) == ["2026-11-24"]
    assert dates(Sight(clerks=frozenset(), folds=True), service=("tax",)) == []
