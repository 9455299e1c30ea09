"""Performance of an agreement, term by term (PML 31)."""

from typing import Annotated, ClassVar

from pydantic import Field

from domain.commands.base import Command, DisputeCommand
from domain.vocabulary import Day, LongText, Moment, PositiveInt

TermNumber = Annotated[PositiveInt, Field(description="the term's place in the agreement, from 1")]


class Performance(Command):
    """On which day a term was performed."""

    WHEN: ClassVar[tuple[str, ...]] = ("performed_on",)

    performed_on: Day
    note: LongText | None = None


class PerformTerm(DisputeCommand, Performance):
    """Record that a term was performed; the last one closes the case."""

    term: TermNumber


class Breach(Command):
    """On which day a term was found unperformed."""

    WHEN: ClassVar[tuple[str, ...]] = ("found_on",)

    found_on: Day
    note: LongText


class BreachTerm(DisputeCommand, Breach):
    """Record that a term was not performed by its due day; it can still be performed."""

    term: TermNumber


class Supervision(Command):
    """What was done to have a term performed."""

    occurred_at: Moment
    note: LongText


class SuperviseTerm(DisputeCommand, Supervision):
    """Record that the debtor was urged to perform (PML 31)."""

    term: TermNumber
