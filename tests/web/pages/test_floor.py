"""The supervisor's floor: what is out of line first, and every act a command with a reason."""

import re

import pytest
from msgspec.structs import replace
from playwright.async_api import Page, expect

from queue_server.wire.api import Me
from queue_server.wire.live import Alert
from queue_server.wire.reports import HalfHour, UsualView
from tests.browser import VIEWPORTS, Screens, axe, layout_faults
from tests.fakes import canned
from tests.fakes.house import House
from tests.waiting import until

SAID = (
    ("37", "2 services over their targets"),
    ("41 min", "target 15 min"),
    ("83 %", "of 194 called", "nine in ten within 22 min"),
    ("9 of 12", "2 free while people wait"),
    ("188", "of 231 tickets"),
)


ACTS = {"return": "Back to the queue", "put_back": "Take back the call"}


async def floor(screens: Screens, house: House, **context: str) -> Page:
    page = await screens.open(f"{house.url}/floor?lang=en", **context)
    await expect(page.locator("#counters tr").first).to_be_visible()
    return page


async def give_reason(page: Page, reason: str) -> None:
    await page.select_option("dialog #reason", reason)
    await page.locator("dialog button[type=submit]").press("Enter")


@pytest.fixture(autouse=True)
def supervisor(house: House) -> None:
    house.me = Me(role="supervisor", name="Dewi", clerk="p-1")


async def test_what_is_out_of_line_comes_first(screens: Screens, house: House):
    """The service that is late by most leads its table, counters that need somebody lead theirs."""
    page = await floor(screens, house)

    services = await page.locator("#services th > span:first-child").all_inner_texts()
    counters = await page.locator("#counters th").all_inner_texts()

    assert services[:2] == ["New identity card", "New passport"]
    assert counters[:3] == ["7", "2", "8"]
    alerts = await page.locator("#alerts li").all_inner_texts()
    assert "Counter 7 asks for help" in alerts[0]
    assert "New identity card: A\u2009031 is 26 min late; 14 waiting" in alerts[1]


async def test_five_figures_say_what_and_against_which_target(screens: Screens, house: House):
    """Each figure stands with what it is measured against."""
    page = await floor(screens, house)

    figures = await page.locator(".figure").all_inner_texts()

    for text, said in zip(figures, SAID, strict=True):
        assert all(part in text for part in said), text


async def test_a_figure_far_from_usual_says_so(screens: Screens, house: House):
    """In words and with a sign; its line is of what the figure was at each half-hour's end, and ends at what it is."""
    today = tuple(
        HalfHour(
            at=at,
            waiting=waiting,
            longest_wait_s=300 * counters,
            within_target=None,
            counters=counters,
            served=counters,
        )
        for at, waiting, counters in (("08:00", 4, 10), ("08:30", 8, 20), ("09:00", 7, 5))
    )
    house.usual = UsualView(
        weekday=1,
        at="09:17",
        days=8,
        waiting=4,
        longest_wait_s=1_800,
        within_target=None,
        counters=20,
        served=None,
        today=today,
    )
    page = await floor(screens, house)

    waiting, counters = page.locator("#figure-waiting"), page.locator("#figure-counters")
    await expect(waiting).to_contain_text("usually 4 now")
    await expect(waiting.locator(".mark")).to_contain_text("far more than usual")
    await expect(counters.locator(".mark")).to_contain_text("far fewer than usual")
    await expect(page.locator("#figure-longest")).to_contain_text("usually 30 min now")
    course = counters.locator(".course")
    live = house.floor.figures.open_counters
    await expect(course).to_have_attribute("aria-label", f"Counters open since 08:00: at most 20, now {live}.")
    await expect(course).to_contain_text("20")
    await expect(course.locator("circle")).to_have_attribute("cy", f"{21 - 18 * live / 20:.1f}")
    await expect(page.locator("#figure-within .course")).to_be_hidden()
    assert await axe(page) == []
    assert await layout_faults(page) == []


async def test_late_is_whoever_waits_longer_than_their_category_should(screens: Screens, house: House):
    """An elderly person's ten minutes may be too long where the regular target is fifteen, and the other way round."""
    services = list(house.floor.services)
    elderly = canned.place("B031", 600, order=1, service="kartu-keluarga", category="elderly", overdue=True)
    patient = canned.place("E031", 1290, order=1, service="paspor-baru", category="pregnant", overdue=False)
    services[1] = replace(services[1], longest_wait_s=600, longest=elderly)
    services[4] = replace(services[4], longest=patient)
    house.floor = replace(house.floor, services=tuple(services))

    page = await floor(screens, house)

    await expect(page.locator("#services tr[data-key=kartu-keluarga] .late")).to_have_count(1)
    await expect(page.locator("#services tr[data-key=paspor-baru] .late")).to_have_count(0)


