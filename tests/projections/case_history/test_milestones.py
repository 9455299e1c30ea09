"""What figures count of a case: a voided escalation never happened, nor did the entrance above that came of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from domain.events.dispute import DisputeEvent
from domain.events.envelope import Fact
from domain.procedures.rules import Because
from domain.vocabulary import day_of
from projections.case_history.intervals import only_appends
from projections.case_history.milestones import milestones
from tests.domain.aggregates.dispute.test_aftercare import reopened
from tests.domain.aggregates.dispute.test_agreement_changes import CHANGED, rescinded
from tests.domain.aggregates.dispute.test_corrections import voided
from tests.domain.aggregates.dispute.test_duplicates import as_duplicate
from tests.support.later import ABOVE, BOUND, corrected, wrongly_recorded
from tests.support.specification import Happened, closed, ladder


@dataclass(frozen=True)
class Step:
    """An event of a history, with its version."""

    event: DisputeEvent
    because: Because | None
    version: int
    recorded_at: datetime | None = None


def steps(happened: Iterable[Happened]) -> tuple[Step, ...]:
    facts = [item if isinstance(item, Fact) else Fact(item) for item in happened]
    return tuple(
        Step(fact.event, fact.because, version)
        for version, fact in enumerate(facts, start=1)
        if isinstance(fact.event, DisputeEvent)
    )


def counted(happened: Iterable[Happened]) -> list[tuple[str, str]]:
    found = milestones(steps(happened), ladder())
    return [(item.kind, item.tier) for item in found if item.kind in {"accepted", "entered", "moved_up"}]


def test_a_tier_that_was_entered_through_an_escalation_counts() -> None:
    assert counted(ABOVE) == [
        ("accepted", "community"),
        ("entered", "community"),
        ("moved_up", "community"),
        ("entered", "street"),
    ]


def test_a_tier_that_was_entered_through_a_voided_escalation_does_not() -> None:
    happened = (*ABOVE, wrongly_recorded(3), corrected(3), voided())
    assert counted(happened) == [("accepted", "community"), ("entered", "community")]


def test_a_duplicate_has_no_milestone_and_its_closing_rewrites_the_case() -> None:
    assert counted((*ABOVE, as_duplicate())) == []
    last = steps((*ABOVE, as_duplicate()))[-1]
    assert not only_appends(day_of(last.event.happened_at), last)
    withdrawn_then = steps((*ABOVE, closed("withdrawn")))[-1]
    assert only_appends(day_of(withdrawn_then.event.happened_at), withdrawn_then)


def test_an_agreement_counts_once_whatever_becomes_of_it() -> None:
    """A change is no further agreement; a rescission and a reopening take none away (rule 9)."""
    ends = (closed("performed", at="2026-05-10"), reopened("accepted"))
    fates = {"changed": CHANGED, "rescinded": (*BOUND, rescinded()), "reopened": (*CHANGED, *ends)}
    for happened in fates.values():
        found = [item for item in milestones(steps(happened), ladder()) if item.kind == "agreed"]
        assert [(item.day, item.detail) for item in found] == [(date(2026, 3, 20), "written")]


def test_mediation_that_fails_after_a_rescission_counts_as_ended() -> None:
    happened = (*BOUND, rescinded(), closed("failed", at="2026-04-05"))
    kinds = [item.kind for item in milestones(steps(happened), ladder())]
    assert kinds == ["accepted", "entered", "session", "agreed", "ended"]
