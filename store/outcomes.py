"""Which commands were carried out, asked for many at once."""

from collections.abc import Collection
from typing import Final
from uuid import UUID

from application.ports import Done
from store.appending import done
from store.columns import a
from store.database import Pool, connection_of

_DONE_OF: Final = "SELECT command_id, fingerprint, position, reply FROM commands WHERE command_id = ANY(%s)"


async def carried_out(pool: Pool, commands: Collection[UUID]) -> dict[UUID, Done]:
    """Return the outcomes of those of the commands that were carried out; raises Unavailable."""
    async with connection_of(pool) as connection:
        rows = await connection.execute(_DONE_OF, (list(commands),))
        return {a(UUID, command): done(outcome) for command, *outcome in await rows.fetchall()}
