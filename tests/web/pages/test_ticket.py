"""The citizen's own page: my place, my wait, and the counter over the whole page when I am called."""

import pytest
from msgspec.structs import replace
from playwright.async_api import Page, expect

from queue_server.views.slip import wait_text
from queue_server.wire.api import BoardServing, StepView, Wait
from queue_server.wire.live import TicketPageView
from tests.browser import Screens, axe, layout_faults
from tests.fakes import canned
from tests.fakes.house import House
from tests.waiting import until

VIBRATES = """() => {
    window.pulses = 0;
    navigator.vibrate = () => { window.pulses += 1; return true; };
}"""


async def own(screens: Screens, house: House, **context: str) -> Page:
    page = await screens.open(f"{house.url}/t/t-A012", viewport="phone", locale="id-ID", **context)
    await expect(page.locator("#page")).not_to_have_attribute("data-state", "loading")
    return page


async def test_it_says_place_wait_and_what_to_bring(screens: Screens, house: House):
    """Number, people ahead, range of the wait and the documents, in the language chosen at the kiosk."""
    page = await own(screens, house)

    await expect(page.locator("#number")).to_have_text("A\u2009012")
    await expect(page.locator("#figure")).to_have_text("4 orang di depan Anda")
    await expect(page.locator("#wait")).to_contain_text("10–25")
    await expect(page.locator("#documents")).to_contain_text("Kartu Keluarga")
    await expect(page.locator("html")).to_have_attribute("lang", "id")


async def test_no_figure_is_told_while_no_counter_is_open(screens: Screens, house: House):
    """The page says so instead of a wait, also to a screen reader."""
    waiting = replace(canned.ticket("A012", "waiting"), estimated_wait=None, wait_reason="no_counter")
    house.page = canned.ticket_page(waiting)
    page = await own(screens, house)

    await expect(page.locator("#wait")).to_have_text("Belum ada loket yang buka")
    await expect(page.locator("#said")).to_contain_text("Belum ada loket yang buka")


@pytest.mark.parametrize("language", ["id", "en"])
async def test_the_wait_is_said_as_on_the_slip(screens: Screens, house: House, language: str):
    """Minutes, fives and half hours: paper and screen never differ by a rounding or by how a half is written."""
    page = await own(screens, house)
    waits = [(0, 0), (0, 90), (200, 540), (720, 1320), (4200, 7100), (3000, 7260), (7300, 20300), (600, 7200)]

    said = await page.evaluate(
        """async ([language, waits]) => {
            const script = document.querySelector("script[type=module]").src;
            const {learn, wordsFor} = await import(new URL("../js/texts.js", script));
            await learn(language);
            return waits.map(([p50_s, p90_s]) => wordsFor(language).wait({p50_s, p90_s}));
        }""",
        [language, waits],
    )

    assert said == [wait_text(language, Wait(p50_s=p50_s, p90_s=p90_s)) for p50_s, p90_s in waits]


@pytest.mark.parametrize("width", [320, 360])
@pytest.mark.parametrize("view", ["waiting", "called"])
async def test_the_page_is_never_wider_than_the_phone(screens: Screens, house: House, width: int, view: str):
    """Three letters and four digits fit, whether the number waits or is called."""
    waiting = canned.ticket_page(replace(canned.ticket("A012", "waiting"), number="WWW9999"), serving=LONG)
    called = canned.called_page()
    called = replace(called, ticket=replace(called.ticket, number="WWW9999"), counter_label="Quick Trans 12")
    house.page = {"waiting": waiting, "called": called}[view]
    page = await own(screens, house)
    shown = page.locator({"waiting": "#number", "called": "#called-number"}[view])

    await page.set_viewport_size({"width": width, "height": 640})

    await expect(shown).to_have_text("WWW\u20099999")
    assert await layout_faults(page) == []


LONG = (BoardServing(counter="12", label="Quick Trans 12", number="WWW8888", zone="a", state="serving"),)


