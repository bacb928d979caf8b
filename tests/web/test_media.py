"""Pictures and videos for boards over HTTP: what is taken and what refused, who may, and how files are given out."""

from __future__ import annotations

import asyncio
import io
import json
import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientResponse

from queue_server.media.uploads import AT_ONCE
from queue_server.service.listening import Room
from queue_server.settings import load
from queue_server.web.queues.media import PIECE
from tests.fakes.films import captions, picture, webm
from tests.media.test_kinds import MP4, WEBM
from tests.waiting import answered, until
from tests.web.edge import CONFIG, Answer, Edge, edge_at

MEDIA = CONFIG.replace(
    '[boards.main]\nzones = ["a"]',
    """[media]
picture = 1
video = 2
quota = 10

[boards.main]
zones = ["a"]
media = { place = "between", folder = "media", seconds = 20 }
[boards.other]
zones = ["a"]
media = { place = "beside" }
[boards.plain]
zones = ["a"]""",
)
ALT = {"id": "Peta gedung", "en": "Map of the building"}
SAID = captions((0, 1, "Halo"))


@pytest.fixture
async def hall(tmp_path: Path) -> AsyncIterator[Edge]:
    (tmp_path / "media").mkdir()
    async with edge_at(tmp_path, config=MEDIA) as edge:
        yield edge


async def upload(edge: Edge, content: bytes, by: str = "supervisor") -> Answer:
    """As a browser sends it, piece by piece."""
    secret = by if not by or by.startswith("antrean_") else edge.token(by, name=by)
    said = {"Authorization": f"Bearer {secret}"} if secret else {}
    async with edge.client.post(f"{edge.mall.url}/api/v1/uploads", data=io.BytesIO(content), headers=said) as answer:
        return Answer(answer.status, json.loads(await answer.read()), answer.headers)


async def put(edge: Edge, content: bytes | None = None, by: str = "supervisor", **body: Any) -> Answer:
    sent = await upload(edge, picture() if content is None else content)
    assert sent.status == 201, sent
    return await edge.post("/media", {"file": sent["file"], "alt": ALT, **body}, by=by)


async def shown(edge: Edge, board: str = "main") -> list[dict[str, Any]]:
    answer = await edge.get(f"/boards/{board}/media", by="supervisor")
    found: list[dict[str, Any]] = answer.body
    return found


async def file_of(edge: Edge, address: str, by: str, **headers: str) -> Answer:
    return await edge.page(address, Authorization=f"Bearer {edge.token(by, name=by)}", **headers)


async def test_an_upload_is_on_the_boards_at_once_and_off_again(hall: Edge):
    """A watching display is told, and the file itself goes with it."""
    async with hall.live("board:main", by="display") as socket:

        async def seen(holds: bool) -> dict[str, Any]:
            while True:
                view = json.loads(await socket.receive_str(timeout=20)).get("view")
                if view is not None and (view["media"] is not None) is holds:
                    return dict(view)

        await seen(False)
        made = await put(hall, name="peta.png")
        view = await seen(True)
        (item,) = await shown(hall)
        file = await file_of(hall, item["src"], "display")
        gone = await hall.post(f"/media/{made['id']}/remove", {}, by="supervisor")
        await seen(False)

    assert (made.status, gone.status) == (201, 204)
    assert view["media"] | {"of": ""} == {"place": "between", "picture_s": 20, "of": ""}
    assert (item["alt"], item["kind"], made["name"]) == (ALT, "picture", "peta.png")
    assert file.body[8:12] == b"WEBP"
    assert (await file_of(hall, item["src"], "display")).status == 404


async def test_words_stand_in_no_event_and_the_journal_says_who_put_them_up(tmp_path: Path):
    """Free words of staff can be taken away for good; that there were some is kept, by an id."""
    async with edge_at(tmp_path, config=MEDIA) as edge:
        made = await put(edge)
        await edge.post(f"/media/{made['id']}/remove", {}, by="supervisor")
    journal = b"".join(path.read_bytes() for path in tmp_path.rglob("journal.db*"))
    registry = b"".join(path.read_bytes() for path in tmp_path.rglob("registry.db*"))

    assert b"Peta gedung" not in journal
    for act in (b"media_shown", b"media_removed"):
        assert act in journal + registry
    assert made["id"].encode() in journal + registry


