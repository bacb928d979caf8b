"""A technician before a kiosk: let in by the PIN alone, slowly where it is guessed, and all that is done is kept."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from queue_server.domain import events as e
from queue_server.errors import ConfigWrong, RateLimited
from queue_server.settings import load
from queue_server.web.identity.technicians import FIRST_S, FORGIVEN_S, FREELY, GOOD_S, LONGEST_S, Technicians, Waits
from tests.waiting import until
from tests.web.edge import CONFIG, Edge, edge_at

PIN = "274913"
MENU = "/kiosks/K1/technician"


def config(folder: Path, pin: str | None = PIN) -> str:
    if pin is None:
        return CONFIG
    (folder / "technician.pin").write_text(f"{pin}\n", encoding="utf-8")
    return CONFIG + '\n[sign_in]\ntechnician = "technician.pin"\n'


@pytest.fixture
async def edge(tmp_path: Path) -> AsyncIterator[Edge]:
    async with edge_at(tmp_path, config=config(tmp_path)) as running:
        yield running


async def test_the_pin_opens_the_menu(edge: Edge):
    """It says which kiosk this is, its printer, its machine's address, and the server's version."""
    opened = await edge.post(MENU, {"pin": PIN}, by="kiosk")

    assert opened.status == 200
    assert (opened["kiosk"], opened["listed"], opened["address"]) == ("K1", True, "127.0.0.1")
    assert (opened["printer"]["id"], opened["printer"]["state"], opened["printer"]["linked"]) == ("P1", "down", False)
    assert PIN not in str(opened.body)


@pytest.mark.parametrize("pin", ["", "000000", "27491", PIN + "0", "²74913"])
async def test_no_other_does(edge: Edge, pin: str):
    """Nothing is told for it."""
    refused = await edge.post(MENU, {"pin": pin}, by="kiosk")

    assert refused.said == (401, "unauthorized", "pin")
    assert "printer" not in str(refused.body)


async def test_there_is_none_by_default(tmp_path: Path):
    """Where the mall has set no PIN nobody opens it, whatever they try."""
    async with edge_at(tmp_path, config=config(tmp_path, None)) as edge:
        answers = [await edge.post(MENU, {"pin": pin}, by="kiosk") for pin in ("", "000000", PIN)]

    assert {answer.said for answer in answers} == {(404, "not_found", "no_pin")}


async def test_guesses_wait(edge: Edge):
    """After a few wrong ones at a kiosk the right one waits some seconds, too; another kiosk and the staff go on."""
    other = edge.token("kiosk", name="K2")
    wrong = [(await edge.post(MENU, {"pin": f"1{n:05d}"}, by="kiosk")).status for n in range(FREELY)]
    late = await edge.post(MENU, {"pin": PIN}, by="kiosk")
    elsewhere = await edge.post("/kiosks/K2/technician", {"pin": PIN}, by=other)
    by_staff = await edge.post(MENU, {"pin": PIN}, by="supervisor")

    assert wrong == [401] * FREELY
    assert (late.status, int(late.headers["Retry-After"]) <= FIRST_S + 1) == (429, True)
    assert (elsewhere.status, by_staff.status) == (200, 200)
    await until(lambda: [act for act in acts(edge) if (act.what, act.why) == ("sign_in_refused", "pin")])


def test_a_wait_grows_to_minutes_and_no_further():
    """Whoever plays with a kiosk for an hour keeps the technician from it for five minutes; a right PIN ends it all."""
    waits, now = Waits(), 1_000.0
    for _ in range(200):
        waits.was_wrong("kiosk K1", now)
    with pytest.raises(RateLimited) as longest:
        waits.check("kiosk K1", now)
    waits.check("kiosk K2", now)
    waits.check("kiosk K1", now + LONGEST_S)
    waits.was_right("kiosk K1")
    waits.check("kiosk K1", now)
    for _ in range(FREELY - 1):
        waits.was_wrong("kiosk K3", now)
    waits.was_wrong("kiosk K3", now + FORGIVEN_S + 1)

    waits.check("kiosk K3", now + FORGIVEN_S + 1)
    assert longest.value.fields["retry_after_s"] == LONGEST_S + 1


async def test_staff_who_guess_keep_nobody_out(edge: Edge):
    """Their wrong PINs are their own, at whatever kiosk, however many: the kiosk takes the right one at once."""
    edge.token("kiosk", name="K2")
    menus = [MENU, "/kiosks/K2/technician"] * 5
    wrong = [(await edge.post(menu, {"pin": "100000"}, by="clerk")).status for menu in menus]
    opened = await edge.post(MENU, {"pin": PIN}, by="kiosk")

    assert wrong == [401] * FREELY + [429] * (10 - FREELY)
    assert opened.status == 200


async def test_an_agencys_staff_open_none(edge: Edge):
    """Kiosks are the mall's."""
    answer = await edge.post(MENU, {"pin": PIN}, by=edge.token("clerk", agency="immigration"))

    assert answer.said == (403, "forbidden", "other_agency")


