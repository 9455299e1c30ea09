"""Platforms, units, ladders in force and calendars: describing what is so already records nothing."""

from collections.abc import Mapping
from datetime import date
from typing import cast

import pytest

from domain.aggregates import platform, unit
from domain.aggregates import procedure as policy
from domain.aggregates.procedure import Procedure
from domain.aggregates.unit import Unit
from domain.commands.platform import DescribePlatform
from domain.commands.procedure import PublishProcedure
from domain.commands.unit import DescribeUnit
from domain.errors import UnitMisplaced
from domain.events.envelope import Actor, Fact
from domain.events.mediator import MediatorRegistered
from domain.events.platform import PlatformEvent
from domain.events.unit import UnitEvent
from domain.jurisdiction.platform import Platform
from domain.jurisdiction.units import covers, parent_of, with_ancestors
from domain.procedures.ladder import Bypass, Ladder
from domain.vocabulary import Role
from store.event_log.topics import TOPICS, Payload
from tests.support.specification import ladder, moment, term
from tests.support.world import ADMIN

NOW = moment("2026-03-02")
HALL: Mapping[str, object] = {
    "unit": "dong.c01",
    "tier": "community",
    "title": "一社",
    "convener": "sun",
    "number_pattern": "{year}-{n}",
    "mediators": [term("sun"), term("li")],
}


def described(
    before: Platform | None, known: frozenset[str] = frozenset(), **changes: object
) -> tuple[list[str], Platform | None]:
    """The topics that a description brings about, and the platform afterwards."""
    command = DescribePlatform.model_validate({**HALL, **changes})
    facts = platform.decide(command, before, known, NOW)
    for fact in facts:
        if not isinstance(fact.event, MediatorRegistered):
            before = platform.evolve(before, cast("PlatformEvent", fact.event))
    return [fact.event.TOPIC.rpartition(".")[0] for fact in facts], before


def test_a_new_platform_is_established_with_its_mediators() -> None:
    topics, hall = described(None)
    assert topics == [
        "platform.established",
        *["mediator.registered", "platform.mediator_appointed"] * 2,
    ]
    assert hall is not None
    assert (hall.unit, hall.tier, hall.version, set(hall.mediators)) == (
        "dong.c01",
        "community",
        3,
        {"sun", "li"},
    )


def test_a_mediator_known_elsewhere_is_not_registered_again() -> None:
    topics, _ = described(None, frozenset({"sun", "li"}))
    assert topics == ["platform.established", *["platform.mediator_appointed"] * 2]


def test_describing_it_as_it_is_records_nothing() -> None:
    _, hall = described(None)
    assert described(hall, frozenset({"sun", "li"})) == ([], hall)


@pytest.mark.parametrize("change", [{"title": "第一社区"}, {"convener": "li"}, {"number_pattern": None}])
def test_a_platform_described_otherwise_is_reorganised_and_keeps_its_people(
    change: dict[str, object],
) -> None:
    _, hall = described(None)
    topics, after = described(hall, frozenset({"sun", "li"}), **change)
    assert (topics, after and after.version) == (["platform.reorganised"], 4)
    assert after is not None
    assert hall is not None
    assert after.mediators == hall.mediators
    assert change.items() <= after.about.model_dump().items()


def test_another_term_is_an_appointment_and_an_absent_mediator_is_dismissed() -> None:
    _, hall = described(None)
    topics, after = described(hall, frozenset({"sun", "li"}), mediators=[term("sun", ends="2026-12-31")])
    assert topics == ["platform.mediator_appointed", "platform.mediator_dismissed"]
    assert after is not None
    assert (after.version, list(after.mediators)) == (5, ["sun"])
    assert after.serves("sun", date(2026, 12, 31))
    assert not after.serves("sun", date(2027, 1, 1))
    assert not after.serves("li", date(2026, 3, 2))


def test_an_absent_mediator_may_be_kept() -> None:
    _, hall = described(None)
    changes = {"mediators": [term("sun", ends="2026-12-31")], "keep_others": True}
    topics, after = described(hall, frozenset({"sun", "li"}), **changes)
    assert topics == ["platform.mediator_appointed"]
    assert after is not None
    assert set(after.mediators) == {"sun", "li"}
    assert described(after, frozenset({"sun", "li"}), **changes) == ([], after)


