"""The entrance's board: every agency in one line, as `GET /mall` tells it to anybody."""

from __future__ import annotations

from msgspec.structs import replace

from queue_server.domain import commands as c
from queue_server.domain.records import Estimate
from queue_server.views.board import board_view
from queue_server.views.presentation import BoardLook, Presentation
from queue_server.wire.api import Wait
from queue_server.wire.boards import BoardAgency
from tests.views.hall import HOUR, MIDNIGHT, MINUTE, RULES, Hall

LOOK = Presentation(boards={"west": BoardLook(layout="entrance")}, stripes={"civil": "#0B6E4F"})
KNOWN = {
    "card": Estimate(p50=5 * MINUTE, p90=9 * MINUTE),
    "birth": Estimate(p50=20 * MINUTE, p90=40 * MINUTE),
    "passport": Estimate(p50=2 * MINUTE, p90=3 * MINUTE),
}


def agencies(hall: Hall, known: dict[str, Estimate] = KNOWN, later: dict[str, int] | None = None) -> list[BoardAgency]:
    newcomers = {f"{service} regular": estimate for service, estimate in known.items()}
    return list(
        board_view(hall.state, "west", LOOK, now=hall.at, estimates=known | newcomers, later=later or {}).agencies
    )


def test_an_agency_tells_how_many_wait_and_between_which_waits():
    """All of its services in one line, also on a board of one zone."""
    hall = Hall()
    hall.open("c1")
    hall.issue("card")
    hall.issue("birth")

    civil, travel = agencies(hall)

    assert (civil.id, civil.state, civil.waiting, civil.colour) == ("civil", "open", 2, "#0B6E4F")
    assert civil.estimated_wait == Wait(p50_s=300, p90_s=2400)
    assert (travel.state, travel.estimated_wait, travel.wait_reason) == ("open", None, "no_counter")


def test_an_agency_is_open_while_any_of_its_services_is():
    """One service that is paused closes nothing; all of them together are a pause."""
    hall = Hall()
    hall.carry_out(c.PauseService(at=hall.at, service="card", reason="power", by="s"))
    assert agencies(hall)[0].state == "open"

    hall.carry_out(c.PauseService(at=hall.at, service="birth", reason="power", by="s"))

    assert agencies(hall)[0].state == "paused"


def test_an_agency_without_tickets_left_says_so():
    """Whoever comes in need not walk to a kiosk to hear it."""
    hall = Hall(replace(RULES, services={**RULES.services, "roll": replace(RULES.services["roll"], open=())}))
    for _ in range(3):
        hall.issue("passport")

    assert agencies(hall)[1].state == "full"


def test_a_closed_agency_says_when_it_opens():
    """Later today, or on the day on which its first service opens."""
    hall = Hall(at=MIDNIGHT + 7 * HOUR)
    assert {(one.state, one.opens_at) for one in agencies(hall)} == {("closed", "2026-11-24T01:00:00.000Z")}

    hall.at = MIDNIGHT + 17 * HOUR
    tomorrow = MIDNIGHT + 32 * HOUR
    later = agencies(hall, later={"card": tomorrow, "birth": tomorrow + HOUR})

    assert [(one.state, one.opens_at) for one in later] == [("closed", "2026-11-25T01:00:00.000Z"), ("closed", None)]


def test_an_agency_says_in_which_of_the_boards_zones_it_is():
    """By the counters that serve it, in the board's order; to other zones it would know no way."""
    hall = Hall()
    rules = hall.state.rules
    zones = {
        agency.id: {
            counter.zone
            for counter in rules.counters.values()
            if any(rules.services[service].agency == agency.id for service in counter.services)
        }
        for agency in rules.agencies.values()
    }
    known = rules.boards["west"].zones

    shown = {one.id: one.zones for one in agencies(hall)}

    assert any(zones.values())
    for agency, there in shown.items():
        assert there == tuple(zone for zone in known if zone in zones[agency])
