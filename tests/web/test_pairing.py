"""A new screen shows a code; accepted, it is that kiosk or display, until it is renamed, replaced or revoked."""

from __future__ import annotations

from tests.waiting import until
from tests.web.edge import Answer, Edge


class Screen:
    """A browser that was never here: it keeps its cookies and nothing else."""

    def __init__(self, edge: Edge) -> None:
        self._edge = edge
        self.cookies: dict[str, str] = {}

    async def post(self, path: str) -> Answer:
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        answer = await self._edge.post(path, {}, X_Antrean="1", **({"Cookie": cookie} if cookie else {}))
        for said in answer.headers.getall("Set-Cookie", []):
            name, _, value = said.partition(";")[0].partition("=")
            self.cookies[name] = value
        self.cookies = {name: value for name, value in self.cookies.items() if value.strip('"')}
        return answer

    async def code(self) -> str:
        answer = await self.post("/pairings")
        assert answer.status == 201, answer
        return str(answer["code"])

    async def claim(self) -> Answer:
        return await self.post("/pairings/claim")


async def accept(edge: Edge, code: str, kind: str = "kiosk", id_: str = "K1", **more: object) -> Answer:
    return await edge.post("/devices/accept", {"code": code, "kind": kind, "id": id_, **more}, by="admin")


async def paired(edge: Edge, kind: str = "kiosk", id_: str = "K1", **more: object) -> Screen:
    screen = Screen(edge)
    answer = await accept(edge, await screen.code(), kind, id_, **more)
    assert answer.status == 200, answer
    await screen.claim()
    return screen


async def test_a_screen_is_who_its_code_was_accepted_as(edge: Edge):
    """Typed in small letters and without the hyphen; it takes tickets as that kiosk, and is it after a restart too."""
    screen = Screen(edge)
    code = await screen.code()
    waits = await screen.claim()
    accepted = await accept(edge, code.lower().replace("-", " "))
    claimed, again = await screen.claim(), await screen.claim()

    cookie = f"antrean_kiosk={screen.cookies['antrean_kiosk']}"
    taken = await edge.post("/tickets", {"service": "passport", "kiosk": "K1"}, Cookie=cookie, X_Antrean="1")

    assert (waits["code"], waits["page"]) == (code, None)
    assert (accepted.status, accepted["page"]) == (200, "/kiosk/K1")
    assert (claimed["page"], again["page"]) == ("/kiosk/K1", "/kiosk/K1")
    assert "antrean_pairing" not in screen.cookies
    assert taken.status == 201


async def test_a_display_shows_its_board_under_a_name_of_its_own(edge: Edge):
    """Several displays of one board are several devices."""
    first, second = (
        await paired(edge, "display", "main", name="west"),
        await paired(edge, "display", "main", name="east"),
    )

    pages = [(await screen.claim())["page"] for screen in (first, second)]
    named = {token.name for token in edge.parts.registry.tokens.list() if token.role == "display"}

    assert pages == ["/display/main", "/display/main"]
    assert named == {"west", "east"}


async def test_who_reads_the_code_gets_nothing(edge: Edge):
    """The token goes to the screen that holds the secret, once; another browser learns nothing by claiming."""
    screen, thief = Screen(edge), Screen(edge)
    code = await screen.code()
    await accept(edge, code)

    stolen = await thief.claim()
    again = await accept(edge, code, replace=True)

    assert (stolen["over"], stolen["page"], thief.cookies) == (True, None, {})
    assert again.said == (404, "not_found", "code")


async def test_only_an_admin_lets_devices_in(edge: Edge):
    """And nobody else reads or ends tokens."""
    code = await Screen(edge).code()
    body = {"code": code, "kind": "kiosk", "id": "K1"}

    refused = [
        (await edge.post("/devices/accept", body, by=by)).status
        for by in ("clerk", "supervisor", "manager", "kiosk", "")
    ]
    listed = [(await edge.get("/tokens", by=by)).status for by in ("manager", "auditor", "")]

    assert refused == [403, 403, 403, 403, 401]
    assert listed == [403, 403, 401]


