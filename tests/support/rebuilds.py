"""What tests of rebuilds look at: rows, and what the catalogue says of tables."""

from collections.abc import Awaitable, Callable

import psycopg

from projections.rebuilding.filling import Filled, PositionRange
from projections.rebuilding.workers import Lanes, Task, in_process
from projections.registry import projection

CATALOGUE = """
SELECT 'column', table_name, column_name, ordinal_position::text, data_type, udt_name, is_nullable, column_default,
       collation_name, col_description(format('%%I', table_name)::regclass, ordinal_position)
FROM information_schema.columns WHERE table_schema = 'public' AND table_name = ANY(%(tables)s)
UNION ALL
SELECT 'index', tablename, indexname, indexdef, tablespace, obj_description(indexname::regclass), '', '', '', ''
FROM pg_indexes WHERE schemaname = 'public' AND tablename = ANY(%(tables)s)
UNION ALL
SELECT 'constraint', conrelid::regclass::text, conname, pg_get_constraintdef(oid), '', '', '', '', '', ''
FROM pg_constraint WHERE conrelid::regclass::text = ANY(%(tables)s)
UNION ALL
SELECT 'table', relname, relkind::text, relpersistence::text, pg_get_userbyid(relowner), reloptions::text,
       obj_description(oid), relreplident::text, reltuples::text, ''
FROM pg_class WHERE relname = ANY(%(tables)s)
UNION ALL
SELECT 'right', table_name, grantor, grantee, privilege_type, is_grantable, '', '', '', ''
FROM information_schema.table_privileges WHERE table_name = ANY(%(tables)s)
ORDER BY 1, 2, 3, 4, 5
"""


def rows_of(url: str, name: str) -> list[tuple]:
    """Every row of a read model, as text."""
    with psycopg.connect(url) as connection:
        return [
            row
            for table in projection(name).TABLES
            for row in connection.execute(
                f"SELECT to_jsonb(t)::text FROM {table.name} t ORDER BY 1"
            ).fetchall()
        ]


def catalogue_of(url: str, name: str) -> list[tuple]:
    """What the catalogue says of the tables of a read model, which are analysed first."""
    tables = [table.name for table in projection(name).TABLES]
    with psycopg.connect(url, autocommit=True) as connection:
        for item in tables:
            connection.execute(f"ANALYZE {item}")
        return connection.execute(CATALOGUE, {"tables": tables}).fetchall()


def schemas_of(url: str) -> set[str]:
    """The schemas of a database."""
    with psycopg.connect(url) as connection:
        return {row[0] for row in connection.execute("SELECT nspname FROM pg_namespace").fetchall()}


def do(url: str, *statements: str) -> None:
    """Carry out statements as the owner."""
    with psycopg.connect(url) as connection:
        for statement in statements:
            connection.execute(statement)


def position_at(url: str, name: str) -> int:
    """Up to where a read model has followed the log."""
    with psycopg.connect(url) as connection:
        query = "SELECT position FROM projection_positions WHERE name = %s"
        row = connection.execute(query, (name,)).fetchone()
    return row[0] if row else 0


def meanwhile(work: Callable[[], Awaitable[None]]) -> Lanes:
    """A lane that does something else after each part that it has filled."""
    from contextlib import asynccontextmanager

    @asynccontextmanager
    async def lanes(task: Task):
        async with in_process(task) as (lane,):

            async def fill(span: PositionRange) -> Filled:
                filled = await lane(span)
                await work()
                return filled

            yield (fill,)

    return lanes
