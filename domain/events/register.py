"""The register of a platform and year, from which case numbers come without gap or repeat (rule 3)."""

from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import Field

from domain.events.envelope import Event
from domain.vocabulary import PositiveInt, RecordedMoment, RecordedText, UnitId


class NumberIssued(Event):
    """A case was entered in the register."""

    TOPIC: ClassVar[str] = "register.number_issued.v1"

    register_of: UnitId
    year: PositiveInt
    n: PositiveInt
    number: RecordedText
    dispute: UUID
    occurred_at: RecordedMoment


class NumbersCarriedOver(Event):
    """Numbers that were given on paper before the system; the register goes on after the last of them (rule 17)."""

    TOPIC: ClassVar[str] = "register.numbers_carried_over.v1"

    register_of: UnitId
    year: PositiveInt
    numbers: Annotated[tuple[PositiveInt, ...], Field(min_length=1)]
    occurred_at: RecordedMoment


RegisterEvent = NumberIssued | NumbersCarriedOver
