"""Whether what people were told to expect came true."""

from __future__ import annotations

from collections.abc import Sequence

from queue_server.reports.numbers import FEWEST, Group
from queue_server.reports.sections.cells import Behind, count_cell
from queue_server.reports.tables import Cell, Column, Section, Table
from queue_server.reports.words import Words


def promises(found: Sequence[Group], words: Words, behind: Behind) -> Section | None:
    """What kiosks and phones told people to expect, against what came."""
    those = [group for group in found if group.promised]
    told = sum(group.promised for group in those)
    if not told:
        return None
    half = sum((group.kept_half or 0) * group.promised for group in those) / told
    most = sum((group.kept_most or 0) * group.promised for group in those) / told
    those.sort(key=lambda group: (group.promised < FEWEST, group.kept_most or 0, -group.promised))
    shown = [(words.name("service", group.key[0]), {"service": group.key[0]}, group) for group in those[:12]]
    whole = Group(promised=told, kept_half=half, kept_most=most)
    rows = tuple(
        (
            Cell(value=name, said=name),
            count_cell(group.promised, words),
            Cell(
                value=group.kept_half,
                said=words.share(group.kept_half),
                few=group.promised < FEWEST,
                link=behind(**of, promise="over_p50"),
            ),
            Cell(
                value=group.kept_most,
                said=words.share(group.kept_most),
                few=group.promised < FEWEST,
                out=group.promised >= FEWEST and (group.kept_most or 0) < 0.8,
                link=behind(**of, promise="over_p90"),
            ),
        )
        for name, of, group in (*shown, (words.t("all_together"), {}, whole))
    )
    columns = (
        Column(label=words.t("service")),
        Column(label=words.t("col.told"), kind="count"),
        Column(label=words.t("col.kept_half"), kind="share"),
        Column(label=words.t("col.kept_most"), kind="share"),
    )
    key = "title.promises_true" if most >= 0.85 else "title.promises_short"
    if told < FEWEST:
        key = "plain.promises"
    return Section(
        id="promises",
        title=words.t(key, half=words.share(half), most=words.share(most)),
        table=Table(columns=columns, rows=rows),
        how=words.t("how.promises"),
        open=True,
        wide=False,
    )
