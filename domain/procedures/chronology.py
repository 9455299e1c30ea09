"""The order of days that facts must keep (rule 13)."""

from datetime import date, datetime

from domain.errors import (
    GoesBackwards,
)
from domain.messages import message
from domain.vocabulary import day_of


def must_follow(moment: datetime, earlier: date) -> None:
    """Refuse what is dated before something that it follows from, counted by day."""
    if day_of(moment) < earlier:
        raise GoesBackwards(
            message(
                "{day} lies before {last}, on which it rests",
                day=day_of(moment).isoformat(),
                last=earlier.isoformat(),
            )
        )
