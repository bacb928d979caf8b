"""Who did not come when called, and who left before."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from queue_server.reports.numbers import Group
from queue_server.reports.sections.cells import Behind, count_cell
from queue_server.reports.tables import Cell, Column, Section, Table
from queue_server.reports.words import Words


def lost(found: Sequence[Group], whole: Group, words: Words, behind: Behind) -> Section | None:
    """By service, and of all together; None where nobody was lost."""
    those = [group for group in found if group.no_shows or group.abandoned]
    if not those:
        return None
    those.sort(key=lambda group: -((group.no_shows or 0) + (group.abandoned or 0)))
    rows = tuple(
        (
            Cell(value=words.name("service", group.key[0]), said=words.name("service", group.key[0])),
            replace(
                count_cell(group.no_shows, words),
                link=behind(service=group.key[0], fate="no_show") if group.no_shows else "",
            ),
            Cell(value=group.no_show_share, said=words.share(group.no_show_share), few=group.few and group.issued > 0),
            replace(
                count_cell(group.abandoned, words),
                link=behind(service=group.key[0], fate="abandoned") if group.abandoned else "",
            ),
            Cell(value=group.abandoned_share, said=words.share(group.abandoned_share)),
        )
        for group in those[:12]
    )
    columns = (
        Column(label=words.t("service")),
        Column(label=words.t("col.missed"), kind="count"),
        Column(label=words.t("col.share_missed"), kind="share"),
        Column(label=words.t("col.left"), kind="count"),
        Column(label=words.t("col.share_left"), kind="share"),
    )
    missed = whole.no_shows or 0
    key = "plain.lost" if whole.few else "title.lost"
    title = words.t(key, n=words.count(missed), count=missed, share=words.share(whole.no_show_share))
    return Section(
        id="lost",
        title=title,
        table=Table(columns=columns, rows=rows),
        how=words.t("how.lost"),
        open=True,
        wide=False,
    )
