"""Performance of an agreement, term by term (PML 31)."""

from typing import Annotated, ClassVar

from pydantic import Field

from domain.commands.base import Command, DisputeCommand
from domain.vocabulary import Day, FenPaid, LongText, Moment, PositiveInt

TermNumber = Annotated[PositiveInt, Field(description="the term's place in the agreement, from 1")]


class Performance(Command):
    """On which day a term was performed: in part where an amount is given, otherwise all that was left of it."""

    WHEN: ClassVar[tuple[str, ...]] = ("performed_on",)

    performed_on: Day
    amount_fen: Annotated[FenPaid | None, Field(description="the part that was paid, in fen")] = None
    note: LongText | None = None


class PerformTerm(DisputeCommand, Performance):
    """Record a performance; once every term with a due day is performed the case is closed."""

    term: TermNumber


class Breach(Command):
    """On which day a term was found unperformed, or a standing term broken."""

    WHEN: ClassVar[tuple[str, ...]] = ("found_on",)

    found_on: Day
    note: LongText


class BreachTerm(DisputeCommand, Breach):
    """Record that a term was not performed by its due day, or a standing term broken; it can still be performed."""

    term: TermNumber


class Supervision(Command):
    """What was done to have a term performed."""

    occurred_at: Moment
    note: LongText


class SuperviseTerm(DisputeCommand, Supervision):
    """Record that the debtor was urged to perform (PML 31)."""

    term: TermNumber
