"""Statistics beside a hall at work: what is kept of earlier days may be lost or damaged, and nobody notices."""

from __future__ import annotations

import asyncio

from queue_server.errors import RateLimited
from queue_server.service.reports import MOST_WAITING
from queue_server.stats.sight import Sight
from queue_server.wire.stats import StatsQuestion, StatsView
from tests.web.edge import edge_at


async def test_a_damaged_file_of_columns_is_made_anew(tmp_path):
    """An answer never depends on what was kept: garbage in its place, or half of it gone, gives the same answer."""
    kept = tmp_path / "data" / "statistics.db"
    question = "/stats?from=2026-11-01&to=2026-11-30&group=day,service"
    async with edge_at(tmp_path) as edge:
        await edge.called()
    async with edge_at(tmp_path, at=NEXT_DAY) as edge:
        first = await edge.get(question, by="manager")
        size = kept.stat().st_size
    answers = []
    for damage in (b"no file of columns at all", b""):
        for beside in ("-wal", "-shm"):
            kept.with_name(kept.name + beside).unlink(missing_ok=True)
        kept.write_bytes(damage)
        async with edge_at(tmp_path, at=NEXT_DAY) as edge:
            answers.append(await edge.get(question, by="manager"))

    assert size > 0
    assert [row["key"]["day"] for row in first["rows"]] == ["2026-11-24"]
    assert [answer["rows"] for answer in answers] == [first["rows"]] * 2


async def test_reports_do_not_pile_up(tmp_path):
    """So many at once are answered one after the other; whoever asks beyond that is told to come again."""
    today = StatsQuestion(from_="2026-11-24", to="2026-11-24")
    async with edge_at(tmp_path) as edge:
        reports = edge.parts.reports
        asked = [reports.answer(today, Sight()) for _ in range(MOST_WAITING + 3)]
        answers = await asyncio.gather(*asked, return_exceptions=True)
        after = await reports.answer(today, Sight())

    assert [type(answer) for answer in answers] == [StatsView] * MOST_WAITING + [RateLimited] * 3
    assert after.days == 0


NEXT_DAY = 1_795_568_400_000
"""2026-11-25T01:00Z, a day after the first."""
