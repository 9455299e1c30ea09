"""Stops a projection for a moment: to compare both versions at one position, and to replace one by the other."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from psycopg.sql import SQL, Composed, Identifier

from projections.rebuilding.catalog import definitions
from projections.rebuilding.errors import RebuildRefused
from projections.rebuilding.shadow_schema import ShadowSchema
from projections.runtime.batch import BatchStep
from projections.runtime.projection import Connection, RebuildableProjection

BATCH: Final = 500
_POSITION: Final = SQL("SELECT position FROM {} WHERE name = {name}")
_HOLD: Final = SQL("SELECT position FROM {} WHERE name = {name} FOR UPDATE")
_LOCK_TIMEOUT: Final = "SET LOCAL lock_timeout = '60s'"
"""Time for the current step of the runner; waiting for this lock blocks nobody else."""
_SHORT_TIMEOUT: Final = "SET LOCAL statement_timeout = '1500ms'"
"""Shorter than the time limits of the runner and of readers, so that they never fail because of this lock."""
_NO_TIMEOUT: Final = "SET LOCAL statement_timeout = 0"
_MOVED: Final = SQL("UPDATE {} SET position = {position}, updated_at = now() WHERE name = {name}")
_FREED: Final = SQL("DELETE FROM {} WHERE projection = {name}")
_PARKED: Final = SQL("INSERT INTO {} SELECT * FROM {} WHERE projection = {name}")


class CatchUp:
    """Makes the new version catch up with the present one; `connection` uses the shadow schema."""

    def __init__(self, connection: Connection, shadow: ShadowSchema, model: RebuildableProjection) -> None:
        self._connection = connection
        self._shadow = shadow
        self._model = model
        self._stepping = BatchStep()

    async def up_to(self, position: int) -> int:
        """Apply the events of the log up to a position; return how many they were."""
        taken = 0
        while count := await self._stepping.step(self._connection, self._model, BATCH, position):
            taken += count
        await self._stepping.forget()
        return taken

    @asynccontextmanager
    async def held(self, holder: Connection) -> AsyncIterator[int]:
        """Stop the present version, bring the new version to the same position, and yield that position.

        Where the present version is behind the new one, the position is the new one's.
        """
        shadow, name = self._shadow, self._model.NAME
        async with holder.transaction():
            await holder.execute(_LOCK_TIMEOUT)
            serves = await number_of(holder, _HOLD.format(shadow.old("projection_positions"), name=name))
            await self.up_to(serves)
            yield max(serves, await self.position())

    async def position(self) -> int:
        """Return the position of the new version."""
        own = self._shadow.new("projection_positions")
        return await number_of(self._connection, _POSITION.format(own, name=self._model.NAME))

    async def serving(self) -> int:
        """Return the position of the present version."""
        its = self._shadow.old("projection_positions")
        return await number_of(self._connection, _POSITION.format(its, name=self._model.NAME))

    async def switch(self, holder: Connection) -> int:
        """Replace the present version; return the position. Raises QueryCanceled while it is in use."""
        async with self.held(holder) as position:
            await change(holder, self._shadow, self._model, position)
        return position


async def change(
    connection: Connection, shadow: ShadowSchema, model: RebuildableProjection, position: int
) -> None:
    """Replace the tables, the parked streams and the position by those of the shadow schema, which is dropped."""
    tables = [table.name for table in model.TABLES]
    serving = SQL(", ").join(map(shadow.old, tables))
    await connection.execute(_SHORT_TIMEOUT)
    await connection.execute(SQL("LOCK TABLE {} IN ACCESS EXCLUSIVE MODE").format(serving))
    await connection.execute(_NO_TIMEOUT)
    if await definitions(connection, shadow.home, tables) != await definitions(
        connection, shadow.name, tables
    ):
        raise RebuildRefused.tables_differ(model.NAME)
    await connection.execute(SQL("DROP TABLE {}").format(serving))
    for table in tables:
        home = Identifier(shadow.home)
        await connection.execute(SQL("ALTER TABLE {} SET SCHEMA {}").format(shadow.new(table), home))
    own, its = shadow.new("parked_streams"), shadow.old("parked_streams")
    await connection.execute(_FREED.format(its, name=model.NAME))
    await connection.execute(_PARKED.format(its, own, name=model.NAME))
    positions = shadow.old("projection_positions")
    await connection.execute(_MOVED.format(positions, position=position, name=model.NAME))
    await connection.execute(SQL("DROP SCHEMA {} CASCADE").format(Identifier(shadow.name)))


async def number_of(connection: Connection, query: Composed) -> int:
    """Return the number that a query finds; 0 where it finds none."""
    row = await (await connection.execute(query)).fetchone()
    return row[0] if row and isinstance(row[0], int) else 0
