"""Invented histories of cases, from filing to closing, written into a log by COPY as commands would have left them."""

import itertools
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import psycopg

from bench.sample_events import FIRST_DAY, PLATFORM, SUN, accepted, case_id, case_number, filed, session
from domain.events.dispute import (
    AgreementDrafted,
    AgreementSigned,
    AgreementTookEffect,
    Closed,
    Term,
    TermPerformed,
)
from domain.events.envelope import Event, Recorded
from domain.events.register import NumberIssued
from domain.events.streams import register_stream
from domain.vocabulary import Outcome, SessionOutcome
from store.event_log.codec import MAPPER

LENGTH: Final = 10
"""Events of a case, with the one of its register."""
_COMMAND: Final = UUID(int=7)
_COPY: Final = (
    "COPY stored_events (originator_id, originator_version, topic, state, notification_id) FROM STDIN"
)
_ADVANCE: Final = (
    "SELECT setval('stored_events_notification_id_seq', max(notification_id)) FROM stored_events"
)
Placed = tuple[UUID, int, Event]


def history(number: int) -> Iterator[Placed]:
    """Yield the events of a case with their streams and versions."""
    case, register = case_id(number), register_stream(PLATFORM, 2025)
    versions = itertools.count(1)
    for event in _events(number, case, FIRST_DAY + timedelta(days=number % 300)):
        own = not isinstance(event, NumberIssued)
        yield (case, next(versions), event) if own else (register, number + 1, event)


def _events(number: int, case: UUID, day: datetime) -> Iterator[Event]:
    yield filed(number, day)
    yield accepted(number, day)
    yield NumberIssued(
        register_of=PLATFORM,
        year=2025,
        n=number + 1,
        number=case_number(number),
        dispute=case,
        occurred_at=day + timedelta(days=1),
    )
    for place, outcome in enumerate((SessionOutcome.FAILED, SessionOutcome.AGREED), start=1):
        yield session(place, day + timedelta(days=3 * place), outcome)
    yield from _settled(day + timedelta(days=7))


def _settled(day: datetime) -> Iterator[Event]:
    due_on = (day + timedelta(days=20)).date()
    term = Term(debtor="p2", creditor="p1", obligation="清理全部堆放物", due_on=due_on)
    yield AgreementDrafted(form="written", terms=(term,), record=None, reached_at=day)
    yield AgreementSigned(party="p1", signed_at=day)
    yield AgreementTookEffect(effective_on=day.date())
    yield TermPerformed(term=1, performed_on=due_on, note=None)
    yield Closed(outcome=Outcome.PERFORMED, reason=None, occurred_at=day + timedelta(days=20))


def write_closed_cases(url: str, cases: int, side_by_side: int = 1) -> int:
    """Write cases behind what is in the log, so many at a time side by side; return how many events. `url`: owner's."""
    with psycopg.connect(url) as connection:
        found = connection.execute("SELECT coalesce(max(notification_id), 0) FROM stored_events").fetchone()
        last = found[0] if found else 0
        with connection.cursor() as cursor, cursor.copy(_COPY) as copy:
            copy.set_types(["uuid", "int8", "text", "bytea", "int8"])
            for position, placed in enumerate(_placed_events(cases, side_by_side), last + 1):
                copy.write_row((*_row(placed, position), position))
        connection.execute(_ADVANCE)
        connection.commit()
        connection.autocommit = True
        connection.execute("VACUUM ANALYZE stored_events")
    return cases * LENGTH


def _placed_events(cases: int, side_by_side: int) -> Iterator[Placed]:
    for first in range(0, cases, side_by_side):
        histories = map(history, range(first, min(cases, first + side_by_side)))
        yield from itertools.chain.from_iterable(zip(*histories, strict=True))


def _row(placed: Placed, position: int) -> tuple[UUID, int, str, bytes]:
    stream, version, event = placed
    recorded_at = FIRST_DAY + timedelta(microseconds=position)
    stored = MAPPER.to_stored_event(Recorded(stream, version, 0, recorded_at, SUN, _COMMAND, event))
    return stream, version, stored.topic, stored.state
