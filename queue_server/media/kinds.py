"""What a file says that it is, by its first bytes alone: no name, and no word of whoever sent it, is believed.

Whether it is that is seen when it is taken: a picture is drawn, a video's boxes are walked (films.py).

Only what every browser of a display plays is taken. An SVG is a program, a GIF flashes: of a GIF its first picture is
shown, of an SVG nothing.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

HEAD = 64
"""So many bytes of a file say what it is."""

Kind = Literal["picture", "video", "captions"]


class Wrong(Exception):
    """Why a file cannot be shown: `reason` is a code, `detail` a sentence that says what to do."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason
        self.detail = detail


class Form(Struct, frozen=True):
    """`ending` is how its files end here, `mime` as what they are served."""

    kind: Kind
    ending: str
    mime: str


PICTURE = Form("picture", "webp", "image/webp")
"""Whatever a picture was: it is drawn anew."""
MP4 = Form("video", "mp4", "video/mp4")
WEBM = Form("video", "webm", "video/webm")
CAPTIONS = Form("captions", "vtt", "text/vtt; charset=utf-8")

FORMS = {form.ending: form for form in (PICTURE, MP4, WEBM, CAPTIONS)}

MP4_BRANDS = (b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"M4V ", b"dash", b"av01")


def form_of(head: bytes) -> Form:
    """Raises Wrong for what no display shows."""
    if head.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF87a", b"GIF89a")):
        return PICTURE
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return PICTURE
    if head[4:8] == b"ftyp" and head[8:12] in MP4_BRANDS:
        return MP4
    if head.startswith(b"\x1a\x45\xdf\xa3") and b"\x42\x82\x84webm" in head[:HEAD]:
        return WEBM
    if head.removeprefix(b"\xef\xbb\xbf").startswith(b"WEBVTT"):
        return CAPTIONS
    raise Wrong("unknown_type", "It is no JPEG, PNG, WebP, GIF, MP4 or WebM, whatever it is called.")
