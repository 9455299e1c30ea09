"""Can the tests of one spelling and of unique numbers fail (rules 24, 25)?

The faults: a text is compared without one of the steps that make spellings alike; a second pair of eyes is the first
one in capitals; a pattern is another's only when it is spelt the same; a number is looked up as it is typed; a number
that an imported case has is issued once more.
"""

from collections.abc import Iterator
from itertools import islice
from typing import Any
from uuid import UUID, uuid4

import pytest

from application.deciders import dispute as dispute_decider
from domain.aggregates.dispute import guards
from domain.errors import PatternTaken
from domain.events import streams
from domain.jurisdiction import case_number, numbering
from domain.vocabulary import folding
from tests.application.importing import test_importer as imports
from tests.domain.aggregates import test_numbering as numbers
from tests.domain.aggregates.dispute import test_one_person as people
from tests.domain.vocabulary import test_folding as spellings
from tests.stateful.planting import Planting, is_found_by

pytestmark = pytest.mark.soak


@pytest.fixture(autouse=True)
def forgotten() -> Iterator[None]:
    """Forget what was folded before a fault was planted, and what was folded with it."""
    kept = (folding.folded, case_number._compiled, case_number._signs)
    for item in kept:
        item.cache_clear()
    yield
    for item in kept:
        item.cache_clear()


def as_typed(text: str) -> str:
    """Compare a text as it was typed."""
    return text


def test_widths_that_are_told_apart_are_found(plant: Planting) -> None:
    plant(folding, "normalize", lambda form, text: text)
    is_found_by(spellings.test_any_spelling_of_a_text_is_that_text)


@pytest.mark.parametrize("sign", "\u2027\u2014\u3014\u3011")
def test_dots_dashes_and_brackets_that_are_told_apart_are_found(sign: str, plant: Planting) -> None:
    rest = {code: alike for code, alike in folding._ONE_FOR_MANY.items() if code != ord(sign)}
    plant(folding, "_ONE_FOR_MANY", rest)
    is_found_by(spellings.test_any_spelling_of_a_text_is_that_text)


def test_signs_that_nobody_sees_and_that_count_are_found(plant: Planting) -> None:
    plant(folding, "_is_invisible", str.isspace)
    is_found_by(spellings.test_any_spelling_of_a_text_is_that_text)


def test_texts_that_are_taken_for_one_another_are_found(plant: Planting) -> None:
    plant(folding, "_ONE_FOR_MANY", {**folding._ONE_FOR_MANY, ord("-"): None})
    is_found_by(spellings.test_another_text_is_another)


def test_a_second_pair_of_eyes_that_is_the_first_is_found(plant: Planting) -> None:
    plant(guards, "is_same_subject", str.__eq__)
    with pytest.raises(AssertionError, match="SessionCorrected"):
        people.test_nobody_decides_on_their_own_proposal_under_another_spelling("SUN")


def test_a_pattern_that_is_free_in_another_spelling_is_found(plant: Planting) -> None:
    plant(numbering, "folded", as_typed)
    plant(numbering, "can_clash", str.__eq__)
    with pytest.raises(pytest.fail.Exception):
        numbers.test_a_register_gets_no_pattern_of_another_in_any_spelling()


def test_patterns_that_clash_without_need_are_found(plant: Planting) -> None:
    plant(case_number._Sign, "agrees", lambda self, other: True)
    with pytest.raises(PatternTaken):
        numbers.test_registers_whose_numbers_end_otherwise_stand_side_by_side()


def test_a_number_that_is_looked_up_as_it_is_typed_is_found(plant: Planting) -> None:
    plant(case_number, "folded", as_typed)
    is_found_by(numbers.test_any_spelling_of_a_number_is_found_in_its_register_and_is_one_imported_case)


def test_an_imported_number_in_two_spellings_that_is_two_cases_is_found(plant: Planting) -> None:
    plant(streams, "folded", as_typed)
    is_found_by(numbers.test_any_spelling_of_a_number_is_found_in_its_register_and_is_one_imported_case)


def test_a_number_of_an_imported_case_that_is_issued_again_is_found(street_url: str, plant: Planting) -> None:
    def heedless(*about: Any) -> Iterator[tuple[int, UUID]]:
        for n, _ in islice(next_numbers(*about), 1):
            yield n, uuid4()

    next_numbers = dispute_decider.next_numbers
    plant(dispute_decider, "next_numbers", heedless)
    with pytest.raises(AssertionError, match="第1号"):
        imports.test_a_number_that_a_case_brought_in_is_given_to_no_other(street_url)
