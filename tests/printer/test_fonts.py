"""Whatever a mall writes can be printed, or is refused when it is written."""

from pathlib import Path

import pytest

from printer.fonts import Face, Fonts, NoFonts, fonts_in, load_fonts
from printer.press import Press

ALPHABETS = {
    "Indonesian": "abcdefghijklmnopqrstuvwxyz",
    "Azerbaijani": "çğıöşüəÇĞİÖŞÜƏ",
    "Georgian": "აბგდევზთიკლმნოპჟრსტუფქღყშჩცძწჭხჯჰ",
    "Javanese": "ꦲꦤꦕꦫꦏꦢꦠꦱꦮꦭꦥꦝꦗꦪꦚꦩꦒꦧꦛꦔ꧀ꦴꦶꦸꦺ",
    "Arabic": "ابتثجحخدذرزسشصضطظعغفقكلمنهويءآأؤإئىة٠١٢٣",
    "Cyrillic": "абвгдеёжзийклмнопрстуфхцчшщъыьэюяґєіїқғү",
    "signs": "–—…·×№€₾₼«»„“”‘’•°½",
}


@pytest.mark.parametrize("alphabet", ALPHABETS.values(), ids=ALPHABETS.keys())
def test_every_language_of_a_mall_is_covered(drawing: Press, alphabet: str):
    """Each letter of the languages that malls speak has a font."""
    assert drawing.uncovered(alphabet) == ""


def test_what_no_font_has_is_named_once(drawing: Press):
    """The check names the letters that would be empty boxes, each once, in their order."""
    assert drawing.uncovered("Passport 護照 and 護 again \ue123") == "護照\ue123"


def test_what_is_never_drawn_needs_no_font(drawing: Press):
    """Joiners, marks of direction and control characters are no letters."""
    assert drawing.uncovered("a\u200d\u200e\u200f\u2066b\n\x1b\x00\u00ad") == ""


def test_fonts_of_one_look_are_preferred(drawing: Press):
    """Latin, Georgian and Arabic come from one family of sans fonts, in the weight that was asked for."""
    fonts = load_fonts()

    for letter, file in (("A", "NotoSans-Bold"), ("ა", "NotoSansGeorgian-Bold"), ("ب", "NotoSansArabic-Bold")):
        face = fonts.face_for(letter, bold=True)
        assert face is not None
        assert face.path.stem == file


def test_a_font_that_is_none_is_passed_over(tmp_path: Path):
    """A broken file among the fonts covers nothing and breaks nothing."""
    (tmp_path / "Broken.ttf").write_bytes(b"\x00\x01\x00\x00\x00\x7f" + bytes(40))
    (tmp_path / "Empty.ttf").write_bytes(b"")

    assert Face(tmp_path / "Broken.ttf").characters == frozenset()
    assert Face(tmp_path / "Empty.ttf").characters == frozenset()
    assert Fonts([tmp_path / "Broken.ttf"]).uncovered("a") == "a"


def test_a_malls_own_fonts_are_found(tmp_path: Path):
    """Fonts in the agent's own folder are used with those of the machine."""
    noto = Path("/usr/share/fonts/truetype/noto/NotoSansGeorgian-Regular.ttf")
    (tmp_path / "MallSans-Regular.ttf").symlink_to(noto)

    fonts = load_fonts(tmp_path)

    assert any(face.path.parent == tmp_path for face in fonts.faces)


def test_no_fonts_at_all_is_said(tmp_path: Path):
    """A machine that cannot draw slips says what to install."""
    with pytest.raises(NoFonts, match="fonts-noto-core"):
        fonts_in([tmp_path])
