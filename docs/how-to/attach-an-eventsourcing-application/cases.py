"""A stock application of the `eventsourcing` library over the log: it reads cases."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from eventsourcing.application import Application

from domain.events.dispute import Filed, SessionRecorded
from domain.events.envelope import Event, Recorded


@dataclass(frozen=True)
class CaseSummary:
    """What this application needs of a case."""

    title: str
    sessions: int = 0


class Cases(Application[UUID]):
    """Reads cases through the library's repository."""

    def summary(self, case: UUID) -> CaseSummary:
        """Return the summary of a case; raises AggregateNotFoundError."""
        return self.repository.get(case, projector_func=summarise)


def summarise(summary: CaseSummary | None, history: Iterable[Recorded[Event]]) -> CaseSummary | None:
    """Fold the events of a case."""
    for recorded in history:
        match recorded.event:
            case Filed(title=title):
                summary = CaseSummary(str(title))
            case SessionRecorded() if summary:
                summary = CaseSummary(summary.title, summary.sessions + 1)
    return summary
