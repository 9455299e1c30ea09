"""How far the projections are behind the log, and which streams are parked."""

from dataclasses import dataclass
from typing import Final

from projections.runtime.parking import Parked, parked_in
from store.postgres.connections import Pool, connection_of


@dataclass(frozen=True, slots=True)
class Lag:
    """How far a projection is behind the log: in events, and in seconds since the oldest missing event was recorded.

    Up to 100,000 events are counted; beyond, the number is the difference of positions, which have gaps where an append
    was rolled back. `parked` is the number of parked streams.
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
    """The health of the service: the database, and the projections."""

    def __init__(self, pool: Pool, names: tuple[str, ...]) -> None:
        self._pool = pool
        self._names = names

    async def database_answers(self) -> None:
        """Return once the database has answered; raises Unavailable."""
        async with connection_of(self._pool) as connection:
            await connection.execute("SELECT 1 FROM stored_events LIMIT 1")

    async def lags(self) -> tuple[Lag, ...]:
        """Return how far the projections are behind the log."""
        async with connection_of(self._pool) as connection:
            rows = await (await connection.execute(_LAGS, (_COUNTED, list(self._names)))).fetchall()
        return tuple(Lag(*row) for row in rows)  # type: ignore[arg-type]

    async def parked(self, name: str | None = None) -> list[Parked]:
        """Return the parked streams of one projection or of all."""
        return await parked_in(self._pool, name)
