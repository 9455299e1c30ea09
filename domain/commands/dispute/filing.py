"""Filing a dispute, or declining it."""

from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, Field

from domain.commands.base import Command, DisputeCommand
from domain.vocabulary import (
    Category,
    DeclineReason,
    Difficulty,
    Fen,
    Key,
    LongText,
    Moment,
    PartyId,
    PartyKind,
    PartyRole,
    PhoneNumber,
    PositiveInt,
    ShortText,
    Source,
    UnitId,
    Value,
    limits,
)


def _no_signatory(party: str) -> str:
    if party in {"mediator", "committee"}:
        raise ValueError("mediator and committee are not names of parties")
    return party


class AgentGiven(Value):
    """Someone who acts for a party."""

    name: ShortText
    relation: ShortText


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


class Filing(Command):
    """An application, a referral, or the platform's own initiative (rule 1)."""

    category: Category
    difficulty: Annotated[Difficulty | None, Field(description="general when left out")] = None
    source: Source
    referred_by: ShortText | None = None
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
    people_involved: PositiveInt | None = None
    co_units: Annotated[tuple[UnitId, ...], Field(max_length=limits.CO_UNITS)] = ()
    occurred_at: Moment


class FileDispute(DisputeCommand, Filing):
    """File a dispute."""


class DeclineDetails(Command):
    """Why the platform may not take the dispute (Rules 22)."""

    reason: DeclineReason
    note: LongText
    occurred_at: Moment


class DeclineDispute(DisputeCommand, DeclineDetails):
    """Decline a dispute that waits for its first acceptance."""
