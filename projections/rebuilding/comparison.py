"""Compares the rows of the new version with those of the present one, at one position of the log."""

from collections.abc import AsyncIterator, Mapping
from typing import Final, cast
from uuid import UUID

from psycopg.rows import dict_row
from psycopg.sql import SQL, Composed, Identifier

from projections.rebuilding.differences import Comparison, Difference
from projections.rebuilding.shadow_schema import ShadowSchema
from projections.runtime.projection import Connection, ReadModelTable, RebuildableProjection
from store.postgres.typed import typed

NAMED: Final = 10
"""Differences that are listed; further ones are only counted."""
_CHUNK: Final = 1_000
_DIFFERENCES: Final = SQL("""
SELECT to_jsonb(serves) AS serves, to_jsonb(new) AS new
FROM {old} AS serves FULL JOIN {new} AS new USING ({key})
WHERE ROW(serves.*) IS DISTINCT FROM ROW(new.*)
""")
_COUNT: Final = SQL("SELECT count(*) FROM {}")
_PARKED: Final = SQL("""
SELECT stream FROM {} WHERE projection = {name} UNION SELECT stream FROM {} WHERE projection = {name}
""")
RowAsJson = Mapping[str, object]


async def compared(connection: Connection, shadow: ShadowSchema, model: RebuildableProjection) -> Comparison:
    """Compare the tables in the connection's snapshot, without the rows of streams that either version parked."""
    parked = await _parked(connection, shadow, model)
    rows = count = 0
    named: list[Difference] = []
    for table in model.TABLES:
        found = await (await connection.execute(_COUNT.format(shadow.new(table.name)))).fetchone()
        rows += found[0] if found and isinstance(found[0], int) else 0
        async for serves, new in _pairs(connection, shadow, table):
            row = serves or new or {}
            if table.stream_of(row) not in parked:
                count += 1
                named += [_difference(table, serves, new)] if len(named) < NAMED else []
    return Comparison(rows, count, tuple(named))


def _difference(table: ReadModelTable, serves: RowAsJson | None, new: RowAsJson | None) -> Difference:
    row = serves or new or {}
    columns = [column for column in table.columns if serves and new and serves[column] != new[column]]
    return Difference(table.name, tuple(str(row[item]) for item in table.key), tuple(columns))


async def _pairs(
    connection: Connection, shadow: ShadowSchema, table: ReadModelTable
) -> AsyncIterator[tuple[RowAsJson | None, RowAsJson | None]]:
    async with connection.cursor("differences", row_factory=dict_row) as cursor:
        cursor.itersize = _CHUNK
        await cursor.execute(_differences(shadow, table))
        async for item in cursor:
            yield cast("RowAsJson | None", item["serves"]), cast("RowAsJson | None", item["new"])


def _differences(shadow: ShadowSchema, table: ReadModelTable) -> Composed:
    key = SQL(", ").join(map(Identifier, table.key))
    return _DIFFERENCES.format(old=shadow.old(table.name), new=shadow.new(table.name), key=key)


async def _parked(
    connection: Connection, shadow: ShadowSchema, model: RebuildableProjection
) -> frozenset[UUID]:
    both = (shadow.old("parked_streams"), shadow.new("parked_streams"))
    found = await connection.execute(_PARKED.format(*both, name=model.NAME))
    return frozenset(typed(UUID, row[0]) for row in await found.fetchall())
