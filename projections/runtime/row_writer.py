"""Writes many rows of a table in one statement."""

from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from typing import Final

from psycopg.sql import SQL, Composable, Composed, Identifier
from psycopg.types.json import Jsonb
from pydantic_core import to_json

from projections.runtime.projection import Connection, ReadModelTable, Row

_PUT: Final = SQL("""
INSERT INTO {table} ({columns}) SELECT {columns} FROM json_populate_recordset(NULL::{table}, %s::json)
ON CONFLICT ({key}) DO UPDATE SET {changes}
""")


async def copy_into(connection: Connection, table: ReadModelTable, rows: Iterable[Row]) -> None:
    """Add rows to a table."""
    async with connection.cursor() as cursor, cursor.copy(_copying(table)) as copy:
        for row in rows:
            await copy.write_row(row)


async def put(connection: Connection, table: ReadModelTable, rows: Sequence[Row]) -> None:
    """Insert rows, replacing those with the same key; each key may occur once."""
    if rows:
        await connection.execute(_putting(table), (_as_json(table.columns, rows),))


@lru_cache(maxsize=10_000)
def array(texts: tuple[str, ...]) -> str:
    """Return texts as COPY takes them for an array column; cached, as the same few recur."""
    return f"{{{','.join(map(_quoted, texts))}}}"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


@cache
def _copying(table: ReadModelTable) -> Composed:
    columns = SQL(", ").join(map(Identifier, table.columns))
    return SQL("COPY {} ({}) FROM STDIN").format(Identifier(table.name), columns)


@cache
def _putting(table: ReadModelTable) -> Composed:
    changes = (SQL("{0} = excluded.{0}").format(Identifier(column)) for column in table.columns)
    return _PUT.format(
        table=Identifier(table.name),
        columns=_listed(table.columns),
        key=_listed(table.key),
        changes=SQL(", ").join(changes),
    )


def _listed(columns: Iterable[str]) -> Composable:
    return SQL(", ").join(map(Identifier, columns))


def _as_json(columns: Sequence[str], rows: Iterable[Row]) -> str:
    objects = [dict(zip(columns, row, strict=True)) for row in rows]
    return to_json(objects, fallback=_json_value).decode()


def _json_value(value: object) -> object:
    """The value of a JSON column; raises TypeError for another value that JSON cannot hold."""
    if isinstance(value, Jsonb):
        return value.obj
    raise TypeError(f"no column takes a {type(value).__name__}")
