"""What the application needs from a store, in the domain's own words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Protocol
from uuid import UUID

from pydantic import Field

from domain.aggregates.dispute.notice import Notice
from domain.events.envelope import Actor, Event, Fact, Recorded
from domain.procedures.rules import Because
from domain.procedures.tier import Titled
from domain.vocabulary import Value


class Reply(Value):
    """What a carried-out command answers, and what the same command answers when it is sent again.

    `version` is the stream's after the command, `position` the last event's place in the whole log (None for a
    dry run), `events` the topics in order, `notices` what whoever asked should know,
    `caused` what rules did and why, `titles` what the case's ladder calls the tiers and seats that these name; the
    last three follow from the events and are not stored a second time.
    """

    id: str
    version: int
    position: int | None = None
    status: str | None = None
    tier: str | None = None
    events: tuple[str, ...]
    notices: Annotated[tuple[Notice, ...] | None, Field(exclude=True)] = None
    caused: Annotated[tuple[Because, ...] | None, Field(exclude=True)] = None
    titles: Annotated[Titled | None, Field(exclude=True)] = None

    def with_reasons_of(self, other: "Reply") -> "Reply":
        """Return the reply with what another one, of the same decision, says beside the events."""
        if other.notices is None and other.caused is None:
            return self
        return self.model_copy(
            update={"notices": other.notices, "caused": other.caused, "titles": other.titles}
        )


@dataclass(frozen=True, slots=True)
class Write:
    """Facts for one stream that must now be at version `after`."""

    stream: UUID
    after: int
    facts: tuple[Fact, ...]

    @property
    def version(self) -> int:
        """The version of the stream once they are written."""
        return self.after + len(self.facts)


@dataclass(frozen=True, slots=True)
class Append:
    """Everything that one command writes, all of it or nothing.

    `fingerprint` is a keyed hash of the request, by which a repeated command id is told from a reused one.
    """

    command_id: UUID
    fingerprint: bytes
    actor: Actor
    writes: tuple[Write, ...]
    reply: Reply


@dataclass(frozen=True, slots=True)
class StoredOutcome:
    """A command that was carried out.

    `recorded_at` is when the append that asked recorded it; None where an earlier one did, whose decision was another.
    """

    fingerprint: bytes
    reply: Reply
    recorded_at: datetime | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Loaded:
    """Events by stream, in order, and the outcome of the command if it was carried out before.

    `references` is the position of the last event that was there of anything but a case or a register: while it stays
    the same, so do units, platforms, mediators, procedures and calendars. None where nobody looked.
    """

    streams: Mapping[UUID, Sequence[Recorded[Event]]]
    done: StoredOutcome | None
    references: int | None = None


class Conflict(Exception):
    """Another command was appended first to one of the streams."""


class Unavailable(Exception):
    """The store cannot be reached or does not answer in time; whether a write took effect may be unknown."""


class EventLog(Protocol):
    """The log of all events."""

    async def load(self, after: Mapping[UUID, int], command_id: UUID | None = None) -> Loaded:
        """Return each stream's events beyond the version given; raises Unavailable.

        The command's outcome is looked up after the streams were read, so that a reader who misses the outcome
        has read the streams as they were before it.
        """
        ...

    async def append(self, append: Append) -> StoredOutcome:
        """Write a command's facts and its reply in one transaction; raises Conflict, Unavailable.

        Idempotent by command id: a command carried out before returns what it returned then.
        """
        ...
