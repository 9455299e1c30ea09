"""Cases decided command by command, copied many times into a log.

The domain decides a few hundred generated cases of the demonstration; each is written again and again as another case,
many of them interleaved, as the commands of many people would have left them.
"""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, cast
from uuid import UUID, uuid5

import psycopg
from eventsourcing.persistence import StoredEvent

from cli.demo.generated_cases import generate_case
from cli.demo.street import street
from domain.aggregates.dispute import Dispute, decide, evolve
from domain.events.dispute import DisputeEvent
from domain.events.envelope import Recorded
from domain.events.register import NumberIssued
from store.event_log.codec import MAPPER, TIME_LENGTH, TIME_START

_NAMES: Final = UUID("6a7f3b52-54c1-5d0b-9a43-2f6f2a1c9b12")
_SIDE_BY_SIDE: Final = 500
_COPY: Final = (
    "COPY stored_events (originator_id, originator_version, topic, state, notification_id) FROM STDIN"
)
_ADVANCE: Final = (
    "SELECT setval('stored_events_notification_id_seq', max(notification_id)) FROM stored_events"
)
Row = tuple[UUID, int, StoredEvent]
_ANY: Final = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Decided:
    """What was recorded of one case, but for whose it is and when."""

    facts: tuple[StoredEvent, ...]

    def of(self, case: UUID) -> Iterator[Row]:
        """Yield it as another case's."""
        return ((case, version, item) for version, item in enumerate(self.facts, start=1))


def decided(number: int) -> Decided:
    """Generate a case of the demonstration and decide every command of it."""
    plan, dispute = generate_case(street(), 1, number), cast("Dispute | None", None)
    facts: list[StoredEvent] = []
    for step in plan.steps:
        for fact in decide(step.command, dispute, street().world(step.actor, step.at)):
            if not isinstance(fact.event, NumberIssued):
                event = cast("DisputeEvent", fact.event)
                dispute = evolve(dispute, event, fact.because, step.at)
                facts.append(
                    MAPPER.to_stored_event(
                        Recorded(_ANY, 1, 0, step.at, step.actor, step.id, event, fact.because)
                    )
                )
    return Decided(tuple(facts))


def write_decided(url: str, events: int, begin: datetime, patterns: int = 400) -> int:
    """Write at least so many events behind what is in the log; return how many. `url` is the owner's."""
    decided_cases = [decided(number) for number in range(1, patterns + 1)]
    written = 0
    with psycopg.connect(url) as connection:
        found = connection.execute("SELECT coalesce(max(notification_id), 0) FROM stored_events").fetchone()
        last = int(found[0]) if found else 0
        with connection.cursor() as cursor, cursor.copy(_COPY) as copy:
            copy.set_types(["uuid", "int8", "text", "bytea", "int8"])
            for case, version, fact in itertools.islice(_rows(decided_cases), events):
                written += 1
                at = begin + timedelta(microseconds=written)
                copy.write_row((case, version, fact.topic, _recorded_at(fact.state, at), last + written))
        connection.execute(_ADVANCE)
        connection.commit()
        connection.autocommit = True
        connection.execute("VACUUM ANALYZE stored_events")
    return written


def _recorded_at(state: bytes, moment: datetime) -> bytes:
    time = moment.isoformat(timespec="microseconds").encode()
    return state[:TIME_START] + time + state[TIME_START + TIME_LENGTH :]


def _rows(patterns: Sequence[Decided]) -> Iterator[Row]:
    """Cases without end, so many at a time side by side."""
    for first in itertools.count(0, _SIDE_BY_SIDE):
        numbers = range(first, first + _SIDE_BY_SIDE)
        rows = [patterns[number % len(patterns)].of(uuid5(_NAMES, str(number))) for number in numbers]
        for together in itertools.zip_longest(*rows):
            yield from (row for row in together if row is not None)
