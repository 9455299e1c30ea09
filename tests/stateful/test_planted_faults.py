"""Can the machine fail? Each test plants one fault in the rules, and the machine has to find it.

The faults: a no-show counts as a failed session; a threshold is one higher, or one lower, than the ladder says; a
count is carried over to the stay at the next tier; a return forgets the count; a spent count fires on any session;
a refusal does not stop sessions; any party may withdraw; a register hands out a number twice; a case is numbered
anew after an escalation; days are those of Greenwich; a session may lie before its acceptance; the last tier fails
without closing; anybody may accept.
"""

from dataclasses import replace
from datetime import UTC

import pytest

from domain.aggregates import register
from domain.aggregates.dispute import consequences, guards
from domain.aggregates.dispute import stays as stay
from domain.aggregates.dispute.decide import acceptance, ending, sessions
from domain.aggregates.dispute.evolve import acceptance as accepted
from domain.aggregates.dispute.evolve import aftercare as reopened
from domain.aggregates.dispute.evolve import ending as ended
from domain.aggregates.dispute.evolve import escalation as moved
from domain.aggregates.dispute.evolve import filing as filed
from domain.aggregates.dispute.evolve import stay_periods
from domain.aggregates.dispute.evolve.evolutions import EVOLUTIONS
from domain.aggregates.dispute.state import Dispute
from domain.events.dispute import Escalated, Party, Returned
from domain.jurisdiction.register import Register
from domain.procedures import rules
from domain.procedures.counted_stay import CountedSession, CountedStay
from domain.procedures.ladder import ProcedureRef
from domain.procedures.rules import Because, Count
from domain.procedures.tier import Tier
from domain.vocabulary import SessionOutcome
from tests.stateful.planting import Planting, plant_evolution, the_machine_finds

pytestmark = pytest.mark.soak


def threshold_off_by(difference: int) -> object:
    """A count against a threshold that is not the ladder's."""

    def count(stay: CountedStay, tier: Tier) -> Count:
        return Count(have=len(stay.failures), need=tier.failed_sessions + difference)

    return count


def test_a_no_show_that_counts_is_found(plant: Planting) -> None:
    def failures(self: CountedStay) -> tuple[CountedSession, ...]:
        counting = {SessionOutcome.FAILED, SessionOutcome.NO_SHOW}
        return tuple(session for session in self.sessions if session.outcome in counting)

    plant(CountedStay, "failures", property(failures))
    the_machine_finds("drifted|came without a cause")


def test_a_threshold_one_too_high_is_found(plant: Planting) -> None:
    plant(rules, "count_failures", threshold_off_by(1))
    the_machine_finds("did not follow")


def test_a_threshold_one_too_low_is_found(plant: Planting) -> None:
    plant(rules, "count_failures", threshold_off_by(-1))
    the_machine_finds("came without a cause")


def test_a_count_carried_over_to_the_next_tier_is_found(plant: Planting) -> None:
    def carrying(dispute: Dispute, place: int) -> CountedStay:
        return CountedStay(dispute.stays[place].tier, tuple(session.counted for session in dispute.sessions))

    plant(Dispute, "counted_stay_at", carrying)
    the_machine_finds("drifted|escalated came without a cause")


def test_a_return_that_forgets_the_count_is_found(plant: Planting) -> None:
    def forgetting(dispute: Dispute, event: Returned, because: Because | None) -> Dispute:
        back = accepted.evolve_returned(dispute, event, because)
        stay = back.stays[back.stay_index or 0]
        return replace(back, stays=(*back.stays, stay), stay_index=len(back.stays))

    plant_evolution(plant, Returned, forgetting)
    the_machine_finds("another stay|did not follow")


def test_a_spent_count_that_fires_on_any_session_is_found(plant: Planting) -> None:
    def heedless(stay: CountedStay, tier: Tier, procedure: ProcedureRef, _: int) -> Because | None:
        latest = max((failure.number for failure in stay.failures), default=0)
        return threshold_reached(replace(stay, last_counted=0), tier, procedure, latest)

    threshold_reached = rules.threshold_reached
    plant(consequences, "threshold_reached", heedless)
    the_machine_finds("came without a cause|should be carried out")


def test_a_refusal_that_does_not_stop_sessions_is_found(plant: Planting) -> None:
    plant(stay_periods, "paused", lambda dispute, _: dispute)
    the_machine_finds("a session while nobody handled the case|should be refused")


def test_a_late_session_that_moves_the_case_is_found(plant: Planting) -> None:
    plant(sessions, "_is_late", lambda *_: False)
    the_machine_finds("a session in another stay|should be carried out")


def test_any_party_that_may_withdraw_is_found(plant: Planting) -> None:
    party_of = guards.party_of

    def as_an_applicant(dispute: Dispute, party: str, *, field: str) -> Party:
        return party_of(dispute, party, field=field).model_copy(update={"role": "applicant"})

    plant(ending, "party_of", as_an_applicant)
    the_machine_finds("WithdrawDispute should be refused")


def test_a_register_that_does_not_advance_is_found(plant: Planting) -> None:
    plant(register, "evolve", lambda before, event: Register(0))
    the_machine_finds("a register has a gap or a repeat")


def test_a_case_numbered_anew_after_an_escalation_is_found(plant: Planting) -> None:
    escalate = EVOLUTIONS[Escalated]
    plant_evolution(plant, Escalated, lambda *about: replace(escalate(*about), number=None))
    the_machine_finds("the fold does not agree|the cases do not hold the numbers")


def test_days_of_another_clock_are_found(plant: Planting) -> None:
    for module in (guards, filed, accepted, moved, ended, reopened, stay, sessions, acceptance):
        plant(module, "day_of", lambda moment: moment.astimezone(UTC).date())
    the_machine_finds("should be|goes back|wrong register|drifted")


def test_a_session_before_its_acceptance_is_found(plant: Planting) -> None:
    plant(sessions, "_stay_on", lambda dispute, held_at, day: dispute.stay_index or 0)
    the_machine_finds("a session while nobody handled the case|another stay|RecordSession should be refused")


def test_a_last_tier_that_does_not_close_is_found(plant: Planting) -> None:
    plant(consequences, "closing", lambda *about, **more: ())
    the_machine_finds("did not follow")


def test_anybody_who_may_accept_is_found(plant: Planting) -> None:
    plant(acceptance, "must_act_for", lambda platform, actor: None)
    the_machine_finds("should be refused")
