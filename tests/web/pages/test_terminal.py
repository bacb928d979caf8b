"""The terminal by keyboard alone: every move has a key, the big button follows the state, the focus stays."""

from collections.abc import Callable

import pytest
from msgspec.structs import replace
from playwright.async_api import Page, expect

from queue_server.domain import commands as c
from queue_server.wire.api import Me, Problem
from queue_server.wire.live import UndoView
from tests.browser import VIEWPORTS, Screens, axe, layout_faults
from tests.fakes import canned
from tests.fakes.desk import Desk, wide
from tests.fakes.house import House
from tests.waiting import until
from tests.web.pages.conftest import ready, terminal


async def focused(page: Page) -> str:
    found: str = await page.evaluate("() => document.activeElement.id || document.activeElement.tagName")
    return found


async def test_one_key_calls_starts_and_finishes(screens: Screens, house: House):
    """F2 does whatever the state makes next: call, start, finish; each command names the ticket that it means."""
    page = await terminal(screens, house)

    await page.keyboard.press("F2")
    await expect(page.locator("#now-title")).to_have_text("Called")
    await ready(page)
    await page.keyboard.press("F2")
    await expect(page.locator("#now-title")).to_have_text("Being served")
    await ready(page)
    await page.keyboard.press("F2")
    await expect(page.locator("#now-title")).to_have_text("Next")

    assert [(one.path, one.body) for one in house.commands()] == [
        ("counters/c12/call-next", {"ticket": None}),
        ("counters/c12/start", {"ticket": "t-A013"}),
        ("counters/c12/finish", {"ticket": "t-A013"}),
    ]


@pytest.mark.parametrize(
    ("key", "move"),
    [("F3", "recall"), ("F4", "no-show"), ("F8", "put-back")],
)
async def test_moves_of_a_called_ticket_have_keys(screens: Screens, house: House, key: str, move: str):
    """Calling again, a no-show and putting back are one key each."""
    house.at(Desk("called"))
    page = await terminal(screens, house)

    await page.keyboard.press(key)

    await until(lambda: house.commands(move))
    assert house.commands()[0].body == {"ticket": "t-A012"}


async def test_undo_is_a_key_and_shows_how_long_it_works(screens: Screens, house: House):
    """What was just done can be taken back with Ctrl+Z while the seconds beside it last."""
    page = await terminal(screens, house)
    await page.keyboard.press("F2")
    await expect(page.locator("#undo")).to_be_visible()
    await expect(page.locator("#undo-left")).to_have_text("10 s")
    await ready(page)

    await page.keyboard.press("Control+z")

    await expect(page.locator("#now-title")).to_have_text("Next")
    assert len(house.commands("undo")) == 1


async def test_undo_goes_when_its_time_is_over(screens: Screens, house: House):
    """The button is there exactly as long as it works, and hands its focus on when it goes."""
    house.at(Desk("called"), undo=UndoView(command="call-next", until=canned.ahead(1.5)))
    page = await terminal(screens, house)
    await page.focus("#undo")

    await expect(page.locator("#undo")).to_be_hidden()

    assert await focused(page) == "primary"


async def test_transfer_is_found_by_typing(screens: Screens, house: House):
    """F6, a part of the name, Enter: the ticket goes on to a service of any agency, without a mouse."""
    house.at(Desk("called"))
    page = await terminal(screens, house)

    await page.keyboard.press("F6")
    await page.keyboard.type("passp")
    await page.keyboard.press("Enter")

    await until(lambda: house.commands("transfer"))
    assert house.commands("transfer")[0].body == {"ticket": "t-A012", "service": "paspor-baru"}
    assert await focused(page) == "primary"


async def test_transfer_never_offers_where_it_leads_nowhere(screens: Screens, house: House):
    """The ticket's own service is left out; what takes nobody now stands last and says why."""
    house.at(Desk("called"))
    house.counter.now(c.PauseService(service="kartu-keluarga", reason="power", by="p-1"))
    services = house.counter.state.rules.services
    house.counter.change(services=services | {"akta-lahir": replace(services["akta-lahir"], open=())})
    page = await terminal(screens, house)
    await page.wait_for_load_state("networkidle")

    await page.keyboard.press("F6")

    options = await page.locator("[role=group] [role=option]").all_inner_texts()
    offered = [one.split("\n")[0] for one in options[:7]]
    assert offered[0] == "Change of residence"
    assert offered[-2:] == ["Family card", "Birth certificate"]
    assert "New identity card" not in offered
    assert "Paused" in options[5]
    assert "Closed today" in options[6]
    assert await axe(page) == []


