"""The auditor reads who did what; nobody else does, and nothing of it runs in a spreadsheet."""

from __future__ import annotations

import ast
import csv
import re
from pathlib import Path

import pytest

import queue_server
from queue_server.domain.acts import ActKind
from queue_server.domain.events import RulesSet
from queue_server.languages.tables import table
from queue_server.registry.roles import Role
from queue_server.web.reading.auditing import plain_cell
from tests.waiting import until
from tests.web.edge import CONFIG, Edge, edge_at

HTML = "text/html"


async def page(edge: Edge, query: str = "", by: str = "auditor", **options: str) -> str:
    bearer = edge.token(by, name=f"{by}-1", **options)
    answer = await edge.page(f"/audit?lang=en{query}", Authorization=f"Bearer {bearer}")
    assert answer.status == 200, answer
    return str(answer.body, "utf-8")


async def noted(edge: Edge) -> None:
    """A refused sign-in that has reached the journal."""
    person = edge.parts.registry.people.add("Sari Dewi", Role.SUPERVISOR)
    edge.parts.registry.acts.note(ActKind.SIGN_IN_REFUSED, about=person.id, why="secret", address="10.0.0.7")
    await until(lambda: not edge.parts.registry.acts.waiting())


async def test_the_page_says_who_did_what_where_and_why(edge: Edge):
    """A clerk's call with counter and number, a hold with its reason, a refused sign-in with name and address."""
    await edge.called()
    await edge.post("/hall/hold", {"reason": "mistake"}, by="supervisor")
    await noted(edge)

    read = await page(edge)

    for said in (
        "Called",
        "Clerk ani",
        "Counter 1",
        "A001",
        "Hall held",
        "Mistake",
        "Sign-in refused",
        "Sari Dewi",
        "10.0.0.7",
        "Wrong name or password",
    ):
        assert said in read, said


async def test_it_says_in_which_way_a_ticket_was_cancelled(edge: Edge):
    """In whose name, or by the ticket's link; and beside it who of the staff was told the ticket by its number before,
    though they may not cancel it themselves."""
    found, plain = await edge.ticket(), await edge.ticket()
    sought = await edge.get(f"/tickets?number={found['number']}", by="manager")
    await edge.get(f"/tickets?number={plain['number']}", by="clerk")
    refused = await edge.post(f"/tickets/{sought['id']}/cancel", by="manager")
    by_link = await edge.post(f"/tickets/{sought['id']}/cancel")
    by_staff = await edge.post(f"/tickets/{plain['id']}/cancel", by="clerk")
    edge.parts.registry.write_down()
    await until(lambda: not edge.parts.registry.acts.waiting())

    read = await edge.page("/audit/export.csv", Authorization=f"Bearer {edge.token('auditor', name='eva')}")
    rows = [
        row[2:4] + row[5:] for row in csv.reader(str(read.body, "utf-8-sig").splitlines()) if row[5].startswith("A0")
    ]

    assert (refused.status, by_link.status, by_staff.status) == (403, 200, 200)
    assert sorted(rows, key=lambda row: row[1:]) == [
        ["", "Ticket cancelled", "A001", "By whoever holds its link"],
        ["Clerk ani", "Ticket cancelled", "A002", ""],
        ["Manager manager", "Ticket looked up by its number", "A001", ""],
    ]


