"""The product's own server inside the test's process, where a test can see how it is doing and slow it down."""

import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import uvicorn
from fastapi import APIRouter

from api.http.app import application
from api.http.services import Services
from cli.bootstrap import open_services
from cli.settings import Settings
from cli.workers.http_server import Server
from cli.workers.supervisor import listening_sockets
from tests.support.served import Served


@dataclass
class Here:
    """A server in this process: how to ask it, what it works with, and how to have it stop."""

    server: Server
    served: Served
    services: list[Services] = field(default_factory=list)

    def stop(self) -> None:
        """Ask it to stop, as a signal would."""
        self.server.should_exit = True


@contextmanager
def serving_here(
    url: str, home: Path, pool_size: int = 10, changed: Callable[[Services], Services] = lambda same: same
) -> Iterator[Here]:
    """Serve on a database until the block ends."""
    opened: list[Services] = []

    @asynccontextmanager
    async def provide() -> AsyncIterator[Services]:
        async with open_services(Settings(var=home, pool_size=pool_size), url) as services:
            opened.append(changed(services))
            yield opened[0]

    (listener,) = listening_sockets("127.0.0.1", 0, 1)
    config = uvicorn.Config(
        application(provide, APIRouter()),
        loop="uvloop",
        http="httptools",
        log_config=None,
        timeout_graceful_shutdown=3,
    )

    def stopping() -> None:
        for services in opened:
            services.streams.end()

    server = Server(config, stopping)
    thread = threading.Thread(target=server.run, args=([listener],))
    thread.start()
    try:
        while not server.started:
            assert thread.is_alive(), "the server ended before it was ready"
            time.sleep(0.01)
        address = f"http://127.0.0.1:{listener.getsockname()[1]}"
        with httpx.Client(base_url=address, timeout=15) as client:
            yield Here(server, Served(address, client, None, url, home), opened)
    finally:
        server.should_exit = True
        thread.join(20)
        assert not thread.is_alive(), "the server did not stop"
