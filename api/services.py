"""What the interface is given to work with; put together by the command line and nowhere else."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Request

from access.tokens import Verifier
from api.streams import Streams
from application.casefile import CaseFiles
from application.engine import Engine
from application.importing.importer import Importer
from application.migrations import Migrations
from application.procedures import Procedures
from application.reference_data import ReferenceData
from application.simulation.simulations import Simulations
from projections.agenda import Agenda
from projections.alarms import Alarms
from projections.case_list import CaseList
from projections.directory import Directory
from projections.figures import FigureBook
from projections.ledger import LedgerBook
from projections.pinned import Pinned
from projections.policy_book import PolicyBook
from projections.reading import Health
from store.attachments import Attachments
from store.feed import Feed


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
