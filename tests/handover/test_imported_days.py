"""Days that were imported stand in statistics and reports as others do, and say what is not known of them."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner

from queue_server.cli import antrean
from queue_server.database import open_to_read
from tests.browser import Screens, axe, layout_faults
from tests.cli.test_history_import import LOG, OFFICES
from tests.waiting import until
from tests.web.edge import CONFIG, Edge, edge_at

DAY = "from=2020-01-13&to=2020-01-13"


@pytest.fixture
async def edge(tmp_path: Path) -> AsyncIterator[Edge]:
    """The sample mall, whose journal began with a peer's log."""
    (tmp_path / "config.toml").write_text(CONFIG, encoding="utf-8")
    rows = "".join(
        f"Office_1,658,X: Własność,{n},2020-01-13T09:{n % 60:02}:00,2020-01-13T10:00:00,\n" for n in range(40)
    )
    (tmp_path / "log.csv").write_text(LOG + rows, encoding="utf-8")
    files = [str(tmp_path / "log.csv"), "--mapping", str(OFFICES), "--data", str(tmp_path / "data")]
    done = CliRunner().invoke(antrean, ["import", *files, "--config", str(tmp_path / "config.toml")])
    assert done.exit_code == 0, done.output
    async with edge_at(tmp_path) as running:
        yield running


async def test_what_is_not_known_is_null_in_every_statistic(edge: Edge):
    """Waits are counted; ends, services, targets and shares that nobody wrote down are null, and none is 0."""
    manager = edge.token("manager", name="dewi")

    answer = await edge.get(f"/stats?{DAY}&group=agency", by=manager)
    time = await edge.get(f"/stats/counters?{DAY}", by=manager)

    total = answer["total"]
    assert (total["steps"], total["unknown"], total["wait"]["count"]) == (43, 43, 42)
    assert {total[name] for name in ("served", "transferred", "no_shows", "abandoned", "returned")} == {None}
    assert {total[name] for name in ("within_target", "no_show_share", "abandoned_share")} == {None}
    assert total["service"] == {**dict.fromkeys(total["service"]), "count": 0, "few": False}
    assert [row["key"]["agency"] for row in answer["rows"]] == ["Office_1", "Office_2"]
    assert answer["names"]["agency"]["Office_1"]["id"] == "Office_1"
    assert (time["days"], time["rows"], time["total"]) == (0, [], None)


async def test_a_report_of_an_imported_day_says_what_is_known(edge: Edge):
    """The names that held then, waits by that day's own clock, and a dash where nothing is known."""
    manager = edge.token("manager", name="dewi")

    page = await edge.page(f"/report?{DAY}&lang=en", Authorization=f"Bearer {manager}")

    text = page.body.decode()
    assert page.status == 200
    assert "no target was set" in text
    assert "X: Własność" in text
    assert "08:00" in text
    assert "finding-plain" in text
    assert "nothing earlier to compare with" in text


async def test_when_a_report_was_made_is_of_the_malls_own_clock(edge: Edge):
    """Of days that were lived in another zone, too: it is nine in the hall."""
    manager = edge.token("manager", name="dewi")

    page = await edge.page(f"/report?{DAY}&lang=en", Authorization=f"Bearer {manager}")

    assert re.search(r"made on [^<]*24 November 2026, 09:00", page.body.decode())


async def test_months_are_looked_at_behind_whoever_asks(edge: Edge, tmp_path: Path):
    """A question about a whole month is answered at once; then it is seen whether its sums are worth keeping."""
    manager = edge.token("manager", name="dewi")
    await edge.get("/stats?from=2020-01-01&to=2020-01-31&group=agency", by=manager)

    def looked_at() -> set[tuple[str, str, int]]:
        with closing(open_to_read(tmp_path / "data" / "statistics.db")) as db:
            return set(db.execute("SELECT base, span, worth FROM summed").fetchall())

    await until(lambda: looked_at() == {("agency", "2020-01", 0), ("", "2020-01", 0)})


async def test_a_report_says_which_of_its_days_were_imported(edge: Edge):
    """All of them, or which; and of days that the mall lived nothing."""
    manager = edge.token("manager", name="dewi")
    await edge.ticket()

    async def said(query: str, page: str = "/report") -> str:
        answer = await edge.page(f"{page}?{query}&lang=en", Authorization=f"Bearer {manager}")
        return str(answer.body.decode())

    whole, brief = await said(DAY), await said(DAY, "/report/brief")
    both = await said("from=2020-01-01&to=2026-11-24")
    lived = await said("from=2026-11-24&to=2026-11-24")

    assert "Imported from another system. What its log does not say is left empty here." in whole
    assert "Imported from another system." in brief
    assert "Imported from another system: Monday, 13 January 2020." in both
    assert 'class="imported"' not in lived


async def test_the_story_of_an_imported_ticket_says_that_it_is_one(edge: Edge):
    """Staff read what was written down of it; nobody else finds it, since nobody holds it."""
    manager = edge.token("manager", name="dewi")
    found = await edge.get(f"/stats/steps?{DAY}&limit=1", by=manager)
    ticket = found["steps"][0]["ticket"]

    story = await edge.page(f"/report/tickets/2020-01-13/{ticket}?lang=en", Authorization=f"Bearer {manager}")
    public = await edge.get(f"/tickets/{ticket}")

    text = story.body.decode()
    assert story.status == 200
    assert "Imported: whoever wrote it down says no more of it than this." in text
    assert "nobody wrote down how it ended" in text
    assert "09:00" in text
    assert public.status == 404


@pytest.mark.browser
@pytest.mark.parametrize(("lang", "scheme", "viewport"), [("en", "light", "desk"), ("id", "dark", "phone")])
async def test_pages_of_an_imported_day_are_accessible(
    edge: Edge, screens: Screens, lang: str, scheme: str, viewport: str
):
    """Report, list of tickets and story, with all their dashes: axe finds nothing, nothing is cut off."""
    manager = edge.token("manager", name="dewi")
    found = await edge.get(f"/stats/steps?{DAY}&limit=1", by=manager)
    ticket = found["steps"][0]["ticket"]
    page = await screens.open(
        f"{edge.mall.url}/report?{DAY}&lang={lang}",
        viewport=viewport,
        color_scheme=scheme,
        extra_http_headers={"Authorization": f"Bearer {manager}"},
    )

    for path in ("/report", "/report/brief", "/report/tickets", f"/report/tickets/2020-01-13/{ticket}"):
        await page.goto(f"{edge.mall.url}{path}?{DAY}&lang={lang}")
        assert await axe(page) == [], path
        assert await layout_faults(page) == [], path
