"""The state of a queue, said wherever its service can be chosen; and a long one asked about first."""

from __future__ import annotations

from msgspec.structs import replace
from playwright.async_api import expect

from queue_server.wire.api import MallService, Wait
from tests.fakes import mall
from tests.fakes.hall import FakeHall
from tests.kiosk.conftest import OpenKiosk, settled, shows, text

HOUR_S = 3600


def with_passport(**changes: object):
    """The usual kiosk, its new passports as `changes` say."""

    def changed(service: MallService) -> MallService:
        return replace(service, **changes) if service.id == "paspor_baru" else service

    return tuple(
        replace(agency, services=tuple(changed(service) for service in agency.services)) for agency in mall.agencies()
    )


def queue(minutes: int) -> dict[str, object]:
    return {"estimated_wait": Wait(p50_s=minutes * 60, p90_s=minutes * 90), "wait_behind": minutes}


LONG = with_passport(**queue(100))


async def test_what_closes_before_one_is_served_says_so_everywhere(hall: FakeHall, kiosk: OpenKiosk):
    """In the menu, in the search, among the pinned and on its own page, with the hour."""
    near = with_passport(closing_soon=True, hours=(("08:00", "15:00"),))
    hall.views["kiosk:K1"] = mall.kiosk(agencies=near, common=("paspor_baru",))
    page = await kiosk()
    says = "Tutup pukul 15.00: Anda mungkin tidak sempat dilayani."

    await expect(page.locator('#common [data-id="paspor_baru"]')).to_contain_text("Tutup pukul 15.00")
    await page.locator('#agencies [data-id="imigrasi"]').click()
    await expect(page.locator('#services [data-id="paspor_baru"]')).to_contain_text(says)
    await settled(page)
    await page.locator('#services [data-id="paspor_baru"]').click()
    await expect(page.locator("#confirm-closed")).to_contain_text(says)
    await settled(page)
    await page.locator("#again").click()
    await settled(page)
    await page.locator("#find").click()
    await page.locator("#query").fill("paspor baru")
    await expect(page.locator('#results [data-id="paspor_baru"]')).to_contain_text(says)


async def test_what_has_given_its_tickets_says_when_there_are_more(hall: FakeHall, kiosk: OpenKiosk):
    """Full, given out, paused: why, until when, and what to do."""
    hall.views["kiosk:K1"] = mall.kiosk(
        agencies=with_passport(open=False, reason="full", opens_at="2099-06-01T01:00:00.000Z")
    )
    page = await kiosk()

    await page.locator('#agencies [data-id="imigrasi"]').click()

    choice = page.locator('#services [data-id="paspor_baru"]')
    await expect(choice).to_contain_text("Buka Senin, 01 Juni 2099 pukul 08.00")
    await expect(choice).to_contain_text("Datanglah lebih pagi di hari lain, atau pilih layanan lain.")
    await hall.push(
        "kiosk:K1",
        mall.kiosk(agencies=with_passport(open=False, reason="paused", paused_for={"id": "Sistem pusat mati"})),
    )
    await expect(choice).to_contain_text("Sistem pusat mati")
    await expect(choice).to_contain_text("Silakan kembali nanti, atau pilih layanan lain.")


async def test_a_long_queue_is_asked_about(hall: FakeHall, kiosk: OpenKiosk):
    """The wait, what else one may do, and three ways on; "yes" is the ticket."""
    hall.views["kiosk:K1"] = mall.kiosk(agencies=LONG, long_wait_s=HOUR_S)
    page = await kiosk()
    await page.locator('#agencies [data-id="imigrasi"]').click()
    await expect(page.locator('#services [data-id="paspor_baru"]')).to_contain_text("Antrean panjang")
    await settled(page)
    await page.locator('#services [data-id="paspor_baru"]').click()
    await settled(page)

    await page.locator("#take").click()
    await shows(page, "long")
    said = await text(page, "[data-screen=long]")
    asked = len(hall.asked)
    await settled(page)
    await page.locator("#long-take").click()

    await shows(page, "ticket")
    assert ("100 orang" in said, asked) == (True, 0)


async def test_whoever_comes_another_time_leaves_nothing(hall: FakeHall, kiosk: OpenKiosk):
    """No leads to the start, another service to the choice, back to the details; none of them takes a ticket."""
    hall.views["kiosk:K1"] = mall.kiosk(agencies=LONG, long_wait_s=HOUR_S, common=("paspor_baru",))
    page = await kiosk()

    for button, screen in (("#back", "confirm"), ("#long-other", "agencies"), ("#long-no", "agencies")):
        await settled(page)
        await page.locator("#again").dispatch_event("click")
        await page.locator('#common [data-id="paspor_baru"]').dispatch_event("click")
        await page.locator("#take").dispatch_event("click")
        await shows(page, "long")
        await page.locator(button).dispatch_event("click")
        await shows(page, screen)

    assert hall.asked == []


async def test_whoever_waits_less_is_not_asked(hall: FakeHall, kiosk: OpenKiosk):
    """The wait that counts is that of the category; below the threshold nobody is held up."""
    hall.views["kiosk:K1"] = mall.kiosk(agencies=with_passport(**queue(59)), long_wait_s=HOUR_S)
    page = await kiosk()
    await page.locator('#agencies [data-id="imigrasi"]').click()
    await settled(page)
    await page.locator('#services [data-id="paspor_baru"]').click()
    await settled(page)

    await page.locator("#take").click()

    await shows(page, "ticket")
