"""Taking back a departure, a closing as a duplicate, an appointment: what rests on it, and what it undoes (rule 19)."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import pytest

from domain.aggregates.dispute import Dispute, World, decide, evolve, replay
from domain.aggregates.dispute.resting_facts import Removal, without
from domain.commands.dispute import AddParty, ApproveRetraction
from domain.events.dispute import DisputeEvent, DuplicateVoided, PartyAdded, RetractionProposed
from domain.events.envelope import Actor, Recorded
from domain.vocabulary import Role, Status
from tests.domain.aggregates.dispute.test_appointments import called, moved, off
from tests.domain.aggregates.dispute.test_duplicates import FIRST, as_duplicate
from tests.domain.aggregates.dispute.test_leaving import AGREED_WITHOUT_P4, HANDLED, left
from tests.support.later import ACCEPTED, ask, drafted, in_effect, signed
from tests.support.specification import DISPUTE, given, moment, sat
from tests.support.world import LI

NOON = datetime(2026, 3, 20, 4, tzinfo=UTC)


def history(*facts: DisputeEvent) -> tuple[Recorded[DisputeEvent], ...]:
    """Facts as they were recorded, each by a command of its own."""
    sun = Actor(sub="sun", role=Role.MEDIATOR)
    return tuple(
        Recorded(DISPUTE, place, place, NOON, sun, UUID(int=place), fact)
        for place, fact in enumerate(facts, start=1)
    )


def removal(version: int, *facts: DisputeEvent) -> Removal:
    whole = history(*facts)
    return without(whole, whole[version - 1])


def test_an_agreement_that_binds_without_a_party_does_not_bind_once_the_party_never_left() -> None:
    bound = (
        *AGREED_WITHOUT_P4,
        drafted(),
        *map(signed, ("p1", "p2", "p3", "sun", "dongguang.c01")),
        in_effect(),
    )
    found = removal(3, *bound)
    assert found.rested_on is None
    assert [item.topic for item in found.undone] == ["dispute.agreement_took_effect.v1"]
    assert found.status is Status.ACCEPTED


def test_an_agreement_stays_in_effect_without_the_signature_of_a_party_that_left() -> None:
    agreed = (*HANDLED, sat(1, "agreed", at="2026-03-20"), drafted(), signed("p4"), left("p4"))
    bound = (*agreed, *map(signed, ("p1", "p2", "p3", "sun", "dongguang.c01")), in_effect())
    found = removal(5, *bound)
    assert (found.rested_on, found.undone, found.status) == (None, (), Status.AGREED)


def test_a_departure_rests_on_who_was_left_of_the_side() -> None:
    (fifth,) = given(*HANDLED).when(ask(AddParty, role="respondent", kind="person", name="戊")).events
    assert isinstance(fifth, PartyAdded)
    gone = (left("p4", at="2026-03-05"), left("p2", at="2026-03-06"))
    rested_on = removal(3, *HANDLED, fifth, *gone).rested_on
    assert rested_on is not None
    assert rested_on.version == 5
    assert removal(3, *HANDLED, fifth, gone[0]).rested_on is None
    assert removal(3, *HANDLED, *gone[:1], left("p3", "withdrawn", at="2026-03-06")).rested_on is None


def test_a_move_and_a_cancellation_rest_on_the_appointment() -> None:
    for later in (moved(), off()):
        rested_on = removal(3, *ACCEPTED, called(), later).rested_on
        assert rested_on is not None
        assert rested_on.version == 4
    assert removal(4, *ACCEPTED, called(), off()).rested_on is None


def test_the_number_of_an_appointment_that_was_taken_back_is_not_used_again() -> None:
    case = given(*ACCEPTED).case
    gone = evolve(case, called(), retracted=True)
    assert [item.state for item in gone.appointments] == ["retracted"]
    assert [item.number for item in evolve(gone, called(None)).appointments] == [1, 2]


@pytest.mark.parametrize("version", [3])
def test_the_other_case_learns_that_a_duplicate_is_none(version: int) -> None:
    proposed = RetractionProposed.model_validate(
        {
            "at_version": version,
            "topic": "dispute.closed.v2",
            "session": None,
            "reason": "不是同一纠纷",
            "proposed_by": "sun",
            "occurred_at": moment("2026-03-21"),
        }
    )
    facts = history(*ACCEPTED, as_duplicate(), proposed)
    before = replay(facts)
    assert isinstance(before, Dispute)
    world: World = replace(given().world(LI), history=facts)
    followed = decide(ask(ApproveRetraction, version=version, occurred_at="2026-03-22"), before, world)
    voided = DuplicateVoided(dispute=FIRST, duplicate=DISPUTE, occurred_at=moment("2026-03-22"))
    assert followed[-1].event == voided
    after = replay((*facts, *(item for item in followed if item.event != voided)))
    assert after is not None
    assert (after.status, after.outcome, after.duplicate_of) == (Status.ACCEPTED, None, None)
