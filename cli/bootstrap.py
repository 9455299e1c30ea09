"""The composition root: the one place where the parts of the product are put together."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import TypeVar

from api.feed.streams import OpenStreams
from api.http.services import Services
from application.calendar_reader import CalendarReader
from application.case_reader import CaseReader
from application.command_handler import CommandHandler
from application.deadline_scheduler import DeadlineScheduler, Report, ignore_failure
from application.importing.chunk import Decide, decide_chunk
from application.importing.importer import Importer
from application.initial_data import FIRST_YEAR, publish_initial_data
from application.known_units import KnownUnits
from application.number_patterns import NumberPatterns
from application.platform_reader import PlatformReader
from application.platform_warnings import PlatformWarnings
from application.procedure_migration.migrations import ProcedureMigrations
from application.simulation.runner import SimulationRunner
from application.stream_cache import StreamCache
from cli.settings import Settings
from cli.workers.simulation_workers import simulation_workers
from identity.keys import local_keys
from identity.tokens import Verifier
from projections.case_history.queries import DeadlineQueries
from projections.case_history.tables import write_history
from projections.case_list.appointments import AppointmentQueries
from projections.case_list.queries import CaseListQueries, ExpiredTimeLimitQueries, OpenDisputeQueries
from projections.directory.queries import DirectoryQueries
from projections.indicators.queries import IndicatorQueries
from projections.ledger.queries import LedgerQueries
from projections.procedures.queries import ProcedureQueries
from projections.registry import NAMES
from projections.runtime.health import Health
from store.attachments import Attachments
from store.event_log.command_log import PostgresCommandLog
from store.event_log.feed import Feed
from store.event_log.notifications import LogNotifications
from store.event_log.postgres_event_log import LOG_CONNECTIONS, PostgresEventLog
from store.postgres.connections import BY_KEY, Pool, open_pool
from store.read_log import ReadLog

_T = TypeVar("_T")


def utc_now() -> datetime:
    """Return the current time: the only clock of the product."""
    return datetime.now(UTC)


@asynccontextmanager
async def open_services(
    settings: Settings,
    url: str,
    clock: Callable[[], datetime] = utc_now,
    *,
    import_workers: Sequence[Decide] = (decide_chunk,),
) -> AsyncIterator[Services]:
    """Open everything that requests use; close it afterwards. `import_workers` decide chunks of a ledger."""
    async with open_pools(url, settings.pool_size) as (pool, log_pool):
        notifications = LogNotifications(url)
        try:
            yield _services(settings, url, (pool, log_pool), notifications, clock, import_workers)
        finally:
            await notifications.close()


def _services(
    settings: Settings,
    url: str,
    pools: tuple[Pool, Pool],
    notifications: LogNotifications,
    clock: Callable[[], datetime],
    import_workers: Sequence[Decide],
) -> Services:
    pool, log, cache = pools[0], PostgresEventLog(pools[1], clock), StreamCache()
    keys, feed = local_keys(settings.keys), Feed(pool)
    handler, pinned = CommandHandler(log, cache, clock), OpenDisputeQueries(pool)
    return Services(
        command_handler=handler,
        importer=Importer(log, cache, handler, clock, import_workers),
        migrations=ProcedureMigrations(log, cache, handler, pinned, PostgresCommandLog(pool), clock),
        number_patterns=NumberPatterns(log, cache, handler),
        platforms=PlatformReader(log, cache),
        platform_warnings=PlatformWarnings(log, cache, pinned, clock),
        open_disputes=pinned,
        case_reader=CaseReader(log, cache),
        calendars=CalendarReader(log, cache),
        case_list=CaseListQueries(pool),
        appointments=AppointmentQueries(pool),
        known_units=KnownUnits(log, cache),
        directory=DirectoryQueries(pool),
        procedure_queries=ProcedureQueries(pool),
        indicators=IndicatorQueries(pool, write_history),
        deadlines=DeadlineQueries(pool),
        due_time_limits=ExpiredTimeLimitQueries(pool),
        ledger=LedgerQueries(pool),
        attachments=Attachments(pool),
        reads=ReadLog(*pools),
        feed=feed,
        streams=OpenStreams(feed, notifications),
        simulations=SimulationRunner(log, feed.head, simulation_workers(url)),
        health=Health(pool, NAMES),
        verifier=Verifier(keys.tokens),
        request_key=keys.requests,
        clock=clock,
    )


@asynccontextmanager
async def open_deadline_scheduler(
    url: str, clock: Callable[[], datetime] = utc_now, report: Report = ignore_failure
) -> AsyncIterator[DeadlineScheduler]:
    """Open what fires time limits; close it afterwards."""
    async with open_pools(url, 2) as (pool, log_pool):
        handler = CommandHandler(PostgresEventLog(log_pool, clock), StreamCache(), clock)
        yield DeadlineScheduler(handler, ExpiredTimeLimitQueries(pool), clock, report)


@asynccontextmanager
async def open_pools(url: str, size: int) -> AsyncIterator[tuple[Pool, Pool]]:
    """Open a pool of `size` connections for queries and one for the log; close them afterwards."""
    async with open_pool(url, size) as pool, open_pool(url, LOG_CONNECTIONS, BY_KEY) as log_pool:
        yield pool, log_pool


def with_services(
    settings: Settings,
    url: str,
    work: Callable[[Services], Awaitable[_T]],
    *,
    import_workers: Sequence[Decide] = (decide_chunk,),
) -> _T:
    """Run one piece of work with the services, for a command that is not a server."""

    async def run() -> _T:
        async with open_services(settings, url, import_workers=import_workers) as services:
            return await work(services)

    return run_async(run())


def run_async(work: Coroutine[None, None, _T]) -> _T:
    """Run a coroutine to its end."""
    return asyncio.run(work)


async def put_initial_data(services: Services) -> tuple[int, ...]:
    """Publish the default procedure and calendars where missing; return the years whose calendar is published.

    Patterns of case numbers from an earlier version are assigned to their registers.
    """
    await services.number_patterns.assign(
        [unit async for unit in services.directory.every_unit_with_platform()]
    )
    return await publish_initial_data(services.command_handler, range(FIRST_YEAR, services.clock().year + 2))
