"""What a supervised child runs, once `cli.workers.child` has tied it to its supervisor."""

import asyncio
import logging
import signal
import socket
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime

import psycopg
import structlog
import uvicorn

from api.http.app import application
from api.http.services import Services
from application.deadline_scheduler import ExpiredTimeLimit
from application.ports import Unavailable
from cli.bootstrap import opened_clock, opened_services, utc_now
from cli.settings import Settings
from cli.workers.garbage_collection import unhurried
from cli.workers.http_server import Server
from console.routes import router as pages
from projections.registry import projections
from projections.runtime.runner import Runner
from store.attachments import Attachments
from store.postgres.connections import open_pool

_SWEEP_SECONDS = 3600
_CLOCK_SECONDS = 2


def log_to_stderr() -> None:
    """Write one JSON object a line, of allow-listed fields, to standard error."""
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(levelname)s %(name)s")
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )


def serve_api(settings: Settings, url: str, descriptor: int) -> None:
    """Answer requests on an inherited socket until told to stop."""
    opened: list[Services] = []
    unhurried()

    @asynccontextmanager
    async def provide() -> AsyncIterator[Services]:
        async with opened_services(settings, url) as services:
            opened.append(services)
            yield services

    def stopping() -> None:
        for services in opened:
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
    Server(config, stopping).run(sockets=[socket.socket(fileno=descriptor)])


def work(url: str, clock: Callable[[], datetime] = utc_now) -> None:
    """Follow the log for the read models and fire time limits, until told to stop."""
    unhurried()

    async def run() -> None:
        runner = Runner(url, projections())
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, runner.stop)
        beside = [asyncio.create_task(item) for item in (_sweep(url), _keep_time(url, clock))]
        await runner.run()
        for item in beside:
            item.cancel()

    asyncio.run(run())


async def _keep_time(url: str, clock: Callable[[], datetime]) -> None:
    """Every few seconds fire the time limits that have run out since, however long ago that was."""
    log = structlog.get_logger()

    def report(alarm: ExpiredTimeLimit, error: Exception) -> None:
        log.error("time limit at fault", dispute=str(alarm.dispute), error=type(error).__name__)

    async with opened_clock(url, clock, report) as tower:
        while True:
            try:
                struck = await tower.fire_due()
            except (Unavailable, psycopg.Error) as error:
                log.warning("time limits put off", error=type(error).__name__)
            except Exception as error:  # noqa: BLE001 - the clock goes on, whatever one round met
                log.error("time limits put off", error=type(error).__name__)  # noqa: TRY400 - no stack, it may hold names
            else:
                if struck.fired:
                    log.info("time limits fired", fired=struck.fired, moot=struck.moot)
            await asyncio.sleep(_CLOCK_SECONDS)


async def _sweep(url: str) -> None:
    """Every hour remove files that no case came to hold."""
    async with open_pool(url, 1) as pool:
        while True:
            try:
                await Attachments(pool).sweep()
            except Unavailable as error:
                structlog.get_logger().warning("sweep put off", error=type(error).__name__)
            await asyncio.sleep(_SWEEP_SECONDS)


def main(arguments: list[str]) -> None:
    """Run as the first argument says."""
    log_to_stderr()
    settings = Settings()
    if settings.database_url is None:
        raise SystemExit("TIAOCHU_DATABASE_URL is not set; the supervisor sets it")
    if arguments[0] == "api":
        serve_api(settings, settings.database_url, int(arguments[1]))
    else:
        work(settings.database_url)
