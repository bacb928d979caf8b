"""Tickets on phones by a code that a screen at the entrance shows: for who is there, for a while, and so many."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

import pytest
from playwright.async_api import expect

from queue_server.registry.citizens import Citizen
from queue_server.web.queues.poster_codes import PosterCodes
from tests.browser import Screens, axe, layout_faults, let_in
from tests.web.edge import CONFIG, Edge, edge_at

ON = CONFIG + "\n[poster]\ntickets = true\nper_code = 2\n"
MINUTE_MS = 60_000


async def code_of(edge: Edge) -> str:
    shown = await edge.get("/poster", by="display")
    return str(shown["scan_url"]).rpartition("/")[2]


def test_a_code_is_good_for_as_long_as_the_mall_says():
    """The one shown and the one before it; after that it is as good as any other word."""
    codes = PosterCodes(secret=b"s" * 32)
    first, left = codes.shown(0.0, MINUTE_MS)
    second, _ = codes.shown(31.0, MINUTE_MS)

    assert (left, first != second) == (30.0, True)
    assert [codes.number_of(first, now, MINUTE_MS) is not None for now in (0.0, 29.9, 59.9, 60.0)] == [True] * 3 + [
        False
    ]
    assert codes.number_of("a" * 16, 0.0, MINUTE_MS) is None


def test_another_servers_codes_are_worth_nothing():
    """Whoever has not the secret of this start makes none."""
    here, there = PosterCodes(), PosterCodes()

    code, _ = there.shown(5.0, MINUTE_MS)

    assert here.number_of(code, 5.0, MINUTE_MS) is None


async def test_a_mall_that_does_not_want_it_has_none(tmp_path: Path):
    """Off unless switched on: no screen, no code, no ticket."""
    async with edge_at(tmp_path) as edge:
        shown = await edge.get("/poster", by="display")
        taken = await edge.post("/poster/tickets", {"code": "a" * 16, "service": "passport"})

    assert (shown.status, shown["reason"]) == (404, "poster_off")
    assert (taken.status, taken["reason"]) == (404, "poster_off")


@pytest.mark.parametrize("language", ["id", "en"])
async def test_such_a_mall_says_where_numbers_are(tmp_path: Path, screens: Screens, language: str):
    """Whoever asks for a ticket on the phone is told politely, in their language, and reads the others, too."""
    said = {"id": "Di mal ini nomor diambil di kios", "en": "In this mall numbers are taken at a kiosk"}
    async with edge_at(tmp_path) as edge:
        mall = edge.parts.pages.languages
        for path in ("/take", f"/take/{'a' * 16}", "/poster/sheet"):
            page = await screens.open(viewport="phone")
            await let_in(page, edge.mall.url, edge.token("supervisor", name=f"sari {path}"))
            answer = await page.goto(f"{edge.mall.url}{path}?lang={language}")

            assert answer is not None
            assert answer.status == 404
            await expect(page.locator("h1")).to_have_text(said[language])
            for other in mall:
                assert await page.locator(f'p[lang="{other}"]').count() == (other != language)
            assert [*await axe(page), *await layout_faults(page)] == []


async def test_a_code_gives_its_tickets_and_no_more(tmp_path: Path):
    """A phone gets a ticket without a slip; the same touch sent twice is one; the third ticket is refused."""
    async with edge_at(tmp_path, config=ON) as edge:
        body = {"code": await code_of(edge), "service": "passport", "language": "en"}
        first = await edge.post("/poster/tickets", body, Idempotency_Key="touch-1")
        again = await edge.post("/poster/tickets", body, Idempotency_Key="touch-1")
        second = await edge.post("/poster/tickets", body)
        third = await edge.post("/poster/tickets", body)

    assert (first.status, first["state"], first["language"], first["slip"]["state"]) == (201, "waiting", "en", "none")
    assert again["id"] == first["id"]
    assert second["number"] != first["number"]
    assert (third.status, third["reason"]) == (409, "poster_used")


async def test_all_at_once_a_code_gives_no_more(tmp_path: Path):
    """Phones that ask at the same moment, with a number to be called at, get as many tickets as in turn."""
    asks = '\n[questions.phone]\nasks = "phone"\npurpose = "To call you"\nservices = ["passport"]\n'
    async with edge_at(tmp_path, config=ON + asks) as edge:
        code = await code_of(edge)
        body = {"code": code, "service": "passport", "language": "en"}
        wrong = [await edge.post("/poster/tickets", {**body, "service": "nothing"}) for _ in range(3)]
        wishes = [{**body, "citizen": {"phone": f"08123456{n:03}"}} for n in range(20)]
        given = await asyncio.gather(*[edge.post("/poster/tickets", wish) for wish in wishes])

    assert {one.status for one in wrong} == {404}
    assert sorted(one.status for one in given) == [201] * 2 + [409] * 18


async def test_a_wrong_code_gives_nothing_and_guessing_is_slowed(tmp_path: Path):
    """An address that tries codes is told to wait, like one that guesses tickets."""
    async with edge_at(tmp_path, config=ON + '\n[limits]\nlookups = "3 per minute"\n') as edge:
        body = {"code": "a" * 16, "service": "passport"}
        answers = [await edge.post("/poster/tickets", body) for _ in range(4)]

    assert [answer.status for answer in answers] == [404, 404, 404, 429]


async def test_only_the_malls_own_screens_show_the_code(tmp_path: Path):
    """Whoever could ask for it from home would not have to be there."""
    async with edge_at(tmp_path, config=ON) as edge:
        nobody = await edge.get("/poster")
        picture = await edge.page("/poster/code.svg")

    assert nobody.status == 401
    assert picture.status == 401


async def test_somebody_scans_touches_and_follows_their_ticket(tmp_path: Path, screens: Screens):
    """From the code to the ticket's own page in a few touches, on a phone, in the reader's language."""
    async with edge_at(tmp_path, config=ON) as edge:
        code = await code_of(edge)
        page = await screens.open(f"{edge.mall.url}/take/{code}?lang=en", viewport="phone")
        await page.locator("summary").first.click()
        found = [*await axe(page), *await layout_faults(page)]

        await page.locator("[data-service=passport]").click()
        await page.locator("#person-take").click()

        await page.wait_for_url(re.compile(r"/t/\w+"))
        await expect(page.locator("#page")).to_have_attribute("data-state", "waiting")
        await expect(page.locator("html")).to_have_attribute("lang", "en")
        assert found == []


async def test_a_phone_reads_the_queues_state_before_it_takes_a_number(tmp_path: Path, screens: Screens):
    """What is closed says until when, and takes nobody; a long queue asks first, and "no" takes no number."""
    longs = ON.replace("[policy]\n", '[policy]\nlong_wait = "1m"\n')
    async with edge_at(tmp_path, config=longs) as edge:
        await edge.post("/counters/1/open", by="clerk")
        for _ in range(3):
            await edge.ticket()
        code = await code_of(edge)
        page = await screens.open(f"{edge.mall.url}/take/{code}?lang=en", viewport="phone")
        for summary in await page.locator("summary").all():
            await summary.click()

        await expect(page.locator("[data-service=night]")).to_contain_text("Opens at 20:00")
        await expect(page.locator("[data-service=passport]")).to_contain_text("Long queue")
        await page.locator("[data-service=night]").dispatch_event("click")
        await page.locator("[data-service=passport]").click()
        await expect(page.locator("#long")).to_be_visible()
        found = [*await axe(page), *await layout_faults(page)]
        await page.locator("#long-no").click()
        waiting = (await edge.get("/mall"))["agencies"][0]["services"][0]["waiting"]
        await page.locator("[data-service=passport]").click()
        await page.locator("#long-take").click()
        await page.locator("#person-take").click()

        await page.wait_for_url(re.compile(r"/t/\w+"))
        assert (found, waiting) == ([], 3)


async def test_an_old_code_says_what_to_do(tmp_path: Path, screens: Screens):
    """A picture that somebody sent is no empty page."""
    async with edge_at(tmp_path, config=ON) as edge:
        page = await screens.open(f"{edge.mall.url}/take/{'a' * 16}?lang=en", viewport="phone")

        await expect(page.locator("h1")).to_have_text("This code is over")
        assert await axe(page) == []


ASKING = (
    ON
    + """
