"""The rows of procedures and calendars: a table for each kind of fact, so that each row is told by one event."""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from psycopg.types.json import Jsonb

from domain.events import streams
from domain.events.calendar import CalendarPublished
from domain.events.envelope import Event, Recorded
from domain.events.procedure import ProcedureProposed, ProcedurePublished, ProcedureRejected
from domain.procedures.ladder import Ladder
from projections.runtime.projection import Row, Table


def _of_procedure(row: Mapping[str, object]) -> UUID:
    return streams.procedure_stream(str(row["id"]))


def _of_calendar(row: Mapping[str, object]) -> UUID:
    return streams.calendar_stream(int(str(row["year"])))


_KEY: Final = ("id", "version")
_PUBLISHED: Final = Table(
    "procedures", ("id", "version", "ladder", "decided_at", "published_at"), _KEY, _of_procedure
)
_PROPOSED: Final = Table(
    "procedure_proposals",
    ("id", "version", "ladder", "proposed_by", "proposed_at"),
    _KEY,
    _of_procedure,
)
_REJECTED: Final = Table("procedure_rejections", ("id", "version", "note", "decided_at"), _KEY, _of_procedure)
_CALENDARS: Final = Table(
    "calendars", ("year", "days_off", "workdays", "basis", "published_at"), ("year",), _of_calendar
)
TABLES: Final = (_PUBLISHED, _PROPOSED, _REJECTED, _CALENDARS)
OPENINGS: Final = ("procedure.", "calendar.")


def row_of(recorded: Recorded[Event]) -> tuple[Table, Row] | None:
    """Return the row that an event tells, and of which table; None where it tells none."""
    match recorded.event:
        case ProcedurePublished() as event:
            times = (event.occurred_at, recorded.recorded_at)
            return _PUBLISHED, (event.ladder.id, event.version, _json(event.ladder), *times)
        case ProcedureProposed() as event:
            about = (event.proposed_by, event.occurred_at)
            return _PROPOSED, (event.ladder.id, event.version, _json(event.ladder), *about)
        case ProcedureRejected() as event:
            return _REJECTED, (event.procedure, event.version, event.note, event.occurred_at)
        case CalendarPublished() as event:
            days = (list(event.days_off), list(event.workdays))
            return _CALENDARS, (event.year, *days, event.basis, recorded.recorded_at)
        case _:
            return None


def _json(ladder: Ladder) -> Jsonb:
    return Jsonb(ladder.model_dump(mode="json", exclude_unset=True))
