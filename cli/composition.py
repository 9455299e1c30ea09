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
from application.clock import ClockTower, Report
from application.engine import Engine
from application.founding import FIRST_YEAR, found
from application.importing.deciding import Decide, decide_chunk
from application.importing.importer import Importer
from application.migrations import Migrations
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
from store.database import BY_KEY, open_pool
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
    keys = local_keys(settings.keys)
    pool, log_pool = open_pool(url, settings.pool_size), open_pool(url, LOG_CONNECTIONS, BY_KEY)
    log, references = PostgresEventLog(log_pool, clock), References()
    feed, news = Feed(pool), News(url)
    procedures = Procedures(log, references, clock)
    reference_data = ReferenceData(log, references, clock)
    engine, pinned = Engine(log, references, clock), Pinned(pool)
    await pool.open()
    await log_pool.open()
    try:
        yield Services(
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
    finally:
        await news.close()
        await log_pool.close()
        await pool.close()


@asynccontextmanager
async def opened_clock(
    url: str, clock: Callable[[], datetime] = utc_now, report: Report | None = None
) -> AsyncIterator[ClockTower]:
    """Open what fires time limits, and close it afterwards."""
    pool, log_pool = open_pool(url, 2), open_pool(url, LOG_CONNECTIONS, BY_KEY)
    await pool.open()
    await log_pool.open()
    try:
        engine = Engine(PostgresEventLog(log_pool, clock), References(), clock)
        told = (report,) if report else ()
        yield ClockTower(engine, Alarms(pool), clock, *told)
    finally:
        await log_pool.close()
        await pool.close()


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