async def test_it_is_kept_over_a_restart(tmp_path: Path):
    """With all that was said of it."""
    async with edge_at(tmp_path, config=MEDIA) as edge:
        made = await put(edge, hours=["08:00-12:00"], days=["mon"], priority="high", boards=["main"])
    async with edge_at(tmp_path, config=MEDIA) as edge:
        (again,) = await answered(lambda: shown(edge), bool)

    assert again == {name: made[name] for name in again}
    assert (again["hours"], again["days"], again["priority"]) == (["08:00-12:00"], ["mon"], "high")


async def test_what_stands_there_alike_is_not_put_up_twice(hall: Edge):
    """Whoever presses once more, since an answer was lost, finds it there once."""
    made = [await put(hall) for _ in range(2)]

    assert made[0]["id"] == made[1]["id"]
    assert len(await shown(hall)) == 1


async def test_what_was_said_of_it_can_be_changed(hall: Edge):
    """Its words, its time, its boards; the file stays what it is."""
    made = await put(hall)

    answer = await hall.post(
        f"/media/{made['id']}",
        {"alt": {"en": "Plan"}, "boards": ["other"], "until": "2026-12-01T10:00"},
        by="supervisor",
    )

    (now,) = await shown(hall, "other")
    assert answer.status == 200
    assert await shown(hall, "main") == []
    assert (now["alt"], now["until"]) == ({"en": "Plan"}, "2026-12-01T03:00:00.000Z")
    assert now["src"].split("/")[-1] == made["src"].split("/")[-1]


async def test_a_video_has_captions_or_no_speech(hall: Edge):
    """Nobody hears it: what is said in it must be read."""
    words = await upload(hall, SAID)
    bare = await put(hall, WEBM)
    silent = await put(hall, MP4, no_speech=True)
    said = await put(hall, WEBM, captions={"id": words["file"]})
    wrong = await put(hall, WEBM, captions={"id": silent["src"].split("/")[-1].partition(".")[0]})
    found = await shown(hall)

    assert bare.said == (422, "invalid", "no_captions")
    assert (silent.status, said.status) == (201, 201)
    assert wrong.status == 422
    assert (await file_of(hall, found[-1]["captions"]["id"], "display")).body.startswith(b"WEBVTT\n\n00:00:00.000 -->")


async def test_captions_are_exchanged_one_language_at_a_time(hall: Edge, tmp_path: Path):
    """What is sent takes the place of what there was in its language; files that nothing shows any more go."""
    old, other, new = [await upload(hall, captions((0, 1, said))) for said in ("Lama", "Other", "Baru")]
    made = await put(hall, WEBM, captions={"id": old["file"], "en": other["file"]})

    answer = await hall.post(f"/media/{made['id']}", {"alt": ALT, "captions": {"id": new["file"]}}, by="supervisor")

    (now,) = await shown(hall)
    assert answer.status == 200
    assert {code: address.split("/")[-1] for code, address in now["captions"].items()} == {
        "id": f"{new['file']}.vtt",
        "en": f"{other['file']}.vtt",
    }
    assert b"Baru" in (await file_of(hall, now["captions"]["id"], "display")).body
    assert not list(tmp_path.rglob(f"{old['file']}.vtt"))


