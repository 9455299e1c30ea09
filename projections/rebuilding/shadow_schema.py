"""Where a new version of a read model's tables is made: a schema of its own, beside the one that serves.

The new tables are made after those that serve, down to the names of their indexes, which two schemas may share. Here
the model also has a position and parked streams of its own: with the workshop first on the search path, the model's
own code and the ordinary step along the log work on the new version without knowing it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import psycopg
from psycopg import AsyncConnection
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.sql import SQL, Composed, Identifier

from projections.rebuilding.errors import RebuildRefused
from projections.runtime.projection import Connection, RebuildableProjection
from store.postgres.typed import typed

_OWN: Final = ("projection_positions", "parked_streams")
"""Tables of the runner that a workshop has of its own."""
_BESIDE: Final = SQL("CREATE UNLOGGED TABLE {new} (LIKE {old} INCLUDING ALL {but})")
_BUILT_LATER: Final = SQL("EXCLUDING INDEXES")
_CONSTRAINTS: Final = """
SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint
WHERE conrelid = %s::regclass AND contype IN ('p', 'u', 'x') ORDER BY contype, conname
"""
_INDEXES: Final = """
SELECT replace(pg_get_indexdef(i.indexrelid), format(' ON %%I.', n.nspname), format(' ON %%I.', %s::text))
FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE i.indrelid = %s::regclass
  AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid AND k.conrelid = i.indrelid)
ORDER BY i.indexrelid
"""
_OPTIONS: Final = "SELECT unnest(reloptions) FROM pg_class WHERE oid = %s::regclass"
_OWNER: Final = "SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = %s::regclass"
_RIGHTS: Final = """
SELECT privilege_type, CASE grantee WHEN 0 THEN NULL ELSE pg_get_userbyid(grantee) END, is_grantable
FROM pg_class, aclexplode(relacl) WHERE oid = %s::regclass
"""
_REMARKS: Final = """
SELECT c.relkind::text, c.relname, d.description FROM pg_class c
JOIN pg_description d ON d.objoid = c.oid AND d.objsubid = 0 AND d.classoid = 'pg_class'::regclass
WHERE c.oid = %(table)s::regclass OR c.oid IN (SELECT indexrelid FROM pg_index WHERE indrelid = %(table)s::regclass)
"""
_KINDS: Final = {"r": SQL("TABLE"), "i": SQL("INDEX")}
_SETTINGS: Final = {"statement_timeout": "0", "timezone": "UTC", "client_connection_check_interval": "1s"}
"""Making indexes takes its time; of a rebuild that was killed nothing goes on for long."""


@dataclass(frozen=True, slots=True)
class ShadowSchema:
    """The schemas of the version that serves and of the new one."""

    home: str
    name: str

    async def connect(self, url: str) -> AsyncConnection[tuple[object, ...]]:
        """Open a connection, as the tables' owner, on which the new version stands for the model."""
        connection = await connect(url)
        await connection.execute(
            SQL("SET search_path = {}, {}").format(*map(Identifier, (self.name, self.home)))
        )
        return connection

    def old(self, table: str) -> Identifier:
        """Return the name of a table that serves."""
        return Identifier(self.home, table)

    def new(self, table: str) -> Identifier:
        """Return the name of a table of the new version."""
        return Identifier(self.name, table)


async def connect(url: str) -> AsyncConnection[tuple[object, ...]]:
    """Open a connection as the tables' owner, without the time limits of serving."""
    present = conninfo_to_dict(url).get("options") or ""
    options = " ".join([str(present), *(f"-c {name}={value}" for name, value in _SETTINGS.items())]).strip()
    given = make_conninfo(url, options=options, application_name="tiaochu rebuild", connect_timeout=5)
    return await AsyncConnection.connect(given, autocommit=True)


async def opened_workshop(connection: Connection, model: RebuildableProjection) -> ShadowSchema:
    """Make the new tables, empty and without indexes; what an earlier rebuild left there is swept away."""
    found = await connection.execute(
        "SELECT n.nspname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = %s::regclass",
        (model.TABLES[0].name,),
    )
    row = await found.fetchone()
    workshop = ShadowSchema(typed(str, row[0] if row else None), f"rebuild_{model.NAME}")
    try:
        await clear(connection, workshop)
        await connection.execute(SQL("CREATE SCHEMA {}").format(Identifier(workshop.name)))
        for name, but in [
            *((table.name, _BUILT_LATER) for table in model.TABLES),
            *((item, SQL("")) for item in _OWN),
        ]:
            await connection.execute(_BESIDE.format(new=workshop.new(name), old=workshop.old(name), but=but))
    except psycopg.errors.InsufficientPrivilege as error:
        raise RebuildRefused.for_want_of_rights() from error
    return workshop


async def clear(connection: Connection, workshop: ShadowSchema) -> None:
    """Sweep the workshop away with all that is in it."""
    await connection.execute(SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(Identifier(workshop.name)))


async def finish(connection: Connection, workshop: ShadowSchema, table: str) -> None:
    """Make a filled table like the one that serves: logged, with its constraints, indexes, rights and remarks."""
    new, old = workshop.new(table), workshop.old(table).as_string()
    await connection.execute(SQL("ALTER TABLE {} SET LOGGED").format(new))
    for name, definition in await _rows(connection, _CONSTRAINTS, old):
        clause = SQL("ALTER TABLE {} ADD CONSTRAINT {} {}")
        await connection.execute(clause.format(new, Identifier(typed(str, name)), _told(definition)))
    for (definition,) in await _rows(connection, _INDEXES, workshop.name, old):
        await connection.execute(_told(definition).as_bytes())
    for statement in [*await _settings(connection, new, old), *await _remarks(connection, workshop, old)]:
        await connection.execute(statement)
    await connection.execute(SQL("ANALYZE {}").format(new))


async def _settings(connection: Connection, new: Identifier, old: str) -> list[Composed]:
    ((owner,),) = await _rows(connection, _OWNER, old)
    statements = [
        SQL("ALTER TABLE {} SET ({})").format(new, _told(option))
        for (option,) in await _rows(connection, _OPTIONS, old)
    ]
    statements.append(SQL("ALTER TABLE {} OWNER TO {}").format(new, Identifier(typed(str, owner))))
    for right, role, handed_on in await _rows(connection, _RIGHTS, old):
        to = Identifier(role) if isinstance(role, str) else SQL("PUBLIC")
        passing = SQL("WITH GRANT OPTION" if handed_on else "")
        statements.append(SQL("GRANT {} ON {} TO {} {}").format(_told(right), new, to, passing))
    return statements


async def _remarks(connection: Connection, workshop: ShadowSchema, old: str) -> list[Composed]:
    found = await connection.execute(_REMARKS, {"table": old})
    return [
        SQL("COMMENT ON {} {} IS {}").format(
            _KINDS[typed(str, kind)], workshop.new(typed(str, name)), typed(str, remark)
        )
        for kind, name, remark in await found.fetchall()
    ]


async def _rows(connection: Connection, query: str, *values: str) -> Sequence[tuple[object, ...]]:
    return await (await connection.execute(query.encode(), values)).fetchall()


def _told(definition: object) -> SQL:
    """What the catalogue itself says, word for word."""
    return SQL(typed(str, definition))
