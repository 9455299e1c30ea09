"""The map: units, platforms with the people who serve there; beside them procedures and calendars."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import ClassVar, Final, LiteralString
from uuid import UUID

from psycopg.rows import dict_row
from psycopg.sql import SQL
from pydantic import BaseModel

from domain.events import streams
from domain.events.envelope import Event, Recorded
from domain.events.platform import (
    MediatorAppointed,
    MediatorDismissed,
    PlatformEstablished,
    PlatformReorganised,
)
from domain.events.unit import UnitEstablished, UnitRenamed
from projections.procedures import tables as policy_rows
from projections.runtime.projection import Connection, Row, Table
from projections.runtime.read_model import ReadModel
from projections.runtime.row_writer import put, remove
from store.postgres.connections import connection_of


def _of_unit(row: Mapping[str, object]) -> UUID:
    return streams.unit_stream(str(row["unit"]))


def _of_platform(row: Mapping[str, object]) -> UUID:
    return streams.platform_stream(str(row["unit"]))


_UNITS_TABLE: Final = Table("units", ("unit", "title", "kind"), ("unit",), _of_unit)
_PLATFORMS_TABLE: Final = Table(
    "platforms",
    ("unit", "tier", "title", "number_pattern", "convener", "panel", "groups"),
    ("unit",),
    _of_platform,
)
_MEDIATORS_TABLE: Final = Table(
    "mediators",
    ("unit", "mediator", "name", "kind", "appointed_on", "term_ends_on"),
    ("unit", "mediator"),
    _of_platform,
)
_TABLES: Final = (_UNITS_TABLE, _PLATFORMS_TABLE, _MEDIATORS_TABLE, *policy_rows.TABLES)
_Change = tuple[Table, Row]
"""The row as it is from now on; a row of the key alone is gone."""


class DirectoryProjection:
    """Keeps the map."""

    NAME: ClassVar[str] = "directory"
    TABLES: ClassVar[tuple[Table, ...]] = _TABLES
    OPENINGS: ClassVar[tuple[str, ...]] = ("unit.", "platform.", *policy_rows.OPENINGS)

    async def apply(self, connection: Connection, batch: Sequence[Recorded[Event]]) -> None:
        """Write what the batch says of units, platforms, procedures and calendars."""
        for table, rows in _left(batch).items():
            await remove(connection, table, [key for key, row in rows.items() if row is None])
            await put(connection, table, [row for row in rows.values() if row is not None])

    async def rows(
        self,
        connection: Connection,  # noqa: ARG002 - the map rests on nothing but its own streams
        history: Sequence[Recorded[Event]],
        until: int,  # noqa: ARG002
    ) -> Sequence[Sequence[Row]]:
        """Return what a stream says of units, platforms, procedures and calendars."""
        left = _left(history)
        return [[row for row in left.get(table, {}).values() if row is not None] for table in _TABLES]


def _left(events: Sequence[Recorded[Event]]) -> dict[Table, dict[Row, Row | None]]:
    """What events leave behind: the last row of each key, None where it is gone."""
    left: dict[Table, dict[Row, Row | None]] = {}
    for recorded in events:
        change = _change(recorded)
        if change is not None:
            table, row = change
            width = len(table.key)
            left.setdefault(table, {})[row[:width]] = row if len(row) > width else None
    return left


def _change(recorded: Recorded[Event]) -> _Change | None:
    event = recorded.event
    match event:
        case UnitEstablished() | UnitRenamed():
            return _UNITS_TABLE, (event.unit, event.title, event.kind)
        case PlatformEstablished() | PlatformReorganised():
            about = (event.unit, event.tier, event.title, event.number_pattern, event.convener)
            return _PLATFORMS_TABLE, (*about, list(event.panel), list(event.groups))
        case MediatorAppointed():
            name = event.name if isinstance(event.name, str) else ""
            term = (event.kind, event.appointed_on, event.term_ends_on)
            return _MEDIATORS_TABLE, (event.unit, event.mediator, name, *term)
        case MediatorDismissed():
            return _MEDIATORS_TABLE, (event.unit, event.mediator)
        case _:
            return policy_rows.row_of(recorded)


class UnitItem(BaseModel):
    """A unit."""

    unit: str
    title: str
    kind: str
    parent: str | None


class MediatorItem(BaseModel):
    """A mediator's appointment at a platform."""

    id: str
    name: str
    kind: str
    appointed_on: date
    term_ends_on: date


class PlatformItem(BaseModel):
    """A platform and who serves there."""

    unit: str
    tier: str
    title: str
    number_pattern: str | None
    convener: str
    panel: list[str]
    groups: list[str]
    mediators: list[MediatorItem]


class UnitPage(BaseModel):
    """A page of units."""

    items: list[UnitItem]
    next: str | None


class PlatformPage(BaseModel):
    """A page of platforms."""

    items: list[PlatformItem]
    next: str | None


_UNITS: Final = """
SELECT unit, title, kind, nullif(regexp_replace(unit, '\\.?[^.]+$', ''), '') AS parent
FROM units WHERE (%(under)s::text IS NULL OR unit = %(under)s OR starts_with(unit, %(under)s || '.'))
  AND (%(cursor)s::text IS NULL OR unit > %(cursor)s)
ORDER BY unit LIMIT %(limit)s
"""
_PLATFORMS: Final = """
SELECT p.*, coalesce((
    SELECT jsonb_agg(jsonb_build_object('id', m.mediator, 'name', m.name, 'kind', m.kind,
                                        'appointed_on', m.appointed_on, 'term_ends_on', m.term_ends_on)
                     ORDER BY m.mediator)
    FROM mediators m WHERE m.unit = p.unit), '[]') AS mediators
FROM platforms p WHERE (%(under)s::text IS NULL OR unit = %(under)s OR starts_with(unit, %(under)s || '.'))
  AND (%(cursor)s::text IS NULL OR unit > %(cursor)s)
ORDER BY unit LIMIT %(limit)s
"""


class DirectoryQueries(ReadModel):
    """Asks the map."""

    NAME: ClassVar[str] = DirectoryProjection.NAME

    async def units(self, under: str | None, limit: int, cursor: str | None) -> UnitPage:
        """Return a page of units by id, all or a unit's subtree."""
        rows = await self._rows(_UNITS, {"under": under, "cursor": cursor, "limit": limit + 1})
        items = [UnitItem.model_validate(row) for row in rows[:limit]]
        return UnitPage(items=items, next=items[-1].unit if len(rows) > limit else None)

    async def platforms(self, under: str | None, limit: int, cursor: str | None) -> PlatformPage:
        """Return a page of platforms by unit, all or those of a unit's subtree."""
        rows = await self._rows(_PLATFORMS, {"under": under, "cursor": cursor, "limit": limit + 1})
        items = [PlatformItem.model_validate(row) for row in rows[:limit]]
        return PlatformPage(items=items, next=items[-1].unit if len(rows) > limit else None)

    async def _rows(self, query: LiteralString, values: dict[str, object]) -> list[dict[str, object]]:
        async with connection_of(self._pool) as connection, connection.cursor(row_factory=dict_row) as cursor:
            await cursor.execute(SQL(query), values)
            return await cursor.fetchall()
