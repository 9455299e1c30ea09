"""What decisions need to know of an agreement: who signed it, whether it binds, what became of its terms."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from domain.events.dispute import AgreementDrafted, AgreementSigned, ConfirmationRequested, Term
from domain.events.dispute.confirmation import CourtOutcome

TermState = Literal["due", "performed", "breached"]


@dataclass(frozen=True, slots=True)
class Obligation:
    """A term of the agreement and what became of it."""

    term: Term
    state: TermState = "due"
    performed_on: date | None = None


@dataclass(frozen=True, slots=True)
class Confirmation:
    """The parties' application to a court, and its decision once there is one."""

    request: ConfirmationRequested
    outcome: CourtOutcome | None = None
    decided_on: date | None = None


@dataclass(frozen=True, slots=True)
class AgreementState:
    """The latest agreement, drafted in one stay; in effect once `effective_on` is known."""

    draft: AgreementDrafted
    stay_index: int | None
    obligations: tuple[Obligation, ...]
    signatures: tuple[AgreementSigned, ...] = ()
    effective_on: date | None = None
    confirmation: Confirmation | None = None

    @property
    def in_effect(self) -> bool:
        """Whether the agreement binds the parties."""
        return self.effective_on is not None

    def without_effect(self) -> "AgreementState":
        """Return the agreement as a draft again."""
        return replace(self, effective_on=None)

    @property
    def performed(self) -> bool:
        """Whether every term was performed."""
        return all(obligation.state == "performed" for obligation in self.obligations)

    @property
    def performed_on(self) -> date | None:
        """The day of the latest performance recorded; None where there is none."""
        return max(
            (obligation.performed_on for obligation in self.obligations if obligation.performed_on),
            default=None,
        )

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
