"""Reads the calendar of a year from its stream: always current, with the proposal on which nobody has decided."""

from application.deciders.calendar import CALENDARS
from application.ports import EventLog
from application.stream_cache import StreamCache, read_states
from domain.aggregates.calendar import CalendarYear


class CalendarReader:
    """Reads official calendars."""

    def __init__(self, log: EventLog, cache: StreamCache) -> None:
        self._log = log
        self._cache = cache

    async def read(self, year: int) -> CalendarYear:
        """Return a year, without days where nothing is published; raises Unavailable."""
        states = await read_states(self._log, self._cache, [CALENDARS.ref(year)])
        return states.get(CALENDARS, year) or CalendarYear()
