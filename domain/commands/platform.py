"""Describing platforms and their mediators."""

from typing import Annotated, ClassVar, Final, Self

from pydantic import Field, model_validator

from domain.commands.base import Command
from domain.errors.documents import FieldFlaws, Flaw
from domain.messages import message
from domain.vocabulary import Day, Key, MediatorKind, PersonKey, ShortText, UnitId, Value, limits, years_after

TERM_YEARS = 3
NUMBER_PATTERN: Final = r"^[^{}]*(\{year\}[^{}]*\{n\}|\{n\}[^{}]*\{year\})[^{}]*$"
"""How the pattern of a register's numbers is written."""


class MediatorTerm(Value):
    """A mediator's term of office at the platform, at most three years (PML 9)."""

    id: PersonKey
    name: ShortText
    kind: MediatorKind
    appointed_on: Day
    term_ends_on: Day

    @model_validator(mode="after")
    def _within_three_years(self) -> Self:
        if self.term_ends_on < self.appointed_on:
            raise FieldFlaws(Flaw(("term_ends_on",), message("the term ends before it begins")))
        if self.term_ends_on > years_after(self.appointed_on, TERM_YEARS):
            raise FieldFlaws(Flaw(("term_ends_on",), message("a term of office lasts at most three years")))
        return self


class PlatformDescription(Command):
    """What a platform is and who serves there."""

    WHEN: ClassVar[tuple[str, ...]] = ()

    tier: Key
    title: ShortText
    number_pattern: Annotated[
        ShortText | None,
        Field(
            pattern=NUMBER_PATTERN,
            description="how a case number is written; holds {year} and {n}",
        ),
    ] = None
    convener: PersonKey
    panel: tuple[Key, ...] = ()
    groups: tuple[Key, ...] = ()
    mediators: Annotated[tuple[MediatorTerm, ...], Field(max_length=limits.PLATFORM_MEDIATORS)]
    effective_on: Annotated[
        Day | None,
        Field(description="from which day on this is so, and whoever is left out ends; today when left out"),
    ] = None

    @model_validator(mode="after")
    def _mediators_are_unique(self) -> Self:
        ids = [mediator.id for mediator in self.mediators]
        twice = [place for place, mediator in enumerate(ids) if mediator in ids[:place]]
        if twice:
            sentence = message("a mediator is listed twice")
            raise FieldFlaws(*(Flaw(("mediators", place, "id"), sentence) for place in twice))
        return self


class DescribePlatform(PlatformDescription):
    """Establish a unit's platform, or bring it and its mediators to what is described.

    With `keep_others` mediators that are not listed stay as they are.
    """

    unit: UnitId
    keep_others: bool = False
