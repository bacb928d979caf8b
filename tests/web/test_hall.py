"""The hall over HTTP: menu, boards, queues, holds, pauses of services, paper rolls."""

from __future__ import annotations

from pathlib import Path

from tests.web.edge import CONFIG, NINE, Edge, edge_at


async def test_the_menu_is_for_everybody(edge: Edge):
    """Without a token: agencies and services in every language, what is open, and why something is not."""
    await edge.ticket("full")

    mall = await edge.get("/mall")
    services = {s["id"]: s for agency in mall["agencies"] for s in agency["services"]}

    assert (mall["name"]["en"], mall["languages"], mall["open"]) == ("Mall", ["id", "en"], True)
    assert (services["passport"]["open"], services["passport"]["prefix"]) == (True, "A")
    assert (services["full"]["open"], services["full"]["reason"], services["full"]["waiting"]) == (
        False,
        "quota_reached",
        1,
    )
    assert services["night"]["reason"] == "closed_now"


async def test_a_board_shows_the_call(edge: Edge):
    """A call is on the board of its zone with the journal's seq; an unknown board is 404."""
    called = await edge.called()

    board = await edge.get("/boards/main", by="display")
    unknown = await edge.get("/boards/other", by="display")

    assert board["board"] == "main"
    assert [(c["number"], c["counter"], c["recall"]) for c in board["calls"]] == [(called["number"], "1", False)]
    assert [(s["counter"], s["number"]) for s in board["serving"]] == [("1", called["number"])]
    assert unknown.said[:2] == (404, "not_found")


async def test_queues_give_the_order_and_its_reasons(edge: Edge):
    """Each service's queue with who is first and why; a blind mall keeps the order from its clerks."""
    ticket = await edge.ticket()

    queues = {q["service"]: q for q in (await edge.get("/queues", by="clerk")).body}

    assert (queues["passport"]["waiting"], queues["passport"]["target_s"]) == (1, 900)
    assert [(p["ticket"], p["place"], p["why"]) for p in queues["passport"]["order"]] == [(ticket["id"], 1, "due")]


async def test_a_blind_mall_keeps_the_order_to_itself(tmp_path: Path):
    """Where clerks may not choose they do not see who is next either; supervisors do."""
    async with edge_at(tmp_path, config=CONFIG.replace("picking = true", "blind = true")) as edge:
        await edge.ticket()

        clerk = {q["service"]: q for q in (await edge.get("/queues", by="clerk")).body}
        supervisor = {q["service"]: q for q in (await edge.get("/queues", by="supervisor")).body}
        counter = {by: (await edge.get("/counters/1", by=by))["queue"] for by in ("clerk", "supervisor", "manager")}

        assert (clerk["passport"]["waiting"], clerk["passport"]["order"]) == (1, [])
        assert len(supervisor["passport"]["order"]) == 1
        assert {by: queue["waiting"] for by, queue in counter.items()} == dict.fromkeys(counter, 1)
        assert {by: len(queue["next"]) for by, queue in counter.items()} == {"clerk": 0, "supervisor": 1, "manager": 1}


async def test_holding_the_hall(edge: Edge):
    """Nobody is called and no ticket is given until it is released; doing either twice does no harm."""
    await edge.ticket()
    await edge.post("/counters/1/open", by="clerk")

    held = await edge.post("/hall/hold", {"reason": "mistake"}, by="supervisor")
    twice = await edge.post("/hall/hold", {"reason": "mistake"}, by="supervisor")
    call = await edge.post("/counters/1/call-next", by="clerk")
    ticket = await edge.post("/tickets", {"service": "visa"}, by="kiosk")
    released = await edge.post("/hall/release", by="supervisor")
    unsaid = await edge.post("/hall/hold", by="supervisor")

    assert (held["held"], held["held_text"], twice["held"]) == (
        "mistake",
        {"id": "Mistake", "en": "Mistake"},
        "mistake",
    )
    assert (unsaid["held"], unsaid["held_text"], unsaid["evacuation"]) == ("hold", {}, None)
    assert call.said == (409, "counter_closed", "held")
    assert ticket.said == (409, "service_closed", "held")
    assert released["held"] is None


