"""Signing in by an identity provider, in a browser, from the sign-in page there and back: real pages on both sides."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import expect

from queue_server.settings import load
from tests.browser import Screens
from tests.web.edge import CONFIG, edge_at
from tests.web.pages.test_account import LOOKS, found
from tests.web.test_oidc import TABLE, issuer

__all__ = ["issuer"]

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


def mall(folder: Path, at: str, home: str = "http://localhost") -> str:
    (folder / "oidc.secret").write_text("nobody knows\n", encoding="utf-8")
    return CONFIG.replace("[mall]", f'[mall]\npublic_url = "{home}"', 1) + TABLE.format(issuer=at)


async def test_there_back_and_out(tmp_path: Path, screens: Screens, issuer: str):
    """To the page that one wanted; signing out leads out there and back to the sign-in page."""
    file = tmp_path / "config.toml"
    async with edge_at(tmp_path, config=mall(tmp_path, issuer), reload=lambda: load(file)) as edge:
        file.write_text(mall(tmp_path, issuer, edge.mall.url), encoding="utf-8")  # where it listens is known only now
        assert (await edge.post("/reload", by="admin")).status == 200
        page = await screens.open(f"{edge.mall.url}/account?lang=en")
        await page.get_by_role("link", name="Sign in with Civil service account").press("Enter")
        await page.wait_for_url(f"{issuer}/oauth2/authorize*")
        await page.get_by_role("button", name="budi").first.click()

        await page.wait_for_url(f"{edge.mall.url}/account*")
        await expect(page.locator("[data-who]")).to_have_text("budi of the provider")
        await page.locator("[data-sign-out]").click()

        await page.wait_for_url(f"{issuer}/oauth2/end_session*")
        screens.faults[:] = [one for one in screens.faults if "pico" not in one]  # the provider's own style sheet


@pytest.mark.parametrize(("language", "scheme", "viewport"), LOOKS)
async def test_the_page_says_why_somebody_was_not_let_in(
    tmp_path: Path, screens: Screens, language: str, scheme: str, viewport: str
):
    """The provider is away: said in words, and name and password stand below. Axe is content."""
    async with edge_at(tmp_path, config=mall(tmp_path, "http://localhost:9")) as edge:
        page = await screens.open(f"{edge.mall.url}/sign-in?lang={language}", viewport=viewport, color_scheme=scheme)
        await expect(page.locator("#provider-way a")).to_be_visible()
        offered = await found(page)

        await page.locator("#provider-way a").press("Enter")
        await expect(page.locator("#provider-refused")).to_be_visible()

        assert await page.locator("#name").is_visible()
        assert (offered, await found(page)) == ([], [])
