"""From the hall to whoever is told: a whole server, a real mail server with TLS, a real program behind a webhook."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientWebSocketResponse

from queue_server.journal.closing import read_closings
from queue_server.notices.outbox import Outbox
from queue_server.notices.sending import quiet
from tests.notices.post import PASSWORD, USER, Hook, hook, mail_server
from tests.service.test_closings import over
from tests.waiting import until
from tests.web.edge import CONFIG, NINE, Edge, edge_at

pytestmark = [
    # what the test's own mail server warns of: with TLS from the first byte it thinks that there is none
    pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS:UserWarning"),
    pytest.mark.filterwarnings("ignore:Session.login_data is deprecated:DeprecationWarning"),
    # what Apprise brings with it wants an old module of Python's
    pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning"),
]

KEY = bytes(range(32))
QUIET = int(datetime.fromisoformat("2026-11-24T10:30:00+07:00").timestamp() * 1000)


CROWD = """[alerts.crowd]
when = "queue"
more_than = 1
after = "1m"
calm = "2m"
to = ["duty"]
"""


def mall(folder: Path, told: str, *, rule: str = CROWD, more: str = "") -> str:
    """The small mall, with a duty that is told as `told` says of what a rule finds: queues of more than one."""
    (folder / "mail.password").write_text(PASSWORD + "\n")
    (folder / "hook.secret").write_text(f"whsec_{base64.b64encode(KEY).decode()}\n")
    return f"""{CONFIG}
[recipients.duty]
language = "en"
{told}
{rule}
{more}
"""


def mailed(port: int, security: str) -> str:
    return f"""
