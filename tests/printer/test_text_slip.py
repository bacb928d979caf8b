"""A slip in the printer's own fonts: what is typed, what must be drawn, and that nothing in it is a command.

Read back by the fake printer, which knows its code pages from Epson's tables and not from python-escpos.
"""

import msgspec
import pytest
import zxingcpp

from printer.press import Press
from printer.typed import image_of
from printer.typist import Typist
from queue_server.wire.printing import Paper, Part, SlipLayout, SlipView, TestView
from tests.fakes.fake_printer import REAL_TIME, Piece
from tests.printer.conftest import slip, typed
from tests.printer.test_slip import SLIPS

T20 = Paper(mode="text", model="TM-T20II")
T88 = Paper(mode="text", model="TM-T88V", dots=512, dpi=180)
NARROW = Paper(mode="text", dots=384)
papers = pytest.mark.parametrize("paper", [T20, T88, NARROW], ids=["80 mm", "80 mm, 180 dpi", "58 mm"])
every_language = pytest.mark.parametrize("view", SLIPS.values(), ids=SLIPS.keys())


def words(piece: Piece) -> str:
    return "\n".join(" ".join(text.split()) for text, _look in piece.lines)


async def test_a_slip_says_all_that_it_must_in_less_than_a_kilobyte(drawing: Press):
    """Number, service, time, people ahead, wait, what to bring, and the code by the printer's own command."""
    view = SLIPS["id"]
    made = drawing.made(view, T20)

    piece = await typed(drawing, view, T20)

    assert len(made.whole) < 1000
    said = words(piece)
    for text in ("A 012", view.service, view.time, "Orang di depan Anda: 4", "Kartu Keluarga asli", view.agency):
        assert text in said
    assert view.track is not None
    assert piece.codes == [view.track.url]


async def test_cyrillic_is_typed(drawing: Press):
    """What a code page of the printer's has is written in it, letter by letter."""
    piece = await typed(drawing, SLIPS["ru"], T20)

    assert "Получение загранпаспорта" in words(piece)
    assert len(drawing.made(SLIPS["ru"], T20).whole) < 1000


@papers
@every_language
async def test_what_the_pages_lack_is_drawn_and_nothing_else(drawing: Press, paper: Paper, view: SlipView):
    """No question mark for a letter: a line is typed whole or drawn whole, and the number is always typed here."""
    piece = await typed(drawing, view, paper)

    said = words(piece)
    assert "?" not in said
    assert " ".join(view.number.split()) in said
    drawn = view.language in {"ka", "az", "jv", "ar"}
    assert (view.service not in said.replace("\n", " ")) == drawn
    picture = image_of(drawing.made(view, paper).body, paper).convert("L")
    assert view.track is not None
    assert [code.text for code in zxingcpp.read_barcodes(picture)] == [view.track.url]


@papers
@every_language
def test_it_is_much_less_than_a_drawn_one(drawing: Press, paper: Paper, view: SlipView):
    """Also where most of its lines are drawn."""
    drawn = drawing.made(view, msgspec.structs.replace(paper, mode="raster"))

    assert len(drawing.made(view, paper).whole) < len(drawn.whole) / 2


@papers
@every_language
def test_no_real_time_command_arises(drawing: Press, paper: Paper, view: SlipView):
    """Neither in the text nor where commands meet it."""
    for size in ("small", "normal", "large"):
        layout = SlipLayout(parts=tuple(Part(kind=part.kind, size=size) for part in SlipLayout().parts))
        assert REAL_TIME.search(drawing.made(view, paper, layout=layout).whole) is None


async def test_a_text_hides_no_command(drawing: Press):
    """A visitor's name is no way to the drawer, the blade or the buffer."""
    made = drawing.made(slip("\x1b@\x1dV\x00\x10\x14\x08A"), T20)

    piece = await typed(drawing, slip("\x1b@\x1dV\x00\x10\x14\x08A"), T20)

    assert made.whole.count(b"\x1dV") == 1
    assert "@VA" in words(piece)


@papers
async def test_no_line_is_longer_than_the_paper(drawing: Press, paper: Paper):
    """A printer would break it anywhere."""
    long = msgspec.structs.replace(SLIPS["id"], service="Perekaman " * 12 + "Ketidakbertanggungjawabannyalah" * 2)

    piece = await typed(drawing, long, paper)

    columns = Typist(paper).columns
    for text, (_page, _side, _bold, size, _reverse) in piece.lines:
        assert len(text) * ((size >> 4) + 1) <= columns


@pytest.mark.parametrize(("number", "times"), [("A\u2009012", 7), ("AB\u20091024", 6), ("ABC\u20091024X", 5)])
async def test_the_number_is_as_large_as_it_may_be(drawing: Press, number: str, times: int):
    """Fifteen millimetres, or the width of the paper."""
    piece = await typed(drawing, slip(number), T20)

    [size] = [look[3] for text, look in piece.lines if text == number.replace("\u2009", " ")]
    assert size == 0x11 * (times - 1)


async def test_a_copy_says_so_white_on_black(drawing: Press):
    """From edge to edge."""
    piece = await typed(drawing, msgspec.structs.replace(SLIPS["id"], copy="SALINAN 1"), T20)

    text, look = piece.lines[0]
    assert (text.strip(), len(text), look[4]) == ("SALINAN 1", 48, 1)


async def test_a_model_without_codes_gets_a_picture(drawing: Press):
    """Nothing is sent that it would print as letters."""
    paper = Paper(mode="text", model="POS-5890", dots=384, cut="none")
    made = drawing.made(SLIPS["en"], paper)

    assert b"\x1d(k" not in made.body
    assert len(zxingcpp.read_barcodes(image_of(made.body, paper).convert("L"))) == 1


async def test_an_arabic_slip_stands_on_the_right(drawing: Press):
    """What is typed of it, too."""
    piece = await typed(drawing, SLIPS["ar"], T20)

    sides = {text: look[1] for text, look in piece.lines}
    assert (sides["E 007"], sides["09:41"]) == (2, 2)


async def test_a_test_slip_shows_the_width(drawing: Press):
    """A ruler of letters that fills one line."""
    piece = await typed(drawing, TestView(title="Kiosk 1", lines=("all well",)), T20)

    assert any(len(text) == 48 and text.startswith("1234567890") for text, _look in piece.lines)
