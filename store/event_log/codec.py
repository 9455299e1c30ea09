"""The one codec of the log: the library's `Mapper`, with explicit topics, upcasting and validation.

The stored state of an event is one JSON object: its envelope, then the event under `data`. The time of recording stands
first and always takes the same number of bytes. The statement that appends can therefore set it under the write lock.
"""

import json
from datetime import datetime
from functools import cache
from typing import Final, Generic, TypeVar
from uuid import UUID

from eventsourcing.persistence import (
    Cipher,
    Compressor,
    JSONTranscoder,
    Mapper,
    MapperDeserialisationError,
    Notification,
    StoredEvent,
    Transcoder,
)
from pydantic import ConfigDict, TypeAdapter
from typing_extensions import TypedDict  # on Python 3.11 pydantic wants this one

from domain.events.envelope import Actor, Event, Recorded
from domain.procedures.rules import Because
from store.event_log.topics import TOPICS, Topics
from store.event_log.upcast import Payload

_BEFORE_TIME: Final = b'{"recorded_at":"'
TIME_START: Final = len(_BEFORE_TIME)
"""Bytes of a state before its time of recording, which looks like 2026-03-02T01:00:00.000000+00:00."""
TIME_LENGTH: Final = 32
"""Bytes that the time of recording takes."""


class UndecodableEventError(MapperDeserialisationError):
    """A stored event cannot be read: unknown topic, damaged bytes, or a payload that its class refuses."""


_DataT = TypeVar("_DataT")


class _State(TypedDict, Generic[_DataT]):
    """A stored state. A plain dictionary, because its parts are taken out at once."""

    __pydantic_config__ = ConfigDict(extra="forbid")  # type: ignore[misc]  # pydantic's own way to configure it

    recorded_at: datetime
    actor: Actor
    command_id: UUID
    because: Because | None
    data: _DataT


_OLDER_STATE: Final = TypeAdapter(_State[Payload])
"""Reads a state of an older topic version: its payload is upcast before it is validated."""


@cache
def _state_of(event: type[Event]) -> TypeAdapter[_State[Event]]:
    """Return the reader of a state and its event in one pass: half the time of two passes."""
    return TypeAdapter(_State[event])  # type: ignore[valid-type]  # each event class has its own


class LogMapper(Mapper[UUID]):
    """Converts recorded events to the library's stored events and back."""

    def __init__(
        self,
        transcoder: Transcoder | None = None,
        compressor: Compressor | None = None,
        cipher: Cipher | None = None,
        *,
        topics: Topics = TOPICS,
    ) -> None:
        """Take the arguments that the library passes, and the topics; raises ValueError for compressor and cipher."""
        if compressor or cipher:
            raise ValueError("the log's states are plain JSON: set neither COMPRESSOR_TOPIC nor CIPHER_TOPIC")
        super().__init__(transcoder or JSONTranscoder())
        self.topics = topics

    def to_stored_event(self, domain_event: object) -> StoredEvent:
        """Encode a recorded event; its position is not part of a stored event. Raises TypeError for anything else."""
        if not isinstance(domain_event, Recorded):
            raise TypeError("only recorded events of this product can be stored")
        return StoredEvent(
            domain_event.stream, domain_event.version, domain_event.topic, _encoded_state(domain_event)
        )

    def to_domain_event(self, stored_event: StoredEvent) -> Recorded[Event]:
        """Decode a row; its position is 0 unless the row is a notification. Raises UndecodableEventError."""
        stream, version, topic = (
            stored_event.originator_id,
            stored_event.originator_version,
            stored_event.topic,
        )
        try:
            state, event = self._decoded_state(topic, stored_event.state)
        except (ValueError, LookupError) as error:
            raise UndecodableEventError(
                f"event {version} of stream {stream} ({topic}) cannot be read: {type(error).__name__}"
            ) from error
        return Recorded(
            stream if isinstance(stream, UUID) else UUID(stream),
            version,
            stored_event.id if isinstance(stored_event, Notification) else 0,
            state["recorded_at"],
            state["actor"],
            state["command_id"],
            event,
            state["because"],
        )

    def _decoded_state(self, topic: str, state: bytes) -> tuple[_State[Event] | _State[Payload], Event]:
        newest = self.topics.current.get(topic)
        if newest is not None:
            decoded = _state_of(newest).validate_json(state)
            return decoded, decoded["data"]
        older = _OLDER_STATE.validate_json(state)
        return older, self.topics.event(topic, older["data"])


MAPPER: Final = LogMapper()
"""The mapper with every topic of this program."""


def _encoded_state(recorded: Recorded[Event]) -> bytes:
    because = recorded.because
    return b'%b%b","actor":%b,"command_id":"%b","because":%b,"data":%b}' % (
        _BEFORE_TIME,
        recorded.recorded_at.isoformat(timespec="microseconds").encode(),
        recorded.actor.model_dump_json().encode(),
        str(recorded.command_id).encode(),
        because.model_dump_json(exclude_none=True).encode() if because else b"null",
        recorded.event.__pydantic_serializer__.to_json(recorded.event),
    )


def payload(event: Event) -> Payload:
    """Return an event without its envelope, as it is stored."""
    data: Payload = json.loads(event.__pydantic_serializer__.to_json(event))
    return data
