"""Filing a dispute, or declining it."""

from collections.abc import Iterator
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, ValidationInfo, field_validator, model_validator
from pydantic_core import PydanticCustomError

from domain.commands.base import Command, DisputeCommand
from domain.commands.dispute.party import PartyGiven
from domain.errors.documents import FieldFlaws, Flaw
from domain.messages import message
from domain.vocabulary import (
    Category,
    CountGiven,
    DeclineReason,
    Difficulty,
    Fen,
    Key,
    LongText,
    Moment,
    ShortText,
    Source,
    UnitId,
    limits,
)


class Filing(Command):
    """An application, a referral, or the platform's own initiative (rule 1)."""

    category: Category
    difficulty: Annotated[Difficulty | None, Field(description="general when left out")] = None
    source: Source
    referred_by: Annotated[
        ShortText | None,
        Field(validate_default=True, description="by whom; given with a referral, and only then"),
    ] = None
    title: ShortText
    facts: LongText
    requests: LongText | None = None
    amount_fen: Fen | None = None
    unit: UnitId
    tier: Annotated[Key | None, Field(description="a higher tier than the procedure's entry rule gives")] = (
        None
    )
    procedure: Annotated[Key | None, Field(description="`three-tier` when left out")] = None
    parties: Annotated[tuple[PartyGiven, ...], Field(min_length=2, max_length=limits.PARTIES)]
    people_involved: CountGiven | None = None
    co_units: Annotated[tuple[UnitId, ...], Field(max_length=limits.CO_UNITS)] = ()
    occurred_at: Moment

    def units_named(self) -> Iterator[tuple[str, UnitId]]:
        """Yield the unit of the case and the other units that it concerns."""
        yield "unit", self.unit
        yield from ((f"co_units.{place}", item) for place, item in enumerate(self.co_units))

    @field_validator("referred_by")
    @classmethod
    def _goes_with_a_referral(
        cls, referred_by: ShortText | None, info: ValidationInfo[object]
    ) -> ShortText | None:
        source = info.data.get("source")
        if source is Source.REFERRAL and referred_by is None:
            raise PydanticCustomError("missing", "is required with a referral")
        if source is not None and source is not Source.REFERRAL and referred_by is not None:
            raise ValueError("goes with a referral only")
        return referred_by

    @field_validator("co_units")
    @classmethod
    def _are_other_units(
        cls, co_units: tuple[UnitId, ...], info: ValidationInfo[object]
    ) -> tuple[UnitId, ...]:
        own = f"{info.data.get('unit', '')}."
        no_other = message("the unit of the case, or one above it, is no other unit")
        twice = message("a unit is listed twice")
        flaws = [
            Flaw((place,), no_other if own.startswith(f"{co_unit}.") else twice)
            for place, co_unit in enumerate(co_units)
            if own.startswith(f"{co_unit}.") or co_unit in co_units[:place]
        ]
        if flaws:
            raise FieldFlaws(*flaws)
        return co_units


class FileDispute(DisputeCommand, Filing):
    """File a dispute."""


class DeclineDetails(Command):
    """Why the platform may not take the dispute, or that the dispute already has a case (Rules 22; rule 22)."""

    reason: DeclineReason
    duplicate_of: Annotated[
        UUID | None, Field(description="the case that the dispute already has, with reason `duplicate`")
    ] = None
    note: LongText
    occurred_at: Moment

    def cases_named(self) -> tuple[UUID, ...]:
        """Return the other case, where one is named."""
        return () if self.duplicate_of is None else (self.duplicate_of,)

    @model_validator(mode="after")
    def _names_the_other_case(self) -> Self:
        if (self.reason is DeclineReason.DUPLICATE) != (self.duplicate_of is not None):
            sentence = message("a duplicate, and nothing else, names the case that the dispute already has")
            raise FieldFlaws(Flaw(("duplicate_of",), sentence))
        return self


class DeclineDispute(DisputeCommand, DeclineDetails):
    """Decline a dispute that waits for its first acceptance."""
