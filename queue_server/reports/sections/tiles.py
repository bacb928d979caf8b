"""What everybody asks first, each figure with what it was before and what is usual."""

from __future__ import annotations

from collections.abc import Sequence

from queue_server.reports.numbers import Group
from queue_server.reports.sections.cells import LEVEL, Behind
from queue_server.reports.tables import Tile
from queue_server.reports.words import Words

FEW = "*"
"""Behind what is of fewer than twenty cases."""


def tiles(
    whole: Group, earlier: Group, usual: Group, held: Sequence[float], words: Words, behind: Behind, *, cut: bool
) -> tuple[Tile, ...]:
    """What everybody asks first, each with what it was before and what is usual, and of how many days that is. `held`
    are the targets that did, where all services shared them; `cut`: what is usual is of longer days than these."""
    target = held[-1] if held else None

    def compared(then: str, usually: str) -> tuple[str, ...]:
        notes = [_of_days("was_before", then, earlier, words), _of_days("usual", usually, usual, words)]
        return tuple(note for note in notes if note)

    half = compared(_wait(words, earlier, earlier.half), _wait(words, usual, usual.half))
    return (
        Tile(
            id="half",
            name=words.t("tile.half"),
            said=words.wait(whole.half),
            notes=((words.t("target", value=words.target(held)),) if target else ()) + half,
            link=behind(),
            out=target is not None and (whole.half or 0) > target,
            few=whole.few and whole.count > 0,
            kind="seconds",
            values=(whole.half, earlier.half, usual.half),
        ),
        Tile(
            id="most",
            name=words.t("tile.most"),
            said=words.wait(whole.most),
            notes=compared(_wait(words, earlier, earlier.most), _wait(words, usual, usual.most)),
            few=whole.few and whole.count > 0,
            kind="seconds",
            values=(whole.most, earlier.most, usual.most),
        ),
        Tile(
            id="within",
            name=words.t("tile.within"),
            said=words.share(whole.within),
            notes=compared(_share(words, earlier), _share(words, usual)),
            out=whole.within is not None and whole.within < LEVEL,
            few=whole.few and whole.within is not None,
            link=behind(promise="late") if whole.within is not None and whole.within < 1 else "",
            kind="share",
            values=(whole.within, earlier.within, usual.within),
        ),
        Tile(
            id="served",
            name=words.t("tile.served"),
            said=words.count(whole.served),
            notes=(
                words.t("of_issued", n=words.count(whole.issued)),
                *((words.t("passed_on", n=words.count(whole.transfers)),) if whole.transfers else ()),
                *((_a_day(words, whole),) if whole.days > 1 and whole.served is not None else ()),
                *compared(_a_day(words, earlier), "" if cut else _a_day(words, usual)),
            ),
            values=(whole.served, earlier.served if earlier.days else None, None),
            link=behind(fate="served") if whole.served else "",
        ),
        Tile(
            id="lost",
            name=words.t("tile.lost"),
            said=words.count(whole.no_shows),
            notes=(
                words.t("share_of_queued", share=words.share(whole.no_show_share)),
                words.t("left_before", n=words.count(whole.abandoned), count=whole.abandoned),
            ),
            values=(whole.no_shows, earlier.no_shows if earlier.days else None, None),
            link=behind(fate="no_show") if whole.no_shows else "",
        ),
    )


def _of_days(key: str, said: str, group: Group, words: Words) -> str:
    return words.t(key, value=said, n=words.count(group.days), count=group.days) if said else ""


def _wait(words: Words, group: Group, value: float | None) -> str:
    return "" if value is None else words.wait(value) + FEW * group.few


def _share(words: Words, group: Group) -> str:
    return "" if group.within is None else words.share(group.within) + FEW * group.few


def _a_day(words: Words, group: Group) -> str:
    """So many on the average of its days, since two spans may have more days or fewer."""
    if not group.days or group.served is None:
        return ""
    return words.t("a_day", n=words.count(group.served / group.days))
