"""What a ticket's story says of its slip: what was known, and when."""

from __future__ import annotations

import pytest

from queue_server.domain import events as e
from queue_server.domain.records import Promise
from queue_server.reports.story import told
from queue_server.reports.words import Words
from tests.views.hall import MINUTE, NINE, RULES, SECOND

SENT, PRINTED, UNKNOWN = "Slip sent to the printer", "Slip printed", "Not known whether the slip came out"


def of_slip(*states: tuple[str, str]) -> list[str]:
    """What the story of a ticket says after its number was taken; each state with its job."""
    issued = e.TicketIssued(
        at=NINE,
        ticket="anna",
        number="A001",
        prefix="A",
        ordinal=1,
        services=("card",),
        category="regular",
        language="en",
        promise=Promise(target=15 * MINUTE),
    )
    reports = [
        e.SlipReported(at=NINE + at * SECOND, ticket="anna", job=job, state=state)
        for at, (job, state) in enumerate(states, 1)
    ]
    story = told(list(enumerate([issued, *reports])), None, Words("en", RULES), str, None)
    assert story is not None
    return [line.said for line in story.lines[1:]]


@pytest.mark.parametrize(
    ("states", "said"),
    [
        (("queued", "printing", "printed"), [SENT, PRINTED]),
        (("printing", "not_printed"), [SENT, "Slip did not come out"]),
        (("printing", "unknown"), [SENT, UNKNOWN]),
        (("printing", "unknown", "printed"), [SENT, PRINTED]),
    ],
)
def test_a_story_says_what_is_known_of_the_slip(states: tuple[str, ...], said: list[str]):
    """Paper is never a guess, nor a doubt where somebody came to know; that a slip waits is no news."""
    assert of_slip(*(("job", state) for state in states)) == said


@pytest.mark.parametrize(
    ("half", "most", "said"),
    [
        (0, 0, "Told: No wait. A wait of less than a minute counts as none here."),
        (
            12 * MINUTE,
            21 * MINUTE,
            "Told: 10–25 min. Estimated then: half wait up to 12 min, nine in ten up to 21 min.",
        ),
    ],
)
def test_a_story_says_what_was_told_in_the_words_of_the_slip(half: int, most: int, said: str):
    """And the estimate behind it; no wait is no promise of 0 seconds."""
    issued = e.TicketIssued(
        at=NINE,
        ticket="anna",
        number="A001",
        prefix="A",
        ordinal=1,
        services=("card",),
        category="regular",
        language="en",
        promise=Promise(target=15 * MINUTE, p50=half, p90=most),
    )
    story = told([(1, issued)], None, Words("en", RULES), str, None)

    assert story is not None
    assert story.lines[0].detail == said


def test_another_slip_says_nothing_of_the_first():
    """It came out; of the first it stays unknown."""
    assert of_slip(("one", "unknown"), ("two", "printing"), ("two", "printed")) == [UNKNOWN, SENT, PRINTED]
