"""What a file is, by its bytes: pictures drawn anew, captions written anew, everything else refused with a reason."""

from __future__ import annotations

import io
import sys
from pathlib import Path
from subprocess import run

import pytest
from PIL import Image

from queue_server.media.captions import rewritten
from queue_server.media.kinds import Wrong, form_of
from queue_server.media.pictures import LONGEST_SIDE, redraw
from queue_server.media.taking import Limits, take
from tests.fakes.films import captions, mp4, picture, webm

LIMITS = Limits(picture=2_000_000, video=3_000_000)
WEBM = webm()
MP4 = mp4()


def lying(folder: Path, content: bytes, name: str = "x") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "GIF"])
def test_pictures_are_known_by_their_content(form: str):
    """Whatever the file is called."""
    assert form_of(picture(form=form)[:64]).kind == "picture"


@pytest.mark.parametrize(
    "content",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>" + b" " * 40,
        b"<!doctype html>" + b" " * 60,
        b"%PDF-1.7" + b" " * 60,
        b"MZ" + b"\0" * 80,
        b"\0\0\0\x18ftypheic" + b"\0" * 60,
        WEBM.replace(b"webm", b"mkva"),
        b"",
        b"\xff",
    ],
)
def test_what_no_display_shows_is_refused(content: bytes):
    """A program in disguise, a format that browsers do not play, nothing at all."""
    with pytest.raises(Wrong) as wrong:
        form_of(content)

    assert wrong.value.reason == "unknown_type"


def test_films_are_taken_as_they_are(tmp_path: Path):
    """Named after their content, where they lie."""
    for content, ending in ((WEBM, "webm"), (MP4, "mp4")):
        taken = take(lying(tmp_path, content), LIMITS, tmp_path)

        assert taken.name.endswith(f".{ending}")
        assert taken.file.path.read_bytes() == content


def test_a_picture_is_drawn_anew_and_nothing_hides_in_it(tmp_path: Path):
    """Neither where it was taken, nor a second file behind it; it is upright, and no larger than a panel."""
    image = Image.new("RGB", (5000, 1000), "#0A5560")
    exif = image.getexif()
    exif[0x0112], exif[0x010E] = 6, "taken at the mayor's home"  # turned by a quarter
    file = io.BytesIO()
    image.save(file, "JPEG", exif=exif)
    path = lying(tmp_path, file.getvalue() + b"<script>alert(1)</script>")

    taken = take(path, LIMITS, tmp_path)

    drawn = taken.file.path.read_bytes()
    with Image.open(taken.file.path) as made:
        assert (made.format, made.size) == ("WEBP", (LONGEST_SIDE // 5, LONGEST_SIDE))
        assert len(made.getexif()) == 0
    assert b"mayor" not in drawn
    assert b"script" not in drawn


def test_a_damaged_picture_is_refused(tmp_path: Path):
    """Half a file, or one whose head promises what its body does not hold."""
    for content in (picture(form="JPEG")[:900], picture()[:200], b"\x89PNG\r\n\x1a\n" + b"\0" * 90):
        with pytest.raises(Wrong) as wrong:
            take(lying(tmp_path, content), LIMITS, tmp_path)

        assert wrong.value.reason == "damaged"
    assert [path.name for path in tmp_path.iterdir()] == ["x"]


def test_a_small_file_may_not_become_a_huge_picture(tmp_path: Path):
    """One that would take all memory is refused before it is drawn."""
    file = io.BytesIO()
    Image.new("RGB", (7000, 7000)).save(file, "PNG")

    with pytest.raises(Wrong) as wrong:
        take(lying(tmp_path, file.getvalue()), LIMITS, tmp_path)

    assert wrong.value.reason == "too_large"


def test_each_kind_has_its_limit(tmp_path: Path):
    """A video may be larger than a picture, and captions are small."""
    for content, most in ((MP4, LIMITS.video), (picture(form="JPEG"), LIMITS.picture), (b"WEBVTT\n", 256 * 1024)):
        with pytest.raises(Wrong) as wrong:
            take(lying(tmp_path, content.ljust(most + 1, b"\0")), LIMITS, tmp_path)

        assert wrong.value.reason == "too_large"


def test_captions_are_times_and_words():
    """Styles, markup, notes and places stay behind; letters of any script come through."""
    raw = (
        "\ufeffWEBVTT - made by hand\r\n\r\nSTYLE\r\n::cue { background: url(//evil) }\r\n\r\n"
        "NOTE nobody reads this\r\n\r\n1\r\n00:01.000 --> 00:03.500 line:0 align:start\r\n"
        "<v Sri><b>Nomor</b> antrean\r\n  ქართული &amp; عربي \r\n\r\n"
        "01:00:00.000 --> 01:00:01.000\r\n<i></i>\r\n"
    )

    made = rewritten(raw.encode()).decode()

    assert made == "WEBVTT\n\n00:00:01.000 --> 00:00:03.500\nNomor antrean\nქართული &amp; عربي\n"
    assert rewritten(made.encode()).decode() == made


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"1\n00:00:01,000 --> 00:00:02,000\nsubrip\n", "WEBVTT"),
        (b"WEBVTT\n\n00:01,000 --> 00:02,000\nx\n", "Line 3"),
        (b"WEBVTT\n\n00:02.000 --> 00:01.000\nx\n", "Line 3"),
        (b"WEBVTT\n\n", "no caption"),
        (b"WEBVTT\n\n\xff\xfe", "UTF-8"),
        (captions((0, 1, "x" * 301)), "anybody reads"),
    ],
)
def test_captions_that_cannot_be_read_say_where(raw: bytes, said: str):
    """In which line, and how it is written."""
    with pytest.raises(Wrong) as wrong:
        rewritten(raw)

    assert said in wrong.value.detail
    assert wrong.value.reason == "captions_wrong"


