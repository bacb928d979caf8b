"""Text becomes dots: shaped, black or white, as wide as it may be."""

from printer.fonts import load_fonts
from printer.raster import NARROWEST, Typesetter, clean, clusters

TYPE = Typesetter(load_fonts())


def test_control_characters_never_reach_the_paper():
    """A visitor's name cannot cut the paper, open a drawer or clear a buffer: what commands is taken out."""
    assert clean("\x1b@Siti\x1dV\x00 \x10\x14\x08") == "@SitiV"


def test_white_space_is_one_space():
    """Line ends and tabs of whoever typed a text are spaces, and single ones."""
    assert clean("  Dinas\n\tKependudukan  dan ") == "Dinas Kependudukan dan"


def test_a_thin_space_stays_thin():
    """The space within a number is the one that all screens have."""
    assert clean("A\u2009012") == "A\u2009012"


def test_arabic_is_joined():
    """Letters are shaped together: joined, they take less room than one by one."""
    together = TYPE.width("بطاقة", 40, False, True)
    apart = sum(TYPE.width(letter, 40, False, True) for letter in "بطاقة")

    assert together < 0.95 * apart


def test_lines_are_black_or_white():
    """A line has no greys."""
    assert TYPE.line("Passport", 30, True).ink.mode == "1"


def test_nothing_of_a_letter_is_cut_off():
    """Marks far above and below their letters are on the line, in every script."""
    for text in ("ÅẬ", "ꦥꦼꦉꦏꦩꦤ꧀", "لِلَّهِ", "ქართული"):
        line = TYPE.line(text, 60)
        assert line.ink.getbbox() == (0, 0, *line.ink.size)
        assert line.above > 0


def test_text_is_broken_at_spaces():
    """Lines are no wider than they may be, and hold whole words."""
    text = "Dinas Kependudukan dan Pencatatan Sipil"

    lines = TYPE.wrapped(text, 30, 260)

    assert " ".join(lines) == text
    assert len(lines) > 1
    assert all(TYPE.width(line, 30) <= 260 for line in lines)


def test_a_word_that_is_too_wide_is_broken():
    """What has no spaces is broken where it must, an address after one of its signs."""
    lines = TYPE.wrapped("antrean.sukamaju.go.id/t/7Hk2mQ9xR4tB", 26, 300)

    assert "".join(lines) == "antrean.sukamaju.go.id/t/7Hk2mQ9xR4tB"
    assert lines[0].endswith(("/", "."))
    assert all(TYPE.width(line, 26) <= 300 for line in lines)


def test_a_letter_keeps_its_marks():
    """A break never stands between a letter and its marks, nor within a joined pair."""
    assert clusters("ꦥꦼꦏ꧀ꦏ") == ["ꦥꦼ", "ꦏ꧀ꦏ"]
    assert clusters("e\u0301a") == ["e\u0301", "a"]


def test_a_wide_line_is_narrowed_before_it_is_lowered():
    """A value that does not fit keeps its height as long as it stays readable."""
    natural = TYPE.line("1 saat 10–40 dəq", 40, True)

    narrowed = TYPE.fitted("1 saat 10–40 dəq", 40, int(natural.ink.width * 0.8), bold=True)
    lowered = TYPE.fitted("1 saat 10–40 dəq", 40, int(natural.ink.width * NARROWEST / 2), bold=True)

    assert narrowed.ink.width <= natural.ink.width * 0.8
    assert abs(narrowed.ink.height - natural.ink.height) <= 1
    assert lowered.ink.width <= natural.ink.width * NARROWEST / 2
    assert lowered.ink.height < 0.7 * natural.ink.height


def test_lines_that_come_again_are_kept():
    """What stands on every slip is drawn once."""
    first = TYPE.line("Orang di depan Anda", 24)

    assert TYPE.line("Orang di depan Anda", 24) is first