async def test_transfer_reaches_counters_and_colleagues(screens: Screens, house: House):
    """The same list has other counters and the people who work there, reached with the arrow keys."""
    house.at(Desk("called"))
    page = await terminal(screens, house)

    await page.keyboard.press("F6")
    await page.keyboard.type("colleague 11")
    await expect(page.locator("[role=option]:visible")).to_have_count(1)
    await page.keyboard.press("Enter")

    await until(lambda: house.commands("transfer"))
    assert house.commands("transfer")[0].body == {"ticket": "t-A012", "clerk": "p-21aa"}


async def test_setting_aside_asks_once_and_a_digit_answers(screens: Screens, house: House):
    """F7 and one digit: set aside with its reason."""
    house.at(Desk("called"))
    page = await terminal(screens, house)

    await page.keyboard.press("F7")
    await page.keyboard.press("2")

    await until(lambda: house.commands("park"))
    assert house.commands("park")[0].body == {"ticket": "t-A012", "reason": "copies"}
    await expect(page.locator("#parked")).to_contain_text("A\u2009012")


async def test_pause_has_a_reason_and_the_same_key_resumes(screens: Screens, house: House):
    """F9 and a digit pause with a reason; the big button then resumes."""
    page = await terminal(screens, house)

    await page.keyboard.press("F9")
    await page.keyboard.press("2")
    await expect(page.locator("#number")).to_have_text("Prayer")
    await ready(page)
    await page.keyboard.press("F2")

    await until(lambda: house.commands("resume"))
    assert house.commands("pause")[0].body == {"reason": "prayer"}


async def test_a_dialog_left_with_escape_does_nothing(screens: Screens, house: House):
    """Escape leaves every question, nothing is sent, and the focus is where it was."""
    house.at(Desk("called"))
    page = await terminal(screens, house)

    for key in ("F6", "F7", "F9", "?"):
        await page.keyboard.press(key)
        await expect(page.locator("dialog[open]")).to_be_visible()
        await page.keyboard.press("Escape")
        await expect(page.locator("dialog[open]")).to_have_count(0)

    assert house.commands() == []
    assert await focused(page) == "primary"


async def test_note_and_outcome_are_one_touch(screens: Screens, house: House):
    """A digit finishes with that outcome, and the note that stands there goes with it."""
    house.at(Desk("serving"))
    page = await terminal(screens, house)

    await page.fill("#note", "passport of the elder son")
    await page.focus("#primary")
    await page.keyboard.press("2")

    await until(lambda: house.commands("finish"))
    assert [(one.path, one.body) for one in house.commands()] == [
        ("tickets/t-A012/note", {"text": "passport of the elder son"}),
        ("counters/c12/finish", {"ticket": "t-A012", "outcome": "documents_missing"}),
    ]


async def test_digits_in_the_note_are_text(screens: Screens, house: House):
    """While somebody types, no key of a single letter or digit is a command."""
    house.at(Desk("serving"))
    page = await terminal(screens, house)

    await page.focus("#note")
    await page.keyboard.type("2 of 3?")

    assert await page.input_value("#note") == "2 of 3?"
    assert house.commands() == []
    assert await page.locator("dialog[open]").count() == 0


async def test_several_cases_are_counted_once(screens: Screens, house: House):
    """Three presses of plus are one command with the final count."""
    house.at(Desk("serving"))
    page = await terminal(screens, house)

    for _ in range(3):
        await page.focus("#more-cases")
        await page.keyboard.press("Enter")

    await until(lambda: house.commands("cases"))
    assert [one.body for one in house.commands("cases")] == [{"cases": 4}]


