"""The life of a case by days: how it stood from one day to the next.

It is told by what is known now: a corrected session stands as corrected on its day, and a move that was voided never
was (rule 13). What is asked of a past day is then a comparison of days.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from domain.aggregates.dispute import Dispute, evolve
from domain.aggregates.dispute.as_of import Versioned, as_of, days_of
from domain.aggregates.dispute.deadlines import first_due
from domain.events.dispute import (
    EscalationVoided,
    MediatorsReplaced,
    MinutesAmended,
    ProcedureMigrated,
    SessionCorrected,
)
from domain.procedures.deadlines import Deadline
from domain.vocabulary import day_of

History = tuple[Versioned, ...]
DatedState = tuple[date, Dispute]
"""A case as it stood at the end of a day on which anything changed."""
_REACHING_BACK = (SessionCorrected, MinutesAmended, EscalationVoided, MediatorsReplaced, ProcedureMigrated)


@dataclass(frozen=True, slots=True)
class Interval:
    """How a case stood from a day until the day before `until`; the last spell has no end."""

    since: date
    until: date | None
    case: Dispute
    deadlines: tuple[Deadline, ...]

    @property
    def first_due(self) -> Deadline | None:
        """What somebody must do first."""
        return first_due(self.deadlines)

    @property
    def provisional(self) -> bool:
        """Whether a due day rests on a calendar that is not published yet."""
        return any(deadline.provisional for deadline in self.deadlines)


def states(history: History) -> Iterator[DatedState]:
    """Yield the state at the end of each day on which anything changed; in one go where nothing was entered late."""
    days = days_of(history)
    if list(days) != sorted(days):
        known = ((day, as_of(history, day)) for day in sorted(set(days)))
        yield from ((day, state) for day, state in known if state is not None)
        return
    case: Dispute | None = None
    for place, (item, day) in enumerate(zip(history, days, strict=True), start=1):
        case = evolve(case, item.event, item.because, item.recorded_at)
        if place == len(days) or days[place] != day:
            yield day, case


def only_appends(last: date, versioned: Versioned) -> bool:
    """Say whether an event changes nothing of what was told up to a day: it is of that day or later."""
    return not isinstance(versioned.event, _REACHING_BACK) and day_of(versioned.event.happened_at) >= last


def periods(told: Iterable[DatedState]) -> Iterator[tuple[date, date | None, Dispute]]:
    """Yield each state with the day on which it began and the day on which the next one did."""
    known = list(told)
    for (since, case), (until, _) in pairwise(known):
        yield since, until, case
    if known:
        since, case = known[-1]
        yield since, None, case
