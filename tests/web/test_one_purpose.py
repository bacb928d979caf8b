"""What lets somebody in is good for what it was made for: one kiosk, one board, one printer, one sign-in."""

from __future__ import annotations

import pytest

from queue_server.registry.roles import Role
from queue_server.wire import printing as wire
from tests.web.edge import CONFIG, Edge, edge_at
from tests.web.test_agents import heard, say
from tests.web.test_sign_in import hire, signed_in

TWO = CONFIG.replace('[boards.main]\nzones = ["a"]\n', '[boards.main]\nzones = ["a"]\n[boards.other]\nzones = ["a"]\n')
TWO = TWO.replace('[kiosks.K1]\nprinter = "P1"\n', '[kiosks.K1]\nprinter = "P1"\n[kiosks.K2]\nprinter = "P2"\n')


@pytest.mark.parametrize(
    ("role", "name", "topic"),
    [
        (Role.KIOSK, "K1", "kiosk:K2"),
        (Role.KIOSK, "K1", "board:main"),
        (Role.KIOSK, "K1", "floor"),
        (Role.KIOSK, "K1", "counter:1"),
        (Role.DISPLAY, "main", "board:other"),
        (Role.DISPLAY, "main", "kiosk:K1"),
        (Role.DISPLAY, "main", "floor"),
        (Role.PRINTER, "P1", "printer:P2"),
        (Role.PRINTER, "P1", "board:main"),
        (Role.PRINTER, "P1", "kiosk:K1"),
    ],
)
async def test_a_devices_token_watches_nothing_else(tmp_path, role: Role, name: str, topic: str):
    """Whoever takes a token out of a machine sees no more with it than that machine did."""
    async with edge_at(tmp_path, config=TWO) as edge:
        answer = await edge.get(f"/live?topic={topic}", by=edge.token(role, name=name))

        assert answer.status == 403, answer


async def test_a_display_is_of_one_board(tmp_path):
    """Whether it was let in for a board or its token is named after one; another name is for whichever it is set up."""
    async with edge_at(tmp_path, config=TWO) as edge:
        paired = edge.token(Role.DISPLAY, name="entrance", shows="main")
        named, spare = edge.token(Role.DISPLAY, name="main"), edge.token(Role.DISPLAY, name="spare")

        own = [(await edge.get("/boards/main", by=by)).status for by in (paired, named, spare)]
        others = [(await edge.get("/boards/other", by=by)).said for by in (paired, named)]

        assert (own, (await edge.get("/boards/other", by=spare)).status) == ([200, 200, 200], 200)
        assert others == [(403, "forbidden", "other_device")] * 2


async def test_a_printers_agent_cannot_say_that_it_is_another(edge: Edge):
    """The printer is the token's, whatever the agent's first message says."""
    async with edge.live("printer:P1", by="printer") as socket:
        await say(socket, wire.Hello(agent="7", printer="P2"))
        await say(socket, wire.Status(ready=True))
        await edge.ticket()

        job = await heard(socket, wire.Job)
        devices = {one["id"]: one["state"] for one in (await edge.get("/devices", by="manager")).body}

        assert job.ticket
        assert (devices["P1"], devices["P2"]) == ("ready", "offline")


async def test_a_session_is_made_by_signing_in_only(edge: Edge):
    """A cookie that an attacker put into the browser before is not what lets in afterwards."""
    hire(edge)
    planted = (await signed_in(edge)).replace("=", "=x", 1)

    answer = await edge.post("/sign-in", {"name": "ani", "password": "rahasia-1"}, Cookie=planted)
    given = str(answer.headers["Set-Cookie"]).partition(";")[0]

    assert given != planted
    assert (await edge.get("/me", Cookie=given)).status == 200
    assert (await edge.get("/me", Cookie=planted)).status == 401
