"""A new aggregate is its own packages and one line in the registry of deciders: a room that is booked once a day."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import ClassVar, Final, cast
from uuid import UUID, uuid4, uuid5

import pytest

from application.command_handler import CommandHandler
from application.context import Context
from application.deciders import DECIDERS, AnyDecider
from application.deciders.decider import Decider, Decision, DecisionInputs, decided, version_of
from application.ports import Append, Conflict, Loaded, StoredOutcome
from application.stream_cache import StreamCache, StreamKind, StreamRef, by_event
from domain.commands.base import Command
from domain.errors import AlreadyFiled, Stale
from domain.events.envelope import Event, Fact, Recorded
from domain.messages import message
from domain.vocabulary import Moment
from tests.support.world import ADMIN

NOW: Final = datetime(2026, 3, 2, 9, tzinfo=UTC)
NAMES: Final = UUID("6f6b0d2f-51d5-4c9a-8a39-6f8f3e0d6c11")


class RoomBooked(Event):
    """A room was booked for a day."""

    TOPIC: ClassVar[str] = "room.booked.v1"

    room: str
    day: date
    occurred_at: Moment


class BookRoom(Command):
    """Book a room for a day."""

    room: str
    day: date
    occurred_at: Moment


def evolve(days: frozenset[date] | None, event: RoomBooked) -> frozenset[date]:
    """Fold one booking into the days for which the room is booked."""
    return (days or frozenset()) | {event.day}


def decide(command: BookRoom, days: frozenset[date] | None) -> tuple[Fact, ...]:
    """Book the room, once a day; raises AlreadyFiled, an error that the product has."""
    if command.day in (days or ()):
        raise AlreadyFiled(message("the room is booked"))
    return (Fact(RoomBooked(room=command.room, day=command.day, occurred_at=command.occurred_at)),)


ROOMS: Final = StreamKind("room", lambda room: uuid5(NAMES, room), by_event(evolve), (RoomBooked,))


def _stream(command: BookRoom) -> StreamRef:
    return ROOMS.ref(command.room)


def _decide(command: BookRoom, inputs: DecisionInputs) -> Decision:
    facts = decide(command, inputs.states.get(ROOMS, command.room))
    return decided(command.room, _stream(command), facts, inputs)


DECIDER: Final[Decider[BookRoom]] = Decider(
    commands=(BookRoom,),
    events=ROOMS.events,
    stream=_stream,
    decide=_decide,
    expected_version=version_of(_stream),
)


@dataclass
class MemoryLog:
    """A log in memory; `readings` counts how often it was read."""

    streams: dict[UUID, list[Recorded[Event]]] = field(default_factory=dict)
    outcomes: dict[UUID, StoredOutcome] = field(default_factory=dict)
    readings: int = 0

    async def load(self, after: Mapping[UUID, int], command_id: UUID | None = None) -> Loaded:
        """Return what lies beyond the versions."""
        self.readings += 1
        found = {stream: self.streams.get(stream, [])[version:] for stream, version in after.items()}
        position = sum(map(len, self.streams.values()))
        return Loaded(found, self.outcomes.get(command_id) if command_id else None, position)

    async def append(self, append: Append) -> StoredOutcome:
        """Write; raises Conflict."""
        for write in append.writes:
            stream = self.streams.setdefault(write.stream, [])
            if len(stream) != write.after:
                raise Conflict
            for fact in write.facts:
                version = len(stream) + 1
                stream.append(
                    Recorded(write.stream, version, version, NOW, append.actor, append.command_id, fact.event)
                )
        self.outcomes[append.command_id] = StoredOutcome(append.fingerprint, append.reply)
        return StoredOutcome(append.fingerprint, append.reply, NOW)


def book(day: int) -> BookRoom:
    return BookRoom(room="blue", day=date(2026, 3, day), occurred_at=NOW)


def test_one_registry_line_makes_its_commands_handled() -> None:
    log = MemoryLog()
    deciders = (*DECIDERS, cast("AnyDecider", DECIDER))
    handler, again = CommandHandler(log, StreamCache(), lambda: NOW, deciders), uuid4()

    async def go() -> None:
        first = await handler.handle(book(3), Context(ADMIN, again))
        assert (first.id, first.version, first.events) == ("blue", 1, ("room.booked.v1",))
        log.readings = 0
        second = await handler.handle(book(4), Context(ADMIN, uuid4()))
        assert (second.version, log.readings) == (2, 1)
        with pytest.raises(AlreadyFiled):
            await handler.handle(book(4), Context(ADMIN, uuid4()))
        with pytest.raises(Stale):
            await handler.handle(book(5), Context(ADMIN, uuid4(), expected=frozenset({1})))
        assert await handler.handle(book(3), Context(ADMIN, again)) == first
        assert [len(stream) for stream in log.streams.values()] == [2]

    asyncio.run(go())


def test_a_log_that_tells_no_reference_position_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    log, load = MemoryLog(), MemoryLog.load

    async def without_position(
        self: MemoryLog, after: Mapping[UUID, int], command_id: UUID | None = None
    ) -> Loaded:
        loaded = await load(self, after, command_id)
        return Loaded(loaded.streams, loaded.done)

    monkeypatch.setattr(MemoryLog, "load", without_position)
    handler = CommandHandler(log, StreamCache(), lambda: NOW, (cast("AnyDecider", DECIDER),))

    async def go() -> None:
        for day in (3, 4):
            log.readings = 0
            await asyncio.wait_for(handler.handle(book(day), Context(ADMIN, uuid4())), 5)
            assert log.readings == 1

    asyncio.run(go())


def test_a_command_of_no_aggregate_is_a_fault_of_the_program() -> None:
    handler = CommandHandler(MemoryLog(), StreamCache(), lambda: NOW)
    with pytest.raises(KeyError):
        asyncio.run(handler.handle(book(3), Context(ADMIN, uuid4())))
