"""From a call in the hall to a phone whose page is closed: a whole server, and a push service that opens messages."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from functools import partial
from pathlib import Path
from stat import S_IMODE

import pytest
from click.testing import CliRunner

from queue_server.cli import antrean
from queue_server.notices.phones.kept import PER_TICKET
from queue_server.notices.phones.services import IN_A_ROW
from tests.notices.phones.service import Browser, PushService, push_service
from tests.waiting import until
from tests.web.edge import CONFIG, Answer, Edge, edge_at


@pytest.fixture
async def service() -> AsyncIterator[PushService]:
    async with push_service() as here:
        yield here


def mall(service: PushService, more: str = "") -> str:
    return f"""{CONFIG}
[push]
on = true
contact = "mailto:antrean@mall.example"
near = 1
through = ["{service.at}"]
{more}"""


async def ready(edge: Edge) -> None:
    """The mall has its key."""
    await until(lambda: edge.parts.phones.key)


async def told(edge: Edge, browser: Browser, ticket: Answer, **more: str) -> Answer:
    """Have this phone told of the ticket."""
    return await edge.post(f"/tickets/{ticket['id']}/phone", {**browser.body, **more})


async def looked(edge: Edge) -> None:
    """Everything that happened by now has been looked at, and nothing is on its way."""
    rounds = edge.parts.phones.rounds
    await until(lambda: edge.parts.phones.rounds > rounds + 1)


async def test_a_phone_is_told_of_its_call(tmp_path: Path, service: PushService):
    """Number, counter and what to do, in its language, sealed for it, signed by the mall, urgent and short-lived."""
    async with edge_at(tmp_path, config=mall(service)) as edge:
        await ready(edge)
        ticket, browser = await edge.ticket(language="en"), service.subscribe()
        asked = await told(edge, browser, ticket)
        await edge.post("/counters/1/open", by="clerk")
        await edge.post("/counters/1/call-next", by="clerk")
        await until(lambda: service.got)
        key = edge.parts.phones.key

    (got,) = service.got
    assert asked.status == 204
    assert got.shown == {
        "heading": "A 001: Counter 1",
        "body": "Please go now",
        "tag": ticket["id"],
        "leads": f"/t/{ticket['id']}",
        "lang": "en",
        "dir": "ltr",
        "insists": True,
    }
    assert got.key == key
    assert (got.headers["urgency"], got.headers["ttl"]) == ("high", "300")
    assert ticket["id"] not in str(got.headers)


async def test_a_mall_behind_a_proxy_tells_through_it(tmp_path: Path, service: PushService):
    """The proxy is asked, inside the mall as it stands; nobody here looks the push service's name up."""
    proxy, service.at = service.at, "http://push.nobody.example:9000"
    async with edge_at(tmp_path, config=mall(service, f'proxy = "{proxy}"')) as edge:
        await ready(edge)
        ticket, browser = await edge.ticket(language="en"), service.subscribe()
        await told(edge, browser, ticket)
        await edge.post("/counters/1/open", by="clerk")
        await edge.post("/counters/1/call-next", by="clerk")
        await until(lambda: service.got)

    (got,) = service.got
    assert got.shown["heading"] == "A 001: Counter 1"
    assert got.headers["host"] == "push.nobody.example:9000"


async def test_messages_of_a_ticket_take_each_others_place(tmp_path: Path, service: PushService):
    """One topic at the push service and one tag on the phone, whatever is said, after a restart, too."""
    async with edge_at(tmp_path, config=mall(service)) as edge:
        await ready(edge)
        for _ in range(2):
            await edge.ticket()
        ticket, browser = await edge.ticket(language="en"), service.subscribe()
        await told(edge, browser, ticket)
        await edge.post("/counters/1/open", by="clerk")
        await edge.post("/counters/1/call-next", by="clerk")
        await until(lambda: service.got)
        await looked(edge)
    async with edge_at(tmp_path, config=mall(service), at=edge.clock.now()) as edge:
        await ready(edge)
        budi = edge.token("clerk", name="budi")
        await edge.post("/counters/2/open", by=budi)
        await edge.post("/counters/2/call-next", by=budi)
        await edge.post("/counters/2/start", by=budi)
        await edge.post("/counters/2/call-next", by=budi)
        await until(lambda: len(service.got) == 2)

    assert service.headings == ["A 003: 1 person ahead of you", "A 003: Counter 2"]
    assert len({one.headers["topic"] for one in service.got}) == 1
    assert len({one.shown["tag"] for one in service.got}) == 1


