"""The outermost layer of a request: it answers HEAD as GET and unexpected errors, adds security headers, and measures."""

import asyncio
import time
from functools import lru_cache
from typing import Final

from prometheus_client import Counter, Histogram
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.http.problems import answer

_HEADERS: Final = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"content-security-policy", b"default-src 'self'; img-src 'self' data:; frame-ancestors 'none'"),
    (b"strict-transport-security", b"max-age=31536000"),
)
_NO_STORE: Final = (b"cache-control", b"no-store")
_REQUESTS = Counter("tiaochu_http_requests", "Requests answered", ["method", "route", "status"])
_SECONDS = Histogram("tiaochu_http_request_seconds", "Seconds from request to answer", ["method", "route"])


class RequestMiddleware:
    """Wraps the application; measures each request by its route."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, whatever happens inside."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started, status = time.perf_counter(), 0
        method = scope["method"]
        if method == "HEAD":
            scope, receive, send = _as_get(scope, send)

        async def send_with_headers(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                _add_headers(message, scope["path"])
            await send(message)

        try:
            await self._app(scope, receive, send_with_headers)
        except Exception as error:  # noqa: BLE001 - unexpected: the reply says nothing about the fault
            if not status:
                await answer(Request(scope, receive), error)(scope, receive, send_with_headers)
        finally:
            _measure(scope, method, status, time.perf_counter() - started)


def _as_get(scope: Scope, send: Send) -> tuple[Scope, Receive, Send]:
    """Return a HEAD request as the GET whose headers it asks for; what follows the headers is not sent.

    An event stream, which has no end, sees its client disconnect once the headers are sent.
    """
    ended = asyncio.Event()

    async def disconnect() -> Message:
        await ended.wait()
        return {"type": "http.disconnect"}

    async def send_head(message: Message) -> None:
        if message["type"] != "http.response.start":
            return
        await send(message)
        await send({"type": "http.response.body", "body": b""})
        if dict(message["headers"]).get(b"content-type", b"").startswith(b"text/event-stream"):
            ended.set()

    return {**scope, "method": "GET"}, disconnect, send_head


def _add_headers(message: Message, path: str) -> None:
    headers = message["headers"]
    present = {name for name, _ in headers}
    defaults = (*_HEADERS, _NO_STORE) if path.startswith("/v1/") else _HEADERS
    message["headers"] = [*headers, *(header for header in defaults if header[0] not in present)]


def _measure(scope: Scope, method: str, status: int, seconds: float) -> None:
    requests, times = _meters(method, getattr(scope.get("route"), "path", "unmatched"), status)
    requests.inc()
    times.observe(seconds)


@lru_cache(5_000)
def _meters(method: str, route: str, status: int) -> tuple[Counter, Histogram]:
    return _REQUESTS.labels(method, route, str(status)), _SECONDS.labels(method, route)
