"""Where the URLs are: every call of `/api/v1`, its handler, who is let in, whose data it touches, and what it may be
refused with.

What a call takes and gives stands in the handler's annotations. `/api/v1/live` is in live.py, health in health.py,
pages in page_table.py.
"""

from __future__ import annotations

from typing import Any

from queue_server.web import scope as of
from queue_server.web.endpoint import Handler, Route
from queue_server.web.identity import account, badges, people, privacy, second_factor, sign_in
from queue_server.web.identity.access import HELD, LOCKED, WANTS_FACTOR
from queue_server.web.machines import devices, pairing, technician
from queue_server.web.page import printing
from queue_server.web.permissions import (
    ADMINS,
    ANYONE,
    BOARDS,
    DESK,
    FLOOR,
    HOLDERS,
    ISSUERS,
    KNOWN,
    MANAGERS,
    PEOPLE,
    REPRINTS,
    SIGNED_IN,
    STAFF,
    SUPERVISORS,
)
from queue_server.web.queues import (
    announcements,
    boards,
    citizens,
    counters,
    hall,
    media,
    phones,
    poster,
    rules,
    speech,
    tickets,
)
from queue_server.web.reading import audit, day_figures, stats
from queue_server.web.scope import Scope

ROOT = "/api/v1"


def get(path: str, handler: Handler, who: frozenset[str], scope: Scope, codes: str = "", **more: Any) -> Route:
    return Route("GET", ROOT + path, handler, who, scope, codes, **more)


def post(path: str, handler: Handler, who: frozenset[str], scope: Scope, codes: str = "", **more: Any) -> Route:
    return Route("POST", ROOT + path, handler, who, scope, codes, **more)


SETS_UP, UNLOCKS = frozenset({WANTS_FACTOR}), frozenset({LOCKED})

ADMIT = "unknown_service service_closed quota_reached counter_closed not_found"
MOVE = "counter_closed not_at_counter illegal_move not_found service_closed"
AWAY = "service_closed counter_closed counter_busy illegal_move not_found"
SERVICE = "unknown_service service_closed"
SERVICES = SERVICE + " not_found illegal_move"
TICKET = "not_found illegal_move service_closed"

