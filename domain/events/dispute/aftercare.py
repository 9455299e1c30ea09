"""Follow-up and reopening of a closed case."""

from datetime import date
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from domain.events.envelope import Event
from domain.vocabulary import Added, NamedFreely, Personal, RecordedMoment, Status

Performed = Literal["yes", "partly", "no"]
Satisfaction = Annotated[int, Field(strict=True, ge=1, le=5)]
"""From 1, not at all, to 5."""


class FollowedUp(Event):
    """Somebody who never handled the case visited the parties (rule 4)."""

    TOPIC: ClassVar[str] = "dispute.followed_up.v1"
    WHEN: ClassVar[str] = "visited_on"

    visited_on: date
    performed: Performed
    satisfied: Satisfaction | None
    note: Personal[str] | None


class Reopened(Event):
    """A closed case was taken up again, in the status named here, at the tier where it was closed (rule 2)."""

    TOPIC: ClassVar[str] = "dispute.reopened.v1"

    status: Status
    reason: Personal[str]
    occurred_at: RecordedMoment
    referred_by: Added[NamedFreely | None] = None
    """Who sent the case back, where somebody did."""
