"""Looks up which commands were carried out, many at once."""

from collections.abc import Collection
from typing import Final
from uuid import UUID

from application.ports import StoredOutcome
from store.event_log.append import stored_outcome
from store.postgres.connections import Pool, connection_of
from store.postgres.typed import typed

_OUTCOMES: Final = "SELECT command_id, fingerprint, position, reply FROM commands WHERE command_id = ANY(%s)"

_SINCE: Final = """
SELECT command_id, fingerprint, position, reply FROM commands
WHERE position >= %s AND fingerprint = %s ORDER BY position
"""


class PostgresCommandLog:
    """An `application` port: looks up the commands of one request, which share a fingerprint."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def since(self, position: int, fingerprint: bytes) -> dict[UUID, StoredOutcome]:
        """Return, in order, the outcomes of commands of a fingerprint from a position on; raises Unavailable."""
        async with connection_of(self._pool) as connection:
            rows = await connection.execute(_SINCE, (position, fingerprint))
            return {
                typed(UUID, command): stored_outcome(outcome) for command, *outcome in await rows.fetchall()
            }


async def outcomes_of(pool: Pool, commands: Collection[UUID]) -> dict[UUID, StoredOutcome]:
    """Return the outcomes of those of the commands that were carried out; raises Unavailable."""
    async with connection_of(pool) as connection:
        rows = await connection.execute(_OUTCOMES, (list(commands),))
        return {typed(UUID, command): stored_outcome(outcome) for command, *outcome in await rows.fetchall()}
