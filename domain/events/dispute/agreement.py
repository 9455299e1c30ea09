"""An agreement is drafted, signed, and takes effect."""

from datetime import date
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from domain.events.envelope import Event
from domain.vocabulary import Fen, PartyId, Personal, PersonKey, RecordedMoment, UnitId, Value

Form = Literal["written", "oral"]


class Term(Value):
    """Who owes what to whom by when."""

    debtor: PartyId
    creditor: PartyId
    obligation: Personal[str]
    amount_fen: Fen | None = None
    due_on: date


class AgreementDrafted(Event):
    """The parties reached an agreement; an oral one binds at once, a written one when it is signed (PML 28-30)."""

    TOPIC: ClassVar[str] = "dispute.agreement_drafted.v1"
    WHEN: ClassVar[str] = "reached_at"

    form: Form
    terms: Annotated[tuple[Term, ...], Field(min_length=1)]
    record: Personal[str] | None
    reached_at: RecordedMoment

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


class AgreementTookEffect(Event):
    """The agreement binds the parties from that day (PML 29-31)."""

    TOPIC: ClassVar[str] = "dispute.agreement_took_effect.v1"
    WHEN: ClassVar[str] = "effective_on"

    effective_on: date
