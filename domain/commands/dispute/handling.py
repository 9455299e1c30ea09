"""Replacing the mediators of an accepted dispute, and extending its time limit."""

from collections.abc import Iterator
from datetime import date
from typing import Annotated

from pydantic import Field

from domain.commands.base import Command, DisputeCommand
from domain.events.dispute.handling import Replacing
from domain.vocabulary import LongText, Moment, PartyId, PersonKey, limits


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

    until: date
    consents: Annotated[tuple[PartyId, ...], Field(max_length=limits.PARTIES)]
    occurred_at: Moment

    def parties_named(self) -> Iterator[tuple[str, PartyId]]:
        """Yield the parties that consent."""
        yield from ((f"consents.{place}", item) for place, item in enumerate(self.consents))


class ExtendTime(DisputeCommand, Extension):
    """Extend the time to mediate, with every party's consent (rule 8)."""