async def test_a_young_day_claims_nothing(screens: Screens, house: House):
    """One ticket is one ticket, and of three waits only their number and their share are said."""
    young = replace(
        house.floor.figures, issued=1, served=0, within_target=0.67, wait_p50_s=None, wait_p90_s=None, waits=3
    )
    house.floor = replace(house.floor, figures=young)
    page = await floor(screens, house)

    within, served = [await page.locator(f"#figure-{key} .figure-note").inner_text() for key in ("within", "served")]

    assert within.strip() == "of 3 called"
    assert "of 1 ticket ·" in served


async def test_a_large_mall_is_seen_without_scrolling_for_long(screens: Screens, house: House):
    """Counters come before services; closed counters and services that need nobody are folded away until asked for."""
    services = [
        replace(canned.floor_service(n % 5), id=f"s{n}", waiting=1, open_counters=n % 4, longest_wait_s=0, longest=None)
        for n in range(58)
    ]
    counters = tuple(replace(canned.floor_counter(n), id=f"k{n}", help_since=None) for n in range(36))
    house.floor = replace(house.floor, services=(*services, *house.floor.services), counters=counters)
    page = await floor(screens, house)
    tables = page.locator("#counters, #services")

    assert await tables.evaluate_all("(found) => found.map((one) => one.id)") == ["counters", "services"]
    await expect(page.locator("#counters tr")).to_have_count(30)
    await expect(page.locator("#services tr")).to_have_count(12)
    assert await page.evaluate("() => document.documentElement.scrollHeight") < 3_150
    await page.get_by_role("button", name="Show all 66 services · 6 more out of line").press("Enter")
    await page.get_by_role("button", name="Show 6 closed counters").press("Enter")
    await expect(page.locator("#services tr")).to_have_count(66)
    await expect(page.locator("#counters tr")).to_have_count(36)
    assert await axe(page) == []
    await page.get_by_role("button", name="Show only what matters now").press("Enter")
    await expect(page.locator("#services tr")).to_have_count(12)


async def test_the_servers_own_alarms_are_told_and_the_clock_confirmed(screens: Screens, house: House):
    """They stand first, each reason of a refused file for itself; confirming the clock is asked once more."""
    rules = [
        Alert(kind="rules", subject="config.toml", text=why, fields={"reason": "refused", "why": why})
        for why in ("The service a is in use.", "The prefix B is in use.")
    ]
    clock = Alert(
        kind="clock", subject="", text="", severity="alert", fields={"reason": "clock_jumped", "off_s": 7200, "back": 0}
    )
    house.floor = replace(house.floor, alerts=(clock, *house.floor.alerts, *rules))
    page = await floor(screens, house)
    await house.push()

    await expect(page.locator("#alerts li")).to_have_count(len(house.floor.alerts))
    await expect(page.locator("#alerts li").first).to_contain_text(
        re.compile(r"The server's clock is ahead of the mall's time \(.*\d\d:\d\d, not .*\d\d:\d\d\)")
    )
    await expect(page.locator("#alerts")).to_contain_text("config.toml is not in force: The prefix B is in use.")
    assert await axe(page) == []
    await page.get_by_role("button", name="Confirm the clock").press("Enter")
    assert house.posted == []
    await page.get_by_role("button", name="The server's clock is right").press("Enter")

    await until(lambda: house.commands("clock/confirm"))
    await expect(page.locator("#done")).to_be_visible()


async def test_a_clock_that_would_begin_the_day_anew_says_so(screens: Screens, house: House):
    """Before it is confirmed; and what is confirmed is the alarm that was seen."""
    fields: dict[str, str | int | None] = {"reason": "clock_behind", "off_s": -7 * 3600, "back": 1}
    clock = Alert(kind="clock", subject="", text="", severity="alert", fields=fields)
    house.floor = replace(house.floor, alerts=(*house.floor.alerts, clock))
    page = await floor(screens, house)
    await house.push()

    await page.get_by_role("button", name="Confirm the clock").press("Enter")
    await expect(page.locator("dialog")).to_contain_text("The day then begins anew at the right time")
    await page.get_by_role("button", name="The server's clock is right").press("Enter")

    await until(lambda: house.commands("clock/confirm"))
    assert [one.body for one in house.commands("clock/confirm")] == [{"alarm": "clock_behind"}]


