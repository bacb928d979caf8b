"""The page of people in a browser in front of a whole server: each of its states, and an admin's work by keyboard."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from queue_server.registry.roles import Role
from tests.browser import Screens, let_in
from tests.web.edge import Edge, edge_at
from tests.web.pages.test_account import LOOKS, SECRET, found, hire


async def opened(screens: Screens, edge: Edge, by: str, language: str = "en", **look: str) -> Page:
    page = await screens.open(**look)
    await let_in(page, edge.mall.url, edge.token(by, name="sari"))
    await page.goto(f"{edge.mall.url}/people?lang={language}")
    await expect(page.locator("#hint")).not_to_be_empty()
    return page


def everybody(edge: Edge) -> None:
    """One of each kind, enough of them that the search is offered."""
    registry = edge.parts.registry
    for n, role in enumerate((Role.ADMIN, Role.AGENCY_ADMIN, Role.SUPERVISOR, Role.MANAGER, Role.AUDITOR, Role.CLERK)):
        agency = "immigration,registry" if role is Role.AGENCY_ADMIN else None
        registry.people.add(f"Person {n}", role, secret=SECRET, agency=agency)
    registry.people.add("Invited", Role.CLERK, agency="immigration")
    gone = hire(edge, "Suspended", Role.CLERK)
    registry.people.suspend(gone, True)
    long = hire(edge, "Siti Nurhaliza Kusumawardhani binti Abdurrahman al-Banjari", Role.SUPERVISOR)
    registry.badges.set(long, "0012345678")
    registry.sessions.start(long, 60_000, address="10.0.0.7", browser="Firefox · Windows")
    registry.provided.take("https://id.example", "eka", "Eka of the provider", Role.CLERK, "registry")


async def choose(page: Page, person: str, number: int) -> None:
    """What may be done with somebody, by its digit."""
    await page.locator("li", has_text=person).get_by_role("button").press("Enter")
    await expect(page.locator("dialog .option").first).to_be_focused()
    await page.keyboard.press(str(number))


@pytest.mark.parametrize(("language", "scheme", "viewport"), LOOKS)
async def test_each_state_is_accessible_and_fits(
    tmp_path: Path, screens: Screens, language: str, scheme: str, viewport: str
):
    """The list, the search, each dialog and a refusal: axe finds nothing, nothing is cut off."""
    async with edge_at(tmp_path) as edge:
        everybody(edge)
        page = await opened(screens, edge, "admin", language, viewport=viewport, color_scheme=scheme)
        rows = page.locator("#people li")
        await expect(rows).to_have_count(10)
        wrong = {"list": await found(page)}

        await page.fill("#search", "nobody of that name")
        await expect(rows).to_have_count(0)
        wrong["no match"] = await found(page)
        await page.fill("#search", "kusuma")
        await expect(rows).to_have_count(1)
        await rows.get_by_role("button").press("Enter")
        await expect(page.locator("dialog .option").first).to_be_focused()
        wrong["what to do"] = await found(page)
        await page.keyboard.press("3")
        await expect(page.locator("dialog .session")).to_have_count(1)
        wrong["sessions"] = await found(page)
        await page.locator("dialog .session button").press("Enter")
        await expect(page.locator("dialog .session")).to_have_count(0)
        wrong["no sessions"] = await found(page)
        await page.keyboard.press("Escape")
        await expect(page.locator("dialog")).to_have_count(0)

        await page.locator("#invite").press("Enter")
        await expect(page.locator("#new-name")).to_be_focused()
        wrong["invite"] = await found(page)
        await page.keyboard.type("Person 1")
        await page.keyboard.press("Enter")
        await expect(page.locator("#refused")).to_be_visible()
        wrong["refused"] = await found(page)
        await page.locator("#invite").press("Enter")
        await page.keyboard.type("Putri")
        await page.locator("#new-role").select_option("clerk")
        await page.locator("dialog .primary").press("Enter")
        await expect(page.locator("dialog .link")).to_have_value(re.compile(f"{edge.mall.url}/join#\\S+"))
        wrong["link"] = await found(page)

        assert {state: faults for state, faults in wrong.items() if faults} == {}


@pytest.mark.parametrize(("language", "scheme", "viewport"), LOOKS)
async def test_somebody_who_was_removed_is_let_in_again(
    tmp_path: Path, screens: Screens, language: str, scheme: str, viewport: str
):
    """The list is there while somebody is kept out, asks before it lets them in, and goes with the last of them."""
    async with edge_at(tmp_path) as edge:
        registry = edge.parts.registry
        eka, _ = registry.provided.take("https://id.example", "eka", "Eka", Role.CLERK, None)
        registry.people.remove(eka.id)
        page = await opened(screens, edge, "admin", language, viewport=viewport, color_scheme=scheme)
        row = page.locator("#shut-out li")
        await expect(row).to_contain_text(eka.id)
        wrong = await found(page)

        await row.get_by_role("button").press("Enter")
        await expect(page.locator("dialog .option").first).to_be_focused()
        wrong += await found(page)
        await page.keyboard.press("1")

        await expect(page.locator("#shut-out")).to_be_hidden()
        assert (wrong, registry.provided.shut_out()) == ([], [])


async def test_an_admin_works_by_keyboard_alone(tmp_path: Path, screens: Screens):
    """Another role and agency, suspended after a question, let in again, removed: each is felt at once."""
    async with edge_at(tmp_path) as edge:
        hire(edge, "Rina")
        ani = hire(edge, "Ani", Role.CLERK)
        people = edge.parts.registry.people
        page = await opened(screens, edge, "admin")

        await choose(page, "Ani", 1)
        await page.locator("#new-role").select_option("supervisor")
        await page.get_by_role("dialog").get_by_label("Registry").press("Space")
        await page.locator("dialog .primary").press("Enter")
        await expect(page.locator("dialog .link")).to_have_value(re.compile("/join#\\S+"))
        await expect(page.get_by_role("dialog")).to_contain_text("Ani may do more now than a PIN is enough for")
        await page.keyboard.press("Escape")
        await expect(page.locator("li", has_text="Ani")).to_contain_text("Supervisor")
        changed = people.get(ani)

        await choose(page, "Ani", 4)
        await expect(page.get_by_role("dialog")).to_contain_text("signed out at once")
        await page.keyboard.press("1")
        await expect(page.locator("li", has_text="Ani")).to_contain_text("suspended")
        await choose(page, "Ani", 4)
        await expect(page.locator("li", has_text="Ani")).to_contain_text("invited")
        await choose(page, "Ani", 5)
        await expect(page.get_by_role("dialog")).to_contain_text("forgotten")
        await page.keyboard.press("1")
        await expect(page.locator("li", has_text="Ani")).to_have_count(0)

        assert changed is not None
        assert (changed.role, changed.agencies) == (Role.SUPERVISOR, ("registry",))
        assert people.get(ani) is None


async def test_one_browser_of_somebody_is_signed_out(tmp_path: Path, screens: Screens):
    """The one whose button was pressed; the other goes on, and the list says how many are left."""
    async with edge_at(tmp_path) as edge:
        ani = hire(edge, "Ani", Role.CLERK)
        sessions = edge.parts.registry.sessions
        here, there = [sessions.start(ani, 60_000, browser=browser) for browser in ("Firefox", "Chrome")]
        page = await opened(screens, edge, "admin")

        await choose(page, "Ani", 3)
        await page.locator("dialog .session", has_text="Chrome").get_by_role("button").press("Enter")
        await expect(page.locator("dialog .session")).to_have_count(1)

        assert (sessions.find(here) is not None, sessions.find(there)) == (True, None)


@pytest.mark.parametrize(("by", "said"), [("admin", "Nobody signs in yet"), ("clerk", "Only admins manage")])
async def test_the_page_says_why_it_is_empty(tmp_path: Path, screens: Screens, by: str, said: str):
    """Nobody there yet, or not for this reader."""
    async with edge_at(tmp_path) as edge:
        page = await opened(screens, edge, by)

        await expect(page.locator("#hint")).to_contain_text(said)
        assert await found(page) == []