SIZES = {"RGBA": (6200, 3000), "RGB": (7400, 5000), "LA": (6200, 3000), "L": (9000, 9000)}
TAKES = """
import resource, sys
from pathlib import Path
from queue_server.media.pictures import redraw
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
redraw(Path(sys.argv[1]), Path(sys.argv[2]))
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


@pytest.mark.parametrize(
    ("form", "mode", "size"), [*(("PNG", mode, size) for mode, size in SIZES.items()), ("WEBP", "RGBA", (4900, 3000))]
)
def test_the_largest_that_is_taken_takes_bounded_memory(tmp_path: Path, form: str, mode: str, size: tuple[int, int]):
    """Whatever its dots are made of: a process that reads it grows by less than 300 MiB."""
    Image.new(mode, size).save(tmp_path / "x", form, **({"lossless": True, "method": 0} if form == "WEBP" else {}))

    ran = run([sys.executable, "-c", TAKES, tmp_path / "x", tmp_path / "x.webp"], capture_output=True, check=True)

    assert int(ran.stdout) < 300


@pytest.mark.parametrize(
    ("form", "mode", "said"),
    [("PNG", "RGBA", "19 million"), ("PNG", "RGB", "38 million"), ("WEBP", "RGB", "15 million")],
)
def test_what_would_take_more_is_refused_with_the_largest_size(tmp_path: Path, form: str, mode: str, said: str):
    """By what each dot takes, before any is read."""
    file = io.BytesIO()
    Image.new(mode, (8000, 5000)).save(file, form, **({"lossless": True, "method": 0} if form == "WEBP" else {}))

    with pytest.raises(Wrong) as wrong:
        redraw(lying(tmp_path, file.getvalue()), tmp_path / "x.webp")

    assert wrong.value.reason == "too_large"
    assert f"8000 x 5000 dots; {said} are the most" in wrong.value.detail


def test_a_square_picture_is_no_larger_than_a_panel_shows_it(tmp_path: Path):
    """As many dots as a panel of 4K has, whatever its form."""
    Image.new("RGB", (4000, 4000)).save(tmp_path / "x.png")

    redraw(tmp_path / "x.png", tmp_path / "x.webp")

    with Image.open(tmp_path / "x.webp") as drawn:
        assert drawn.size == (2880, 2880)


def test_a_large_photograph_is_read_smaller(tmp_path: Path):
    """A telephone's photograph of 48 million dots is taken; as a PNG, which is read whole, it is refused."""
    photo, drawing = tmp_path / "photo.jpg", tmp_path / "drawing.png"
    large = Image.new("RGB", (8000, 6000))
    large.save(photo, "JPEG")
    large.save(drawing, "PNG")

    redraw(photo, tmp_path / "photo.webp")
    with pytest.raises(Wrong) as wrong:
        redraw(drawing, tmp_path / "drawing.webp")

    assert wrong.value.reason == "too_large"
    with Image.open(tmp_path / "photo.webp") as drawn:
        assert drawn.size == (3325, 2494)  # as many dots as a panel has


def test_a_jpeg_that_comes_in_scans_is_judged_before_it_is_read(tmp_path: Path):
    """All of one is kept until its last scan: of a huge one neither a progressive nor a split file is begun."""
    huge, whole = io.BytesIO(), io.BytesIO()
    Image.new("CMYK", (9000, 9000)).save(huge, "JPEG", progressive=True, subsampling=0)
    Image.new("RGB", (8000, 6000)).save(whole, "JPEG")
    begins = whole.getvalue().index(b"\xff\xda\x00\x0c\x03")
    one_colour = b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00"
    split = whole.getvalue()[:begins] + one_colour + whole.getvalue()[begins + 14 :]

    for content in (huge.getvalue(), split):
        with pytest.raises(Wrong) as wrong:
            redraw(lying(tmp_path, content), tmp_path / "x.webp")

        assert wrong.value.reason == "too_large"
    redraw(lying(tmp_path, whole.getvalue()), tmp_path / "x.webp")


def test_far_too_many_dots_are_a_plain_refusal(tmp_path: Path, recwarn: pytest.WarningsRecorder):
    """Said as every other refusal, and no line of a library in the log."""
    file = io.BytesIO()
    Image.new("1", (10_000, 10_000)).save(file, "PNG")

    with pytest.raises(Wrong) as wrong:
        redraw(lying(tmp_path, file.getvalue()), tmp_path / "x.webp")

    assert wrong.value.reason == "too_large"
    assert not recwarn.list