ROUTES: tuple[Route, ...] = (
    get("/mall", hall.mall, ANYONE, of.EVERYBODY),
    get("/queues", hall.queues, STAFF, of.AGENCY),
    get("/boards/{board}", boards.board, BOARDS, of.BOARD, "not_found"),
    post("/boards/{board}/turn", boards.turn, BOARDS, of.BOARD, "not_found"),
    get("/announcements", announcements.announcements, FLOOR, of.HOUSE),
    post(
        "/announcements", announcements.announce, SUPERVISORS, of.MALL, "not_found illegal_move", status=201, once=True
    ),
    post("/announcements/{announcement}/end", announcements.end, SUPERVISORS, of.MALL, "not_found"),
    get("/boards/{board}/media", media.of_board, BOARDS, of.BOARD, "not_found"),
    get("/media", media.media, FLOOR, of.HOUSE),
    post("/uploads", media.upload, SUPERVISORS, of.MALL, "illegal_move", status=201, streams=True),
    post("/media", media.show, SUPERVISORS, of.MALL, "not_found illegal_move", status=201, once=True),
    post("/media/{media}", media.change, SUPERVISORS, of.MALL, "not_found illegal_move"),
    post("/media/{media}/remove", media.remove, SUPERVISORS, of.MALL, "not_found"),
    get("/closings", audit.closings, ANYONE, of.EVERYBODY),
    get("/devices", devices.devices, STAFF, of.HOUSE),
    post("/devices/accept", pairing.accept, ADMINS, of.MALL, "not_found illegal_move", once=True),
    post("/devices/{kind}/{id}/revoke", pairing.revoke, ADMINS, of.MALL, "not_found"),
    post("/devices/{kind}/{id}/rename", pairing.rename, ADMINS, of.MALL, "not_found illegal_move"),
    post("/devices/{kind}/{id}/picture", devices.picture, FLOOR, of.HOUSE, "not_found illegal_move"),
    post("/pictures/{picture}", devices.picture_came, BOARDS, of.OWN, "not_found"),
    post("/kiosks/{kiosk}/technician", technician.begin, ISSUERS, of.MENU, "unauthorized not_found"),
    post(
        "/kiosks/{kiosk}/technician/act",
        technician.act,
        ISSUERS,
        of.MENU,
        "unauthorized not_found illegal_move",
        once=True,
    ),
    post("/pairings", pairing.begin, ANYONE, of.OWN, status=201),
    post("/pairings/claim", pairing.claim, ANYONE, of.OWN),
    get("/tokens", pairing.tokens, ADMINS, of.MALL),
    post("/tokens/{token}/revoke", pairing.revoke_token, ADMINS, of.MALL, "not_found"),
    post("/tokens/{token}/rotate", pairing.rotate_token, ADMINS, of.MALL, "not_found", once=True),
    get("/printers", printing.printers, STAFF, of.AGENCY),
    post("/printers/{printer}/test", printing.test, SUPERVISORS, of.HOUSE, "not_found illegal_move", once=True),
    get("/rules", rules.rules, STAFF, of.AGENCY),
    post("/rules", rules.save, SUPERVISORS, of.RULES, "unknown_service not_found illegal_move service_closed"),
    post("/reload", rules.reload, ADMINS, of.HOUSE, "service_closed"),
    post("/clock/confirm", rules.confirm_clock, SUPERVISORS, of.MALL),
    post("/rules/preview", rules.preview, SUPERVISORS, of.RULES, "unknown_service not_found"),
    post("/hall/hold", hall.hold, SUPERVISORS, of.MALL, "illegal_move service_closed", reasons=hall.why_held),
    post("/hall/release", hall.release, SUPERVISORS, of.MALL, "illegal_move service_closed"),
    post("/hall/evacuate", hall.evacuate, SUPERVISORS, of.MALL, "service_closed", reasons=hall.why_evacuated),
    post("/hall/all-clear", hall.all_clear, SUPERVISORS, of.MALL, "service_closed"),
    post("/services/{service}/pause", hall.pause_service, SUPERVISORS, of.SERVICE, SERVICE),
    post("/services/{service}/resume", hall.resume_service, SUPERVISORS, of.SERVICE, SERVICE),
    post("/services/{service}/roll", hall.roll, DESK, of.SERVICE, SERVICE + " quota_reached illegal_move"),
    post("/services/{service}/roll/undo", hall.roll_back, DESK, of.SERVICE, SERVICE + " illegal_move"),
    get("/tickets", tickets.find, STAFF, of.AGENCY, "not_found", query=("number",), maybe=("counter",)),
    post("/tickets", tickets.issue, ISSUERS, of.ISSUE, ADMIT, status=201, speaker=tickets.speaker),
    get("/tickets/{ticket}", tickets.ticket, ANYONE, of.HOLDER, "not_found", maybe=("counter",)),
    get("/tickets/{ticket}/citizen", citizens.citizen, DESK, of.CALLED, "not_found"),
    get("/tickets/{ticket}/page", tickets.page, ANYONE, of.HOLDER, "not_found"),
    post("/tickets/{ticket}/cancel", tickets.cancel, HOLDERS, of.HELD, TICKET),
    post("/tickets/{ticket}/step-away", tickets.step_away, HOLDERS, of.HELD, TICKET),
    post("/tickets/{ticket}/come-back", tickets.come_back, HOLDERS, of.HELD, TICKET),
    post("/tickets/{ticket}/phone", phones.tell, ANYONE, of.HOLDER, "not_found illegal_move quota_reached"),
    post("/tickets/{ticket}/phone/stop", phones.stop, ANYONE, of.HOLDER, "not_found"),
    post("/tickets/{ticket}/return", tickets.give_back, DESK, of.TICKET, TICKET),
    post("/tickets/{ticket}/reprint", tickets.reprint, REPRINTS, of.REPRINT, TICKET),
    post("/tickets/{ticket}/note", tickets.note, DESK, of.TICKET, TICKET),
    post("/tickets/{ticket}/cases", tickets.cases, DESK, of.TICKET, TICKET),
    post("/tickets/{ticket}/correct", tickets.correct, DESK, of.CORRECTION, "not_found illegal_move"),
    post("/tickets/{ticket}/park", tickets.park, DESK, of.PARKING, MOVE, reasons=counters.why_parked),
    post("/say", speech.say, ISSUERS, of.OWN),
    get("/poster", poster.shown, BOARDS, of.EVERYBODY, "not_found"),
    post("/poster/tickets", poster.take, ANYONE, of.OWN, ADMIT, status=201),
    post("/unclaimed", tickets.leave, ISSUERS, of.OWN, "service_closed", speaker=tickets.speaker),
    get("/counters", counters.counters, STAFF, of.AGENCY),
    get("/counters/{counter}", counters.counter, STAFF, of.COUNTER, "not_found"),
    post("/counters/{counter}/open", counters.open_, DESK, of.WORKPLACE, AWAY),
    post("/counters/{counter}/pause", counters.pause, DESK, of.WORKPLACE, AWAY, reasons=counters.why_paused),
    post("/counters/{counter}/resume", counters.resume, DESK, of.WORKPLACE, AWAY),
    post("/counters/{counter}/close", counters.close, DESK, of.WORKPLACE, AWAY),
    post("/counters/{counter}/auto-call", counters.auto_call, DESK, of.WORKPLACE, AWAY),
    post("/counters/{counter}/help", counters.help_, DESK, of.WORKPLACE, AWAY),
    post("/counters/{counter}/help-answered", counters.help_answered, DESK, of.WORKPLACE, AWAY),
    post("/counters/{counter}/services", counters.services, SUPERVISORS, of.SERVED, SERVICES),
    post("/counters/{counter}/call-next", counters.call_next, DESK, of.MOVE, MOVE + " counter_busy"),
    post("/counters/{counter}/call", counters.call, DESK, of.MOVE, MOVE + " counter_busy"),
    post("/counters/{counter}/recall", counters.recall, DESK, of.MOVE, MOVE),
    post("/counters/{counter}/start", counters.start, DESK, of.MOVE, MOVE),
    post("/counters/{counter}/finish", counters.finish, DESK, of.MOVE, MOVE),
    post("/counters/{counter}/no-show", counters.no_show, DESK, of.MOVE, MOVE + " too_soon"),
    post("/counters/{counter}/park", counters.park, DESK, of.NAMED_MOVE, MOVE, reasons=counters.why_parked),
    post("/counters/{counter}/transfer", counters.transfer, DESK, of.NAMED_MOVE, MOVE + " unknown_service"),
    post("/counters/{counter}/put-back", counters.put_back, DESK, of.MOVE, MOVE),
    post("/counters/{counter}/undo", counters.undo, DESK, of.MOVE, MOVE),
    get("/usual", day_figures.usual_now, FLOOR, of.AGENCY),
    get("/day-notes", day_figures.day_notes, STAFF, of.AGENCY, "invalid", maybe=("from", "to")),
    post("/day-notes", day_figures.note_day, MANAGERS, of.OWN, "illegal_move", once=True),
    post("/day-notes/{note}/remove", day_figures.remove_note, MANAGERS, of.DAY_NOTE, "not_found"),
    get("/stats", stats.stats, STAFF, of.AGENCY, "invalid", maybe=stats.ASKED),
    get("/stats/counters", stats.counter_time, STAFF, of.AGENCY, "invalid", maybe=stats.TIME_ASKED),
    get("/stats/steps", stats.steps_behind, STAFF, of.AGENCY, "invalid", maybe=(*stats.ASKED, *stats.PAGED)),
    post("/sign-in", sign_in.sign_in, ANYONE, of.OWN, "unauthorized"),
    get("/sign-in/ways", badges.ways, ANYONE, of.OWN),
    post("/sign-in/badge", badges.sign_in, ANYONE, of.OWN, "unauthorized"),
    post("/sign-out", sign_in.sign_out, ANYONE, of.OWN),
    post("/here", account.here, SIGNED_IN, of.OWN, held=SETS_UP),
    post("/lock", account.lock, SIGNED_IN, of.OWN, held=HELD),
    post("/unlock", account.unlock, SIGNED_IN, of.OWN, "unauthorized", held=UNLOCKS),
    post("/join/look", account.look, ANYONE, of.OWN, "not_found"),
    post("/join", account.join, ANYONE, of.OWN, "unauthorized not_found"),
    post("/password", account.password, SIGNED_IN, of.OWN, "unauthorized"),
    get("/sessions", account.sessions, SIGNED_IN, of.OWN),
    post("/sessions/{session}/end", account.end_session, SIGNED_IN, of.OWN, "not_found"),
    get("/second-factor", second_factor.standing, SIGNED_IN, of.OWN, held=SETS_UP),
    post("/second-factor/offer", second_factor.offer, SIGNED_IN, of.OWN, "unauthorized", held=SETS_UP),
    post("/second-factor/confirm", second_factor.confirm, SIGNED_IN, of.OWN, "unauthorized", held=SETS_UP),
    post("/second-factor/remove", second_factor.remove, SIGNED_IN, of.OWN, "unauthorized not_found"),
    get("/people", people.people, PEOPLE, of.PERSON),
    post("/people", people.add, PEOPLE, of.PERSON, status=201, once=True),
    post("/people/{person}", people.change, PEOPLE, of.PERSON, "not_found"),
    post("/people/{person}/invite", people.invite, PEOPLE, of.PERSON, "not_found", once=True),
    post("/people/{person}/suspend", people.suspend, PEOPLE, of.PERSON, "not_found"),
    post("/people/{person}/restore", people.restore, PEOPLE, of.PERSON, "not_found"),
    post("/people/{person}/remove", people.remove, PEOPLE, of.PERSON, "not_found"),
    get("/people/{person}/sessions", people.sessions, PEOPLE, of.PERSON, "not_found"),
    post("/people/{person}/sessions/{session}/end", people.end_session, PEOPLE, of.PERSON, "not_found"),
    post("/people/{person}/sign-out", people.sign_out_everywhere, PEOPLE, of.PERSON, "not_found"),
    post("/people/{person}/second-factor/remove", second_factor.remove_of, PEOPLE, of.PERSON, "not_found"),
    post("/people/{person}/export", privacy.export_person, PEOPLE, of.PERSON, "not_found"),
    post("/people/{person}/erase", privacy.erase_person, PEOPLE, of.PERSON, "not_found"),
    post("/privacy/export", privacy.export, ADMINS, of.MALL, "not_found"),
    post("/privacy/hold", privacy.hold, ADMINS, of.MALL, "not_found"),
    post("/privacy/erase", privacy.erase, ADMINS, of.MALL, "not_found"),
    post("/people/{person}/badge", badges.set_badge, PEOPLE, of.PERSON, "not_found"),
    get("/shut-out", people.shut_out, ADMINS, of.MALL),
    post("/shut-out/{pseudonym}/let-in", people.let_in, ADMINS, of.MALL, "not_found"),
    get("/me", sign_in.me, KNOWN, of.OWN, held=HELD),
)
