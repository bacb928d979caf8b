"""What is known of printers' models, and what follows from it where nobody says otherwise."""

import pytest

from printer.models import COMMON, WrongModel, fitted, model, model_of, names
from queue_server.wire.printing import Paper


def test_a_model_says_dots_blade_and_pages():
    """Those of the printer that stands there, so that nobody has to find them out."""
    known = model("TM-T88V")

    assert (known.dots, known.dpi, known.columns, known.qr) == (512, 180, 42, True)
    assert (known.pages["CP437"], known.pages["CP1252"], known.pages["CP866"]) == (0, 16, 17)


@pytest.mark.parametrize("name", names())
def test_every_model_makes_sense(name: str):
    """No line of more letters than there is room for, and a page for plain letters."""
    known = model(name)

    assert known.columns <= (known.dots or 576) // 12
    assert known.columns >= 30
    assert known.pages


def test_a_wrong_model_names_near_ones():
    """A slip of the finger is seen at once."""
    with pytest.raises(WrongModel, match="TM-T20II"):
        model("TM-T20")


def test_what_cannot_take_pictures_is_no_model():
    """A display, or a printer of another language, prints no slip."""
    assert not {"OCD-300", "TM-U220", "TSP600", "default"} & set(names())


def test_without_a_model_only_what_all_share_is_believed():
    """A page at a number that means another one elsewhere would be printed as nonsense."""
    for dots in (384, 512, 576, 640):
        assert model_of(Paper(dots=dots)).pages == COMMON


@pytest.mark.parametrize(
    ("paper", "becomes"),
    [
        (Paper(), Paper()),
        (Paper(model="TM-T88V"), Paper(model="TM-T88V", dots=512, dpi=180)),
        (Paper(model="TM-T88V", dots=384), Paper(model="TM-T88V", dots=384)),
        (Paper(model="POS-5890"), Paper(model="POS-5890", dots=384, cut="none")),
        (Paper(model="POS-5890", cut="full"), Paper(model="POS-5890", dots=384, cut="none")),
    ],
)
def test_a_model_fills_in_what_nobody_said(paper: Paper, becomes: Paper):
    """Its own dots where the usual ones stand, no cut where it has no blade; what was written otherwise holds."""
    assert fitted(paper) == becomes
