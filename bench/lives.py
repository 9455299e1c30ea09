"""Made-up lives of cases, from filing to closing, written into a log by COPY as commands would have left them."""

import itertools
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID, uuid5

import psycopg

from domain.events.dispute import (
    Accepted,
    AgreementDrafted,
    AgreementSigned,
    AgreementTookEffect,
    Attendee,
    Closed,
    Filed,
    Party,
    SessionRecorded,
    Term,
    TermPerformed,
)
from domain.events.envelope import Actor, Event, Fact
from domain.events.register import NumberIssued
from domain.events.streams import register_stream
from domain.procedures.ladder import ProcedureRef
from domain.vocabulary import Category, Difficulty, Method, Outcome, Role, SessionOutcome, Source
from store.encoding import encode

LENGTH: Final = 10
"""Events of a case, with the one of its register."""
_SUN: Final = Actor(sub="sun", role=Role.MEDIATOR, unit="dongguang.c01")
_COMMAND: Final = UUID(int=7)
_PLATFORM: Final = "dongguang.c01"
_NAMES: Final = UUID("0b8f9a34-6d5e-5d0b-9a43-2f6f2a1c9b77")
_FIRST_DAY: Final = datetime(2025, 1, 6, 1, tzinfo=UTC)
_COPY: Final = (
    "COPY stored_events (originator_id, originator_version, topic, state, notification_id) FROM STDIN"
)
_ADVANCE: Final = (
    "SELECT setval('stored_events_notification_id_seq', max(notification_id)) FROM stored_events"
)
Placed = tuple[UUID, int, Event]


def life(number: int) -> Iterator[Placed]:
    """Yield the events of a case with their streams and versions."""
    case, register = uuid5(_NAMES, f"case {number}"), register_stream(_PLATFORM, 2025)
    versions = itertools.count(1)
    for event in _events(number, case, _FIRST_DAY + timedelta(days=number % 300)):
        own = not isinstance(event, NumberIssued)
        yield (case, next(versions), event) if own else (register, number + 1, event)


def _events(number: int, case: UUID, day: datetime) -> Iterator[Event]:
    told = f"（2025）东光一社民调字第{number + 1}号"
    yield _filed(number, day)
    yield Accepted(
        tier="community",
        platform=_PLATFORM,
        number=told,
        mediators=("sun",),
        chosen_by_parties=False,
        occurred_at=day + timedelta(days=1),
    )
    yield NumberIssued(
        register_of=_PLATFORM,
        year=2025,
        n=number + 1,
        number=told,
        dispute=case,
        occurred_at=day + timedelta(days=1),
    )
    for place, outcome in enumerate((SessionOutcome.FAILED, SessionOutcome.AGREED), start=1):
        yield _session(place, day + timedelta(days=3 * place), outcome)
    yield from _settled(day + timedelta(days=7))


def _filed(number: int, day: datetime) -> Filed:
    return Filed(
        category=Category.NEIGHBOUR,
        difficulty=Difficulty.GENERAL,
        source=Source.APPLICATION,
        referred_by=None,
        title="楼道堆物",
        facts="楼道里堆放旧家具，妨碍通行，多次交涉未果",
        requests="清理楼道",
        amount_fen=None,
        unit="dongguang.c01.y01",
        co_units=(),
        procedure=ProcedureRef(id="three-tier", version=1),
        tier="community",
        platform=_PLATFORM,
        parties=tuple(_party(number, place) for place in (1, 2)),
        people_involved=2,
        occurred_at=day,
    )


def _party(number: int, place: int) -> Party:
    return Party(
        id=f"p{place}",
        person=uuid5(_NAMES, f"person {number} {place}"),
        role="applicant" if place == 1 else "respondent",
        kind="person",
        name=f"{'甲' if place == 1 else '乙'}{number}",
        phone=f"138{number:08}",
    )


def _session(place: int, held_at: datetime, outcome: SessionOutcome) -> SessionRecorded:
    return SessionRecorded(
        number=place,
        tier="community",
        held_at=held_at,
        place=None,
        method=Method.FACE_TO_FACE,
        attendance=(
            Attendee(who="p1", as_="party", present=True),
            Attendee(who="p2", as_="party", present=True),
            Attendee(who="sun", as_="mediator", present=True),
        ),
        outcome=outcome,
        minutes="双方各执一词，改期再谈",
    )


def _settled(day: datetime) -> Iterator[Event]:
    due_on = (day + timedelta(days=20)).date()
    term = Term(debtor="p2", creditor="p1", obligation="清理全部堆放物", due_on=due_on)
    yield AgreementDrafted(form="written", terms=(term,), record=None, reached_at=day)
    yield AgreementSigned(party="p1", signed_at=day)
    yield AgreementTookEffect(effective_on=day.date())
    yield TermPerformed(term=1, performed_on=due_on, note=None)
    yield Closed(outcome=Outcome.PERFORMED, reason=None, occurred_at=day + timedelta(days=20))


def write_lives(url: str, cases: int, side_by_side: int = 1) -> int:
    """Write cases behind what is in the log, so many at a time side by side; return how many events. `url`: owner's."""
    with psycopg.connect(url) as connection:
        found = connection.execute("SELECT coalesce(max(notification_id), 0) FROM stored_events").fetchone()
        last = found[0] if found else 0
        with connection.cursor() as cursor, cursor.copy(_COPY) as copy:
            copy.set_types(["uuid", "int8", "text", "bytea", "int8"])
            for position, placed in enumerate(_told(cases, side_by_side), last + 1):
                copy.write_row((*_row(placed, position), position))
        connection.execute(_ADVANCE)
        connection.commit()
        connection.autocommit = True
        connection.execute("VACUUM ANALYZE stored_events")
    return cases * LENGTH


def _told(cases: int, side_by_side: int) -> Iterator[Placed]:
    for first in range(0, cases, side_by_side):
        lives = map(life, range(first, min(cases, first + side_by_side)))
        yield from itertools.chain.from_iterable(zip(*lives, strict=True))


def _row(placed: Placed, position: int) -> tuple[UUID, int, str, bytes]:
    stream, version, event = placed
    encoded = encode(Fact(event), _SUN, _COMMAND)
    return stream, version, encoded.topic, encoded.at(_FIRST_DAY + timedelta(microseconds=position))
