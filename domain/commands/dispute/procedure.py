"""Expiring a time limit, and migrating a dispute to another version of its procedure."""

from typing import ClassVar

from domain.commands.base import DisputeCommand
from domain.procedures.tier import TierClock
from domain.vocabulary import Day, Key, Moment, PositiveInt, ShortText


class ExpireTimeLimit(DisputeCommand):
    """Let a time limit that ran out do what the ladder says; the state decides whether it still does (rule 8)."""

    WHEN: ClassVar[tuple[str, ...]] = ()

    clock: TierClock
    last_day: Day


class MigrateDispute(DisputeCommand):
    """Let an open dispute go on under another version of its procedure."""

    procedure: Key
    from_version: PositiveInt
    to_version: PositiveInt
    ground: ShortText | None = None
    occurred_at: Moment
