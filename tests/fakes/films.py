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


def captions(*cues: tuple[float, float, str]) -> bytes:
    """WebVTT; from and until in seconds."""
    lines = [f"00:{begins:06.3f} --> 00:{ends:06.3f}\n{said}\n" for begins, ends, said in cues]
    return ("WEBVTT\n\n" + "\n".join(lines)).encode()