async def test_an_evacuation_is_no_hold_and_ends_by_itself_alone(edge: Edge):
    """Every view says to leave the building until it is safe; no hold and no release ends it, and a hold is left."""
    ticket = await edge.ticket()
    await edge.post("/counters/1/open", by="clerk")

    evacuated = await edge.post("/hall/evacuate", by="supervisor")
    call = await edge.post("/counters/1/call-next", by="clerk")
    issue = await edge.post("/tickets", {"service": "visa"}, by="kiosk")
    held = await edge.post("/hall/hold", by="supervisor")
    released = await edge.post("/hall/release", by="supervisor")
    mall = await edge.get("/mall")
    clear = await edge.post("/hall/all-clear", {"reason": "mistake"}, by="supervisor")
    after = await edge.post("/hall/release", by="supervisor")
    called = await edge.post("/counters/1/call-next", by="clerk")

    assert evacuated["held"] == "evacuation"
    assert evacuated["evacuation"] == {
        "since": "2026-11-24T02:00:00.000Z",
        "text": {},
        "assembly_point": {"id": "The gate", "en": "The gate"},
        "ways": [{"zone": "a", "name": {"id": "A", "en": "A"}, "way": {"id": "Stairs", "en": "Stairs"}}],
    }
    assert call.said == (409, "counter_closed", "evacuation")
    assert issue.said == (409, "service_closed", "evacuation")
    assert held.said == released.said == (409, "illegal_move", "evacuation")
    assert mall["evacuation"] == evacuated["evacuation"]
    assert (clear["evacuation"], clear["held"], after["held"]) == (None, "hold", None)
    assert called["id"] == ticket["id"]


async def test_a_hold_is_never_an_evacuation(edge: Edge):
    """Whoever asks for that by its reason is told where it is; nothing happens by half."""
    refused = await edge.post("/hall/hold", {"reason": "evacuation"}, by="supervisor")
    clerk = await edge.post("/hall/evacuate", by="clerk")

    assert refused.said == (422, "invalid", "evacuation")
    assert clerk.said == (403, "forbidden", "role")
    assert (await edge.get("/mall"))["held"] is None


async def test_an_evacuation_outlives_a_restart(tmp_path: Path):
    """A server that comes back says what it said before."""
    async with edge_at(tmp_path) as edge:
        await edge.post("/hall/evacuate", by="supervisor")

    async with edge_at(tmp_path) as edge:
        mall = await edge.get("/mall")

    assert mall["evacuation"]["since"] == "2026-11-24T02:00:00.000Z"


async def test_pausing_a_service(edge: Edge):
    """A paused service gives no tickets until it is resumed, and the queue says so."""
    paused = await edge.post("/services/visa/pause", {"reason": "printer of the agency"}, by="supervisor")
    ticket = await edge.post("/tickets", {"service": "visa"}, by="kiosk")
    resumed = await edge.post("/services/visa/resume", by="supervisor")
    unknown = await edge.post("/services/x/pause", {"reason": "mistake"}, by="supervisor")

    assert (paused["open"], paused["reason"], resumed["open"]) == (False, "paused", True)
    assert ticket.said == (409, "service_closed", "paused")
    assert unknown.said[:2] == (404, "unknown_service")


async def test_a_paper_roll_is_entered_up_to_the_last_number(edge: Edge):
    """Staff enter the last number torn off, with or without its prefix, and everybody up to it waits."""
    first = await edge.post("/services/roll/roll", {"last": 3}, by="clerk", Idempotency_Key="roll")
    again = await edge.post("/services/roll/roll", {"last": 3}, by="clerk", Idempotency_Key="roll")
    second = await edge.post("/services/roll/roll", {"last": "R 005"}, by="clerk")
    back = await edge.post("/services/roll/roll", {"last": 2}, by="clerk")
    words = await edge.post("/services/roll/roll", {"last": "five"}, by="clerk")
    other = await edge.post("/services/visa/roll", {"last": 1}, by="clerk")

    assert (first["last"], first["waiting"]) == ("R003", 3)
    assert (again.status, again["waiting"]) == (200, 3)
    assert (second["last"], second["waiting"]) == ("R005", 5)
    assert back.said == words.said == (422, "invalid", "roll")
    assert other.said == (422, "invalid", "no_roll")


