"""Following up a closed dispute, and reopening it."""

from typing import ClassVar

from domain.commands.base import Command, DisputeCommand
from domain.events.dispute.aftercare import Performed, Satisfaction
from domain.vocabulary import Day, LongText, Moment, ShortText


class Visit(Command):
    """What a visit to the parties found; `satisfied` from 1, not at all, to 5."""

    WHEN: ClassVar[tuple[str, ...]] = ("visited_on",)

    visited_on: Day
    performed: Performed
    satisfied: Satisfaction | None = None
    note: LongText | None = None


class FollowUp(DisputeCommand, Visit):
    """Record a visit after the case; who handled it may not (rule 4)."""


class Resumption(Command):
    """Why the case is taken up again; a transferred one comes back by a referral alone."""

    reason: LongText
    referred_by: ShortText | None = None
    occurred_at: Moment


class ReopenDispute(DisputeCommand, Resumption):
    """Take a closed case up again where it was closed; sessions count anew (rule 2)."""
