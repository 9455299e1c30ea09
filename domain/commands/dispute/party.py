"""A party as people enter it, and who acts for it."""

from typing import Annotated, Self
from uuid import UUID

from pydantic import AfterValidator, Field, model_validator

from domain.errors.documents import FieldFlaws, Flaw
from domain.messages import message
from domain.vocabulary import (
    Authority,
    BirthDay,
    PartyId,
    PartyKind,
    PartyRole,
    PhoneNumber,
    ShortText,
    Value,
)


def _no_signatory(party: str) -> str:
    if party in {"mediator", "committee"}:
        raise ValueError("mediator and committee are not names of parties")
    return party


class AgentGiven(Value):
    """Someone who acts for a party: how they are related to it, and what they may do for it."""

    name: ShortText
    relation: ShortText
    phone: PhoneNumber | None = None
    authority: Annotated[
        Authority | None, Field(description="to act, also to settle, or a minor's guardian")
    ] = None


class PartyGiven(Value):
    """A party as the person at the desk enters it; without an id it becomes `p1`, `p2` … in order."""

    id: Annotated[PartyId, AfterValidator(_no_signatory)] | None = None
    person: Annotated[
        UUID | None, Field(description="an identity shared with other disputes; new when left out")
    ] = None
    role: PartyRole
    kind: PartyKind
    name: ShortText
    phone: PhoneNumber | None = None
    id_number: PhoneNumber | None = None
    address: ShortText | None = None
    agent: AgentGiven | None = None
    sex: ShortText | None = None
    ethnicity: ShortText | None = None
    born_on: BirthDay | None = None
    occupation: ShortText | None = None
    minor: Annotated[bool, Field(description="a minor has a guardian as agent")] = False

    @model_validator(mode="after")
    def _a_minor_has_a_guardian(self) -> Self:
        if self.minor and (self.agent is None or self.agent.authority != "guardian"):
            raise FieldFlaws(Flaw(("agent",), message("a minor has a guardian as agent")))
        return self
