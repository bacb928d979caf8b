"""One's own account and signing in, in a browser in front of a whole server: a second factor from end to end."""

from __future__ import annotations

from pathlib import Path

import pyotp
import pytest
from playwright.async_api import Page, expect

from queue_server.registry.roles import Role
from queue_server.registry.second_factors import STEP_MS
from tests.browser import Screens, axe, layout_faults
from tests.web.edge import CONFIG, Edge, edge_at

SECRET = "kuda hijau 17 lari"
WANTED = CONFIG + '\n[sign_in]\nsecond_factor = "admins"\n'

LOOKS = [("en", "light", "desk"), ("id", "dark", "desk"), ("id", "light", "phone"), ("en", "dark", "phone")]
"""Each language and each ground, on a laptop and on a phone."""


def hire(edge: Edge, name: str = "Ani", role: Role = Role.ADMIN) -> str:
    return edge.parts.registry.people.add(name, role, secret=SECRET).id


async def sign_in(page: Page, edge: Edge, name: str = "Ani", *, language: str = "en", to: str = "/account") -> None:
    await page.goto(f"{edge.mall.url}/sign-in?lang={language}&next={to}?lang={language}")
    await page.fill("#name", name)
    await page.fill("#password", SECRET)
    await page.keyboard.press("Enter")


async def found(page: Page) -> list[str]:
    return [*await axe(page), *await layout_faults(page)]


