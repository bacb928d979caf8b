"""Firefox and WebKit, driven by what Debian brings: Firefox's own Marionette, and WebKitWebDriver for WebKitGTK.

    async with firefox(folder) as browser:                 # or webkit(folder)
        await browser.open(url)
        await browser.until("return document.title === 'Antrean'")

Both speak WebDriver's commands; a script is the body of a function, as WebDriver has it. Chromium does the rest of the
tests: here a few ways through the pages are tried in another engine, since phones and staff bring their own.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import socket
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any, ClassVar, Protocol

import pytest
from aiohttp import ClientConnectionError, ClientSession

START_S = 60.0
WITHIN_S = 30.0

QUIET = {
    "browser.shell.checkDefaultBrowser": False,
    "browser.aboutwelcome.enabled": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "toolkit.telemetry.enabled": False,
    "app.update.disabledForTesting": True,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "services.settings.server": "http://127.0.0.1:9/",
    "browser.safebrowsing.malware.enabled": False,
    "browser.safebrowsing.phishing.enabled": False,
    "extensions.getAddons.cache.enabled": False,
    "intl.accept_languages": "en-US",
}
"""Firefox asks nobody for anything: tests see this machine alone."""


class Driver(Protocol):
    async def command(self, name: str, values: dict[str, Any]) -> Any: ...


class Browser:
    """One window of an engine."""

    def __init__(self, driver: Driver) -> None:
        self._driver = driver

    async def open(self, url: str) -> None:
        await self._driver.command("Navigate", {"url": url})

    async def run(self, script: str, *values: object) -> Any:
        """What a function of this body returns, given these arguments."""
        return await self._driver.command("ExecuteScript", {"script": script, "args": list(values)})

    async def until(self, script: str, *values: object) -> None:
        """Return when the script says true; fail after a while with what the page says."""
        end = time.monotonic() + WITHIN_S
        while not await self.run(script, *values):
            if time.monotonic() > end:
                said = await self.run("return document.body.innerText")
                raise AssertionError(f"not within {WITHIN_S} s: {script}\n{said}")
            await asyncio.sleep(0.05)  # another process, which tells nobody when it is so

    async def press(self, selector: str) -> None:
        await self.run("document.querySelector(arguments[0]).click()", selector)

    async def size(self, width: int, height: int) -> None:
        await self._driver.command("SetWindowRect", {"width": width, "height": height})


class Marionette:
    """Firefox's own protocol: messages of JSON, each behind its length."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer
        self._last = 0

    async def heard(self) -> Any:
        length = await self._reader.readuntil(b":")
        return json.loads(await self._reader.readexactly(int(length[:-1])))

    async def command(self, name: str, values: dict[str, Any]) -> Any:
        self._last += 1
        sent = json.dumps([0, self._last, f"WebDriver:{name}", values]).encode()
        self._writer.write(b"%d:%s" % (len(sent), sent))
        async with asyncio.timeout(WITHIN_S):
            _, _, error, answer = await self.heard()
        if error:
            raise AssertionError(f"{name}: {error['error']}: {error['message']}")
        return answer["value"] if set(answer) == {"value"} else answer


class WebDriver:
    """The same over HTTP, as the standard has it."""

    WAYS: ClassVar = {"Navigate": "url", "ExecuteScript": "execute/sync", "SetWindowRect": "window/rect"}

    def __init__(self, client: ClientSession, at: str) -> None:
        self._client, self._at = client, at

    async def command(self, name: str, values: dict[str, Any]) -> Any:
        async with self._client.post(f"{self._at}/{self.WAYS[name]}", json=values) as answer:
            value = (await answer.json())["value"]
        if answer.status >= 400:
            raise AssertionError(f"{name}: {value['error']}: {value['message']}")
        return value


@asynccontextmanager
async def firefox(folder: Path) -> AsyncIterator[Browser]:
    """Debian's Firefox without a window, with a profile of its own in `folder`."""
    program, port = _needed("firefox-esr"), _free_port()
    profile = folder / "firefox"
    profile.mkdir()
    prefs = {**QUIET, "marionette.port": port}
    (profile / "user.js").write_text(
        "".join(f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in prefs.items())
    )
    words = (program, "--headless", "--marionette", "--no-remote", "--profile", str(profile))
    async with _running(words, {"HOME": str(folder), "MOZ_CRASHREPORTER_DISABLE": "1"}):
        reader, writer = await _connected(port)
        try:
            driver = Marionette(reader, writer)
            await driver.heard()  # it greets
            await driver.command("NewSession", {})
            yield Browser(driver)
        finally:
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()


@asynccontextmanager
async def webkit(folder: Path) -> AsyncIterator[Browser]:
    """WebKitGTK as Debian has it, on a screen that nobody sees."""
    program, screen, port = _needed("WebKitWebDriver"), _needed("xvfb-run"), _free_port()
    environment = {
        "HOME": str(folder),
        "XDG_RUNTIME_DIR": str(folder),
        "WEBKIT_DISABLE_COMPOSITING_MODE": "1",
        # its box needs rights that a container and root do not give; only this machine's pages are opened
        "WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS": "1",
        "LIBGL_ALWAYS_SOFTWARE": "1",
        "NO_AT_BRIDGE": "1",
    }
    async with _running((screen, "-a", program, f"--port={port}"), environment), ClientSession() as client:
        at = f"http://127.0.0.1:{port}"
        session = await _session(client, at)
        yield Browser(WebDriver(client, f"{at}/session/{session}"))
        async with client.delete(f"{at}/session/{session}"):
            pass


async def _session(client: ClientSession, at: str) -> str:
    end = time.monotonic() + START_S
    while True:
        try:
            async with client.post(f"{at}/session", json={"capabilities": {"alwaysMatch": {}}}) as answer:
                said = await answer.json()
        except ClientConnectionError:
            if time.monotonic() > end:
                raise
            await asyncio.sleep(0.1)  # the program has not begun to listen, and says nothing when it does
            continue
        assert answer.status == 200, said
        return str(said["value"]["sessionId"])


async def _connected(port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    end = time.monotonic() + START_S
    while True:
        try:
            return await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            if time.monotonic() > end:
                raise
            await asyncio.sleep(0.1)  # the program has not begun to listen, and says nothing when it does


@asynccontextmanager
async def _running(words: Sequence[str], environment: dict[str, str]) -> AsyncIterator[None]:
    process = await asyncio.create_subprocess_exec(
        *words,
        env={**os.environ, **environment},
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        yield
    finally:
        # the whole session that was begun here: the browser has children of its own
        with suppress(ProcessLookupError):
            os.killpg(process.pid, 15)
        try:
            async with asyncio.timeout(10):
                await process.wait()
        except TimeoutError:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, 9)
            await process.wait()


def _needed(program: str) -> str:
    found = shutil.which(program)
    if found is None:
        pytest.fail(f"{program} is missing: run `make setup-dev`")
    return found


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
