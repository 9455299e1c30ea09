"""Platforms, by the log: one that was described just now is there."""

from collections.abc import Sequence

from application.deciders.platform import PLATFORMS
from application.ports import EventLog
from application.stream_cache import StreamCache, read_states
from domain.jurisdiction.platform import Platform


class PlatformReader:
    """Reads platforms from their streams."""

    def __init__(self, log: EventLog, cache: StreamCache) -> None:
        self._log = log
        self._cache = cache

    async def platforms(self, units: Sequence[str]) -> list[Platform]:
        """Return the platforms of these units, in their order; raises Unavailable."""
        states = await read_states(self._log, self._cache, map(PLATFORMS.ref, units))
        return list(states.all(PLATFORMS, units).values())
