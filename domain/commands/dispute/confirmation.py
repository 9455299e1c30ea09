"""Judicial confirmation of an agreement: the joint application and the court's decision."""

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from domain.commands.base import Command, DisputeCommand
from domain.events.dispute.confirmation import CourtOutcome
from domain.vocabulary import Day, PartyId, ShortText, limits

ConfirmationSubject = Literal["claims", "identity", "title"]


class Application(Command):
    """When all parties together applied to which court, and what the agreement is about."""

    WHEN: ClassVar[tuple[str, ...]] = ("filed_on",)

    filed_on: Day
    applicants: Annotated[tuple[PartyId, ...], Field(min_length=1, max_length=limits.CASE_PARTIES)]
    court: ShortText
    about: Annotated[
        ConfirmationSubject,
        Field(
            description="claims, an identity relation (marriage, parenthood, adoption), or title to property"
        ),
    ] = "claims"

    def parties_named(self) -> Iterator[tuple[str, PartyId]]:
        """Yield the applicants."""
        yield from ((f"applicants.{place}", item) for place, item in enumerate(self.applicants))


class RequestConfirmation(DisputeCommand, Application):
    """Record the joint application for judicial confirmation, within 30 days of effect (PML 33; CPL 205)."""


class CourtDecision(Command):
    """What the court decided, and when."""

    WHEN: ClassVar[tuple[str, ...]] = ("decided_on",)

    outcome: CourtOutcome
    decided_on: Day
    reference: ShortText | None = None


class DecideConfirmation(DisputeCommand, CourtDecision):
    """Record the court's decision on judicial confirmation."""
