"""What a replayed day came to: a table for people, one JSON object for programs."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from queue_server.cli.drive.arrivals import Skipped
from queue_server.cli.drive.ledger import Ledger, Tally, tally
from queue_server.domain.measures import percentile

NAMED = 50
"""Skipped rows that are named with their reason; of the others only the line is said."""


class Report(Struct, frozen=True, kw_only=True):
    """`agencies` are the tallies by name. `seconds` is how long the replay took, `day_s` how long the day was."""

    all: Tally
    agencies: dict[str, Tally]
    duplicates: tuple[str, ...]
    skipped: tuple[Skipped, ...]
    seconds: float
    day_s: float

    @property
    def failed(self) -> bool:
        return bool(self.all.lost or self.duplicates)


def report_of(
    ledger: Ledger, agencies: dict[str, str], skipped: tuple[Skipped, ...], *, seconds: float, day_s: float
) -> Report:
    """`agencies` are names by id."""
    courses = ledger.courses.values()
    return Report(
        all=tally(courses),
        agencies={name: tally(course for course in courses if course.agency == id_) for id_, name in agencies.items()},
        duplicates=tuple(ledger.duplicates),
        skipped=skipped,
        seconds=seconds,
        day_s=day_s,
    )


def figures(report: Report) -> dict[str, object]:
    """The object of `--json`. Waits are whole seconds, or null where nobody was called."""
    of = report.all
    return {
        "issued": of.issued,
        "called": of.called,
        "served": of.served,
        "no_show": of.no_show,
        "cancelled": of.cancelled,
        "lost": of.lost,
        "duplicates": len(report.duplicates),
        "skipped": len(report.skipped),
        "wait_p50_s": percentile(of.waits, 50),
        "wait_p90_s": percentile(of.waits, 90),
        "wait_p95_s": percentile(of.waits, 95),
        "recorded_wait_p50_s": percentile(of.recorded, 50),
        "recorded_wait_p90_s": percentile(of.recorded, 90),
        "estimates": {
            "within_p50": _rounded(of.within_p50),
            "within_p90": _rounded(of.within_p90),
            "off_p50_s": of.off_s,
        },
        "agencies": {
            name: {
                "issued": one.issued,
                "called": one.called,
                "served": one.served,
                "wait_p50_s": percentile(one.waits, 50),
                "wait_p90_s": percentile(one.waits, 90),
                "wait_p95_s": percentile(one.waits, 95),
            }
            for name, one in report.agencies.items()
        },
        "seconds": round(report.seconds, 2),
    }


def text(report: Report) -> Iterator[str]:
    """The lines for people."""
    width = max(map(len, (*report.agencies, "in all")))
    yield f"{'':{width}}  issued  called  served      p50      p90      p95"
    for name, of in (*report.agencies.items(), ("in all", report.all)):
        waits = "  ".join(f"{_clock(percentile(of.waits, percent)):>7}" for percent in (50, 90, 95))
        yield f"{name:{width}}  {of.issued:6}  {of.called:6}  {of.served:6}  {waits}"
    yield "Waits from ticket to first call, in minutes and seconds."
    yield ""
    yield f"duplicates {len(report.duplicates)}, lost {report.all.lost}, skipped rows {len(report.skipped)}"
    if report.duplicates:
        yield f"numbers given or called twice: {', '.join(report.duplicates)}"
    yield from _comparison(report.all)
    pace = f", {report.day_s / report.seconds:,.0f} times as fast as the day" if report.seconds else ""
    yield f"took {report.seconds:.1f} s{pace}"


def _comparison(of: Tally) -> Iterator[str]:
    if of.recorded:
        p50, p90 = (_clock(percentile(of.recorded, percent)) for percent in (50, 90))
        yield f"recorded waits: p50 {p50}, p90 {p90} (of {len(of.recorded)} tickets)"
    if of.within_p50 is not None and of.within_p90 is not None:
        yield (
            f"estimated waits: {of.within_p50:.0%} waited no longer than the p50 that they were told,"
            f" {of.within_p90:.0%} no longer than the p90; half were off by {_clock(of.off_s)} at most"
        )


def skipped_lines(skipped: tuple[Skipped, ...], what: str = "skipped") -> Iterator[str]:
    """Every row that was left out, by its line: the first with their reasons, then only where the others are.

    `what` was done with them, if anything else.
    """
    for skip in skipped[:NAMED]:
        yield f"line {skip.line} {what}: {skip.why}"
    if rest := [skip.line for skip in skipped[NAMED:]]:
        yield f"and {len(rest)} more: lines {', '.join(_ranges(rest))}"


def _ranges(lines: list[int]) -> Iterator[str]:
    """`60-64`, `70`: sorted numbers as few words."""
    first = last = lines[0]
    for line in (*lines[1:], None):
        if line is not None and line == last + 1:
            last = line
            continue
        yield str(first) if first == last else f"{first}-{last}"
        if line is not None:
            first = last = line


def _clock(seconds: int | None) -> str:
    return "–" if seconds is None else f"{seconds // 60}:{seconds % 60:02d}"


def _rounded(share: float | None) -> float | None:
    return None if share is None else round(share, 3)
