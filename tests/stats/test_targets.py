"""Which targets held is what people were promised, whatever the rules say by now."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from queue_server.domain import commands as c
from queue_server.journal.sqlite import open_journal
from queue_server.stats.sight import Sight
from queue_server.stats.statistics import open_statistics
from queue_server.wire.stats import StatsQuestion
from tests.journal.hall import MINUTE, Hall, rules
from tests.stats.test_exact import today_of


def promised(hall: Hall, minutes: int) -> None:
    """From now on so much is promised for a passport to regular people, and half of it to elderly ones."""
    now = rules(hall.at)
    targets = {"regular": minutes * MINUTE, "elderly": minutes * MINUTE // 2}
    services = {**now.services, "pass": replace(now.services["pass"], targets=targets)}
    hall.do(c.SetRules, rules=replace(now, services=services), by="sari", reason="drill")


@pytest.mark.parametrize("kept", [True, False])
def test_a_service_has_the_targets_that_its_people_were_promised(tmp_path: Path, kept: bool):
    """Each once, the first first, over days and within one; of the category and the agency that are asked for, today
    among them, and again from what was kept."""
    path = tmp_path / "journal.db"
    hall = Hall(open_journal(path))
    for minutes in ((20, 15), (15, 15), (10,)):
        hall.open_day()
        for one in minutes:
            promised(hall, one)
            hall.issue("pass")
            hall.issue("pass", category="elderly")
            hall.issue("tax")
            hall.at += MINUTE
        if minutes != (10,):
            hall.close_day()
    found = []
    for _ in range(2):
        statistics = open_statistics(path, tmp_path / "statistics.db" if kept else None)
        conditions: list[dict[str, tuple[str, ...]]] = [
            {"category": ("regular",)},
            {"category": ("elderly",), "service": ("pass",)},
            {"agency": ("b",)},
        ]
        for where in conditions:
            question = StatsQuestion(from_="2026-11-01", to="2026-11-30", where=where)
            found.append(statistics.targets(question, Sight(), today_of(hall)))
        yesterday = StatsQuestion(from_="2026-11-24", to="2026-11-24", where={"category": ("regular",)})
        found.append(statistics.targets(yesterday, Sight(), today_of(hall)))
        statistics.close()
    hall.journal.close()

    once = [
        {"pass": (1200, 900, 600), "tax": (600,)},
        {"pass": (600, 450, 300)},
        {"tax": (600,)},
        {"pass": (900,), "tax": (600,)},
    ]
    assert found == once * 2
