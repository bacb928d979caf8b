"""A day in an address may be anything: at the ends of the calendar, in other forms, in other letters."""

from __future__ import annotations

import asyncio
from urllib.parse import quote

import pytest

from tests.web.edge import Edge

DAYS = ("0001-01-01", "9999-12-31", "2026-W48-2", "20261124", "٢٠٢٦-١١-٢٤", "2026-02-30", "-1", "\x00")
SPANS = {
    "/report": "manager",
    "/report/brief": "manager",
    "/report/tickets": "manager",
    "/report?format=xlsx": "manager",
    "/audit": "auditor",
    "/audit/export.csv": "auditor",
    "/api/v1/stats": "manager",
    "/api/v1/stats/steps": "manager",
    "/api/v1/stats/counters": "manager",
    "/api/v1/day-notes": "manager",
}


@pytest.mark.parametrize("address", SPANS)
async def test_no_day_breaks_what_is_asked_for_days(edge: Edge, address: str):
    """It is refused, or counts as none: nothing fails, and nothing is a fault in the log."""
    bearer = f"Bearer {edge.token(SPANS[address], name='eko')}"
    join = "&" if "?" in address else "?"
    spans = [(day, other) for day in DAYS for other in (*DAYS, "2026-11-24", "")]

    answers = [
        await edge.page(
            f"{address}{join}from={quote(first)}&to={quote(last)}", Accept="text/html", Authorization=bearer
        )
        for first, last in spans
    ]

    assert {answer.status for answer in answers} <= {200, 303, 400, 422}


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
async def test_a_day_that_no_mall_lived_has_no_page(edge: Edge, day: str):
    """Neither a story of its tickets nor a clerk's day."""
    story, own = (f"/report/tickets/{day}/abc", "manager"), (f"/my-day?day={day}", "clerk")

    asked = [
        edge.page(path, Accept="text/html", Authorization=f"Bearer {edge.token(role)}") for path, role in (story, own)
    ]
    answers = await asyncio.gather(*asked)

    assert [answer.status for answer in answers] == [404, 200]
