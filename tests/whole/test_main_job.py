"""The main job over HTTP, whole: from a ticket to a called number, with every part restarted in the middle."""

from __future__ import annotations

import asyncio
from pathlib import Path

from tests.whole.server import Server, server

API = "/api/v1"


async def first_counter(house: Server, token: str) -> dict:
    """A counter of the sample mall that serves something which is open."""
    mall = await house.get(f"{API}/mall")
    open_now = {s["id"] for agency in mall["agencies"] for s in agency["services"] if s["open"]}
    counters = (await house.get(f"{API}/counters", token)).body
    return next(c for c in counters if set(c["services"]) & open_now)


async def test_from_a_tap_to_a_finished_visit(tmp_path: Path):
    """A ticket taken at a kiosk is called, started and finished at a counter, and the board shows it meanwhile."""
    async with server(tmp_path) as house:
        kiosk, supervisor = house.token("kiosk", "--name", "K1"), house.token("supervisor")
        place = await first_counter(house, supervisor)
        clerk = house.token("clerk", "--name", "ani", "--counter", place["id"])
        counter = f"{API}/counters/{place['id']}"

        ticket = await house.post(f"{API}/tickets", {"service": place["services"][0]}, kiosk)
        opened = await house.post(f"{counter}/open", None, clerk)
        called = await house.post(f"{counter}/call-next", None, clerk)
        boards = [d["id"] for d in (await house.get(f"{API}/devices", supervisor)).body if d["kind"] == "display"]
        board = await house.get(f"{API}/boards/{boards[0]}", supervisor)
        started = await house.post(f"{counter}/start", {"ticket": ticket["id"]}, clerk)
        finished = await house.post(f"{counter}/finish", {"ticket": ticket["id"], "outcome": "done"}, clerk)
        nobody = await house.post(f"{counter}/call-next", None, clerk)

        assert (ticket.status, ticket["state"], ticket["number"][-3:]) == (201, "waiting", "001")
        assert (opened.status, opened["state"]) == (200, "open")
        assert (called["id"], called["state"]) == (ticket["id"], "called")
        assert board["calls"][0]["number"] == ticket["number"]
        assert board["calls"][0]["counter"] == place["id"]
        assert (started["state"], finished["state"]) == ("serving", "served")
        assert nobody.status == 204


async def test_a_power_cut_in_the_middle_loses_nothing(tmp_path: Path):
    """After kill -9 every answered ticket is there once, calls and counters too, and the chain verifies."""
    async with server(tmp_path) as house:
        kiosk, supervisor = house.token("kiosk", "--name", "K1"), house.token("supervisor")
        place = await first_counter(house, supervisor)
        clerk = house.token("clerk", "--name", "ani")
        counter, service = f"{API}/counters/{place['id']}", place["services"][0]
        await house.post(f"{counter}/open", None, clerk)
        answered: dict[str, str] = {}
        keys = [f"tap-{index}" for index in range(400)]

        async def tap(key: str) -> None:
            try:
                ticket = await house.post(f"{API}/tickets", {"service": service}, kiosk, Idempotency_Key=key)
                if ticket.status == 201:
                    answered[key] = ticket["id"]
            except OSError:
                pass  # the power went

        taps = [asyncio.create_task(tap(key)) for key in keys]
        async with asyncio.timeout(30):
            while len(answered) < 100:
                await asyncio.wait(taps, return_when=asyncio.FIRST_COMPLETED)
                taps = [task for task in taps if not task.done()]
        await house.kill()
        await asyncio.gather(*taps, return_exceptions=True)
        await house.start()

        for key, id_ in answered.items():
            again = await house.post(f"{API}/tickets", {"service": service}, kiosk, Idempotency_Key=key)
            assert (again.status, again["id"]) == (201, id_)
        called = await house.post(f"{counter}/call-next", None, clerk)
        assert called["number"].endswith("001")
        queue = [q for q in (await house.get(f"{API}/queues", supervisor)).body if q["service"] == service]
        numbers = [entry["number"] for entry in queue[0]["order"]]
        assert len(set(numbers)) == len(numbers)
        assert house.antrean("verify", "--data", str(house.data)).returncode == 0


async def test_two_clerks_race_for_the_last_ticket(tmp_path: Path):
    """Of two clerks who press at once for one waiting ticket, exactly one gets it, every time."""
    async with server(tmp_path) as house:
        supervisor, kiosk = house.token("supervisor"), house.token("kiosk", "--name", "K1")
        counters = (await house.get(f"{API}/counters", supervisor)).body
        place = await first_counter(house, supervisor)
        service = place["services"][0]
        two = [c["id"] for c in counters if service in c["services"]][:2]
        clerks = [house.token("clerk", "--name", name) for name in ("ani", "budi")]
        for id_, clerk in zip(two, clerks, strict=True):
            await house.post(f"{API}/counters/{id_}/open", None, clerk)

        for _ in range(40):
            ticket = await house.post(f"{API}/tickets", {"service": service}, kiosk)
            calls = await asyncio.gather(
                *(
                    house.post(f"{API}/counters/{id_}/call-next", None, clerk)
                    for id_, clerk in zip(two, clerks, strict=True)
                )
            )
            assert sorted(call.status for call in calls) == [200, 204]
            winner = next(index for index, call in enumerate(calls) if call.status == 200)
            assert calls[winner]["id"] == ticket["id"]
            for move in ("start", "finish"):
                await house.post(f"{API}/counters/{two[winner]}/{move}", None, clerks[winner])


async def test_one_server_per_folder(tmp_path: Path):
    """A second server on the same data refuses, says why, and leaves the first alone."""
    async with server(tmp_path) as house:
        second = house.antrean("serve", "--data", str(house.data), "--port", "0")

        assert second.returncode == 1
        assert "--data" in second.stderr
        assert (await house.get("/healthz")).status == 200


async def test_a_wrong_file_starts_nothing(tmp_path: Path):
    """With mistakes in config.toml the server says them all and does not start."""
    wrong = tmp_path / "config.toml"
    wrong.write_text(
        '[mall]\nid = "x1"\nname = { id = "X" }\nlanguages = ["id"]\ntimezone = "Asia/Jakata"\n[servces.a]\n'
    )
    house = Server(tmp_path / "data", wrong, (), "serve")

    done = house.antrean("serve", "--config", str(wrong), "--data", str(tmp_path / "data"), "--port", "0")

    assert done.returncode == 1
    assert "Asia/Jakarta" in done.stderr
    assert "services" in done.stderr
    assert "ready" not in done.stdout
