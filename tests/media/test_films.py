"""A video is taken when it is whole and has moving pictures that displays play; its boxes alone say so."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from playwright.async_api import Browser

from queue_server.media.films import check
from queue_server.media.kinds import MP4, WEBM, Form, Wrong, form_of
from tests.fakes.films import box, film, mp4, webm


def checked(content: bytes) -> Form:
    form = form_of(content[:64])
    check(io.BytesIO(content), form)
    return form


@pytest.mark.parametrize(("made", "form"), [(webm, WEBM), (mp4, MP4)])
def test_a_whole_film_is_taken_and_any_beginning_of_it_is_not(made: Callable[[bytes], bytes], form: Form):
    """However short the part is that lacks."""
    whole = made(b"x" * 300)

    for length in range(64, len(whole)):
        with pytest.raises(Wrong) as wrong:
            checked(whole[:length])
        assert wrong.value.reason == "damaged"
    assert checked(whole) is form


@pytest.mark.browser
async def test_what_a_browser_recorded_is_taken(browser: Browser):
    """Live, so that neither the whole nor its clusters say how long they are; cut off in a frame it is not."""
    whole = await film(browser, 3)

    assert checked(whole) is WEBM
    with pytest.raises(Wrong):
        checked(whole[:-1])


@pytest.mark.parametrize(
    "content",
    [
        webm(codec=b"A_OPUS", kind=2),
        webm(codec=b"V_MPEG4/ISO/AVC"),
        mp4(kind=b"soun", codec=b"mp4a"),
        mp4(codec=b"hvc1"),
        mp4(codec=b"mp4v"),
    ],
)
def test_sound_alone_and_what_no_browser_plays_are_refused(content: bytes):
    """With a sentence that says as what to export it."""
    with pytest.raises(Wrong) as wrong:
        checked(content)

    assert wrong.value.reason == "unknown_type"
    assert "H.264" in wrong.value.detail


@pytest.mark.parametrize(
    "content",
    [
        mp4()[:32] + b"\0" * 60,
        box(b"ftyp", b"isom\0\0\2\0isomiso2mp41") + box(b"mdat", bytes(90)),
        mp4().replace(b"stco", b"free"),
        mp4()[:28] + b"\0\0\0\4moov" + bytes(60),
        webm()[:20] + b"\0" * 90,
        webm()[:12] + bytes.fromhex("18538067ff") + b"\xec\x80" * 30,
        webm()[:12] + bytes.fromhex("18538067ff1654ae6bff") + b"\xec\x80" * 30,
    ],
)
def test_what_only_begins_like_a_film_is_refused(content: bytes):
    """Zeros, an index that never came, boxes shorter than their head, of unknown length where none may be."""
    with pytest.raises(Wrong) as wrong:
        checked(content)

    assert wrong.value.reason == "damaged"


def test_a_file_of_empty_boxes_does_not_keep_the_server_busy():
    """A million of them and no more are looked at."""
    with pytest.raises(Wrong, match="too many"):
        checked(webm()[:12] + bytes.fromhex("18538067ff") + b"\xec\x80" * 1_100_000)
