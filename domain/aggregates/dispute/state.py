"""What decisions need to know of a dispute."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from domain.events.dispute import Filed, Party
from domain.procedures.stay import Sitting, Stay
from domain.vocabulary import SHANGHAI, Outcome, Status


@dataclass(frozen=True, slots=True)
class Tenure:
    """The dispute's latest stay at a tier, with the platform that handles it and who mediates.

    It outlives an escalation: a dispute that is returned goes on where it was (rule 6).
    """

    platform: str
    mediators: tuple[str, ...]
    accepted_at: datetime
    stay: Stay


@dataclass(frozen=True, slots=True)
class Escalation:
    """One move to a higher tier, and the version of the event that says so."""

    from_tier: str
    to_tier: str
    at_version: int


@dataclass(frozen=True, slots=True)
class Session:
    """A recorded session: at which tier, and what the rules see of it."""

    tier: str
    sitting: Sitting


@dataclass(frozen=True, slots=True)
class Dispute:
    """A dispute after `version` facts."""

    filed: Filed
    status: Status
    tier: str
    platform: str
    platforms: tuple[str, ...]
    waiting_since: datetime
    moved_on: date
    version: int = 1
    outcome: Outcome | None = None
    number: str | None = None
    refused_by: str | None = None
    tenures: Mapping[str, Tenure] = field(default_factory=dict)
    sessions: tuple[Session, ...] = ()
    escalations: tuple[Escalation, ...] = ()

    @property
    def parties(self) -> tuple[Party, ...]:
        """The parties, in the order in which they were entered."""
        return self.filed.parties

    @property
    def tenure(self) -> Tenure | None:
        """The tenure at the present tier, unless the dispute still waits to be accepted there."""
        return None if self.awaits_acceptance else self.tenures.get(self.tier)

    @property
    def mediators(self) -> tuple[str, ...]:
        """Who is assigned to the dispute now."""
        return self.tenure.mediators if self.tenure else ()

    @property
    def awaits_acceptance(self) -> bool:
        """Whether a platform has yet to accept the dispute."""
        return self.status in {Status.FILED, Status.ESCALATED}

    @property
    def stay(self) -> Stay:
        """The stay whose sessions count now; an empty one while the dispute waits for acceptance."""
        return self.tenure.stay if self.tenure else Stay(self.tier)

    def failures_at(self, tier: str) -> int:
        """Return how many sessions failed in the latest stay at a tier."""
        tenure = self.tenures.get(tier)
        return len(tenure.stay.failures) if tenure else 0

    def with_tenure(self, tenure: Tenure) -> "Dispute":
        """Return the dispute with its tenure at that tier replaced."""
        return replace(self, tenures={**self.tenures, tenure.stay.tier: tenure})


def day(moment: datetime) -> date:
    """Return the day of a moment on the clock by which days are counted."""
    return moment.astimezone(SHANGHAI).date()
