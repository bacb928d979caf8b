"""The floor page: counters, services, figures and what needs somebody now."""

import pytest
from msgspec.structs import replace

from queue_server.domain import commands as c
from queue_server.domain.records import Estimate
from queue_server.views.alerts import by_need
from queue_server.views.floor import floor_view
from queue_server.views.instants import rfc3339
from queue_server.wire.api import DeviceView, Wait
from queue_server.wire.live import Alert, Figures, FloorView
from tests.views.hall import MINUTE, RULES, SECOND, Hall, service


def test_a_counter_that_cannot_call_by_itself_is_said():
    """Nobody sits there to see the call; another agency's counters are not said."""
    hall = Hall()
    hall.open("c1")

    alerts = floor(hall, unattended=frozenset({"c1", "elsewhere"})).alerts

    assert [(alert.kind, alert.subject, alert.severity) for alert in alerts] == [("unattended", "c1", "warning")]


def floor(hall: Hall, **more) -> FloorView:
    return floor_view(hall.state, hall.at, {}, **more)


def kinds(view: FloorView) -> list[tuple[str, str, str]]:
    return [(alert.kind, alert.subject, alert.severity) for alert in view.alerts]


def device(kind: str, state: str, *, seen: bool = True, error: str | None = None) -> DeviceView:
    last_seen = "2026-11-24T01:59:00.000Z" if seen else None
    return DeviceView(id=f"{kind}-1", kind=kind, state=state, last_seen=last_seen, version="1", last_error=error)


def test_each_counter_says_what_it_does_since_when():
    """Who serves whom since when; a free counter while people wait is told apart from an idle one."""
    hall = Hall()
    for counter in ("c1", "c2", "c3"):
        hall.open(counter)
    hall.issue()
    hall.later(MINUTE)
    hall.call("c1")
    hall.at_counter(c.StartService, "c1")
    hall.later(MINUTE)
    hall.issue()
    hall.at_counter(c.PauseCounter, "c3", reason="break")
    hall.later(MINUTE)

    shown = {counter.id: counter for counter in floor(hall, clerks={"clerk-c1": "Sari"}).counters}

    assert {id_: counter.state for id_, counter in shown.items()} == {
        "c1": "serving",
        "c2": "idle_waiting",
        "c3": "paused",
    }
    assert (shown["c1"].clerk, shown["c1"].number, shown["c1"].service) == ("Sari", "A001", "card")
    assert (shown["c2"].clerk, shown["c3"].reason) == ("clerk-c2", "break")
    assert [counter.since for counter in shown.values()] == [
        "2026-11-24T02:01:00.000Z",
        "2026-11-24T02:02:00.000Z",
        "2026-11-24T02:02:00.000Z",
    ]


def test_figures_count_the_day_so_far():
    """Issued, served, waits and service level follow from the tickets, undone calls not; three are too few for more."""
    hall = Hall()
    hall.open("c1")
    for _ in range(3):
        hall.issue()
    hall.issue("passport")
    for wait in (2, 10, 10):
        hall.later(wait * MINUTE)
        hall.call("c1")
        hall.at_counter(c.StartService, "c1")
        hall.at_counter(c.FinishService, "c1")
    hall.later(SECOND)

    assert floor(hall).figures == Figures(
        waiting=1,
        longest_wait_s=22 * 60 + 1,
        issued=4,
        served=3,
        open_counters=1,
        within_target=0.6667,
        wait_p50_s=None,
        wait_p90_s=None,
        no_shows=0,
        waits=3,
    )


@pytest.mark.parametrize(("calls", "percentiles"), [(19, (None, None)), (20, (600, 1080))])
def test_percentiles_are_given_from_twenty_waits_on(calls: int, percentiles: tuple[int | None, int | None]):
    """Fewer say nothing about anybody else; how many there are is always said."""
    hall = Hall()
    hall.open("c1")
    for _ in range(calls):
        hall.issue()
    for _ in range(calls):
        hall.later(MINUTE)
        hall.call("c1")
        hall.at_counter(c.StartService, "c1")
        hall.at_counter(c.FinishService, "c1")

    figures = floor(hall).figures

    assert figures.waits == calls
    assert (figures.wait_p50_s, figures.wait_p90_s) == percentiles


def test_after_closing_a_no_show_is_still_counted():
    """The day's figures stand as the day closes over them."""
    hall = Hall()
    hall.open("c1")
    hall.issue()
    hall.call("c1")
    hall.later(MINUTE)
    hall.at_counter(c.Recall, "c1")
    hall.later(MINUTE)
    hall.at_counter(c.MarkNoShow, "c1")
    before = floor(hall).figures.no_shows

    hall.at = hall.state.ends_at
    hall.carry_out(c.Tick(at=hall.at))

    assert (before, floor(hall).figures.no_shows) == (1, 1)


