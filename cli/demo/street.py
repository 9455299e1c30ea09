"""The street as decisions see it: platforms with their people, the ladder of the first day, the official calendar."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from typing import Final, cast

from application.initial_data import default_ladder, official_calendar
from cli.demo import units
from domain.aggregates import platform as platforms
from domain.aggregates.dispute import World
from domain.commands.platform import DescribePlatform
from domain.events.envelope import Actor
from domain.events.platform import PlatformEvent
from domain.jurisdiction.platform import Platform
from domain.procedures.ladder import Ladder, ProcedureRef
from domain.procedures.workdays import Calendar, PublishedYear
from domain.vocabulary import Role

_LADDER: Final = ProcedureRef(id="three-tier", version=1)
_FOUNDED: Final = datetime(2025, 1, 1, tzinfo=UTC)
_YEARS: Final = range(2025, 2028)


@dataclass(frozen=True, slots=True)
class Street:
    """The platforms, ladder and calendar of every case of the street."""

    platforms: Mapping[str, Platform]
    ladder: Ladder
    calendar: Calendar

    def world(self, actor: Actor, now: datetime) -> World:
        """Return the world of one decision."""
        return World(now, actor, _LADDER, self.ladder, self.platforms, calendar=self.calendar)

    def mediators(self, unit: str) -> tuple[str, ...]:
        """Return who mediates at a unit's platform."""
        return tuple(self.platforms[unit].mediators)

    def mediator(self, unit: str, sub: str) -> Actor:
        """Return a mediator of a unit's platform as an actor."""
        return Actor(sub=sub, role=Role.MEDIATOR, unit=unit)

    def convener(self, unit: str) -> Actor:
        """Return who leads a unit's platform."""
        return Actor(sub=self.platforms[unit].about.convener, role=Role.CONVENER, unit=unit)

    def is_workday(self, day: date) -> bool:
        """Say whether people work on a day."""
        return self.calendar.is_workday(day)


@cache
def street() -> Street:
    """Return the street, put together once."""
    found = {year: official_calendar(year) for year in _YEARS}
    years = {
        year: PublishedYear(frozenset(days.days_off), frozenset(days.workdays))
        for year, days in found.items()
        if days is not None
    }
    return Street(
        {platform.unit: _established(platform) for platform in units.platforms()},
        default_ladder(),
        Calendar(years),
    )


def _established(command: DescribePlatform) -> Platform:
    known = frozenset(mediator.id for mediator in command.mediators)
    state: Platform | None = None
    for fact in platforms.decide(command, None, known, _FOUNDED):
        state = platforms.evolve(state, cast("PlatformEvent", fact.event))
    return cast("Platform", state)