[categories.booked]
name = "Booked"
at_kiosk = false
[questions.phone]
asks = "phone"
purpose = "To call you if the hall closes."
services = ["passport"]
[questions.name]
asks = "name"
purpose = "So that we can address you."
services = ["passport"]
"""
)


async def test_a_phone_says_who_comes_and_what_is_asked(tmp_path: Path, screens: Screens):
    """Category, name and phone as at a kiosk, each with its reason; a wrong number is said and the rest stays."""
    async with edge_at(tmp_path, config=ASKING) as edge:
        page = await screens.open(f"{edge.mall.url}/take/{await code_of(edge)}?lang=en", viewport="phone")
        await page.locator("summary").first.click()
        await page.locator("[data-service=passport]").click()
        found = [*await axe(page), *await layout_faults(page)]
        offered = await page.locator(".person-category").all_text_contents()
        await page.get_by_label("Elderly").check()
        await page.get_by_label("What is your name?").fill("Sari")
        await page.get_by_label("What is your phone number?").fill("12")
        await page.locator("#person-take").click()
        await expect(page.locator("#person-refused")).to_contain_text("That is no phone number")

        await page.get_by_label("What is your phone number?").fill("+62 812 345")
        await page.locator("#person-take").click()
        await page.wait_for_url(re.compile(r"/t/\w+"))

        (ticket,) = edge.engine.state.tickets.values()
        said = edge.parts.registry.citizens.read(ticket.citizen or "")
        assert [one.strip() for one in offered] == ["Regular", "Elderly"]
        assert "Sari" not in page.url
        assert (ticket.category, ticket.channel) == ("elderly", "web")
        assert said == Citizen(name="Sari", phone="+62812345")
        assert found == []


async def test_what_a_phone_is_asked_may_be_left_out(tmp_path: Path, screens: Screens):
    """One touch more and the ticket is there; of another service nothing but the category is asked."""
    async with edge_at(tmp_path, config=ASKING) as edge:
        page = await screens.open(f"{edge.mall.url}/take/{await code_of(edge)}?lang=en", viewport="phone")
        await page.locator("summary").first.click()
        await page.locator("[data-service=visa]").click()
        await expect(page.locator("#ask-name")).to_be_hidden()
        await page.locator("#person-no").click()
        await page.locator("[data-service=passport]").click()

        await page.locator("#person-take").click()
        await page.wait_for_url(re.compile(r"/t/\w+"))

        (ticket,) = edge.engine.state.tickets.values()
        assert (ticket.category, ticket.citizen) == ("regular", None)


async def test_a_phone_takes_what_a_kiosk_would_give(tmp_path: Path):
    """A category that is the desk's to give, and words that nobody asked for, are refused."""
    async with edge_at(tmp_path, config=ASKING) as edge:
        body = {"code": await code_of(edge), "service": "visa"}
        booked = await edge.post("/poster/tickets", {**body, "category": "booked"})
        named = await edge.post("/poster/tickets", {**body, "citizen": {"name": "Sari"}})

    assert booked.said == (422, "invalid", "category")
    assert named.said == (422, "invalid", "not_asked")
    assert "Sari" not in str(named.body)


