"""What the mall and its kiosks offer."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest
from msgspec.structs import replace

from queue_server.domain import commands as c
from queue_server.domain.calendar import bounds, openings
from queue_server.domain.records import Estimate
from queue_server.views.menu import COMMON, ENOUGH, kiosk_view, mall_view
from queue_server.views.presentation import Presentation
from queue_server.wire.api import MallService, Wait
from tests.views.hall import HOUR, JAKARTA, MIDNIGHT, MINUTE, NINE, RULES, Hall, both, service


def menu(hall: Hall, **estimates: Estimate) -> dict[str, MallService]:
    view = mall_view(hall.state, hall.at, estimates, tz=JAKARTA)
    return {service.id: service for agency in view.agencies for service in agency.services}


def kiosk(hall: Hall, id_: str, printer: tuple[str, str | None] = ("ready", None)):
    return kiosk_view(hall.state, id_, hall.at, {}, printer, tz=JAKARTA)


def test_a_kiosk_lists_what_it_offers_in_its_own_order():
    """The mall's order is that of the file, a kiosk's that of its menu."""
    hall = Hall()
    menu = replace(RULES.kiosks["k1"], services=("passport", "birth"))

    hall.change(kiosks={"k1": menu})

    assert [agency.id for agency in kiosk(hall, "k1").agencies] == ["travel", "civil"]


def test_a_kiosk_with_hours_of_its_own_says_when_they_open_it():
    """Today, or at the next day's opening; while they keep it closed it is closed, whatever the services are."""
    hall = Hall()
    seen = {}
    for name, hours in {"before": (NINE + HOUR, NINE + 2 * HOUR), "after": (MIDNIGHT, NINE)}.items():
        hall.change(kiosks={"k1": replace(RULES.kiosks["k1"], open=(hours,))})
        view = kiosk_view(hall.state, "k1", hall.at, {}, ("ready", None), tz=JAKARTA, opens_later=MIDNIGHT + 31 * HOUR)
        seen[name] = (view.open, view.hours, view.opens_at)

    assert seen == {
        "before": (False, False, "2026-11-24T03:00:00.000Z"),
        "after": (False, False, "2026-11-25T00:00:00.000Z"),
    }


def test_the_mall_names_agencies_services_and_waits():
    """Everybody reads what there is, how many wait and how long."""
    hall = Hall()
    hall.open("c1")
    hall.issue()

    view = mall_view(hall.state, hall.at, {"card": Estimate(p50=MINUTE, p90=150_500)}, tz=JAKARTA)

    assert (view.name, view.languages, view.open) == (both("Mal Kecil", "Small Mall"), ("id", "en"), True)
    assert [agency.id for agency in view.agencies] == ["civil", "travel"]
    assert [category.id for category in view.categories] == ["regular", "elderly", "walkup"]
    assert view.agencies[0].services[0] == MallService(
        id="card",
        name=both("Layanan card", "Service card"),
        prefix="A",
        open=True,
        reason=None,
        waiting=1,
        estimated_wait=Wait(p50_s=60, p90_s=150),
        wait_behind=1,
        documents={"id": ("KTP asli",), "en": ("Own card",)},
        hours=(("08:00", "12:00"), ("13:00", "16:00")),
        closes_at="2026-11-24T09:00:00.000Z",
    )


def test_the_end_of_the_day_is_24_00():
    """A service that is open around the clock does not read as open from midnight to midnight."""
    always = service("card", "civil", "A", open=((MIDNIGHT, MIDNIGHT + 24 * HOUR),))
    hall = Hall()

    hall.change(services={**RULES.services, "card": always})

    assert menu(hall)["card"].hours == (("00:00", "24:00"),)


@pytest.mark.parametrize("day", [date(2026, 9, 5), date(2026, 4, 4), date(2026, 9, 6), date(2026, 11, 24)])
@pytest.mark.parametrize("hours", [((480, 1440),), ((480, 720), (780, 1380))])
def test_hours_read_as_the_mall_wrote_them_on_days_when_clocks_change(day: date, hours: tuple[tuple[int, int], ...]):
    """Chile's clocks skip the hour after midnight of 5 September, and show the one before that of 4 April twice."""
    santiago = ZoneInfo("America/Santiago")
    hall = Hall()
    opens = openings([hours] * 7, {}, bounds(day, 0, santiago), santiago)

    hall.change(services={**RULES.services, "card": service("card", "civil", "A", open=opens)})

    view = mall_view(hall.state, hall.at, {}, tz=santiago)
    said = tuple((f"{start // 60:02}:00", f"{end // 60:02}:00") for start, end in hours)
    assert view.agencies[0].services[0].hours == said


def test_each_service_says_why_it_is_closed():
    """Hours, pause, quota: each has its own reason, and one closed service does not close the mall."""
    hall = Hall()
    for _ in range(3):
        hall.issue("passport")
    hall.carry_out(c.PauseService(at=hall.at, service="birth", reason="power", by="boss"))

    reasons = {id_: offered.reason for id_, offered in menu(hall).items()}
    hall.at = NINE + 3 * HOUR + MINUTE
    lunch = menu(hall)["card"].reason

    assert reasons == {"card": None, "birth": "paused", "passport": "quota_reached", "roll": None}
    assert lunch == "closed_now"
    assert not mall_view(hall.state, hall.at, {}, tz=JAKARTA).open