async def test_what_was_told_is_not_told_again_after_a_restart(tmp_path: Path, service: PushService):
    """What the phone has is on disk."""
    async with edge_at(tmp_path, config=mall(service)) as edge:
        await ready(edge)
        ticket = await edge.ticket(language="en")
        await told(edge, service.subscribe(), ticket)
        await edge.post("/counters/1/open", by="clerk")
        await edge.post("/counters/1/call-next", by="clerk")
        await until(lambda: service.got)
        await looked(edge)
    async with edge_at(tmp_path, config=mall(service), at=edge.clock.now()) as edge:
        await ready(edge)
        await looked(edge)
        known = len(edge.parts.phones.phones)

    assert (known, service.tried) == (1, 1)


async def test_what_was_not_taken_is_told_after_a_restart(tmp_path: Path, service: PushService):
    """A call during an outage of the line reaches the phone once that is back, though the server began anew."""
    service.answers = [503] * 1_000
    async with edge_at(tmp_path, config=mall(service)) as edge:
        await ready(edge)
        ticket = await edge.ticket(language="en")
        await told(edge, service.subscribe(), ticket)
        await edge.post("/counters/1/open", by="clerk")
        await edge.post("/counters/1/call-next", by="clerk")
        await until(lambda: service.tried > 1)
    service.answers = []
    async with edge_at(tmp_path, config=mall(service), at=edge.clock.now()) as edge:
        await until(lambda: service.got)

    assert service.headings == ["A 001: Counter 1"]


async def test_what_is_over_is_not_told_any_more(tmp_path: Path, service: PushService):
    """An outage ends after the call has: the phone hears nothing of it, and is forgotten with its ticket."""
    service.answers = [503]
    async with edge_at(tmp_path, config=mall(service)) as edge:
        await ready(edge)
        ticket = await edge.ticket(language="en")
        service.answers *= 1_000
        await told(edge, service.subscribe(), ticket)
        await edge.post("/counters/1/open", by="clerk")
        await edge.post("/counters/1/call-next", by="clerk")
        await until(lambda: service.tried)
        await edge.post("/counters/1/start", by="clerk")
        await edge.post("/counters/1/finish", by="clerk")
        await until(lambda: not len(edge.parts.phones.phones))
        service.answers = []
        await looked(edge)

    assert service.got == []
    assert b"/push/" not in (tmp_path / "data" / "phones.db").read_bytes()


@pytest.mark.parametrize("status", [404, 410])
async def test_a_phone_that_took_it_back_is_forgotten(tmp_path: Path, service: PushService, status: int):
    """Its push service says that there is no such subscription any more."""
    service.answers = [status]
    async with edge_at(tmp_path, config=mall(service)) as edge:
        await ready(edge)
        ticket = await edge.ticket()
        await told(edge, service.subscribe(), ticket)
        await edge.post("/counters/1/open", by="clerk")
        await edge.post("/counters/1/call-next", by="clerk")
        await until(lambda: not len(edge.parts.phones.phones))

    assert service.tried == 1


async def test_a_service_that_asks_to_wait_is_asked_again(tmp_path: Path, service: PushService):
    """429 with Retry-After: then, and it counts once."""
    service.answers = [429]
    async with edge_at(tmp_path, config=mall(service)) as edge:
        await ready(edge)
        ticket = await edge.ticket()
        await told(edge, service.subscribe(), ticket)
        await edge.post("/counters/1/open", by="clerk")
        await edge.post("/counters/1/call-next", by="clerk")
        await until(lambda: service.got)
        await looked(edge)

    assert (service.tried, len(service.got)) == (2, 1)


async def test_a_redirect_is_not_followed(tmp_path: Path, service: PushService):
    """A push service cannot make the server call another address."""
    service.answers = [307] * 1_000
    async with edge_at(tmp_path, config=mall(service)) as edge:
        await ready(edge)
        ticket = await edge.ticket()
        await told(edge, service.subscribe(), ticket)
        await edge.post("/counters/1/open", by="clerk")
        await edge.post("/counters/1/call-next", by="clerk")
        await until(lambda: service.tried > 1)

    assert service.got == []


