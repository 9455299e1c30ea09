"""What the catalogue says of tables, in words that do not depend on the schema in which they stand."""

from collections.abc import Sequence
from typing import Final

from projections.runtime.projection import Connection

_SHAPE: Final = """
WITH told AS (
    SELECT c.*, n.nspname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = %s AND c.relname = ANY(%s::text[])
)
SELECT relname::text, 'table', concat_ws(' ', relkind, relpersistence, relowner::regrole,
       relreplident, relrowsecurity, reloptions::text, obj_description(oid, 'pg_class')) FROM told
UNION ALL
SELECT relname::text, 'right', each::text FROM told, unnest(relacl) AS each
UNION ALL
SELECT relname::text, 'column ' || attname, concat_ws(' ', attnum, format_type(atttypid, atttypmod), attnotnull,
       attcollation::regcollation, attstorage, attcompression, attidentity, attgenerated, attstattarget, attacl::text,
       pg_get_expr(adbin, adrelid), col_description(told.oid, attnum))
FROM told JOIN pg_attribute ON attrelid = told.oid AND attnum > 0 AND NOT attisdropped
LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
UNION ALL
SELECT relname::text, 'constraint ' || conname, concat_ws(' ', pg_get_constraintdef(k.oid), convalidated,
       obj_description(k.oid, 'pg_constraint'))
FROM told JOIN pg_constraint k ON conrelid = told.oid
UNION ALL
SELECT told.relname::text, 'index ' || i.relname, concat_ws(' ',
       replace(pg_get_indexdef(i.oid), format(' ON %%I.', told.nspname), ' ON '), indisprimary, indisunique, indisvalid,
       indisclustered, i.relpersistence, i.reloptions::text, obj_description(i.oid, 'pg_class'))
FROM told JOIN pg_index x ON indrelid = told.oid JOIN pg_class i ON i.oid = indexrelid
UNION ALL
SELECT relname::text, 'trigger ' || tgname, concat_ws(' ', tgenabled, tgtype, tgfoid::regproc)
FROM told JOIN pg_trigger ON tgrelid = told.oid AND NOT tgisinternal
ORDER BY 1, 2, 3
"""


async def shape(connection: Connection, schema: str, tables: Sequence[str]) -> list[tuple[object, ...]]:
    """Return what the tables of a schema are like: columns, constraints, indexes, owners, rights and remarks."""
    return await (await connection.execute(_SHAPE, (schema, list(tables)))).fetchall()
