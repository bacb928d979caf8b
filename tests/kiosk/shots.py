"""Pictures of every state of the kiosk in every language: `python -m tests.kiosk.shots [FOLDER] [LANGUAGE…]`.

On the panels that malls have; one picture for each panel and language, its states side by side at a third of their
size, and those of the longest language at their true size, too. They are for looking at and are kept nowhere. Exit
status 1 where axe or the layout has something to say.
"""

from __future__ import annotations

import asyncio
import io
import os
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

from msgspec.structs import replace
from PIL import Image
from playwright.async_api import Page, ViewportSize, async_playwright

from queue_server.settings.tables import Panel
from queue_server.settings.touch import dots_per_mm
from queue_server.wire.api import MallService, StepView, TicketSlip, Wait
from queue_server.wire.live import KioskPanel, KioskView
from tests.browser import axe, launch, layout_faults
from tests.fakes import canned, mall
from tests.fakes.hall import FakeHall, refusal
from tests.kiosk.conftest import shows
from tests.kiosk.test_panels import LANGUAGES, OFF
from tests.web.phone_shots import side_by_side

PANELS = {
    "1080x1920": Panel(inches=21.5, width=1080, height=1920),
    "1024x768": Panel(inches=15.0, width=1024, height=768),
    "800x1280": Panel(inches=15.6, width=800, height=1280),
    "1920x1080": Panel(inches=21.5, width=1920, height=1080),
}
LONGEST = "ka"
SCALE = 3
PASSPORT = ("imigrasi", "paspor_baru")
TOPIC = "kiosk:K1"

Way = Callable[[Page, FakeHall, KioskView], Awaitable[None]]


async def press(page: Page, *selectors: str) -> None:
    """As a key would: no touch, so nothing has to settle before."""
    for selector in selectors:
        await page.locator(selector).dispatch_event("click")


async def opened(page: Page, agency: str, service: str | None = None) -> None:
    """An agency of any page, and one of its services."""
    await turned_to(page, "agencies", agency)
    if service:
        await turned_to(page, "services", service)


async def turned_to(page: Page, choices: str, id_: str) -> None:
    """The choice is pressed on the page of choices that has it."""
    choice = page.locator(f'#{choices} li:not([hidden]) > [data-id="{id_}"]')
    while not await choice.count():
        await press(page, "#next")
    await choice.dispatch_event("click")


async def first(page: Page, hall: FakeHall, view: KioskView) -> None:
    await shows(page, "agencies")


async def services(page: Page, hall: FakeHall, view: KioskView) -> None:
    await opened(page, "imigrasi")


async def confirm(page: Page, hall: FakeHall, view: KioskView) -> None:
    await opened(page, *PASSPORT)


async def closed(page: Page, hall: FakeHall, view: KioskView) -> None:
    await opened(page, "imigrasi", "bap")


async def search(page: Page, hall: FakeHall, view: KioskView) -> None:
    await press(page, "#find")
    await page.locator("#query").fill("pas")


async def nothing_found(page: Page, hall: FakeHall, view: KioskView) -> None:
    await press(page, "#find")
    await page.locator("#query").fill("qwxy")


async def long(page: Page, hall: FakeHall, view: KioskView) -> None:
    await hall.push(TOPIC, replace(view, long_wait_s=60))
    await page.wait_for_timeout(200)
    await opened(page, *PASSPORT)
    await press(page, "#take")


async def second(page: Page, hall: FakeHall, view: KioskView) -> None:
    await opened(page, *PASSPORT)
    await press(page, "#more")
    await opened(page, "imigrasi")


async def journey(page: Page, hall: FakeHall, view: KioskView) -> None:
    for service in ("paspor_baru", "paspor_ganti", "izin_tinggal", "paspor_ambil", "paspor_anak"):
        await opened(page, "imigrasi", service)
        await press(page, "#more" if await page.locator("#more").is_visible() else "#take")
        if await page.locator("#journey-more").is_visible():
            await press(page, "#journey-more")


async def several(page: Page, hall: FakeHall, view: KioskView) -> None:
    await ticket("not_printed", "paper_out")(page, hall, view)
    (issued,) = hall.issued.values()
    later = (StepView(service=one, agency="imigrasi", state="planned") for one in ("paspor_ganti", "izin_tinggal"))
    slip = TicketSlip(state="not_printed")
    await hall.push(f"ticket:{issued.id}", replace(issued, steps=(*issued.steps, *later), slip=slip))
    await page.locator("#ticket-then").wait_for()


async def priority(page: Page, hall: FakeHall, view: KioskView) -> None:
    await press(page, "#priority-open")


async def aids(page: Page, hall: FakeHall, view: KioskView) -> None:
    await press(page, "#aids")


def aided(aid: str, then: Way) -> Way:
    async def way(page: Page, hall: FakeHall, view: KioskView) -> None:
        await press(page, "#aids", f"[data-aid={aid}]", "#aids-close")
        await then(page, hall, view)

    return way


async def waits(page: Page, hall: FakeHall, view: KioskView) -> None:
    hall.answers.extend(["lost"] * 20)
    await confirm(page, hall, view)
    await press(page, "#take")
    await page.locator("#trouble").wait_for()