async def test_alerts_name_the_clerk(screens: Screens, house: House):
    """Whoever goes to a counter knows whom to look for; the table names everybody."""
    page = await floor(screens, house)

    await expect(page.locator("#alerts li", has_text="asks for help")).to_contain_text("Petugas 7")
    await expect(page.locator("#counters tr[data-key=c2]")).to_contain_text("Petugas 2")


async def test_the_floor_is_live(screens: Screens, house: House):
    """A new view changes the rows that are there; none is made anew, so nothing under the hand moves away."""
    page = await floor(screens, house)
    row = page.locator("#counters tr[data-key=c1]")
    await row.evaluate("(node) => { node.marked = true; }")
    first, *others = house.floor.counters
    house.floor = replace(house.floor, counters=(replace(first, number="A099"), *others))

    await house.push()

    await expect(row).to_contain_text("A\u2009099")
    assert await row.evaluate("(node) => node.marked")


async def test_each_alert_names_things_and_says_what_its_buttons_do(screens: Screens, house: House):
    """Names instead of ids, and a counter is added to a service that waits too long without leaving its own."""
    gone = Alert(kind="display", subject="hall", text="", since=canned.ago(900))
    house.floor = replace(
        house.floor, alerts=(*house.floor.alerts, gone), devices={"hall": {"id": "Layar ruang", "en": "Hall display"}}
    )
    counters = list(house.floor.counters)
    counters[4] = replace(counters[4], services=("kartu-keluarga",))
    house.floor = replace(house.floor, counters=tuple(counters))
    page = await floor(screens, house)

    await expect(page.locator("#alerts li").last).to_contain_text("Hall display is not connected")
    await expect(page.locator("#alerts li").last.get_by_role("button")).to_have_count(0)
    await page.locator("#alerts li").nth(1).get_by_role("button", name="Add a counter").press("Enter")
    await expect(page.locator("dialog #added option")).to_have_text(
        ["5 · Free · Petugas 5 · Zone A, civil registration"]
    )
    assert await axe(page) == []
    await give_reason(page, "staffing")

    await until(lambda: house.commands("counters/c5/services"))
    assert house.commands()[0].body == {"services": ["kartu-keluarga", "ktp-baru"], "reason": "staffing"}


async def test_every_service_without_a_counter_is_named(screens: Screens, house: House):
    """With how many wait for it; of very many the last are counted."""
    fields: dict[str, str | int | None] = {
        "waiting": 30,
        "services": 5,
        "named": "ktp-baru 12, kartu-keluarga 9",
        "more": 3,
        "reason": "many",
    }
    those = Alert(kind="unserved", subject="ktp-baru", text="", since=canned.ago(300), fields=fields)
    house.floor = replace(house.floor, alerts=(those,))

    page = await floor(screens, house)

    said = "No counter open: 30 waiting for New identity card (12), Family card (9) and 3 more"
    await expect(page.locator("#alerts li")).to_contain_text(said)
    assert await axe(page) == []


async def test_a_counters_services_are_found_by_agency_and_name(screens: Screens, house: House):
    """Its own agencies stand first, a search leaves what is looked for, and how many are chosen is said."""
    page = await floor(screens, house)
    await page.locator("#counters tr[data-key=c2] button").press("Enter")
    await page.get_by_role("button", name="Change its services").press("Enter")

    await expect(page.locator("dialog fieldset legend").first).to_have_text("Population and Civil Registration Office")
    await expect(page.locator("dialog")).to_contain_text("2 of 8 chosen")
    await page.locator("#service-search").fill("passp")
    await expect(page.locator("dialog label:has(input[type=checkbox]):visible")).to_have_text(["New passport"])
    assert await axe(page) == []
    assert await layout_faults(page) == []


async def test_help_is_answered_with_one_press(screens: Screens, house: House):
    """The alert itself has the button."""
    page = await floor(screens, house)

    await page.get_by_role("button", name="I am coming").press("Enter")

    await until(lambda: house.commands("help-answered"))
    assert house.commands()[0].path == "counters/c7/help-answered"