async def test_it_says_who_let_others_pass_and_came_back(tmp_path: Path):
    """In whose name, or by the ticket's link, also at a counter where somebody works; what time alone brings about is
    nobody's."""
    config = CONFIG.replace("picking = true", 'picking = true\nstep_away = ["5m"]')
    async with edge_at(tmp_path, config=config) as edge:
        called, plain = (await edge.called())["id"], (await edge.ticket())["id"]
        moves = [("step-away", {"minutes": 5}), ("come-back", None)]
        answers = [
            await edge.post(f"/tickets/{ticket}/{move}", body, by=by)
            for ticket, by in ((called, ""), (plain, "clerk"))
            for move, body in moves
        ]
        answers.append(await edge.post(f"/tickets/{called}/step-away", {"minutes": 5}))
        edge.wait(301)
        await until(lambda: edge.engine.state.tickets[called].step.back_at is None)

        read = await edge.page("/audit/export.csv", Authorization=f"Bearer {edge.token('auditor', name='eva')}")

    rows = [row[2:4] + row[5:] for row in csv.reader(str(read.body, "utf-8-sig").splitlines())]
    link = "By whoever holds its link"
    assert [answer.status for answer in answers] == [200] * 5
    assert [row for row in reversed(rows) if row[1] in ("Let others pass for a while", "Ticket returned")] == [
        ["", "Let others pass for a while", "A001", link],
        ["", "Ticket returned", "A001", link],
        ["Clerk ani", "Let others pass for a while", "A002", ""],
        ["Clerk ani", "Ticket returned", "A002", ""],
        ["", "Let others pass for a while", "A001", link],
    ]


async def test_an_outcome_is_said_in_a_language_that_has_it(edge: Edge):
    """A mall that names its outcomes in its own language alone is read in that, never by the bare code."""
    await edge.called()
    await edge.post("/counters/1/start", by="clerk")
    await edge.post("/counters/1/finish", {"outcome": "documents_missing"}, by="clerk")

    read = await page(edge, "&lang=ka")

    assert "Documents missing" in read
    assert "documents_missing" not in read


async def test_roles_are_said_in_the_pages_language(edge: Edge):
    """A device's or a clerk's role stands before its name in Indonesian where the page is."""
    await edge.called()

    answer = await edge.page("/audit?lang=id", Authorization=f"Bearer {edge.token('auditor', name='a-1')}")

    assert "Petugas loket ani" in answer.body.decode()


async def test_filters_narrow_what_is_shown(edge: Edge):
    """By kind, by word, and by a day on which nothing was."""
    await edge.called()
    await edge.post("/hall/hold", {"reason": "mistake"}, by="supervisor")

    by_kind = await page(edge, "&what=HallHeld")
    by_word = await page(edge, "&word=a001")
    by_day = await page(edge, "&from=2020-01-01&to=2020-01-02")

    assert ("<td>Hall held</td>" in by_kind, "<td>Called</td>" in by_kind) == (True, False)
    assert ("<td>Hall held</td>" in by_word, "<td>Called</td>" in by_word) == (False, True)
    assert "Nothing was found" in by_day


@pytest.mark.parametrize("role", ["clerk", "supervisor", "manager", "kiosk"])
async def test_it_is_for_auditors(edge: Edge, role: str):
    """Whoever is watched does not read it, nor save it."""
    bearer = {"Authorization": f"Bearer {edge.token(role, name='x')}"}

    assert (await edge.page("/audit", **bearer)).status == 403
    assert (await edge.page("/audit/export.csv", **bearer)).status == 403


async def test_an_agencys_auditor_does_not_read_of_others(edge: Edge):
    """Who did what in the mall is for the mall's own auditors."""
    bearer = {"Authorization": f"Bearer {edge.token('auditor', name='x', agency='immigration')}"}

    assert (await edge.page("/audit", **bearer)).status == 403
    assert (await edge.page("/audit/export.csv", **bearer)).status == 403


async def test_saving_it_is_itself_kept(edge: Edge):
    """The CSV has every line, and that somebody took it is a line the next time."""
    await edge.called()
    bearer = {"Authorization": f"Bearer {edge.token('auditor', name='eko')}"}

    answer = await edge.page("/audit/export.csv", **bearer)
    await until(lambda: not edge.parts.registry.acts.waiting())

    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert "Called" in str(answer.body, "utf-8")
    assert "This record was saved as CSV" in await page(edge)


