"""The demonstration on paper: the street's people, the settled cases, the stories, a year of generated cases."""

import re
from collections import Counter
from datetime import UTC, date, datetime
from functools import cache

import pytest

from cli.demo import distributions as mix
from cli.demo import settled_cases as settled
from cli.demo import stories as tales
from cli.demo import units as places
from cli.demo.case_plan import CasePlan
from cli.demo.generated_cases import generate_case
from cli.demo.seeded_random import SeededRandom
from cli.demo.street import street
from domain.commands.dispute import (
    AcceptDispute,
    AnyDisputeCommand,
    FileDispute,
    PerformTerm,
    RecordSession,
)
from domain.vocabulary import Category, Difficulty, day_of

MADE_UP = re.compile(r"调解员 \d{3}|[赵钱孙李周吴郑王]")
PARTIES = re.compile(r"[甲乙丙丁]·\d{4}|[甲乙丙]·常\d{2}|丁·.*·.*|示例企业·\d{2}")


@cache
def generated(seed: int, count: int = 120) -> tuple[CasePlan, ...]:
    return tuple(generate_case(street(), seed, number) for number in range(1, count + 1))


def commands(lives: tuple[CasePlan, ...]) -> list[AnyDisputeCommand]:
    return [step.command for life in lives for step in life.steps]


# --- the street ------------------------------------------------------------------------------------------------


def test_the_street_has_its_real_size() -> None:
    platforms = places.platforms()
    assert Counter(platform.tier for platform in platforms) == {"street": 1, "community": 8, "compound": 50}
    assert sum(len(platform.mediators) for platform in platforms) == 336
    assert len({mediator.id for platform in platforms for mediator in platform.mediators}) == 336
    assert len(platforms[0].mediators) == 16
    assert platforms[0].groups == ("liaison", "legal", "property_service", "owner_guidance")
    assert {unit.unit for unit in places.units()} == {platform.unit for platform in platforms}


def test_every_unit_comes_after_the_one_above_it() -> None:
    seen: set[str] = set()
    for unit in places.units():
        assert unit.parent is None or unit.parent in seen
        seen.add(unit.unit)


def test_what_the_file_describes_stands_as_it_is() -> None:
    units = {item.unit: item.model_dump(mode="json", exclude_none=True) for item in places.units()}
    platforms = {item.unit: item.model_dump(mode="json", exclude_none=True) for item in places.platforms()}
    for unit in places.street_document()["units"]:
        assert units[str(unit["unit"])] == unit
    for platform in places.street_document()["platforms"]:
        now = platforms[str(platform["unit"])]
        before = platform.pop("mediators")
        assert isinstance(before, list)
        assert now["mediators"][: len(before)] == before
        assert {name: now[name] for name in platform} == platform


def test_everybody_is_made_up_and_serves_for_the_three_years() -> None:
    for platform in places.platforms():
        for mediator in platform.mediators:
            assert MADE_UP.fullmatch(mediator.name)
            assert (mediator.appointed_on, mediator.term_ends_on) == (date(2025, 1, 1), date(2027, 12, 31))


def test_every_community_numbers_its_cases_in_its_own_way() -> None:
    patterns = [platform.number_pattern for platform in places.platforms() if platform.tier != "compound"]
    assert len(set(patterns)) == 9
    assert "（{year}）东光三社民调字第{n}号" in patterns


@pytest.mark.parametrize(
    ("number", "written"), [(1, "一"), (10, "十"), (17, "十七"), (20, "二十"), (48, "四十八")]
)
def test_numbers_are_written_as_on_a_gate(number: int, written: str) -> None:
    assert places.numeral(number) == written


# --- the 43 ----------------------------------------------------------------------------------------------------


def test_43_property_disputes_were_settled_in_2025_two_of_them_complex() -> None:
    lives = settled.settled_cases(street())
    filed = [life.steps[0].command for life in lives]
    assert len(lives) == 43
    assert all(isinstance(item, FileDispute) and item.category is Category.PROPERTY for item in filed)
    assert [item.difficulty for item in filed if isinstance(item, FileDispute)].count(Difficulty.COMPLEX) == 2
    assert {day_of(step.at).year for life in lives for step in life.steps} == {2025}
    assert Counter(life.register for life in lives)["dongguang"] == 2


