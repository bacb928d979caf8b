"""Statistics over HTTP: what was done is counted at once, and nobody sees what is another's."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from queue_server.stats.sight import Sight
from tests.web.edge import CONFIG, Edge, edge_at


async def test_today_counts_who_still_waits(edge: Edge):
    """A ticket that goes on has no row in the journal yet, and is in the answer all the same."""
    await edge.called()
    edge.wait(60)
    waiting = await edge.ticket("birth")

    found = await edge.get("/stats?group=agency", by="manager")
    listed = await edge.get("/stats/steps?agency=registry", by="manager")

    assert found.status == 200, found
    by_agency = {row["key"]["agency"]: row["measures"] for row in found["rows"]}
    assert by_agency["immigration"]["wait"]["count"] == 1
    assert (by_agency["registry"]["open"], by_agency["registry"]["wait"]["count"]) == (1, 0)
    assert (found["total"]["steps"], found["total"]["issued"]) == (2, 2)
    assert [step["ticket"] for step in listed["steps"]] == [waiting["id"]]


async def test_an_agencys_people_see_their_agency(edge: Edge):
    """Whatever they ask for: their own is counted, another's is refused, the mall's totals are public."""
    theirs = edge.token("manager", name="joko", agency="registry")
    await edge.called()
    await edge.ticket("birth")

    own = await edge.get("/stats?group=service,clerk", by=theirs)
    others = await edge.get("/stats?agency=immigration", by=theirs)
    steps = await edge.get("/stats/steps?service=passport", by=theirs)

    assert [row["key"]["service"] for row in own["rows"]] == ["birth"]
    assert (own["total"]["steps"], own["mall"]["steps"]) == (1, 2)
    assert others.said == (403, "forbidden", "other_agency")
    assert steps["steps"] == []


async def test_a_question_that_makes_no_sense_is_refused(edge: Edge):
    """With the field that is meant."""
    for query, field in (
        ("from=yesterday", "from"),
        ("from=2026-11-24&to=2026-11-23", "to"),
        ("group=colour", "group"),
        ("group=day,day", "group"),
        ("colour=red", "colour"),
        ("half_hour=9", "half_hour"),
        ("from=2026-11-24&from=2026-11-23", "from"),
    ):
        refused = await edge.get(f"/stats?{query}", by="manager")

        assert (refused.status, refused.code, refused["fields"]["field"]) == (422, "invalid", field), query


async def test_counters_time_is_told_up_to_now(edge: Edge):
    """Also of the span that goes on, and by whose work it was."""
    await edge.called()
    edge.wait(60)
    await edge.post("/counters/1/start", by="clerk")
    edge.wait(90)

    found = await edge.get("/stats/counters?group=agency,service", by="manager")

    rows = {(row["key"]["agency"], row["key"]["service"]): row["time"] for row in found["rows"]}
    assert rows["immigration", "passport"]["walking_s"] == 60
    assert rows["immigration", "passport"]["serving_s"] == 90
    assert found["total"]["open_s"] == 150
    assert found["names"]["service"] == {"passport": {"id": "Passport", "en": "Passport"}}


async def test_a_clerk_sees_their_own_work_only(edge: Edge):
    """Whatever they ask; another's is refused."""
    await edge.called()
    await edge.ticket("birth")

    own = await edge.get("/stats", by="clerk")
    others = await edge.get("/stats?clerk=somebody", by="clerk")

    assert own["total"]["steps"] == 1
    assert others.said == (403, "forbidden", "clerks")


async def test_an_answer_is_a_table_where_one_is_asked_for(edge: Edge):
    """The same numbers, in CSV that a spreadsheet opens; what is not known is empty."""
    await edge.called()
    await edge.ticket("birth")

    answer = await edge.get("/stats?group=service&format=csv", by="manager")
    wrong = await edge.get("/stats?format=xml", by="manager")
    rows = list(csv.DictReader(io.StringIO(answer.body.decode("utf-8-sig"))))

    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert [(row["service"], row["steps"], row["wait_count"], row["wait_p50_s"]) for row in rows] == [
        ("birth", "1", "0", ""),
        ("passport", "1", "1", "0"),
    ]
    assert wrong.status == 422


