"""An API process: it answers requests on a socket that it inherits."""

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import uvicorn

from api.http.app import application
from api.http.services import Services
from cli.bootstrap import open_services
from cli.settings import Settings
from cli.workers.garbage_collection import collect_garbage_rarely
from cli.workers.http_server import Server
from console.routes import router as pages


def run_api(settings: Settings, url: str, descriptor: int) -> None:
    """Answer requests on the socket of this file descriptor until SIGTERM or SIGINT."""
    running: list[Services] = []
    collect_garbage_rarely()

    @asynccontextmanager
    async def provide() -> AsyncIterator[Services]:
        async with open_services(settings, url) as services:
            running.append(services)
            yield services

    def end_streams() -> None:
        for services in running:
            services.streams.end()

    config = uvicorn.Config(
        application(provide, pages, settings.metrics_folder),
        loop="uvloop",
        http="httptools",
        access_log=False,
        log_config=None,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=3,
    )
    Server(config, end_streams).run(sockets=[socket.socket(fileno=descriptor)])
