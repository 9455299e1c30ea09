"""Holding a read model still for a moment: to look at both versions at one position, and to change one for the other."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from psycopg.sql import SQL, Composed, Identifier

from projections.rebuilding.catalog import shape
from projections.rebuilding.errors import RebuildRefused
from projections.rebuilding.shadow_schema import ShadowSchema
from projections.runtime.batch import BatchStep
from projections.runtime.projection import Connection, RebuildableProjection

BATCH: Final = 500
_POSITION: Final = SQL("SELECT position FROM {} WHERE name = {name}")
_HOLD: Final = SQL("SELECT position FROM {} WHERE name = {name} FOR UPDATE")
_WAITS: Final = "SET LOCAL lock_timeout = '60s'"
"""For the step at hand of the runner: whoever waits for its turn keeps nobody else from anything."""
_BRIEFLY: Final = "SET LOCAL statement_timeout = '1500ms'"
"""Shorter than the runner's patience; and a reader who waits for what is locked here is never the one to give way."""
_PATIENTLY: Final = "SET LOCAL statement_timeout = 0"
_MOVED: Final = SQL("UPDATE {} SET position = {position}, updated_at = now() WHERE name = {name}")
_FREED: Final = SQL("DELETE FROM {} WHERE projection = {name}")
_PARKED: Final = SQL("INSERT INTO {} SELECT * FROM {} WHERE projection = {name}")


class Following:
    """Brings the new version after the one that serves; `connection` works in the workshop."""

    def __init__(self, connection: Connection, workshop: ShadowSchema, model: RebuildableProjection) -> None:
        self._connection = connection
        self._workshop = workshop
        self._model = model
        self._stepping = BatchStep()

    async def up_to(self, position: int) -> int:
        """Take what the log holds up to a position; return how many events that were."""
        taken = 0
        while count := await self._stepping.step(self._connection, self._model, BATCH, position):
            taken += count
        await self._stepping.forget()
        return taken

    @asynccontextmanager
    async def held(self, holder: Connection) -> AsyncIterator[int]:
        """Hold the model that serves still, bring the new version to the same position, and yield that position.

        Where the one that serves is behind the new version, the position is the new one's.
        """
        workshop, name = self._workshop, self._model.NAME
        async with holder.transaction():
            await holder.execute(_WAITS)
            serves = await number(holder, _HOLD.format(workshop.old("projection_positions"), name=name))
            await self.up_to(serves)
            yield max(serves, await self.position())

    async def position(self) -> int:
        """Return up to where the new version has followed the log."""
        own = self._workshop.new("projection_positions")
        return await number(self._connection, _POSITION.format(own, name=self._model.NAME))

    async def serving(self) -> int:
        """Return up to where the version that serves has followed the log."""
        its = self._workshop.old("projection_positions")
        return await number(self._connection, _POSITION.format(its, name=self._model.NAME))

    async def switch(self, holder: Connection) -> int:
        """Put the new version in the other's place; return the position. Raises QueryCanceled while it is in use."""
        async with self.held(holder) as position:
            await change(holder, self._workshop, self._model, position)
        return position


async def change(
    connection: Connection, workshop: ShadowSchema, model: RebuildableProjection, position: int
) -> None:
    """Change the tables, the parked streams and the position for those of the workshop, which is closed."""
    tables = [table.name for table in model.TABLES]
    serving = SQL(", ").join(map(workshop.old, tables))
    await connection.execute(_BRIEFLY)
    await connection.execute(SQL("LOCK TABLE {} IN ACCESS EXCLUSIVE MODE").format(serving))
    await connection.execute(_PATIENTLY)
    if await shape(connection, workshop.home, tables) != await shape(connection, workshop.name, tables):
        raise RebuildRefused.of_another_shape(model.NAME)
    await connection.execute(SQL("DROP TABLE {}").format(serving))
    for table in tables:
        home = Identifier(workshop.home)
        await connection.execute(SQL("ALTER TABLE {} SET SCHEMA {}").format(workshop.new(table), home))
    own, its = workshop.new("parked_streams"), workshop.old("parked_streams")
    await connection.execute(_FREED.format(its, name=model.NAME))
    await connection.execute(_PARKED.format(its, own, name=model.NAME))
    positions = workshop.old("projection_positions")
    await connection.execute(_MOVED.format(positions, position=position, name=model.NAME))
    await connection.execute(SQL("DROP SCHEMA {} CASCADE").format(Identifier(workshop.name)))


async def number(connection: Connection, query: Composed) -> int:
    """Return the number that a query finds; 0 where it finds none."""
    row = await (await connection.execute(query)).fetchone()
    return row[0] if row and isinstance(row[0], int) else 0
