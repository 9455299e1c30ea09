"""What every event has, topic and time, and the envelope around a recorded one."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar, Generic, TypeVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from domain.procedures.rules import Because
from domain.vocabulary import Role, Subject, Value, start_of


class Event(BaseModel):
    """A fact, frozen. Subclasses say their `TOPIC`, and in `WHEN` the field that holds when it happened."""

    model_config = ConfigDict(frozen=True, extra="forbid", serialize_by_alias=True)

    TOPIC: ClassVar[str]
    WHEN: ClassVar[str] = "occurred_at"

    @property
    def happened_at(self) -> datetime:
        """When it happened, as people said; of a fact that has only a day, when that day began (rule 13)."""
        moment: datetime | date = getattr(self, self.WHEN)
        return moment if isinstance(moment, datetime) else start_of(moment)


class Actor(Value):
    """Who did it: the token's subject, in which role, for which unit."""

    sub: Subject
    role: Role
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class Fact:
    """An event that a decision brought about, with the rule that caused it, where one did."""

    event: Event
    because: Because | None = None

    @property
    def recorded_at(self) -> None:
        """Nothing: it is not recorded yet."""
        return


_Event_co = TypeVar("_Event_co", bound=Event, covariant=True)


@dataclass(frozen=True, slots=True)
class Recorded(Generic[_Event_co]):
    """An event as it stands in the log.

    `version` counts from 1 within the stream, `position` grows along the whole log (with gaps where an append
    was rolled back), `recorded_at` is the system's and never decreases along the log.
    """

    stream: UUID
    version: int
    position: int
    recorded_at: datetime
    actor: Actor
    command_id: UUID
    event: _Event_co
    because: Because | None = None

    @property
    def topic(self) -> str:
        """The event's topic."""
        return self.event.TOPIC

    @property
    def originator_id(self) -> UUID:
        """The stream, under the name that libraries for event sourcing give it."""
        return self.stream

    @property
    def originator_version(self) -> int:
        """The version, under the name that libraries for event sourcing give it."""
        return self.version
