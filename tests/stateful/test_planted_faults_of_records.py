"""Can the machines fail where people take back what they recorded, record it late, leave, or file twice?

The faults: a session that was taken back still counts; a retraction is let through though something rests on it; its
proposer approves it; a signature taken back leaves the agreement in effect; an oral change taken back puts a draft
into effect that nobody signed; a late session lands in another stay; a departure taken back still holds; an agreement
that was replaced is waited for; the other case is not told that it has no duplicate; what lapsed is open again;
what-if goes on with what was taken back.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime

import pytest
from hypothesis.stateful import run_state_machine_as_test

from application.simulation.trajectory import CaseFold, FoldedFact
from domain.aggregates.dispute import Dispute, evolve, resting_facts
from domain.aggregates.dispute.decide import performance, retractions, sessions
from domain.aggregates.dispute.evolve import retractions as taken_back
from domain.aggregates.dispute.evolve.evolutions import EVOLUTIONS, unchanged
from domain.aggregates.dispute.state import Proposal
from domain.aggregates.dispute.stays import Stay
from domain.events.dispute import (
    AgreementDrafted,
    Closed,
    DisputeEvent,
    PartyLeft,
    SessionRecorded,
)
from domain.events.envelope import Actor, Event, Fact
from domain.procedures.rules import Because
from tests.stateful.dispute_machine import HUNTING
from tests.stateful.planting import Planting, the_machine_finds
from tests.stateful.test_what_if import WhatIf

pytestmark = pytest.mark.soak


def plant_remains(plant: Planting, event: type[DisputeEvent], evolution: object) -> None:
    """Let something else be left of facts of one kind that were taken back."""
    plant(taken_back, "RETRACTED", {**taken_back.RETRACTED, event: evolution})


def test_a_session_taken_back_that_still_counts_is_found(plant: Planting) -> None:
    plant_remains(plant, SessionRecorded, EVOLUTIONS[SessionRecorded])
    the_machine_finds("drifted")


def test_a_departure_taken_back_that_still_holds_is_found(plant: Planting) -> None:
    plant_remains(plant, PartyLeft, EVOLUTIONS[PartyLeft])
    the_machine_finds("a party left, or did not")


def test_a_proposal_that_lapsed_and_is_open_again_is_found(plant: Planting) -> None:
    plant_remains(plant, Closed, unchanged)
    the_machine_finds("a proposal survived")


@pytest.mark.parametrize("unwatched", [AgreementDrafted, Event], ids=["drafts", "everything"])
def test_a_retraction_on_which_something_rests_is_found(unwatched: type[Event], plant: Planting) -> None:
    def heedless(dispute: Dispute, event: DisputeEvent, because: Because | None) -> bool:
        return isinstance(event, unwatched) or has_place(dispute, event, because)

    has_place = resting_facts.has_place
    plant(resting_facts, "has_place", heedless)
    the_machine_finds("should be refused: RestedOn|not as RestedOn|should be refused as RestedOn")


def test_a_retraction_that_its_proposer_approves_is_found(plant: Planting) -> None:
    def unwatched(dispute: Dispute, subject: int, actor: Actor) -> Proposal:
        return proposal_for(dispute, subject, actor.model_copy(update={"sub": "somebody else"}))

    proposal_for = retractions.proposal_for
    plant(retractions, "proposal_for", unwatched)
    the_machine_finds(
        "approved by its proposer|should be refused: OwnProposal|should be refused as OwnProposal"
    )


def test_a_signature_taken_back_that_leaves_the_agreement_in_effect_is_found(plant: Planting) -> None:
    plant(resting_facts, "_is_complete", lambda *_: True)
    the_machine_finds(
        "agreement_effect_voided.* did not follow|should be refused: RestedOn|should be carried out"
    )


def test_a_late_session_in_another_stay_is_found(plant: Planting) -> None:
    def earliest(stays: Sequence[Stay], moment: datetime, day: date) -> int | None:
        return next((place for place, stay in enumerate(stays) if stay.period_on(day) is not None), None)

    plant(sessions, "stay_on", earliest)
    the_machine_finds("a session in another stay")


def test_an_agreement_that_was_replaced_and_is_waited_for_is_found(plant: Planting) -> None:
    def waiting(dispute: Dispute, event: DisputeEvent) -> Dispute:
        after = evolve(dispute, event)
        replaced = [item for item in after.agreements if item.ended == "replaced" and item.effective_on]
        owed = any(obligation.owed for item in replaced for obligation in item.obligations)
        return replace(after, agreements=()) if owed else after

    plant(performance, "evolve", waiting)
    the_machine_finds("closed.* did not follow")


def test_another_case_that_is_not_told_of_a_duplicate_that_was_none_is_found(plant: Planting) -> None:
    def silent(*_: object) -> Iterator[Fact]:
        return iter(())

    plant(retractions, "_released", silent)
    the_machine_finds("two cases do not name each other")


def test_a_simulation_that_goes_on_with_what_was_taken_back_is_found(plant: Planting) -> None:
    def heedless(self: CaseFold, retraction: FoldedFact) -> Dispute:
        return evolve(self.dispute, retraction.event, retraction.because, retraction.recorded_at)

    plant(CaseFold, "without", heedless)
    with pytest.raises(AssertionError):
        run_state_machine_as_test(WhatIf, settings=HUNTING)
