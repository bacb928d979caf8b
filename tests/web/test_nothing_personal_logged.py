"""Logs hold no name, phone, note, reason, password, token or cookie, whatever is done and refused."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import structlog

from queue_server.database import open_file
from queue_server.registry.roles import Role
from queue_server.service import logs
from queue_server.service.logs import log
from tests.web.edge import CONFIG, Edge, edge_at
from tests.web.test_citizens import ASKS

NAME, PHONE, NOTE, REASON = "Wulandari", "081255501234", "wheelchair at the side door", "Tea with Budiman"
PERSON, PASSWORD, WRONG = "Kartini", "471108-kopi", "908172-susu"


async def everything(edge: Edge, data: Path) -> list[str]:
    """What people do and what is refused to them; gives the secrets that came up."""
    edge.parts.registry.people.add(PERSON, Role.CLERK, secret=PASSWORD)
    token = edge.token("supervisor", name="Suparman")
    signed_in = await edge.post("/sign-in", {"name": PERSON, "password": PASSWORD})
    cookie = signed_in.headers["Set-Cookie"].partition(";")[0].partition("=")[2]
    for _ in range(3):
        await edge.post("/sign-in", {"name": PERSON, "password": WRONG})
        await edge.post("/sign-in", {"name": NAME, "password": WRONG})
    ticket = await edge.ticket(citizen={"name": NAME, "phone": PHONE})
    for citizen in ({"name": NAME, "nik": PHONE}, {"phone": f"{PHONE} {NAME}"}, {"name": f"{NAME}\u202e"}, NAME):
        await edge.post("/tickets", {"service": "passport", "citizen": citizen}, by="kiosk")
    await edge.post("/tickets", {"service": "visa", "citizen": {"name": NAME}}, by="kiosk")
    await edge.post("/tickets", f'{{"citizen": "{NAME}'.encode(), by="kiosk")
    await edge.post("/counters/1/open", by="clerk")
    await edge.post("/counters/1/call-next", by="clerk")
    await edge.get(f"/tickets/{ticket['id']}/citizen", by="clerk")
    await edge.get(f"/tickets/{ticket['id']}/citizen", by=token)
    await edge.post(f"/tickets/{ticket['id']}/note", {"text": NOTE}, by="clerk")
    await edge.post("/counters/1/pause", {"reason": REASON}, by="clerk")
    await edge.post("/services/visa/pause", {"reason": REASON}, by=token)
    await edge.get("/queues", by="antrean_" + WRONG)
    damage(data)
    await edge.get(f"/tickets/{ticket['id']}", by="clerk")
    return [token, cookie]


def damage(data: Path) -> None:
    """Every word that is kept cannot be opened any more: that is a fault, which is logged."""
    db = open_file(data / "registry.db")
    db.execute("UPDATE personal SET sealed = zeroblob(length(sealed))")
    db.close()


@contextmanager
def logging_into(path: Path) -> Iterator[None]:
    """Every line of this process goes there, whatever a test before has set up."""
    before = structlog.get_config()
    with path.open("w", encoding="utf-8") as file:
        logs.set_up(file=file)
        try:
            yield
        finally:
            structlog.configure(**before)
            log.follow()


async def test_nothing_personal_and_no_secret_is_logged(tmp_path: Path):
    """Not in any line from the start to the stop; that the log was listened to is seen by what must stand there."""
    lines = tmp_path / "log"
    with logging_into(lines):
        async with edge_at(tmp_path, config=CONFIG + ASKS) as edge:
            secrets = await everything(edge, tmp_path / "data")
            await edge.engine.settled()

    logged = lines.read_text(encoding="utf-8")
    assert "listening" in logged
    assert "part_failed" in logged
    words = (NAME, PHONE, NOTE, REASON, PERSON, PASSWORD, WRONG, "Suparman", "Budiman", *secrets)
    assert [word for word in words if word.casefold() in logged.casefold()] == []
