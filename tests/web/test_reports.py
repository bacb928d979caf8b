"""The pages of reports: who reads them, of which agency, and what a ticket lived through."""

from __future__ import annotations

import re
from pathlib import Path

from tests.waiting import until
from tests.web.edge import CONFIG, NINE, Answer, Edge, edge_at

HTML = {"Accept": "text/html"}
DAY_MS = 86_400_000


async def read(edge: Edge, path: str, token: str) -> Answer:
    return await edge.page(path, Authorization=f"Bearer {token}", **HTML)


def first_sentence(page: Answer) -> str:
    """What the report says first; its texts stand in the page once more, for its script."""
    found = re.search(r'class="finding[^>]*>([^<]*)<', page.body.decode())
    assert found is not None
    return found[1]


async def served(edge: Edge, counter: str = "1") -> Answer:
    """A ticket for a passport that waited ten minutes and was served for five."""
    ticket = await edge.ticket()
    await edge.post(f"/counters/{counter}/open", by="clerk")
    edge.wait(600)
    await edge.post(f"/counters/{counter}/call-next", by="clerk")
    edge.wait(30)
    await edge.post(f"/counters/{counter}/start", by="clerk")
    edge.wait(300)
    await edge.post(f"/counters/{counter}/finish", {"outcome": "done"}, by="clerk")
    return ticket


async def test_a_number_that_nobody_had_may_be_looked_for_on_another_day(tmp_path: Path):
    """The page that finds none keeps the number and the day, so that the next day is one change away."""
    async with edge_at(tmp_path) as edge:
        manager = edge.token("manager", name="dewi")
        said = (await read(edge, "/report/tickets?number=A047&to=2026-11-20&lang=en", manager)).body.decode()

    assert "There is no A047 on that day." in said
    assert re.search(r'name="number"[^>]*value="A047"', said)
    assert re.search(r'name="to"[^>]*value="2026-11-20"', said)


async def test_a_number_is_looked_for_on_the_week_before_too(tmp_path: Path):
    """A report of a week ends on a day on which the mall was closed: the number of its Tuesday is offered."""
    async with edge_at(tmp_path) as edge:
        ticket = await served(edge)
    async with edge_at(tmp_path, at=NINE + 5 * DAY_MS) as edge:
        by = edge.token("manager", name="dewi")
        address = f"/report/tickets?number={ticket['number']}&lang=en"
        said = (await read(edge, f"{address}&from=2026-11-23&to=2026-11-29", by)).body.decode()
        long_ago = (await read(edge, f"{address}&to=2026-12-02", by)).body.decode()
        other = edge.token("manager", name="rina", agency="registry")
        hidden = (await read(edge, f"{address}&to=2026-11-29", other)).body.decode()

    story = f"/report/tickets/2026-11-24/{ticket['id']}"
    assert "Tuesday, 24 November 2026" in said
    assert story in said
    assert story not in long_ago
    assert story not in hidden


async def test_a_chosen_agency_leaves_its_services_to_choose_from(tmp_path: Path):
    """And filters that fit nothing together are named as what may be the reason, with the way out of them."""
    async with edge_at(tmp_path) as edge:
        await served(edge)
        manager, day = edge.token("manager", name="dewi"), edge.engine.state.day
        address = f"/report?from={day}&to={day}&lang=en"
        own = (await read(edge, f"{address}&agency=registry", manager)).body.decode()
        odd = (await read(edge, f"{address}&agency=registry&service=passport", manager)).body.decode()

    assert '<option value="birth"' in own
    assert '<option value="passport"' not in own
    assert '<option value="passport" selected' in odd
    assert f'Perhaps nothing fits all of these filters. <a href="/report?from={day}&amp;to={day}">' in odd


