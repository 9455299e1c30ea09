"""A reader of server-sent events that keeps to the HTML standard, and one who opens a stream and reads nothing."""

import json
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from types import TracebackType
from typing import Self

import httpx

from domain.events.envelope import Actor
from tests.support.served import Served


@dataclass(frozen=True)
class Told:
    """One event as it arrived."""

    id: str
    event: str
    data: dict[str, object]


class Listener:
    """Reads a stream; `last_id` is what a reader sends as Last-Event-ID when it comes back."""

    def __init__(self, served: Served, actor: Actor, query: str = "", **headers: str) -> None:
        self._stack = ExitStack()
        client = self._stack.enter_context(httpx.Client(base_url=served.address, timeout=10))
        given = {"Authorization": f"Bearer {served.token(actor)}"}
        given |= {name.replace("_", "-"): value for name, value in headers.items()}
        self.response = self._stack.enter_context(client.stream("GET", f"/v1/stream{query}", headers=given))
        self._lines = self._split()
        self.last_id = ""
        self.comments = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType
    ) -> None:
        self._stack.close()

    def take(self, count: int) -> list[Told]:
        """Return so many events."""
        return [self.next() for _ in range(count)]

    def next(self) -> Told:
        """Return the next event; raises EOFError where the stream ended."""
        while True:
            fields = self._block()
            if "id" in fields:
                self.last_id = fields["id"]
            if fields.get("data"):
                return Told(self.last_id, fields.get("event", "message"), json.loads(fields["data"]))

    def first_block(self) -> dict[str, str]:
        """Return the fields of one block, whether or not it is an event."""
        return self._block()

    def ended(self) -> bool:
        """Whether the stream has come to its end, all that was left of it being dropped."""
        try:
            while True:
                self.next()
        except (EOFError, httpx.RemoteProtocolError):
            return True

    def _block(self) -> dict[str, str]:
        fields: dict[str, str] = {}
        for line in self._lines:
            if not line:
                return fields
            name, _, value = line.partition(":")
            if name:
                fields[name] = value.removeprefix(" ")
            else:
                self.comments += 1
        raise EOFError

    def _split(self) -> Iterator[str]:
        left = b""
        for piece in self.response.iter_bytes():
            *lines, left = (left + piece).split(b"\n")
            yield from (line.decode() for line in lines)


@contextmanager
def deaf(served: Served, actor: Actor, query: str = "") -> Iterator[socket.socket]:
    """Open a stream and read nothing of it but the beginning of its head."""
    host, _, port = served.address.removeprefix("http://").partition(":")
    with socket.socket() as opened:
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        opened.connect((host, int(port)))
        head = f"GET /v1/stream{query} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {served.token(actor)}\r\n\r\n"
        opened.sendall(head.encode())
        assert opened.recv(12) == b"HTTP/1.1 200"
        yield opened
