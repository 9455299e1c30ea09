"""Cases as they stood on a past day, by what was known at a time: folded from the log."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import cast
from uuid import UUID

from domain.aggregates.dispute import Dispute
from domain.aggregates.dispute.as_of import as_of
from domain.events.dispute import DisputeEvent, Imported
from domain.events.envelope import Recorded
from projections.runtime.projection import Connection
from store.event_log.log_reader import whole_streams

CHUNK = 100
"""Cases that are read at a time."""


@dataclass(frozen=True, slots=True)
class PastMoment:
    """A day at whose end cases are looked at, and the time of recording up to which events are known."""

    day: date
    known_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class PastCase:
    """A case as it stood, and its import where it was imported."""

    dispute: Dispute
    imported: Imported | None


async def past_cases(
    connection: Connection, cases: Sequence[UUID], moment: PastMoment
) -> Mapping[UUID, PastCase]:
    """Return the cases that were there at a moment, by id."""
    found: dict[UUID, PastCase] = {}
    for case, history in (await whole_streams(connection, list(cases))).items():
        events = cast("Sequence[Recorded[DisputeEvent]]", history)
        known = [item for item in events if moment.known_at is None or item.recorded_at <= moment.known_at]
        dispute = as_of(known, moment.day)
        if dispute is not None:
            first = known[0].event
            found[case] = PastCase(dispute, first if isinstance(first, Imported) else None)
    return found
