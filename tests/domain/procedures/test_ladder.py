"""The ladder as data: what it answers, and what it may not say."""

from collections.abc import Callable
from typing import cast

import pytest
from pydantic import ValidationError

from application.initial_data import default_ladder
from domain.procedures.durations import Days, Months, WorkingDays
from domain.procedures.ladder import Ladder
from domain.vocabulary import Difficulty

Described = dict[str, object]


def described() -> Described:
    """The ladder of the first day as plain data."""
    return cast("Described", default_ladder().model_dump(mode="json"))


def test_the_ladder_of_the_first_day_has_three_tiers() -> None:
    ladder = default_ladder()
    assert [(tier.name, tier.failed_sessions, tier.on_expiry) for tier in ladder.tiers] == [
        ("compound", 3, "mark"),
        ("community", 5, "mark"),
        ("street", 5, "mark"),
    ]
    assert [tier.accept_within for tier in ladder.tiers] == [
        WorkingDays(working_days=1),
        WorkingDays(working_days=2),
        WorkingDays(working_days=3),
    ]
    assert {tier.mediate_within for tier in ladder.tiers} == {Months(months=1)}
    assert ladder.follow_up_within == Days(days=30)


def test_tiers_have_heights() -> None:
    ladder = default_ladder()
    assert [ladder.height(name) for name in ladder.tier_names] == [0, 1, 2]
    assert [ladder.above(name) for name in ladder.tier_names] == [("community", "street"), ("street",), ()]
    assert [ladder.tier(name).name for name in ladder.tier_names] == list(ladder.tier_names)


def test_a_tier_that_is_not_there_has_neither_content_nor_height() -> None:
    ladder = default_ladder()
    with pytest.raises(KeyError):
        ladder.tier("city")
    with pytest.raises(ValueError, match=r"city|tuple"):
        ladder.height("city")


@pytest.mark.parametrize(
    ("difficulty", "tier"),
    [
        (None, "community"),
        (Difficulty.SIMPLE, "compound"),
        (Difficulty.GENERAL, "community"),
        (Difficulty.COMPLEX, "street"),
        (Difficulty.MAJOR, "street"),
    ],
)
def test_the_entry_rule_names_a_tier_for_each_difficulty(difficulty: Difficulty | None, tier: str) -> None:
    assert default_ladder().entry_tier(difficulty) == tier


def test_a_ladder_survives_being_written_down() -> None:
    assert Ladder.model_validate(described()) == default_ladder()


def twice_the_same(ladder: Described) -> None:
    ladder["tiers"] = [*cast("list[object]", ladder["tiers"]), cast("list[object]", ladder["tiers"])[0]]


def no_tiers(ladder: Described) -> None:
    ladder.update(tiers=[], entry={})


def unknown_entry(ladder: Described) -> None:
    cast("Described", ladder["entry"])["major"] = "city"


def entry_left_out(ladder: Described) -> None:
    del cast("Described", ladder["entry"])["complex"]


def no_failures(ladder: Described) -> None:
    cast("list[Described]", ladder["tiers"])[0]["failed_sessions"] = 0


def no_days(ladder: Described) -> None:
    cast("list[Described]", ladder["tiers"])[0]["accept_within"] = {"working_days": 0}


def two_measures(ladder: Described) -> None:
    ladder["follow_up_within"] = {"days": 3, "months": 1}


def fee(ladder: Described) -> None:
    ladder["fee"] = 100


@pytest.mark.parametrize(
    ("spoil", "complaint"),
    [
        (twice_the_same, "two tiers have the same name"),
        (no_tiers, "at least 1"),
        (unknown_entry, "entry names a tier that the procedure does not have"),
        (entry_left_out, "entry leaves out a difficulty"),
        (no_failures, "greater than or equal to 1"),
        (no_days, "greater than or equal to 1"),
        (two_measures, "Extra inputs"),
        (fee, "Extra inputs"),
    ],
)
def test_a_ladder_that_makes_no_sense_is_not_taken(
    spoil: Callable[[Described], None], complaint: str
) -> None:
    ladder = described()
    spoil(ladder)
    with pytest.raises(ValidationError, match=complaint):
        Ladder.model_validate(ladder)


def test_a_ladder_of_one_tier_is_a_ladder() -> None:
    ladder = described()
    ladder["tiers"] = cast("list[object]", ladder["tiers"])[:1]
    ladder["entry"] = dict.fromkeys(Difficulty, "compound")
    only = Ladder.model_validate(ladder)
    assert (only.above("compound"), only.entry_tier(Difficulty.MAJOR)) == ((), "compound")
