"""A dispute goes on under another version of its procedure."""

from typing import ClassVar

from domain.events.envelope import Event
from domain.procedures.ladder import ProcedureRef
from domain.vocabulary import RecordedMoment, RecordedText


class ProcedureMigrated(Event):
    """The dispute was moved to another version of its procedure; `ground` says why where that turns against a party."""

    TOPIC: ClassVar[str] = "dispute.procedure_migrated.v1"

    procedure: ProcedureRef
    ground: RecordedText | None
    occurred_at: RecordedMoment