async def test_a_video_loses_its_captions_only_where_nobody_speaks(hall: Edge):
    """One language may go while another stays; the last one only with the word that nobody speaks in it."""
    words = await upload(hall, SAID)
    made = await put(hall, WEBM, captions={"id": words["file"], "en": words["file"]})
    drawn = await put(hall)

    async def says(media: str, captions: dict[str, str | None], **more: bool) -> Answer:
        return await hall.post(f"/media/{media}", {"alt": ALT, "captions": captions, **more}, by="supervisor")

    one = await says(made["id"], {"en": None})
    none = await says(made["id"], {"id": None})
    silent = await says(made["id"], {"id": None}, no_speech=True)
    of_picture = await says(drawn["id"], {"id": words["file"]})

    assert list(one["captions"]) == ["id"]
    assert none.said == (422, "invalid", "no_captions")
    assert silent["captions"] == {}
    assert of_picture.status == 422


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"<svg onload=alert(1)>" + b" " * 60, "unknown_type"),
        (b"", "empty"),
        (picture(form="JPEG")[:700], "damaged"),
        (b"\xff\xd8\xff" + os.urandom(1_100_000), "too_large"),
        (webm(os.urandom(2_100_000)), "too_large"),
        (b"WEBVTT\n\n00:01 --> 00:02\nx", "captions_wrong"),
    ],
)
async def test_what_no_board_could_show_is_refused_and_not_kept(
    hall: Edge, tmp_path: Path, content: bytes, reason: str
):
    """By what is in it, as soon as that is known; nothing of it stays on the disk."""
    answer = await upload(hall, content)

    assert answer.said == (422, "invalid", reason)
    assert list((tmp_path / "data" / "media").iterdir()) == []


async def test_all_uploads_together_have_a_quota(hall: Edge):
    """Who comes when it is full is told what to do; what is taken off makes room at once."""
    made = [await put(hall, webm(os.urandom(1_900_000)), no_speech=True) for _ in range(5)]
    full = await upload(hall, webm(os.urandom(1_900_000)))
    room = await hall.get("/media", by="supervisor")
    await hall.post(f"/media/{made[0]['id']}/remove", {}, by="supervisor")
    after = await upload(hall, webm(os.urandom(1_900_000)))

    assert full.said == (409, "illegal_move", "no_room")
    assert (room["quota"], room["used"] > 9_000_000) == (10_000_000, True)
    assert after.status == 201


async def test_a_few_uploads_at_once_are_enough(hall: Edge, tmp_path: Path):
    """Somebody who sends slowly keeps others waiting for a moment, not the server."""
    rest = asyncio.Event()

    async def slowly() -> AsyncIterator[bytes]:
        whole = webm(os.urandom(1_100_000))
        yield whole[:-8]
        await rest.wait()
        yield whole[-8:]

    secrets = [hall.token("supervisor", name=f"slow-{number}") for number in range(AT_ONCE)]

    def begin(secret: str) -> asyncio.Task[ClientResponse]:
        said = {"Authorization": f"Bearer {secret}"}
        return asyncio.create_task(hall.client.post(f"{hall.mall.url}/api/v1/uploads", data=slowly(), headers=said))

    def coming() -> int:
        return len(list((tmp_path / "data" / "media").glob(".*.part")))

    sending = [begin(secrets[0])]
    await until(lambda: coming() == 1)
    second = await upload(hall, MP4, by=secrets[0])
    other = await upload(hall, MP4)
    sending += [begin(secret) for secret in secrets[1:]]
    await until(lambda: coming() == AT_ONCE)
    one_more = await upload(hall, MP4)
    rest.set()
    came = [await one for one in sending]

    assert second.said == (409, "illegal_move", "uploads_busy")
    assert other.status == 201
    assert one_more.said == (409, "illegal_move", "uploads_busy")
    assert {answer.status for answer in came} == {201}


async def begun(
    hall: Edge, tmp_path: Path, secret: str, rest: asyncio.Event, size: int
) -> asyncio.Task[ClientResponse]:
    """An upload of so many bytes, of which the last wait for `rest`."""

    async def body() -> AsyncIterator[bytes]:
        whole = webm(os.urandom(size - len(WEBM)))
        yield whole[:-10]
        await rest.wait()
        yield whole[-10:]

    folder, said = tmp_path / "data" / "media", {"Authorization": f"Bearer {secret}"}
    before = len(list(folder.glob(".*.part")))
    sending = asyncio.create_task(hall.client.post(f"{hall.mall.url}/api/v1/uploads", data=body(), headers=said))
    await until(lambda: len(list(folder.glob(".*.part"))) > before)
    return sending