async def test_a_call_covers_the_page(screens: Screens, house: House):
    """The counter is all there is to see, it is said to a screen reader, and the phone vibrates."""
    page = await own(screens, house)
    await page.evaluate(VIBRATES)
    await page.click("#number")

    house.page = canned.called_page()
    await house.push()

    await expect(page.locator("#called-counter")).to_have_text("12")
    box = await page.locator("#called").bounding_box()
    assert box is not None
    assert (box["width"], box["height"]) == (360, 800)
    await expect(page.locator("#said")).to_contain_text("Loket 12")
    assert await page.evaluate("() => window.pulses") == 1
    assert "12" in await page.title()


async def test_a_recall_vibrates_again_and_other_news_does_not(screens: Screens, house: House):
    """The same call seen twice is one pulse; called again is another."""
    page = await own(screens, house)
    await page.evaluate(VIBRATES)
    await page.click("#number")
    call = canned.called_page()
    step = call.ticket.steps[0]
    again = replace(call, ticket=replace(call.ticket, steps=(replace(step, called_at=canned.ago(1)),)))

    for view in (call, call, again):
        house.page = view
        await house.push()
    await expect(page.locator("#said")).to_contain_text("Dipanggil lagi")

    assert await page.evaluate("() => window.pulses") == 2


@pytest.mark.parametrize(
    ("state", "says"),
    [
        ("serving", "Counter 12"),
        ("parked", "Your place is kept"),
        ("no_show", "You were called, and nobody came"),
        ("served", "Thank you for coming"),
        ("cancelled", "This place was given up"),
        ("expired", "The day of this number is over"),
    ],
)
async def test_every_state_says_what_is_and_what_to_do(screens: Screens, house: House, state: str, says: str):
    """Each state has its sentence and its advice, passes the audit and fits a phone."""
    house.page = canned.ticket_page(
        canned.ticket("A012", state),
        may_cancel=state in {"parked", "no_show"},
        counter_label="12" if state == "serving" else None,
    )
    page = await screens.open(f"{house.url}/t/t-A012?lang=en", viewport="phone")

    await expect(page.locator("#figure")).to_have_text(says)
    assert await page.inner_text("#do")
    assert await axe(page) == []
    assert await layout_faults(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("view", [canned.ticket_page(), canned.called_page()], ids=["waiting", "called"])
async def test_waiting_and_called_are_accessible(screens: Screens, house: House, view: TicketPageView, scheme: str):
    """By day and by night axe finds nothing, and nothing is cut off."""
    house.page = view
    page = await own(screens, house, color_scheme=scheme)

    assert await axe(page) == []
    assert await layout_faults(page) == []


async def test_the_last_one_ahead_makes_me_next(screens: Screens, house: House):
    """With nobody ahead the page says so in words, and tells a screen reader."""
    page = await own(screens, house)

    house.page = canned.ticket_page(canned.ticket("A012", "waiting", people_ahead=0))
    await house.push()

    await expect(page.locator("#figure")).to_have_text("Anda berikutnya bila loket kosong")
    await expect(page.locator("#said")).to_contain_text("Anda berikutnya bila loket kosong")


async def test_a_hold_says_why_and_that_the_place_is_kept(screens: Screens, house: House):
    """The reason alone would frighten: a whole sentence says that nobody loses the place."""
    house.page = replace(canned.ticket_page(), held="prayer", held_text={"id": "Salat", "en": "Prayer"})
    page = await screens.open(f"{house.url}/t/t-A012?lang=en", viewport="phone")

    await expect(page.locator("#held")).to_contain_text(
        "Prayer The hall pauses for a moment. Every number keeps its place."
    )
    await expect(page.locator("#figure")).to_have_text("4 people ahead of you")
    await expect(page.locator("#wait")).to_be_hidden()
    await expect(page.locator("#do")).to_be_hidden()
    assert await axe(page) == []
    assert await layout_faults(page) == []


async def test_an_unknown_ticket_is_explained(screens: Screens, house: House):
    """A wrong code is no empty page."""
    house.page = None
    page = await screens.open(f"{house.url}/t/nobody?lang=en", viewport="phone")

    await expect(page.locator("h1.head")).to_contain_text("There is no such number")
    await expect(page.locator("#do")).to_contain_text("Scan the code")
    assert await axe(page) == []


async def test_giving_up_a_place_wants_a_yes(screens: Screens, house: House):
    """The first press asks, keeping is the first choice, and only the second gives the place up."""
    page = await own(screens, house)

    await page.locator("#cancel").press("Enter")
    assert await axe(page) == []
    await page.keyboard.press("Enter")
    assert house.commands() == []
    await page.locator("#cancel").press("Enter")
    await page.locator("#really").press("Enter")

    await until(lambda: house.commands("cancel"))
    await expect(page.locator("#page")).to_have_attribute("data-state", "cancelled")


async def test_the_language_is_the_readers(screens: Screens, house: House):
    """Another language takes effect at once and is remembered on this phone."""
    page = await own(screens, house)

    await page.select_option("#language", "en")
    await expect(page.locator("#figure")).to_have_text("4 people ahead of you")
    await page.reload()

    await expect(page.locator("#figure")).to_have_text("4 people ahead of you")


async def test_a_lost_line_is_marked(screens: Screens, house: House):
    """An old place is never shown as if it were the present one."""
    page = await own(screens, house)

    await house.cut()

    await expect(page.locator("#stale")).to_be_visible()


async def test_a_ticket_that_has_ended_needs_no_line(screens: Screens, house: House):
    """Yesterday's ticket has no live view, and its page does not call that a lost connection."""
    house.page = canned.ticket_page(canned.ticket("A012", "served"), may_cancel=False)
    page = await own(screens, house)
    await expect(page.locator("#page")).to_have_attribute("data-state", "served")

    assert house.sockets == {}
    await expect(page.locator("#stale")).to_be_hidden()


async def test_a_journey_of_several_services_is_shown_in_order(screens: Screens, house: House):
    """One slip for two agencies: what is done, what is now and what comes, by the services' names."""
    shown = canned.ticket("A012", "waiting")
    later = StepView(service="paspor-baru", agency="imigrasi", state="planned")
    house.page = canned.ticket_page(replace(shown, steps=(*shown.steps, later)))
    page = await screens.open(f"{house.url}/t/t-A012?lang=en", viewport="phone")

    await expect(page.locator("#steps li")).to_have_text(["New identity card: waiting", "New passport: later"])
    assert await axe(page) == []


@pytest.mark.parametrize("state", ["waiting", "called", "parked"])
async def test_an_evacuation_lies_over_everything(screens: Screens, house: House, state: str):
    """Who was called is no longer sent to a counter; an open question closes, and all is as before when it is over."""
    house.page = canned.ticket_page(ticket=canned.ticket("A012", state))
    page = await own(screens, house)
    if state == "waiting":
        await page.locator("#cancel").click()

    house.page = replace(house.page, held="evacuation", evacuation=canned.evacuation())
    await house.push()

    sign = page.locator("#evacuated")
    for said in ("Segera tinggalkan gedung", "tangga utara", "Titik kumpul: halaman parkir", "Semua nomor tetap"):
        await expect(sign).to_contain_text(said)
    await expect(page).to_have_title("Segera tinggalkan gedung")
    assert await page.locator("#page").evaluate("(node) => node.inert")
    assert await page.locator("dialog[open]").count() == 0
    assert await axe(page) == []
    assert await layout_faults(page) == []
    house.page = replace(house.page, held=None, evacuation=None)
    await house.push()
    await expect(sign).to_be_hidden()
    await expect(page).not_to_have_title("Segera tinggalkan gedung")
    assert not await page.locator("#page").evaluate("(node) => node.inert")


async def test_an_evacuation_is_said_in_the_readers_language(screens: Screens, house: House):
    """Also in a language for which the rest of the page has no words of its own."""
    house.page = replace(canned.ticket_page(), held="evacuation", evacuation=canned.evacuation())
    page = await screens.open(f"{house.url}/t/t-A012?lang=en", viewport="phone")

    await expect(page.locator(".leave-title")).to_have_text("Leave the building now")