async def test_whoever_is_not_signed_in_is_led_there_and_back(tmp_path: Path):
    """A report holds figures, so it is written for nobody; a clerk is told that it is not theirs."""
    async with edge_at(tmp_path) as edge:
        stranger = await edge.page("/report?from=2026-11-24&to=2026-11-24", **HTML)
        clerk = await read(edge, "/report", edge.token("clerk", name="ani"))

    assert (stranger.status, stranger.headers["Location"]) == (
        303,
        "/sign-in?next=%2Freport%3Ffrom%3D2026-11-24%26to%3D2026-11-24",
    )
    assert clerk.status == 403
    assert b'<svg class="chart' not in clerk.body


async def test_a_story_and_a_report_say_the_same_wait(tmp_path: Path):
    """Of forty minutes until the call the hall was held for half: the ticket waited twenty, wherever it is read."""
    async with edge_at(tmp_path) as edge:
        ticket = await edge.ticket()
        await edge.post("/counters/1/open", by="clerk")
        edge.wait(600)
        await edge.post("/hall/hold", {"reason": "mistake"}, by="supervisor")
        edge.wait(1200)
        await edge.post("/hall/release", by="supervisor")
        edge.wait(600)
        called = await edge.post("/counters/1/call-next", by="clerk")
        manager = edge.token("manager", name="dewi")
        story = await read(edge, f"/report/tickets/2026-11-24/{ticket['id']}?lang=en", manager)
        stats = await edge.get("/stats?from=2026-11-24&to=2026-11-24", by=manager)

    assert called["id"] == ticket["id"]
    assert stats["total"]["wait"]["max_s"] == 1200
    assert b"waited 20 min" in story.body


async def test_a_named_span_becomes_dates_that_can_be_sent(tmp_path: Path):
    """The address says the same tomorrow, with what was filtered."""
    async with edge_at(tmp_path) as edge:
        manager = edge.token("manager", name="dewi")
        answer = await read(edge, "/report?period=last_week&service=visa", manager)

    assert (answer.status, answer.headers["Location"]) == (303, "/report?from=2026-11-16&to=2026-11-22&service=visa")


async def test_the_finding_the_figures_and_the_tables_agree(tmp_path: Path):
    """One wait of ten minutes is ten minutes everywhere, and says that one case is little."""
    async with edge_at(tmp_path) as edge:
        await served(edge)
        page = (await read(edge, "/report?period=today&lang=en", edge.token("manager", name="dewi"))).headers[
            "Location"
        ]
        said = (await read(edge, page, edge.token("manager", name="dina"))).body.decode()

    assert "half waited no longer than 10 min" in said
    assert said.count("10 min") >= 4
    assert "Fewer than 20 cases" in said
    assert '<svg class="chart" viewBox' in said


async def test_an_agency_reads_of_itself_only(tmp_path: Path):
    """Whatever the address says: no service, no ticket and no story of another agency."""
    async with edge_at(tmp_path) as edge:
        ticket = await served(edge)
        day = edge.engine.state.day
        theirs = edge.token("manager", name="joko", agency="registry")
        report = await read(edge, f"/report?from={day}&to={day}&lang=en", theirs)
        forced = await read(edge, f"/report?from={day}&to={day}&agency=immigration", theirs)
        behind = await read(edge, f"/report/tickets?from={day}&to={day}", theirs)
        numbered = await read(edge, f"/report/tickets?number={ticket['number']}&to={day}", theirs)
        story = await read(edge, f"/report/tickets/{day}/{ticket['id']}", theirs)

    assert first_sentence(report) == "Nobody queued in this period."
    assert "passport" not in report.body.decode().lower()
    assert forced.status in (403, 200)
    assert b"10 min" not in forced.body
    assert ticket["id"] not in behind.body.decode() + numbered.body.decode()
    assert story.status == 404


