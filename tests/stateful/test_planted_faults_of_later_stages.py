"""Can the machine and the properties fail where two people decide, a correction moves, an agreement binds?

The faults: whoever proposed approves; a proposal survives a move, or a closing; a voided escalation begins a new stay,
or forgets the mediators; a correction never voids, voids though a session was held, voids on anybody's word, does not
fire; an agreement binds without the seal; a party signs twice; a session follows the effect; a reopened case keeps
its count, or forgets its agreements; an agreement outlives its change, is rescinded by one side, waits for a standing
term, is broken before its effect; the parties are not told of other ways; the time for judicial confirmation is a day longer, a day shorter,
ends on a day off, or knows no make-up workdays.
"""

from dataclasses import replace
from datetime import date

import pytest

from domain.aggregates.dispute import consequences, voiding
from domain.aggregates.dispute.agreement import AgreementState
from domain.aggregates.dispute.decide import (
    agreement,
    corrections,
    ending,
    escalation,
    performance,
    signatures,
)
from domain.aggregates.dispute.evolve import stay_periods
from domain.aggregates.dispute.evolve.evolutions import EVOLUTIONS, aftercare
from domain.aggregates.dispute.obligation import Obligation
from domain.aggregates.dispute.state import Dispute, Proposal
from domain.aggregates.dispute.stays import Assignment, Escalation
from domain.aggregates.dispute.world import World
from domain.events.dispute import AgreementTookEffect, Closed, Escalated, EscalationVoided, Reopened
from domain.events.envelope import Actor, Fact
from domain.procedures import deadlines
from domain.procedures.durations import Days
from domain.procedures.rules import Because
from domain.procedures.workdays import Calendar
from domain.vocabulary import Outcome, SessionOutcome, Status
from tests.stateful import test_confirmation as confirmed
from tests.stateful import test_corrections as corrected
from tests.stateful.planting import Planting, is_found_by, plant_evolution, the_machine_finds

pytestmark = pytest.mark.soak

# --- four eyes -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("module", [corrections, escalation])
def test_an_approval_by_the_proposer_is_found(module: object, plant: Planting) -> None:
    def unwatched(dispute: Dispute, subject: int, actor: Actor) -> Proposal:
        return proposal_for(dispute, subject, actor.model_copy(update={"sub": "somebody else"}))

    proposal_for = corrections.proposal_for
    plant(module, "proposal_for", unwatched)
    if module is escalation:  # it looks a second time, at those who agreed so far
        plant(module, "folded", lambda text: f"not {text}")
    the_machine_finds("approved by its proposer|ApproveEscalation should be refused")


def test_a_proposal_that_survives_a_move_is_found(plant: Planting) -> None:
    def keeping(dispute: Dispute, event: Escalated, because: Because | None) -> Dispute:
        return replace(escalate(dispute, event, because), proposals=dispute.proposals)

    escalate = EVOLUTIONS[Escalated]
    plant_evolution(plant, Escalated, keeping)
    the_machine_finds("a proposal survived|had lapsed|should be refused")


def test_a_proposal_that_survives_a_closing_is_found(plant: Planting) -> None:
    def keeping(dispute: Dispute, event: Closed, because: Because | None) -> Dispute:
        return replace(close(dispute, event, because), proposals=dispute.proposals)

    close = EVOLUTIONS[Closed]
    plant_evolution(plant, Closed, keeping)
    the_machine_finds("a proposal survived|had lapsed|should be refused")


# --- corrections ---------------------------------------------------------------------------------------------

VOIDED = corrected.test_what_nobody_has_accepted_yet_is_voided
UNHEARD = corrected.test_what_was_accepted_but_not_yet_heard_is_voided_by_the_convener_alone
HEARD = corrected.test_what_was_heard_agreed_or_closed_stands
FIRED = corrected.test_a_correction_that_completes_a_count_moves_or_ends_the_case


def test_a_voided_escalation_that_begins_a_new_stay_is_found(plant: Planting) -> None:
    def anew(dispute: Dispute, event: EscalationVoided, because: Because | None) -> Dispute:
        back = void(dispute, event, because)
        assert back.stay is not None
        return replace(back, stays=(*back.stays, back.stay), stay_index=len(back.stays))

    void = EVOLUTIONS[EscalationVoided]
    plant_evolution(plant, EscalationVoided, anew)
    is_found_by(VOIDED, UNHEARD)


def test_a_voided_escalation_that_forgets_the_mediators_is_found(plant: Planting) -> None:
    def forgetting(dispute: Dispute, event: EscalationVoided, because: Because | None) -> Dispute:
        back = void(dispute, event, because)
        assert back.stay is not None
        nobody = (Assignment((), event.occurred_at),)
        return back.with_present_stay(replace(back.stay, assignments=nobody))

    void = EVOLUTIONS[EscalationVoided]
    plant_evolution(plant, EscalationVoided, forgetting)
    is_found_by(VOIDED, UNHEARD)


def test_a_correction_that_never_voids_is_found(plant: Planting) -> None:
    plant(consequences, "voided_escalation", lambda *about: ())
    is_found_by(VOIDED, UNHEARD)


def test_a_correction_that_voids_though_a_session_was_held_is_found(plant: Planting) -> None:
    def heedless(escalation: Escalation, dispute: Dispute, world: World) -> bool:
        unheard = [
            replace(session, counted=replace(session.counted, outcome=SessionOutcome.NO_SHOW))
            if session.stay_index > (escalation.stay_index or 0)
            else session
            for session in dispute.sessions
        ]
        return can_be_voided(escalation, replace(dispute, sessions=tuple(unheard)), world)

    can_be_voided = voiding._can_be_voided
    plant(voiding, "_can_be_voided", heedless)
    is_found_by(HEARD)


