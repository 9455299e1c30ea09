"""The definition of tables by the catalogue of PostgreSQL, in terms that do not depend on their schema."""

from collections.abc import Sequence
from typing import Final

from projections.runtime.projection import Connection

_DEFINITIONS: Final = """
WITH tables AS (
    SELECT c.*, n.nspname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = %s AND c.relname = ANY(%s::text[])
)
SELECT relname::text, 'table', concat_ws(' ', relkind, relpersistence, relowner::regrole,
       relreplident, relrowsecurity, reloptions::text, obj_description(oid, 'pg_class')) FROM tables
UNION ALL
SELECT relname::text, 'right', granted::text FROM tables, unnest(relacl) AS granted
UNION ALL
SELECT relname::text, 'column ' || attname, concat_ws(' ', attnum, format_type(atttypid, atttypmod), attnotnull,
       attcollation::regcollation, attstorage, attcompression, attidentity, attgenerated, attstattarget, attacl::text,
       pg_get_expr(adbin, adrelid), col_description(tables.oid, attnum))
FROM tables JOIN pg_attribute ON attrelid = tables.oid AND attnum > 0 AND NOT attisdropped
LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
UNION ALL
SELECT relname::text, 'constraint ' || conname, concat_ws(' ', pg_get_constraintdef(k.oid), convalidated,
       obj_description(k.oid, 'pg_constraint'))
FROM tables JOIN pg_constraint k ON conrelid = tables.oid
UNION ALL
SELECT tables.relname::text, 'index ' || i.relname, concat_ws(' ',
       replace(pg_get_indexdef(i.oid), format(' ON %%I.', tables.nspname), ' ON '), indisprimary, indisunique, indisvalid,
       indisclustered, i.relpersistence, i.reloptions::text, obj_description(i.oid, 'pg_class'))
FROM tables JOIN pg_index x ON indrelid = tables.oid JOIN pg_class i ON i.oid = indexrelid
UNION ALL
SELECT relname::text, 'trigger ' || tgname, concat_ws(' ', tgenabled, tgtype, tgfoid::regproc)
FROM tables JOIN pg_trigger ON tgrelid = tables.oid AND NOT tgisinternal
ORDER BY 1, 2, 3
"""


async def definitions(connection: Connection, schema: str, tables: Sequence[str]) -> list[tuple[object, ...]]:
    """Return the definitions of the tables of a schema: columns, constraints, indexes, owners, rights and remarks."""
    return await (await connection.execute(_DEFINITIONS, (schema, list(tables)))).fetchall()