async def test_the_hall_is_held_with_one_press(screens: Screens, house: House):
    """One press stops the hall at once and says no reason; one can be given then, and going on is asked once."""
    page = await floor(screens, house)

    await page.locator("#hold").press("Enter")
    await until(lambda: house.commands("hall/hold"))
    assert house.commands()[0].body == {}
    house.floor = replace(house.floor, held="hold")
    await house.push()
    await expect(page.locator("#held")).to_contain_text("The hall is held.")
    await expect(page.locator("#done")).to_be_hidden()
    assert await axe(page) == []
    await page.locator("#other-reason").press("Enter")
    assert await page.locator("dialog #reason option[value=evacuation]").count() == 0
    await give_reason(page, "power")
    await until(lambda: len(house.commands("hall/hold")) == 2)
    assert house.commands()[1].body == {"reason": "power"}
    await page.locator("#hold").press("Enter")
    assert house.commands("hall/release") == []
    await page.get_by_role("button", name="Yes, the hall goes on").press("Enter")

    await until(lambda: house.commands("hall/release"))


async def test_an_agencys_supervisor_may_not_hold_the_hall(screens: Screens, house: House):
    """The hall is all agencies': its button is not there, and a hold can be read but not ended."""
    house.me = Me(role="supervisor", name="Dewi", clerk="p-1", agency="dukcapil")
    house.floor = replace(house.floor, held="power", held_text={"id": "Listrik padam", "en": "Power cut"})
    page = await floor(screens, house)

    await expect(page.locator("#held")).to_contain_text("Power cut")
    await expect(page.locator("#hold, #evacuate, #other-reason, #release, #all-clear")).to_have_count(5)
    for id_ in ("hold", "evacuate", "other-reason", "release", "all-clear"):
        await expect(page.locator(f"#{id_}")).to_be_hidden()


async def test_an_evacuation_is_held_down_or_asked(screens: Screens, house: House):
    """A click or a key only asks, and leaving that does nothing; held down for two seconds it is one."""
    page = await floor(screens, house)
    button = page.locator("#evacuate")

    await button.click()
    await expect(page.get_by_role("heading", name="Evacuate the building?")).to_be_visible()
    assert await axe(page) == []
    await page.keyboard.press("Escape")
    assert house.posted == []
    await button.press("Enter")
    await page.get_by_role("button", name="Yes, evacuate the building").press("Enter")
    await until(lambda: len(house.commands("hall/evacuate")) == 1)
    await button.hover()
    await page.mouse.down()
    await until(lambda: len(house.commands("hall/evacuate")) == 2)
    await page.mouse.up()

    await expect(page.locator("dialog")).to_have_count(0)
    assert [one.path for one in house.commands()] == ["hall/evacuate"] * 2


async def test_an_evacuation_has_an_end_of_its_own(screens: Screens, house: House):
    """The floor says what every screen says, no longer that all is in line; the end is asked once more."""
    house.floor = replace(house.floor, held="evacuation", evacuation=canned.evacuation(), alerts=())
    page = await floor(screens, house)

    await expect(page.locator("#evacuated")).to_contain_text("Leave the building now")
    await expect(page.locator("#evacuated")).to_contain_text("Assembly point: the car park")
    for id_ in ("calm", "held", "hold", "evacuate"):
        await expect(page.locator(f"#{id_}")).to_be_hidden()
    assert await axe(page) == []
    assert await layout_faults(page) == []
    await page.locator("#all-clear").press("Enter")
    assert house.posted == []
    await page.get_by_role("button", name="Yes, the building is safe").press("Enter")
    await until(lambda: house.commands("hall/all-clear"))
    house.floor = replace(house.floor, held="hold", evacuation=None)
    await house.push()

    await expect(page.locator("#evacuated")).to_be_hidden()
    await expect(page.locator("#held")).to_be_visible()
    await expect(page.locator("#calm")).to_have_text("The hall is held, so nobody is late.")


async def test_alerts_stand_in_the_pages_title(screens: Screens, house: House):
    """Another tab in front still shows that somebody is needed, until nobody is."""
    page = await floor(screens, house)
    await expect(page).to_have_title(re.compile(r"^\(4\) Floor"))

    house.floor = replace(house.floor, alerts=())
    await house.push()

    await expect(page).to_have_title(re.compile("^Floor"))


