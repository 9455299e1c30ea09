"""Proposing and publishing official calendars."""

from typing import Annotated, ClassVar

from pydantic import Field

from domain.commands.base import Command, Verdict
from domain.vocabulary import Day, Moment, PositiveInt, ShortText, limits


class CalendarDescription(Command):
    """Where a year differs from Monday to Friday."""

    WHEN: ClassVar[tuple[str, ...]] = ("announced_on",)

    days_off: Annotated[
        tuple[Day, ...],
        Field(max_length=limits.CALENDAR_DAYS, description="days from Monday to Friday that are off"),
    ]
    workdays: Annotated[
        tuple[Day, ...],
        Field(max_length=limits.CALENDAR_DAYS, description="Saturdays and Sundays on which people work"),
    ]
    basis: Annotated[ShortText, Field(description="what it rests on, such as the State Council's notice")]
    announced_on: Annotated[Day | None, Field(description="the day on which that was announced")] = None


class PublishCalendar(CalendarDescription):
    """Publish a year at once, without a second person: only the system does so, at its set-up, and once a year."""

    year: PositiveInt


class ProposeCalendar(CalendarDescription):
    """Propose the days of a year, or other days for a published one; a second person decides (rule 8)."""

    year: PositiveInt


class ApproveCalendar(Verdict):
    """Publish the days that are proposed, as a second person; due days follow them from then on."""

    year: PositiveInt


class RejectCalendar(Verdict):
    """Reject the days that are proposed, as a second person; what is published stays."""

    year: PositiveInt


class CalendarWithdrawal(Command):
    """When a proposal is taken back by whoever made it."""

    occurred_at: Moment


class WithdrawCalendar(CalendarWithdrawal):
    """Take back one's own proposal of the days of a year."""

    year: PositiveInt


CalendarCommand = PublishCalendar | ProposeCalendar | ApproveCalendar | RejectCalendar | WithdrawCalendar