async def test_finish_and_call_next_is_one_key(screens: Screens, house: House):
    """Where the mall lets calling the next finish the present one, Shift+F2 does both."""
    house.at(Desk("serving"))
    page = await terminal(screens, house)

    await page.keyboard.press("Shift+F2")

    await until(lambda: house.commands("call-next"))
    assert house.commands("call-next")[0].body == {"ticket": "t-A012"}


async def test_whoever_may_return_is_listed_with_a_button(screens: Screens, house: House):
    """Set aside and absent people wait in a list; one press puts them back, and the focus is not lost with the row."""
    house.at(Desk("parked"))
    page = await terminal(screens, house)

    await page.focus("#parked button")
    await page.keyboard.press("Enter")

    await until(lambda: house.commands("return"))
    await expect(page.locator("#aside")).to_be_hidden()
    assert await focused(page) == "primary"


async def test_the_focus_never_falls_to_the_page(screens: Screens, house: House):
    """Through call, start, outcome and idle again the focus stays on something that can be pressed."""
    page = await terminal(screens, house)
    seen = [await focused(page)]

    for key in ("F2", "F2"):
        await ready(page)
        await page.keyboard.press(key)
        await until(lambda: not house.gate)
        await ready(page)
        seen.append(await focused(page))
    await page.focus("#outcomes button:first-child")
    await page.keyboard.press("Enter")
    await expect(page.locator("#now-title")).to_have_text("Next")
    seen.append(await focused(page))

    assert seen == ["primary"] * 4


@pytest.mark.parametrize(
    ("key", "stage", "path", "body"),
    [
        ("a", "idle", "counters/c12/auto-call", {"on": True}),
        ("Shift+F9", "idle", "counters/c12/close", {}),
        ("r", "parked", "tickets/t-A012/return", {}),
        ("+", "serving", "tickets/t-A012/cases", {"cases": 2}),
    ],
)
async def test_the_rarer_acts_have_keys(
    screens: Screens, house: House, key: str, stage: str, path: str, body: dict[str, object]
):
    """Auto-call, closing, the first who was set aside and cases need no Tab; each button shows its key."""
    house.at(Desk(stage))
    page = await terminal(screens, house)

    await page.keyboard.press(key)

    await until(lambda: house.commands())
    assert (house.commands()[0].path, house.commands()[0].body) == (path, body)


async def test_a_walk_up_and_the_note_are_reached_by_a_letter(screens: Screens, house: House):
    """W asks which service, N goes to the note; a key does nothing where its element is not to be seen."""
    page = await terminal(screens, house)

    for key in ("n", "+", "-", "r"):
        await page.keyboard.press(key)
    assert (await focused(page), house.commands()) == ("primary", [])
    await page.keyboard.press("w")
    await page.keyboard.press("1")
    await until(lambda: house.commands("tickets"))
    house.at(Desk("serving"))
    await house.push()
    await expect(page.locator("#ending")).to_be_visible()
    await expect(page.locator("dialog[open]")).to_have_count(0)  # it gives the focus back as it goes
    await expect(page.locator("#primary:not([aria-disabled])")).to_be_visible()
    await page.keyboard.press("n")

    await expect(page.locator("#note")).to_be_focused()


async def test_the_keys_are_shown(screens: Screens, house: House):
    """Every button with a key says so, to eyes and to screen readers, and ? lists them all."""
    page = await terminal(screens, house)

    for button, key in {
        "primary": "F2",
        "recall": "F3",
        "no-show": "F4",
        "transfer": "F6",
        "undo": "Control+Z",
        "auto-call": "a",
        "walk-up": "w",
        "close-counter": "Shift+F9",
        "more-cases": "Plus",
        "fewer": "-",
    }.items():
        assert await page.get_attribute(f"#{button}", "aria-keyshortcuts") == key
        assert await page.locator(f"#{button} kbd").count() == 1
    await page.keyboard.press("?")

    await expect(page.locator("dialog kbd").first).to_be_visible()
    assert await page.locator("dialog tbody tr").count() >= 19
    assert await axe(page) == []


