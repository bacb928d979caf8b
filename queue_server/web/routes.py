"""Where the URLs are: every call of `/api/v1`, its handler, who is let in, and what it may be refused with.

What a call takes and gives stands in the handler's annotations. `/api/v1/live` is in live.py, health in health.py,
pages in page_table.py.
"""

from __future__ import annotations

from queue_server.web import counters, devices, hall, printing, rules, sign_in, tickets
from queue_server.web.access import ADMINS, ANYONE, BOARDS, DESK, ISSUERS, KNOWN, STAFF, SUPERVISORS
from queue_server.web.endpoint import Handler, Route

ROOT = "/api/v1"


def get(path: str, handler: Handler, who: frozenset[str], codes: str = "", query: tuple[str, ...] = ()) -> Route:
    return Route("GET", ROOT + path, handler, who, codes, query=query)


def post(path: str, handler: Handler, who: frozenset[str], codes: str = "", status: int = 200) -> Route:
    return Route("POST", ROOT + path, handler, who, codes, status)


ADMIT = "unknown_service service_closed quota_reached counter_closed not_found"
MOVE = "counter_closed not_at_counter illegal_move not_found"
AWAY = "service_closed counter_closed counter_busy illegal_move not_found"
SERVICE = "unknown_service service_closed"

ROUTES: tuple[Route, ...] = (
    get("/mall", hall.mall, ANYONE),
    get("/queues", hall.queues, STAFF),
    get("/boards/{board}", hall.board, BOARDS, "not_found"),
    get("/devices", devices.devices, STAFF),
    get("/printers", printing.printers, STAFF),
    post("/printers/{printer}/test", printing.test, SUPERVISORS, "not_found illegal_move"),
    get("/rules", rules.rules, STAFF),
    post("/rules", rules.save, SUPERVISORS, "unknown_service not_found illegal_move service_closed"),
    post("/reload", rules.reload, ADMINS, "service_closed"),
    post("/clock/confirm", rules.confirm_clock, SUPERVISORS),
    post("/rules/preview", rules.preview, SUPERVISORS, "unknown_service not_found"),
    post("/hall/hold", hall.hold, SUPERVISORS, "illegal_move service_closed"),
    post("/hall/release", hall.release, SUPERVISORS, "illegal_move service_closed"),
    post("/hall/evacuate", hall.evacuate, SUPERVISORS, "service_closed"),
    post("/hall/all-clear", hall.all_clear, SUPERVISORS, "service_closed"),
    post("/services/{service}/pause", hall.pause_service, SUPERVISORS, SERVICE),
    post("/services/{service}/resume", hall.resume_service, SUPERVISORS, SERVICE),
    post("/services/{service}/roll", hall.roll, DESK, SERVICE + " quota_reached illegal_move"),
    post("/services/{service}/roll/undo", hall.roll_back, DESK, SERVICE + " illegal_move"),
    get("/tickets", tickets.find, STAFF, "not_found", query=("number",)),
    post("/tickets", tickets.issue, ISSUERS, ADMIT, 201),
    get("/tickets/{ticket}", tickets.ticket, ANYONE, "not_found"),
    post("/tickets/{ticket}/cancel", tickets.cancel, ANYONE, "not_found illegal_move service_closed"),
    post("/tickets/{ticket}/return", tickets.give_back, DESK, "not_found illegal_move service_closed"),
    post("/tickets/{ticket}/reprint", tickets.reprint, DESK | {"manager"}, "not_found illegal_move service_closed"),
    post("/tickets/{ticket}/note", tickets.note, DESK, "not_found illegal_move service_closed"),
    post("/tickets/{ticket}/cases", tickets.cases, DESK, "not_found illegal_move service_closed"),
    post("/tickets/{ticket}/correct", tickets.correct, DESK, "not_found illegal_move"),
    post("/tickets/{ticket}/park", tickets.park, DESK, MOVE + " service_closed"),
    post("/unclaimed", tickets.leave, ISSUERS, "service_closed"),
    get("/counters", counters.counters, STAFF),
    get("/counters/{counter}", counters.counter, STAFF, "not_found"),
    post("/counters/{counter}/open", counters.open_, DESK, AWAY),
    post("/counters/{counter}/pause", counters.pause, DESK, AWAY),
    post("/counters/{counter}/resume", counters.resume, DESK, AWAY),
    post("/counters/{counter}/close", counters.close, DESK, AWAY),
    post("/counters/{counter}/auto-call", counters.auto_call, DESK, AWAY),
    post("/counters/{counter}/help", counters.help_, DESK, AWAY),
    post("/counters/{counter}/help-answered", counters.help_answered, DESK, AWAY),
    post("/counters/{counter}/services", counters.services, SUPERVISORS, SERVICE + " not_found illegal_move"),
    post("/counters/{counter}/call-next", counters.call_next, DESK, MOVE + " counter_busy service_closed"),
    post("/counters/{counter}/call", counters.call, DESK, MOVE + " counter_busy service_closed"),
    post("/counters/{counter}/recall", counters.recall, DESK, MOVE + " service_closed"),
    post("/counters/{counter}/start", counters.start, DESK, MOVE + " service_closed"),
    post("/counters/{counter}/finish", counters.finish, DESK, MOVE + " service_closed"),
    post("/counters/{counter}/no-show", counters.no_show, DESK, MOVE + " too_soon service_closed"),
    post("/counters/{counter}/park", counters.park, DESK, MOVE + " service_closed"),
    post("/counters/{counter}/transfer", counters.transfer, DESK, MOVE + " unknown_service service_closed"),
    post("/counters/{counter}/put-back", counters.put_back, DESK, MOVE + " service_closed"),
    post("/counters/{counter}/undo", counters.undo, DESK, MOVE + " service_closed"),
    post("/sign-in", sign_in.sign_in, ANYONE, "unauthorized"),
    post("/sign-out", sign_in.sign_out, ANYONE),
    get("/me", sign_in.me, KNOWN),
)