async def test_a_number_leads_to_what_its_ticket_lived_through(tmp_path: Path):
    """Taken, called and why, served and how it ended; a step that was undone stays and says so."""
    async with edge_at(tmp_path) as edge:
        ticket = await edge.ticket()
        await edge.post("/counters/1/open", by="clerk")
        edge.wait(600)
        await edge.post("/counters/1/call-next", by="clerk")
        await edge.post("/counters/1/undo", {"ticket": ticket["id"]}, by="clerk")
        edge.wait(60)
        await edge.post("/counters/1/call-next", by="clerk")
        await edge.post("/counters/1/start", by="clerk")
        await edge.post("/counters/1/finish", {"outcome": "documents_missing"}, by="clerk")
        manager, day = edge.token("manager", name="dewi"), edge.engine.state.day
        found = await read(edge, f"/report/tickets?number={ticket['number'].lower()}&to={day}", manager)
        said = (await read(edge, f"{found.headers['Location']}?lang=en", manager)).body.decode()

    assert found.headers["Location"] == f"/report/tickets/{day}/{ticket['id']}"
    for part in ("Number taken at", "Next by the rule", "Outcome: Documents missing.", "undone", "waited 11 min"):
        assert part in said, part
    assert said.count("Called to Counter 1") == 2
    assert said.count('<li class="undone">') == 1


async def test_what_lies_behind_a_number_is_listed_longest_wait_first(tmp_path: Path):
    """Of the half-hour that was asked for, and each leads to its story."""
    async with edge_at(tmp_path) as edge:
        first, second = await edge.ticket(), await edge.ticket()
        await edge.post("/counters/1/open", by="clerk")
        for wait in (300, 900):
            edge.wait(wait)
            await edge.post("/counters/1/call-next", by="clerk")
            await edge.post("/counters/1/start", by="clerk")
            await edge.post("/counters/1/finish", {}, by="clerk")
        manager, day = edge.token("manager", name="dewi"), edge.engine.state.day
        listed = (await read(edge, f"/report/tickets?from={day}&to={day}", manager)).body.decode()
        elsewhere = (await read(edge, f"/report/tickets?from={day}&to={day}&half_hour=01:30", manager)).body.decode()

    assert 0 < listed.index(second["id"]) < listed.index(first["id"])
    assert first["id"] not in elsewhere


async def test_a_note_stands_on_its_day_for_whom_it_concerns(tmp_path: Path):
    """The mall's are read by everybody, an agency's by itself and the mall; taken away it is gone."""
    async with edge_at(tmp_path) as edge:
        day = edge.engine.state.day
        mall, theirs = edge.token("manager", name="dewi"), edge.token("manager", name="joko", agency="registry")
        others = edge.token("manager", name="rita", agency="immigration")
        leave = await edge.post("/day-notes", {"day": day, "words": "Joint  leave"}, by=mall)
        down = await edge.post("/day-notes", {"day": day, "words": "Lift stuck"}, by=theirs)
        page = (await read(edge, f"/report?from={day}&to={day}", others)).body.decode()
        seen = [
            [note["words"] for note in (await edge.get("/day-notes", by=who)).body] for who in (mall, theirs, others)
        ]
        refused = await edge.post(f"/day-notes/{leave['id']}/remove", {}, by=theirs)
        gone = await edge.post(f"/day-notes/{down['id']}/remove", {}, by=theirs)
        left = [note["words"] for note in (await edge.get("/day-notes", by=mall)).body]

    assert seen == [["Joint leave", "Lift stuck"], ["Joint leave", "Lift stuck"], ["Joint leave"]]
    assert "Joint leave" in page
    assert "Lift stuck" not in page
    assert (refused.status, gone.status, left) == (403, 204, ["Joint leave"])


async def test_a_note_is_of_a_day_and_has_words(tmp_path: Path):
    """Anything else is refused, and so is whoever only looks on."""
    async with edge_at(tmp_path) as edge:
        mall = edge.token("manager", name="dewi")
        said = [
            (await edge.post("/day-notes", body, by=mall)).status
            for body in (
                {"day": "2026-02-30", "words": "x"},
                {"day": "2026-11-24", "words": "  "},
                {"day": "today", "words": "x"},
            )
        ]
        auditor = await edge.post("/day-notes", {"day": "2026-11-24", "words": "x"}, by=edge.token("auditor", name="a"))

    assert (said, auditor.status) == ([422, 422, 422], 403)