async def test_single_keys_can_be_switched_off(screens: Screens, house: House):
    """Whoever's software types letters into the page switches keys without Ctrl off (WCAG 2.1.4)."""
    house.at(Desk("serving"))
    page = await terminal(screens, house)
    await page.keyboard.press("?")
    await page.uncheck("#single-keys")
    await page.keyboard.press("Escape")

    await page.keyboard.press("2")
    await page.keyboard.press("?")

    assert house.commands() == []
    assert await page.locator("dialog[open]").count() == 0


async def test_an_arrival_at_an_idle_counter_is_noticed(screens: Screens, house: House):
    """Somebody comes while nobody waits: words, the page's name and a sound tell the clerk who looks elsewhere."""
    house.at(Desk(waiting=0))
    page = await terminal(screens, house)
    await page.keyboard.press("Shift")
    await page.evaluate("""() => {
        window.tones = 0;
        const start = OscillatorNode.prototype.start;
        OscillatorNode.prototype.start = function (...at) { window.tones += 1; return start.apply(this, at); };
    }""")

    house.counter.now(c.IssueTicket(ticket="t-A013", services=("ktp-baru",)))
    await house.push()

    await expect(page.locator("#news")).to_contain_text("A\u2009013 is waiting")
    assert "A\u2009013" in await page.title()
    assert await page.evaluate("() => window.tones") == 2


@pytest.mark.parametrize(
    ("usual_s", "light", "word"),
    [
        (600, "good", "in good time"),
        (150, "near", "nearly at the usual time"),
        (60, "over", "over the usual time"),
    ],
)
async def test_the_timer_says_how_long_in_colour_shape_and_word(
    screens: Screens, house: House, usual_s: int, light: str, word: str
):
    """The traffic light is never colour alone."""
    house.at(Desk("serving"), target_s=usual_s)
    page = await terminal(screens, house)

    await expect(page.locator("#timer")).to_have_attribute("data-light", light)
    await expect(page.locator("#timer-word")).to_contain_text(word)
    assert await page.locator("#timer svg use").get_attribute("href")


async def test_a_no_show_waits_for_its_time(screens: Screens, house: House):
    """Before enough calls the key does nothing and the button counts down; then it works."""
    house.at(Desk("called"), no_show_in_s=2)
    page = await terminal(screens, house)

    await page.keyboard.press("F4")
    await expect(page.locator("#no-show-label")).to_contain_text("0:0")
    assert house.commands() == []
    await expect(page.locator("#no-show:not([aria-disabled])")).to_be_visible()
    await page.keyboard.press("F4")

    await until(lambda: house.commands("no-show"))


async def test_a_no_show_that_lacks_a_call_says_so(screens: Screens, house: House):
    """Time alone brings nothing then: the button says when another call counts, then that one must come first."""
    house.at(Desk("called"), no_show_in_s=12, calls_missing=1, call_counts_in_s=2)
    page = await terminal(screens, house)

    await expect(page.locator("#no-show-label")).to_contain_text("Call again in 0:0")
    await expect(page.locator("#no-show-label")).to_have_text("Call again first")
    await page.keyboard.press("F4")
    assert house.commands() == []
    house.at(Desk("called"), no_show_in_s=9)
    await house.push()

    await expect(page.locator("#no-show-label")).to_contain_text("Did not come? Wait 0:0")
    house.at(Desk("called"), calls_missing=1)
    house.counter.now(c.HoldHall(by="p-1"))
    await house.push()

    await expect(page.locator("#no-show-label")).to_have_text("Did not come")
    await expect(page.locator("#no-show")).to_have_attribute("aria-disabled", "true")


async def test_who_is_next_is_hidden_where_the_mall_wants_it(screens: Screens, house: House):
    """A blind queue shows how many wait, not who."""
    house.at(Desk(blind=True))
    page = await terminal(screens, house)

    await expect(page.locator("#waiting")).to_have_text("5")
    await expect(page.locator("#line-empty")).to_have_text("The queue decides who is next.")
    assert "A\u2009013" not in await page.inner_text("main")


async def test_a_chosen_ticket_is_called_where_picking_is_allowed(screens: Screens, house: House):
    """Each waiting ticket then has its own button."""
    house.at(Desk(picking=True))
    page = await terminal(screens, house)

    await page.locator("#places button").nth(2).focus()
    await page.keyboard.press("Enter")

    await until(lambda: house.posted)
    assert (house.posted[0].path, house.posted[0].body) == ("counters/c12/call", {"ticket": "t-A014"})