async def test_a_revoked_token_ends_its_upload(hall: Edge, tmp_path: Path):
    """Half of the file has come by then: the rest is not taken, and nothing is kept."""
    rest, secret = asyncio.Event(), hall.token("supervisor", name="out")
    sending = await begun(hall, tmp_path, secret, rest, 1_500_000)

    registry = hall.parts.registry
    registry.tokens.revoke(next(one.id for one in registry.tokens.list() if one.name == "out"))
    await until(lambda: hall.parts.doors.bearer(secret) is None)
    rest.set()
    answer = await sending

    assert answer.status == 401
    assert list((tmp_path / "data" / "media").iterdir()) == []


async def test_an_upload_that_trickles_in_is_not_waited_for(tmp_path: Path):
    """So much has to come in each while; then it is over, nothing is kept, and its place is another's."""
    (tmp_path / "media").mkdir()
    async with edge_at(tmp_path, config=MEDIA, room=Room(piece_s=0.2)) as edge:
        secret = edge.token("supervisor", name="slow")
        reader, writer = await asyncio.open_connection("127.0.0.1", edge.port)
        head = f"POST /api/v1/uploads HTTP/1.1\r\nHost: mall\r\nAuthorization: Bearer {secret}\r\n"
        begins = webm(os.urandom(1_100_000))[: PIECE + 1]

        writer.write(f"{head}Content-Length: 1100000\r\n\r\n".encode() + begins)
        answer = await reader.readline()
        kept = list((tmp_path / "data" / "media").iterdir())
        writer.write(bytes(1_100_000 - len(begins)))  # what is still sent is read away for some seconds
        writer.close()
        await writer.wait_closed()
        after = await upload(edge, webm(), by=secret)

    assert answer.startswith(b"HTTP/1.1 408 ")
    assert (kept, after.status) == ([], 201)


async def test_two_uploads_at_once_pass_no_quota(hall: Edge, tmp_path: Path):
    """What is coming counts as if it were there: of the last two for one place, one is refused."""
    for _ in range(4):
        assert (await put(hall, webm(os.urandom(1_900_000)), no_speech=True)).status == 201
    rest = asyncio.Event()
    sending = [
        await begun(hall, tmp_path, hall.token("supervisor", name=name), rest, 1_500_000) for name in ("one", "two")
    ]
    rest.set()
    came = sorted([(await one).status for one in sending])
    used = (await hall.get("/media", by="supervisor"))["used"]

    assert came[-1] == 409
    assert used <= 10_000_000


@pytest.mark.parametrize("by", ["clerk", "manager", "auditor", "display", "kiosk", ""])
async def test_only_whoever_leads_the_hall_puts_something_up(hall: Edge, by: str):
    """A stolen display's token uploads nothing."""
    sent = await upload(hall, picture())

    refused = [await upload(hall, picture(), by=by)]
    refused.append(await hall.post("/media", {"file": sent["file"], "alt": ALT}, by=by))

    assert {answer.status for answer in refused} <= {401, 403}


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"alt": {}}, "invalid"),
        ({"alt": {"id": "  "}}, "invalid"),
        ({"alt": {"id": "x" * 161}}, "invalid"),
        ({"boards": ["nowhere"]}, "not_found"),
        ({"boards": ["plain"]}, "illegal_move"),
        ({"until": "2026-11-23T10:00"}, "invalid"),
        ({"hours": ["8-9"]}, "invalid"),
        ({"hours": ["25:00-26:00"]}, "invalid"),
        ({"days": ["someday"]}, "invalid"),
        ({"priority": "most"}, "invalid"),
        ({"file": "0" * 30}, "not_found"),
        ({"file": "../../registry"}, "invalid"),
        ({"captions": {"id": "0" * 30}}, "not_found"),
    ],
)
async def test_what_could_never_stand_there_is_refused(hall: Edge, body: dict[str, Any], code: str):
    """With a reason that the page can say."""
    answer = await put(hall, **body)

    assert answer.code == code
    assert await shown(hall) == []


