"""The intervals of a case: how it stood from one day to the next.

They follow what is known now: a corrected session counts as corrected on its day, and a voided escalation did not
happen (rule 13). A query of a past day is then a comparison of days.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from domain.aggregates.dispute import Dispute, states_of
from domain.aggregates.dispute.as_of import Versioned, as_of, days_of
from domain.aggregates.dispute.deadlines import first_due
from domain.events.dispute import (
    AgreementEffectVoided,
    Closed,
    ClosureVoided,
    EscalationVoided,
    FactRetracted,
    MediatorsReplaced,
    MinutesAmended,
    ProcedureMigrated,
    SessionCorrected,
)
from domain.procedures.deadlines import Deadline
from domain.vocabulary import Outcome, day_of

History = tuple[Versioned, ...]
DatedState = tuple[date, Dispute]
"""A case as it stood at the end of a day on which anything changed."""
_RETROACTIVE = (
    SessionCorrected,
    MinutesAmended,
    FactRetracted,
    ClosureVoided,
    AgreementEffectVoided,
    EscalationVoided,
    MediatorsReplaced,
    ProcedureMigrated,
)


@dataclass(frozen=True, slots=True)
class Interval:
    """How a case stood from a day until the day before `until`; the last interval has no end."""

    since: date
    until: date | None
    case: Dispute
    deadlines: tuple[Deadline, ...]

    @property
    def first_due(self) -> Deadline | None:
        """The deadline that is due first."""
        return first_due(self.deadlines)

    @property
    def provisional(self) -> bool:
        """Whether a due day depends on a calendar that is not published yet."""
        return any(deadline.provisional for deadline in self.deadlines)


def states(history: History) -> Iterator[DatedState]:
    """Yield the state at the end of each day with a change; with one fold where no event was entered late."""
    days = days_of(history)
    if list(days) != sorted(days):
        known = ((day, as_of(history, day)) for day in sorted(set(days)))
        yield from ((day, state) for day, state in known if state is not None)
        return
    for place, ((_, case), day) in enumerate(zip(states_of(history), days, strict=True), start=1):
        if place == len(days) or days[place] != day:
            yield day, case


def only_appends(last: date, versioned: Versioned) -> bool:
    """Return whether an event leaves what was written before it as it is: it is of the day `last` or later.

    What is closed as a duplicate leaves the figures, with all that it had (rule 22).
    """
    if isinstance(versioned.event, Closed) and versioned.event.outcome is Outcome.DUPLICATE:
        return False
    return not isinstance(versioned.event, _RETROACTIVE) and day_of(versioned.event.happened_at) >= last


def periods(dated: Iterable[DatedState]) -> Iterator[tuple[date, date | None, Dispute]]:
    """Yield each state with its first day and the first day of the next one; None for the last."""
    known = list(dated)
    for (since, case), (until, _) in pairwise(known):
        yield since, until, case
    if known:
        since, case = known[-1]
        yield since, None, case
