"""What the worker does from time to time: fire time limits, remove unused files."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Final

import psycopg
import structlog

from application.deadline_scheduler import ExpiredTimeLimit
from application.ports import Unavailable
from cli.bootstrap import open_deadline_scheduler
from store.attachments import Attachments
from store.postgres.connections import open_pool

_TIME_LIMIT_SECONDS: Final = 2
_ATTACHMENT_SECONDS: Final = 3600


async def fire_time_limits(url: str, clock: Callable[[], datetime]) -> None:
    """Every 2 seconds fire the time limits that have expired, however long ago; never returns."""
    log = structlog.get_logger()

    def report(expired: ExpiredTimeLimit, error: Exception) -> None:
        log.error("time limit at fault", dispute=str(expired.dispute), error=type(error).__name__)

    async with open_deadline_scheduler(url, clock, report) as scheduler:
        while True:
            try:
                fired = await scheduler.fire_due()
            except (Unavailable, psycopg.Error) as error:
                log.warning("time limits put off", error=type(error).__name__)
            except Exception as error:  # noqa: BLE001 - the scheduler goes on, whatever one round met
                log.error("time limits put off", error=type(error).__name__)  # noqa: TRY400 - a stack may hold names
            else:
                if fired.fired:
                    log.info("time limits fired", fired=fired.fired, moot=fired.moot)
            await asyncio.sleep(_TIME_LIMIT_SECONDS)


async def remove_unused_attachments(url: str) -> None:
    """Every hour remove files that no case came to hold; never returns."""
    async with open_pool(url, 1) as pool:
        while True:
            try:
                await Attachments(pool).sweep()
            except Unavailable as error:
                structlog.get_logger().warning("sweep put off", error=type(error).__name__)
            await asyncio.sleep(_ATTACHMENT_SECONDS)