async def test_what_is_usual_is_nothing_on_a_first_day(tmp_path: Path):
    """And the day so far is nothing before its first half-hour is over."""
    async with edge_at(tmp_path) as edge:
        await served(edge)
        usual = await edge.get("/usual", by=edge.token("manager", name="dewi"))

    assert (usual["days"], usual["waiting"], usual["served"], usual["weekday"]) == (0, None, None, 1)
    assert usual["today"] == []


async def test_the_longest_wait_is_held_against_the_longest_at_this_time(tmp_path: Path):
    """At five past nine somebody had waited for five minutes a week ago, who was served later."""
    async with edge_at(tmp_path) as edge:
        await served(edge)
        edge.wait(7 * 24 * 3600 - 630)
        await edge.ticket()  # the week's days are closed first
        usual = await edge.get("/usual", by=edge.token("manager", name="dewi"))

    assert (usual["days"], usual["at"]) == (1, "09:05")
    assert (usual["waiting"], usual["longest_wait_s"], usual["served"], usual["within_target"]) == (1, 300, 0, None)


async def test_the_day_so_far_is_each_figure_at_the_half_hours_end(tmp_path: Path):
    """Nobody waited any more at half past nine, one had been served, and a counter was open."""
    async with edge_at(tmp_path) as edge:
        await served(edge)
        edge.wait(3600)
        usual = await edge.get("/usual", by=edge.token("manager", name="dewi"))

    assert [(one["at"], one["waiting"], one["counters"], one["served"]) for one in usual["today"]] == [
        ("09:30", 0, 1, 1),
        ("10:00", 0, 1, 1),
    ]


async def test_one_page_says_the_same_on_one_sheet(tmp_path: Path):
    """The finding, the figures and the services, without controls; the way back keeps what was asked."""
    async with edge_at(tmp_path) as edge:
        await served(edge)
        manager, day = edge.token("manager", name="dewi"), edge.engine.state.day
        sheet = (await read(edge, f"/report/brief?from={day}&to={day}&lang=en", manager)).body.decode()

    assert "half waited no longer than 10 min" in sheet
    assert f'href="/report?from={day}&amp;to={day}"' in sheet
    assert 'class="filters"' not in sheet


async def test_the_sheet_of_several_days_names_the_worst_half_hour_of_a_weekday(tmp_path: Path):
    """Below the chart over all days together; a single day has none."""
    async with edge_at(tmp_path) as edge:
        await served(edge)
        manager, day = edge.token("manager", name="dewi"), edge.engine.state.day
        days = [
            (await read(edge, f"/report/brief?from={first}&to={day}&lang=en", manager)).body.decode()
            for first in (day, "2026-11-20")
        ]

    assert [sheet.count('class="worst-day"') for sheet in days] == [0, 1]
    assert "over all days together" in days[1]


async def test_a_clerk_reads_their_own_day_and_nobody_elses(tmp_path: Path):
    """Whom they called, how long it took; of another clerk's work there is nothing, whatever the address says."""
    async with edge_at(tmp_path) as edge:
        ticket = await served(edge)
        own = (await read(edge, "/my-day?lang=en", edge.token("clerk", name="ani"))).body.decode()
        others = await read(edge, "/my-day?lang=en&clerk=ani", edge.token("clerk", name="budi"))
        boss = await read(edge, "/my-day?lang=en&clerk=ani", edge.token("supervisor", name="rina"))

    assert "You served 1; half of them took no longer than 5 min." in own
    assert ticket["number"] in own
    assert first_sentence(others) == first_sentence(boss) == "You called nobody on this day."


async def test_a_mall_that_shows_nobodys_work_shows_no_own_day(tmp_path: Path):
    """`[reports] clerks = "nobody"` is for one's own, too."""
    config = CONFIG + '\n[reports]\nclerks = "nobody"\n'
    async with edge_at(tmp_path, config=config) as edge:
        await served(edge)
        refused = [
            (await read(edge, "/my-day", edge.token(role, name="ani"))).status for role in ("clerk", "supervisor")
        ]

    assert refused == [403, 403]


