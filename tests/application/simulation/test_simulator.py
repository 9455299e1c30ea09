"""What would have come of a case under another ladder: where it parts from the record, and what follows."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from application.simulation.context import LadderVersion, PlatformHistory, PlatformVersion
from application.simulation.divergence import Divergence, days_earlier, divergence
from application.simulation.recorded_commands import recorded_commands
from application.simulation.simulator import simulate
from application.simulation.trajectory import Trajectory, recorded_trajectory
from domain.events.dispute import SessionRecorded
from domain.procedures.ladder import Ladder
from domain.vocabulary import Outcome, Rule, Status, day_of
from tests.stateful.asking import (
    approve_bypass,
    approve_correction,
    assess,
    correct,
    extend,
    perform,
    propose_bypass,
    reach,
    reopen,
)
from tests.support.specification import (
    accept,
    file_dispute,
    hold,
    ladder,
    moment,
    refuse,
    send_back,
    street_without,
    terminate,
)
from tests.support.stories_told import TRIED, Story, begun, essence, kinds, with_rules, with_tier
from tests.support.world import LI, SUN, WU, ZHAO

FOUR = with_tier("community", failed_sessions=4)
SIX = with_tier("community", failed_sessions=6)


def compared(
    story: Story, tried: Ladder, horizon: str | None = None
) -> tuple[Trajectory, Trajectory, Divergence | None]:
    """The recorded course, the one under the ladder, and where they part."""
    base, course = recorded_trajectory(story.history), story.under(tried, horizon)
    return base, course, divergence(base, course)


# --- thresholds ------------------------------------------------------------------------------------------------


def test_the_ladder_in_force_finds_no_difference() -> None:
    story = begun().sits(*["failed"] * 5).does(accept("zhao", at="2026-03-10"), by=ZHAO)
    base, course, found = compared(story, ladder())
    assert essence(course) == essence(base)
    assert found is None


def test_with_four_the_case_parts_at_the_fourth_session() -> None:
    base, course, found = compared(begun().sits(*["failed"] * 5), FOUR)
    assert found is not None
    assert day_of(found.at) == date(2026, 3, 7)
    assert (found.base.status, found.base.tier, found.base.rule) == (Status.ACCEPTED, "community", None)
    assert (found.candidate.status, found.candidate.tier) == (Status.ESCALATED, "street")
    assert found.candidate.rule is Rule.FAILED_SESSIONS
    assert "4 sessions failed at the community" in str(found.candidate.text)
    assert days_earlier(base, course) == 1
    assert kinds(course) == [("filed", "community"), ("escalated", "street")]
    assert found.index == 1


def test_the_fifth_session_is_then_held_at_the_street_which_counts_as_having_accepted() -> None:
    story = begun().sits(*["failed"] * 5)
    assert [platform for platform, _ in recorded_trajectory(story.history).sessions] == ["dongguang.c01"] * 5
    course = story.under(FOUR)
    assert [platform for platform, _ in course.sessions] == ["dongguang.c01"] * 4 + ["dongguang"]
    assert (course.replayed, course.caused, course.dropped) == (2, 1, 0)


def test_a_case_that_was_agreed_at_the_fifth_session_would_have_moved_first() -> None:
    story = (
        begun()
        .sits(*["failed"] * 4, "agreed")
        .does(reach("oral", "2026-03-08 16:00"))
        .does(perform(on="2026-03-20"))
    )
    base, course, found = compared(story, FOUR)
    assert found is not None
    assert base.first_escalation is None
    assert days_earlier(base, course) is None
    assert kinds(course) == [("filed", "community"), ("escalated", "street"), ("ended", "street")]
    assert course.outcome is Outcome.PERFORMED


def test_with_six_the_fifth_failure_moves_nothing() -> None:
    story = begun().sits(*["failed"] * 5).does(accept("zhao", at="2026-03-10"), by=ZHAO)
    story = story.sits("failed", start="2026-03-11", by=ZHAO)
    base, course, found = compared(story, SIX)
    assert found is not None
    assert day_of(found.at) == date(2026, 3, 8)
    assert (found.base.rule, found.candidate.rule) == (Rule.FAILED_SESSIONS, None)
    assert (found.candidate.status, found.candidate.tier) == (Status.ACCEPTED, "community")
    assert kinds(course) == [("filed", "community"), ("escalated", "street")]
    assert course.dropped == 1, "the street's acceptance has nothing to accept"
    assert days_earlier(base, course) == -3


@pytest.mark.parametrize("outcome", ["no_show", "adjourned"])
def test_what_is_not_held_never_counts(outcome: str) -> None:
    story = begun().sits("failed", outcome, "failed", outcome, "failed", outcome)
    assert compared(story, FOUR)[2] is None
    assert len(story.under(FOUR).sessions) == 3


def test_a_corrected_session_counts_as_corrected() -> None:
    story = begun().sits(*["failed"] * 3, "no_show")
    story = story.does(correct(4, "failed", "2026-03-09"), by=SUN).does(
        approve_correction(4, "2026-03-10"), by=LI
    )
    _, course, found = compared(story, FOUR)
    assert found is not None
    assert day_of(found.at) == date(2026, 3, 10)
    assert kinds(course)[-1] == ("escalated", "street")


def test_a_correction_voids_what_the_candidate_made_of_the_wrong_record() -> None:
    story = begun().sits(*["failed"] * 4)
    story = story.does(correct(4, "no_show", "2026-03-09"), by=SUN).does(
        approve_correction(4, "2026-03-10"), by=LI
    )
    base, course, found = compared(story, FOUR)
    assert found is not None
    assert kinds(base) == [("filed", "community")]
    assert kinds(course) == [("filed", "community"), ("escalated", "street"), ("voided", "community")]


def test_a_voided_escalation_of_the_record_never_was_with_six() -> None:
    story = begun().sits(*["failed"] * 5)
    story = story.does(correct(5, "no_show", "2026-03-09"), by=SUN).does(
        approve_correction(5, "2026-03-10"), by=LI
    )
    assert kinds(recorded_trajectory(story.history))[-1] == ("voided", "community")
    assert kinds(story.under(SIX)) == [("filed", "community")]
    assert compared(story, ladder())[2] is None


def test_without_a_threshold_no_number_of_failures_moves_a_case() -> None:
    assert kinds(begun().sits(*["failed"] * 5).under(with_tier("community", failed_sessions=None))) == [
        ("filed", "community")
    ]


def test_an_exhausted_street_would_have_gone_on() -> None:
    story = Story().does(file_dispute(difficulty="complex")).does(accept("zhao"), by=ZHAO)
    story = story.sits(*["failed"] * 5, by=ZHAO)
    base, course, found = compared(story, with_tier("street", failed_sessions=6))
    assert base.outcome is Outcome.FAILED
    assert course.outcome is None
    assert found is not None
    assert (found.base.rule, found.base.status) == (Rule.EXHAUSTED, Status.CLOSED)
    _, sooner, at = compared(story, with_tier("street", failed_sessions=4))
    assert at is not None
    assert day_of(at.at) == date(2026, 3, 7)
    assert (sooner.outcome, sooner.dropped) == (Outcome.FAILED, 1)


def test_a_case_that_is_taken_up_again_begins_a_stay_in_both() -> None:
    story = begun().sits(*["failed"] * 3).does(terminate("2026-03-10")).does(reopen("2026-03-12"))
    story = story.sits(*["failed"] * 4, start="2026-03-13")
    _, course, found = compared(story, FOUR)
    assert found is not None
    assert day_of(found.at) == date(2026, 3, 16)
    assert kinds(course) == [("filed", "community"), ("ended", "community"), ("escalated", "street")]


def test_what_the_candidate_never_closed_is_not_taken_up_again() -> None:
    story = Story().does(file_dispute(difficulty="complex")).does(accept("zhao"), by=ZHAO)
    story = story.sits(*["failed"] * 5, by=ZHAO).does(reopen("2026-03-12"), by=ZHAO)
    course = story.under(with_tier("street", failed_sessions=6))
    assert (kinds(course), course.dropped) == ([("filed", "street")], 1)


# --- what people decide ----------------------------------------------------------------------------------------


def test_a_refusal_ends_the_case_wherever_it_stands() -> None:
    course = begun().sits(*["failed"] * 4).does(refuse(at="2026-03-09")).under(FOUR)
    assert kinds(course)[-1] == ("ended", "street")
    assert course.outcome is Outcome.REFUSED


def test_a_termination_ends_a_case_that_waits_at_another_tier() -> None:
    course = begun().sits(*["failed"] * 4).does(terminate("2026-03-09")).under(FOUR)
    assert course.outcome == "failed"
    assert course.dropped == 0


def test_a_return_applies_where_the_case_waits() -> None:
    story = begun().sits(*["failed"] * 5).does(send_back("2026-03-09"), by=ZHAO)
    _, course, found = compared(story, with_tier("community", failed_sessions=5, mediate_within={"days": 3}))
    assert found is None
    assert kinds(course)[-1] == ("returned", "community")
    story = (
        Story().does(file_dispute(difficulty="simple")).does(accept("wu"), by=WU).sits(*["failed"] * 3, by=WU)
    )
    story = story.does(send_back("2026-03-09"), by=SUN)
    moved = story.under(with_tier("compound", failed_sessions=2))
    assert kinds(moved) == [("filed", "compound"), ("escalated", "community")]
    assert moved.dropped == 1, "the community held the third session, so there is nothing to send back"


def test_a_bypass_lifts_a_case_that_stands_below() -> None:
    story = Story().does(file_dispute(difficulty="simple")).does(accept("wu"), by=WU)
    story = story.does(propose_bypass(to="street", at="2026-03-05"), by=WU)
    story = story.does(approve_bypass("2026-03-06"), by=SUN)
    assert compared(story, FOUR)[2] is None
    entry = {"simple": "community", "general": "community", "complex": "street", "major": "street"}
    course = story.under(with_rules(entry=entry))
    assert kinds(course) == [("filed", "community")], "nobody had accepted it at the community"
    held = Story().does(file_dispute(difficulty="simple")).does(accept("wu"), by=WU).sits("failed", by=WU)
    held = held.does(propose_bypass(to="street", at="2026-03-05"), by=WU).does(
        approve_bypass("2026-03-06"), by=SUN
    )
    assert kinds(held.under(with_rules(entry=entry))) == [("filed", "community"), ("escalated", "street")]


@pytest.mark.parametrize("bypass", [{"grounds": ("complexity",)}, {"approvals": 3}])
def test_a_bypass_that_the_candidate_does_not_let_through_is_a_difference(bypass: dict[str, object]) -> None:
    story = begun().does(propose_bypass(at="2026-03-05"), by=SUN).does(approve_bypass("2026-03-06"), by=ZHAO)
    _, course, found = compared(story, with_rules(bypass=bypass))
    assert found is not None
    assert found.base.rule is Rule.BYPASS_RISK
    assert (found.candidate.status, found.candidate.tier) == (Status.ACCEPTED, "community")
    assert kinds(course) == [("filed", "community")]


def test_one_who_agrees_less_lifts_the_case_when_the_second_did() -> None:
    three = with_rules(bypass={"approvals": 3})
    story = replace(begun(three), pinned=three)
    story = story.does(propose_bypass(at="2026-03-05"), by=SUN).does(approve_bypass("2026-03-06"), by=LI)
    story = story.does(approve_bypass("2026-03-09"), by=ZHAO)
    base, course, found = compared(story, ladder())
    assert found is not None
    assert days_earlier(base, course) == 3


def test_danger_that_the_candidate_proposes_to_lift_moves_nothing_by_itself() -> None:
    lifting = with_tier("community", lift_at={"risk": "high"})
    story = begun().does(assess("2026-03-05"))
    assert compared(story, lifting)[2] is None
    proposed = Story(lifting).does(file_dispute(), accept(at="2026-03-03")).does(assess("2026-03-05"))
    lifted = proposed.does(approve_bypass("2026-03-06"), by=ZHAO)
    assert compared(lifted, lifting)[2] is None
    _, course, found = compared(lifted, ladder())
    assert found is not None
    assert kinds(course) == [("filed", "community")], "nobody had proposed it"


# --- where a case begins -----------------------------------------------------------------------------------------


def test_a_case_begins_where_the_candidate_has_it_begin() -> None:
    entry = {"simple": "compound", "general": "compound", "complex": "street", "major": "street"}
    base, course, found = compared(begun().sits(*["failed"] * 3), with_rules(entry=entry))
    assert found is not None
    assert (found.base.tier, found.candidate.tier) == ("community", "compound")
    assert kinds(course) == [("filed", "compound"), ("escalated", "community")]
    assert course.moves[0].platform == "dongguang.c01.y01"
    assert found.index == 0
    assert base.first_escalation is None


def test_an_entry_that_changes_for_others_is_no_difference() -> None:
    entry = {"simple": "compound", "general": "community", "complex": "community", "major": "street"}
    assert not begun().sits("failed").under(with_rules(entry=entry)).diverged


def test_a_tier_that_people_named_stays_named() -> None:
    story = Story().does(file_dispute(tier="street", source="referral", referred_by="法院"))
    entry = {"simple": "compound", "general": "compound", "complex": "street", "major": "street"}
    assert compared(story, with_rules(entry=entry))[2] is None


def test_a_tier_without_a_platform_is_skipped() -> None:
    story = Story(platforms=street_without("dongguang.c01.y01")).does(file_dispute(difficulty="simple"))
    entry = {"simple": "community", "general": "community", "complex": "street", "major": "street"}
    assert story.case.tier == "community"
    assert compared(story, with_rules(entry=entry))[2] is None


def test_a_case_without_a_platform_to_begin_at_is_unplaced() -> None:
    only = {name: item for name, item in Story().platforms.items() if name == "dongguang.c01.y01"}
    story = Story(platforms=only).does(file_dispute(difficulty="simple"))
    entry = dict.fromkeys(("simple", "general", "complex", "major"), "street")
    _, course, found = compared(story, with_rules(entry=entry))
    assert course.unplaced
    assert found is not None
    assert (found.base.tier, found.candidate.tier, found.candidate.status) == ("compound", None, None)


def test_platforms_that_came_later_are_not_there_yet() -> None:
    """Under the ladder in force nothing differs, though the street's platform was there only afterwards."""
    below = street_without("dongguang")
    story = begun()
    story = replace(story, platforms=below).sits(*["failed"] * 5)
    assert story.case.outcome is Outcome.FAILED
    whole = replace(story, platforms=begun().platforms)
    ground = whole.ground(late=["dongguang"])
    later = PlatformVersion(story.position + 1, moment("2026-05-01"), begun().platforms["dongguang"].about)
    platforms = PlatformHistory([*ground.platforms._versions, later])
    course = simulate(story.history, LadderVersion(TRIED, ladder()), replace(ground, platforms=platforms))
    assert essence(course) == essence(recorded_trajectory(story.history))


