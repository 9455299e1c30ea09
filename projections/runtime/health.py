"""How far the projections are behind the log, and which streams are parked."""

from dataclasses import dataclass
from typing import Final

from projections.runtime.parking import Parked, waiting_in
from store.postgres.connections import Pool, connection_of


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
