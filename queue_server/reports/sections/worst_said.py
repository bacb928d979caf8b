"""The title that names the worst half-hour: one wording for the chart of the day and the heat map."""

from __future__ import annotations

from collections.abc import Iterable

from queue_server.reports.numbers import FEWEST, Group
from queue_server.reports.words import Words
from queue_server.reports.worst import worst


def worst_said(which: str, groups: Iterable[Group], words: Words) -> str:
    """The title of `day` or `week`. `when` comes last in a key: the half-hour of a day, or of a weekday."""
    found = worst(groups)
    if found is None:
        return words.t(f"plain.{which}")

    def when(group: Group) -> dict[str, object]:
        at = int(group.key[-1] or 0)
        day = words.weekday(int(group.key[0] or 0)) if which == "week" else ""
        return {"day": day, "first": words.half_hour(at), "last": words.half_hour(at + 1)}

    top, steady, half = found.top, found.steady, words.wait(found.top.half)
    if not top.few:
        return words.t(f"title.{which}", **when(top), half=half)
    said = words.t(f"title.{which}_few", **when(top), half=half, n=words.count(top.count))
    if steady is None:
        return said
    return words.t(f"title.{which}_both", **when(steady), said=said, many=FEWEST, half=words.wait(steady.half))