@pytest.mark.parametrize("said", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1"])
def test_no_cell_is_a_formula(said: str):
    """What somebody chose to write is text in every spreadsheet."""
    assert plain_cell(said) == f"'{said}"
    assert plain_cell("A 012") == "A 012"


def lines(read: str) -> list[list[str]]:
    """The table's rows, each cell as text; the newest first."""
    return [re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", row) for row in re.findall(r"<tr>(<td.*?)</tr>", read, re.DOTALL)]


async def test_every_staff_action_says_from_where(edge: Edge):
    """Calls, moves and holds, also after the server wrote it down; the address is in the registry and in no event."""
    await edge.called()
    edge.wait(600)
    await edge.post("/counters/1/start", by="clerk")
    edge.parts.registry.write_down()
    edge.wait(600)
    await edge.post("/hall/hold", {"reason": "mistake"}, by="supervisor")

    found = {line[2]: line[4] for line in lines(await page(edge))}

    for did in ("Counter opened", "Called", "Service started", "Hall held"):
        assert "127.0.0.1" in found[did], (did, found)
    journal = edge.engine.journal
    events = [row.event for day in journal.days() for row in journal.read_day(day)]
    moves = [str(event) for event in events if not isinstance(event, RulesSet)]  # that one says where the server is
    assert len(moves) > 4
    assert [event for event in moves if "127.0.0.1" in event] == []


async def test_a_move_is_from_where_its_doer_was_then(edge: Edge):
    """Of somebody in two places the stay nearest in time; nothing is claimed of a time when nobody knew of one."""
    acts, now = edge.parts.registry.acts, edge.engine.now()
    await edge.called()
    (clerk,) = {record.clerk for record in edge.engine.state.counters.values() if record.clerk}
    acts.forget_places(clerk)
    acts.was_at(clerk, "10.0.0.7", now - 30_000)
    acts.was_at(clerk, "10.0.0.8", now - 10_000)
    near = {line[2]: line[4] for line in lines(await page(edge))}
    acts.forget_places(clerk)
    acts.was_at(clerk, "10.0.0.9", now + 61_000)

    far = {line[2]: line[4] for line in lines(await page(edge))}

    assert near["Called"] == "Counter 1 · 10.0.0.8"
    assert far["Called"] == "Counter 1"


def test_every_reason_of_a_refusal_has_its_words():
    """What docs/errors.md says of who is not let in, and what sign-ins are refused for; no code is left raw."""
    text = (Path(__file__).parents[2] / "docs/errors.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(?:unauthorized|forbidden|rate_limited)` \| (.*) \|$", text, re.MULTILINE)[-3:]
    codes = {code for row in rows for code in re.findall(r"`(\w+)`", row)} | {"secret", "unlock", "badge", "many"}

    for language in ("en", "id"):
        assert [code for code in sorted(codes) if f"why.{code}" not in table("audit", language).texts] == []


@pytest.mark.parametrize("language", ["en", "id", "az", "ka", "ar"])
def test_what_an_act_is_about_has_words(language: str):
    """Whatever upkeep says by one word is named on the page."""
    house = Path(queue_server.__file__).parent
    noted = [
        node
        for path in house.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and "ActKind" in ast.unparse(node)
    ]
    words = {
        named.value.value
        for node in noted
        for named in node.keywords
        if named.arg == "about" and isinstance(named.value, ast.Constant) and isinstance(named.value.value, str)
    }

    assert {"notes", "daily_tickets"} <= words
    assert [word for word in sorted(words) if f"about.{word}" not in table("audit", language).texts] == []


async def test_notes_on_days_are_on_record_without_their_words(tmp_path: Path):
    """Who wrote one and who took it away: a note explains figures, so nobody changes what explains them unseen."""
    async with edge_at(tmp_path) as edge:
        made = await edge.post("/day-notes", {"day": "2026-11-24", "words": "Network down"}, by="manager")
        gone = [await edge.post(f"/day-notes/{made['id']}/remove", by="admin") for _ in range(2)]
        edge.parts.registry.write_down()
        await until(lambda: not edge.parts.registry.acts.waiting())
        read = await edge.page("/audit/export.csv", Authorization=f"Bearer {edge.token('auditor', name='eva')}")

    said = str(read.body, "utf-8-sig")
    rows = [row[3] for row in csv.reader(said.splitlines()) if "ote on a day" in row[3]]
    assert ([answer.status for answer in gone], rows) == (
        [204, 404],
        ["Note on a day removed", "Note on a day written"],
    )
    assert "Network down" not in said
