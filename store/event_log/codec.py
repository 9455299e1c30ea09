"""The bytes of an event: its envelope and its fact, as one JSON object.

The fact and its explanation are encoded before the write lock is taken; under the lock only the time of recording
is filled in, so that it never decreases along the log and costs nothing.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Final, Generic, TypeVar
from uuid import UUID

from pydantic import ConfigDict, TypeAdapter
from typing_extensions import TypedDict  # on Python 3.11 pydantic wants this one

from domain.events.envelope import Actor, Event, Fact, Recorded
from domain.procedures.rules import Because
from store.event_log.topics import Topics
from store.event_log.upcast import Payload

BEFORE_MOMENT: Final = '{"recorded_at":"'
AFTER_MOMENT: Final = '",'
"""What stands around the time of recording, which is filled in where the write lock is held."""


class UndecodableEventError(ValueError):
    """A stored event cannot be read: unknown topic, damaged bytes, or a payload that its class refuses."""


_DataT = TypeVar("_DataT")


class _Stored(TypedDict, Generic[_DataT]):
    """A state as it is stored. As a plain dictionary: its parts are taken out at once."""

    __pydantic_config__ = ConfigDict(extra="forbid")  # type: ignore[misc]  # how pydantic wants it told

    recorded_at: datetime
    actor: Actor
    command_id: UUID
    because: Because | None
    data: _DataT


_OLDER: Final = TypeAdapter(_Stored[Payload])
"""Of a topic that has become another one: its payload is changed before it is validated."""


@cache
def _newest(event: type[Event]) -> TypeAdapter[_Stored[Event]]:
    """Reads a state with its event in one pass, which takes half as long as one after the other."""
    return TypeAdapter(_Stored[event])  # type: ignore[valid-type]  # each class has its own


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
        stored, event = _read(topics, topic, state)
    except (ValueError, LookupError) as error:
        raise UndecodableEventError(
            f"event {version} of stream {stream} ({topic}) cannot be read: {type(error).__name__}"
        ) from error
    return Recorded(
        stream,
        version,
        position,
        stored["recorded_at"],
        stored["actor"],
        stored["command_id"],
        event,
        stored["because"],
    )


def _read(topics: Topics, topic: str, state: bytes) -> tuple[_Stored[Event] | _Stored[Payload], Event]:
    newest = topics.current.get(topic)
    if newest is not None:
        stored = _newest(newest).validate_json(state)
        return stored, stored["data"]
    older = _OLDER.validate_json(state)
    return older, topics.event(topic, older["data"])


def payload(event: Event) -> Payload:
    """Return the fact alone as it is stored."""
    data: Payload = json.loads(event.__pydantic_serializer__.to_json(event))
    return data