async def test_a_paper_roll_that_goes_on_from_yesterday_says_where(edge: Edge):
    """A first entry far from the start asks for the first number torn off; nobody is invented meanwhile."""
    unsaid = await edge.post("/services/roll/roll", {"last": 60}, by="clerk")
    said = await edge.post("/services/roll/roll", {"last": 60, "first": "R055", "category": "elderly"}, by="clerk")
    words = await edge.post("/services/roll/roll", {"last": 61, "first": "five"}, by="clerk")

    assert (unsaid.said, unsaid["fields"]["start"]) == ((422, "invalid", "roll_first"), "R001")
    assert (said["last"], said["waiting"]) == ("R060", 6)
    assert (await edge.get("/tickets?number=R060", by="clerk"))["category"] == "elderly"
    assert (words.said, words["fields"]["field"]) == ((422, "invalid", "roll"), "first")


async def test_a_mistyped_entry_of_a_roll_is_taken_back(edge: Edge):
    """As if it had not been entered; the same key again takes back nothing more."""
    await edge.post("/services/roll/roll", {"last": 3}, by="clerk")
    await edge.post("/services/roll/roll", {"last": 44}, by="clerk")

    back = await edge.post("/services/roll/roll/undo", by="clerk", Idempotency_Key="back")
    again = await edge.post("/services/roll/roll/undo", by="clerk", Idempotency_Key="back")
    more = await edge.post("/services/roll/roll/undo", by="clerk")
    right = await edge.post("/services/roll/roll", {"last": 4}, by="clerk")

    assert [(a.status, a["last"], a["waiting"]) for a in (back, again, right)] == [
        (200, "R003", 3),
        (200, "R003", 3),
        (200, "R004", 4),
    ]
    assert more.said == (409, "illegal_move", "undo_nothing")


async def test_devices_say_how_they_are(edge: Edge):
    """Every kiosk, printer and display of the mall, seen or not."""
    devices = {(d["kind"], d["id"]): d for d in (await edge.get("/devices", by="clerk")).body}

    assert {("kiosk", "K1"), ("printer", "P1"), ("printer", "P2"), ("display", "main")} <= devices.keys()
    assert devices["printer", "P1"]["state"] == "offline"
    assert devices["kiosk", "K1"]["last_seen"] is None


async def test_the_same_request_again_about_a_service_that_is_gone(tmp_path: Path):
    """What came before under the key is answered as things are now: on the next day there may be no such service."""
    async with edge_at(tmp_path) as edge:
        by = edge.token("supervisor", name="dewi")
        rolled = await edge.post("/services/roll/roll", {"last": 1, "first": 1}, by=by, Idempotency_Key="roll")
        paused = await edge.post("/services/roll/pause", {"reason": "mistake"}, by=by, Idempotency_Key="pause")
    without = CONFIG.replace(CONFIG[CONFIG.index("[services.roll]") : CONFIG.index("[hours]")], "")
    without = without.replace('"full", "roll"]', '"full"]')
    async with edge_at(tmp_path, config=without, at=NINE + 23 * 3600_000) as edge:
        again = [
            await edge.post("/services/roll/pause", {"reason": "mistake"}, by=by, Idempotency_Key="pause"),
            await edge.post("/services/roll/roll", {"last": 1, "first": 1}, by=by, Idempotency_Key="roll"),
        ]

    assert (paused.status, rolled.status) == (200, 200)
    assert [answer.code for answer in again] == ["unknown_service"] * 2
