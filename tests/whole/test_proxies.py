"""The set-ups of nginx and Caddy in docs/install.md, as they stand there, before a real server."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import socket
import ssl
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from textwrap import dedent

import msgspec
import pytest
from aiohttp import ClientSession, DummyCookieJar, TCPConnector

from queue_server.media.taking import MEGABYTE
from queue_server.settings.board_tables import Media
from queue_server.web.app import LONGEST_BODY
from tests.fakes.films import picture
from tests.waiting import answered
from tests.web.test_peers import issue
from tests.whole.server import ROOT, SAMPLE, Server, server

API = "/api/v1"
ELSEWHERE = "127.0.0.2"
"""A machine that is no proxy."""
LIMITED = (
    SAMPLE.read_text(encoding="utf-8")
    .replace('# proxies = ["127.0.0.1"]', 'proxies = ["127.0.0.1"]')
    .replace('requests = "off"', 'requests = "8 per minute"')
)


def found(program: str) -> str | None:
    return shutil.which(program, path=os.environ["PATH"] + ":/usr/sbin:/usr/local/sbin")


def documented(after: str) -> str:
    """The block of docs/install.md that follows a line that begins so."""
    page = (ROOT / "docs" / "install.md").read_text(encoding="utf-8")
    block = page[page.index(f"\n{after}") :].partition("\n\n")[2]
    lines = []
    for line in block.splitlines():
        if line and not line.startswith("    "):
            break
        lines.append(line)
    return dedent("\n".join(lines))


def at_home(text: str, folder: Path) -> str:
    """With the certificate of the test."""
    return text.replace("/etc/antrean/fullchain", f"{folder}/chain").replace("/etc/antrean/privkey", f"{folder}/key")


def nginx(folder: Path, port: int, upstream: int) -> list[str]:
    text = documented("nginx;").replace("443", f"127.0.0.1:{port}").replace("8080", str(upstream))
    places = [f"{kind}_temp_path {folder};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")]
    text = text.replace("/etc/antrean/fullchain.pem", f"{folder}/chain.pem").replace(
        "/etc/antrean/privkey", f"{folder}/key"
    )
    whole = f"daemon off; pid {folder}/pid; events {{}} http {{ access_log off; {' '.join(places)} {text} }}"
    (folder / "nginx.conf").write_text(whole)
    return [found("nginx") or "", "-c", str(folder / "nginx.conf"), "-e", str(folder / "nginx.log"), "-p", str(folder)]


def caddy(folder: Path, port: int, upstream: int) -> list[str]:
    text = documented("Caddy,").replace("antrean.example", f"https://127.0.0.1:{port}").replace("8080", str(upstream))
    text = text.replace("/etc/antrean/fullchain.pem", f"{folder}/chain.pem").replace(
        "/etc/antrean/privkey", f"{folder}/key"
    )
    whole = "{\n admin off\n auto_https disable_redirects\n}\n" + text
    (folder / "Caddyfile").write_text(whole)
    return [found("caddy") or "", "run", "--adapter", "caddyfile", "--config", str(folder / "Caddyfile")]


@asynccontextmanager
async def proxy(words: Callable[[Path, int, int], list[str]], folder: Path, house: Server) -> AsyncIterator[str]:
    """A proxy of this machine before the server; its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    env = {**os.environ, "HOME": str(folder), "XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder)}
    with (folder / "proxy.log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            *words(folder, port, house.port), stdout=log, stderr=log, env=env
        )
    try:
        await answered(lambda: listens(port, process, folder), bool)
        yield f"https://127.0.0.1:{port}"
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


async def listens(port: int, process: asyncio.subprocess.Process, folder: Path) -> bool:
    assert process.returncode is None, (folder / "proxy.log").read_text()
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.close()
    return True


def test_nginx_lets_through_the_largest_video_that_may_be_set():
    """Its location for uploads takes as many bytes as `[media] video` at its highest, and all else little."""
    sizes = {said: number for number, said in re.findall(r"client_max_body_size (\d+)([km]);", documented("nginx;"))}
    most = msgspec.json.schema(Media)["$defs"]["Media"]["properties"]["video"]["maximum"]

    assert int(sizes["m"]) * 1024 * 1024 >= most * MEGABYTE
    assert int(sizes["k"]) * 1024 == LONGEST_BODY


@pytest.mark.parametrize("words", [nginx, caddy], ids=["nginx", "caddy"])
async def test_the_documented_proxy_works(tmp_path: Path, words: Callable[[Path, int, int], list[str]]):
    """Cookies are secure, our own pages may act and watch, others not, and limits count who stands behind the proxy."""
    assert found(words.__name__), f"{words.__name__} is missing; scripts/system-packages test installs it"
    issue(tmp_path)
    config = tmp_path / "config.toml"
    config.write_text(LIMITED, encoding="utf-8")
    trusts = ssl.create_default_context(cafile=str(tmp_path / "chain.pem"))
    async with server(tmp_path, config=config) as house, proxy(words, tmp_path, house) as at:
        secret = house.antrean("token", "--role", "display", "--name", "hall", "--data", str(house.data)).stdout.strip()
        connector = TCPConnector(ssl=trusts, local_addr=(ELSEWHERE, 0))
        async with ClientSession(connector=connector, cookie_jar=DummyCookieJar()) as session:
            async with session.get(f"{at}/?token={secret}", allow_redirects=False) as kept:
                cookie = kept.headers["Set-Cookie"]
                hsts = kept.headers.get("Strict-Transport-Security")
            own = {"Cookie": cookie.partition(";")[0], "Origin": at}
            async with session.ws_connect(f"{at}{API}/live?topic=board:hall", headers=own) as live:
                greeted = await live.receive_json()
            evil = {**own, "Origin": "https://evil", **UPGRADE}
            async with session.get(f"{at}{API}/live?topic=board:hall", headers=evil) as one:
                foreign = one.status
            async with session.get(f"{at}/metrics") as one:
                figures = one.status
            leads = {"Authorization": f"Bearer {house.token('supervisor')}"}
            async with session.post(
                f"{at}{API}/uploads", data=picture(size=(600, 500), form="BMP"), headers=leads
            ) as one:
                uploaded = (one.status, (await one.json())["reason"])
            answers = []
            for number in range(8):
                async with session.get(f"{at}{API}/mall", headers={"X-Forwarded-For": f"203.0.113.{number}"}) as one:
                    answers.append(one.status)
        itself = await house.get("/readyz")

    assert "Secure" in cookie
    assert hsts is not None
    assert "build" in greeted
    assert (foreign, figures) == (403, 401)
    assert uploaded == (422, "unknown_type")  # 900 kB came through; what they are is the server's to say
    assert (answers[0], answers[-1]) == (200, 429)
    assert itself.status == 200


async def test_commands_reach_a_server_that_speaks_tls(tmp_path: Path):
    """A reload and a printer's agent work as without; the agent knows the mall's own authority by `SSL_CERT_FILE`."""
    issue(tmp_path)
    config = tmp_path / "config.toml"
    own = SAMPLE.read_text(encoding="utf-8").replace('# certificate = "tls/fullchain.pem"', 'certificate = "chain.pem"')
    config.write_text(own.replace('# key = "tls/privkey.pem"', 'key = "key.pem"'), encoding="utf-8")
    trusts = ssl.create_default_context(cafile=str(tmp_path / "chain.pem"))
    async with server(tmp_path, config=config) as house:
        reloaded = house.antrean("reload", "--data", str(house.data))
        token = house.token("printer", "--name", "kiosk-1")
        words = ("--server", f"https://127.0.0.1:{house.port}", "--printer", "kiosk-1", "--device", "virtual://")
        env = {**os.environ, "ANTREAN_TOKEN": token, "SSL_CERT_FILE": str(tmp_path / "chain.pem")}
        agent = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "queue_server", "printer", *words, cwd=tmp_path, env={**env, "PYTHONPATH": str(ROOT)}
        )
        admin = {"Authorization": f"Bearer {house.token('admin')}"}
        async with ClientSession(connector=TCPConnector(ssl=trusts)) as session:

            async def linked() -> bool:
                async with session.get(f"https://127.0.0.1:{house.port}{API}/devices", headers=admin) as answer:
                    found = next(
                        one for one in await answer.json() if (one["kind"], one["id"]) == ("printer", "kiosk-1")
                    )
                    return bool(found["state"] != "offline")

            await answered(linked, bool)
        agent.terminate()
        await agent.wait()

    assert (reloaded.returncode, reloaded.stderr) == (0, "")


UPGRADE = {
    "Upgrade": "websocket",
    "Connection": "Upgrade",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
}
