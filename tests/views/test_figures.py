"""The floor's figures, counted as events come, are those that a look at every ticket gives."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from queue_server.domain.events import AnyEvent
from queue_server.journal.sqlite import open_journal
from queue_server.views.figures import MOST_READERS, DayFigures, figures
from tests.journal.anything import something, something_late
from tests.journal.hall import SERVICES, Hall

READERS = [frozenset(SERVICES), frozenset({"pass"}), frozenset({"tax", "land", "roll"})]


class Watched(Hall):
    """Tells the figures what each event touched, as the engine does."""

    day = DayFigures()

    def happened(self, event: AnyEvent) -> None:
        super().happened(event)
        self.day.note(self.state.changes)


@pytest.mark.parametrize("seed", range(6))
def test_what_is_kept_is_what_every_ticket_says(tmp_path: Path, seed: int):
    """After anything that happens, undone and carried tickets and other rules too, for the mall and each agency."""
    hall, chance = Watched(open_journal(tmp_path / "journal.db")), Random(seed)
    hall.day = DayFigures()
    earlier: list[str] = []
    for _ in range(2):
        hall.open_day()
        for _ in range(250):
            something(hall, chance)
            something_late(hall, chance, earlier)
            hall.at += chance.choice([0, 0, 0, 0, 90_000, 600_000])
            for services in chance.sample(READERS, 2):
                kept = figures(hall.state, hall.at, services, hall.day)
                assert kept == figures(hall.state, hall.at, services), services
        earlier += hall.state.tickets
        hall.close_day()
    hall.journal.close()


def test_readers_without_end_keep_no_more_than_some(tmp_path: Path):
    """Whoever asks for ever other services is answered rightly, and the others too."""
    hall = Watched(open_journal(tmp_path / "journal.db"))
    hall.day = DayFigures()
    hall.open_day()
    hall.issue("pass")
    for n in range(MOST_READERS + 2):
        figures(hall.state, hall.at, frozenset({"pass", f"other{n}"}), hall.day)
    hall.issue("pass")

    assert figures(hall.state, hall.at, frozenset({"pass", "other0"}), hall.day).issued == 2
    assert figures(hall.state, hall.at, frozenset({"pass", f"other{MOST_READERS + 1}"}), hall.day).issued == 2
    hall.journal.close()
