"""The tables of procedures and calendars: one for each kind of event, so that one event writes a row."""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from domain.events import streams
from projections.runtime.projection import ReadModelTable


def procedure_of(row: Mapping[str, object]) -> UUID:
    """Return the stream of a version's row."""
    return streams.procedure_stream(str(row["id"]))


def calendar_of(row: Mapping[str, object]) -> UUID:
    """Return the stream of a year's row."""
    return streams.calendar_stream(int(str(row["year"])))


_KEY: Final = ("id", "version")
PUBLISHED: Final = ReadModelTable(
    "procedures", ("id", "version", "ladder", "decided_at", "published_at"), _KEY, procedure_of
)
PROPOSED: Final = ReadModelTable(
    "procedure_proposals",
    ("id", "version", "ladder", "proposed_by", "proposed_at"),
    _KEY,
    procedure_of,
)
REJECTED: Final = ReadModelTable(
    "procedure_rejections", ("id", "version", "note", "decided_at"), _KEY, procedure_of
)
CALENDARS: Final = ReadModelTable(
    "calendars", ("year", "days_off", "workdays", "basis", "published_at"), ("year",), calendar_of
)