def test_before_the_first_call_there_are_no_figures_of_waits():
    """A share of nobody is not known, rather than 0."""
    hall = Hall()
    hall.issue()

    figures = floor(hall).figures

    assert (figures.issued, figures.within_target, figures.wait_p50_s, figures.wait_p90_s) == (1, None, None, None)


def test_a_no_show_is_counted_until_it_returns():
    """Who came after all is no no-show."""
    hall = Hall()
    hall.policy(no_show_calls=1, no_show_apart_ms=0)
    hall.open("c1")
    ticket = hall.issue()
    hall.call("c1")
    hall.at_counter(c.MarkNoShow, "c1")
    missed = floor(hall).figures.no_shows

    hall.carry_out(c.ReturnTicket(at=hall.at, ticket=ticket))

    assert (missed, floor(hall).figures.no_shows) == (1, 0)


def test_each_service_says_how_its_queue_stands():
    """Waiting, longest wait with its ticket, target, counters, issued and served."""
    hall = Hall()
    hall.open("c1")
    hall.issue()
    hall.issue()
    hall.call("c1")
    hall.at_counter(c.StartService, "c1")
    hall.at_counter(c.FinishService, "c1")
    hall.later(MINUTE)

    card = floor_view(hall.state, hall.at, {"card": Estimate(p50=MINUTE, p90=MINUTE)}).services[0]

    assert (card.id, card.agency, card.open, card.waiting, card.longest_wait_s) == ("card", "civil", True, 1, 60)
    assert (card.target_s, card.open_counters, card.issued, card.served) == (900, 1, 2, 1)
    assert card.estimated_wait == Wait(p50_s=60, p90_s=60)
    assert card.longest is not None
    assert (card.longest.number, card.longest.place, card.longest.waited_s) == ("A002", 1, 60)


def late_ones(hall: Hall) -> tuple[Alert, ...]:
    return tuple(alert for alert in floor(hall).alerts if alert.kind == "over_target")


def test_who_waits_over_the_target_raises_an_alert():
    """One alert per service, sharper once the wait is over by the target again."""
    hall = Hall()
    hall.issue()
    hall.issue()

    in_time = late_ones(hall)
    hall.later(16 * MINUTE)
    late = late_ones(hall)
    hall.later(15 * MINUTE)

    assert in_time == ()
    assert late == (
        Alert(
            kind="over_target",
            subject="card",
            text="A001 should have been called 1 min ago.",
            since="2026-11-24T02:15:00.000Z",
            fields={"number": "A001", "late_s": 60, "waiting": 2},
        ),
    )
    assert [alert.severity for alert in late_ones(hall)] == ["alert"]


def test_a_counter_that_stays_free_while_people_wait_raises_an_alert():
    """A minute is a clerk's own; after it the supervisors are told."""
    hall = Hall()
    hall.open("c1")
    hall.issue()

    soon = kinds(floor(hall))
    hall.later(MINUTE)

    assert soon == []
    assert kinds(floor(hall)) == [("idle_while_waiting", "c1", "warning")]


def test_help_comes_first_and_goes_when_answered():
    """A clerk who asks for help is the first thing that a supervisor sees."""
    hall = Hall()
    hall.open("c1")
    hall.issue()
    hall.later(16 * MINUTE)
    hall.at_counter(c.AskHelp, "c1")
    asked = kinds(floor(hall))

    hall.carry_out(c.AnswerHelp(at=hall.at, counter="c1", by="boss"))

    assert asked[0] == ("help", "c1", "alert")
    assert "help" not in [kind for kind, _, _ in kinds(floor(hall))]


def test_a_held_hall_has_nobody_late_and_nobody_idle():
    """While everything stands still by order, nothing of it is an alarm."""
    hall = Hall()
    hall.open("c1")
    hall.issue()
    hall.carry_out(c.HoldHall(at=hall.at, reason="power", by="boss"))
    hall.later(20 * MINUTE)

    view = floor(hall)

    assert (view.held, kinds(view)) == ("power", [])


