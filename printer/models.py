"""What is known of a printer's model: how wide it prints, how it cuts, which letters and codes it can write itself.

Taken from python-escpos. None of its models is newer than 2016, so it is asked for what it says about dots and code
pages, not for the name: a newer model of the same maker is named by the older one.
"""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from functools import lru_cache
from typing import Any, NamedTuple

from msgspec.structs import replace

from printer import library
from queue_server.errors import Invalid
from queue_server.wire.printing import Paper

#: Which model stands for a printer whose own is not named, by its dots. Only what all share is believed of it.
USUAL = "TM-T20II"
_BY_DOTS = {384: "POS-5890", 512: "TM-T88V", 576: USUAL}
_WIDEST = "CT-S651"

#: Code pages that have the same number in nearly every printer, and are all that one of no known model is trusted with.
COMMON: Mapping[str, int] = {
    "CP437": 0,
    "CP850": 2,
    "CP860": 3,
    "CP863": 4,
    "CP865": 5,
    "CP1252": 16,
    "CP866": 17,
    "CP852": 18,
    "CP858": 19,
}

#: Dots across one letter of the usual font, which every printer has.
CELL = 12
#: Pages whose bytes are not one letter each, or are shaped by the printer in ways of its own.
_NOT_ONE_EACH = frozenset({"CP932", "CP874", "CP1258", "CP864", "CP720", "CP862", "CP1255", "CP1256", "CP1098"})


class WrongModel(Invalid):
    """There is no such model; the message names near ones."""


class Model(NamedTuple):
    """One model of printers."""

    #: As python-escpos calls it.
    name: str
    #: None where it is not known.
    dots: int | None
    dpi: int | None
    #: Letters of the usual font in a line.
    columns: int
    full_cut: bool
    partial_cut: bool
    #: It draws QR codes itself.
    qr: bool
    #: Its code pages and their numbers, lowest first.
    pages: Mapping[str, int]


def model_of(paper: Paper) -> Model:
    """The model that was named, or the narrowest that is as wide as the paper, believed only in what all share."""
    if paper.model:
        return model(paper.model)
    fitting = [dots for dots in _BY_DOTS if dots >= paper.dots]
    like = model(_BY_DOTS[min(fitting)] if fitting else _WIDEST)
    return like._replace(pages=COMMON, columns=paper.dots // CELL)


@lru_cache(maxsize=64)
def model(name: str) -> Model:
    """Raises WrongModel."""
    if name not in names():
        near = get_close_matches(name, names(), n=3, cutoff=0.4) or list(names())
        raise WrongModel(f"no model of printers is called {name!r}; near it: {', '.join(near)}")
    said = library.known()["profiles"][name]
    features, media = said["features"], said["media"]
    dots = _number(media.get("width", {}).get("pixels"))
    columns = int(said["fonts"]["0"]["columns"])
    return Model(
        name=name,
        dots=dots // 8 * 8 if dots else None,
        dpi=_number(media.get("dpi")),
        # some say nonsense about columns, none has a font narrower than twelve dots
        columns=min(columns, dots // CELL) if dots and columns > dots // (2 * CELL) else (dots or 576) // CELL,
        full_cut=bool(features.get("paperFullCut")),
        partial_cut=bool(features.get("paperPartCut")),
        qr=bool(features.get("qrCode")),
        pages=_pages(said["codePages"]),
    )


@lru_cache(maxsize=1)
def names() -> tuple[str, ...]:
    """All that take pictures by `GS v 0`, as slips need; not those of another language than ESC/POS."""
    return tuple(
        sorted(
            name
            for name, said in library.known()["profiles"].items()
            if name not in {"default", "simple"}
            and said["features"].get("bitImageRaster")
            and not said["features"].get("starCommands")
        )
    )


def fitted(paper: Paper) -> Paper:
    """The paper as its model has it, where nobody said otherwise: dots and resolution that are not the usual ones
    were meant, and a blade that the model has not cuts nothing. Raises WrongModel."""
    if not paper.model:
        return paper
    known = model(paper.model)
    if (paper.dots, paper.dpi) == (Paper().dots, Paper().dpi):
        paper = replace(paper, dots=known.dots or paper.dots, dpi=known.dpi or paper.dpi)
    if not known.full_cut and not known.partial_cut:
        return replace(paper, cut="none")
    if paper.cut == "partial" and not known.partial_cut:
        return replace(paper, cut="full")
    if paper.cut == "full" and not known.full_cut:
        return replace(paper, cut="partial")
    return paper


def _pages(said: Mapping[str, str]) -> dict[str, int]:
    """Each page at its lowest number; those that python-escpos cannot write are left out."""
    encodings: Mapping[str, Mapping[str, Any]] = library.known()["encodings"]
    found: dict[str, int] = {}
    for number, name in sorted((int(number), name) for number, name in said.items()):
        written = encodings.get(name, {})
        if name not in found and name not in _NOT_ONE_EACH and ("python_encode" in written or "data" in written):
            found[name] = number
    return found


def _number(said: object) -> int | None:
    return said if isinstance(said, int) and said >= 100 else None
