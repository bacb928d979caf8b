"""The staff's printers page and the preview of slips, in a browser, before a real server with a real agent."""

from __future__ import annotations

import io
import tomllib
from pathlib import Path

import pytest
from PIL import Image
from playwright.async_api import Page, expect

from printer.press import Press, press
from queue_server.registry.roles import Role
from queue_server.settings import load
from tests.browser import Screens, axe, layout_faults, let_in
from tests.fakes.fake_printer import Knobs
from tests.waiting import until
from tests.whole.paper import PaperHall, paper_hall
from tests.whole.paper import config as paper_config
from tests.whole.server import server


@pytest.fixture(scope="module")
def drawing() -> Press:
    return press()


async def opened(
    screens: Screens, hall: PaperHall, path: str, role: str = "supervisor", *, lang: str = "en", on: str = "desk"
) -> Page:
    token = hall.parts.registry.tokens.create(Role(role), name="sari")
    page = await screens.open(viewport=on)
    await let_in(page, hall.mall.url, token)
    await page.goto(f"{hall.mall.url}{path}?lang={lang}")
    return page


async def test_a_torn_slip_is_printed_again_with_one_press(tmp_path: Path, drawing: Press, screens: Screens):
    """Staff see which ticket misses its paper and why, mend the printer, press once, and it is gone from the list."""
    async with paper_hall(tmp_path, drawing, knobs=Knobs(paper_out_at=20)) as hall:
        await hall.start("P1")
        page = await opened(screens, hall, "/printing")
        await expect(page.locator('[data-printer="P1"] .mark')).to_have_text("Ready")
        await expect(page.locator("#all-printed")).to_be_visible()
        ticket = await hall.issue()
        await hall.fate(ticket)
        row = page.locator("#papers tr")
        await expect(row).to_contain_text("torn; mend the printer, then print again")
        await expect(page.locator('[data-printer="P1"] .printer-why')).to_contain_text("no paper")
        found = await axe(page)
        hall.printers["P1"].repair()
        await expect(page.locator('[data-printer="P1"] .mark')).to_have_text("Ready")

        await row.get_by_role("button", name="Print again").click()

        await expect(page.locator("#all-printed")).to_be_visible(timeout=15_000)
        await until(lambda: hall.engine.state.tickets[ticket].slip.state == "printed")
        assert found == []
        assert hall.on_paper("P1", ticket) == 1
        asked = hall.engine.state.tickets[ticket].slip
        assert (asked.state, asked.copy) == ("printed", 0)


async def test_a_printer_that_does_not_answer_says_what_to_do(tmp_path: Path, drawing: Press, screens: Screens):
    """Nobody has to search a manual: the page names the command that finds the address, the floor its alert's way."""
    text = paper_config().replace("[printers.P2]", '[printers.P2]\nmode = "text"')
    async with paper_hall(
        tmp_path, drawing, text=text, knobs=Knobs(noise=b"\x00"), neighbour=Knobs(types=True)
    ) as hall:
        await hall.start("P1", ready=False)
        await hall.start("P2")
        page = await opened(screens, hall, "/printing")

        why = page.locator('[data-printer="P1"] .printer-why')
        await expect(why).to_contain_text(f"antrean printer --probe {hall.printers['P1'].url}")
        await expect(page.locator('[data-printer="P2"] dl')).to_contain_text("as text, in the printer's own letters")
        floor = await opened(screens, hall, "/floor")
        await expect(floor.get_by_text("antrean printer --probe says which address to use")).to_be_visible()
        assert await axe(page) == []
        assert await layout_faults(page) == []


async def test_a_test_slip_and_what_the_printer_can_prove(tmp_path: Path, drawing: Press, screens: Screens):
    """The panel says what the printer can prove; a test slip comes out and its fate is said; a clerk may not."""
    async with paper_hall(tmp_path, drawing) as hall:
        await hall.start("P1")
        page = await opened(screens, hall, "/printing")
        panel = page.locator('[data-printer="P1"]')
        await expect(panel).to_contain_text("yes: it says so of each slip")

        await panel.get_by_role("button", name="Test slip").click()

        await expect(panel).to_contain_text("printed", timeout=15_000)
        await until(lambda: len(hall.printers["P1"].pieces) == 1)
        clerks = await opened(screens, hall, "/printing", "clerk")
        await expect(clerks.locator('[data-printer="P1"] [data-command]')).to_have_attribute("aria-disabled", "true")
        assert await layout_faults(page) == []


