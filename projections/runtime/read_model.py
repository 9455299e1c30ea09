"""How read models are followed and asked."""

import asyncio
from dataclasses import dataclass
from typing import ClassVar, Final

from psycopg.sql import SQL

from access.scope import Scope
from projections.runtime.parking import Parked, waiting_in
from store.event_log.tracking import tracking_of
from store.postgres.connections import Pool, connection_of

_PATIENCE: Final = 2.0
_PAUSE: Final = 0.02


class ReadModel:
    """A read model that can be asked, and asked how far it has followed the log."""

    NAME: ClassVar[str]

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def end(self) -> int:
        """Return the position of the last event in the log."""
        async with connection_of(self._pool) as connection:
            found = await connection.execute("SELECT coalesce(max(position), 0) FROM commands")
            row = await found.fetchone()
        return row[0] if row and isinstance(row[0], int) else 0

    async def reaches(self, position: int) -> bool:
        """Wait up to two seconds for the model to have followed the log to `position`; say whether it has."""
        loop = asyncio.get_running_loop()
        give_up = loop.time() + _PATIENCE
        while await position_of(self._pool, self.NAME) < position:
            if loop.time() > give_up:
                return False
            await asyncio.sleep(_PAUSE)
        return True


def visible(scope: Scope) -> SQL:  # noqa: ARG001 - every scope covers all cases for now
    """Return the condition that the case of a row is in a scope, for the WHERE of a query of many cases."""
    return SQL("TRUE")


def literally(text: str) -> str:
    """Return a text as a pattern of LIKE in which its signs stand for themselves."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def below(unit: str) -> str:
    """Return the pattern of LIKE for every unit below this one."""
    return f"{literally(unit)}.%"


async def position_of(pool: Pool, name: str) -> int:
    """Return up to which position a read model has followed the log; 0 where it has not begun."""
    async with connection_of(pool) as connection:
        return (await tracking_of(connection, name)).notification_id


@dataclass(frozen=True, slots=True)
class Lag:
    """How far a read model is behind the log, in events and in seconds since the oldest it lacks was recorded.

    Few events are counted; many are told by their positions, which have gaps where an append was rolled back.

    `parked` is how many streams wait because of an event that it could not take.
    """

    name: str
    position: int
    events: int
    seconds: float
    parked: int


_COUNTED: Final = 100_000
_LAGS: Final = """
SELECT names.name, coalesce(p.position, 0),
       CASE WHEN last.position - coalesce(p.position, 0) > %s THEN last.position - coalesce(p.position, 0)
            ELSE (SELECT count(*) FROM stored_events e WHERE e.notification_id > coalesce(p.position, 0)) END,
       coalesce(extract(epoch FROM now() - (
           SELECT c.recorded_at FROM commands c WHERE c.position > coalesce(p.position, 0)
           ORDER BY c.position LIMIT 1)), 0)::float8,
       (SELECT count(*) FROM parked_streams w WHERE w.projection = names.name)
FROM unnest(%s::text[]) AS names (name)
CROSS JOIN (SELECT coalesce(max(position), 0) AS position FROM commands) AS last
LEFT JOIN projection_positions p ON p.name = names.name
ORDER BY names.name
"""


class Health:
    """What the service says of itself."""

    def __init__(self, pool: Pool, names: tuple[str, ...]) -> None:
        self._pool = pool
        self._names = names

    async def database_answers(self) -> None:
        """Return when the database answered; raises Unavailable."""
        async with connection_of(self._pool) as connection:
            await connection.execute("SELECT 1 FROM stored_events LIMIT 1")

    async def lags(self) -> tuple[Lag, ...]:
        """Return how far each read model is behind the log."""
        async with connection_of(self._pool) as connection:
            rows = await (await connection.execute(_LAGS, (_COUNTED, list(self._names)))).fetchall()
        return tuple(Lag(*row) for row in rows)  # type: ignore[arg-type]

    async def parked(self, name: str | None = None) -> list[Parked]:
        """Return the streams that wait, of one read model or of all."""
        return await waiting_in(self._pool, name)