def code(edge: Edge, secret: str, steps: int = 0) -> str:
    return pyotp.TOTP(secret).at((edge.parts.registry.now() + steps * STEP_MS) // 1000)


async def set_up(page: Page, edge: Edge) -> tuple[str, list[str], list[str]]:
    """By hand: the secret that was shown, the recovery codes, and what was found wrong with the page on the way."""
    wrong = await found(page)
    await page.locator("#factor-set").press("Enter")
    await expect(page.locator("#factor-password")).to_be_focused()
    wrong += await found(page)
    await page.keyboard.type(SECRET)
    await page.keyboard.press("Enter")
    await expect(page.locator("#factor-code")).to_be_focused()
    wrong += await found(page)
    assert await page.locator(".factor-picture").evaluate("image => image.complete && image.naturalWidth > 0")
    secret = (await page.locator(".factor-key").inner_text()).replace(" ", "")
    await page.keyboard.type("12345")
    await page.keyboard.press("Enter")
    await expect(page.locator("dialog [role=alert]")).to_be_visible()
    wrong += await found(page)
    await page.fill("#factor-code", code(edge, secret))
    await page.keyboard.press("Enter")
    await expect(page.locator(".factor-codes li")).to_have_count(10)
    wrong += await found(page)
    codes = await page.locator(".factor-codes li").all_inner_texts()
    await page.locator("dialog .primary").press("Enter")
    await expect(page.locator("dialog")).to_have_count(0)
    return secret, codes, wrong


@pytest.mark.parametrize(("language", "scheme", "viewport"), LOOKS)
async def test_a_second_factor_from_end_to_end(
    tmp_path: Path, screens: Screens, language: str, scheme: str, viewport: str
):
    """Set up by keyboard and asked for at the next sign-in; a wrong code is said, a recovery code lets in."""
    async with edge_at(tmp_path) as edge:
        hire(edge)
        page = await screens.open(viewport=viewport, color_scheme=scheme)
        await sign_in(page, edge, language=language)
        await page.wait_for_url("**/account*")
        await expect(page.locator("#factor")).to_be_visible()
        secret, codes, wrong = await set_up(page, edge)
        await expect(page.locator("#factor-state")).to_contain_text("10")
        wrong += await found(page)

        await page.context.clear_cookies()
        await sign_in(page, edge, language=language)
        await expect(page.locator("#code")).to_be_focused()
        asked = await found(page)
        assert await page.locator("#password").is_hidden()
        await page.keyboard.type("000 000 0")
        await page.keyboard.press("Enter")
        await expect(page.locator("#refused")).to_be_visible()
        asked += await found(page)
        await page.fill("#code", codes[3])
        await page.keyboard.press("Enter")
        await page.wait_for_url("**/account*")
        await expect(page.locator("#factor-state")).to_contain_text("9")

        assert (wrong, asked, len(secret)) == ([], [], 32)


async def test_where_the_mall_wants_it_an_admin_gets_no_further_before(tmp_path: Path, screens: Screens):
    """Every page leads to the account, which shows nothing else; afterwards all of it opens."""
    async with edge_at(tmp_path, config=WANTED) as edge:
        hire(edge)
        page = await screens.open()
        await sign_in(page, edge, to="/floor")
        await page.wait_for_url("**/account*")
        await expect(page.locator("#factor-needed")).to_be_visible()
        await page.goto(f"{edge.mall.url}/people?lang=en")
        await page.wait_for_url("**/account*")
        await expect(page.locator("#factor-needed")).to_be_visible()
        hidden = [await node.is_hidden() for node in await page.locator("[data-own]").all()]
        lost = await found(page)

        await set_up(page, edge)
        await expect(page.locator("#sessions .session")).to_have_count(1)
        await expect(page.locator("#factor-needed")).to_be_hidden()
        assert await page.locator("#factor-remove").is_hidden()

        assert (hidden, lost) == ([True, True], [])


async def test_back_at_the_code_asks_for_name_and_password_again(tmp_path: Path, screens: Screens):
    """Whoever mistyped the name is not stuck."""
    async with edge_at(tmp_path) as edge:
        person = hire(edge)
        factors = edge.parts.registry.second_factors
        secret = factors.offer(person)
        assert factors.accept(person, code(edge, secret, -1))
        page = await screens.open()
        await sign_in(page, edge)
        await expect(page.locator("#code")).to_be_focused()

        await page.locator("#back").press("Enter")
        await expect(page.locator("#password")).to_be_focused()
        await page.keyboard.press("Enter")
        await expect(page.locator("#code")).to_be_focused()
        await page.keyboard.type(code(edge, secret))
        await page.keyboard.press("Enter")

        await page.wait_for_url("**/account*")


@pytest.mark.parametrize(("language", "scheme", "viewport"), LOOKS)
async def test_a_password_is_changed(tmp_path: Path, screens: Screens, language: str, scheme: str, viewport: str):
    """What is missing, differs or is wrong is said; then it is changed and other browsers are out. Axe is content."""
    async with edge_at(tmp_path) as edge:
        person = hire(edge, role=Role.CLERK)
        page = await screens.open(viewport=viewport, color_scheme=scheme)
        await sign_in(page, edge, language=language)
        await expect(page.locator("#sessions .session")).to_have_count(1)
        sessions = edge.parts.registry.sessions
        other = sessions.start(person, 60_000, address="10.0.0.7", browser="Firefox · Windows")
        await page.reload()
        await expect(page.locator("#sessions .session")).to_have_count(2)
        wrong = await found(page)

        for old, new, again in (("", "", ""), (SECRET, "815947", "815948"), ("not it", "815947", "815947")):
            for field, value in (("#old", old), ("#new", new), ("#again", again)):
                await page.fill(field, value)
            await page.keyboard.press("Enter")
            await expect(page.locator("#said.notice-alert")).to_be_visible()
        wrong += await found(page)
        await page.fill("#old", SECRET)
        await page.keyboard.press("Enter")
        await expect(page.locator("#said.notice-good")).to_be_visible()
        await expect(page.locator("#sessions .session")).to_have_count(1)

        assert (wrong, await found(page), sessions.find(other)) == ([], [], None)


async def test_a_session_is_ended_where_it_is_not_known(tmp_path: Path, screens: Screens):
    """Its own row goes; this browser is marked and has no button."""
    async with edge_at(tmp_path) as edge:
        person = hire(edge, role=Role.CLERK)
        sessions = edge.parts.registry.sessions
        other = sessions.start(person, 60_000, browser="Firefox · Windows")
        page = await screens.open()
        await sign_in(page, edge)
        await expect(page.locator("#sessions .session")).to_have_count(2)

        await page.locator("#sessions .session", has_text="Firefox").get_by_role("button").press("Enter")

        await expect(page.locator("#sessions .session")).to_have_count(1)
        assert sessions.find(other) is None
        assert await page.locator("#sessions button").count() == 0
