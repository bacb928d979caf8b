"""The public HTTP API as a program uses it: kept-open connections, bearer tokens, typed answers.

Everything that a simulated citizen or clerk does goes through here, so nothing can be done that a real one could not.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import TracebackType
from typing import TypeVar

import aiohttp
import msgspec

from queue_server.errors import Unavailable
from queue_server.wire.api import Problem

View = TypeVar("View")
Body = Mapping[str, object]

ROOT = "/api/v1"
CONNECTIONS = 100
"""Open at a time; whoever needs one more waits for it."""
LIMIT_S = 60.0
"""For one answer."""


class Turned(Exception):
    """What the server answered instead of what was asked for: a problem with its `code`."""

    def __init__(self, asked: str, status: int, problem: Problem) -> None:
        super().__init__(f"{asked} was answered {status} {problem.code}: {problem.detail}")
        self.code = problem.code
        self.problem = problem


class Api:
    """`async with Api(url) as api:`"""

    def __init__(self, url: str) -> None:
        self._url = url + ROOT
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=CONNECTIONS),
            timeout=aiohttp.ClientTimeout(total=LIMIT_S),
            cookie_jar=aiohttp.DummyCookieJar(),
        )

    async def __aenter__(self) -> Api:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._session.close()

    async def get(self, path: str, view: type[View], token: str = "") -> View:
        """Raises Turned, or Unavailable: no answer came, or one that says so; it is not known whether it was done."""
        _, payload = await self._ask("GET", path, token, None, None)
        return msgspec.json.decode(payload, type=view)

    async def post(
        self, path: str, view: type[View], token: str = "", body: Body | None = None, key: str | None = None
    ) -> View | None:
        """None where the answer is 204. Raises as `get` does."""
        status, payload = await self._ask("POST", path, token, body, key)
        return None if status == 204 else msgspec.json.decode(payload, type=view)

    async def _ask(self, method: str, path: str, token: str, body: Body | None, key: str | None) -> tuple[int, bytes]:
        headers = {"Content-Type": "application/json"}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        if key is not None:
            headers["Idempotency-Key"] = key
        sent = b"" if body is None else msgspec.json.encode(body)
        try:
            async with self._session.request(method, self._url + path, headers=headers, data=sent) as response:
                payload = await response.read()
        except (aiohttp.ClientError, TimeoutError, ConnectionError) as error:
            raise Unavailable(f"{method} {path} was not answered: {str(error) or type(error).__name__}") from error
        if response.status == 503:
            raise Unavailable(_problem(payload).detail)
        if response.status >= 400:
            raise Turned(f"{method} {path}", response.status, _problem(payload))
        return response.status, payload


def _problem(payload: bytes) -> Problem:
    try:
        return msgspec.json.decode(payload, type=Problem)
    except msgspec.MsgspecError:
        return Problem(type="", title="", status=0, code="internal", detail="an answer that is no problem document")
