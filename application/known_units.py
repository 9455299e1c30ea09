"""Whether a unit exists, by the log: one that was established just now is there."""

from application.deciders.unit import UNITS
from application.ports import EventLog
from application.stream_cache import StreamCache, read_states
from domain.errors import UnknownUnit
from domain.messages import message


class KnownUnits:
    """Looks units up in their streams."""

    def __init__(self, log: EventLog, cache: StreamCache) -> None:
        self._log = log
        self._cache = cache

    async def must_include(self, unit: str | None) -> None:
        """Refuse the id of a unit that nobody established; raises UnknownUnit. None stands for all units."""
        if unit is None:
            return
        states = await read_states(self._log, self._cache, [UNITS.ref(unit)])
        if states.get(UNITS, unit) is None:
            raise UnknownUnit(message("there is no unit {unit}", unit=unit), field="unit")
