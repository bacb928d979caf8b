"""Choosing a password by a link, in a browser in front of a whole server: each state of the page."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from queue_server.registry.roles import Role
from tests.browser import Screens
from tests.web.edge import Edge, edge_at
from tests.web.pages.test_account import LOOKS, code, found, hire

CHOSEN = "gajah biru 23 tidur"


async def opened(page: Page, edge: Edge, link: str, language: str = "en") -> None:
    await page.goto(f"{edge.mall.url}/join?lang={language}#{link}")


async def typed(page: Page, password: str, again: str | None = None) -> None:
    await page.fill("#password", password)
    await page.fill("#again", password if again is None else again)
    await page.keyboard.press("Enter")


@pytest.mark.parametrize(("language", "scheme", "viewport"), LOOKS)
async def test_each_state_is_accessible_and_fits(
    tmp_path: Path, screens: Screens, language: str, scheme: str, viewport: str
):
    """A link that is over, one for somebody, what is refused, and signed in; the address forgets the link."""
    async with edge_at(tmp_path) as edge:
        person = hire(edge, "Siti", Role.CLERK)
        page = await screens.open(viewport=viewport, color_scheme=scheme)
        await opened(page, edge, "no-such-link", language)
        await expect(page.locator("#hint")).not_to_be_empty()
        await page.wait_for_load_state("networkidle")
        wrong = {"over": await found(page)}
        assert await page.locator("#join").is_hidden()
        await page.evaluate("() => sessionStorage.clear()")

        link, _ends = edge.parts.registry.links.make(person)
        await page.goto("about:blank")
        await opened(page, edge, link, language)
        await expect(page.locator("#password")).to_be_focused()
        wrong["hello"] = await found(page)
        address = page.url
        await typed(page, CHOSEN, "another")
        await expect(page.locator("#refused")).to_be_visible()
        wrong["differ"] = await found(page)
        await typed(page, "siti siti siti")
        await expect(page.locator("#refused")).to_be_visible()
        wrong["common"] = await found(page)
        await typed(page, CHOSEN)
        await page.wait_for_url(f"{edge.mall.url}/")

        assert {state: faults for state, faults in wrong.items() if faults} == {}
        assert link not in address
        assert edge.parts.registry.people.check("siti", CHOSEN) is not None


async def test_the_first_admin_chooses_a_name_too(tmp_path: Path, screens: Screens):
    """The set-up link of a mall that nobody runs."""
    async with edge_at(tmp_path) as edge:
        link, _ends = edge.parts.registry.links.make(None)
        page = await screens.open()
        await opened(page, edge, link)
        await expect(page.locator("#name")).to_be_focused()
        shown = await found(page)

        await page.keyboard.type("Rina")
        await typed(page, CHOSEN)
        await page.wait_for_url(f"{edge.mall.url}/")

        admin = edge.parts.registry.people.named("rina")
        assert admin is not None
        assert (admin.role, shown) == (Role.ADMIN, [])


async def test_whoever_has_a_second_factor_types_its_code(tmp_path: Path, screens: Screens):
    """Without it nothing happens, and the link is still good."""
    async with edge_at(tmp_path) as edge:
        person = hire(edge, "Siti")
        factors = edge.parts.registry.second_factors
        secret = factors.offer(person)
        assert factors.accept(person, code(edge, secret, -1))
        link, _ends = edge.parts.registry.links.make(person)
        page = await screens.open()
        await opened(page, edge, link)
        await expect(page.locator("#code")).to_be_visible()
        shown = await found(page)

        await typed(page, CHOSEN)
        await expect(page.locator("#refused")).to_be_visible()
        await page.fill("#code", code(edge, secret, 1))
        await page.keyboard.press("Enter")
        await page.wait_for_url(f"{edge.mall.url}/")

        assert shown == []