[mail]
host = "127.0.0.1"
port = {port}
security = "{security}"
sender = "Antrean <antrean@mall.example>"
user = "{USER}"
password_file = "mail.password"
authority = "mail.pem"
"""


def hooked(receiver: Hook) -> str:
    return f'webhook = "{receiver.at}"\nsecret_file = "hook.secret"\n'


async def crowd(edge: Edge) -> list[str]:
    """Two wait, for long enough that somebody is told; their ids."""
    tickets = [(await edge.ticket())["id"] for _ in range(2)]
    await noticed(edge)
    edge.wait(61)
    await noticed(edge)
    return tickets


async def noticed(edge: Edge) -> None:
    """The watch has looked once more."""
    await edge.mall.telling.watch.look()


async def tried(edge: Edge) -> None:
    """Whatever is to be sent now has been tried: a round that was under way, and one that began after it."""
    post = edge.mall.telling.post
    rounds = post.rounds
    await until(lambda: post.rounds >= rounds + 2)


async def heard(socket: ClientWebSocketResponse) -> dict[str, Any]:
    """The first view."""
    frame: dict[str, Any] = {}
    while "view" not in frame:
        frame = await socket.receive_json()
    return frame


async def settle(edge: Edge, tickets: list[str]) -> None:
    """One of them leaves, and it stays so for long enough."""
    left = await edge.post(f"/tickets/{tickets[0]}/cancel")
    assert left.status == 200, left
    await noticed(edge)
    edge.wait(121)
    await noticed(edge)


@pytest.mark.parametrize("security", ["tls", "starttls"])
async def test_an_alert_is_mailed_when_it_begins_and_when_it_ends(tmp_path: Path, security: str):
    """What, where, since when and what to do, over TLS with a password; one mail as it begins, one as it ends."""
    async with mail_server(tmp_path, tls=security) as (inbox, port):
        config = mall(tmp_path, 'email = ["duty@mall.example", "boss@mall.example"]', more=mailed(port, security))
        async with edge_at(tmp_path, config=config) as edge:
            tickets = await crowd(edge)
            await until(lambda: inbox.mails)
            await settle(edge, tickets)
            await until(lambda: len(inbox.mails) == 2)

    body = inbox.mails[0].get_content()
    assert inbox.subjects == ["Mall: 2 people wait for Passport", "Mall: over: 2 people wait for Passport"]
    assert inbox.encrypted == [True, True]
    assert inbox.mails[0]["To"] == "duty@mall.example, boss@mall.example"
    assert "What: 2 people wait for Passport" in body
    assert "Where: Immigration" in body
    assert "Since: Tuesday, 24 November 2026, 09:00" in body
    assert "What to do: Open another counter" in body
    assert inbox.mails[0]["Message-ID"] != inbox.mails[1]["Message-ID"]


async def test_a_mail_server_of_unknown_authority_gets_nothing(tmp_path: Path):
    """Neither message nor password goes to whom TLS does not vouch for; the floor shows that it could not be sent."""
    async with mail_server(tmp_path, tls="starttls") as (inbox, port):
        more = mailed(port, "starttls").replace('authority = "mail.pem"', "")
        config = mall(tmp_path, 'email = ["duty@mall.example"]', more=more)
        async with edge_at(tmp_path, config=config) as edge:
            await crowd(edge)
            await until(lambda: edge.engine.faults.of("messages", "email duty"))

    assert inbox.mails == []


async def test_a_webhook_is_signed_and_tried_again_with_the_same_id(tmp_path: Path):
    """As Standard Webhooks has it; what is not taken, a redirect too, comes again under the same id, in order."""
    async with hook() as receiver:
        receiver.answers = [503, 302]
        async with edge_at(tmp_path, config=mall(tmp_path, hooked(receiver))) as edge:
            tickets = await crowd(edge)
            await settle(edge, tickets)
            await until(lambda: len(receiver.taken) == 2)

    began, ended = receiver.taken
    for headers, body in receiver.tried:
        said = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
        right = base64.b64encode(hmac.new(KEY, said, hashlib.sha256).digest()).decode()
        assert headers["webhook-signature"] == f"v1,{right}"
    assert len({headers["webhook-id"] for headers, _ in receiver.tried[:3]}) == 1
    assert began[0]["webhook-id"] != ended[0]["webhook-id"]
    assert [json.loads(body)["type"] for _, body in receiver.taken] == ["alert.began", "alert.ended"]
    data = json.loads(began[1])["data"]
    assert (data["subject"], data["agency"], data["waiting"]) == ("passport", "immigration", 2)
    assert data["alert"] == json.loads(ended[1])["data"]["alert"]


async def test_a_restart_neither_loses_nor_doubles_a_message(tmp_path: Path):
    """What began before is not begun again, what was not taken is sent after the restart, and the end is told once."""
    async with hook() as receiver:
        config = mall(tmp_path, hooked(receiver))
        receiver.answers = [500] * 100
        async with edge_at(tmp_path, config=config) as edge:
            tickets = await crowd(edge)
            await until(lambda: receiver.tried)
        receiver.answers = []
        async with edge_at(tmp_path, config=config, at=edge.clock.now() + 1_000) as edge:
            await until(lambda: receiver.taken)
            await settle(edge, tickets)
            await until(lambda: len(receiver.taken) == 2)
            await tried(edge)

    assert [json.loads(body)["type"] for _, body in receiver.taken] == ["alert.began", "alert.ended"]


async def test_in_quiet_hours_nobody_is_told(tmp_path: Path):
    """What begins and ends within them is never sent; what is still so when they end is sent then."""
    async with hook() as receiver:
        told = hooked(receiver) + 'quiet = ["09:00-10:00"]'
        async with edge_at(tmp_path, config=mall(tmp_path, told)) as edge:
            tickets = await crowd(edge)
            await settle(edge, tickets)
            await edge.ticket()
            await noticed(edge)
            edge.wait(61)
            await noticed(edge)
            await tried(edge)
            before = list(receiver.tried)
            edge.clock.move(QUIET)
            await until(lambda: receiver.taken)

    outbox = Outbox(tmp_path / "data" / "outbox.db")
    states = list(outbox.states().values())
    outbox.close()
    assert before == []
    assert len(receiver.taken) == 1
    assert sorted(states) == ["dropped", "dropped", "sent"]
    assert NINE < QUIET


async def test_the_floor_shows_a_queue_that_a_rule_calls_too_long(tmp_path: Path):
    """It says how many wait and since when, to an agency only of its own services."""
    async with edge_at(tmp_path, config=mall(tmp_path, "")) as edge:
        await crowd(edge)
        async with edge.live("floor", by=edge.token("supervisor", name="s", agency="immigration")) as socket:
            floor = (await heard(socket))["view"]
        async with edge.live("floor", by=edge.token("supervisor", name="t", agency="registry")) as socket:
            other = (await heard(socket))["view"]

    assert [(a["subject"], a["fields"]) for a in floor["alerts"] if a["kind"] == "queue"] == [
        ("passport", {"waiting": 2})
    ]
    assert [a for a in other["alerts"] if a["kind"] == "queue"] == []


async def test_apprise_delivers_to_a_program(tmp_path: Path):
    """Every address of the file is told, once as it begins and once as it ends; a comment in it is none."""
    async with hook() as receiver:
        (tmp_path / "apprise").write_text(f"# the duty's own program\n{receiver.at.replace('http', 'json')}\n")
        async with edge_at(tmp_path, config=mall(tmp_path, 'apprise_file = "apprise"')) as edge:
            tickets = await crowd(edge)
            await until(lambda: receiver.taken)
            await settle(edge, tickets)
            await until(lambda: len(receiver.taken) == 2)
            await tried(edge)

    said = [json.loads(body) for _, body in receiver.taken]
    assert [one["title"] for one in said] == [
        "Mall: 2 people wait for Passport",
        "Mall: over: 2 people wait for Passport",
    ]
    assert "What to do: Open another counter" in said[0]["message"]


async def test_what_apprise_cannot_deliver_is_kept_and_shown(tmp_path: Path):
    """It stays to be tried again, and stands on the floor page meanwhile."""
    async with hook() as receiver:
        receiver.answers = [500] * 100
        (tmp_path / "apprise").write_text(receiver.at.replace("http", "json"))
        async with edge_at(tmp_path, config=mall(tmp_path, 'apprise_file = "apprise"')) as edge:
            await crowd(edge)
            await until(lambda: edge.engine.faults.of("messages", "apprise duty"))

    outbox = Outbox(tmp_path / "data" / "outbox.db")
    states = list(outbox.states().values())
    outbox.close()
    assert receiver.tried
    assert states == ["waiting"]


async def test_a_days_closing_hash_is_sent_to_whoever_keeps_it(tmp_path: Path):
    """Once the day is over, with all that `antrean verify --against` takes; a restart sends it no second time."""
    async with hook() as receiver:
        config = mall(tmp_path, hooked(receiver), rule='[audit]\nto = ["duty"]\n')
        async with edge_at(tmp_path, config=config) as edge:
            await edge.ticket()
            await over(edge)
            await until(lambda: receiver.taken)
        async with edge_at(tmp_path, config=config, at=edge.clock.now() + 1_000) as edge:
            await tried(edge)

    ((_, body),) = receiver.taken
    said = json.loads(body)
    (line,) = read_closings((tmp_path / "data" / "closings.jsonl").read_bytes())
    assert said["type"] == "day.closed"
    assert read_closings(json.dumps({key: said["data"][key] for key in line.__struct_fields__}).encode()) == [line]
    assert line.holds
    assert line.hash in said["data"]["text"]


@pytest.mark.parametrize(
    ("at", "silent"),
    [("21:59", False), ("22:00", True), ("23:59", True), ("00:00", True), ("06:29", True), ("06:30", False)],
)
def test_quiet_hours_go_on_over_midnight(at: str, silent: bool):
    """From ten in the evening until half past six, by the mall's own clock, whichever day it is."""
    now = int(datetime.fromisoformat(f"2026-11-24T{at}:00+07:00").timestamp() * 1000)

    assert quiet(["22:00-06:30"], now, "Asia/Jakarta") is silent
