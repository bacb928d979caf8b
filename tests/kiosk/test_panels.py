"""On every panel, in every language: all of a screen stands whole, and what is touched is within the page."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from msgspec.structs import replace
from playwright.async_api import Page, expect

from queue_server.settings.fitting import OCCASION
from tests.browser import layout_faults
from tests.fakes import mall
from tests.fakes.hall import FakeHall
from tests.kiosk.conftest import OpenKiosk, shows

LANGUAGES = ("id", "en", "ka", "az", "jv", "ar")
PANELS = [(1080, 1920), (1024, 768), (1280, 800), (1366, 768)]

OFF = """() => {
    const off = [...document.querySelectorAll('button')].filter((button) => {
        const box = button.getBoundingClientRect();
        return button.checkVisibility({visibilityProperty: true})
            && (box.bottom > innerHeight + 1 || box.right > innerWidth + 1 || box.left < -1 || box.top < -1);
    });
    const main = document.getElementById('main');
    return [
        ...off.map((button) => `off the page: ${button.id} ${button.textContent.trim()}`),
        ...(document.documentElement.scrollHeight > innerHeight ? ['the page scrolls'] : []),
        ...(main.scrollHeight > main.clientHeight + 1 ? ['the middle scrolls'] : []),
    ];
}"""

FOOT = """() => ['back', 'again'].filter((id) => {
    const box = document.getElementById(id).getBoundingClientRect();
    return box.top < 0 || box.bottom > innerHeight + 1 || box.height < 48;
})"""


async def screens(page: Page, language: str) -> AsyncIterator[str]:
    """The way from the first screen to the last before the ticket, and the search."""
    await page.locator(f'[data-language="{language}"]').click()
    yield "agencies"
    for number in (2, 3):
        await page.locator("#next").click()
        yield f"agencies, page {number}"
    await page.locator("#find").click()
    await page.locator("#query").fill("pas")
    yield "search"
    await page.locator("#again").click()
    await page.locator(f'[data-language="{language}"]').click()
    await page.locator('#agencies [data-id="imigrasi"]').click()
    yield "services"
    await page.locator('#services [data-id="paspor_baru"]').click()
    yield "confirm"
    await page.locator("#again").click()
    await shows(page, "agencies")


@pytest.mark.parametrize("size", PANELS)
async def test_every_screen_stands_whole(hall: FakeHall, kiosk: OpenKiosk, size: tuple[int, int]):
    """With six languages nothing is pushed off the page and nothing scrolls, under a finger's keyboard too."""
    hall.views["kiosk:K1"] = mall.kiosk(languages=LANGUAGES, common=("paspor_baru", "paspor_ganti"))
    page = await kiosk(has_touch=True)
    await page.set_viewport_size({"width": size[0], "height": size[1]})
    found: list[tuple[str, str, list[str]]] = []

    for language in LANGUAGES:
        async for screen in screens(page, language):
            faults = [*await page.evaluate(OFF), *await layout_faults(page)]
            if faults:
                found.append((language, screen, faults))

    assert found == []


@pytest.mark.parametrize("size", PANELS)
async def test_back_and_start_again_never_leave_the_page(hall: FakeHall, kiosk: OpenKiosk, size: tuple[int, int]):
    """However many languages and however long the names: what is too much scrolls between head and foot."""
    long = {"id": "Perekaman, pencetakan dan pengambilan kartu tanda penduduk elektronik yang hilang atau rusak"}
    hall.languages = (*LANGUAGES, "ru", "tr", "uk")
    view = mall.kiosk(languages=hall.languages)
    services = tuple(replace(service, name=long, help=long) for service in view.agencies[1].services)
    agencies = tuple(replace(agency, name=long, services=services) for agency in view.agencies)
    hall.views["kiosk:K1"] = replace(view, agencies=agencies)
    page = await kiosk(has_touch=True)
    await page.set_viewport_size({"width": size[0], "height": size[1]})
    found: list[tuple[str, list[str]]] = []

    async for screen in screens(page, "ka"):
        faults = await page.evaluate(FOOT) if screen[:8] != "agencies" else []
        if faults:
            found.append((screen, faults))

    assert found == []


@pytest.mark.parametrize("size", PANELS)
async def test_the_ticket_stands_whole(hall: FakeHall, kiosk: OpenKiosk, size: tuple[int, int]):
    """Number, place, slip, code and the way out are all there without scrolling."""
    hall.views["kiosk:K1"] = mall.kiosk(languages=LANGUAGES)
    page = await kiosk(has_touch=True)
    await page.set_viewport_size({"width": size[0], "height": size[1]})
    await page.locator('#agencies [data-id="imigrasi"]').click()
    await page.locator('#services [data-id="paspor_baru"]').click()

    await page.locator("#take").click()
    await shows(page, "ticket")

    assert [*await page.evaluate(OFF), *await layout_faults(page)] == []


@pytest.mark.parametrize("size", PANELS)
async def test_a_long_occasion_leaves_its_room(hall: FakeHall, kiosk: OpenKiosk, size: tuple[int, int]):
    """The longest name of a day that `antrean check` takes stands whole, beside a closed service and the hours."""
    day = {"id": ("Libur bersama nasional " * 4)[: OCCASION.most]}
    view = mall.kiosk()
    services = tuple(replace(service, occasion=day) for service in view.agencies[1].services)
    hall.views["kiosk:K1"] = replace(
        view, agencies=(view.agencies[0], replace(view.agencies[1], services=services), *view.agencies[2:])
    )
    page = await kiosk(has_touch=True)
    await page.set_viewport_size({"width": size[0], "height": size[1]})

    await page.locator(f'#agencies [data-id="{view.agencies[1].id}"]').click()
    beside_closed = [*await page.evaluate(FOOT), *await layout_faults(page)]
    await page.locator("#services [data-id]:not([data-closed])").first.click()
    await expect(page.locator("#confirm-occasion")).to_be_visible()
    beside_hours = [*await page.evaluate(FOOT), *await layout_faults(page)]

    assert (beside_closed, beside_hours) == ([], [])


@pytest.mark.parametrize("size", PANELS)
async def test_the_lost_line_is_marked_beside_what_is_touched(hall: FakeHall, kiosk: OpenKiosk, size: tuple[int, int]):
    """With six languages, on every panel: the mark covers no button."""
    hall.views["kiosk:K1"] = mall.kiosk(languages=LANGUAGES)
    page = await kiosk(has_touch=True)
    await page.set_viewport_size({"width": size[0], "height": size[1]})

    await hall.die()
    await expect(page.locator("#stale")).to_be_visible()
    covered = await page.evaluate("""() => {
        const mark = document.getElementById('stale').getBoundingClientRect();
        return [...document.querySelectorAll('button')].filter((one) => one.checkVisibility({visibilityProperty: true}))
            .map((one) => [one.textContent.trim(), one.getBoundingClientRect()])
            .filter(([, box]) => box.top < mark.bottom && box.bottom > mark.top)
            .filter(([, box]) => box.left < mark.right && box.right > mark.left)
            .map(([name, box]) => [name, box.top, mark.bottom]);
    }""")

    assert covered == []
