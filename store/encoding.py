"""The bytes of an event: its envelope and its fact, as one JSON object.

The fact and its explanation are encoded before the write lock is taken; under the lock only the time of recording
is filled in, so that it never decreases along the log and costs nothing.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from pydantic import TypeAdapter

from domain.events.envelope import Actor, Event, Fact, Recorded
from domain.procedures.rules import Because
from domain.vocabulary import Value
from store.topics import Topics
from store.upcasting import Payload

BEFORE_MOMENT: Final = '{"recorded_at":"'
AFTER_MOMENT: Final = '",'
"""What stands around the time of recording, which is filled in where the write lock is held."""


class UndecodableEventError(ValueError):
    """A stored event cannot be read: unknown topic, damaged bytes, or a payload that its class refuses."""


class _Envelope(Value):
    recorded_at: datetime
    actor: Actor
    command_id: UUID
    because: Because | None
    data: Payload


_ENVELOPE = TypeAdapter(_Envelope)


@dataclass(frozen=True, slots=True)
class Encoded:
    """An event in bytes, but for the time of recording."""

    topic: str
    rest: bytes

    def at(self, recorded_at: datetime) -> bytes:
        """Return the whole state."""
        moment = recorded_at.isoformat(timespec="microseconds")
        return f"{BEFORE_MOMENT}{moment}{AFTER_MOMENT}".encode() + self.rest


def encode(fact: Fact, actor: Actor, command_id: UUID) -> Encoded:
    """Encode a fact and who brought it about."""
    because = fact.because.model_dump_json(exclude_none=True).encode() if fact.because else b"null"
    rest = b'"actor":%b,"command_id":"%b","because":%b,"data":%b}' % (
        actor.model_dump_json().encode(),
        str(command_id).encode(),
        because,
        fact.event.__pydantic_serializer__.to_json(fact.event),
    )
    return Encoded(fact.event.TOPIC, rest)


def encode_recorded(recorded: Recorded[Event]) -> bytes:
    """Encode an event that already has its time of recording."""
    fact = Fact(recorded.event, recorded.because)
    return encode(fact, recorded.actor, recorded.command_id).at(recorded.recorded_at)


def decode(
    topics: Topics, *, stream: UUID, version: int, position: int, topic: str, state: bytes
) -> Recorded[Event]:
    """Read a stored event: envelope, upcasting, validation; raises UndecodableEventError."""
    try:
        envelope = _ENVELOPE.validate_json(state)
        event = topics.event(topic, envelope.data)
    except (ValueError, LookupError) as error:
        raise UndecodableEventError(
            f"event {version} of stream {stream} ({topic}) cannot be read: {type(error).__name__}"
        ) from error
    return Recorded(
        stream=stream,
        version=version,
        position=position,
        recorded_at=envelope.recorded_at,
        actor=envelope.actor,
        command_id=envelope.command_id,
        event=event,
        because=envelope.because,
    )


def payload(event: Event) -> Payload:
    """Return the fact alone as it is stored."""
    data: Payload = json.loads(event.__pydantic_serializer__.to_json(event))
    return data