async def test_a_double_click_holds_and_asks_nothing(screens: Screens, house: House):
    """The second click of a double click neither releases nor opens a question."""
    page = await floor(screens, house)

    await page.dblclick("#hold")

    await until(lambda: house.commands("hall/hold"))
    await expect(page.locator("dialog[open]")).to_have_count(0)
    assert len(house.posted) == 1


@pytest.mark.parametrize(
    ("row", "digit", "path", "body"),
    [
        ("#services tr[data-key=ktp-baru]", "1", "services/ktp-baru/pause", {"reason": "power"}),
        ("#counters tr[data-key=c2]", "2", "counters/c2/close", {"reason": "power"}),
    ],
)
async def test_acts_are_recorded_with_a_reason(
    screens: Screens, house: House, row: str, digit: str, path: str, body: dict[str, str]
):
    """Pausing a service and closing a counter by keyboard alone, each with a reason from the mall's list."""
    page = await floor(screens, house)

    await page.locator(f"{row} button").press("Enter")
    await expect(page.locator("dialog[open]")).to_be_visible()
    await page.keyboard.press(digit)
    await give_reason(page, "power")

    await until(lambda: house.commands())
    assert (house.commands()[0].path, house.commands()[0].body) == (path, body)
    await expect(page.locator("#done")).to_be_visible()


async def test_a_paused_service_goes_on_with_a_reason(screens: Screens, house: House):
    """What is paused offers to go on, and asks why as every act of a supervisor does."""
    page = await floor(screens, house)

    await page.locator("#services tr[data-key=sim-perpanjang] button").press("Enter")
    await page.keyboard.press("1")
    await give_reason(page, "power")

    await until(lambda: house.commands("resume"))
    assert house.commands()[0].body == {"reason": "power"}


@pytest.mark.parametrize(
    ("state", "act", "path"),
    [("parked", "return", "tickets/t-A012/return"), ("called", "put_back", "counters/c12/put-back")],
)
async def test_a_found_ticket_is_acted_on_with_a_reason(
    screens: Screens, house: House, state: str, act: str, path: str
):
    """Whoever returns a ticket or takes a call back in the clerks' place says why."""
    house.page = canned.ticket_page(canned.ticket("A012", state))
    page = await floor(screens, house)
    await page.locator("#find").press("Enter")
    await page.keyboard.type("A012")
    await page.keyboard.press("Enter")

    await page.get_by_role("button", name=ACTS[act], exact=True).press("Enter")
    assert house.commands() == []
    await page.select_option("dialog #reason", "mistake")
    await page.locator("dialog button[type=submit]", has_text=ACTS[act]).press("Enter")

    await until(lambda: house.commands())
    assert (house.commands()[0].path, house.commands()[0].body.get("reason")) == (path, "mistake")


async def test_a_counters_services_are_changed_until_the_day_ends(screens: Screens, house: House):
    """The counter's list of services is ticked anew and recorded with a reason."""
    page = await floor(screens, house)
    await page.locator("#counters tr[data-key=c2] button").press("Enter")
    await page.keyboard.press("1")

    await page.get_by_label("New passport").check()
    await page.get_by_label("Family card").uncheck()
    await give_reason(page, "staffing")

    await until(lambda: house.commands("services"))
    assert house.commands()[0].body == {"services": ["ktp-baru", "paspor-baru"], "reason": "staffing"}


async def test_another_target_is_previewed_before_it_is_saved(screens: Screens, house: House):
    """The order that another target would give is seen first; saving wants a reason."""
    page = await floor(screens, house)
    await page.locator("#services tr[data-key=ktp-baru] button").press("Enter")
    await page.keyboard.press("2")

    await page.fill("dialog #target", "20")
    await page.get_by_role("button", name="Preview the order").press("Enter")
    await expect(page.locator("dialog .preview tbody tr").first).to_contain_text("A\u2009013")
    assert await axe(page) == []
    await give_reason(page, "staffing")

    await until(lambda: house.commands("rules"))
    assert [(one.path, one.body) for one in house.commands()] == [
        ("rules/preview", {"targets": {"ktp-baru": 1200}}),
        ("rules", {"targets": {"ktp-baru": 1200}, "reason": "staffing"}),
    ]


async def test_a_preview_of_a_target_shows_the_order_between_services(screens: Screens, house: House):
    """Counters whose order would be another stand below the queue, those that agree together, each with the service."""
    page = await floor(screens, house)
    await page.locator("#services tr[data-key=ktp-baru] button").press("Enter")
    await page.keyboard.press("2")

    await page.get_by_role("button", name="Preview the order").press("Enter")

    titles = page.locator("dialog h3")
    await expect(titles).to_have_text(["Preview the order", "Order at counters 2, 12"])
    await expect(page.locator("dialog .preview").nth(1).locator("tbody tr").first).to_contain_text("New identity card")
    assert await axe(page) == []
    assert await layout_faults(page) == []