async def test_what_was_renamed_since_still_reads_as_it_was_called(tmp_path: Path):
    """Names, agencies and targets are those of the days that a report is about; of several days the latest."""
    since = (
        CONFIG.replace('name = "Passport"', 'name = "Travel papers"')
        .replace('name = "Immigration"', 'name = "Borders"')
        .replace('target = "15m"', 'target = "99m"')
    )
    async with edge_at(tmp_path) as edge:
        ticket = await served(edge)
        first = edge.engine.state.day
    async with edge_at(tmp_path, config=since, at=NINE + DAY_MS) as edge:
        await served(edge)
        last, manager = edge.engine.state.day, edge.token("manager", name="dewi")
        read_of = {
            what: (await read(edge, f"{path}{'&' if '?' in path else '?'}lang=en", manager)).body.decode()
            for what, path in {
                "first": f"/report?from={first}&to={first}",
                "brief": f"/report/brief?from={first}&to={first}",
                "behind": f"/report/tickets?from={first}&to={first}",
                "numbered": f"/report/tickets/{first}/{ticket['id']}",
                "last": f"/report?from={last}&to={last}",
                "both": f"/report?from={first}&to={last}",
            }.items()
        }

    async with edge_at(tmp_path, config=since, at=NINE + 2 * DAY_MS) as edge:
        manager = edge.token("manager", name="dina")
        later = await read(edge, f"/report?from={first}&to={last}&lang=en", manager)
        read_of["both, later"] = later.body.decode()

    for what in ("first", "brief", "behind", "numbered"):
        assert "Passport" in read_of[what], what
        assert "Travel papers" not in read_of[what], what
    assert "Immigration" in read_of["first"]
    assert "Borders" not in read_of["first"] + read_of["numbered"]
    for what in ("last", "both", "both, later"):
        assert "Travel papers" in read_of[what], what
        assert "Passport" not in read_of[what], what
    assert "1 h 39 min" not in read_of["first"]
    assert "target: 15 min" in read_of["first"]
    assert "1 h 39 min" in read_of["last"]


async def test_what_is_no_more_still_has_its_name_and_can_be_asked_for(tmp_path: Path):
    """A service that was removed is read, filtered and kept from other agencies as on its last day."""
    async with edge_at(tmp_path) as edge:
        ticket = await served(edge)
        first = edge.engine.state.day
    gone = CONFIG.replace("[services.passport]", "[services.travel]").replace('"passport"', '"travel"')
    async with edge_at(tmp_path, config=gone.replace('"Passport"', '"Travel"'), at=NINE + DAY_MS) as edge:
        own, other = (edge.token("manager", name=name, agency=name) for name in ("immigration", "registry"))
        page = (await read(edge, f"/report?from={first}&to={first}&lang=en", own)).body.decode()
        story = await read(edge, f"/report/tickets/{first}/{ticket['id']}", own)
        theirs = await read(edge, f"/report/tickets/{first}/{ticket['id']}", other)
        choices = (await read(edge, f"/report?from={first}&to={first}&lang=en", other)).body.decode()
        found, hidden = [
            await read(edge, f"/report/tickets?number={ticket['number']}&to={first}", whose) for whose in (own, other)
        ]

    assert '<option value="passport">Passport' in page
    assert 'service=passport">Passport</a>' in page
    assert (story.status, theirs.status) == (200, 404)
    assert (found.status, hidden.status) == (303, 200)
    assert ticket["id"] not in hidden.body.decode()
    assert "assport" not in choices
    assert 'value="immigration"' not in choices
    assert 'value="registry"' in choices


FOLDED = CONFIG + '\n[reports]\nclerks = "own"\nfold = true\n'


