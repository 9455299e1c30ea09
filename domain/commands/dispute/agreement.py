"""Reaching, signing, changing and rescinding an agreement."""

from collections.abc import Iterator
from typing import Annotated, ClassVar, Self

from pydantic import Field, model_validator

from domain.commands.base import Command, DisputeCommand
from domain.errors.documents import FieldFlaws, Flaw
from domain.events.dispute.agreement import Form
from domain.messages import message
from domain.vocabulary import Day, Fen, LongText, Moment, PartyId, PersonKey, UnitId, Value, day_of, limits


class TermGiven(Value):
    """Who owes what to whom by when. Without a day it is a standing term: it never falls due, but can be broken."""

    debtor: PartyId
    creditor: PartyId
    obligation: LongText
    amount_fen: Fen | None = None
    due_on: Day | None = None

    @model_validator(mode="after")
    def _between_two(self) -> Self:
        if self.debtor == self.creditor:
            raise FieldFlaws(Flaw(("creditor",), message("nobody owes something to themselves")))
        return self


class Agreement(Command):
    """What the parties agreed. An oral agreement needs the mediator's record (PML 28-30)."""

    WHEN: ClassVar[tuple[str, ...]] = ("reached_at",)

    form: Form
    terms: Annotated[tuple[TermGiven, ...], Field(min_length=1, max_length=limits.TERMS)]
    reached_at: Moment
    record: LongText | None = None

    def parties_named(self) -> Iterator[tuple[str, PartyId]]:
        """Yield who owes and who is owed."""
        for place, item in enumerate(self.terms):
            yield f"terms.{place}.debtor", item.debtor
            yield f"terms.{place}.creditor", item.creditor

    @model_validator(mode="after")
    def _recorded_and_to_come(self) -> Self:
        reached = day_of(self.reached_at).isoformat()
        if self.form == "oral" and self.record is None:
            raise FieldFlaws(Flaw(("record",), message("an oral agreement needs the mediator's record")))
        early = [
            Flaw(
                ("terms", place, "due_on"),
                message("lies before {day}, when the agreement was reached", day=reached),
            )
            for place, term in enumerate(self.terms)
            if term.due_on and term.due_on < day_of(self.reached_at)
        ]
        if early:
            raise FieldFlaws(*early)
        return self


class ReachAgreement(DisputeCommand, Agreement):
    """Record what the parties agreed; an oral agreement is in effect at once, a written one waits for signatures."""


class Signature(Command):
    """Who signed or sealed. Without `unit` a seal is that of the actor's community."""

    WHEN: ClassVar[tuple[str, ...]] = ("signed_at",)

    by: Annotated[PartyId, Field(description="a party's id, or mediator, or committee")]
    unit: Annotated[UnitId | None, Field(description="whose committee seals, where it is a seal")] = None
    who: Annotated[
        PersonKey | None,
        Field(description="the assigned mediator who signed on paper, where a convener or clerk records it"),
    ] = None
    signed_at: Moment

    def mediators_named(self) -> tuple[PersonKey, ...]:
        """Return the mediator for whom the signature is recorded, where one is named."""
        return (self.who,) if self.who is not None else ()

    def path_of_mediator(self, mediator: str) -> str:  # noqa: ARG002 - a signature names one mediator
        """Return the field that names who signed."""
        return "who"

    def parties_named(self) -> Iterator[tuple[str, PartyId]]:
        """Yield the party that signs, where it is one."""
        if self.by not in {"mediator", "committee"}:
            yield "by", self.by

    def units_named(self) -> Iterator[tuple[str, UnitId]]:
        """Yield the unit whose committee seals, where it is named."""
        if self.unit is not None:
            yield "unit", self.unit

    @model_validator(mode="after")
    def _names_what_it_is_by(self) -> Self:
        if self.unit is not None and self.by != "committee":
            raise FieldFlaws(Flaw(("unit",), message("only a committee's seal names a unit")))
        if self.who is not None and self.by != "mediator":
            raise FieldFlaws(Flaw(("who",), message("only a mediator's signature names who signed")))
        return self


class SignAgreement(DisputeCommand, Signature):
    """Record a signature or a seal; the last one needed puts the agreement into effect (PML 29)."""

    @property
    def is_official_act(self) -> bool:
        """Whether it is a seal."""
        return self.by == "committee"


class AgreementChange(Agreement):
    """What the parties agreed instead of the agreement in effect, and why."""

    reason: LongText | None = None


class ChangeAgreement(DisputeCommand, AgreementChange):
    """Draft a change of the agreement in effect; it replaces the agreement once it is signed as the first was."""


class Rescission(Command):
    """Why all parties rescind the agreement in effect, and when."""

    consents: Annotated[tuple[PartyId, ...], Field(min_length=1, max_length=limits.CASE_PARTIES)]
    reason: LongText
    occurred_at: Moment

    def parties_named(self) -> Iterator[tuple[str, PartyId]]:
        """Yield those who consent."""
        yield from ((f"consents.{place}", item) for place, item in enumerate(self.consents))


class RescindAgreement(DisputeCommand, Rescission):
    """Rescind the agreement in effect, with the consent of every party; mediation goes on in the same stay."""
