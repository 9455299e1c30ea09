"""Procedures: proposed, published, rejected."""

from typing import ClassVar

from domain.events.envelope import Event
from domain.procedures.ladder import Ladder
from domain.vocabulary import Key, PositiveInt, RecordedMoment, Subject


class ProcedureProposed(Event):
    """Somebody proposed a version of a procedure; a second person decides (rule 7). Its number is its own for ever."""

    TOPIC: ClassVar[str] = "procedure.proposed.v1"

    version: PositiveInt
    ladder: Ladder
    proposed_by: Subject
    occurred_at: RecordedMoment


class ProcedureRejected(Event):
    """A second person did not agree; what was in force stays, and the number is not used again."""

    TOPIC: ClassVar[str] = "procedure.rejected.v1"

    procedure: Key
    version: PositiveInt
    note: str | None
    occurred_at: RecordedMoment


class ProcedurePublished(Event):
    """A version of a procedure came into force for disputes filed from then on."""

    TOPIC: ClassVar[str] = "procedure.published.v3"

    version: PositiveInt
    ladder: Ladder
    occurred_at: RecordedMoment


ProcedureEvent = ProcedureProposed | ProcedurePublished | ProcedureRejected
