"""Replacing the mediators of an accepted dispute, and extending its time limit."""

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field, ValidationInfo, field_validator

from domain.commands.base import Command, DisputeCommand
from domain.events.dispute.handling import Replacing
from domain.vocabulary import Day, LongText, Moment, PartyId, PersonKey, day_of, limits, years_after


class Replacement(Command):
    """Who mediates from now on, and why no longer those before (PML 19, 23)."""

    mediators: Annotated[tuple[PersonKey, ...], Field(min_length=1, max_length=limits.MEDIATORS)]
    reason: Replacing
    note: LongText | None = None
    occurred_at: Moment

    def mediators_named(self) -> tuple[PersonKey, ...]:
        """Return the mediators to be assigned."""
        return self.mediators


class ReplaceMediators(DisputeCommand, Replacement):
    """Replace the mediators of an accepted case (rule 4)."""


class Extension(Command):
    """Until which day the tier may mediate, and which parties consent (Rules 33)."""

    occurred_at: Moment
    until: Day
    consents: Annotated[tuple[PartyId, ...], Field(max_length=limits.CASE_PARTIES)]

    @field_validator("until")
    @classmethod
    def _not_for_ever(cls, until: Day, info: ValidationInfo[object]) -> Day:
        occurred_at = info.data.get("occurred_at")
        if occurred_at and until > years_after(day_of(occurred_at), limits.EXTENSION_YEARS):
            raise ValueError("lies more than two years after the extension")
        return until

    def parties_named(self) -> Iterator[tuple[str, PartyId]]:
        """Yield the parties that consent."""
        yield from ((f"consents.{place}", item) for place, item in enumerate(self.consents))


class ExtendTime(DisputeCommand, Extension):
    """Extend the time to mediate, with every party's consent (rule 8)."""