async def test_a_phone_that_says_no_more_is_told_no_more(tmp_path: Path, service: PushService):
    """Off is off, at once, and may be said twice."""
    async with edge_at(tmp_path, config=mall(service)) as edge:
        await ready(edge)
        ticket, browser = await edge.ticket(), service.subscribe()
        await told(edge, browser, ticket)
        stops = [
            await edge.post(f"/tickets/{ticket['id']}/phone/stop", {"endpoint": browser.endpoint}) for _ in range(2)
        ]
        await edge.post("/counters/1/open", by="clerk")
        await edge.post("/counters/1/call-next", by="clerk")
        await looked(edge)

    assert [one.status for one in stops] == [204, 204]
    assert service.tried == 0


async def test_the_service_stands_on_a_locked_screen_only_where_the_mall_says_so(tmp_path: Path, service: PushService):
    """What somebody comes for is theirs to tell."""
    async with edge_at(tmp_path, config=mall(service, "names_service = true")) as edge:
        await ready(edge)
        ticket = await edge.ticket(language="id")
        await told(edge, service.subscribe(), ticket, language="en")
        await edge.post("/counters/1/open", by="clerk")
        await edge.post("/counters/1/call-next", by="clerk")
        await until(lambda: service.got)

    assert service.got[0].shown["body"] == "Please go now\nPassport"


async def test_a_mall_that_does_not_want_it_takes_no_phone(tmp_path: Path, service: PushService):
    """Off unless switched on: no key is made, no page has the button, nothing is kept."""
    async with edge_at(tmp_path) as edge:
        ticket = await edge.ticket()
        refused = await told(edge, service.subscribe(), ticket)
        page = await edge.page(f"/t/{ticket['id']}")

    assert refused.said == (404, "not_found", "push_off")
    assert b"webmanifest" not in page.body
    assert not (tmp_path / "data" / "push.key").exists()


async def test_the_key_is_the_malls_alone_and_stays(tmp_path: Path, service: PushService):
    """Made at first start, for nobody else to read; after a restart phones know the mall again."""
    keys = []
    for _ in range(2):
        async with edge_at(tmp_path, config=mall(service)) as edge:
            await ready(edge)
            keys.append(edge.parts.phones.key)

    assert keys[0] == keys[1]
    assert S_IMODE((tmp_path / "data" / "push.key").stat().st_mode) == 0o600


async def test_only_what_a_browser_gives_is_taken(tmp_path: Path, service: PushService):
    """Another push service, keys that are none, a ticket that is over or nobody's: refused, and nothing is kept."""
    async with edge_at(tmp_path, config=mall(service)) as edge:
        await ready(edge)
        ticket, over = await edge.ticket(), await edge.ticket()
        await edge.post(f"/tickets/{over['id']}/cancel")
        good = service.subscribe().body
        path = f"/tickets/{ticket['id']}/phone"
        refused = [
            await edge.post(path, {**good, "endpoint": "https://10.0.0.1/push/1"}),
            await edge.post(path, {**good, "endpoint": f"{edge.mall.url}/api/v1/mall"}),
            await edge.post(path, {**good, "key": "AAAA"}),
            await edge.post(path, {**good, "auth": "!"}),
            await edge.post(f"/tickets/{over['id']}/phone", good),
            await edge.post("/tickets/nobodys/phone", good),
        ]
        kept = len(edge.parts.phones.phones)

    assert [one.said for one in refused] == [
        (422, "invalid", "push_service"),
        (422, "invalid", "push_service"),
        (422, "invalid", "push_keys"),
        (422, "invalid", "push_keys"),
        (409, "illegal_move", "over"),
        (404, "not_found", None),
    ]
    assert kept == 0


async def test_one_ticket_has_few_phones(tmp_path: Path, service: PushService):
    """One more is refused, so that nobody puts the owner out; the same twice is one, and one that goes makes room."""
    async with edge_at(tmp_path, config=mall(service)) as edge:
        await ready(edge)
        ticket = await edge.ticket()
        browsers = [service.subscribe() for _ in range(PER_TICKET + 1)]
        answers = [await told(edge, browser, ticket) for browser in (*browsers, browsers[0])]
        kept = {phone.subscription.endpoint for phone in edge.parts.phones.phones.of(ticket["id"])}
        await edge.post(f"/tickets/{ticket['id']}/phone/stop", {"endpoint": browsers[0].endpoint})
        later = await told(edge, browsers[-1], ticket)

    assert [one.status for one in answers] == [*[204] * PER_TICKET, 409, 204]
    assert answers[PER_TICKET].said == (409, "quota_reached", "phones")
    assert kept == {browser.endpoint for browser in browsers[:-1]}
    assert later.status == 204


