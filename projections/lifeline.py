"""The life of a case by days: how it stood from one day to the next.

It is told by what is known now: a corrected session stands as corrected on its day, and a move that was voided never
was (rule 13). What is asked of a past day is then a comparison of days.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from domain.aggregates.dispute import Dispute, evolve
from domain.aggregates.dispute.hindsight import Versioned, as_of, days_of
from domain.aggregates.dispute.outlook import deadlines, first_due
from domain.procedures.deadlines import Deadline
from domain.procedures.ladder import Ladder
from domain.procedures.workdays import Calendar
from domain.vocabulary import Outcome, Status, day_of

History = tuple[Versioned, ...]
Calendars = Mapping[int, Calendar]
"""By year: the calendars with which due days are reckoned in what moved last in that year."""


@dataclass(frozen=True, slots=True)
class Spell:
    """How a case stood from a day until the day before `until`; the last spell has no end."""

    since: date
    until: date | None
    status: Status
    outcome: Outcome | None
    tier: str
    platform: str
    mediators: tuple[str, ...]
    number: str | None
    version: int
    first_due: Deadline | None
    deadlines: tuple[Deadline, ...]

    @property
    def provisional(self) -> bool:
        """Whether a due day rests on a calendar that is not published yet."""
        return any(each.provisional for each in self.deadlines)


def spells(history: History, ladder: Ladder, calendars: Calendars) -> tuple[Spell, ...]:
    """Return how the case stood, one spell for each day on which anything changed."""
    states = list(_states(history))
    ends: list[date | None] = [later for _, (later, _) in pairwise(states)]
    return tuple(
        _spell(since, until, state, ladder, calendars[state.moved_on.year])
        for (since, state), until in zip(states, [*ends, None], strict=True)
    )


def years_of(history: History) -> frozenset[int]:
    """Return the years in which something moved the case, by either reckoning of its day."""
    told = (day_of(each.event.happened_at) for each in history)
    return frozenset(day.year for day in (*told, *days_of(history)))


def _states(history: History) -> Iterator[tuple[date, Dispute]]:
    """The state at the end of each day; in one go where nothing was entered late."""
    days = days_of(history)
    if list(days) != sorted(days):
        known = ((day, as_of(history, day)) for day in sorted(set(days)))
        yield from ((day, state) for day, state in known if state is not None)
        return
    dispute: Dispute | None = None
    for place, (each, day) in enumerate(zip(history, days, strict=True), start=1):
        dispute = evolve(dispute, each.event, each.because)
        if place == len(days) or days[place] != day:
            yield day, dispute


def _spell(since: date, until: date | None, state: Dispute, ladder: Ladder, calendar: Calendar) -> Spell:
    return Spell(
        since,
        until,
        state.status,
        state.outcome,
        state.tier,
        state.platform,
        state.mediators,
        state.number,
        state.version,
        first_due(state, ladder, calendar),
        deadlines(state, ladder, calendar),
    )