def test_a_correction_that_voids_on_anybodys_word_is_found(plant: Planting) -> None:
    def heedless(escalation: Escalation, dispute: Dispute, world: World) -> bool:
        accepted = dispute.status is Status.ACCEPTED and dispute.stay_index != escalation.stay_index
        return can_be_voided(escalation, replace(dispute, status=Status.ESCALATED), world) and (
            not accepted
            or not any(session.stay_index > (escalation.stay_index or 0) for session in dispute.sessions)
        )

    can_be_voided = voiding._can_be_voided
    plant(voiding, "_can_be_voided", heedless)
    is_found_by(UNHEARD)


def test_a_correction_that_does_not_fire_is_found(plant: Planting) -> None:
    plant(consequences, "_after_session", lambda *about: ())
    is_found_by(FIRED)


# --- agreements and endings ----------------------------------------------------------------------------------


def test_an_agreement_that_binds_without_the_seal_is_found(plant: Planting) -> None:
    plant(signatures, "seals_needed", lambda dispute, world: {})
    the_machine_finds("agreement_took_effect came without a cause")


def test_a_party_that_signs_twice_is_found(plant: Planting) -> None:
    plant(AgreementState, "parties_signed", property(lambda self: frozenset()))
    the_machine_finds("signed twice|did not follow|should be refused")


def test_a_session_after_the_effect_is_found(plant: Planting) -> None:
    def heedless(dispute: Dispute, event: AgreementTookEffect, because: Because | None) -> Dispute:
        return stay_periods.resumed(take_effect(dispute, event, because))

    take_effect = EVOLUTIONS[AgreementTookEffect]
    plant_evolution(plant, AgreementTookEffect, heedless)
    the_machine_finds("a session while nobody handled the case|RecordSession should be refused")


def test_a_reopened_case_that_keeps_its_count_is_found(plant: Planting) -> None:
    plant(aftercare, "_in_new_stay", lambda dispute, before, event: dispute)
    the_machine_finds("drifted|another stay|did not follow|came without a cause|should be carried out")


def test_an_agreement_that_vanishes_on_reopening_is_found(plant: Planting) -> None:
    def forgetting(dispute: Dispute, event: Reopened, because: Because | None) -> Dispute:
        return replace(reopen(dispute, event, because), agreements=())

    reopen = EVOLUTIONS[Reopened]
    plant_evolution(plant, Reopened, forgetting)
    the_machine_finds("an agreement vanished")


def test_an_agreement_that_outlives_its_change_is_found(plant: Planting) -> None:
    plant(agreement, "taking_effect", lambda draft, effect: (Fact(effect),))
    plant(signatures, "taking_effect", lambda draft, effect: (Fact(effect),))
    the_machine_finds("did not follow|must follow")


def test_a_rescission_by_one_side_is_found(plant: Planting) -> None:
    plant(Dispute, "present_parties", property(lambda self: ()))
    the_machine_finds(
        "a party left, or did not|without everybody's consent|one side alone applied|came without a cause|should be refused"
    )


def test_a_standing_term_that_holds_up_closing_is_found(plant: Planting) -> None:
    plant(Obligation, "owed", property(lambda self: self.state != "performed"))
    the_machine_finds("did not follow")


def test_a_breach_from_before_the_effect_is_found(plant: Planting) -> None:
    plant(performance, "must_follow", lambda moment, day: None)
    the_machine_finds("breached before the effect|should be refused")


def test_parties_who_are_not_told_of_other_ways_are_found(plant: Planting) -> None:
    def silent(outcome: Outcome, at: object, **more: object) -> object:
        return closing(outcome, at, **{**more, "notify": False})

    closing = ending.closing
    plant(ending, "closing", silent)
    the_machine_finds("remedies_notified must follow, not closed")


# --- judicial confirmation -----------------------------------------------------------------------------------

TEN_YEARS = (
    confirmed.test_the_last_day_is_the_thirtieth_or_the_next_on_which_people_work,
    confirmed.test_every_day_of_ten_years_ends_where_the_clerk_says,
)


@pytest.mark.parametrize("days", [29, 31])
def test_a_time_to_apply_that_is_off_by_a_day_is_found(days: int, plant: Planting) -> None:
    plant(deadlines, "CONFIRM_WITHIN", Days(days=days))
    is_found_by(*TEN_YEARS)


def test_a_last_day_that_is_a_day_off_is_found(plant: Planting) -> None:
    plant(Calendar, "_next_workday", lambda self, day: day)
    is_found_by(*TEN_YEARS)


def test_a_make_up_workday_that_nobody_knows_is_found(plant: Planting) -> None:
    def forgetting(self: Calendar, day: date) -> bool:
        return day.weekday() < 5 and is_workday(self, day)

    is_workday = Calendar.is_workday
    plant(Calendar, "is_workday", forgetting)
    is_found_by(*TEN_YEARS)


def test_a_party_that_left_and_is_waited_for_all_the_same_is_found(plant: Planting) -> None:
    plant(Dispute, "present_parties", property(lambda self: self.parties))
    the_machine_finds("a party left, or did not|left twice|should be|agreement_took_effect'] did not follow")


def test_a_party_that_left_and_signs_all_the_same_is_found(plant: Planting) -> None:
    for module in (agreement, signatures):
        plant(module, "must_take_part", lambda *_: None)
    the_machine_finds("it binds somebody who left|(SignAgreement|ReachAgreement) should be refused")
