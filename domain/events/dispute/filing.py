"""A dispute is filed, or declined."""

from datetime import date
from typing import ClassVar

from domain.events.envelope import Event
from domain.procedures.ladder import ProcedureRef
from domain.vocabulary import (
    Added,
    Authority,
    Category,
    DeclineReason,
    Difficulty,
    Fen,
    Key,
    NamedFreely,
    PartyId,
    PartyKind,
    PartyRole,
    Personal,
    PersonId,
    PositiveInt,
    RecordedMoment,
    Source,
    UnitId,
    Value,
)


class Agent(Value):
    """Someone who acts for a party."""

    name: Personal[str]
    relation: Personal[str]
    phone: Added[Personal[str] | None] = None
    authority: Added[Authority | None] = None


class Party(Value):
    """One side of the dispute. `person` is an identity that parties of several disputes may share.

    From `sex` on: what the official forms ask of natural persons, where it was stated.
    """

    id: PartyId
    person: PersonId
    role: PartyRole
    kind: PartyKind
    name: Personal[str]
    phone: Personal[str] | None = None
    id_number: Personal[str] | None = None
    address: Personal[str] | None = None
    agent: Agent | None = None
    sex: Added[Personal[str] | None] = None
    ethnicity: Added[Personal[str] | None] = None
    born_on: Added[Personal[date] | None] = None
    occupation: Added[Personal[str] | None] = None
    minor: Added[Personal[bool]] = False


class Filed(Event):
    """A dispute was brought to a platform, which takes it up under one version of one procedure (rule 1)."""

    TOPIC: ClassVar[str] = "dispute.filed.v1"

    category: Category
    difficulty: Difficulty | None
    source: Source
    referred_by: NamedFreely | None
    title: Personal[str]
    facts: Personal[str]
    requests: Personal[str] | None
    amount_fen: Fen | None
    unit: UnitId
    co_units: tuple[UnitId, ...]
    procedure: ProcedureRef
    tier: Key
    platform: UnitId
    parties: tuple[Party, ...]
    people_involved: PositiveInt | None
    occurred_at: RecordedMoment


class Declined(Event):
    """The platform may not take the dispute (Rules 22)."""

    TOPIC: ClassVar[str] = "dispute.declined.v1"

    reason: DeclineReason
    note: Personal[str]
    occurred_at: RecordedMoment
