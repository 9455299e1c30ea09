"""Procedures and calendars: what is in force."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from domain.commands.reference import PublishCalendar, PublishProcedure
from domain.events.envelope import Fact
from domain.events.policy import CalendarPublished, ProcedurePublished
from domain.procedures.ladder import Ladder, ProcedureRef
from domain.procedures.workdays import PublishedYear


@dataclass(frozen=True, slots=True)
class Procedure:
    """All published versions of a procedure."""

    versions: Mapping[int, Ladder]

    @property
    def in_force(self) -> ProcedureRef:
        """The version under which disputes are filed now."""
        number = max(self.versions)
        return ProcedureRef(id=self.versions[number].id, version=number)


def evolve_procedure(procedure: Procedure | None, event: ProcedurePublished) -> Procedure:
    """Fold one fact into the procedure."""
    before = procedure.versions if procedure else {}
    return Procedure(MappingProxyType({**before, event.version: event.ladder}))


def decide_publish_procedure(
    command: PublishProcedure, procedure: Procedure | None, now: datetime
) -> tuple[Fact, ...]:
    """Return the fact that the ladder is in force; none when it is so already."""
    latest = procedure.in_force.version if procedure else 0
    if procedure and procedure.versions[latest] == command.ladder:
        return ()
    return (Fact(ProcedurePublished(version=latest + 1, ladder=command.ladder, occurred_at=now)),)


def evolve_calendar(year: PublishedYear | None, event: CalendarPublished) -> PublishedYear:  # noqa: ARG001
    """Fold one fact into the year."""
    return PublishedYear(days_off=frozenset(event.days_off), workdays=frozenset(event.workdays))


def decide_publish_calendar(
    command: PublishCalendar, year: PublishedYear | None, now: datetime
) -> tuple[Fact, ...]:
    """Return the fact that the year is published; none when it was published before."""
    if year is not None:
        return ()
    return (Fact(CalendarPublished(**command.model_dump(), occurred_at=now)),)
