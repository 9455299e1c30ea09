"""What decisions need to know of an agreement: who signed it, whether it binds, what became of its terms."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from domain.aggregates.dispute.changed import changed
from domain.aggregates.dispute.obligation import Obligation
from domain.events.dispute import AgreementDrafted, AgreementSigned, ConfirmationRequested
from domain.events.dispute.confirmation import CourtOutcome

AgreementEnd = Literal["replaced", "rescinded"]
AgreementStatus = Literal["drafted", "in_effect", "performed", "replaced", "rescinded"]


@dataclass(frozen=True, slots=True)
class Confirmation:
    """The parties' application to a court, and its decision once there is one."""

    request: ConfirmationRequested
    outcome: CourtOutcome | None = None
    decided_on: date | None = None


@dataclass(frozen=True)
class AgreementState:
    """An agreement, drafted in one stay; it took effect once `effective_on` is known, and binds until it `ended`.

    `sessions_before_end` is how many sessions were recorded when it ended, `effect_version` the version of the fact that
    put it into effect, `replaced_by` the number of the agreement that replaced it.
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
    effect_version: int | None = None
    replaced_by: int | None = None

    @property
    def is_draft(self) -> bool:
        """Whether the agreement still waits for signatures."""
        return self.effective_on is None and self.ended is None

    @property
    def in_effect(self) -> bool:
        """Whether the agreement binds the parties."""
        return self.effective_on is not None and self.ended is None

    def without_effect(self) -> "AgreementState":
        """Return the agreement as a draft again."""
        return changed(self, effective_on=None, effect_version=None)

    def in_effect_again(self) -> "AgreementState":
        """Return the agreement as if nothing had replaced it."""
        return changed(self, ended=None, ended_on=None, replaced_by=None)

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