async def test_asking_for_help_stays_visible(screens: Screens, house: House):
    """F1 tells the supervisors, the button says since when, and the same key takes it back."""
    page = await terminal(screens, house)

    await page.keyboard.press("F1")

    await expect(page.locator("#help-label")).to_contain_text("Help asked 0:")
    await expect(page.locator("#help:not([aria-disabled])")).to_be_visible()
    await page.keyboard.press("F1")
    await until(lambda: house.commands("help-answered"))


async def test_at_a_colleagues_counter_a_clerk_looks_on(screens: Screens, house: House):
    """Where somebody else works it is said so, and neither button nor key does anything for a clerk."""
    house.at(Desk("called"), undo=UndoView(command="call-next", until=canned.ahead(60)))
    house.over["counter"] = replace(house.desk.counter, clerk="p-21aa")
    page = await screens.open(f"{house.url}/terminal/c12?lang=en")
    await expect(page.locator("#others")).to_contain_text("Somebody else works at this counter.")

    await expect(page.locator("#primary[data-settled=true]")).to_have_text("Somebody works here F2")
    await expect(page.locator("#undo")).to_be_hidden()
    for key in ("F2", "F3", "F7", "Control+z"):
        await page.keyboard.press(key)

    await expect(page.locator("#primary")).to_have_attribute("aria-disabled", "true")
    await expect(page.locator("#refused")).to_contain_text("You only look on here.")
    assert await axe(page) == []
    assert await layout_faults(page) == []
    assert house.posted == []


async def test_whoever_works_at_no_counter_is_not_told_to_open_it(screens: Screens, house: House):
    """A closed counter is closed for them, and that is all."""
    house.me = Me(role="manager", name="Sri", clerk="p-2")
    house.at(Desk("closed"))
    page = await screens.open(f"{house.url}/terminal/c12?lang=en")

    await expect(page.locator("#number")).to_have_text("This counter is closed.")


async def test_whoever_works_at_no_counter_is_offered_nothing_to_do_there(screens: Screens, house: House):
    """A manager sees a counter as it is; no button and no key does what would then be refused."""
    house.me = Me(role="manager", name="Sri", clerk="p-2")
    house.at(Desk("serving"))
    page = await screens.open(f"{house.url}/terminal/c12?lang=en")
    await expect(page.locator("#others")).to_contain_text("You only look on here: your account works at no counter.")

    for gone in ("primary", "help", "pause", "transfer", "ending", "auto-call"):
        await expect(page.locator(f"#{gone}")).to_be_hidden()
    for key in ("F2", "F6", "F9"):
        await page.keyboard.press(key)

    assert await axe(page) == []
    assert await layout_faults(page) == []
    assert house.posted == []


async def test_a_supervisor_acts_in_a_clerks_place(screens: Screens, house: House):
    """The terminal says that somebody works there, and does what it is told."""
    house.me = Me(role="supervisor", name="Dewi", clerk="p-1")
    house.at(Desk("called"))
    page = await terminal(screens, house)
    await expect(page.locator("#others")).to_contain_text("done in their place")

    await page.keyboard.press("F2")

    await until(lambda: house.commands("start"))


@pytest.mark.parametrize("viewport", ["desk", "strip"])
async def test_another_agencys_counter_says_so(screens: Screens, house: House, viewport: str):
    """Whoever is signed in and may not look at a counter is told why and led to the choice of counters."""
    house.strange = True
    page = await screens.open(f"{house.url}/terminal/c12?lang=en", viewport=viewport)

    await expect(page.locator("#others")).to_contain_text("serves other agencies")
    await expect(page.locator("#primary")).to_be_hidden()
    assert await axe(page) == []
    assert await layout_faults(page) == []
    await page.keyboard.press("Enter")

    await page.wait_for_url("**/terminal")


