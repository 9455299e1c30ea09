"""Adding and amending parties."""

from collections.abc import Iterator
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, model_validator

from domain.commands.base import Command, DisputeCommand
from domain.commands.dispute.filing import AgentGiven, PartyGiven
from domain.vocabulary import LongText, Moment, PartyId, PartyKind, PartyRole, PhoneNumber, ShortText


class Addition(PartyGiven, Command):
    """One more party; `occurred_at` is now when left out."""

    reason: LongText | None = None
    occurred_at: Moment | None = None


class AddParty(DisputeCommand, Addition):
    """Add a party to an open case."""


class Amendment(Command):
    """The fields to change; what is left out stays, `null` removes what may be missing."""

    role: PartyRole | None = None
    kind: PartyKind | None = None
    person: UUID | None = None
    name: ShortText | None = None
    phone: PhoneNumber | None = None
    id_number: PhoneNumber | None = None
    address: ShortText | None = None
    agent: AgentGiven | None = None
    reason: LongText
    occurred_at: Moment

    @property
    def changes(self) -> frozenset[str]:
        """The names of the fields to change."""
        return frozenset(self.model_fields_set) - {"reason", "occurred_at", "dispute", "party"}

    @model_validator(mode="after")
    def _changes_something(self) -> Self:
        if not self.changes:
            raise ValueError("say what is to be changed")
        if any(getattr(self, name) is None for name in self.changes & {"role", "kind", "person", "name"}):
            raise ValueError("a party has a role, a kind, a person and a name; they cannot be removed")
        return self


class AmendParty(DisputeCommand, Amendment):
    """Amend the data of a party; the data before stays in the history (PIPL 46)."""

    party: Annotated[PartyId, Field(description="the party's id in this case")]

    def parties_named(self) -> Iterator[tuple[str, PartyId]]:
        """Yield the party to be amended."""
        yield "party", self.party
