"""The base of the queries of a read model: where the read model stands in the log."""

import asyncio
from typing import ClassVar, Final

from store.event_log.tracking import tracking_of
from store.postgres.connections import Pool, connection_of

_PATIENCE: Final = 2.0
_PAUSE: Final = 0.02


class ReadModelQueries:
    """Queries of a read model; `NAME` is the projection that writes it."""

    NAME: ClassVar[str]

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def end(self) -> int:
        """Return the position of the last event in the log."""
        async with connection_of(self._pool) as connection:
            found = await connection.execute("SELECT coalesce(max(position), 0) FROM commands")
            row = await found.fetchone()
        return row[0] if row and isinstance(row[0], int) else 0

    async def reaches(self, position: int, patience: float = _PATIENCE) -> bool:
        """Wait up to `patience` seconds for the projection to reach a position in the log; return whether it did."""
        loop = asyncio.get_running_loop()
        give_up = loop.time() + patience
        while await position_of(self._pool, self.NAME) < position:
            if loop.time() > give_up:
                return False
            await asyncio.sleep(_PAUSE)
        return True


async def position_of(pool: Pool, name: str) -> int:
    """Return the position in the log that a projection has reached; 0 where it has not begun."""
    async with connection_of(pool) as connection:
        return (await tracking_of(connection, name)).notification_id
