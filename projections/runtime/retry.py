"""Taking once more what read models could not take: after a repair of the program, stream by stream."""

import structlog
from psycopg import AsyncConnection

from projections.registry import projections
from projections.runtime.parking import Parked, retry
from projections.runtime.read_model import Health
from store.postgres.connections import assume_app_role, limited

_log = structlog.get_logger()


async def retry_parked(url: str, health: Health, name: str | None) -> tuple[int, list[Parked]]:
    """Retry every parked stream of one read model or of all; return how many go on, and what still waits."""
    taken, waiting = 0, []
    async with await AsyncConnection.connect(limited(url)) as connection:
        await assume_app_role(connection)
        for item in await health.parked(name):
            fresh = next(model for model in projections() if item.projection == model.NAME)
            try:
                goes_on = await retry(connection, fresh, item)
            except Exception as error:  # noqa: BLE001 - whatever is still wrong with it, the others are tried
                _log.warning("stream still parked", stream=str(item.stream), error=repr(error))
                goes_on = False
            taken += goes_on
            waiting += [] if goes_on else [item]
    return taken, waiting