@pytest.mark.parametrize("language", ["en", "id"])
async def test_refusals_are_explained_in_the_readers_language(screens: Screens, house: House, language: str):
    """A refusal's code and reason become a sentence with its figures, in words that say what to do."""
    said = {
        "en": "Call 2 times before you mark this. So far: 1.",
        "id": "Panggil 2 kali sebelum menandai. Sejauh ini: 1.",
    }
    fields: dict[str, str | int | None] = {"calls": 1, "calls_needed": 2, "wait_s": 9}
    house.at(Desk("called"))
    house.refusal = Problem(type="", title="", status=409, code="too_soon", detail="", reason="calls", fields=fields)
    page = await terminal(screens, house, language=language)

    await page.keyboard.press("F4")

    await expect(page.locator("#refused [role=alert]")).to_have_text(said[language])


async def test_no_button_moves_when_something_is_said(screens: Screens, house: House):
    """Refusals and arrivals are laid over the page, so nothing slides under a hand that is on its way."""
    house.at(Desk("called"))
    house.refusal = Problem(type="", title="", status=409, code="illegal_move", detail="", reason="max_recalls")
    page = await terminal(screens, house)
    before = await page.locator("#primary").bounding_box()

    await page.keyboard.press("F3")
    await expect(page.locator("#refused")).to_be_visible()

    assert await page.locator("#primary").bounding_box() == before
    assert await axe(page) == []
    await page.keyboard.press("Escape")
    await expect(page.locator("#refused")).to_be_hidden()


@pytest.mark.parametrize("language", ["id", "en"])
async def test_an_evacuation_says_why_nobody_can_be_called(screens: Screens, house: House, language: str):
    """Above everything, with the way out; nobody who waits is offered, and the notice of a hold is not beside it."""
    house.at(Desk(), evacuation=canned.evacuation())
    house.counter.now(c.EvacuateHall(by="p-1"))
    page = await screens.open(f"{house.url}/terminal/c12?lang={language}", viewport="desk")
    strip = page.locator("#evacuated")
    said = {
        "id": ("Segera tinggalkan gedung", "Tidak ada yang dapat dipanggil", "tangga utara", "halaman parkir"),
        "en": ("Leave the building now", "Nobody can be called until", "north stairs", "the car park"),
    }[language]

    for text in said:
        await expect(strip).to_contain_text(text)
    await expect(page.locator("#number")).to_have_text(said[0])
    await expect(page.locator("#held")).to_be_hidden()
    await expect(page.locator("#primary")).to_have_attribute("aria-disabled", "true")
    assert await axe(page) == []
    assert await layout_faults(page) == []
    house.at(Desk())
    await house.push()

    await expect(strip).to_be_hidden()


def _undo_of_a_call() -> UndoView:
    return UndoView(command="call-next", until=canned.ahead(60))


def _widened(house: House, stage: str) -> None:
    house.at(Desk(stage))
    house.over = wide(house.desk)


def _held(house: House) -> None:
    house.at(Desk())
    house.counter.now(c.HoldHall(by="p-1"))


DESKS: dict[str, Callable[[House], None]] = {
    "closed": lambda house: house.at(Desk("closed")),
    "paused": lambda house: house.at(Desk("paused")),
    "idle": lambda house: house.at(Desk()),
    "empty": lambda house: house.at(Desk(waiting=0)),
    "picking": lambda house: house.at(Desk("parked", picking=True)),
    "called": lambda house: house.at(Desk("called"), no_show_in_s=9, undo=_undo_of_a_call()),
    "serving": lambda house: house.at(Desk("serving"), target_s=60, help_since=canned.ago(90)),
    "wide next": lambda house: _widened(house, "idle"),
    "wide called": lambda house: _widened(house, "called"),
    "wide serving": lambda house: _widened(house, "serving"),
    "held": _held,
}


@pytest.mark.parametrize("viewport", ["desk", "phone", "strip"])
async def test_every_state_is_accessible_and_fits(screens: Screens, house: House, viewport: str):
    """In every state and at 1366, 360 and 300 px axe finds nothing, nothing is cut off, nothing scrolls sideways."""
    page = await terminal(screens, house, viewport=viewport, language="id")

    for state, make in DESKS.items():
        make(house)
        await house.push()
        shown = house.desk.counter.ticket.state if house.desk.counter.ticket else house.desk.counter.state
        await expect(page.locator("#desk")).to_have_attribute("data-state", shown)
        assert await axe(page) == [], state
        assert await layout_faults(page) == [], state


