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
from domain.events.envelope import Fact
from domain.events.mediator import MediatorRegistered
from domain.events.platform import PlatformEvent
from domain.events.unit import UnitEvent
from domain.jurisdiction.platform import Platform
from domain.jurisdiction.units import covers, parent_of, with_ancestors
from domain.procedures.ladder import Bypass, Ladder
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
    return [fact.event.TOPIC.removesuffix(".v1") for fact in facts], before


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