async def test_the_preview_shows_the_exact_dots(tmp_path: Path, drawing: Press, screens: Screens):
    """What is changed is drawn at once as wide as the paper has dots, and the table that is offered can be used."""
    async with paper_hall(tmp_path, drawing) as hall:
        page = await opened(screens, hall, "/printing/preview")
        paper = page.locator("#paper")
        await expect(page.locator("#length")).to_contain_text("576 dots")
        before = await paper.evaluate("img => img.naturalHeight")
        found = await axe(page)

        await page.select_option("#width", "58")
        await expect(page.locator("#length")).to_contain_text("384 dots")
        await page.select_option("#width", "80")
        await page.fill("#number_mm", "30")
        await page.get_by_label("QR code and address", exact=True).uncheck()
        await page.get_by_role("button", name="Move Service up").click()
        await page.select_option("#language", "ka")
        await page.wait_for_function("before => document.getElementById('paper').naturalHeight !== before", arg=before)
        await expect(page.locator("#toml")).to_contain_text('parts = ["service", "number", "ahead", "footer"]')
        text = await page.locator("#toml").inner_text()
        token = hall.parts.registry.tokens.create(Role.SUPERVISOR)
        answer = await page.request.get(
            f"{hall.mall.url}/printing/preview.png?language=ar&width=58",
            headers={"Authorization": f"Bearer {token}"},
        )
        config = tmp_path / "config.toml"
        plain = config.read_text(encoding="utf-8")
        config.write_text(plain[: plain.index("[slip]")] + text, encoding="utf-8")

        assert found == []
        assert tomllib.loads(text)["slip"]["parts"][:2] == ["service", "number"]
        assert load(config).slip.number_mm == 30.0
        with Image.open(io.BytesIO(await answer.body())) as image:
            assert (image.width, image.mode) == (384, "1")


async def test_a_very_long_name_leaves_the_preview_usable(tmp_path: Path, drawing: Press, screens: Screens):
    """The choice of services is as wide as its column, however long a service is called."""
    text = paper_config().replace('en = "Passport"', f'en = "{"Passport of a ship and its crew, " * 5}"')
    async with paper_hall(tmp_path, drawing, text=text) as hall:
        page = await opened(screens, hall, "/printing/preview")
        await expect(page.locator("#length")).to_contain_text("576 dots")

        await page.select_option("#width", "58")

        await expect(page.locator("#length")).to_contain_text("384 dots")
        assert await layout_faults(page) == []


async def test_only_who_runs_the_floor_sees_the_preview(tmp_path: Path, drawing: Press):
    """And what cannot be drawn is refused with a reason."""
    async with paper_hall(tmp_path, drawing) as hall:
        url = f"{hall.mall.url}/printing/preview.png"
        supervisor = {"Authorization": f"Bearer {hall.parts.registry.tokens.create(Role.SUPERVISOR)}"}
        kiosk = {"Authorization": f"Bearer {hall.parts.registry.tokens.create(Role.KIOSK, name='K1')}"}
        codes = []
        for headers, query in (
            ({}, {"language": "en"}),
            (kiosk, {"language": "en"}),
            (supervisor, {"language": "en", "width": "9"}),
            (supervisor, {"language": "en", "template": '{"layout": {"qr_mm": 5}}'}),
            (supervisor, {"language": "en"}),
        ):
            async with hall.client.get(url, params=query, headers=headers) as answer:
                codes.append(answer.status)

        assert codes == [401, 403, 422, 422, 200]


async def test_a_trainer_breaks_a_virtual_printer(tmp_path: Path, screens: Screens):
    """One press on the demonstration's page takes the paper out, and staff see it as they would of a real printer."""
    async with server(tmp_path, command="demo") as house:
        supervisor = house.token("supervisor")
        page = await screens.open(f"{house.at}/printers?lang=en")
        button = page.locator('[data-printer="kiosk-1"] [data-fault="paper_out"]')

        await button.click()

        staff = await screens.open()
        await let_in(staff, house.at, supervisor)
        await staff.goto(f"{house.at}/printing?lang=en")
        await expect(staff.locator('[data-printer="kiosk-1"] .printer-why')).to_have_text("no paper", timeout=20_000)
        await expect(button).to_have_attribute("aria-pressed", "true")
        assert await axe(page) == []
        assert await axe(staff) == []


@pytest.mark.parametrize("language", ["az", "ka", "ar"])
async def test_printers_hold_on_a_phone_in_every_language(
    tmp_path: Path, drawing: Press, screens: Screens, language: str
):
    """However long its words are, none of a printer's facts is broken in two beside its name."""
    async with paper_hall(tmp_path, drawing) as hall:
        await hall.start("P1")
        page = await opened(screens, hall, "/printing", lang=language, on="phone")

        await expect(page.locator('[data-printer="P1"] dd').first).to_be_visible()
        assert await layout_faults(page) == []
        assert await axe(page) == []
