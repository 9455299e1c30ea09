"""Adding and amending parties."""

from collections.abc import Iterator
from typing import Annotated, ClassVar, Self
from uuid import UUID

from pydantic import Field, model_validator

from domain.commands.base import Command, DisputeCommand
from domain.commands.dispute.party import AgentGiven, PartyGiven
from domain.errors.documents import FieldFlaws, Flaw
from domain.messages import message
from domain.vocabulary import (
    BirthDay,
    LongText,
    Moment,
    PartyId,
    PartyKind,
    PartyRole,
    PhoneNumber,
    ShortText,
)


class Addition(PartyGiven, Command):
    """One more party; `occurred_at` is now when left out."""

    reason: LongText | None = None
    occurred_at: Moment | None = None


class AddParty(DisputeCommand, Addition):
    """Add a party to an open case."""


class Amendment(Command):
    """The fields to change; what is left out stays, `null` removes what may be missing."""

    LEFT_OUT_STAYS: ClassVar[bool] = True

    role: PartyRole | None = None
    kind: PartyKind | None = None
    person: UUID | None = None
    name: ShortText | None = None
    phone: PhoneNumber | None = None
    id_number: PhoneNumber | None = None
    address: ShortText | None = None
    agent: AgentGiven | None = None
    sex: ShortText | None = None
    ethnicity: ShortText | None = None
    born_on: BirthDay | None = None
    occupation: ShortText | None = None
    minor: bool | None = None
    reason: LongText
    occurred_at: Moment

    @property
    def changes(self) -> frozenset[str]:
        """The names of the fields to change."""
        return frozenset(self.model_fields_set) - {"reason", "occurred_at", "dispute", "party"}

    def _removes(self, name: str) -> bool:
        return name in self.changes and getattr(self, name) is None

    @model_validator(mode="after")
    def _changes_something(self) -> Self:
        if not self.changes:
            raise ValueError("say what is to be changed")
        removed = [name for name in ("role", "kind", "person", "name") if self._removes(name)]
        if removed:
            sentence = message("a party has a role, a kind, a person and a name; they cannot be removed")
            raise FieldFlaws(*(Flaw((name,), sentence) for name in removed))
        return self


class AmendParty(DisputeCommand, Amendment):
    """Amend the data of a party; the data before stays in the history (PIPL 46)."""

    party: Annotated[PartyId, Field(description="the party's id in this case")]

    def parties_named(self) -> Iterator[tuple[str, PartyId]]:
        """Yield the party to be amended."""
        yield "party", self.party
