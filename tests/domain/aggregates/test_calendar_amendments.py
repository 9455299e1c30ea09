"""The official calendar of a year: two people publish it, and two people amend it (rule 8)."""

from datetime import date, datetime
from typing import cast

import pytest

from domain.aggregates.calendar import CalendarYear, decide, evolve
from domain.commands.calendar import (
    ApproveCalendar,
    CalendarCommand,
    ProposeCalendar,
    RejectCalendar,
    WithdrawCalendar,
)
from domain.errors import AlreadyProposed, GoesBackwards, NothingProposed, NotYourProposal, OwnProposal
from domain.events.calendar import CalendarEvent
from domain.events.envelope import Actor
from domain.procedures.workdays import PublishedYear
from domain.vocabulary import Role
from tests.support.specification import moment

ADA, BEN = Actor(sub="ada", role=Role.ADMIN), Actor(sub="ben", role=Role.ADMIN)
SAME_AS_ADA = Actor(sub="ＡＤＡ", role=Role.ADMIN)
NOW = moment("2026-11-21")
NEW_YEAR, MONDAY, SATURDAY = date(2027, 1, 1), date(2027, 1, 4), date(2027, 1, 9)


def propose(*days_off: date, basis: str = "通知", announced_on: date | None = None) -> ProposeCalendar:
    """Ask to make these days off."""
    return ProposeCalendar(
        year=2027, days_off=days_off, workdays=(SATURDAY,), basis=basis, announced_on=announced_on
    )


def approve(at: datetime = NOW) -> ApproveCalendar:
    """Ask to publish what is proposed."""
    return ApproveCalendar(year=2027, occurred_at=at)


def after(*said: tuple[CalendarCommand, Actor]) -> CalendarYear | None:
    """The year after what people asked for."""
    year: CalendarYear | None = None
    for command, who in said:
        for fact in decide(command, year, who, NOW):
            year = evolve(year, cast("CalendarEvent", fact.event))
    return year


PROPOSED = ((propose(NEW_YEAR), ADA),)
PUBLISHED = (*PROPOSED, (approve(), BEN))


def test_a_proposal_publishes_nothing_and_a_second_person_does() -> None:
    proposed, published = after(*PROPOSED), after(*PUBLISHED)
    assert proposed is not None
    assert published is not None
    assert (proposed.days, proposed.proposal is not None) == (None, True)
    assert published.days == PublishedYear(frozenset({NEW_YEAR}), frozenset({SATURDAY}))
    assert published.proposal is None


def test_a_published_year_is_amended_by_two_people_with_basis_and_day() -> None:
    amendment = propose(NEW_YEAR, MONDAY, basis="调整通知", announced_on=date(2026, 11, 20))
    proposed = after(*PUBLISHED, (amendment, BEN))
    assert proposed is not None
    assert proposed.days == PublishedYear(frozenset({NEW_YEAR}), frozenset({SATURDAY}))
    amended = after(*PUBLISHED, (amendment, BEN), (approve(), ADA))
    assert amended is not None
    assert amended.published is not None
    assert MONDAY in amended.published.days_off
    assert (amended.published.basis, amended.published.announced_on) == ("调整通知", date(2026, 11, 20))


def test_what_is_published_or_proposed_already_is_left_alone() -> None:
    assert decide(propose(NEW_YEAR), after(*PUBLISHED), ADA, NOW) == ()
    assert decide(propose(NEW_YEAR), after(*PROPOSED), BEN, NOW) == ()


@pytest.mark.parametrize("other", [propose(MONDAY), propose(NEW_YEAR, basis="另一通知")])
def test_one_proposal_is_open_at_a_time(other: ProposeCalendar) -> None:
    with pytest.raises(AlreadyProposed):
        decide(other, after(*PROPOSED), BEN, NOW)


@pytest.mark.parametrize("who", [ADA, SAME_AS_ADA])
@pytest.mark.parametrize("command", [approve(), RejectCalendar(year=2027, occurred_at=NOW)])
def test_whoever_proposed_does_not_decide(command: CalendarCommand, who: Actor) -> None:
    with pytest.raises(OwnProposal):
        decide(command, after(*PROPOSED), who, NOW)


def test_a_rejected_or_withdrawn_proposal_leaves_what_is_published() -> None:
    for last in (
        (RejectCalendar(year=2027, occurred_at=NOW, note="有误"), ADA),
        (WithdrawCalendar(year=2027, occurred_at=NOW), BEN),
    ):
        year = after(*PUBLISHED, (propose(MONDAY), BEN), last)
        assert year is not None
        assert year.proposal is None
        assert year.days == PublishedYear(frozenset({NEW_YEAR}), frozenset({SATURDAY}))
        with pytest.raises(NothingProposed):
            decide(approve(), year, ADA, NOW)


def test_only_whoever_proposed_withdraws() -> None:
    with pytest.raises(NotYourProposal, match="ada"):
        decide(WithdrawCalendar(year=2027, occurred_at=NOW), after(*PROPOSED), BEN, NOW)


def test_a_decision_is_not_dated_before_the_proposal() -> None:
    with pytest.raises(GoesBackwards):
        decide(approve(moment("2026-11-20")), after(*PROPOSED), BEN, NOW)
    with pytest.raises(NothingProposed):
        decide(approve(), None, BEN, NOW)


def test_one_published_by_mistake_is_put_right() -> None:
    wrong = (*PUBLISHED, (propose(MONDAY), ADA), (approve(), BEN))
    right = after(*wrong, (propose(NEW_YEAR), BEN), (approve(), ADA))
    assert right is not None
    assert right.days == PublishedYear(frozenset({NEW_YEAR}), frozenset({SATURDAY}))