def test_who_waits_may_fill_the_time_that_is_left():
    """Closing in time: the kiosk warns, or stops if the mall says so, and admission says the same."""
    hall = Hall(at=MIDNIGHT + 15 * HOUR + 30 * MINUTE)
    long = Estimate(p50=45 * MINUTE, p90=60 * MINUTE)

    warned = menu(hall, card=long)["card"]
    hall.policy(closing="stop")
    stopped = menu(hall, card=long)["card"]

    assert (warned.open, warned.reason, warned.closing_soon) == (True, None, True)
    assert (stopped.open, stopped.reason, stopped.closing_soon) == (False, "full", True)


def test_a_kiosk_offers_what_it_names():
    """A kiosk of one agency shows that one's services alone, in its own languages, and no agency without any."""
    hall = Hall()

    view = kiosk(hall, "k2")

    assert [(agency.id, [s.id for s in agency.services]) for agency in view.agencies] == [("travel", ["passport"])]
    assert view.languages == ("en",)


def test_a_kiosk_gives_no_numbers_of_a_paper_roll():
    """Numbers from a roll are torn off elsewhere, so no kiosk shows them; the mall's menu does."""
    hall = Hall()

    offered = [service.id for agency in kiosk(hall, "k1").agencies for service in agency.services]

    assert offered == ["card", "birth", "passport"]
    assert "roll" in menu(hall)


def test_a_kiosk_says_what_its_printer_does():
    """The printer's state is the kiosk's; one without a printer says that it has none."""
    hall = Hall()

    with_paper, without = kiosk(hall, "k1", ("down", "paper_out")), kiosk(hall, "k2", ("down", "paper_out"))

    assert (with_paper.printer, with_paper.printer_reason) == ("down", "paper_out")
    assert (without.printer, without.printer_reason) == ("none", None)


def test_a_kiosk_that_the_mall_does_not_list_offers_everything_without_paper():
    """A kiosk set up in a hurry works before config.toml knows it."""
    hall = Hall()

    view = kiosk(hall, "stranger")

    assert [agency.id for agency in view.agencies] == ["civil", "travel"]
    assert (view.printer, view.languages, view.open) == ("none", ("id", "en"), True)


def test_a_kiosk_offers_only_categories_that_one_may_claim_there():
    """Some categories are given by staff alone."""
    hall = Hall()

    assert [named.id for named in kiosk(hall, "k1").categories] == ["regular", "elderly"]


def test_a_held_hall_takes_nobody():
    """While the hall is held every service is closed, and the kiosk says why."""
    hall = Hall()
    hall.carry_out(c.HoldHall(at=hall.at, reason="power", by="boss"))

    view = kiosk(hall, "k1")

    assert (view.open, view.held, view.held_text) == (False, "power", both("Listrik mati", "Power failure"))
    assert {s.reason for agency in view.agencies for s in agency.services} == {"held"}


def test_why_hours_differ_is_said():
    """The holiday or month of fasting that config.toml names is known to kiosks, open or closed."""
    closed = replace(RULES.services["card"], open=(), occasion=both("Natal", "Christmas"))
    hall = Hall(replace(RULES, services={**RULES.services, "card": closed}))

    assert (menu(hall)["card"].reason, menu(hall)["card"].occasion) == ("closed_today", both("Natal", "Christmas"))
    assert menu(hall)["passport"].occasion == {}


def test_what_hours_keep_closed_says_when_it_opens():
    """Later today, or when it opens for the first time after today; what a supervisor paused says why instead."""
    hall = Hall()
    hall.at = MIDNIGHT + 12 * HOUR + 30 * MINUTE
    tomorrow = {"card": MIDNIGHT + 32 * HOUR}

    noon = mall_view(hall.state, hall.at, {}, tz=JAKARTA, later=tomorrow)
    night = mall_view(hall.state, MIDNIGHT + 20 * HOUR, {}, tz=JAKARTA, later=tomorrow)
    card = [view.agencies[0].services[0] for view in (noon, night)]

    assert [one.opens_at for one in card] == ["2026-11-24T06:00:00.000Z", "2026-11-25T01:00:00.000Z"]
    assert night.opens_at == "2026-11-25T01:00:00.000Z"


def test_an_open_mall_says_no_hour_at_which_it_opens():
    """Only what is closed opens."""
    hall = Hall()

    view = mall_view(hall.state, hall.at, {}, tz=JAKARTA, later={"card": MIDNIGHT + 32 * HOUR})

    assert (view.opens_at, view.agencies[0].services[0].opens_at) == (None, None)


def test_a_paused_service_says_why():
    """In the mall's words for the reason's code, and not when it would open."""
    hall = Hall()
    hall.carry_out(c.PauseService(at=hall.at, service="card", reason="power", by="s"))

    card = menu(hall)["card"]

    assert (card.reason, card.paused_for, card.opens_at) == ("paused", RULES.reasons["power"], None)


def test_a_kiosks_common_services_are_what_the_mall_says_or_what_people_take():
    """The pinned ones that are open; without pins those that most have taken today, if they are more than chance."""
    many = {f"s{n}": service(f"s{n}", "civil", f"X{chr(65 + n)}") for n in range(COMMON + 1)}
    hall = Hall()
    hall.change(services={**RULES.services, **many})
    for taken, times in (("s1", ENOUGH), ("s2", ENOUGH + 1), ("s3", ENOUGH - 1)):
        for _ in range(times):
            hall.issue(taken)
    pinned = Presentation(common={"k1": ("s4", "gone", "s0")})

    by_people = kiosk_view(hall.state, "k1", hall.at, {}, ("ready", None), tz=JAKARTA).common
    by_mall = kiosk_view(hall.state, "k1", hall.at, {}, ("ready", None), pinned, tz=JAKARTA).common

    assert by_people == ("s2", "s1")
    assert by_mall == ("s4", "s0")