async def test_a_file_is_for_whoever_may_see_its_board(hall: Edge):
    """A display that was let in for one board reads no other's; a kiosk none; nobody without a token."""
    await put(hall, boards=["other"])
    ((item,), bound) = await shown(hall, "other"), hall.token("display", name="main")

    assert (await file_of(hall, item["src"], "display")).status == 200
    assert (await hall.page(item["src"])).status == 401
    assert (await file_of(hall, item["src"], "kiosk")).status == 403
    assert (await hall.page(item["src"], Authorization=f"Bearer {bound}")).status == 403
    assert (await hall.get("/boards/other/media", by=bound)).status == 403
    # what stands on another board is not to be had by this one's address either
    assert (await file_of(hall, item["src"].replace("other", "main"), "display")).status == 404


async def test_files_are_kept_for_ever_and_given_in_parts(hall: Edge):
    """Their name is their content; what they are is said, and a browser guesses nothing."""
    made = await put(hall, webm(bytes(range(256))), no_speech=True)

    whole = await file_of(hall, made["src"], "display")
    part = await file_of(hall, made["src"], "display", Range="bytes=10-19")

    assert "immutable" in whole.headers["Cache-Control"]
    assert (whole.headers["Content-Type"], whole.headers["X-Content-Type-Options"]) == ("video/webm", "nosniff")
    assert whole.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert (part.status, part.body) == (206, whole.body[10:20])


async def test_a_folder_is_noticed_without_a_restart(hall: Edge, tmp_path: Path):
    """What is put there comes, what is taken away goes, and what does not fit is said to staff."""
    folder = tmp_path / "media"
    (folder / "a.png").write_bytes(picture())
    (folder / "a.toml").write_text('alt = "Peta"\npriority = "low"')
    (folder / "b.txt").write_text("no picture, whatever it says")
    for path in folder.iterdir():
        os.utime(path, (1, 1))

    (item,) = await answered(lambda: shown(hall), bool)
    said = await hall.get("/media", by="manager")
    (folder / "a.png").unlink()
    await answered(lambda: shown(hall), lambda found: not found)

    assert (item["alt"], item["priority"]) == ({"id": "Peta"}, "low")
    assert await shown(hall, "other") == []
    (listed,) = said["items"]
    assert (listed["name"], listed["source"], listed["boards"]) == ("a.png", "folder", ["main"])
    assert [(one["file"], one["reason"], one["board"]) for one in said["faults"]] == [("b.txt", "unknown_type", "main")]


async def test_a_file_that_vanishes_is_shown_no_more_and_said(hall: Edge, tmp_path: Path):
    """Boards go on without it; staff read that it must be uploaded again."""
    made = await put(hall)
    (path,) = (tmp_path / "data" / "media").iterdir()

    path.unlink()
    gone = await file_of(hall, made["src"], "display")
    await answered(lambda: shown(hall), lambda found: not found)
    said = await hall.get("/media", by="manager")

    assert gone.status == 404
    assert [(one["id"], one["missing"]) for one in said["items"]] == [(made["id"], True)]


async def test_what_a_display_cannot_show_is_said_of_it(hall: Edge):
    """Among devices and beside the file, for as long as it is so."""
    made = await put(hall)
    said = {"kind": "heartbeat", "build": "x", "width": 1920, "height": 1080, "broken": [made["id"]]}

    async with hall.live("board:main", by=hall.token("display", name="main")) as socket:
        await socket.send_str(json.dumps(said))
        await until(lambda: ("display", "main") in hall.parts.heartbeats.last)
        (item,) = (await hall.get("/media", by="manager"))["items"]
        devices = {one["id"]: one for one in (await hall.get("/devices", by="manager")).body}

    assert item["broken_on"] == ["main"]
    assert devices["main"]["last_error"] == "media_broken"


async def test_a_board_gains_and_loses_media_with_its_settings(hall: Edge, tmp_path: Path):
    """A reload is enough, and what the board showed is not to be had by its address any more."""
    made = await put(hall)
    path = tmp_path / "config.toml"
    path.write_text(MEDIA.replace('media = { place = "between", folder = "media", seconds = 20 }', ""))
    hall.parts.reload = lambda: load(path)

    answer = await hall.post("/reload", {}, by="admin")
    await answered(lambda: shown(hall), lambda found: not found)

    assert answer.status == 200
    assert (await file_of(hall, made["src"].replace("other", "main"), "display")).status == 404
    assert len(await shown(hall, "other")) == 1
