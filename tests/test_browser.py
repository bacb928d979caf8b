"""The browser that the other tests trust: it must notice what visitors would suffer."""

import asyncio
import struct
import wave
from collections.abc import AsyncIterator
from io import BytesIO
from urllib.parse import urlencode

import pytest
from aiohttp import web

from tests.browser import Screens, axe, layout_faults

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; "
    "connect-src 'self'; require-trusted-types-for 'script'"
)
PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>A page</title>
<link rel="icon" href="/none.svg"><link rel="stylesheet" href="/style.css">{head}</head>
<body><main><h1>A page</h1>{body}</main></body></html>"""

STYLE = """
.cut { width: 60px; overflow: hidden; white-space: nowrap }
.wide { width: 4000px }
.small { width: 10px }
"""
SCRIPTS = {
    "/throws.js": "setTimeout(() => { throw new Error('broken script') }, 0)",
    "/inner.js": "try { document.body.innerHTML = '<p>x</p>' } catch { console.log('refused') }",
}


def tone() -> bytes:
    """A tenth of a second of 440 Hz-like square wave, far above silence."""
    sound = BytesIO()
    with wave.open(sound, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(22050)
        file.writeframes(b"".join(struct.pack("<h", 8000 if i // 25 % 2 else -8000) for i in range(2205)))
    return sound.getvalue()


@pytest.fixture
async def site() -> AsyncIterator[str]:
    """A little site under a strict policy; `?head=…&body=…` puts something into its page."""

    async def page(request: web.Request) -> web.Response:
        text = PAGE.format(head=request.query.get("head", ""), body=request.query.get("body", ""))
        return web.Response(text=text, content_type="text/html", headers={"Content-Security-Policy": POLICY})

    async def script(request: web.Request) -> web.Response:
        return web.Response(text=SCRIPTS[request.path], content_type="text/javascript")

    async def style(_request: web.Request) -> web.Response:
        return web.Response(text=STYLE, content_type="text/css")

    async def sound(_request: web.Request) -> web.Response:
        return web.Response(body=tone(), content_type="audio/wav")

    async def icon(_request: web.Request) -> web.Response:
        return web.Response(text='<svg xmlns="http://www.w3.org/2000/svg"/>', content_type="image/svg+xml")

    app = web.Application()
    app.router.add_get("/", page)
    app.router.add_get("/style.css", style)
    app.router.add_get("/tone.wav", sound)
    app.router.add_get("/none.svg", icon)
    for path in SCRIPTS:
        app.router.add_get(path, script)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}/"
    await runner.cleanup()


def put(**parts: str) -> str:
    """The query that makes the site's page hold these parts."""
    return "?" + urlencode(parts)


async def test_a_sound_page_has_no_faults(screens: Screens, site: str):
    """A page that keeps to the rules passes every audit, AAA included."""
    page = await screens.open(site)

    assert await axe(page, aaa=True) == []
    assert await layout_faults(page) == []


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ({"head": '<script src="/throws.js"></script>'}, "broken script"),
        ({"head": "<script>1</script>"}, "Content Security Policy"),
        ({"body": '<p style="color: red">x</p>'}, "Content Security Policy"),
        ({"body": '<script src="/inner.js"></script>'}, "TrustedHTML"),
        ({"body": '<img src="/missing.png" alt="">'}, "404"),
        ({"body": '<script src="http://cdn.example/x.js"></script>'}, "cdn.example"),
    ],
)
async def test_faults_are_noticed(screens: Screens, site: str, parts: dict[str, str], said: str):
    """An uncaught error, a blocked script or style, a missing file and a foreign host are all faults."""
    page = await screens.open(site + put(**parts))

    async with asyncio.timeout(5):
        while not any(said in fault for fault in screens.faults):
            await page.evaluate("() => new Promise(requestAnimationFrame)")

    screens.faults.clear()


async def test_axe_sees_small_targets_and_missing_names(screens: Screens, site: str):
    """Rules of WCAG 2.2 AA are asked for, the size of targets among them."""
    body = '<button></button><button class="small">a</button><button class="small">b</button>'
    page = await screens.open(site + put(body=body))

    found = await axe(page)

    assert any(fault.startswith("button-name") for fault in found), found
    assert any(fault.startswith("target-size") for fault in found), found


async def test_cut_text_and_sideways_scrolling_are_seen(screens: Screens, site: str):
    """Text that its box hides and a page wider than its screen are reported."""
    body = '<p class="cut">a sentence too long for its box</p><p class="wide">wide</p>'
    page = await screens.open(site + put(body=body), viewport="phone")

    found = await layout_faults(page)

    assert any("cut off" in fault for fault in found), found
    assert any("sideways" in fault for fault in found), found


async def test_sound_plays_without_a_touch(screens: Screens, site: str):
    """A hall display may sound without anybody having touched it, and the browser is not muted."""
    page = await screens.open(site + put(body='<audio src="/tone.wav"></audio>'), viewport="hall")

    ended = await page.evaluate(
        """() => new Promise((done, fail) => {
            const audio = document.querySelector('audio');
            audio.onended = () => done([audio.muted, audio.currentTime > 0.05]);
            audio.play().catch(fail);
        })"""
    )

    assert ended == [False, True]