def refused(code: str, reason: str | None = None) -> Way:
    async def way(page: Page, hall: FakeHall, view: KioskView) -> None:
        hall.answers.append(refusal(code, reason))
        await confirm(page, hall, view)
        await press(page, "#take")
        await shows(page, "problem")

    return way


def ticket(state: str, reason: str | None = None) -> Way:
    async def way(page: Page, hall: FakeHall, view: KioskView) -> None:
        await confirm(page, hall, view)
        await press(page, "#take")
        await shows(page, "ticket")
        (issued,) = hall.issued.values()
        slip = TicketSlip(state=state, reason=reason)
        await hall.push(f"ticket:{issued.id}", replace(issued, category="elderly", slip=slip))
        await page.locator(f"#slip[data-slip={state}]").wait_for()

    return way


def said(**changes: object) -> Way:
    async def way(page: Page, hall: FakeHall, view: KioskView) -> None:
        await hall.push(TOPIC, replace(view, **changes))
        await shows(page, "problem")

    return way


async def evacuation(page: Page, hall: FakeHall, view: KioskView) -> None:
    await hall.push(TOPIC, replace(view, held="evacuation", evacuation=canned.evacuation()))
    await page.locator("#evacuated").wait_for()


async def idle(page: Page, hall: FakeHall, view: KioskView) -> None:
    await hall.push(TOPIC, replace(view, idle_s=1))
    await services(page, hall, view)
    await page.locator("#idle").wait_for()


STATES: dict[str, Way] = {
    "first": first,
    "services": services,
    "search": search,
    "nothing-found": nothing_found,
    "confirm": confirm,
    "closed": closed,
    "long": long,
    "second": second,
    "journey": journey,
    "priority": priority,
    "aids": aids,
    "larger": aided("larger", services),
    "contrast": aided("contrast", confirm),
    "low": aided("low", services),
    "waits": waits,
    "refused": refused("service_closed", "closed_now"),
    "given-out": refused("quota_reached", "quota_reached"),
    "printing": ticket("printing"),
    "printed": ticket("printed"),
    "no-paper": ticket("not_printed", "paper_out"),
    "unknown": ticket("unknown"),
    "several": several,
    "mall-closed": said(open=False, opens_at="2099-06-01T01:00:00.000Z"),
    "machine-closed": said(open=False, hours=False, opens_at="2099-06-01T01:00:00.000Z"),
    "held": said(held="prayer", held_text=canned.both("Salat Jumat", "Friday prayer")),
    "empty": said(agencies=()),
    "evacuation": evacuation,
    "idle": idle,
}


def usual(panel: Panel) -> KioskView:
    """A mall on a busy morning: something is paused, something full, something closes soon."""

    def changed(service: MallService) -> MallService:
        if service.id == "paspor_ganti":
            wait = {"estimated_wait": Wait(p50_s=5400, p90_s=7200), "wait_behind": 41}
            return replace(service, closing_soon=True, **wait)
        if service.id == "itas":
            return replace(
                service, open=False, reason="paused", paused_for=canned.both("Sistem pusat mati", "Line down")
            )
        return service

    agencies = tuple(
        replace(agency, services=tuple(changed(service) for service in agency.services)) for agency in mall.agencies()
    )
    common = ("paspor_baru", "paspor_ganti", "paspor_anak", "info")
    known = KioskPanel(dots_per_mm=dots_per_mm(panel))
    return mall.kiosk(languages=LANGUAGES, agencies=agencies, common=common, panel=known, long_wait_s=5400)


async def main(folder: Path, languages: tuple[str, ...]) -> int:
    """`SHOTS` in the environment names the states, where only some are wanted."""
    folder.mkdir(parents=True, exist_ok=True)
    wanted = os.environ.get("SHOTS", "").split()
    faults = 0
    async with async_playwright() as playwright:
        browser = await launch(playwright)
        for name, panel in PANELS.items():
            for language in languages:
                pictures: list[Image.Image] = []
                for state, way in STATES.items() if not wanted else [(one, STATES[one]) for one in wanted]:
                    view = usual(panel)
                    hall = FakeHall(views={TOPIC: view})
                    size = ViewportSize(width=panel.width, height=panel.height)
                    context = await browser.new_context(viewport=size, has_touch=True)
                    async with hall.running() as url:
                        page = await context.new_page()
                        await page.goto(f"{url}/kiosk/K1")
                        await page.locator(f'[data-language="{language}"]').click()
                        await way(page, hall, view)
                        found = [*await page.evaluate(OFF), *await layout_faults(page), *await axe(page, aaa=True)]
                        picture = Image.open(io.BytesIO(await page.screenshot()))
                    await context.close()
                    for fault in found:
                        print(f"{name} {language} {state}: {fault}", flush=True)
                    faults += len(found)
                    if language == LONGEST:
                        picture.save(folder / f"kiosk-{name}-{state}.png")
                    pictures.append(picture.resize((picture.width // SCALE, picture.height // SCALE)))
                side_by_side(pictures).save(folder / f"kiosk-{name}-{language}.png")
        await browser.close()
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(
        asyncio.run(main(Path(sys.argv[1] if len(sys.argv) > 1 else "out/shots"), tuple(sys.argv[2:]) or LANGUAGES))
    )
