"""What the interface is given to work with; put together by the command line and nowhere else."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Request

from api.feed.streams import Streams
from application.case_reader import CaseFiles
from application.command_handler import Engine
from application.importing.importer import Importer
from application.procedure_migration.migrations import Migrations
from application.procedures import Procedures
from application.reference_data import ReferenceData
from application.simulation.runner import Simulations
from identity.tokens import Verifier
from projections.case_history.queries import Agenda
from projections.case_list.due_time_limits import Alarms
from projections.case_list.open_disputes import Pinned
from projections.case_list.queries import CaseList
from projections.directory.projection import Directory
from projections.indicators.queries import FigureBook
from projections.ledger.projection import LedgerBook
from projections.procedures.queries import PolicyBook
from projections.runtime.read_model import Health
from store.attachments import Attachments
from store.event_log.feed import Feed


@dataclass(frozen=True, slots=True)
class Services:
    """The parts that requests use."""

    engine: Engine
    procedures: Procedures
    reference_data: ReferenceData
    importer: Importer
    migrations: Migrations
    pinned: Pinned
    case_files: CaseFiles
    case_list: CaseList
    directory: Directory
    policies: PolicyBook
    figures: FigureBook
    agenda: Agenda
    alarms: Alarms
    ledger: LedgerBook
    attachments: Attachments
    feed: Feed
    streams: Streams
    simulations: Simulations
    health: Health
    verifier: Verifier
    request_key: bytes
    clock: Callable[[], datetime]


def services(request: Request) -> Services:
    """Return the parts that belong to the running application."""
    found: Services = request.app.state.services
    return found


async def _given(request: Request) -> Services:  # a dependency that is not async goes through a thread
    return services(request)


Given = Annotated[Services, Depends(_given)]
