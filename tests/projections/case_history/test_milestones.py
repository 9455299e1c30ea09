"""What figures count of a case: a voided escalation never happened, nor did the entrance above that came of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from domain.events.dispute import DisputeEvent
from domain.events.envelope import Fact
from domain.procedures.rules import Because
from projections.case_history.milestones import milestones
from tests.domain.aggregates.dispute.test_corrections import voided
from tests.support.later import ABOVE, corrected, wrongly_recorded
from tests.support.specification import Happened, ladder


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
