"""What everybody asks first, each figure with what it was before and what is usual."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from queue_server.reports.numbers import Group
from queue_server.reports.sections.cells import LEVEL, Behind
from queue_server.reports.tables import Tile
from queue_server.reports.words import Words


def tiles(
    whole: Group, earlier: Group, usual: Group, held: Sequence[float], words: Words, behind: Behind
) -> tuple[Tile, ...]:
    """What everybody asks first, each with what it was before and what is usual. `held` are the targets that did, where
    all services shared them."""
    target = held[-1] if held else None

    def compared(then: str, usually: str) -> tuple[str, ...]:
        notes = [words.t("was_before", value=then) if then else "", words.t("usual", value=usually) if usually else ""]
        return tuple(note for note in notes if note)

    half = compared(_said(words.wait, earlier.half), _said(words.wait, usual.half))
    return (
        Tile(
            id="half",
            name=words.t("tile.half"),
            said=words.wait(whole.half),
            notes=((words.t("target", value=words.target(held)),) if target else ()) + half,
            link=behind(),
            out=target is not None and (whole.half or 0) > target,
            few=whole.few and whole.count > 0,
        ),
        Tile(
            id="most",
            name=words.t("tile.most"),
            said=words.wait(whole.most),
            notes=compared(_said(words.wait, earlier.most), _said(words.wait, usual.most)),
            few=whole.few and whole.count > 0,
        ),
        Tile(
            id="within",
            name=words.t("tile.within"),
            said=words.share(whole.within),
            notes=compared(_said(words.share, earlier.within), _said(words.share, usual.within)),
            out=whole.within is not None and whole.within < LEVEL,
            few=whole.few and whole.within is not None,
            link=behind(promise="late") if whole.within is not None and whole.within < 1 else "",
        ),
        Tile(
            id="served",
            name=words.t("tile.served"),
            said=words.count(whole.served),
            notes=(
                words.t("of_issued", n=words.count(whole.issued)),
                *compared(_said(words.count, earlier.served if earlier.issued else None), ""),
            ),
            link=behind(fate="served") if whole.served else "",
        ),
        Tile(
            id="lost",
            name=words.t("tile.lost"),
            said=words.count(whole.no_shows),
            notes=(
                words.t("share_of_called", share=words.share(whole.no_show_share)),
                words.t("left_before", n=words.count(whole.abandoned), count=whole.abandoned),
            ),
            link=behind(fate="no_show") if whole.no_shows else "",
        ),
    )


def _said(say: Callable[[float | None], str], value: float | None) -> str:
    return "" if value is None else say(value)
