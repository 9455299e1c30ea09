"""What decisions need to know of an agreement: who signed it, whether it binds, what became of its terms."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from domain.events.dispute import AgreementDrafted, AgreementSigned, ConfirmationRequested, Term
from domain.events.dispute.confirmation import CourtOutcome

TermState = Literal["due", "performed", "breached"]
AgreementEnd = Literal["replaced", "rescinded"]
AgreementStatus = Literal["drafted", "in_effect", "performed", "replaced", "rescinded"]


@dataclass(frozen=True, slots=True)
class RecordedPerformance:
    """A performance of a term: on which day, and how much of its amount; None where it was all that was left."""

    performed_on: date
    amount_fen: int | None


@dataclass(frozen=True, slots=True)
class Obligation:
    """A term of the agreement and what became of it."""

    term: Term
    state: TermState = "due"
    performances: tuple[RecordedPerformance, ...] = ()
    breached_on: date | None = None

    @property
    def standing(self) -> bool:
        """Whether the term never falls due ("no noise after ten")."""
        return self.term.due_on is None

    @property
    def owed(self) -> bool:
        """Whether the term has a due day and is not performed yet; only such a term holds up closing."""
        return not self.standing and self.state != "performed"

    @property
    def performed_fen(self) -> int:
        """How much of the amount was paid in parts, in fen."""
        return sum(part.amount_fen or 0 for part in self.performances)

    @property
    def settled(self) -> bool:
        """Whether the performances are the whole of the term: its amount is reached, or one was of all that was left."""
        if any(part.amount_fen is None for part in self.performances):
            return True
        amount = self.term.amount_fen
        return bool(self.performances) and amount is not None and self.performed_fen >= amount

    @property
    def performed_on(self) -> date | None:
        """The day of the latest performance of a term that is performed."""
        if self.state != "performed":
            return None
        return max((part.performed_on for part in self.performances), default=None)


@dataclass(frozen=True, slots=True)
class Confirmation:
    """The parties' application to a court, and its decision once there is one."""

    request: ConfirmationRequested
    outcome: CourtOutcome | None = None
    decided_on: date | None = None


@dataclass(frozen=True, slots=True)
class AgreementState:
    """An agreement, drafted in one stay; it took effect once `effective_on` is known, and binds until it `ended`.

    `sessions_before_end` is how many sessions were recorded when it ended.
    """

    draft: AgreementDrafted
    stay_index: int | None
    obligations: tuple[Obligation, ...]
    number: int = 1
    signatures: tuple[AgreementSigned, ...] = ()
    effective_on: date | None = None
    confirmations: tuple[Confirmation, ...] = ()
    ended: AgreementEnd | None = None
    ended_on: date | None = None
    sessions_before_end: int = 0

    @property
    def is_draft(self) -> bool:
        """Whether the agreement still waits for signatures."""
        return self.effective_on is None and self.ended is None

    @property
    def in_effect(self) -> bool:
        """Whether the agreement binds the parties."""
        return self.effective_on is not None and self.ended is None

    @property
    def status(self) -> AgreementStatus:
        """What the agreement is now."""
        if self.ended is not None:
            return self.ended
        if self.effective_on is None:
            return "drafted"
        return "performed" if self.performed else "in_effect"

    @property
    def performed(self) -> bool:
        """Whether nothing with a due day is owed any more, and something was performed."""
        states = {obligation.state for obligation in self.obligations}
        return "performed" in states and not any(obligation.owed for obligation in self.obligations)

    @property
    def performed_on(self) -> date | None:
        """The day of the latest performance recorded; None where there is none."""
        return max(
            (obligation.performed_on for obligation in self.obligations if obligation.performed_on),
            default=None,
        )

    @property
    def confirmation(self) -> Confirmation | None:
        """The latest application to a court."""
        return self.confirmations[-1] if self.confirmations else None

    @property
    def parties_signed(self) -> frozenset[str]:
        """The ids of the parties that signed."""
        return frozenset(signature.party for signature in self.signatures if signature.party)

    @property
    def mediator_signed(self) -> bool:
        """Whether a mediator signed."""
        return any(signature.mediator for signature in self.signatures)

    @property
    def sealed_by(self) -> frozenset[str]:
        """The units whose committees sealed."""
        return frozenset(signature.unit for signature in self.signatures if signature.unit)