async def test_who_waits_for_a_service_can_be_read(screens: Screens, house: House):
    """Places in order, with when each is due and why it stands there."""
    page = await floor(screens, house)

    await page.locator("#services tr[data-key=ktp-baru] button").press("Enter")
    await page.keyboard.press("3")

    row = page.locator("dialog .preview tbody tr")
    await expect(row).to_have_count(5)
    await expect(row.first).to_contain_text("A\u2009013")
    await expect(row.first).to_contain_text("due time")
    await expect(row.nth(3)).to_contain_text("helping out")
    assert await axe(page) == []
    assert await layout_faults(page) == []
    assert house.posted == []


async def test_when_a_counter_helps_out_is_previewed_before_it_is_saved(screens: Screens, house: House):
    """What holds now stands in the field; whom the counter would call is seen first, saving wants a reason."""
    page = await floor(screens, house)
    await page.locator("#counters tr[data-key=c2] button").press("Enter")
    await page.get_by_role("button", name="When it helps out").press("Enter")

    await page.select_option("dialog #helped", "ktp-baru")
    await expect(page.locator("dialog #help-after")).to_have_value("5")
    await page.fill("dialog #help-after", "10")
    await page.get_by_role("button", name="Preview the order").press("Enter")
    await expect(page.locator("dialog .preview tbody tr").first).to_contain_text("A\u2009013")
    assert await axe(page) == []
    await give_reason(page, "staffing")

    await until(lambda: house.commands("rules"))
    assert [(one.path, one.body) for one in house.commands()] == [
        ("rules/preview", {"help_after": {"c2": {"ktp-baru": 600}}}),
        ("rules", {"help_after": {"c2": {"ktp-baru": 600}}, "reason": "staffing"}),
    ]


async def test_one_agency_can_be_looked_at_alone(screens: Screens, house: House):
    """The services of one agency, without the others."""
    page = await floor(screens, house)

    await page.select_option("#agency", "imigrasi")

    assert await page.locator("#services tr").count() == 1


async def test_a_lost_line_is_marked_and_acts_are_held_back(screens: Screens, house: House):
    """Old figures are marked as old, and nothing is sent from them."""
    page = await floor(screens, house)
    await house.cut()
    await expect(page.locator("#stale")).to_be_visible()

    await page.get_by_role("button", name="I am coming").press("Enter")

    await expect(page.locator("#refused")).to_contain_text("Nothing is sent")
    assert house.posted == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_the_floor_is_accessible(screens: Screens, house: House, scheme: str):
    """Quiet, busy and held, by day and by night, axe finds nothing and nothing is cut off."""
    page = await floor(screens, house, color_scheme=scheme)
    busy = house.floor

    for view in (busy, replace(busy, alerts=()), replace(busy, held="power")):
        house.floor = view
        await house.push()
        await expect(page.locator("#alerts li")).to_have_count(len(view.alerts))
        assert await axe(page) == []
        assert await layout_faults(page) == []


async def test_the_floor_fits_a_phone(screens: Screens, house: House):
    """Tables scroll by themselves, the page does not, and the first alert is on the first screen."""
    page = await floor(screens, house, viewport="phone")

    assert await axe(page) == []
    assert await layout_faults(page) == []
    first = await page.locator("#alerts li").first.bounding_box()
    assert first
    assert first["y"] + first["height"] <= VIEWPORTS["phone"][1]


async def test_a_clerk_is_told_that_the_floor_is_not_theirs(screens: Screens, house: House):
    """Who is signed in but may not look on reads that, instead of an empty page."""
    house.me = Me(role="clerk", name="Rani", clerk="p-7f3a", counter="c12")
    page = await screens.open(f"{house.url}/floor?lang=en")

    await expect(page.locator("#refused")).to_have_text("Your role may not do that.")
    await expect(page.locator("main > section:visible")).to_have_count(0)
    await page.get_by_role("button", name="Menu").press("Enter")
    await expect(page.locator("nav a[href='/floor']")).to_be_hidden()
    await expect(page.locator("nav a[href='/terminal']")).to_be_visible()
