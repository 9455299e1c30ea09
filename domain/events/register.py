"""The register of a platform and year, from which case numbers come without gap or repeat (rule 3)."""

from typing import ClassVar
from uuid import UUID

from domain.events.envelope import Event
from domain.vocabulary import Moment, PositiveInt, ShortText, UnitId


class NumberIssued(Event):
    """A case was entered in the register."""

    TOPIC: ClassVar[str] = "register.number_issued.v1"

    register_of: UnitId
    year: PositiveInt
    n: PositiveInt
    number: ShortText
    dispute: UUID
    occurred_at: Moment