def test_people_who_wait_where_no_counter_is_open_are_an_alert():
    """One for all such services, each by its name; it goes when a counter opens."""
    hall = Hall()
    hall.issue()
    hall.issue()
    hall.issue("passport")
    several = floor(hall).alerts

    hall.open("c1")
    one = floor(hall).alerts
    hall.open("c3")

    assert floor(hall).alerts == ()
    assert [(alert.subject, alert.fields) for alert in one] == [
        ("passport", {"waiting": 1, "services": 1, "named": "passport 1", "more": 0, "reason": None})
    ]
    assert [(alert.kind, alert.subject, alert.fields) for alert in several] == [
        (
            "unserved",
            "card",
            {"waiting": 3, "services": 2, "named": "card 2, passport 1", "more": 0, "reason": "several"},
        )
    ]


def test_of_very_many_services_without_a_counter_some_are_named_and_the_others_counted():
    """Those first for which most people wait, so that the line stays one line."""
    many = {f"s{n}": service(f"s{n}", "civil", f"{chr(68 + n)}") for n in range(6)}
    hall = Hall(replace(RULES, services=many, counters={}, kiosks={}))
    for n, name in enumerate(many):
        for _ in range(n + 1):
            hall.issue(name)

    (alert,) = floor(hall).alerts

    assert alert.fields == {
        "waiting": 21,
        "services": 6,
        "named": "s5 6, s4 5, s3 4, s2 3",
        "more": 2,
        "reason": "many",
    }


def test_what_was_so_before_a_restart_has_been_so_since_then():
    """A restart of the server stops nobody's waiting; a hold does, in which nobody was to be served."""
    hall = Hall()
    came = hall.at
    hall.issue("passport")
    hall.later(5 * MINUTE)
    hall.carry_out(c.NoteRestart(at=hall.at))
    restarted = floor(hall).alerts[0].since
    hall.carry_out(c.HoldHall(at=hall.at, reason="power", by="boss"))
    hall.later(5 * MINUTE)
    hall.carry_out(c.ReleaseHall(at=hall.at, by="boss"))

    released = floor(hall).alerts[0].since

    assert (restarted, released) == (rfc3339(came), rfc3339(hall.at))


def test_a_free_counter_has_a_minute_after_a_restart_too():
    """Nobody could call while the server was away; since when it is free stays true."""
    hall = Hall()
    hall.open("c3")
    hall.issue("passport")
    free = hall.at
    hall.later(5 * MINUTE)
    hall.carry_out(c.NoteRestart(at=hall.at))
    at_once = floor(hall).alerts
    hall.later(MINUTE)

    (alert,) = floor(hall).alerts

    assert at_once == ()
    assert (alert.kind, alert.since) == ("idle_while_waiting", rfc3339(free))


def test_alerts_stand_in_the_order_of_what_people_suffer():
    """Help asked, nobody there, too long a wait, then machines; a display that is not connected comes last."""
    said = [
        Alert(kind="display", subject="hall", text="", severity="alert"),
        Alert(kind="printer", subject="p1", text="", severity="warning"),
        Alert(kind="over_target", subject="card", text="", since="2026-11-24T03:00:00Z"),
        Alert(kind="over_target", subject="birth", text="", since="2026-11-24T03:10:00Z", severity="alert"),
        Alert(kind="unserved", subject="passport", text=""),
        Alert(kind="help", subject="c1", text="", severity="alert"),
        Alert(kind="journal", subject="", text="", severity="alert"),
    ]

    ordered = by_need(said)

    assert [alert.subject for alert in ordered] == ["", "c1", "passport", "birth", "card", "p1", "hall"]


def test_nobody_is_there_since_people_wait_or_the_last_counter_left():
    """Whichever came later, so that the time is how long they have been without anybody."""
    hall = Hall()
    came = hall.at
    hall.issue("passport")
    waits_alone = floor(hall).alerts[0].since
    hall.at += MINUTE
    hall.open("c3")
    hall.at += MINUTE
    hall.at_counter(c.CloseCounter, "c3", reason="power")

    left_alone = floor(hall).alerts[0].since

    assert (waits_alone, left_alone) == (rfc3339(came), rfc3339(hall.at))


def test_devices_that_are_down_raise_alerts():
    """A printer in trouble always, a display that was there or hangs, a kiosk that was there; it goes before printers,
    since nobody gets a number there."""
    hall = Hall()

    view = floor(
        hall,
        devices=[
            device("printer", "error", error="paper_out"),
            device("printer", "warning"),
            device("printer", "ready"),
            device("display", "offline"),
            device("display", "offline", seen=False),
            device("display", "error", error="page_hangs"),
            device("display", "error", error="view_failed"),
            device("kiosk", "offline"),
            device("kiosk", "offline", seen=False),
        ],
    )

    assert kinds(view) == [
        ("kiosk", "kiosk-1", "alert"),
        ("printer", "printer-1", "alert"),
        ("printer", "printer-1", "warning"),
        ("display", "display-1", "warning"),
        ("display", "display-1", "warning"),
    ]
    assert (view.alerts[4].fields["reason"], view.alerts[4].since) == ("page_hangs", None)
    assert (view.alerts[1].fields["reason"], view.alerts[1].fields["state"]) == ("paper_out", "error")
    assert view.alerts[0].since == view.alerts[3].since == "2026-11-24T01:59:00.000Z"


