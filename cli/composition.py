"""Puts the parts together."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import TypeVar

from access.keys import local_keys
from access.tokens import Verifier
from api.services import Services
from api.streams import Streams
from application.casefile import CaseFiles
from application.clock import ClockTower, Report, silently
from application.engine import Engine
from application.founding import FIRST_YEAR, found
from application.importing.deciding import Decide, decide_chunk
from application.importing.importer import Importer
from application.migrations import Migrations
from application.ports import EventLog
from application.procedures import Procedures
from application.reference_data import ReferenceData
from application.references import References
from application.simulation.simulations import Simulations
from cli.settings import Settings
from cli.simulator import lanes_beside
from projections.agenda import Agenda
from projections.alarms import Alarms
from projections.all import NAMES
from projections.case_list import CaseList
from projections.directory import Directory
from projections.figures import FigureBook
from projections.ledger import LedgerBook
from projections.pinned import Pinned
from projections.policy_book import PolicyBook
from projections.reading import Health
from store.attachments import Attachments
from store.database import BY_KEY, Pool, open_pool
from store.event_log import LOG_CONNECTIONS, PostgresEventLog
from store.feed import Feed
from store.news import News
from store.outcomes import Outcomes

_T = TypeVar("_T")


def utc_now() -> datetime:
    """Return the time; the only clock of the product."""
    return datetime.now(UTC)


@asynccontextmanager
async def opened_services(
    settings: Settings,
    url: str,
    clock: Callable[[], datetime] = utc_now,
    *,
    lanes: Sequence[Decide] = (decide_chunk,),
) -> AsyncIterator[Services]:
    """Open everything that requests use, and close it afterwards; `lanes` are what an import runs on."""
    async with opened_pools(url, settings.pool_size) as (pool, log_pool):
        news = News(url)
        try:
            yield _services(settings, url, pool, PostgresEventLog(log_pool, clock), news, clock, lanes)
        finally:
            await news.close()


def _services(
    settings: Settings,
    url: str,
    pool: Pool,
    log: EventLog,
    news: News,
    clock: Callable[[], datetime],
    lanes: Sequence[Decide],
) -> Services:
    keys, references, feed = local_keys(settings.keys), References(), Feed(pool)
    procedures = Procedures(log, references, clock)
    reference_data = ReferenceData(log, references, clock)
    engine, pinned = Engine(log, references, clock), Pinned(pool)
    return Services(
        engine=engine,
        procedures=procedures,
        reference_data=reference_data,
        importer=Importer(log, references, procedures, reference_data, clock, lanes),
        migrations=Migrations(log, references, engine, pinned, Outcomes(pool), clock),
        pinned=pinned,
        case_files=CaseFiles(log, references),
        case_list=CaseList(pool),
        directory=Directory(pool),
        policies=PolicyBook(pool),
        figures=FigureBook(pool),
        agenda=Agenda(pool),
        alarms=Alarms(pool),
        ledger=LedgerBook(pool),
        attachments=Attachments(pool),
        feed=feed,
        streams=Streams(feed, news),
        simulations=Simulations(log, feed.head, lanes_beside(url)),
        health=Health(pool, NAMES),
        verifier=Verifier(keys.tokens),
        request_key=keys.requests,
        clock=clock,
    )


@asynccontextmanager
async def opened_clock(
    url: str, clock: Callable[[], datetime] = utc_now, report: Report = silently
) -> AsyncIterator[ClockTower]:
    """Open what fires time limits, and close it afterwards."""
    async with opened_pools(url, 2) as (pool, log_pool):
        engine = Engine(PostgresEventLog(log_pool, clock), References(), clock)
        yield ClockTower(engine, Alarms(pool), clock, report)


@asynccontextmanager
async def opened_pools(url: str, size: int) -> AsyncIterator[tuple[Pool, Pool]]:
    """Open connections for whatever is asked, and those of the log alone; close them afterwards."""
    async with open_pool(url, size) as pool, open_pool(url, LOG_CONNECTIONS, BY_KEY) as log_pool:
        yield pool, log_pool


def with_services(
    settings: Settings,
    url: str,
    work: Callable[[Services], Awaitable[_T]],
    *,
    lanes: Sequence[Decide] = (decide_chunk,),
) -> _T:
    """Do one thing with the services, from a command that is not a server."""

    async def run() -> _T:
        async with opened_services(settings, url, lanes=lanes) as services:
            return await work(services)

    return run_async(run())


def run_async(work: Coroutine[None, None, _T]) -> _T:
    """Run a coroutine to its end."""
    return asyncio.run(work)


async def lay_foundations(services: Services) -> tuple[int, ...]:
    """Put in force what is in force from the first day; return the years whose calendar is published."""
    return await found(
        services.procedures, services.reference_data, range(FIRST_YEAR, services.clock().year + 2)
    )