async def test_another_machine_takes_the_place_in_a_minute(edge: Edge):
    """Only when that is said; then the machine that was it before is let in no more."""
    old = await paired(edge)
    new = Screen(edge)
    code = await new.code()
    refused = await accept(edge, code)
    await accept(edge, code, replace=True)
    claimed, before = await new.claim(), await old.claim()

    assert refused.said == (409, "illegal_move", "taken")
    assert claimed["page"] == "/kiosk/K1"
    assert before["over"] is True


async def test_a_revoked_device_shows_a_code_again(edge: Edge):
    """It is nobody any more, and gone from the list."""
    screen = await paired(edge, "display", "main", name="west")
    answer = await edge.post("/devices/display/west/revoke", {}, by="admin")

    assert [token["revoked_at"] is not None for token in answer.body] == [True]
    assert (await screen.claim())["over"] is True
    assert "west" not in [device["id"] for device in (await edge.get("/devices", by="admin")).body]


async def test_a_renamed_display_goes_on_as_another(edge: Edge):
    """The machine stays let in, under its new name; a name that somebody has is refused."""
    screen = await paired(edge, "display", "main", name="west")
    await paired(edge, "display", "main", name="east")

    taken = await edge.post("/devices/display/west/rename", {"name": "east"}, by="admin")
    renamed = await edge.post("/devices/display/west/rename", {"name": "north"}, by="admin")

    assert taken.said == (409, "illegal_move", "taken")
    assert (renamed["id"], renamed["page"]) == ("north", "/display/main")
    assert (await screen.claim())["page"] == "/display/main"


async def test_there_is_no_such_kiosk(edge: Edge):
    """A code is accepted only as what the mall has."""
    code = await Screen(edge).code()

    assert (await accept(edge, code, id_="K99")).said[:2] == (404, "not_found")
    assert (await accept(edge, code, "display", "nowhere")).said[:2] == (404, "not_found")


async def test_what_is_no_device_is_not_revoked(edge: Edge):
    """Nor written down: what stands in the address is some word."""
    answer = await edge.post("/devices/display/Budi.Santoso/revoke", {}, by="admin")

    assert answer.said[:2] == (404, "not_found")


async def test_tokens_are_listed_rotated_and_revoked(edge: Edge):
    """The list never holds a secret; a rotated token is let in as the old one was, which is not any more."""
    old = edge.token("manager", name="figures")
    listed = (await edge.get("/tokens", by="admin")).body
    number = next(token["id"] for token in listed if token["name"] == "figures")

    new = (await edge.post(f"/tokens/{number}/rotate", {}, by="admin"))["token"]
    statuses = [(await edge.get("/me", by=by)).status for by in (old, new)]
    later = (await edge.get("/tokens", by="admin")).body[0]
    await edge.post(f"/tokens/{later['id']}/revoke", {}, by="admin")

    assert statuses == [401, 200]
    assert old not in str(listed)
    assert (await edge.get("/me", by=new)).status == 401
    assert (await edge.post("/tokens/9999/revoke", {}, by="admin")).status == 404


async def test_codes_are_asked_for_only_so_often(edge: Edge):
    """One machine cannot push the screens that wait off the list."""
    statuses = [(await Screen(edge).post("/pairings")).status for _ in range(21)]

    assert statuses == [201] * 20 + [429]


async def test_a_revoked_screen_that_was_open_is_no_device_any_more(edge: Edge):
    """Its line ends a moment after it was forgotten, which does not bring it back; what it says until then neither."""
    screen = await paired(edge, "display", "main", name="west")
    cookie = f"antrean_display={screen.cookies['antrean_display']}"
    async with edge.live("board:main", Cookie=cookie, Origin=edge.mall.url) as line:
        await line.send_json({"kind": "heartbeat", "build": "b", "width": 1, "height": 1})
        await until(lambda: edge.parts.heartbeats.last)
        await edge.post("/devices/display/west/revoke", {}, by="admin")
        await line.send_json({"kind": "heartbeat", "build": "b", "width": 2, "height": 1})
        await until(lambda: not edge.parts.linked["display", "west"])
    listed = {(d["kind"], d["id"]) for d in (await edge.get("/devices", by="admin")).body}

    assert ("display", "west") not in listed
    assert not edge.parts.heartbeats.last
