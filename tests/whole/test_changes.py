"""What may happen to a running mall: an edited config.toml, a full disk, a clock that was set."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from urllib.parse import quote

import pytest

from queue_server.registry.store import open_registry
from tests.whole.server import SAMPLE, server

API = "/api/v1"

MALL = """
[mall]
id = "small"
name = "Mall"
languages = ["en"]
timezone = "Asia/Jakarta"

[agencies.a]
name = "A"

[services.s]
agency = "a"
name = "S"
prefix = "A"

[zones.z]
name = "Z"

[counters.1]
zone = "z"
services = ["s"]

[boards.hall]
zones = ["z"]
"""
PAGES = ("/kiosk/K1", "/display/hall", "/floor")


async def test_an_edited_file_is_taken_in_the_middle_of_the_day(tmp_path: Path):
    """A changed target holds as soon as the file is reloaded, without a restart."""
    config = tmp_path / "config.toml"
    text = SAMPLE.read_text(encoding="utf-8")
    config.write_text(text, encoding="utf-8")
    async with server(tmp_path, config=config) as house:
        token = house.token("supervisor")
        before = (await house.get(f"{API}/queues", token)).body[0]
        first = text.index('target = "', text.index(f"[services.{before['service']}]"))
        end = text.index("\n", first)
        config.write_text(text[:first] + 'target = "77m"' + text[end:], encoding="utf-8")

        done = house.antrean("reload", "--data", str(house.data))
        after = (await house.get(f"{API}/queues", token)).body[0]

        assert (done.returncode, done.stderr) == (0, "")
        assert (before["target_s"] != after["target_s"], after["target_s"]) == (True, 77 * 60)


async def test_a_file_that_takes_away_what_is_in_use_is_refused_with_the_reason(tmp_path: Path):
    """A service that somebody waits for cannot be re-prefixed: the day goes on under its rules, and says why."""
    config = tmp_path / "config.toml"
    text = SAMPLE.read_text(encoding="utf-8")
    config.write_text(text, encoding="utf-8")
    async with server(tmp_path, config=config) as house:
        kiosk, token = house.token("kiosk", "--name", "kiosk-1"), house.token("supervisor")
        service = (await house.get(f"{API}/queues", token)).body[0]["service"]
        await house.post(f"{API}/tickets", {"service": service}, kiosk)
        at = text.index('prefix = "', text.index(f"[services.{service}]"))
        config.write_text(text[:at] + 'prefix = "ZZZ"' + text[text.index("\n", at) :], encoding="utf-8")

        done = house.antrean("reload", "--data", str(house.data))
        again = await house.post(f"{API}/tickets", {"service": service}, kiosk)
        health = await house.get("/healthz")

        assert done.returncode == 1
        assert service in done.stderr
        assert again["number"].endswith("002")
        assert any("config.toml" in alarm for alarm in health["alarms"])


async def test_a_wrong_file_changes_nothing_in_a_running_mall(tmp_path: Path):
    """A file with mistakes is refused with every mistake, and the mall goes on."""
    config = tmp_path / "config.toml"
    config.write_text(SAMPLE.read_text(encoding="utf-8"), encoding="utf-8")
    async with server(tmp_path, config=config) as house:
        config.write_text(config.read_text(encoding="utf-8") + "\n[boadrs.x]\nzones = []\n", encoding="utf-8")

        done = house.antrean("reload", "--data", str(house.data))

        assert done.returncode == 1
        assert "boards" in done.stderr
        assert (await house.get("/readyz")).status == 200


async def test_a_restart_under_a_breaking_file_keeps_the_days_rules(tmp_path: Path):
    """A file edited while the server was down does not break the day: the journal's rules hold, with an alarm."""
    config = tmp_path / "config.toml"
    text = SAMPLE.read_text(encoding="utf-8")
    config.write_text(text, encoding="utf-8")
    async with server(tmp_path, config=config) as house:
        kiosk, token = house.token("kiosk", "--name", "kiosk-1"), house.token("supervisor")
        service = (await house.get(f"{API}/queues", token)).body[0]["service"]
        await house.post(f"{API}/tickets", {"service": service}, kiosk)
        at = text.index('prefix = "', text.index(f"[services.{service}]"))
        config.write_text(text[:at] + 'prefix = "ZZZ"' + text[text.index("\n", at) :], encoding="utf-8")

        await house.kill()
        await house.start()
        ticket = await house.post(f"{API}/tickets", {"service": service}, kiosk)

        assert ticket["number"].endswith("002")
        assert not ticket["number"].startswith("ZZZ")
        assert (await house.get("/healthz"))["alarms"]