def test_a_race_with_a_new_platform_is_no_difference_between_ladders() -> None:
    """The street's platform stands in the log before the fifth session, whose decision had not seen it."""
    story = replace(begun(), platforms=street_without("dongguang")).sits(*["failed"] * 5)
    course = replace(story, platforms=begun().platforms).under(ladder())
    assert essence(course) == essence(recorded_trajectory(story.history))


# --- clocks ------------------------------------------------------------------------------------------------------

MOVING = with_tier("community", on_expiry={"accept": "mark", "mediate": "escalate"})


def test_a_clock_of_the_candidate_moves_a_case_on_the_day_after_its_last() -> None:
    base, course, found = compared(begun().sits("failed"), MOVING, horizon="2026-06-01")
    assert found is not None
    assert found.at.isoformat() == "2026-04-04T00:00:00+08:00"
    assert found.candidate.rule is Rule.MEDIATE_LIMIT
    assert (found.base.status, found.base.tier) == (Status.ACCEPTED, "community")
    assert kinds(course) == [("filed", "community"), ("escalated", "street")]
    assert base.first_escalation is None


def test_the_horizon_is_the_end_of_the_log() -> None:
    assert compared(begun().sits("failed"), MOVING, horizon="2026-04-03")[2] is None
    assert compared(begun().sits("failed"), MOVING)[2] is None