def test_what_happens_to_a_platform_that_is_not_there_changes_nothing() -> None:
    _, hall = described(None)
    assert hall is not None
    assert platform.evolve(None, hall.mediators["sun"]) is None


# --- as of a day (rules 4, 20) ---------------------------------------------------------------------------------

BOTH = frozenset({"sun", "li"})


def hall_after(*descriptions: dict[str, object]) -> Platform:
    """The platform after it was established and described anew."""
    _, hall = described(None)
    for changes in descriptions:
        _, hall = described(hall, BOTH, **changes)
    assert hall is not None
    return hall


def serving(hall: Platform, mediator: str, *days: str) -> list[bool]:
    """On which of the days somebody serves."""
    return [hall.serves(mediator, date.fromisoformat(day)) for day in days]


def test_who_is_left_out_serves_until_the_day_before() -> None:
    hall = hall_after({"mediators": [term("sun")], "effective_on": "2026-02-10"})
    assert serving(hall, "li", "2025-06-01", "2026-02-09", "2026-02-10", "2026-12-01") == [
        True,
        True,
        False,
        False,
    ]
    assert serving(hall, "sun", "2026-02-09", "2026-02-10") == [True, True]
    assert set(hall.mediators) == {"sun"}


def test_a_dismissal_may_be_moved_to_an_earlier_day_but_is_recorded_once() -> None:
    hall = hall_after({"mediators": [term("sun")]})
    assert serving(hall, "li", "2026-02-20", "2026-03-01", "2026-03-02") == [True, True, False]
    again = {"mediators": [term("sun")], "effective_on": "2026-02-10"}
    topics, earlier = described(hall, BOTH, **again)
    assert topics == ["platform.mediator_dismissed"]
    assert earlier is not None
    assert serving(earlier, "li", "2026-02-09", "2026-02-20") == [True, False]
    assert described(earlier, BOTH, **again) == ([], earlier)
    assert described(earlier, BOTH, mediators=[term("sun")]) == ([], earlier)


def test_who_comes_back_serves_again_from_the_day_of_coming_back() -> None:
    left: dict[str, object] = {"mediators": [term("sun")], "effective_on": "2026-01-10"}
    hall = hall_after(left, {"effective_on": "2026-02-10"})
    assert serving(hall, "li", "2026-01-09", "2026-01-10", "2026-02-09", "2026-02-10") == [
        True,
        False,
        False,
        True,
    ]
    undone = hall_after(left, {"effective_on": "2026-01-10"})
    assert serving(undone, "li", "2026-01-09", "2026-01-10", "2026-03-02") == [True, True, True]


def test_a_further_term_leaves_the_one_before_as_it_was() -> None:
    renewed = {**term("li"), "appointed_on": "2026-02-01", "term_ends_on": "2028-12-31"}
    hall = hall_after({"mediators": [term("sun"), renewed]})
    assert serving(hall, "li", "2025-06-01", "2026-01-31", "2026-02-01", "2028-12-31") == [True] * 4
    assert hall.mediators["li"].appointed_on == date(2026, 2, 1)


def test_tier_pattern_and_convener_are_those_of_the_day() -> None:
    changed = {
        "tier": "street",
        "convener": "li",
        "number_pattern": "新{year}-{n}",
        "effective_on": "2026-02-10",
    }
    hall = hall_after(changed)
    before, after = hall.on(date(2026, 2, 9)), hall.on(date(2026, 2, 10))
    assert (before.tier, before.about.convener, before.about.number_pattern) == (
        "community",
        "sun",
        "{year}-{n}",
    )
    assert (after.tier, after.about.convener, after.about.number_pattern) == ("street", "li", "新{year}-{n}")
    assert hall.on(date(1990, 1, 1)).tier == "community"
    assert described(hall, BOTH, **changed) == ([], hall)


def test_a_change_to_come_counts_from_its_day_and_gives_way_to_a_later_word() -> None:
    hall = hall_after({"tier": "street", "effective_on": "2026-06-01"})
    assert [hall.on(date(2026, month, 1)).tier for month in (3, 5, 6)] == ["community", "community", "street"]
    topics, stays = described(hall, BOTH)
    assert topics == ["platform.reorganised"]
    assert stays is not None
    assert {stays.on(date(2026, month, 1)).tier for month in (3, 5, 6)} == {"community"}


