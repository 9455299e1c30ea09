"""Which units and platforms there are, and which there will be once the tables at hand are recorded."""

from collections.abc import Iterable

from application.ports import EventLog
from application.stream_cache import StreamCaches, merged
from domain.aggregates.unit import Unit
from domain.jurisdiction.platform import Platform
from domain.jurisdiction.units import with_ancestors


class ReferenceLookup:
    """Units and platforms by unit; each is read once, when it is first asked for."""

    def __init__(self, log: EventLog, references: StreamCaches) -> None:
        self._log = log
        self._references = references
        self._asked: set[str] = set()
        self.units: dict[str, Unit] = {}
        self.platforms: dict[str, Platform] = {}

    async def look_up(self, units: Iterable[str]) -> None:
        """Make these units and those above them known, as far as they exist."""
        wanted = {item for unit in set(units) - self._asked for item in with_ancestors(unit)} - self._asked
        if not wanted:
            return
        self._asked |= wanted
        asked = self._references.units.ask(wanted), self._references.platforms.ask(wanted)
        loaded = await self._log.load(merged(*(item.after for item in asked)))
        self.units |= asked[0].take(loaded)
        self.platforms |= asked[1].take(loaded)
