"""What a slip says."""

import pytest
from msgspec.structs import replace

from queue_server.domain import commands as c
from queue_server.domain.records import Estimate, Slip
from queue_server.domain.slip_life import SlipState
from queue_server.languages.catalogues import languages_of, texts_of
from queue_server.views.slip import HOUSE_TEXTS, SLIP, number_text, slip_view, wait_text
from queue_server.wire.api import Wait
from queue_server.wire.printing import Fact, Listing, Sign, SlipView, Track
from tests.views.hall import JAKARTA, MINUTE, RULES, Hall

URL = "https://mall.example"


def slip(hall: Hall, ticket: str, **estimates: Estimate) -> SlipView:
    return slip_view(hall.state, hall.ticket(ticket), estimates=estimates, tz=JAKARTA)


def test_a_slip_speaks_the_citizens_language():
    """Everything on the slip is ready to be drawn, in the language that was chosen at the kiosk."""
    hall = Hall(replace(RULES, public_url=URL))
    hall.open("c1")
    hall.issue()
    hall.later(5 * MINUTE)
    ticket = hall.issue(language="en")

    view = slip(hall, ticket, card=Estimate(p50=9 * MINUTE, p90=22 * MINUTE))

    assert view == SlipView(
        language="en",
        mall="Small Mall",
        agency="Civil Registry",
        number="A 002",
        service="Service card",
        date="Tuesday, 24 November 2026",
        time="09:05",
        ahead=Fact(label="People ahead of you", value="1"),
        wait=Fact(label="Expected wait", value="9–25 min"),
        bring=Listing(title="Please bring", lines=("Own card",)),
        track=Track(
            url="https://mall.example/t/t2",
            caption="Follow your place on your phone",
            line="mall.example/t/t2",
        ),
    )


def test_dates_are_written_as_the_language_does():
    """Indonesian puts a point into the time and its own words into the date."""
    hall = Hall()

    view = slip(hall, hall.issue())

    assert (view.date, view.time) == ("Selasa, 24 November 2026", "09.00")


def test_a_slip_read_from_the_right_says_so():
    """The agent mirrors what is marked, and only that."""
    hall = Hall(replace(RULES, languages=("ar", "en"), name={"ar": "مجمع", "en": "Mall"}))

    arabic, english = slip(hall, hall.issue(language="ar")), slip(hall, hall.issue(language="en"))

    assert (arabic.rtl, arabic.mall) == (True, "مجمع")
    assert not english.rtl


def test_the_rest_of_the_journey_is_on_the_slip():
    """What comes after, at which other agency, and everything to bring for all of it, each once."""
    rules = replace(
        RULES,
        services={
            **RULES.services,
            "birth": replace(RULES.services["birth"], documents={"en": ("Own card", "Marriage book")}),
        },
    )
    hall = Hall(rules)

    view = slip(hall, hall.issue("card", "birth", "passport", language="en"))

    assert view.then == Listing(title="After that", lines=("Service birth", "Service passport, Immigration"))
    assert view.bring == Listing(title="Please bring", lines=("Own card", "Marriage book"))


def test_a_category_has_its_sign():
    """Why somebody waits less is on the slip; a mall's own category has the general picture."""
    hall = Hall()

    elderly, own, regular = (
        hall.issue(category=category, channel="desk") for category in ("elderly", "walkup", "regular")
    )

    assert slip(hall, elderly).sign == Sign(kind="elderly", label="Lansia")
    assert slip(hall, own).sign == Sign(kind="other", label="Langsung")
    assert slip(hall, regular).sign is None


def test_a_reprint_is_marked_with_its_number():
    """Nobody gets two places for one number by asking for another slip."""
    hall = Hall()
    ticket = hall.issue()
    first = slip(hall, ticket).copy

    hall.ticket(ticket).slip = Slip(state=SlipState.QUEUED, copy=2)

    assert (first, slip(hall, ticket).copy) == (None, "SALINAN 2")


def test_a_called_ticket_has_nobody_ahead_on_paper():
    """A reprint for somebody who is called says nothing about waiting."""
    hall = Hall()
    hall.open("c1")
    ticket = hall.issue()
    hall.call("c1")

    view = slip(hall, ticket, card=Estimate(p50=MINUTE, p90=MINUTE))

    assert (view.ahead, view.wait) == (None, None)


def test_without_a_public_address_there_is_no_way_to_follow():
    """A code that leads nowhere is not printed."""
    hall = Hall()

    assert slip(hall, hall.issue()).track is None


def test_a_transferred_ticket_says_where_it_waits_now():
    """A slip that is printed again is about the present step."""
    hall = Hall()
    hall.open("c1")
    ticket = hall.issue()
    hall.call("c1")
    hall.at_counter(c.TransferTicket, "c1", service="passport")

    view = slip(hall, ticket)

    assert (view.number, view.service, view.agency) == ("A 001", "Layanan passport", "Imigrasi")
    assert view.ahead == Fact(label="Orang di depan Anda", value="0")


@pytest.mark.parametrize(
    ("p50_s", "p90_s", "said"),
    [
        (0, 0, "No wait"),
        (0, 90, "up to 2 min"),
        (200, 540, "3–9 min"),
        (720, 1320, "10–25 min"),
        (4200, 7100, "70–120 min"),
        (3000, 7260, "0.5–2.5 h"),
        (7300, 20300, "2–6 h"),
        (600, 7200, "up to 2 h"),
    ],
)
def test_waits_are_said_as_well_as_they_are_known(p50_s, p90_s, said):
    """Whole minutes up to ten, then fives, downwards for the half and upwards for the nine in ten."""
    assert wait_text("en", Wait(p50_s=p50_s, p90_s=p90_s)) == said


@pytest.mark.parametrize("language", languages_of(SLIP))
def test_slip_and_screens_use_the_same_words(language):
    """What a citizen reads at the kiosk and on paper is the same."""
    screen, slip_said = texts_of("kiosk", language), texts_of(SLIP, language)

    assert {key: slip_said[key] for key in HOUSE_TEXTS} == {key: screen[key] for key in HOUSE_TEXTS}


def test_a_language_without_words_of_its_own_is_printed_in_english():
    """A mall that speaks a language which Antrean does not still gives slips."""
    services = {id_: replace(service, name={"xx": "Qwe"}) for id_, service in RULES.services.items()}
    hall = Hall(replace(RULES, languages=("xx",), name={"xx": "Xyz"}, services=services))

    view = slip(hall, hall.issue())

    assert (view.mall, view.service, view.date) == ("Xyz", "Qwe", "Tuesday, 24 November 2026")
    assert view.ahead == Fact(label="People ahead of you", value="0")


def test_a_number_is_read_in_two_parts():
    """Letters apart from digits, on paper as on every screen."""
    assert [number_text(number) for number in ("A012", "KTP1204", "007")] == ["A 012", "KTP 1204", "007"]
