"""Several services on one ticket: chosen one after the other, in the best order; and one service as before."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from msgspec.structs import replace
from playwright.async_api import Page, expect

from queue_server.wire.api import MallService, StepView, Wait
from tests.fakes import mall
from tests.fakes.hall import FakeHall, refusal
from tests.kiosk.conftest import OpenKiosk, shows, text


async def press(page: Page, *selectors: str) -> None:
    for selector in selectors:
        await page.locator(selector).dispatch_event("click")


async def chosen(page: Page, *services: str) -> None:
    """From the first page to the one of all that was chosen."""
    for service in services:
        await press(page, '#agencies [data-id="imigrasi"]', f'#services li:not([hidden]) > [data-id="{service}"]')
        await press(page, "#more" if await page.locator("#more").is_visible() else "#take")
    await shows(page, "journey")


async def stops(page: Page) -> list[str]:
    return await page.locator("#stops > li:visible .stop-name").all_inner_texts()


def asked(hall: FakeHall) -> list[object]:
    return [body.get("services", body.get("service")) for _, body in hall.asked]


async def test_several_services_are_one_ticket_in_the_best_order(hall: FakeHall, kiosk: OpenKiosk):
    """Whatever order they were chosen in, the shortest queue comes first."""
    page = await kiosk()

    await chosen(page, "paspor_baru", "paspor_ganti", "izin_tinggal")
    order = await stops(page)
    await press(page, "#journey-take")
    await shows(page, "ticket")

    assert order == ["Izin tinggal orang asing", "Penggantian paspor", "Paspor baru"]
    assert asked(hall) == [["izin_tinggal", "paspor_ganti", "paspor_baru"]]


async def test_what_closes_soon_goes_first(hall: FakeHall, kiosk: OpenKiosk):
    """A long queue at a service that closes before it could be reached later is stood in first."""
    soon = (datetime.now(UTC) + timedelta(minutes=90)).isoformat()

    def changed(service: MallService) -> MallService:
        wait = Wait(p50_s=3000, p90_s=4200)
        return replace(service, closes_at=soon, estimated_wait=wait) if service.id == "paspor_baru" else service

    agencies = tuple(
        replace(agency, services=tuple(changed(service) for service in agency.services)) for agency in mall.agencies()
    )
    hall.views["kiosk:K1"] = mall.kiosk(agencies=agencies)
    page = await kiosk()

    await chosen(page, "izin_tinggal", "paspor_baru")

    assert await stops(page) == ["Paspor baru", "Izin tinggal orang asing"]


async def test_one_service_is_as_quick_as_ever(hall: FakeHall, kiosk: OpenKiosk):
    """Whoever wants one touches agency, service, take; the ticket is asked for by `service` alone."""
    page = await kiosk()

    await press(page, '#agencies [data-id="imigrasi"]', '#services [data-id="paspor_baru"]', "#take")
    await shows(page, "ticket")

    assert asked(hall) == ["paspor_baru"]


async def test_what_is_chosen_can_be_left_out_again(hall: FakeHall, kiosk: OpenKiosk):
    """The last one left is a service as any other, and the choice says what is chosen already."""
    page = await kiosk()
    await chosen(page, "paspor_baru", "paspor_ganti")

    await press(page, "#journey-more")
    await expect(page.locator("#basket-open")).to_contain_text("2 layanan dipilih")
    await press(page, '#agencies [data-id="imigrasi"]')
    await expect(page.locator('#services [data-id="paspor_baru"]')).to_contain_text("Sudah dipilih")
    await press(page, "#basket-open", '#stops [data-service="paspor_ganti"]')

    await shows(page, "confirm")
    assert await text(page, "#confirm-service") == "Paspor baru"
    await press(page, "#take")
    await shows(page, "ticket")
    assert asked(hall) == ["paspor_baru"]


async def test_a_refusal_takes_only_what_was_refused(hall: FakeHall, kiosk: OpenKiosk):
    """One of the services has closed meanwhile: the others are there still, and no ticket was made."""
    page = await kiosk()
    await chosen(page, "paspor_baru", "paspor_ganti", "izin_tinggal")
    hall.answers.append(refusal("service_closed", "closed_now", service="paspor_ganti"))

    await press(page, "#journey-take")
    await shows(page, "problem")
    await press(page, "#problem-go")

    await shows(page, "journey")
    assert await stops(page) == ["Izin tinggal orang asing", "Paspor baru"]


async def test_the_ticket_says_what_comes_afterwards(hall: FakeHall, kiosk: OpenKiosk):
    """The number's page names the rest of the way."""
    page = await kiosk()
    await press(page, '#agencies [data-id="imigrasi"]', '#services [data-id="paspor_baru"]', "#take")
    await shows(page, "ticket")
    (issued,) = hall.issued.values()
    later = StepView(service="paspor_ganti", agency="imigrasi", state="planned", queued_at=None, due_at=None)

    await hall.push(f"ticket:{issued.id}", replace(issued, steps=(*issued.steps, later)))

    await expect(page.locator("#ticket-then")).to_have_text("Setelah itu: Penggantian paspor")


async def test_the_next_person_starts_with_nothing_chosen(hall: FakeHall, kiosk: OpenKiosk):
    """What somebody had chosen is theirs alone."""
    page = await kiosk()
    await chosen(page, "paspor_baru", "paspor_ganti")

    await press(page, "#again")

    await expect(page.locator("#basket")).to_be_hidden()
    await press(page, '#agencies [data-id="imigrasi"]', '#services [data-id="paspor_baru"]')
    await expect(page.locator("#take")).to_have_text("Ambil nomor")