CLERKS_FOR = '[reports]\nclerks_for = "30d"\n'


async def test_figures_by_clerk_end_after_their_time(tmp_path: Path):
    """Of earlier days none is told by clerk; a question that reaches further back says from when it is answered."""
    async with edge_at(tmp_path, config=CLERKS_FOR + CONFIG) as edge:
        await edge.called()
        asked = {
            "across": "/stats?group=clerk&from=2026-01-01&to=2026-11-24",
            "alone": "/stats?clerk=ani&from=2026-01-01&to=2026-11-24",
            "before": "/stats?group=clerk&from=2026-01-01&to=2026-10-24",
            "time": "/stats/counters?group=clerk&from=2026-01-01&to=2026-10-24",
            "others": "/stats?group=service&from=2026-01-01&to=2026-11-24",
        }

        found = {name: await edge.get(path, by="manager") for name, path in asked.items()}

    assert [found[name]["from"] for name in ("across", "alone", "others")] == ["2026-10-25", "2026-10-25", "2026-01-01"]
    assert found["across"]["total"]["issued"] == 1
    assert found["before"].said == found["time"].said == (403, "forbidden", "clerks_past")
    assert found["before"]["fields"]["since"] == "2026-10-25"


FOLDED = '[reports]\nclerks = "own"\nfold = true\n'


async def test_what_is_folded_is_not_listed_either(tmp_path: Path):
    """Steps of one person's work are refused, page and API alike; a list of several people's tells nobody's apart."""
    async with edge_at(tmp_path, config=FOLDED + CONFIG) as edge:
        await edge.called()
        await edge.post("/counters/1/start", by="clerk")
        await edge.ticket("birth")
        other = edge.token("clerk", name="budi")
        await edge.post("/counters/3/open", by=other)
        await edge.post("/counters/3/call-next", by=other)
        day, manager = edge.engine.state.day, edge.token("manager", name="dewi")
        one = await edge.get("/stats/steps?counter=1&limit=500", by=manager)
        table = await edge.get("/stats/steps?counter=1&format=csv", by=manager)
        both = await edge.get("/stats/steps", by=manager)
        address = f"/report/tickets?from={day}&to={day}&lang=en"
        by = {"Authorization": f"Bearer {manager}", "Accept": "text/html"}
        pages = {query: await edge.page(address + query, **by) for query in ("", "&counter=1")}
        told = {query: page.body.decode() for query, page in pages.items()}

    assert one.said == table.said == (403, "forbidden", "folded")
    assert both["count"] == 2
    hidden = ("counter", "clerk", "started_at", "walk_s", "service_s")
    assert [step[name] for step in both["steps"] for name in hidden] == [None] * 10
    assert pages["&counter=1"].status == 403
    assert "Folded: this would show one person&#39;s day" in told["&counter=1"]
    story = f"/report/tickets/{day}/"
    assert story not in told["&counter=1"]
    assert story in told[""]


def test_who_served_a_step_of_long_ago_is_not_told():
    """Neither in a group nor in the list of steps behind a number."""
    sight = Sight(clerks_since="2026-10-25")

    assert [sight.knows("p1", day) for day in ("2026-10-24", "2026-10-25", "2026-10-25.2")] == [False, True, True]


async def test_a_clerk_reads_that_a_day_is_too_long_ago(tmp_path: Path):
    """On the page of their own work, instead of figures."""
    async with edge_at(tmp_path, config=CLERKS_FOR + CONFIG) as edge:
        bearer = f"Bearer {edge.token('clerk', name='ani')}"

        page = await edge.page("/my-day?day=2026-10-01&lang=en", Accept="text/html", Authorization=bearer)

    assert page.status == 200
    assert "are told from" in page.body.decode()