@pytest.mark.parametrize("language", ["id", "jv", "az", "ka", "ar"])
async def test_taking_a_ticket_holds_in_every_language(tmp_path: Path, screens: Screens, language: str):
    """The list and what is asked fit a phone of 360 pixels, and axe finds nothing."""
    config = ASKING.replace('languages = ["id", "en"]', 'languages = ["id", "en", "jv", "az", "ka", "ar"]')
    config = config.replace('{id = "Mal", en = "Mall"}', '"Nusa Raya"')
    async with edge_at(tmp_path, config=config) as edge:
        page = await screens.open(f"{edge.mall.url}/take/{await code_of(edge)}?lang={language}", viewport="phone")
        await page.locator("summary").first.click()
        found = [*await axe(page), *await layout_faults(page)]

        await page.locator("[data-service=passport]").click()
        await expect(page.locator("#name")).to_be_visible()

        assert (found, [*await axe(page), *await layout_faults(page)]) == ([], [])


def test_the_first_letters_of_a_code_are_as_good():
    """Whoever cannot scan the screen types six of them; five, or six others, are worth nothing."""
    codes = PosterCodes(secret=b"s" * 32)
    code, _ = codes.shown(0.0, MINUTE_MS)

    good = [codes.number_of(typed, 0.0, MINUTE_MS) for typed in (code, code[:6], code[:5], code[:7], "aaaaaa")]

    assert good == [0, 0, None, None, None]
    assert codes.number_of(code[:6], 60.0, MINUTE_MS) is None


async def test_the_sheet_of_paper_leads_to_whoever_reads_the_screen(tmp_path: Path, screens: Screens):
    """The sheet says an address that stays; there one types what the screen shows, however it is written."""
    async with edge_at(tmp_path, config=ON) as edge:
        screen = await edge.get("/poster", by="display")
        picture = await edge.page("/poster/sheet.svg", Authorization=f"Bearer {edge.token('supervisor')}")
        page = await screens.open(f"{edge.mall.url}/take?lang=en", viewport="phone")
        found = [*await axe(page), *await layout_faults(page)]

        await page.get_by_label("Code").fill(f"{screen['typed'][:3]} {screen['typed'][3:]}".upper())
        await page.get_by_role("button", name="Go on").click()

        await expect(page.locator("h1")).to_have_text("What do you come for?")
        await expect(page.locator("html")).to_have_attribute("lang", "en")
        assert picture.status == 200
        assert found == []


async def test_a_screen_shows_the_letters_beside_the_picture(tmp_path: Path, screens: Screens):
    """Large, in two groups; the sheet itself has none, and is printed without its button."""
    async with edge_at(tmp_path, config=ON) as edge:
        page = await screens.open(viewport="hall")
        await let_in(page, edge.mall.url, edge.token("supervisor", name="sari"))
        await page.goto(f"{edge.mall.url}/poster")
        await expect(page.locator("#typed strong")).to_have_text(re.compile(r"^[A-Z2-7]{3} [A-Z2-7]{3}$"))
        found = [*await axe(page), *await layout_faults(page)]

        await page.goto(f"{edge.mall.url}/poster/sheet")
        await expect(page.locator(".poster-address")).to_have_text(re.compile(r"/take$"))
        found += [*await axe(page), *await layout_faults(page)]
        await page.emulate_media(media="print")

        await expect(page.locator("#print")).to_be_hidden()
        assert found == []