def test_a_clock_that_fired_between_two_facts_moves_what_comes_after() -> None:
    course = begun().sits("failed").sits("failed", start="2026-04-20").under(MOVING, "2026-04-21")
    assert kinds(course) == [("filed", "community"), ("escalated", "street")]
    assert [platform for platform, _ in course.sessions] == ["dongguang.c01", "dongguang"]


def test_the_candidates_clock_waits_a_day_after_something_was_entered() -> None:
    story = begun().does(hold(at="2026-03-20"), entered="2026-04-03 20:00")
    found = compared(story, MOVING, horizon="2026-06-01")[2]
    assert found is not None
    assert found.at.isoformat() == "2026-04-04T20:00:00+08:00"


def test_more_time_by_consent_holds_for_the_candidate_too() -> None:
    story = begun().does(extend(date(2026, 5, 29), at="2026-03-20"))
    found = compared(story, MOVING, horizon="2026-06-30")[2]
    assert found is not None
    assert day_of(found.at) == date(2026, 5, 30)


@pytest.mark.parametrize("at", ["2026-04-04 00:00", "2026-04-20 03:00"])
def test_a_clock_that_came_late_is_no_difference(at: str) -> None:
    story = replace(begun(MOVING), pinned=MOVING).expires("mediate", "2026-04-03", at)
    assert compared(story, MOVING, horizon="2026-06-01")[2] is None


