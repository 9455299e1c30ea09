"""Which units, platforms and patterns of numbers there are, and which there will be once the tables at hand are recorded."""

from collections.abc import Iterable

from application.deciders.platform import NUMBERING, PLATFORMS
from application.deciders.unit import UNITS
from application.ports import EventLog
from application.stream_cache import StreamCache, read_states
from domain.aggregates.unit import Unit
from domain.jurisdiction.numbering import Numbering
from domain.jurisdiction.platform import Platform
from domain.jurisdiction.units import with_ancestors


class ReferenceLookup:
    """Units and platforms by unit; each is read once, when it is first asked for."""

    def __init__(self, log: EventLog, cache: StreamCache) -> None:
        self._log = log
        self._cache = cache
        self._looked_up: set[str] = set()
        self.units: dict[str, Unit] = {}
        self.platforms: dict[str, Platform] = {}
        self.numbering = Numbering()
        self._numbering_read = False

    async def look_up(self, units: Iterable[str]) -> None:
        """Make these units and those above them known, as far as they exist."""
        missing = {
            item for unit in set(units) - self._looked_up for item in with_ancestors(unit)
        } - self._looked_up
        if not missing:
            return
        self._looked_up |= missing
        needed = [kind.ref(unit) for unit in missing for kind in (UNITS, PLATFORMS)]
        states = await read_states(self._log, self._cache, [NUMBERING.ref(None), *needed])
        if not self._numbering_read:
            self.numbering, self._numbering_read = states.get(NUMBERING, None) or self.numbering, True
        self.units |= states.all(UNITS, missing)
        self.platforms |= states.all(PLATFORMS, missing)