def test_people_of_a_platform_are_those_of_the_day() -> None:
    hall = hall_after({"mediators": [term("sun")], "convener": "wu", "effective_on": "2026-02-10"})
    li, sun, wu = (Actor(sub=sub, role=Role.CONVENER) for sub in ("li", "sun", "wu"))
    before, after = hall.on(date(2026, 2, 9)), hall.on(date(2026, 2, 10))
    assert [before.is_one_of_its_people(who) for who in (li, sun, wu)] == [True, True, False]
    assert [after.is_one_of_its_people(who) for who in (li, sun, wu)] == [False, True, True]
    assert (before.is_convened_by(sun), after.is_convened_by(sun), after.is_convened_by(wu)) == (
        True,
        False,
        True,
    )


def test_a_fact_that_says_no_day_counts_from_the_day_of_its_recording() -> None:
    _, hall = described(None)
    left = TOPICS.event("platform.mediator_dismissed.v1", DISMISSED)
    hall = platform.evolve(hall, cast("PlatformEvent", left))
    assert hall is not None
    assert serving(hall, "li", "2026-02-28", "2026-03-01") == [True, False]


DISMISSED: Payload = {"unit": "dong.c01", "mediator": "li", "occurred_at": "2026-02-28T16:00:00Z"}


@pytest.mark.parametrize(
    ("upper", "lower", "expected"),
    [
        ("dong", "dong", True),
        ("dong", "dong.c01", True),
        ("dong", "dongxi.c01", False),
        ("dong.c01", "dong", False),
    ],
)
def test_a_unit_covers_itself_and_what_lies_below(upper: str, lower: str, *, expected: bool) -> None:
    assert covers(upper, lower) is expected


def test_the_units_above_are_named_the_nearest_first() -> None:
    assert with_ancestors("dong.c01.y02") == ("dong.c01.y02", "dong.c01", "dong")


# --- units ---------------------------------------------------------------------------------------------------


def asked(title: str = "一社", parent: str | None = None, *, before: Unit | None = None) -> tuple[Fact, ...]:
    """What describing a unit brings about."""
    return unit.decide(
        DescribeUnit(unit="dong.c01", title=title, kind="community", parent=parent), before, NOW
    )


def test_a_unit_is_established_then_renamed_and_left_alone_when_nothing_changes() -> None:
    (first,) = asked(parent="dong")
    state = unit.evolve(None, cast("UnitEvent", first.event))
    (second,) = asked("第一社区", before=state)
    assert (first.event.TOPIC, second.event.TOPIC) == ("unit.established.v1", "unit.renamed.v1")
    state = unit.evolve(state, cast("UnitEvent", second.event))
    assert state == Unit("第一社区", "community", version=2)
    assert asked("第一社区", before=state) == ()


def test_a_parent_that_the_id_does_not_spell_is_a_mistake() -> None:
    with pytest.raises(UnitMisplaced) as caught:
        asked(parent="xi")
    assert caught.value.field == "parent"
    assert parent_of("dong") is None


# --- what is in force ----------------------------------------------------------------------------------------


def published(rungs: Ladder, before: Procedure | None) -> Procedure | None:
    """The procedure after a ladder is published."""
    for fact in policy.decide(PublishProcedure(ladder=rungs), before, ADMIN, NOW):
        assert fact.event.TOPIC == "procedure.published.v3"
        before = policy.evolve(before, fact.event)  # a pinned version stays beside the new one
    return before


def test_a_changed_ladder_is_a_new_version_and_the_old_one_stays() -> None:
    first = published(ladder(), None)
    assert published(ladder(), first) is first
    changed = ladder().model_copy(update={"bypass": Bypass(approvals=3)})
    second = published(changed, first)
    assert second is not None
    assert (dict(second.versions), second.in_force.version) == ({1: ladder(), 2: changed}, 2)


def test_one_persons_word_never_lifts_a_case_past_a_tier_unless_the_ladder_says_so() -> None:
    assert Bypass().approvals == 2
