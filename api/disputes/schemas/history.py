"""A case's events as JSON."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, JsonValue

from domain.events.dispute import DisputeEvent
from domain.events.envelope import Actor, Recorded
from domain.procedures.rules import Because
from store.event_log.codec import payload


class EventView(BaseModel):
    """One event of a case's history."""

    position: int
    version: int
    type: str
    recorded_at: datetime
    occurred_at: datetime
    actor: Actor
    command_id: UUID
    data: dict[str, JsonValue]
    because: Because | None
    retracted: bool


class HistoryView(BaseModel):
    """A page of a case's history; `next` is the `after` of the following page."""

    items: list[EventView]
    next: str | None


def event_view(recorded: Recorded[DisputeEvent], retracted: frozenset[int]) -> EventView:
    """Present an event; `retracted` are the versions of the case that were taken back."""
    return EventView(
        position=recorded.position,
        version=recorded.version,
        type=recorded.topic,
        recorded_at=recorded.recorded_at,
        occurred_at=recorded.event.happened_at,
        actor=recorded.actor,
        command_id=recorded.command_id,
        data=payload(recorded.event),
        because=recorded.because,
        retracted=recorded.version in retracted,
    )
