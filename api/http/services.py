"""The services that requests use; the command line puts them together (`cli.bootstrap`)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Request

from api.feed.streams import OpenStreams
from application.calendar_reader import CalendarReader
from application.case_reader import CaseReader
from application.command_handler import CommandHandler
from application.importing.importer import Importer
from application.known_units import KnownUnits
from application.number_patterns import NumberPatterns
from application.platform_reader import PlatformReader
from application.platform_warnings import PlatformWarnings
from application.procedure_migration.migrations import ProcedureMigrations
from application.simulation.runner import SimulationRunner
from identity.tokens import Verifier
from projections.case_history.queries import DeadlineQueries
from projections.case_list.appointments import AppointmentQueries
from projections.case_list.queries import CaseListQueries, ExpiredTimeLimitQueries, OpenDisputeQueries
from projections.directory.queries import DirectoryQueries
from projections.indicators.queries import IndicatorQueries
from projections.ledger.queries import LedgerQueries
from projections.procedures.queries import ProcedureQueries
from projections.runtime.health import Health
from store.attachments import Attachments
from store.event_log.feed import Feed
from store.read_log import ReadLog


@dataclass(frozen=True, slots=True)
class Services:
    """The parts that requests use."""

    command_handler: CommandHandler
    importer: Importer
    migrations: ProcedureMigrations
    number_patterns: NumberPatterns
    platforms: PlatformReader
    platform_warnings: PlatformWarnings
    open_disputes: OpenDisputeQueries
    case_reader: CaseReader
    calendars: CalendarReader
    case_list: CaseListQueries
    appointments: AppointmentQueries
    known_units: KnownUnits
    directory: DirectoryQueries
    procedure_queries: ProcedureQueries
    indicators: IndicatorQueries
    deadlines: DeadlineQueries
    due_time_limits: ExpiredTimeLimitQueries
    ledger: LedgerQueries
    attachments: Attachments
    reads: ReadLog
    feed: Feed
    streams: OpenStreams
    simulations: SimulationRunner
    health: Health
    verifier: Verifier
    request_key: bytes
    clock: Callable[[], datetime]


def services_of(request: Request) -> Services:
    """Return the parts that belong to the running application."""
    found: Services = request.app.state.services
    return found


async def _services(request: Request) -> Services:  # a dependency that is not async goes through a thread
    return services_of(request)


ServicesDependency = Annotated[Services, Depends(_services)]
