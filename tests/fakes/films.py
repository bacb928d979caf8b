"""Tiny pictures and films for boards: drawn by Pillow, recorded by the browser itself."""

from __future__ import annotations

import base64
import io

from PIL import Image, ImageDraw
from playwright.async_api import Browser

FILM: dict[int, bytes] = {}
"""By its length in tenths of a second; one recording serves all tests."""

RECORD = """async (tenths) => {
    const canvas = Object.assign(document.createElement('canvas'), {width: 320, height: 180});
    const pen = canvas.getContext('2d');
    const recorder = new MediaRecorder(canvas.captureStream(20), {mimeType: 'video/webm;codecs=vp8'}), parts = [];
    recorder.ondataavailable = ({data}) => parts.push(data);
    const over = new Promise((resolve) => { recorder.onstop = resolve; });
    recorder.start();
    for (let step = 0; step < tenths; step += 1) {
        pen.fillStyle = '#0A5560'; pen.fillRect(0, 0, 320, 180);
        pen.fillStyle = '#fff'; pen.fillRect((step * 16) % 300, 80, 20, 20);
        await new Promise((resolve) => setTimeout(resolve, 100));
    }
    recorder.stop();
    await over;
    return btoa(String.fromCharCode(...new Uint8Array(await new Blob(parts).arrayBuffer())));
}"""


def picture(colour: str = "#0A5560", said: str = "", form: str = "PNG", size: tuple[int, int] = (640, 360)) -> bytes:
    """Of one colour, with a frame by which it is seen whole."""
    image = Image.new("RGB", size, colour)
    pen = ImageDraw.Draw(image)
    pen.rectangle((4, 4, size[0] - 5, size[1] - 5), outline="white", width=4)
    pen.text((20, 20), said, fill="white", font_size=size[1] // 8)
    file = io.BytesIO()
    image.save(file, form)
    return file.getvalue()


async def film(browser: Browser, tenths: int = 12) -> bytes:
    """A WebM of this length."""
    if tenths not in FILM:
        page = await browser.new_page()
        try:
            FILM[tenths] = base64.b64decode(await page.evaluate(RECORD, tenths))
        finally:
            await page.close()
    return FILM[tenths]


def webm(inside: bytes = b"", codec: bytes = b"V_VP8", kind: int = 1) -> bytes:
    """A whole WebM by its boxes: one track, and one frame that is none, with these bytes in it."""
    head = _element("1a45dfa3", _element("4282", b"webm"))
    track = _element("ae", _element("d7", b"\1") + _element("83", bytes([kind])) + _element("86", codec))
    frame = _element("a3", b"\x81\0\0\x80" + inside)
    cluster = _element("1f43b675", _element("e7", b"\0") + frame)
    return head + _element("18538067", _element("1654ae6b", track) + cluster)


def _element(name: str, inside: bytes) -> bytes:
    size = len(inside)
    said = bytes([0x80 | size]) if size < 0x7F else (1 << 56 | size).to_bytes(8)
    return bytes.fromhex(name) + said + inside


def mp4(inside: bytes = b"", codec: bytes = b"avc1", kind: bytes = b"vide") -> bytes:
    """A whole MP4 by its boxes, its index before its one piece, which is none and has these bytes in it."""
    head = box(b"ftyp", b"isom\0\0\2\0isomiso2mp41")
    moov = _moov(0, codec, kind)
    return head + _moov(len(head) + len(moov) + 8, codec, kind) + box(b"mdat", inside or b"\0")


def _moov(at: int, codec: bytes, kind: bytes) -> bytes:
    described = box(b"stsd", b"\0\0\0\0\0\0\0\1" + box(codec, bytes(78)))
    table = box(b"stbl", described + box(b"stco", b"\0\0\0\0\0\0\0\1" + at.to_bytes(4)))
    media = box(b"mdia", box(b"hdlr", bytes(8) + kind + bytes(13)) + box(b"minf", table))
    return box(b"moov", box(b"mvhd", bytes(100)) + box(b"trak", media))


def box(name: bytes, inside: bytes) -> bytes:
    return (8 + len(inside)).to_bytes(4) + name + inside


def captions(*cues: tuple[float, float, str]) -> bytes:
    """WebVTT; from and until in seconds."""
    lines = [f"00:{begins:06.3f} --> 00:{ends:06.3f}\n{said}\n" for begins, ends, said in cues]
    return ("WEBVTT\n\n" + "\n".join(lines)).encode()
