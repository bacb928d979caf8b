"""The start page, signing in, choosing a counter, the reception, the printers, the API's page, and no page at all."""

import re

import pytest
from msgspec.structs import replace
from playwright.async_api import Page, expect

from queue_server.wire.api import Me, Problem
from tests.browser import Screens, axe, layout_faults
from tests.fakes import canned
from tests.fakes.house import House
from tests.waiting import until


async def opened(screens: Screens, house: House, path: str, **context: str) -> Page:
    return await screens.open(f"{house.url}{path}", **context)


async def test_the_start_page_leads_to_every_page(screens: Screens, house: House):
    """Kiosks, displays, terminal, reception, floor, printers and API, each with whom it is for."""
    page = await opened(screens, house, "/?lang=en")

    paths = await page.eval_on_selector_all("main a", "(links) => links.map((link) => link.getAttribute('href'))")

    assert paths == [
        "/kiosk/k1",
        "/display/hall",
        "/terminal",
        "/reception",
        "/floor",
        "/audit",
        "/printing",
        "/printers",
        "/devices",
        "/screen",
        "/api/docs",
    ]
    assert all(await page.locator("main a .choice-help").all_inner_texts())


@pytest.mark.parametrize("viewport", ["desk", "phone"])
@pytest.mark.parametrize(
    "path", ["/", "/sign-in", "/terminal", "/reception", "/printers", "/api/docs", "/terminal/none"]
)
async def test_the_pages_are_accessible_and_fit(screens: Screens, house: House, path: str, viewport: str):
    """axe finds nothing, nothing is cut off, nothing scrolls sideways."""
    page = await opened(screens, house, f"{path}?lang=id", viewport=viewport)
    await page.wait_for_load_state("networkidle")

    assert await axe(page) == []
    assert await layout_faults(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_a_page_wears_the_malls_colour(screens: Screens, house: House, scheme: str):
    """Links and buttons have it, in the dark a lighter tone, and axe can read them."""
    house.accent = "#7A1F5C"
    page = await screens.open(f"{house.url}/?lang=en", color_scheme=scheme)
    await page.wait_for_load_state("networkidle")

    shown = await page.locator(".start-mall").evaluate("node => getComputedStyle(node).color")
    assert (shown == "rgb(122, 31, 92)") == (scheme == "light")
    assert shown not in ("rgb(10, 85, 96)", "rgb(111, 211, 222)")
    assert await axe(page) == []


async def test_the_language_is_remembered(screens: Screens, house: House):
    """A press on the other language turns the page and the next one too."""
    page = await opened(screens, house, "/", locale="en-GB")
    await expect(page.locator("html")).to_have_attribute("lang", "en")

    await page.click("text=Bahasa Indonesia")
    await page.goto(f"{house.url}/sign-in")

    await expect(page.locator("h1")).to_have_text("Masuk")


async def test_signing_in_leads_to_where_one_wanted_to_go(screens: Screens, house: House):
    """Whoever is not signed in is led to the sign-in page, and from there back."""
    house.me = None
    page = await opened(screens, house, "/floor?lang=en")
    await page.wait_for_url("**/sign-in?next=*")
    house.me = Me(role="supervisor", name="Dewi", clerk="p-1")

    await expect(page.locator("#name")).to_be_focused()
    await page.keyboard.type("rani")
    await page.keyboard.press("Tab")
    await page.keyboard.type("secret")
    await page.keyboard.press("Enter")

    await page.wait_for_url(re.compile(r"/floor"))
    assert house.commands("sign-in")[0].body == {"name": "rani", "password": "secret"}


@pytest.mark.parametrize("wanted", ["https://elsewhere.example/", "//elsewhere.example/", "/.//elsewhere.example"])
async def test_signing_in_never_leads_out_of_the_house(screens: Screens, house: House, wanted: str):
    """An address of another machine as `next` is not followed, however it is written."""
    page = await opened(screens, house, f"/sign-in?next={wanted}&lang=en")
    await page.fill("#name", "rani")
    await page.fill("#password", "secret")

    await page.keyboard.press("Enter")

    await page.wait_for_url(lambda url: "/sign-in" not in url)
    assert page.url.startswith(house.url)


async def test_a_wrong_password_is_said_and_can_be_typed_again(screens: Screens, house: House):
    """The refusal is announced, the password is marked to be typed over."""
    house.refusal = Problem(type="", title="", status=401, code="unauthorized", detail="")
    page = await opened(screens, house, "/sign-in?lang=en")
    await page.fill("#name", "rani")
    await page.fill("#password", "wrong")

    await page.keyboard.press("Enter")

    await expect(page.locator("#refused")).to_have_text("Name and password or PIN do not belong together.")
    assert await page.evaluate("() => document.activeElement.id") == "password"


async def test_a_counter_is_chosen_by_keyboard(screens: Screens, house: House):
    """Each counter is a link to its terminal; one's own is marked."""
    page = await opened(screens, house, "/terminal?lang=en")
    await expect(page.locator("[data-mine]")).to_contain_text("Your counter")

    await page.locator("a", has_text="11").press("Enter")

    await page.wait_for_url("**/terminal/c11")


async def test_the_reception_issues_a_ticket_for_several_services(screens: Screens, house: House):
    """Services found by typing, a category, a language: one ticket, shown with what became of its slip."""
    page = await opened(screens, house, "/reception?lang=en")
    await expect(page.locator("#categories input").first).to_be_attached()

    for typed in ("passp", "taxp"):
        await page.locator("#choose").press("Enter")
        await page.keyboard.type(typed)
        await page.keyboard.press("Enter")
        await expect(page.locator("dialog[open]")).to_have_count(0)
    await page.get_by_label("Elderly").check()
    await page.locator("#send").press("Enter")

    await until(lambda: house.commands("tickets"))
    assert house.commands("tickets")[0].body == {
        "category": "elderly",
        "services": ["paspor-baru", "pajak-npwp"],
        "language": "id",
        "printer": "p2",
    }
    await expect(page.locator("#issued")).to_contain_text("A\u2009031")
    assert await axe(page) == []


async def test_the_reception_wants_a_service_first(screens: Screens, house: House):
    """Without a service nothing is sent, and the focus goes to where it is chosen."""
    page = await opened(screens, house, "/reception?lang=en")
    await expect(page.locator("#categories input").first).to_be_attached()

    await page.locator("#send").press("Enter")

    await expect(page.locator("#refused")).to_have_text("Choose a service first.")
    assert await page.evaluate("() => document.activeElement.id") == "choose"
    assert house.posted == []


async def test_a_lost_slip_is_found_by_its_number_and_printed_again(screens: Screens, house: House):
    """The number finds the ticket however it is typed; a reprint is recorded with a reason."""
    page = await opened(screens, house, "/reception?lang=en")
    await expect(page.locator("#ticket-number")).to_be_visible()

    await page.fill("#ticket-number", "a 012")
    await page.keyboard.press("Enter")
    await page.get_by_role("button", name="Print again").press("Enter")
    await page.select_option("dialog #reason", "mistake")
    await page.locator("dialog button[type=submit]").press("Enter")

    await until(lambda: house.commands("reprint"))
    assert house.commands("reprint")[0].body == {"reason": "mistake"}


async def test_a_wrong_outcome_is_corrected_with_a_reason(screens: Screens, house: House):
    """A finished step's outcome can be changed afterwards, by whoever finds the ticket."""
    assert house.page is not None
    house.page = replace(house.page, ticket=canned.ticket("A012", "served"))
    page = await opened(screens, house, "/reception?lang=en")
    await page.fill("#ticket-number", "A012")
    await page.keyboard.press("Enter")

    await page.get_by_role("button", name="Correct the outcome").press("Enter")
    await page.select_option("#new-outcome", "referred")
    await page.select_option("dialog #reason", "mistake")
    await page.locator("dialog button[type=submit]").press("Enter")

    await until(lambda: house.commands("correct"))
    assert house.commands("correct")[0].body == {"step": 0, "outcome": "referred", "reason": "mistake"}


async def test_a_number_that_nobody_has_is_said(screens: Screens, house: House):
    """Not found is an answer, not an error."""
    page = await opened(screens, house, "/reception?lang=en")

    await page.fill("#ticket-number", "Z999")
    await page.keyboard.press("Enter")

    await expect(page.locator("#find")).to_contain_text("Nobody has Z\u2009999 today.")


async def test_slips_of_the_virtual_printers_are_seen(screens: Screens, house: House):
    """The newest slip is on top, each a picture with its number."""
    page = await opened(screens, house, "/printers?lang=en")

    await expect(page.locator("img").first).to_have_attribute("alt", "Slip 3")
    await expect(page.locator(".mark").first).to_contain_text("Ready")


async def test_the_api_page_shows_calls_messages_and_refusals(screens: Screens, house: House):
    """What openapi.json says can be read, and every refusal's address leads to its line."""
    page = await opened(screens, house, "/api/docs?lang=en#too_soon")

    await expect(page.locator("#post-api-v1-tickets")).to_contain_text("Take a ticket")
    await expect(page.locator("#schema-Ticket")).to_contain_text("As on the slip")
    await expect(page.locator("tr#too_soon")).to_contain_text("409")


async def test_no_page_says_what_to_do(screens: Screens, house: House):
    """A counter that the mall does not have gives a page, with its status, that leads on."""
    page = await screens.open()
    answer = await page.goto(f"{house.url}/terminal/none?lang=en")

    assert answer is not None
    assert answer.status == 404
    await expect(page.locator("h1")).to_have_text("There is no such page")
    await expect(page.locator("main a")).to_have_attribute("href", "/")