@pytest.mark.parametrize("by", ["browser", "command"])
async def test_who_is_erased_is_told_nothing_more(tmp_path: Path, service: PushService, by: str):
    """The phone's row goes at once, also beside the server; the page that asks again is refused; others go on."""
    async with edge_at(tmp_path, config=mall(service)) as edge:
        await ready(edge)
        ticket, other = await edge.ticket(language="en"), await edge.ticket(language="en")
        browser = service.subscribe()
        for one in (ticket, other):
            await told(edge, browser if one is ticket else service.subscribe(), one)
        before = (await edge.post("/privacy/export", {"ticket": ticket["id"]}, by="admin")).body
        if by == "browser":
            await edge.post("/privacy/erase", {"tickets": [ticket["id"]]}, by="admin")
        else:
            where = ("--config", str(tmp_path / "config.toml"), "--data", str(tmp_path / "data"))
            words = ["privacy", "erase", ticket["id"], "--yes", *where]
            assert (await asyncio.to_thread(CliRunner().invoke, antrean, words)).exit_code == 0
        with closing(sqlite3.connect(tmp_path / "data" / "phones.db")) as db:
            rows = [found for (found,) in db.execute("SELECT ticket FROM phones")]
        again = await told(edge, browser, ticket)
        await edge.post("/counters/1/open", by="clerk")
        await edge.post("/counters/1/call-next", by="clerk")
        await edge.post("/counters/1/start", by="clerk")
        await edge.post("/counters/1/finish", by="clerk")
        await edge.post("/counters/1/call-next", by="clerk")
        await until(lambda: "A 002: Counter 1" in service.headings)

    assert before[0]["phones"] == 1
    assert rows == [other["id"]]
    assert again.said == (409, "illegal_move", "erased")
    assert not [one for one in service.headings if "001" in one]


async def test_an_address_that_a_phone_made_up_alarms_nobody(tmp_path: Path, service: PushService):
    """It leads nowhere: tried again, and nobody of the hall hears of it; a service that is down for all is told of."""
    made_up = 'through = ["push.invalid", '
    async with edge_at(tmp_path, config=mall(service).replace("through = [", made_up)) as edge:
        await ready(edge)
        ticket, browser = await edge.ticket(language="en"), service.subscribe()
        await told(edge, browser, ticket, endpoint="https://nobody.push.invalid/1")
        await edge.post("/counters/1/open", by="clerk")
        await edge.post("/counters/1/call-next", by="clerk")
        (phone,) = edge.parts.phones.phones.of(ticket["id"])
        await until(lambda: phone.tries)
        quiet = edge.engine.faults.of("messages", "phones")
        service.answers = [503] * 1_000
        waiting = [await edge.ticket(language="en") for _ in range(IN_A_ROW)]
        for one in waiting:
            await told(edge, service.subscribe(), one)
        budi = edge.token("clerk", name="budi")
        await edge.post("/counters/2/open", by=budi)
        noted = []
        for one in waiting:
            (its,) = edge.parts.phones.phones.of(one["id"])
            await edge.post("/counters/2/call-next", by=budi)
            await until(partial(getattr, its, "tries"))
            noted.append(edge.engine.faults.of("messages", "phones") is not None)
            for move in ("start", "finish"):
                await edge.post(f"/counters/2/{move}", by=budi)
        await until(lambda: edge.engine.faults.of("messages", "phones") is None)  # nobody waits any more

    assert quiet is None
    assert (noted[0], noted[-1]) == (False, True)


async def test_nothing_of_a_phone_can_be_read_in_the_file(tmp_path: Path, service: PushService):
    """Where it is told, and by which keys, is sealed by a key that lies elsewhere."""
    async with edge_at(tmp_path, config=mall(service)) as edge:
        await ready(edge)
        browser = service.subscribe()
        await told(edge, browser, await edge.ticket())
    files = b"".join(path.read_bytes() for path in (tmp_path / "data").glob("phones.db*"))

    assert b"/push/" not in files
    assert browser.auth not in files


async def test_phones_whose_seal_cannot_be_opened_are_forgotten(tmp_path: Path, service: PushService):
    """The mall's key has gone: the server starts, and those phones ask anew."""
    async with edge_at(tmp_path, config=mall(service)) as edge:
        await ready(edge)
        await told(edge, service.subscribe(), await edge.ticket())
    (tmp_path / "data" / "personal.key").unlink()

    async with edge_at(tmp_path, config=mall(service), at=edge.clock.now()) as edge:
        await ready(edge)
        kept = len(edge.parts.phones.phones)

    assert kept == 0
