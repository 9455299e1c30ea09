"""Retry of parked streams, one by one: after the fault that parked them has been repaired."""

from collections.abc import Callable, Sequence

import structlog
from psycopg import AsyncConnection

from projections.runtime.parking import Parked, retry
from projections.runtime.projection import Projection
from projections.runtime.read_model import Health
from store.postgres.connections import assume_app_role, limited

_log = structlog.get_logger()


async def retry_parked(
    url: str, health: Health, name: str | None, projections: Callable[[], Sequence[Projection]]
) -> tuple[int, list[Parked]]:
    """Retry every parked stream of one projection or of all, each with a fresh instance from `projections`.

    Returns how many streams go on, and those that are still parked.
    """
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