def test_a_clock_that_stood_still_is_no_difference() -> None:
    story = begun(MOVING).sits("failed", start="2026-04-20")
    assert compared(story, MOVING, horizon="2026-06-01")[2] is None


def test_what_a_clock_moved_stays_where_the_candidate_only_marks() -> None:
    story = begun(MOVING).expires("mediate", "2026-04-03", "2026-04-04")
    base, course, found = compared(story, ladder(), horizon="2026-06-01")
    assert found is not None
    assert (found.base.rule, found.candidate.rule) == (Rule.MEDIATE_LIMIT, None)
    assert kinds(base)[-1] == ("escalated", "street")
    assert kinds(course) == [("filed", "community")]


def test_a_longer_limit_moves_the_case_later() -> None:
    story = begun(MOVING).expires("mediate", "2026-04-03", "2026-04-04")
    longer = with_tier("community", MOVING, mediate_within={"months": 2})
    base, course, found = compared(story, longer, horizon="2026-06-01")
    assert found is not None
    assert found.base.rule is Rule.MEDIATE_LIMIT
    assert days_earlier(base, course) == -33


def test_one_clock_may_fire_after_the_other() -> None:
    tried = with_tier("street", MOVING, on_expiry={"accept": "terminate"})
    course = begun().under(tried, horizon="2026-06-01")
    assert kinds(course) == [("filed", "community"), ("escalated", "street"), ("ended", "street")]


