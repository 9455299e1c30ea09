"""What decisions need to know of a dispute."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from domain.aggregates.dispute.agreement import AgreementState
from domain.aggregates.dispute.agreements import Agreements, current_agreement
from domain.aggregates.dispute.appointments import Appointment
from domain.aggregates.dispute.changed import changed
from domain.aggregates.dispute.stays import Escalation, Session, Stay
from domain.events import dispute as events
from domain.procedures.counted_stay import CountedStay
from domain.procedures.ladder import ProcedureRef
from domain.procedures.rules import Because, Danger
from domain.vocabulary import Outcome, RiskLevel, Status, folded

Proposal = events.EscalationProposed | events.CorrectionProposed | events.RetractionProposed
BYPASS = 0
"""The subject of a proposal to escalate; of a correction or retraction of a session its number, else the version below 0."""


@dataclass(frozen=True)
class Dispute:
    """A dispute after `version` facts.

    `stays` holds all stays in order; sessions, escalations and agreements refer to theirs by index. `dormant` is an
    imported case until somebody moves it: rules and deadlines are silent (rule 17). `last_recorded_at` is when the
    latest fact was recorded, None where that is only decided. `retracted` holds the versions of the facts that were taken
    back, `party_ids_given_up` the ids of parties taken back, which nobody gets again. `departures` are the parties that
    left for themselves, by id; `settled`: they withdrew because they had settled; `duplicates` were closed in favour of it.
    """

    filed: events.Filed
    procedure: ProcedureRef
    parties: tuple[events.Party, ...]
    status: Status
    tier: str
    platform: str
    platforms: tuple[str, ...]
    waiting_since: datetime
    moved_on: date
    version: int = 1
    retracted: frozenset[int] = frozenset()
    party_ids_given_up: frozenset[str] = frozenset()
    outcome: Outcome | None = None
    closed_from: Status | None = None
    closed_because: Because | None = None
    settled: bool = False
    duplicate_of: UUID | None = None
    duplicates: tuple[UUID, ...] = ()
    number: str | None = None
    refused_by: str | None = None
    departures: Mapping[str, events.PartyLeft] = field(default_factory=dict)
    stays: tuple[Stay, ...] = ()
    stay_index: int | None = None
    sessions: tuple[Session, ...] = ()
    escalations: tuple[Escalation, ...] = ()
    appointments: tuple[Appointment, ...] = ()
    proposals: Mapping[int, Proposal] = field(default_factory=dict)
    handlers: frozenset[str] = frozenset()
    agreements: Agreements = ()
    risk: RiskLevel | None = None
    endorsed_by: tuple[str, ...] = ()
    visits: int = 0
    dormant: bool = False
    last_recorded_at: datetime | None = field(default=None, compare=False)

    @property
    def stay(self) -> Stay | None:
        """The present stay, unless the dispute still waits to be accepted."""
        return None if self.stay_index is None else self.stays[self.stay_index]

    @property
    def agreement(self) -> AgreementState | None:
        """The agreement in effect, or the latest one; None where there never was one (rule 9)."""
        return current_agreement(self.agreements, self.stay_index)

    @property
    def mediators(self) -> tuple[str, ...]:
        """Who is assigned to the dispute now."""
        return self.stay.mediators if self.stay else ()

    @property
    def present_parties(self) -> tuple[events.Party, ...]:
        """The parties that have not left for themselves: they sign, consent and apply (rule 21)."""
        return tuple(party for party in self.parties if party.id not in self.departures)

    @property
    def awaits_acceptance(self) -> bool:
        """Whether a platform has yet to accept the dispute."""
        return self.status in {Status.FILED, Status.ESCALATED}

    @property
    def endorsers(self) -> frozenset[str]:
        """Who supports the proposed escalation, each folded: its proposer, and those who endorsed it since."""
        proposal = self.proposals.get(BYPASS)
        return frozenset(map(folded, (proposal.proposed_by, *self.endorsed_by)) if proposal else ())

    @property
    def danger(self) -> Danger:
        """What can lift a dispute before any count is reached (rule 7)."""
        return Danger(risk=self.risk, people=self.filed.people_involved)

    @property
    def counted_stay(self) -> CountedStay:
        """The stay whose sessions count now; an empty one while the dispute waits for acceptance."""
        return CountedStay(self.tier) if self.stay_index is None else self.counted_stay_at(self.stay_index)

    def counted_stay_at(self, place: int) -> CountedStay:
        """Return a stay as the counting rules see it."""
        sessions = tuple(session.counted for session in self.sessions if session.stay_index == place)
        fired = [
            counted.session
            for escalation in self.escalations
            if escalation.stay_index == place and not escalation.voided and escalation.because
            for counted in escalation.because.counted
        ]
        return CountedStay(self.stays[place].tier, sessions, last_counted=max(fired, default=0))

    def failures_at(self, tier: str) -> int:
        """Return how many sessions failed in the latest stay at a tier; 0 where the dispute never had one."""
        place = next((at for at in reversed(range(len(self.stays))) if self.stays[at].tier == tier), None)
        return 0 if place is None else len(self.counted_stay_at(place).failures)

    @property
    def last_departure(self) -> Escalation | None:
        """The last move that ended a stay and stands; a tier that never accepted was only passed through."""
        return next((item for item in reversed(self.escalations) if item.ended_stay), None)

    def session(self, number: int) -> Session | None:
        """Return a session by its number; None where there is none."""
        return next((item for item in reversed(self.sessions) if item.counted.number == number), None)

    def recorded(self, at: datetime) -> "Dispute":
        """Return the dispute once its latest fact, so far only decided, is recorded."""
        return changed(self, last_recorded_at=at)

    def with_present_stay(self, stay: Stay) -> "Dispute":
        """Return the dispute with its present stay replaced."""
        stays = (*self.stays[: self.stay_index], stay, *self.stays[(self.stay_index or 0) + 1 :])
        return changed(self, stays=stays)

    def without_proposal(self, subject: int) -> "Dispute":
        """Return the dispute without the proposal about a subject: it was decided, or has lapsed."""
        return changed(self, proposals={key: item for key, item in self.proposals.items() if key != subject})
