"""Going on under another version of the procedure: what that changes, and against whom."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st

from domain.aggregates.dispute.procedure_migration import CountChange, DueChange, migration_impact
from domain.aggregates.dispute.world import World
from domain.commands.dispute import ApproveEscalation, MigrateDispute
from domain.errors import AlreadyClosed, DomainError, NothingProposed, NotMigratable, RetroactiveDisadvantage
from domain.events.dispute import ProcedureMigrated
from domain.events.envelope import Fact
from domain.procedures.durations import Days, Months
from domain.procedures.ladder import Ladder, ProcedureRef
from domain.procedures.rules import bypassed
from domain.vocabulary import Status
from tests.support.examples import steadily
from tests.support.later import ABOVE, ACCEPTED, BOUND, RISEN, ask, lift_proposed
from tests.support.specification import (
    DISPUTE,
    THREE_TIER,
    Given,
    Happened,
    calendar,
    closed,
    escalated,
    failed,
    filed,
    given,
    hold,
    ladder,
    moment,
    sat,
)
from tests.support.world import ADMIN, ZHAO

SECOND = ProcedureRef(id="three-tier", version=2)


def with_each(**changes: object) -> Ladder:
    """The ladder of the first day, every tier changed."""
    tiers = tuple(tier.model_copy(update=changes) for tier in ladder().tiers)
    return ladder().model_copy(update={"tiers": tiers})


def migrate(ground: str | None = None, frm: int = 1, to: int = 2) -> MigrateDispute:
    body = {
        "dispute": DISPUTE,
        "procedure": "three-tier",
        "from_version": frm,
        "to_version": to,
        "ground": ground,
    }
    return MigrateDispute.model_validate({**body, "occurred_at": moment("2026-03-20")})


def migrated(ground: str | None = None) -> ProcedureMigrated:
    return ProcedureMigrated(procedure=SECOND, ground=ground, occurred_at=moment("2026-03-20"))


class Towards(Given):
    """A case that may be moved to another ladder."""

    target: Ladder | None = None

    def world(self, actor: object = ADMIN) -> World:
        return replace(super().world(ADMIN), target=self.target)


def towards(target: Ladder | None, *history: Happened) -> Towards:
    case = Towards(history)
    object.__setattr__(case, "target", target)
    return case


def test_what_changes_nothing_needs_no_ground() -> None:
    when = towards(ladder(), *ACCEPTED, *failed(3)).when(migrate())
    when.then(migrated())
    assert when.case.procedure == SECOND
    assert migration_impact(given(*ACCEPTED).case, ladder(), ladder(), calendar()).changes_nothing


def test_failures_that_were_held_may_not_weigh_more_without_a_ground() -> None:
    four = with_each(failed_sessions=4)
    case = towards(four, *ACCEPTED, *failed(3))
    case.when(migrate()).then_refused(RetroactiveDisadvantage, field="ground", saying="3 failed sessions")
    when = case.when(migrate("街道党工委会议决定"))
    when.then(migrated("街道党工委会议决定"))
    after = when.after.under(four)
    moved = after.when(hold("failed", at="2026-03-21"))
    assert moved.case.status is Status.ESCALATED


def test_before_any_failure_a_lower_threshold_turns_against_nobody() -> None:
    towards(with_each(failed_sessions=4), *ACCEPTED).when(migrate()).then(migrated())
    change = migration_impact(given(*ACCEPTED).case, ladder(), with_each(failed_sessions=4), calendar())
    assert (change.count, change.against) == (CountChange(0, 5, 4), ())


def test_nor_does_a_higher_one_ever() -> None:
    towards(with_each(failed_sessions=6), *ACCEPTED, *failed(4)).when(migrate()).then(migrated())
    no_number = with_each(failed_sessions=None)
    towards(no_number, *ACCEPTED, *failed(4)).when(migrate()).then(migrated())
    back = migration_impact(given(*ACCEPTED, *failed(1)).case, no_number, ladder(), calendar())
    assert len(back.against) == 1


def test_a_running_limit_may_not_be_cut_short_without_a_ground() -> None:
    shorter = with_each(mediate_within=Days(days=10))
    case = towards(shorter, *ACCEPTED)
    case.when(migrate()).then_refused(
        RetroactiveDisadvantage, field="ground", saying="2026-03-13 instead of 2026-04-03"
    )
    change = migration_impact(given(*ACCEPTED).case, ladder(), shorter, calendar())
    assert change.dues == (DueChange("mediate", date(2026, 4, 3), date(2026, 3, 13)),)
    towards(with_each(mediate_within=Months(months=2)), *ACCEPTED).when(migrate()).then(migrated())


@pytest.mark.parametrize("history", [(filed(),), ACCEPTED, ABOVE])
def test_a_limit_that_begins_to_act_turns_against_a_party(history: tuple[Happened, ...]) -> None:
    harder = with_each(on_expiry="terminate")
    towards(harder, *history).when(migrate()).then_refused(
        RetroactiveDisadvantage, field="ground", saying="by itself"
    )
    assert towards(ladder(), *history).when(migrate()).events


def test_a_tier_at_which_the_case_has_been_must_be_there() -> None:
    without = ladder().model_copy(update={"tiers": ladder().tiers[2:]})
    case = towards(without, *ABOVE)
    case.when(migrate("无论如何")).then_refused(NotMigratable, saying="community")


@pytest.mark.parametrize(
    ("history", "error"),
    [((*ACCEPTED, closed("withdrawn")), AlreadyClosed), ((*ACCEPTED, migrated()), NotMigratable)],
)
def test_only_an_open_case_under_that_version_is_moved(
    history: tuple[Happened, ...], error: type[DomainError]
) -> None:
    towards(ladder(), *history).when(migrate()).then_refused(error)
    towards(None, *ACCEPTED).when(migrate()).then_refused(NotMigratable)


def test_an_agreement_in_effect_is_beyond_counts_and_clocks() -> None:
    towards(with_each(mediate_within=Days(days=1), failed_sessions=1), *failed_then_bound()).when(
        migrate("无")
    ).then(migrated("无"))


def failed_then_bound() -> tuple[Happened, ...]:
    """An agreement in effect after a session that failed."""
    return (*BOUND[:2], sat(1, at="2026-03-19 09:00"), sat(2, "agreed", at="2026-03-20 14:00"), *BOUND[3:])


def test_a_spent_count_does_not_fire_by_being_moved() -> None:
    one = with_each(failed_sessions=1)
    when = towards(one, *ACCEPTED, *failed(3)).when(migrate("会议决定"))
    when.then(migrated("会议决定"))
    assert when.case.status is Status.ACCEPTED


@steadily
@drawn(held=st.integers(0, 4), before=st.integers(5, 9), after=st.integers(1, 12))
def test_a_count_turns_against_a_party_exactly_where_held_failures_weigh_more(
    held: int, before: int, after: int
) -> None:
    case = given(*ACCEPTED, *failed(held)).case
    change = migration_impact(
        case, with_each(failed_sessions=before), with_each(failed_sessions=after), calendar()
    )
    assert bool(change.against) == (held > 0 and after < before)
    assert (change.count is None) == (before == after)


def test_a_proposal_to_lift_lapses_with_the_version_under_which_it_was_made() -> None:
    moved = given(*ACCEPTED, lift_proposed(), migrated())
    moved.when(ask(ApproveEscalation, occurred_at="2026-03-21"), by=ZHAO).then_refused(NothingProposed)


def test_failures_below_count_too_while_the_case_may_come_back_to_them() -> None:
    lifted = (
        *ACCEPTED,
        *failed(2),
        Fact(escalated(at="2026-03-08"), bypassed(THREE_TIER, "community", "risk")),
    )
    case = towards(with_each(failed_sessions=3), *lifted)
    case.when(migrate()).then_refused(RetroactiveDisadvantage, field="ground", saying="2 failed sessions")
    assert towards(with_each(failed_sessions=6), *lifted).when(migrate()).events
    spent = towards(with_each(failed_sessions=3), *RISEN)
    assert spent.when(migrate()).events


def test_a_version_is_not_moved_to_itself() -> None:
    towards(ladder(), *ACCEPTED).when(migrate(to=1)).then_refused(NotMigratable)
