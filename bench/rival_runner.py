"""The rival: the stock `ProjectionRunner` of the library, which keeps the same case list over the same log.

As its documentation has it: the view is a tracking recorder, and each event's row and its tracking are written in one
transaction. It is given what helps it: single-row tracking, only the topics of cases, the cases held in memory, what
is due reckoned from a ladder and calendars that are in memory already.
"""

from collections.abc import Mapping
from typing import ClassVar
from uuid import UUID

from eventsourcing.application import Application
from eventsourcing.dispatch import singledispatchmethod
from eventsourcing.persistence import Tracking
from eventsourcing.postgres import PostgresTrackingRecorder
from eventsourcing.projection import Projection, ProjectionRunner
from psycopg.sql import SQL, Identifier

from domain.aggregates.dispute.deadlines import deadlines, first_due
from domain.events.dispute import DisputeEvent
from domain.events.envelope import Recorded
from domain.procedures.ladder import Ladder
from domain.procedures.workdays import Calendar
from projections.case_list.tables import CASELOAD, case_row
from projections.runtime.case_cache import Folded, after
from projections.runtime.projection import Row
from store.event_log.interop import environment
from store.event_log.topics import TOPICS

TABLE = "rival_caseload"
_UPSERT = SQL("INSERT INTO {} ({}) VALUES ({}) ON CONFLICT (dispute) DO UPDATE SET {}").format(
    Identifier(TABLE),
    SQL(", ").join(map(Identifier, CASELOAD.columns)),
    SQL(", ").join(SQL("%s") for _ in CASELOAD.columns),
    SQL(", ").join(SQL("{0} = excluded.{0}").format(Identifier(column)) for column in CASELOAD.columns),
)


class Cases(Application[UUID]):
    """A stock application over the log."""


class CaseView(PostgresTrackingRecorder):
    """The case list as a materialised view."""

    def put(self, row: Row, tracking: Tracking) -> None:
        """Write a case's row with the tracking, in one transaction."""
        with self.datastore.transaction(commit=True) as cursor:
            self._insert_tracking(cursor, tracking)
            cursor.execute(_UPSERT, row, prepare=True)


class CaseList(Projection[CaseView]):
    """The same fold and the same row as the product's case list."""

    topics = tuple(sorted(item for item in TOPICS.released if item.startswith("dispute.")))
    ladder: ClassVar[Ladder]
    calendar: ClassVar[Calendar]

    def __init__(self, view: CaseView) -> None:
        super().__init__(view)
        self._cases: dict[UUID, Folded] = {}

    @singledispatchmethod
    def process_event(self, domain_event: Recorded[DisputeEvent], tracking: Tracking) -> None:
        """Fold one event and write its case's row."""
        held = self._cases[domain_event.stream] = after(self._cases.get(domain_event.stream), domain_event)
        due = first_due(deadlines(held.dispute, self.ladder, self.calendar))
        self.view.put(case_row(domain_event.stream, held, due, None), tracking)


def follow(url: str, last: int, ladder: Ladder, calendar: Calendar) -> None:
    """Let the rival follow the log to a position."""
    CaseList.ladder, CaseList.calendar = ladder, calendar
    with ProjectionRunner(
        application_class=Cases, projection_class=CaseList, view_class=CaseView, env=_environment(url)
    ) as runner:
        runner.wait(last, timeout=600)


def _environment(url: str) -> Mapping[str, str]:
    return dict(environment(url)) | {
        "CASELIST_CREATE_TABLE": "y",
        "CASELIST_PERSISTENCE_MODULE": "eventsourcing.postgres",
        "CASELIST_POSTGRES_SINGLE_ROW_TRACKING": "y",
    }