# --- the year --------------------------------------------------------------------------------------------------


def test_the_same_seed_gives_the_same_cases() -> None:
    again = tuple(generate_case(street(), 1, number) for number in range(1, 121))
    assert again == generated(1)
    assert [step.fingerprint for life in again for step in life.steps] == [
        step.fingerprint for life in generated(1) for step in life.steps
    ]


def test_another_seed_gives_others() -> None:
    one, other = generated(1), generated(2)
    assert not {life.dispute for life in one} & {life.dispute for life in other}
    assert [type(command) for command in commands(one)] != [type(command) for command in commands(other)]


def test_steps_follow_each_other_and_have_ids_of_their_own() -> None:
    steps = [step for life in generated(1) for step in life.steps]
    assert len({step.id for step in steps}) == len(steps)
    for life in generated(1):
        times = [step.at for step in life.steps]
        assert times == sorted(times)
        assert mix.FIRST <= day_of(times[0]) <= mix.LAST


def test_no_step_tells_of_a_time_after_it_was_taken() -> None:
    for life in generated(1):
        for step in life.steps:
            assert all(told <= step.at for _, told in step.command.moments())


def test_nobody_in_a_generated_case_bears_a_name_that_might_be_somebodys() -> None:
    filed = [command for command in commands(generated(1)) if isinstance(command, FileDispute)]
    assert all(PARTIES.fullmatch(party.name) for item in filed for party in item.parties)


def test_a_life_ends_where_the_present_begins() -> None:
    now = datetime(2026, 6, 1, tzinfo=UTC)
    for life in generated(1):
        until = life.until(now)
        assert until.steps == life.steps[: len(until.steps)]
        assert all(step.at <= now for step in until.steps)
        assert len(until.steps) == len(life.steps) or life.steps[len(until.steps)].at > now


def test_a_year_holds_every_kind_of_step() -> None:
    kinds = Counter(type(command).__name__ for command in commands(generated(1, 1000)))
    rare = {  # what nobody of the street does: the clock and the administration do the last two
        "AmendParty",
        "AddAttachment",
        "ImportDispute",
        "ExpireTimeLimit",
        "MigrateDispute",
    }
    put_right = {  # what the stories tell, and no generated case needs
        *("ProposeRetraction", "ApproveRetraction", "RejectRetraction", "WithdrawRetraction"),
        *("WithdrawCorrection", "WithdrawEscalation", "MoveAppointment", "CancelAppointment"),
        *("ChangeAgreement", "RescindAgreement"),
    }
    every = {item.__name__ for item in AnyDisputeCommand.__args__}
    assert every - kinds.keys() == rare | put_right
    assert kinds["AcceptDispute"] > kinds["FileDispute"] * 0.9


# --- the stories -----------------------------------------------------------------------------------------------


def test_every_story_is_told_and_none_of_2025() -> None:
    lives = tales.story_plans()
    assert {"five-failures", "cold-contact", "e1-property-fee-compound"} < lives.keys()
    assert len(lives) == len(list(tales.FOLDER.glob("*.yaml")))
    assert {day_of(life.steps[0].at).year for life in lives.values()} == {2026}


def test_a_story_leaves_out_what_was_refused_tried_or_sent_again() -> None:
    sent_twice = tales.story_plans()["h8-sent-twice-sent-wrong"]
    assert [type(step.command) for step in sent_twice.steps] == [FileDispute, AcceptDispute, RecordSession]
    assert not [
        step for step in tales.story_plans()["cold-contact"].steps if isinstance(step.command, PerformTerm)
    ]


# --- chance ----------------------------------------------------------------------------------------------------


def test_chance_keeps_to_its_bounds() -> None:
    chance = SeededRandom("bounds")
    assert {chance.between(3, 5) for _ in range(200)} == {3, 4, 5}
    assert {chance.weighted({"a": 1, "b": 0, "c": 1}) for _ in range(200)} == {"a", "c"}
    assert sorted(chance.some_of("abc", 5)) == ["a", "b", "c"]
    assert SeededRandom("one").random() != SeededRandom("other").random()
