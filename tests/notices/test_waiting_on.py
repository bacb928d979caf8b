"""How long a message that nobody takes waits on, on a real outbox."""

from __future__ import annotations

from pathlib import Path

from queue_server.notices.outbox import Attached, Content, Message, Outbox

DAY_MS = 86_400_000
REPORT = Content(title="Yesterday", text="", files=(Attached(name="a.csv", kind="text/csv", content=b"a"),))
ALERT = Content(title="Two wait", text="")


def test_a_report_waits_sixty_days_and_an_alert_three(tmp_path: Path):
    """A report is late rather than never; what a report holds up of the hall is given up in its own time."""
    outbox = Outbox(tmp_path / "outbox.db")
    outbox.make("daily", "2026-11-24", [Message(id="r", recipient="head", way="email", content=REPORT)], 0)
    alert = Message(id="a", recipient="head", way="email", content=ALERT, about="crowd", begins=True)
    outbox.take("journal", 1, [], [alert], 0)

    (report,) = outbox.due(4 * DAY_MS)
    outbox.failed(report, 4 * DAY_MS, "away")
    outbox.give_up_alerts_behind(report, 4 * DAY_MS)

    assert outbox.states() == {"r": "waiting", "a": "given_up"}
    assert not report.old(59 * DAY_MS)
    assert report.old(61 * DAY_MS)
    assert alert.old(4 * DAY_MS)
    outbox.close()