async def test_reload_names_the_file_it_means(tmp_path: Path):
    """With --config the file that is meant can be named; another one than the server's is refused."""
    config = tmp_path / "config.toml"
    config.write_text(SAMPLE.read_text(encoding="utf-8"), encoding="utf-8")
    async with server(tmp_path, config=config) as house:
        same = house.antrean("reload", "--data", str(house.data), "--config", str(config))
        other = house.antrean("reload", "--data", str(house.data), "--config", str(SAMPLE))

        assert same.returncode == 0
        assert other.returncode == 1
        assert str(config) in other.stderr


async def test_a_reload_leaves_no_token_and_asks_no_proxy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Whatever proxies the environment names, the server on this machine is asked itself; nothing stays valid after."""
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    async with server(tmp_path) as house:
        done = house.antrean("reload", "--data", str(house.data))

        registry = open_registry(house.data / "registry.db")
        tokens = registry.tokens.list()
        registry.close()
        assert (done.returncode, done.stderr) == (0, "")
        assert tokens == []


async def test_serve_and_demo_say_who_reaches_them_in_the_clear(tmp_path: Path):
    """At an address that others reach the operator reads what that means; a demonstration has no PIN that all know."""
    async with server(tmp_path / "a", "--host", "0.0.0.0") as house:
        open_to_all = house.log()
    async with server(tmp_path / "b") as house:
        alone = house.log()
    async with server(tmp_path / "c", "--host", "0.0.0.0", command="demo") as house:
        shown = house.log()
        known = await house.post(f"{API}/sign-in", {"name": "ani", "password": "1234"}, X_Antrean="1")

    assert "unencrypted" in open_to_all
    assert "certificate" in open_to_all
    assert "unencrypted" not in alone
    assert "every machine" in shown
    assert known.status == 401


async def test_nobody_writes_lines_of_their_own_into_the_log(tmp_path: Path):
    """Line breaks, control characters and made-up lines in addresses, headers, bodies and names stay out of it."""
    line = '{"event": "forged", "level": "error"}'
    async with server(tmp_path) as house:
        clerk = house.token("clerk", "--name", "ani")
        escaped = quote(f"x\r\n{line}\x1b[31m")
        for path in (f"/{escaped}", f"{API}/tickets/{escaped}", f"/t/{escaped}", f"{API}/live?topic={escaped}"):
            await house.get(path, User_Agent=line, Referer=line)
        for name in (f"x\n{line}", "\x1b]0;forged\x07", "\u2028forged"):
            await house.post(f"{API}/sign-in", {"name": name, "password": name}, X_Antrean="1")
            await house.post(f"{API}/counters/{quote(name)}/open", {}, clerk)
            await house.post(f"{API}/tickets", {"service": name, "kiosk": name, "note": name}, clerk)
        said = house.log()

    lines = [json.loads(one) for one in said.splitlines()]
    assert len(lines) > 5
    assert "forged" not in said


async def test_what_is_no_request_leaves_one_line_in_the_log(tmp_path: Path):
    """A malformed request is answered and noted in one line; nobody can fill the log with tracebacks."""
    async with server(tmp_path) as house:
        reader, writer = await asyncio.open_connection("127.0.0.1", house.port)
        writer.write(b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: many\r\n\r\n")
        await writer.drain()
        answer = await asyncio.wait_for(reader.read(), 10)
        writer.close()

        assert b" 400 " in answer
        assert "Traceback" not in house.log()
        assert "not_http" in house.log()


async def test_a_language_that_the_mall_is_given_reaches_every_page(tmp_path: Path):
    """From the reload on each page has its words, and starts in it where it is the first; no restart."""
    config = tmp_path / "config.toml"
    config.write_text(MALL, encoding="utf-8")
    async with server(tmp_path, config=config) as house:
        before = [(await house.get(path)).body.decode() for path in PAGES]
        config.write_text(MALL.replace('["en"]', '["fr", "en"]'), encoding="utf-8")

        done = house.antrean("reload", "--data", str(house.data))
        after = [(await house.get(path)).body.decode() for path in PAGES]

    assert (done.returncode, done.stderr) == (0, "")
    assert not any('"name":"Français"' in page for page in before)
    assert all('"name":"Français"' in page for page in after)
    assert ['<html lang="fr"' in page for page in after] == [True, True, False]
