"""An agreement is drafted, signed, and takes effect; another one replaces it, or its parties rescind it.

A case may have several agreements. They are numbered from 1 in the order in which they were drafted. `agreement` is the
number of the one that a fact is about; it is left out for the first one.
"""

from datetime import date
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from domain.events.envelope import Event
from domain.vocabulary import (
    Added,
    Fen,
    PartyId,
    Personal,
    PersonKey,
    PositiveInt,
    RecordedMoment,
    UnitId,
    Value,
)

Form = Literal["written", "oral"]


class Term(Value):
    """Who owes what to whom by when; a standing term ("no noise after ten") has no due day."""

    debtor: PartyId
    creditor: PartyId
    obligation: Personal[str]
    amount_fen: Fen | None = None
    due_on: date | None = None


class AgreementDrafted(Event):
    """The parties reached an agreement; an oral one binds at once, a written one when it is signed (PML 28-30).

    `number` is left out for the first agreement of a case. `changes` is the number of the agreement in effect that this
    one replaces once it takes effect, `reason` why.
    """

    TOPIC: ClassVar[str] = "dispute.agreement_drafted.v1"
    WHEN: ClassVar[str] = "reached_at"

    form: Form
    terms: Annotated[tuple[Term, ...], Field(min_length=1)]
    record: Personal[str] | None
    reached_at: RecordedMoment
    number: Added[PositiveInt | None] = None
    changes: Added[PositiveInt | None] = None
    reason: Added[Personal[str] | None] = None

    @property
    def parties(self) -> tuple[PartyId, ...]:
        """Who owes or is owed something."""
        return tuple(party for term in self.terms for party in (term.debtor, term.creditor))


class AgreementSigned(Event):
    """A party or a mediator signed, or a committee sealed; `party`, `mediator` or `unit` says which (PML 29)."""

    TOPIC: ClassVar[str] = "dispute.agreement_signed.v1"
    WHEN: ClassVar[str] = "signed_at"

    party: PartyId | None = None
    mediator: PersonKey | None = None
    unit: UnitId | None = None
    signed_at: RecordedMoment
    agreement: Added[PositiveInt | None] = None


class AgreementTookEffect(Event):
    """The agreement binds the parties from that day (PML 29-31)."""

    TOPIC: ClassVar[str] = "dispute.agreement_took_effect.v1"
    WHEN: ClassVar[str] = "effective_on"

    effective_on: date


class AgreementReplaced(Event):
    """An agreement in effect ended because the changed one, `by`, took effect."""

    TOPIC: ClassVar[str] = "dispute.agreement_replaced.v1"
    WHEN: ClassVar[str] = "replaced_on"

    agreement: PositiveInt
    by: PositiveInt
    replaced_on: date


class AgreementRescinded(Event):
    """All parties rescinded an agreement in effect; mediation goes on in the same stay (rule 9)."""

    TOPIC: ClassVar[str] = "dispute.agreement_rescinded.v1"

    agreement: PositiveInt
    consents: tuple[PartyId, ...]
    reason: Personal[str]
    occurred_at: RecordedMoment
