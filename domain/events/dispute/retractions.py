"""A recorded fact is taken back by two people, and what rules caused because of it is undone (rule 19)."""

from typing import Annotated, ClassVar, Literal

from pydantic import StringConstraints

from domain.events.envelope import Event
from domain.vocabulary import Personal, PositiveInt, RecordedMoment, Status, Subject

Topic = Annotated[str, StringConstraints(pattern=r"^dispute\.[a-z_]+\.v[1-9]\d*$")]
"""The topic of the event that a retraction is about."""
ProposalKind = Literal["escalation", "correction", "retraction"]


class RetractionProposed(Event):
    """Somebody says that the fact at a version never happened, or is of another case."""

    TOPIC: ClassVar[str] = "dispute.retraction_proposed.v1"

    at_version: PositiveInt
    topic: Topic
    session: PositiveInt | None = None
    reason: Personal[str]
    proposed_by: Subject
    occurred_at: RecordedMoment

    @property
    def subject(self) -> int:
        """What it is about: a session, which a correction may be about too, or else the fact by its version."""
        return -self.at_version if self.session is None else self.session


class FactRetracted(Event):
    """The fact at a version is taken back: the case stands as if it had not been recorded.

    `reason` is that of the proposal, `note` that of the second person. A file or an appointment is taken back by its
    recorder alone.
    """

    TOPIC: ClassVar[str] = "dispute.fact_retracted.v1"

    at_version: PositiveInt
    topic: Topic
    session: PositiveInt | None = None
    reason: Personal[str]
    note: Personal[str] | None = None
    proposed_by: Subject
    occurred_at: RecordedMoment

    @property
    def subject(self) -> int:
        """What it is about, as the proposal before it."""
        return -self.at_version if self.session is None else self.session


class RetractionRejected(Event):
    """A second person did not agree: the fact stands."""

    TOPIC: ClassVar[str] = "dispute.retraction_rejected.v1"

    at_version: PositiveInt
    session: PositiveInt | None = None
    note: Personal[str] | None
    occurred_at: RecordedMoment

    @property
    def subject(self) -> int:
        """What it is about, as the proposal before it."""
        return -self.at_version if self.session is None else self.session


class ProposalWithdrawn(Event):
    """Whoever proposed something took the proposal back; `subject` is its key among the open proposals."""

    TOPIC: ClassVar[str] = "dispute.proposal_withdrawn.v1"

    kind: ProposalKind
    subject: int
    occurred_at: RecordedMoment


class ClosureVoided(Event):
    """What a closing rested on was taken back: the case has the status again from which it was closed."""

    TOPIC: ClassVar[str] = "dispute.closure_voided.v1"

    at_version: PositiveInt
    status: Status
    occurred_at: RecordedMoment


class AgreementEffectVoided(Event):
    """What put an agreement into effect was taken back: it is a draft again, or gone, and mediation goes on."""

    TOPIC: ClassVar[str] = "dispute.agreement_effect_voided.v1"

    at_version: PositiveInt
    occurred_at: RecordedMoment
