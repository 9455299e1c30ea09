"""The record of a session is corrected by two people; the original stays in the history (rule 12)."""

from typing import ClassVar

from domain.events.dispute.sessions import Attendee
from domain.events.envelope import Event
from domain.vocabulary import Personal, PositiveInt, RecordedMoment, SessionOutcome, Subject


class CorrectionProposed(Event):
    """Somebody says that a session was recorded wrongly, and how it was; what is None stays as recorded."""

    TOPIC: ClassVar[str] = "dispute.correction_proposed.v1"

    session: PositiveInt
    outcome: SessionOutcome | None
    held_at: RecordedMoment | None
    attendance: tuple[Attendee, ...] | None
    minutes: Personal[str] | None
    reason: Personal[str]
    proposed_by: Subject
    occurred_at: RecordedMoment


class SessionCorrected(Event):
    """A second person agreed: the session counts as corrected from now on; what is None stays as it was."""

    TOPIC: ClassVar[str] = "dispute.session_corrected.v1"

    session: PositiveInt
    outcome: SessionOutcome | None
    held_at: RecordedMoment | None
    attendance: tuple[Attendee, ...] | None
    minutes: Personal[str] | None
    note: Personal[str] | None
    occurred_at: RecordedMoment


class CorrectionRejected(Event):
    """A second person did not agree: the session stays as it is."""

    TOPIC: ClassVar[str] = "dispute.correction_rejected.v1"

    session: PositiveInt
    note: Personal[str] | None
    occurred_at: RecordedMoment
