"""How a service stands, and which needs somebody first."""

from typing import Any

from msgspec.structs import replace

from queue_server.views.floor import floor_view
from queue_server.views.standing import judged
from queue_server.wire.live import FloorService
from tests.fakes.canned import place
from tests.views.hall import HOUR, Hall


def service(id_: str, *, overdue: bool = False, **more: Any) -> FloorService:
    known: dict[str, Any] = {
        "agency": "a",
        "name": {},
        "open": True,
        "reason": None,
        "waiting": 1,
        "longest_wait_s": 60,
        "target_s": 600,
        "open_counters": 1,
        "issued": 0,
        "served": 0,
        "estimated_wait": None,
        "longest": replace(place("A001", 60, order=1), overdue=overdue),
    }
    return FloorService(id=id_, **(known | more))


def test_a_service_stands_open_unless_something_keeps_it():
    """One word says it: open, nobody to serve those who wait, or why nobody is taken."""
    found = judged(
        [
            service("usual"),
            service("unmanned", open_counters=0),
            service("nobody", open_counters=0, waiting=0, longest=None),
            service("stopped", open=False, reason="paused"),
        ],
        (),
    )

    assert [one.standing for one in found] == ["open", "no_counter", "open", "paused"]
    assert [one.out_of_line for one in found] == [False, True, False, True]


def test_late_is_who_waits_longest_or_anybody_else():
    """Each by the target of their own category; where nobody waits nobody is late."""
    services = [service("both", overdue=True), service("other"), service("empty", waiting=0, longest=None)]

    found = judged(services, {"other", "empty"})

    assert [(one.over, one.late) for one in found] == [(True, True), (False, True), (False, False)]


def test_what_needs_somebody_most_has_the_first_place():
    """Late, then unmanned, then stopped, then the longest wait by its target; the list itself stays in order."""
    services = [
        service("calm", waiting=0, longest=None, longest_wait_s=0),
        service("short", longest_wait_s=60),
        service("long", longest_wait_s=500),
        service("paused", open=False, reason="paused"),
        service("unmanned", open_counters=0),
        service("late", overdue=True, longest_wait_s=700),
        service("later", overdue=True, longest_wait_s=900),
    ]

    found = judged(services, ())

    assert [one.id for one in found] == [one.id for one in services]
    assert [one.id for one in sorted(found, key=lambda one: one.urgency)] == [one.id for one in reversed(services)]


def test_the_floor_says_how_its_services_stand():
    """A hall in which somebody waits for long and nobody serves is late and stands unmanned."""
    hall = Hall()
    hall.issue()
    hall.later(HOUR)

    shown = {one.id: one for one in floor_view(hall.state, hall.at, {}).services}

    assert (shown["card"].standing, shown["card"].late, shown["card"].urgency) == ("no_counter", True, 0)
    assert shown["passport"].standing == "open"
