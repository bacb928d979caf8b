"""A board's folder: what lies there whole is shown, what does not fit is said, what changes is noticed."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from queue_server.media.folder import MOST, Folder, Lying
from queue_server.media.taking import Limits
from tests.fakes.films import captions, picture, webm
from tests.media.test_kinds import MP4, WEBM

LATER_S = 60
LIMITS = Limits(picture=2_000_000, video=3_000_000)


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    for name in ("media", "made"):
        (tmp_path / name).mkdir()
    return Folder(tmp_path / "media", tmp_path / "made", LIMITS, "id", "Asia/Jakarta")


def put(folder: Folder, **files: bytes | str) -> None:
    """`a_jpg` is a.jpg."""
    for name, content in files.items():
        path = folder.path / name.replace("_", ".")
        path.write_bytes(content.encode() if isinstance(content, str) else content)


def look(folder: Folder) -> Lying:
    return folder.look(time.time() + LATER_S)


def wrong(found: Lying) -> dict[str, str]:
    return {trouble.file: trouble.reason for trouble in found.troubles}


def test_files_are_shown_with_what_is_said_beside_them(folder: Folder):
    """Words, times and priority from NAME.toml, captions by language from NAME.LANGUAGE.vtt, in the order of names."""
    put(
        folder,
        b_webm=WEBM,
        b_vtt=captions((0, 1, "Halo")),
        b_en_vtt=captions((0, 1, "Hello")),
        b_toml='alt = { id = "Film", en = "A film" }\npriority = "high"',
        a_png=picture(),
        a_toml='alt = "Peta"\nfrom = 2026-12-01\nuntil = 2026-12-24\nhours = ["08:00-12:00"]\ndays = ["mon", "fri"]',
    )

    found = look(folder)

    first, second = found.items
    assert found.troubles == ()
    assert (first.name, first.kind, first.alt) == ("a.png", "picture", {"id": "Peta"})
    assert (second.name, second.alt["en"], sorted(second.captions)) == ("b.webm", "A film", ["en", "id"])
    assert (first.when.hours, first.when.days, second.when.priority) == (("08:00-12:00",), ("mon", "fri"), "high")
    # the whole last day, by the mall's clocks
    assert (first.when.since, first.when.until) == (1796058000000, 1798131600000)
    assert {name for one in found.items for name in (one.file, *one.captions.values())} == found.files.keys()


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"a_txt": "no picture"}, {"a.txt": "unknown_type"}),
        ({"a_svg": "<svg/>" + " " * 80}, {"a.svg": "unknown_type"}),
        ({"a_jpg": picture(form="JPEG")[:700]}, {"a.jpg": "damaged"}),
        ({"a_mp4": MP4}, {"a.mp4": "no_captions"}),
        ({"a_mp4": MP4, "a_vtt": "1\nno captions"}, {"a.mp4": "unknown_type"}),
        ({"a_mp4": MP4, "a_vtt": "WEBVTT\n\nnothing"}, {"a.mp4": "captions_wrong"}),
        ({"a_mp4": MP4.ljust(3_000_001, b"0")}, {"a.mp4": "too_large"}),
        ({"a_png": picture(), "a_toml": 'alt = "x"\nform = 1'}, {"a.png": "beside_wrong"}),
        ({"a_png": picture(), "a_toml": 'alt = "x"\nhours = ["8-9"]'}, {"a.png": "beside_wrong"}),
        ({"a_png": picture(), "a_toml": 'alt = "x"\nfrom = "soon"'}, {"a.png": "beside_wrong"}),
        ({"a_png": picture()}, {"a.png": "no_alt"}),
        ({"b_toml": 'alt = "x"', "c_id_vtt": "WEBVTT"}, {"b.toml": "alone", "c.id.vtt": "alone"}),
    ],
)
def test_what_does_not_fit_is_named_with_its_reason(
    folder: Folder, files: dict[str, bytes | str], expected: dict[str, str]
):
    """And the others are shown all the same; of a picture without words both is so."""
    put(folder, z_png=picture("#333333"), z_toml='alt = "Z"', **files)

    found = look(folder)

    assert wrong(found) == expected
    assert [one.name for one in found.items] == (["a.png", "z.png"] if "no_alt" in expected.values() else ["z.png"])


def test_a_film_in_which_nobody_speaks_needs_no_captions(folder: Folder):
    """If somebody has said so."""
    put(folder, a_mp4=MP4, a_toml='alt = "Hujan"\nno_speech = true')

    assert [one.captions for one in look(folder).items] == [{}]


def test_what_is_being_copied_waits(folder: Folder):
    """A file that was written to a moment ago, or is called like an unfinished one, is left for the next look."""
    put(folder, a_png=picture(), b_png_part=picture(), c_png=picture("#222222"))
    (folder.path / ".d.png").write_bytes(picture())
    os.utime(folder.path / "c.png", (1, 1))

    now = folder.look()
    later = look(folder)

    assert ([one.name for one in now.items], [one.name for one in later.items]) == (["c.png"], ["a.png", "c.png"])


def test_a_file_that_was_exchanged_has_another_address(folder: Folder):
    """What a browser keeps for ever is never another picture; what has not changed is not read anew."""
    put(folder, a_png=picture("#111111"), b_png=picture("#222222"))
    before = look(folder)
    (folder.path / "b.png").chmod(0o000)

    put(folder, a_png=picture("#333333"))
    after = look(folder)

    assert before.items[0].file != after.items[0].file
    assert before.items[1] == after.items[1]


def test_a_film_that_was_changed_is_not_served_under_its_old_name(folder: Folder):
    """Its bytes would be others."""
    put(folder, a_webm=WEBM, a_toml='alt = "x"\nno_speech = true')
    (file,) = look(folder).files.values()
    there = file.is_there()

    put(folder, a_webm=webm(b"more"))

    assert (there, file.is_there()) == (True, False)


def test_a_folder_that_is_not_there_is_said(folder: Folder):
    """A network drive that is away for a moment is no reason to stop the hall."""
    folder.path.rmdir()

    assert wrong(look(folder)) == {"": "no_folder"}


def test_more_than_anybody_sees_are_left_out(folder: Folder):
    """The first of them, by name, are shown."""
    for place in range(MOST + 2):
        (folder.path / f"{place:03}.png").write_bytes(picture(f"#0000{place:02x}", size=(32, 32)))

    found = look(folder)

    assert len(found.items) == MOST
    assert [name for name, reason in wrong(found).items() if reason == "too_many"] == ["100.png", "101.png"]