def test_a_printer_that_never_came_is_missed_since_a_rule_found_it():
    """Nobody has seen it, but the mall's rule for devices has noted when it began."""
    hall = Hall()
    raised = c.Raised(rule="devices", kind="device", subject="printer printer-1", since=hall.at)
    hall.carry_out(c.NoteAlerts(at=hall.at, began=(raised,)))

    view = floor(hall, devices=[device("printer", "offline", seen=False)])

    assert view.alerts[0].since == rfc3339(hall.at)


def test_over_night_no_device_is_missed():
    """Screens and printers are switched off when the mall takes nobody."""
    hall = Hall()
    hall.at = hall.state.starts_at + 20 * 60 * MINUTE

    assert kinds(floor(hall, devices=[device("printer", "offline"), device("display", "offline")])) == []


def test_the_servers_own_alarms_come_before_all():
    """A clock that jumped concerns everything else."""
    hall = Hall()
    jumped = Alert(kind="clock", subject="clock", text="The clock jumped.", severity="alert")
    hall.open("c1")
    hall.at_counter(c.AskHelp, "c1")

    assert kinds(floor(hall, alarms=[jumped]))[0] == ("clock", "clock", "alert")


def test_an_agencys_supervisor_sees_that_agency_alone():
    """Services, counters, figures and alerts of others are left out, and so is their ticket at a shared counter."""
    hall = Hall()
    hall.open("c2")
    hall.issue()
    hall.call("c2")
    hall.issue("passport")
    hall.later(20 * MINUTE)

    travel, civil = (floor(hall, agencies=frozenset({agency})) for agency in ("travel", "civil"))

    assert [named.id for named in travel.agencies] == ["travel"]
    assert [service.id for service in travel.services] == ["passport", "roll"]
    assert [(counter.id, counter.state, counter.number) for counter in travel.counters] == [
        ("c2", "called", None),
        ("c3", "closed", None),
    ]
    assert (travel.figures.issued, travel.figures.waiting, civil.figures.waiting) == (1, 1, 0)
    assert kinds(travel) == [("over_target", "passport", "warning")]
    assert kinds(civil) == []
    assert civil.counters[1].number == "A001"


def test_numbers_that_nobody_saw_are_told_until_somebody_comes():
    """One alert for each kiosk, with the numbers and whether paper is about; over when they are called or cancelled."""
    hall = Hall()
    hall.open("c1")
    seen, left, printed = (
        hall.issue(kiosk="k1", slip_job="a"),
        hall.issue(kiosk="k3"),
        hall.issue(kiosk="k1", slip_job="b"),
    )
    desk = hall.issue(channel="desk")
    hall.carry_out(c.ReportSlip(at=hall.at, ticket=printed, job="b", state="printed", sent=True))
    for ticket in (left, printed, desk):
        hall.carry_out(c.LeaveTicket(at=hall.at, ticket=ticket))

    told = [alert for alert in floor(hall).alerts if alert.kind == "unclaimed"]
    agency = [alert.kind for alert in floor(hall, agencies=frozenset({"travel"})).alerts]
    hall.carry_out(c.CancelTicket(at=hall.at, ticket=left))
    hall.carry_out(c.CancelTicket(at=hall.at, ticket=seen))
    hall.carry_out(c.CancelTicket(at=hall.at, ticket=desk))
    hall.call("c1")

    assert [(alert.subject, alert.fields["numbers"], alert.fields["reason"]) for alert in told] == [
        ("k3", "A002", None),
        ("k1", "A003", "paper"),
        ("desk", "A004", "desk"),
    ]
    assert "unclaimed" not in agency
    assert "unclaimed" not in [alert.kind for alert in floor(hall).alerts]


def test_paper_that_was_taken_back_from_nobody_is_not_missing():
    """Its number is told as unclaimed, not a second time as one without paper."""
    hall = Hall()
    ticket = hall.issue(kiosk="k1", slip_job="a")

    hall.carry_out(c.LeaveTicket(at=hall.at, ticket=ticket))

    assert "slips" not in [alert.kind for alert in floor(hall).alerts]
