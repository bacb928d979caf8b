"""Pictures of every state of the ticket's page in every language: `python -m tests.web.phone_shots [FOLDER]`.

Light and dark at 360x800, and the whole page with text of 200 %; one picture for each language and look, its states
side by side. They are for looking at and are kept nowhere. Exit status 1 where axe or the layout has something to say.
"""

from __future__ import annotations

import asyncio
import io
import sys
from collections.abc import Sequence
from pathlib import Path

from msgspec.structs import replace
from PIL import Image
from playwright.async_api import async_playwright

from queue_server.wire.live import TicketPageView
from tests.browser import axe, launch, layout_faults
from tests.fakes import canned
from tests.fakes.house import House

LANGUAGES = ("id", "en", "jv", "az", "ka", "ar")
LOOKS = {"light": ("light", 100), "dark": ("dark", 100), "large": ("light", 200)}
WIDTH, HEIGHT = 360, 800


def states() -> dict[str, TicketPageView]:
    """What there is to see, by a name."""
    waiting = canned.ticket_page(
        away_minutes=(5, 10, 20), times_away_left=2, category=canned.both("Lansia", "Elderly people")
    )
    held = replace(waiting, held="prayer", held_text=canned.both("Salat", "Prayer"))
    called = replace(canned.called_page(), away_minutes=(5, 10), times_away_left=1)

    def in_state(state: str, **more: object) -> TicketPageView:
        return canned.ticket_page(canned.ticket("A012", state), may_cancel=state in {"parked", "no_show"}, **more)

    return {
        "waiting": waiting,
        "next": canned.ticket_page(canned.ticket("A012", "waiting", people_ahead=0)),
        "held": held,
        "called": called,
        "serving": in_state("serving", counter_label="12"),
        "away": in_state("parked", back_at=canned.ago(-600)),
        "parked": in_state("parked", counter_label="12", direction=called.direction),
        "missed": in_state("no_show", return_until=canned.ago(-900)),
        "too-late": in_state("no_show", return_until=canned.ago(60)),
        "served": in_state("served"),
        "cancelled": in_state("cancelled"),
        "expired": in_state("expired"),
        "evacuation": replace(waiting, held="evacuation", evacuation=canned.evacuation()),
    }


async def main(folder: Path) -> int:
    folder.mkdir(parents=True, exist_ok=True)
    faults = 0
    house = House(languages=LANGUAGES)
    async with house.running() as house.url, async_playwright() as playwright:
        browser = await launch(playwright)
        for language in LANGUAGES:
            for look, (scheme, size) in LOOKS.items():
                context = await browser.new_context(
                    viewport={"width": WIDTH, "height": HEIGHT}, color_scheme="dark" if scheme == "dark" else "light"
                )
                pictures: list[Image.Image] = []
                for name, view in states().items():
                    house.page = view
                    page = await context.new_page()
                    await page.goto(f"{house.url}/t/t-A012?lang={language}")
                    await page.locator("#page:not([data-state=loading])").wait_for()
                    await page.evaluate("(size) => { document.documentElement.style.fontSize = `${size}%`; }", size)
                    found = [
                        *await layout_faults(page, whole_words=size == 100),
                        *(await axe(page) if look != "large" else []),
                    ]
                    for fault in found:
                        print(f"{language} {look} {name}: {fault}")
                    faults += len(found)
                    picture = await page.screenshot(full_page=look == "large")
                    pictures.append(Image.open(io.BytesIO(picture)))
                    await page.close()
                await context.close()
                side_by_side(pictures).save(folder / f"phone-{language}-{look}.png")
        await browser.close()
    return 1 if faults else 0


def side_by_side(pictures: Sequence[Image.Image]) -> Image.Image:
    wide = sum(picture.width + 10 for picture in pictures)
    sheet = Image.new("RGB", (wide, max(picture.height for picture in pictures)), "#888888")
    at = 0
    for picture in pictures:
        sheet.paste(picture, (at, 0))
        at += picture.width + 10
    return sheet


if __name__ == "__main__":
    sys.exit(asyncio.run(main(Path(sys.argv[1] if len(sys.argv) > 1 else "out/shots"))))
