"""A proxy between the product and PostgreSQL that cuts connections at a COMMIT: before it, after it, or in between."""

import asyncio
import itertools
import threading
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field
from types import TracebackType
from typing import Final, Literal, Self

from psycopg.conninfo import conninfo_to_dict, make_conninfo

Cut = Literal["before", "during", "after"]
"""COMMIT never arrives; it arrives and nobody waits for it; it is carried out and its answer swallowed."""
_COMMIT: Final = b"COMMIT"
_ANSWERED: Final = b"COMMIT\0"
_CHUNK: Final = 65536
_PATIENCE: Final = 5.0


@dataclass(slots=True)
class Proxy:
    """Listens on a port of its own; every `every`th COMMIT is cut, or none where `cut` is None."""

    target: str
    cut: Cut | None = None
    every: int = 2
    cuts: int = 0
    _commits: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))
    _port: "Future[int]" = field(default_factory=Future)
    _loop: asyncio.AbstractEventLoop | None = None
    _over: asyncio.Event = field(default_factory=asyncio.Event)
    _thread: threading.Thread | None = None

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run()), daemon=True)
        self._thread.start()
        self._port.result(_PATIENCE)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._loop and self._thread:
            self._loop.call_soon_threadsafe(self._over.set)
            self._thread.join(_PATIENCE)

    @property
    def url(self) -> str:
        """The database, through the proxy."""
        port = self._port.result()
        return make_conninfo(
            self.target, host="127.0.0.1", port=port, sslmode="disable", gssencmode="disable"
        )

    async def _run(self) -> None:
        self._loop = asyncio.get_running_loop()
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self._port.set_result(server.sockets[0].getsockname()[1])
        await self._over.wait()
        server.close()

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        parts = conninfo_to_dict(self.target)
        host, port = str(parts.get("host", "127.0.0.1")), int(str(parts.get("port", 5432)))
        if host.startswith("/"):
            return await asyncio.open_unix_connection(f"{host}/.s.PGSQL.{port}")
        return await asyncio.open_connection(host, port)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            server, database = await self._connect()
        except OSError:
            writer.close()
            return
        wire = _Wire(self, reader, writer, server, database)
        try:
            with suppress(OSError):
                await wire.run()
        finally:
            for item in (writer, database):
                item.transport.abort()

    def takes(self) -> Cut | None:
        """Say what is to become of a COMMIT that was just sent."""
        if self.cut is None or next(self._commits) % self.every:
            return None
        self.cuts += 1
        return self.cut


@dataclass(slots=True)
class _Wire:
    """One connection, both ways."""

    proxy: Proxy
    client: asyncio.StreamReader
    to_client: asyncio.StreamWriter
    server: asyncio.StreamReader
    to_server: asyncio.StreamWriter
    _swallowing: bool = False

    async def run(self) -> None:
        """Carry bytes until one side ends or the connection is cut."""
        ways = [asyncio.create_task(self._upward()), asyncio.create_task(self._downward())]
        _, open_yet = await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        for item in open_yet:
            item.cancel()

    async def _upward(self) -> None:
        while data := await self.client.read(_CHUNK):
            how = self.proxy.takes() if _COMMIT in data else None
            if how == "before":
                return
            self._swallowing = self._swallowing or how == "after"
            self.to_server.write(data)
            await self.to_server.drain()
            if how == "during":
                return

    async def _downward(self) -> None:
        """Carry what the server says; once a COMMIT is to be swallowed, nothing more, and end when it is answered."""
        tail = b""
        while data := await self.server.read(_CHUNK):
            if not self._swallowing:
                self.to_client.write(data)
                await self.to_client.drain()
                continue
            tail = tail[-len(_ANSWERED) :] + data
            if _ANSWERED in tail:
                return
