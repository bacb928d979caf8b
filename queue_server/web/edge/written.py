"""A JSON answer that leaves as it stands: status line, fixed headers and body in one piece.

Nearly every answer differs from others only in status, length and body, so nothing of it is put together anew from a
dictionary of headers. What is unusual (cookies, HEAD, HTTP/1.0, a connection that ends) goes through aiohttp's own.
"""

from __future__ import annotations

import time
from email.utils import formatdate
from http import HTTPStatus

from aiohttp import ClientConnectionResetError, HttpVersion11, web
from aiohttp.abc import AbstractStreamWriter
from aiohttp.web_request import BaseRequest
from multidict import CIMultiDict


class Heads:
    """The head of an answer by its status, written anew when the second changes."""

    def __init__(self, headers: CIMultiDict[str]) -> None:
        self.headers = headers
        self._fixed = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        self._second = 0
        self._heads: dict[int, bytes] = {}

    def of(self, status: int) -> bytes:
        """Up to the length of the body."""
        now = int(time.time())
        if now != self._second:
            self._second = now
            self._heads.clear()
        head = self._heads.get(status)
        if head is None:
            phrase, date = HTTPStatus(status).phrase, formatdate(now, usegmt=True)
            text = f"HTTP/1.1 {status} {phrase}\r\nDate: {date}\r\n{self._fixed}Content-Length: "
            head = self._heads[status] = text.encode("latin-1")
        return head


class Written(web.StreamResponse):
    """One answer with these bytes as its body. `usual` says whether a request can be answered so."""

    def __init__(self, heads: Heads, status: int, body: bytes) -> None:
        # aiohttp's own begins with what is only needed to write the head
        self._all, self._code, self._sent = heads, status, False
        self._text = body

    @staticmethod
    def usual(request: web.Request) -> bool:
        return request.keep_alive and request.version == HttpVersion11 and request.method != "HEAD"

    @property
    def status(self) -> int:
        return self._code

    @property
    def reason(self) -> str:
        return HTTPStatus(self._code).phrase

    @property
    def headers(self) -> CIMultiDict[str]:
        """For reading: all answers share them."""
        return self._all.headers

    @property
    def prepared(self) -> bool:
        return self._sent

    @property
    def keep_alive(self) -> bool:
        return True

    @property
    def body_length(self) -> int:
        return len(self._text)

    async def prepare(self, request: BaseRequest) -> AbstractStreamWriter | None:
        transport = request.transport
        if transport is None or transport.is_closing():
            raise ClientConnectionResetError("the client has gone")
        self._sent = True
        body = self._text
        transport.write(b"%b%d\r\n\r\n%b" % (self._all.of(self._code), len(body), body))
        await request.writer.drain()
        return None

    async def write_eof(self, data: bytes = b"") -> None:
        """All has left with the head."""