# --- the record in steps -------------------------------------------------------------------------------------------


def test_what_people_told_is_told_apart_from_what_rules_made_of_it() -> None:
    story = begun(MOVING).sits(*["failed"] * 5)
    story = story.does(correct(5, "no_show", "2026-03-09")).does(approve_correction(5, "2026-03-10"), by=LI)
    story = story.does(propose_bypass(at="2026-03-11")).does(approve_bypass("2026-03-12"), by=ZHAO)
    told = [
        ([item.event.TOPIC[8:-3] for item in one.stated], [item.event.TOPIC[8:-3] for item in one.caused])
        for one in recorded_commands(story.history[1:])
    ]
    assert told == [
        (["accepted"], []),
        *[(["session_recorded"], [])] * 4,
        (["session_recorded"], ["escalated"]),
        (["correction_proposed"], []),
        (["session_corrected"], ["escalation_voided"]),
        (["escalation_proposed"], []),
        (["escalated"], []),
    ]
    (clock,) = list(
        recorded_commands(begun(MOVING).expires("mediate", "2026-04-03", "2026-04-04").history[2:])
    )
    assert (len(clock.stated), len(clock.caused)) == (0, 1)


# --- it never raises ---------------------------------------------------------------------------------------------


def _strange() -> list[Ladder]:
    """Ladders that have little in common with the one in force."""
    known = ladder().model_dump()
    tiers = {item["name"]: item for item in known["tiers"]}

    def entry(tier: str) -> dict[str, str]:
        return dict.fromkeys(("simple", "general", "complex", "major"), tier)

    one = known | {"tiers": [tiers["street"]], "entry": entry("street")}
    turned = known | {"tiers": [tiers["street"], tiers["community"]], "entry": entry("street")}
    other = known | {"tiers": [tiers["street"] | {"name": "village"}], "entry": entry("village")}
    return [Ladder.model_validate(item) for item in (one, turned, other)]