async def test_one_persons_work_is_on_no_page_where_the_mall_folds_it(tmp_path: Path):
    """All of it one clerk's: the report says why it tells nothing, and does not say that nobody came."""
    async with edge_at(tmp_path, config=FOLDED) as edge:
        await served(edge)
        day, manager = edge.engine.state.day, edge.token("manager", name="dewi")
        pages = [
            (await read(edge, f"{path}?from={day}&to={day}&lang=en", manager)) for path in ("/report", "/report/brief")
        ]
        sheet = await read(edge, f"/report?from={day}&to={day}&format=csv&part=services", manager)

    for page in pages:
        assert page.status == 200
        assert first_sentence(page) == "These figures would show one person&#39;s work, which this mall does not show."
        assert "10 min" not in page.body.decode()
    assert sheet.status == 404


async def test_ones_own_day_is_there_where_the_mall_folds_that_of_others(tmp_path: Path):
    """To the clerk who lived it, and nobody else: another clerk reads of their own, which is nothing."""
    async with edge_at(tmp_path, config=FOLDED) as edge:
        ticket = await served(edge)
        own = (await read(edge, "/my-day?lang=en", edge.token("clerk", name="ani"))).body.decode()
        others = await read(edge, "/my-day?lang=en&clerk=ani", edge.token("clerk", name="budi"))
        boss = await read(edge, "/my-day?lang=en&clerk=ani", edge.token("supervisor", name="rina"))

    assert "You served 1; half of them took no longer than 5 min." in own
    assert ticket["number"] in own
    for page in (others, boss):
        assert first_sentence(page) == "You called nobody on this day."
        assert ticket["number"] not in page.body.decode()


async def test_a_week_of_one_clerk_each_day_is_a_report_where_the_mall_folds(tmp_path: Path):
    """Every day of it is one person's, all together are not: the page is there, with no day's figures alone."""
    async with edge_at(tmp_path, config=FOLDED) as edge:
        first = edge.engine.state.day
        await served(edge)
        await edge.post("/counters/1/close", by="clerk")
        edge.wait(DAY_MS // 1000)
        await until(lambda: edge.engine.state.day != first)
        ticket = await edge.ticket()
        other = edge.token("clerk", name="budi")
        await edge.post("/counters/1/open", by=other)
        await edge.post("/counters/1/call-next", by=other)
        await edge.post("/counters/1/start", by=other)
        manager = edge.token("manager", name="dewi")
        page = await read(edge, f"/report?from={first}&to={edge.engine.state.day}&lang=en", manager)

    assert ticket["number"]
    assert page.status == 200
    assert first_sentence(page).startswith("Only 2 were called")


async def test_services_of_one_clerk_each_are_told_together_only(tmp_path: Path):
    """Two clerks at two services: the day's figures are there, neither service's row nor either counter's time."""
    async with edge_at(tmp_path, config=FOLDED) as edge:
        await served(edge)
        await edge.ticket("birth")
        other = edge.token("clerk", name="budi")
        await edge.post("/counters/3/open", by=other)
        edge.wait(1_200)
        await edge.post("/counters/3/call-next", by=other)
        day, manager = edge.engine.state.day, edge.token("manager", name="dewi")
        page = await read(edge, f"/report?from={day}&to={day}&lang=en", manager)

    assert first_sentence(page).startswith("Only 2 were called")
    assert b'id="part-services"' not in page.body
    assert b'id="part-counters"' not in page.body


async def test_today_until_now_is_held_against_yesterday_until_then(tmp_path: Path):
    """At ten past ten only what was queued before ten counts of the day before, and the page says so."""
    async with edge_at(tmp_path) as edge:
        await served(edge)
        edge.wait(3 * 3600)
        await edge.ticket()
    async with edge_at(tmp_path, at=NINE + DAY_MS) as edge:
        edge.wait(70 * 60)
        await edge.ticket()
        day, manager = edge.engine.state.day, edge.token("manager", name="dewi")
        page = (await read(edge, f"/report?from={day}&to={day}&lang=en", manager)).body.decode()

    assert "compared with Tuesday, 24 November 2026, until 10:00" in page
