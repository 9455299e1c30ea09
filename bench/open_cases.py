"""Histories of invented cases, written into a log by COPY: what commands would have left, without the commands."""

import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import timedelta
from typing import Final
from uuid import UUID

import psycopg
from psycopg.types.json import Jsonb

from application.ports import Reply
from bench.sample_events import FIRST_DAY, SUN, accepted, case_id, filed, session
from domain.events.envelope import Event, Recorded
from domain.vocabulary import SessionOutcome
from store.event_log.codec import MAPPER

_EVENTS: Final = (
    "COPY stored_events (originator_id, originator_version, topic, state, notification_id) FROM STDIN"
)
_COMMANDS: Final = "COPY commands (command_id, fingerprint, position, recorded_at, reply) FROM STDIN"
_LAST: Final = """
SELECT coalesce(max(position), 0), coalesce(max(recorded_at), %s)::timestamptz FROM commands
"""
_ADVANCE: Final = """
SELECT setval('stored_events_notification_id_seq', max(notification_id)) FROM stored_events
"""
_CHUNK: Final = 1_000
"""Cases that are written at a time."""


def events_of(number: int, length: int) -> Iterator[Event]:
    """Yield so many events of a case: filed, accepted, then sessions that were adjourned."""
    day = FIRST_DAY + timedelta(days=number % 360)
    yield filed(number, day)
    yield accepted(number, day)
    for place in range(1, length - 1):
        yield session(place, day + timedelta(days=1, hours=place), SessionOutcome.ADJOURNED)


def write_cases(
    url: str,
    numbers: Sequence[int],
    length: int,
    *,
    interleaved: bool = False,
    events: Callable[[int, int], Iterable[Event]] = events_of,
) -> list[UUID]:
    """Write these cases behind what is in the log, one after the other or side by side; return their ids.

    `url` is the owner's; `events` returns the events of a case of that length.
    """
    with psycopg.connect(url) as connection:
        for start in range(0, len(numbers), _CHUNK):
            histories = [
                [(case_id(item), version, event) for version, event in enumerate(events(item, length), 1)]
                for item in numbers[start : start + _CHUNK]
            ]
            rows = zip(*histories, strict=True) if interleaved else histories
            _write(connection, list(itertools.chain.from_iterable(rows)))
        connection.execute(_ADVANCE)
        connection.commit()
        connection.autocommit = True
        connection.execute("VACUUM ANALYZE stored_events, commands")
    return [case_id(number) for number in numbers]


def _write(connection: psycopg.Connection, events: Sequence[tuple[UUID, int, Event]]) -> None:
    found = connection.execute(_LAST, (FIRST_DAY,)).fetchone()
    last, moment = found or (0, FIRST_DAY)
    placed = [
        (last + place, moment + timedelta(microseconds=place), *item) for place, item in enumerate(events, 1)
    ]
    with connection.cursor() as cursor:
        with cursor.copy(_EVENTS) as copy:
            copy.set_types(["uuid", "int8", "text", "bytea", "int8"])
            for position, recorded_at, case, version, event in placed:
                stored = MAPPER.to_stored_event(
                    Recorded(case, version, position, recorded_at, SUN, _command(position), event)
                )
                copy.write_row((case, version, stored.topic, stored.state, position))
        with cursor.copy(_COMMANDS) as copy:
            for position, recorded_at, case, version, event in placed:
                copy.write_row(
                    (_command(position), b"f" * 32, position, recorded_at, _reply(case, version, event))
                )


def _command(position: int) -> UUID:
    return UUID(int=(position * 0x9E3779B97F4A7C15F39CC0605CEDC835) % 2**128)


def _reply(case: UUID, version: int, event: Event) -> Jsonb:
    reply = Reply(id=str(case), version=version, status="accepted", tier="community", events=(event.TOPIC,))
    return Jsonb(reply.model_dump(mode="json", exclude_none=True))
