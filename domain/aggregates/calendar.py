"""The official calendar: a year is proposed by one person and published, or amended, by another (rule 8)."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import assert_never

from domain.commands.calendar import (
    ApproveCalendar,
    CalendarCommand,
    CalendarDescription,
    ProposeCalendar,
    PublishCalendar,
    RejectCalendar,
    WithdrawCalendar,
)
from domain.errors import (
    AlreadyProposed,
    CalendarPublishedOtherwise,
    NothingProposed,
    NotYourProposal,
    OwnProposal,
)
from domain.events.calendar import (
    CalendarEvent,
    CalendarProposed,
    CalendarPublished,
    CalendarRejected,
    CalendarWithdrawn,
)
from domain.events.envelope import Actor, Fact
from domain.messages import message
from domain.procedures.chronology import must_follow
from domain.procedures.workdays import PublishedYear
from domain.vocabulary import day_of, is_same_subject


@dataclass(frozen=True, slots=True)
class CalendarYear:
    """A year: its days as they are published, and the proposal on which nobody has decided."""

    published: CalendarPublished | None = None
    proposal: CalendarProposed | None = None

    @property
    def days(self) -> PublishedYear | None:
        """Where the year differs from Monday to Friday; None while nothing is published."""
        return days_of(self.published) if self.published else None


def days_of(event: CalendarPublished | CalendarProposed | CalendarDescription) -> PublishedYear:
    """Return the days of a description."""
    return PublishedYear(days_off=frozenset(event.days_off), workdays=frozenset(event.workdays))


def evolve(year: CalendarYear | None, event: CalendarEvent) -> CalendarYear:
    """Fold one fact into the year."""
    before = year or CalendarYear()
    match event:
        case CalendarPublished():
            return CalendarYear(published=event)
        case CalendarProposed():
            return replace(before, proposal=event)
        case CalendarRejected() | CalendarWithdrawn():
            return replace(before, proposal=None)
        case _:
            assert_never(event)


def decide(
    command: CalendarCommand, year: CalendarYear | None, actor: Actor, now: datetime
) -> tuple[Fact, ...]:
    """Return the facts that the command brings about, or raise the `DomainError` that says why not."""
    before = year or CalendarYear()
    match command:
        case PublishCalendar():
            return _publish(command, before, now)
        case ProposeCalendar():
            return _propose(command, before, actor, now)
        case ApproveCalendar():
            proposal = _proposal_for(command, before, actor)
            fields = proposal.model_dump(exclude={"proposed_by"}) | {"occurred_at": command.occurred_at}
            return (Fact(CalendarPublished.model_validate(fields)),)
        case RejectCalendar():
            _proposal_for(command, before, actor)
            return (Fact(CalendarRejected(**dict(command))),)
        case WithdrawCalendar():
            _own_proposal_for(command, before, actor)
            return (Fact(CalendarWithdrawn(**dict(command))),)
        case _:
            assert_never(command)


def _publish(command: PublishCalendar, before: CalendarYear, now: datetime) -> tuple[Fact, ...]:
    """Publish a year that is not published; raises CalendarPublishedOtherwise where it is with other days."""
    if before.published is None:
        return (Fact(CalendarPublished(**dict(command), occurred_at=now)),)
    if before.days != days_of(command):
        raise CalendarPublishedOtherwise(
            message("the calendar of {year} is published with other days", year=command.year)
        )
    return ()


def _propose(command: ProposeCalendar, before: CalendarYear, actor: Actor, now: datetime) -> tuple[Fact, ...]:
    """Propose days; nothing where they are published, or proposed already; raises AlreadyProposed."""
    open_proposal = before.proposal
    if open_proposal is None:
        if before.days == days_of(command):
            return ()
        return (Fact(CalendarProposed(**dict(command), proposed_by=actor.sub, occurred_at=now)),)
    same = ("year", "basis", "announced_on")
    if days_of(open_proposal) == days_of(command) and all(
        getattr(open_proposal, name) == getattr(command, name) for name in same
    ):
        return ()
    raise AlreadyProposed(
        message(
            "other days of {year} are proposed, on which a second person decides first", year=command.year
        )
    )


def _proposal_for(
    command: ApproveCalendar | RejectCalendar, year: CalendarYear, actor: Actor
) -> CalendarProposed:
    """Return the proposal, for a second person to decide on; raises NothingProposed, OwnProposal, GoesBackwards."""
    proposal = _open(year, command.year)
    if is_same_subject(proposal.proposed_by, actor.sub):
        raise OwnProposal(message("whoever proposed it cannot decide on it; a second person must"))
    must_follow(command.occurred_at, day_of(proposal.occurred_at))
    return proposal


def _own_proposal_for(command: WithdrawCalendar, year: CalendarYear, actor: Actor) -> None:
    proposal = _open(year, command.year)
    if not is_same_subject(proposal.proposed_by, actor.sub):
        raise NotYourProposal(
            message("only {person} can take this proposal back", person=proposal.proposed_by)
        )
    must_follow(command.occurred_at, day_of(proposal.occurred_at))


def _open(year: CalendarYear, number: int) -> CalendarProposed:
    if year.proposal is None:
        raise NothingProposed(message("no days of {year} are proposed", year=number))
    return year.proposal
