"""Whose work a ticket's story, and an earlier day's ticket, tell by name."""

from __future__ import annotations

from pathlib import Path

import pytest

from queue_server.registry.roles import Role
from tests.web.edge import CONFIG, NINE, edge_at

DAY_MS = 86_400_000
NAME, SECRET = "Ani Wulandari", "kuda hijau 17 lari"


async def told(folder: Path, setting: str, *, days: int) -> tuple[bool, bool]:
    """Whether the story names the clerk to a manager, and whether the ticket over the API does, so many days later."""
    config = f"{CONFIG}\n[reports]\n{setting}\n"
    async with edge_at(folder, config=config) as edge:
        ani = edge.parts.registry.people.add(NAME, Role.CLERK, secret=SECRET)
        signed = await edge.post("/sign-in", {"name": NAME, "password": SECRET}, X_Antrean="1")
        cookie = signed.headers["Set-Cookie"].split(";")[0]
        ticket, day = await edge.ticket(), edge.engine.state.day
        for step, body in (("open", None), ("call-next", None), ("start", None), ("finish", {"outcome": "done"})):
            answer = await edge.post(f"/counters/1/{step}", body, Cookie=cookie, X_Antrean="1")
            assert answer.status == 200, answer
    async with edge_at(folder, config=config, at=NINE + days * DAY_MS) as edge:
        manager = edge.token("manager", name="dewi")
        by = {"Authorization": f"Bearer {manager}", "Accept": "text/html"}
        story = await edge.page(f"/report/tickets/{day}/{ticket['id']}?lang=en", **by)
        found = await edge.get(f"/tickets/{ticket['id']}", by=manager)
        assert (story.status, found.status) == (200, 200)
        clerk = found["steps"][0]["clerk"]
        assert clerk in (None, ani.id)
        return NAME.encode() in story.body, clerk is not None


@pytest.mark.parametrize("setting", ['clerks = "nobody"', 'clerks = "own"', 'clerks_for = "1d"'])
async def test_whose_figures_are_not_shown_is_not_named(tmp_path: Path, setting: str):
    """`[reports]` holds for the story of an earlier day's ticket and for the ticket itself as for every figure."""
    assert await told(tmp_path, setting, days=2) == (False, False)


async def test_whoever_may_see_figures_reads_who_called(tmp_path: Path):
    """A story ends a quarrel at the desk: where the mall shows clerks' figures, it says who called."""
    assert await told(tmp_path, 'clerks = "supervisors"', days=2) == (True, True)