async def test_what_is_no_kiosk_is_not_written_down(edge: Edge):
    """A made-up name is refused before the PIN is looked at, and stands in no record; a paired kiosk's is one."""
    made_up = "Budi.Santoso.NIK.3174011505900001"
    edge.token("kiosk", name="K2")

    refused = [
        await edge.post(f"/kiosks/{made_up}/technician", {"pin": pin}, by="supervisor") for pin in ("000000", PIN)
    ]
    paired = await edge.post("/kiosks/K2/technician", {"pin": "100000"}, by="supervisor")
    await until(lambda: acts(edge))

    assert [(answer.status, answer.code) for answer in refused] == [(404, "not_found")] * 2
    assert paired.status == 401
    assert [act.about for act in acts(edge)] == ["kiosk:K2"]


async def test_a_kiosk_opens_its_own_alone(edge: Edge):
    """And nobody who is not let in opens any."""
    other = await edge.post("/kiosks/K2/technician", {"pin": PIN}, by="kiosk")
    nobody = await edge.post(MENU, {"pin": PIN})

    assert other.said == (403, "forbidden", "other_device")
    assert nobody.status == 401


async def test_all_that_is_done_is_kept(edge: Edge):
    """That it was opened, and each deed, with the kiosk."""
    key = (await edge.post(MENU, {"pin": PIN}, by="kiosk"))["menu_key"]
    for does in ("look", "text_size", "reload"):
        assert (await edge.post(f"{MENU}/act", {"menu_key": key, "does": does}, by="kiosk")).status == 200

    await until(lambda: len(acts(edge)) >= 3)
    kept = [(act.what, act.about, act.details) for act in acts(edge)]
    assert kept == [
        ("technician_opened", "kiosk:K1", {}),
        ("technician_did", "kiosk:K1", {"did": "text_size"}),
        ("technician_did", "kiosk:K1", {"did": "reload"}),
    ]


async def test_a_test_slip_needs_a_printer_that_is_there(edge: Edge):
    """Its agent is not linked, and that is said; a kiosk without a printer has none to try."""
    key = (await edge.post(MENU, {"pin": PIN}, by="kiosk"))["menu_key"]
    refused = await edge.post(f"{MENU}/act", {"menu_key": key, "does": "test"}, by="kiosk")
    bare = edge.token("kiosk", name="K2")
    other = (await edge.post("/kiosks/K2/technician", {"pin": PIN}, by=bare))["menu_key"]
    none = await edge.post("/kiosks/K2/technician/act", {"menu_key": other, "does": "test"}, by=bare)

    assert (refused.status, refused.code) == (409, "illegal_move")
    assert none.said == (404, "not_found", "no_printer")


async def test_to_pair_anew_lets_the_machine_out(edge: Edge):
    """Its token is good for nothing afterwards, so its screen shows a code."""
    key = (await edge.post(MENU, {"pin": PIN}, by="kiosk"))["menu_key"]

    done = await edge.post(f"{MENU}/act", {"menu_key": key, "does": "pair"}, by="kiosk")
    after = await edge.post("/tickets", {"service": "passport"}, by="kiosk")

    assert (done.status, after.status) == (200, 401)


async def test_a_key_is_for_one_kiosk_and_ends(edge: Edge):
    """With the menu, and by itself; another kiosk's opens nothing."""
    key = (await edge.post(MENU, {"pin": PIN}, by="kiosk"))["menu_key"]
    other = edge.token("kiosk", name="K2")
    foreign = await edge.post("/kiosks/K2/technician/act", {"menu_key": key, "does": "look"}, by=other)
    await edge.post(f"{MENU}/act", {"menu_key": key, "does": "end"}, by="kiosk")
    ended = await edge.post(f"{MENU}/act", {"menu_key": key, "does": "look"}, by="kiosk")
    keys = Technicians()
    old = keys.begin("K1", 0.0)

    assert foreign.said == ended.said == (401, "unauthorized", "pin")
    assert keys.take(old, "K1", GOOD_S - 1)
    assert keys.take(old, "K1", 2 * GOOD_S - 2)
    assert not keys.take(old, "K1", 4 * GOOD_S)


@pytest.mark.parametrize("pin", ["12345", "123456", "987654", "111111", "112211", "27491a", "2749130000000"])
def test_a_pin_that_is_none_is_refused_at_once(tmp_path: Path, pin: str):
    """Too short, in a row, all alike, no digits: `antrean check` says so, without the PIN."""
    text = config(tmp_path, pin)
    path = tmp_path / "config.toml"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(ConfigWrong) as wrong:
        load(path)

    (said,) = wrong.value.mistakes
    assert said.endswith("what stands there is no PIN; write 6 to 12 digits there, not in a row and not all alike")
    assert pin not in said


def acts(edge: Edge) -> list[e.ActNoted]:
    journal = edge.engine.journal
    events = [row.event for day in journal.days() for row in journal.read_day(day)]
    ours = ("technician_opened", "technician_did", "sign_in_refused")
    return [event for event in events if isinstance(event, e.ActNoted) and event.what in ours]
