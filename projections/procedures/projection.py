"""Procedures and calendars: versions published, proposed and rejected, and the published years."""

from typing import Final

from psycopg.types.json import Jsonb

from domain.events.calendar import CalendarPublished
from domain.events.envelope import Event, Recorded
from domain.events.procedure import ProcedureProposed, ProcedurePublished, ProcedureRejected
from domain.procedures.ladder import Ladder
from projections.procedures.tables import CALENDARS, PROPOSED, PUBLISHED, REJECTED
from projections.runtime.event_rows import EventRows, RowChange


def row_of(recorded: Recorded[Event]) -> RowChange | None:
    """Return the row that an event of a procedure or a calendar leaves; None where it leaves none."""
    match recorded.event:
        case ProcedurePublished() as event:
            times = (event.occurred_at, recorded.recorded_at)
            return PUBLISHED, (event.ladder.id, event.version, _json(event.ladder), *times)
        case ProcedureProposed() as event:
            proposal = (event.proposed_by, event.occurred_at)
            return PROPOSED, (event.ladder.id, event.version, _json(event.ladder), *proposal)
        case ProcedureRejected() as event:
            return REJECTED, (event.procedure, event.version, event.note, event.occurred_at)
        case CalendarPublished() as event:
            days = (list(event.days_off), list(event.workdays))
            return CALENDARS, (event.year, *days, event.basis, recorded.recorded_at)
        case _:
            return None


def _json(ladder: Ladder) -> Jsonb:
    return Jsonb(ladder.model_dump(mode="json", exclude_unset=True))


PROCEDURES: Final = EventRows((PUBLISHED, PROPOSED, REJECTED, CALENDARS), ("procedure.", "calendar."), row_of)
