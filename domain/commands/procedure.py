"""Putting procedures and calendars in force."""

from datetime import date
from typing import Annotated, ClassVar

from pydantic import Field

from domain.commands.base import Command
from domain.commands.dispute.corrections import Verdict
from domain.procedures.ladder import Ladder
from domain.vocabulary import Key, PositiveInt, ShortText


class PublishProcedure(Command):
    """Put a version of a procedure in force at once: the founding act of the system itself."""

    WHEN: ClassVar[tuple[str, ...]] = ()

    ladder: Ladder


class ProposeProcedure(Command):
    """Propose a version of a procedure, on which a second person decides."""

    WHEN: ClassVar[tuple[str, ...]] = ()

    ladder: Ladder


class ProcedureVerdict(Verdict):
    """What a second person says of a proposed version."""

    procedure: Key
    version: PositiveInt


class ApproveProcedure(ProcedureVerdict):
    """Put the proposed version in force, as a second person."""


class RejectProcedure(ProcedureVerdict):
    """Refuse the proposed version, as a second person; what is in force stays."""


class CalendarDescription(Command):
    """Where a year differs from Monday to Friday."""

    WHEN: ClassVar[tuple[str, ...]] = ()

    days_off: Annotated[
        tuple[date, ...], Field(max_length=366, description="days from Monday to Friday that are off")
    ]
    workdays: Annotated[
        tuple[date, ...], Field(max_length=366, description="Saturdays and Sundays on which people work")
    ]
    basis: Annotated[ShortText, Field(description="what it rests on, such as the State Council's notice")]


class PublishCalendar(CalendarDescription):
    """Publish a year's days off and make-up workdays; a year is published once (rule 8)."""

    year: PositiveInt
