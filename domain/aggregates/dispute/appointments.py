"""Sessions that were called: for when and where, in which stay, and whether they are still to take place."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from domain.vocabulary import Method, Personal, Status, day_of

AppointmentState = Literal["made", "moved", "cancelled", "lapsed", "retracted"]


@dataclass(frozen=True, slots=True)
class Appointment:
    """A session that was called. One that was taken back keeps its number and nothing else (rule 19)."""

    number: int
    at: datetime
    place: Personal[str] | None
    method: Method
    stay_index: int | None
    state: Literal["made", "moved", "cancelled", "retracted"] = "made"

    @property
    def stands(self) -> bool:
        """Whether it was neither cancelled nor taken back."""
        return self.state in {"made", "moved"}

    def standing(self, status: Status, stay_index: int | None, moved_on: date) -> AppointmentState:
        """Return how it stands in a case like this: it lapses where mediation ended, or left the stay, before its day."""
        in_place = status is Status.ACCEPTED and stay_index == self.stay_index
        if not self.stands or in_place or day_of(self.at) <= moved_on:
            return self.state
        return "lapsed"
