"""What a citizen said of themselves stands on the terminal of the clerk who has called them, while that lasts."""

from playwright.async_api import expect

from queue_server.wire.api import CitizenView, Me
from tests.browser import Screens, axe, layout_faults
from tests.fakes.desk import Desk
from tests.fakes.house import House
from tests.web.pages.conftest import ready, terminal

SAID = CitizenView(
    ticket="t-A012",
    name="Ibu Sari Wulandari",
    phone="+6281255501234",
    identity="3273010101800002",
    purposes={"phone": {"en": "To call you if a document is missing", "id": "Untuk menelepon Anda bila berkas kurang"}},
)


def with_citizen(stage: str) -> Desk:
    desk = Desk(stage)
    desk.state.tickets["t-A012"].citizen = "reference"
    return desk


async def test_the_clerk_sees_who_it_is_and_why_they_said_so(screens: Screens, house: House):
    """Asked for once, when they are called; it goes with the ticket."""
    house.at(with_citizen("called"))
    house.citizen = SAID
    page = await terminal(screens, house)
    marks = page.locator("#marks")
    await expect(marks).to_contain_text("Ibu Sari Wulandari")
    await expect(marks).to_contain_text("+6281255501234 · To call you if a document is missing")
    await page.keyboard.press("F2")
    await expect(page.locator("#now-title")).to_have_text("Being served")
    await ready(page)
    await expect(marks).to_contain_text("Ibu Sari")

    await page.keyboard.press("F2")

    await expect(page.locator("#now-title")).to_have_text("Next")
    await expect(marks).not_to_contain_text("Ibu Sari")
    assert house.read == ["t-A012"]


async def test_an_identity_number_is_whole_while_it_is_wanted(screens: Screens, house: House):
    """Its last four signs, all of them by a press, and hidden again for the next one."""
    house.at(with_citizen("called"))
    house.citizen = SAID
    page = await terminal(screens, house)
    mark = page.locator("#marks button")
    await expect(mark).to_have_text("Show the number: ••••••••••••0002")

    await mark.click()
    await expect(mark).to_have_text("Hide the number: 3273010101800002")
    await mark.click()

    await expect(mark).to_contain_text("•••0002")


async def test_nobody_else_asks(screens: Screens, house: House):
    """A supervisor who looks at the counter is shown nothing, and asks for nothing."""
    house.at(with_citizen("called"))
    house.citizen = SAID
    house.me = Me(role="supervisor", name="Sari", clerk="p-9")

    page = await screens.open(f"{house.url}/terminal/c12?lang=en", viewport="desk")
    await expect(page.locator("#number")).to_contain_text("012")
    await page.wait_for_load_state("networkidle")

    assert house.read == []
    await expect(page.locator("#marks")).not_to_contain_text("Ibu Sari")


async def test_it_has_room_and_faults_nobody(screens: Screens, house: House):
    """On the smallest screen and at a desk, in the longer language."""
    house.at(with_citizen("serving"))
    house.citizen = SAID
    for viewport in ("desk", "phone"):
        page = await terminal(screens, house, viewport=viewport, language="id")
        await expect(page.locator("#marks")).to_contain_text("Ibu Sari")

        assert await layout_faults(page) == []
        assert await axe(page) == []
