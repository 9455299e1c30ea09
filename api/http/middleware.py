"""Around every request: a last catch for what nobody foresaw, the security headers, and the measurements."""

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
_NOT_KEPT: Final = (b"cache-control", b"no-store")
_REQUESTS = Counter("tiaochu_http_requests", "Requests answered", ["method", "route", "status"])
_SECONDS = Histogram("tiaochu_http_request_seconds", "Seconds from request to answer", ["method", "route"])


class RequestMiddleware:
    """The outermost part of the application."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, whatever happens inside."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started, status = time.perf_counter(), 0

        async def framed(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                _add_headers(message, scope["path"])
            await send(message)

        try:
            await self._app(scope, receive, framed)
        except Exception as error:  # noqa: BLE001 - the last catch: an answer that says nothing about the fault
            if not status:
                await answer(Request(scope, receive), error)(scope, receive, framed)
        finally:
            _measure(scope, status, time.perf_counter() - started)


def _add_headers(message: Message, path: str) -> None:
    given = message["headers"]
    present = {name for name, _ in given}
    wanted = (*_HEADERS, _NOT_KEPT) if path.startswith("/v1/") else _HEADERS
    message["headers"] = [*given, *(header for header in wanted if header[0] not in present)]


def _measure(scope: Scope, status: int, seconds: float) -> None:
    requests, times = _meters(scope["method"], getattr(scope.get("route"), "path", "unmatched"), status)
    requests.inc()
    times.observe(seconds)


@lru_cache(5_000)
def _meters(method: str, route: str, status: int) -> tuple[Counter, Histogram]:
    return _REQUESTS.labels(method, route, str(status)), _SECONDS.labels(method, route)