@pytest.mark.parametrize("width", [300, 320, 360])
@pytest.mark.parametrize("state", ["wide next", "wide called"])
async def test_a_wide_number_with_its_marks_fits_the_strip(screens: Screens, house: House, state: str, width: int):
    """Two letters, a long category, another language, undo and a refusal: all buttons stand clear on the screen."""
    DESKS[state](house)
    house.over["undo"] = UndoView(command="put-back", until=canned.ahead(60))
    house.refusal = Problem(type="", title="", status=409, code="illegal_move", detail="", reason="max_recalls")
    page = await screens.open(f"{house.url}/terminal/c12?lang=id", viewport="strip")
    await page.set_viewport_size({"width": width, "height": 768})
    await ready(page)
    await expect(page.locator("#marks .mark").nth(1)).to_be_visible()
    await page.keyboard.press("F2")
    await expect(page.locator("#refused")).to_be_visible()

    parts = ("#number", "#marks", "#primary", "#put-back", "#refused")
    boxes = [await page.locator(one).bounding_box() for one in parts]

    assert await layout_faults(page) == []
    assert not any(one["y"] + one["height"] > 768 for one in boxes if one)
    number, _, primary, last, told = (one for one in boxes if one)
    assert number["x"] + number["width"] <= width
    assert primary["y"] + primary["height"] <= last["y"]
    assert last["y"] + last["height"] <= told["y"]


@pytest.mark.parametrize("language", ["en", "id"])
async def test_outcomes_are_one_touch_in_the_strip(screens: Screens, house: House, language: str):
    """Beside other software, at 300 x 768, every outcome is on the screen while serving, even with undo above."""
    house.at(Desk("serving"), undo=UndoView(command="start", until=canned.ahead(60)))
    page = await terminal(screens, house, viewport="strip", language=language)
    await expect(page.locator("#undo")).to_be_visible()

    box = await page.locator("#outcomes").bounding_box()

    assert box
    assert box["y"] + box["height"] <= VIEWPORTS["strip"][1]
    assert await layout_faults(page) == []


@pytest.mark.parametrize("language", ["en", "id"])
@pytest.mark.parametrize("width", [300, 360])
async def test_dialogs_by_touch_keep_words_and_numbers_whole(screens: Screens, house: House, width: int, language: str):
    """On a narrow touch screen no word or number is broken, and the list of keys has its keys."""
    house.at(Desk("called"), **wide(Desk("called").view()))
    page = await screens.open(f"{house.url}/terminal/c12?lang={language}", has_touch=True, is_mobile=True)
    await page.set_viewport_size({"width": width, "height": 768})
    await ready(page)

    for key in ("F6", "F7", "F9", "F10", "?"):
        await page.keyboard.press(key)
        await expect(page.locator("dialog[open]")).to_be_visible()
        assert await layout_faults(page) == [], key
        assert await axe(page) == [], key
        if key == "?":
            assert await page.locator("dialog kbd:visible").count() >= 20
        if key == "F6":
            assert "DC\u2009\u2060001" in await page.locator("dialog h2").inner_text()
        await page.keyboard.press("Escape")
        await expect(page.locator("dialog[open]")).to_have_count(0)
    await page.click("#more")

    await expect(page.locator("#menu")).to_be_visible()
    assert await layout_faults(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_dialogs_are_accessible_in_both_schemes(screens: Screens, house: House, scheme: str):
    """Transfer, reasons, keys and the menu pass the audit by day and by night."""
    house.at(Desk("called"))
    page = await screens.open(f"{house.url}/terminal/c12?lang=en", color_scheme=scheme)
    await ready(page)

    for key in ("F6", "F7", "F9", "F10", "?"):
        await page.keyboard.press(key)
        await expect(page.locator("dialog[open]")).to_be_visible()
        assert await axe(page) == [], key
        await page.keyboard.press("Escape")
        await expect(page.locator("dialog[open]")).to_have_count(0)
    await page.click("#more")

    await expect(page.locator("#menu")).to_be_visible()
    assert await axe(page) == []