STORIES: dict[str, Callable[[], Story]] = {
    "escalated": lambda: begun().sits(*["failed"] * 5).does(accept("zhao", at="2026-03-10"), by=ZHAO),
    "returned": lambda: (
        begun()
        .sits(*["failed"] * 5)
        .does(send_back("2026-03-09"), by=ZHAO)
        .sits("failed", start="2026-03-10")
    ),
    "voided": lambda: (
        begun()
        .sits(*["failed"] * 5)
        .does(correct(5, "no_show", "2026-03-09"))
        .does(approve_correction(5, "2026-03-10"), by=LI)
    ),
    "lifted": lambda: (
        begun().does(propose_bypass(at="2026-03-05")).does(approve_bypass("2026-03-06"), by=ZHAO)
    ),
    "reopened": lambda: (
        begun()
        .sits("failed")
        .does(refuse(at="2026-03-10"))
        .does(reopen("2026-03-12"))
        .sits("failed", start="2026-03-13")
    ),
    "clock": lambda: begun(MOVING).expires("mediate", "2026-04-03", "2026-04-04"),
}


@pytest.mark.parametrize("name", STORIES)
def test_no_ladder_makes_it_stumble(name: str) -> None:
    for tried in _strange():
        story = STORIES[name]()
        course = story.under(tried, horizon="2027-01-01")
        assert divergence(recorded_trajectory(story.history), course) is not None


def test_sessions_are_numbered_anew() -> None:
    """A session that has no place in the candidate's course leaves the later ones with numbers of their own."""
    four = with_tier("street", failed_sessions=4)
    story = (
        Story()
        .does(file_dispute(difficulty="complex"))
        .does(accept("zhao"), by=ZHAO)
        .sits(*["failed"] * 5, by=ZHAO)
    )
    story = story.does(reopen("2026-03-12"), by=ZHAO).sits("failed", "no_show", start="2026-03-13", by=ZHAO)
    story = story.does(correct(7, "failed", "2026-03-20"), by=ZHAO).does(
        approve_correction(7, "2026-03-21"), by=LI
    )
    course = story.under(four)
    assert [day.day for _, day in course.sessions] == [4, 5, 6, 7, 13, 14]
    assert sum(isinstance(recorded.event, SessionRecorded) for recorded in story.history) == 7
