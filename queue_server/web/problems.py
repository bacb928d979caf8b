"""Every error as RFC 9457 problem details, with a stable `code`; the status of each code stands in errors.py.

What the protocol itself refuses (a method that an address does not have, a body too large) is `invalid` with HTTP's
own status, an unknown address is `not_found`, a fault of ours `internal`: its cause goes to the log, never out.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
from aiohttp import web

from queue_server.errors import STATUS, AntreanError, Refused
from queue_server.wire.api import Problem

TYPE = "application/problem+json"
WHERE = "/api/docs#"
"""Where a code is explained; the problem's `type` is this and the code."""

TITLES: dict[str, str] = {
    "invalid": "The request is not of the right form",
    "idempotency_mismatch": "That Idempotency-Key was used for another body",
    "unknown_service": "There is no such service",
    "not_found": "There is no such thing",
    "unauthorized": "Say who you are",
    "forbidden": "That is not yours to do",
    "rate_limited": "Too often",
    "service_closed": "The service takes nobody now",
    "quota_reached": "The day's tickets are given out",
    "counter_closed": "The counter is not open",
    "counter_busy": "Somebody is at the counter already",
    "not_at_counter": "That ticket is not at this counter",
    "illegal_move": "The ticket's state does not allow that",
    "too_soon": "Not yet",
    "unavailable": "Not known whether it was done; send it again with the same key",
    "internal": "Something went wrong in the server",
}

_encode = msgspec.json.Encoder().encode


def problem(error: AntreanError) -> web.Response:
    """The answer to a refusal, or to a fault that the asker can only try again."""
    code = error.code if isinstance(error, Refused) or error.code in STATUS else "internal"
    headers: dict[str, str] = {}
    if code == "unauthorized":
        headers["WWW-Authenticate"] = 'Bearer realm="antrean"'
    elif code == "rate_limited":
        headers["Retry-After"] = str(error.fields.get("retry_after_s") or 1)
    elif code == "unavailable":
        headers["Retry-After"] = "1"
    return respond(code, STATUS[code], error.detail, reason=error.reason, fields=error.fields, headers=headers)


def of_protocol(error: web.HTTPException) -> web.Response:
    """What aiohttp refuses by itself: unknown addresses and methods, bodies too large, malformed ones."""
    if error.status == 404:
        return respond("not_found", 404, "There is nothing at this address.")
    allow = error.headers.get("Allow")
    headers = {"Allow": allow} if allow else {}
    said = {
        405: "This address does not take that method.",
        408: "The body did not come in time.",
        413: "The body is too large.",
        415: "Send the body as it is, without Content-Encoding.",
    }
    answer = respond("invalid", error.status, said.get(error.status, error.reason), headers=headers)
    if error.status in (408, 413, 415):
        answer.force_close()  # what is left of the body would else be read before the next request
    return answer


def fault() -> web.Response:
    """Something that nobody foresaw. It is in the log."""
    return respond("internal", 500, "Something went wrong in the server; it has been noted.")


def respond(
    code: str,
    status: int,
    detail: str,
    *,
    reason: str | None = None,
    fields: Mapping[str, str | int | None] | None = None,
    headers: Mapping[str, str] | None = None,
) -> web.Response:
    body = Problem(
        type=WHERE + code,
        title=TITLES[code],
        status=status,
        code=code,
        detail=detail,
        reason=reason,
        fields=dict(fields or {}),
    )
    return web.Response(body=_encode(body), status=status, headers={"Content-Type": TYPE, **(headers or {})})
