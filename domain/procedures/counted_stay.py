"""What the counting rules look at: one stay of a dispute at one tier, and nothing else of the dispute."""

from dataclasses import dataclass
from datetime import datetime

from domain.vocabulary import SessionOutcome


@dataclass(frozen=True, slots=True)
class CountedSession:
    """A session as the rules see it: its number within the dispute, when it was held, what came of it."""

    number: int
    held_at: datetime
    outcome: SessionOutcome


@dataclass(frozen=True, slots=True)
class CountedStay:
    """The sessions since a dispute was accepted at a tier, or reopened there.

    `last_counted` is the number of the last session counted when the threshold was reached before; 0 where it never was.
    """

    tier: str
    sessions: tuple[CountedSession, ...] = ()
    last_counted: int = 0

    @property
    def failures(self) -> tuple[CountedSession, ...]:
        """The sessions that were held and failed: an adjournment or a no-show is not one (S0)."""
        return tuple(session for session in self.sessions if session.outcome is SessionOutcome.FAILED)


def latest_session(sessions: tuple[CountedSession, ...]) -> CountedSession | None:
    """Return the session that was held last."""
    return max(sessions, key=lambda item: (item.held_at, item.number), default=None)
