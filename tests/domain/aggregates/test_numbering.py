"""Numbers are unique in the whole system: a pattern belongs to one register, in any spelling (rule 25)."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from domain.errors import PatternTaken
from domain.events.numbering import PatternAssigned
from domain.events.streams import imported_case_stream
from domain.jurisdiction import numbering
from domain.jurisdiction.case_number import can_clash, format_case_number, parse_case_number
from domain.jurisdiction.numbering import Numbered, Numbering
from tests.support.examples import steadily
from tests.support.specification import moment
from tests.support.spellings import bare, longer, respelt, texts

STREET = "（{year}）东光民调字第{n}号"


def assigned(unit: str, pattern: str, before: Numbering | None = None) -> Numbering:
    """The numbering after a pattern was assigned."""
    event = PatternAssigned(register_of=unit, pattern=pattern, occurred_at=moment("2026-03-02"))
    return numbering.evolve(before, event)


@pytest.mark.parametrize(
    "pattern",
    [STREET, "({year})东光民调字第{n}号", "〔{year}〕 东光民调字 第{n}号", "（{year}）东光民調字第{n}号"],
)
def test_a_pattern_is_anothers_in_any_spelling(pattern: str) -> None:
    taken = assigned("dong", STREET)
    if "調" in pattern:  # another character is another number
        assert taken.lacks("dong.c01", pattern)
        return
    assert not taken.lacks("dong", pattern)
    with pytest.raises(PatternTaken, match="dong") as refused:
        taken.lacks("dong.c01", pattern)
    assert refused.value.field == "number_pattern"


@pytest.mark.parametrize(
    ("one", "other", "clash"),
    [
        ("{year}-{n}", "{year}-1{n}", True),
        ("{year}{n}", "20{year}{n}", True),
        ("{n}/{year}", "{n}1/{year}", True),
        ("A{year}-{n}", "a{year}—{n}", True),
        ("{year}-{n}", "{year}/{n}", False),
        ("东光{year}第{n}号", "东光一社{year}第{n}号", False),
        ("{year}-{n}", "{n}-{year}", True),
        ("甲{year}第{n}号", "甲{year}第{n}", False),
    ],
)
def test_patterns_clash_where_some_number_follows_both(one: str, other: str, *, clash: bool) -> None:
    assert can_clash(one, other) is clash
    assert can_clash(other, one) is clash
    if clash:
        with pytest.raises(PatternTaken):
            assigned("dong", one).lacks("dong.c01", other)


def test_a_number_is_found_in_its_register_in_any_spelling() -> None:
    both = assigned("dong.c01", "东光一社{year}第{n}号", assigned("dong", STREET))
    for number in ("（2019）东光民调字第17号", "(2019) 东光民调字第017号", "〔２０１９〕东光民调字第１７号"):
        assert both.place_of(number) == (Numbered("dong", 2019, 17), "（2019）东光民调字第17号")
    assert both.place_of("东光一社2019第3号") == (Numbered("dong.c01", 2019, 3), "东光一社2019第3号")
    assert both.place_of("（0000）东光民调字第17号") is None
    assert both.place_of("（2019）东光民调字第0号") is None
    assert both.place_of("旧字17号") is None
    assert parse_case_number(STREET, "（２０１９）东光民调字第１７号") == (2019, 17)


def test_spellings_of_one_number_are_one_imported_case() -> None:
    assert imported_case_stream("旧字（17）号") == imported_case_stream("旧字 (17) 号")
    assert imported_case_stream("旧字17号") != imported_case_stream("旧字18号")


patterns = st.builds("{}{{year}}{}第{{n}}号{}".format, texts, texts, texts)


@steadily
@given(st.data(), patterns, st.integers(1949, 2100), st.integers(1, 999_999_999))
def test_any_spelling_of_a_number_is_found_in_its_register_and_is_one_imported_case(
    data: st.DataObject, pattern: str, year: int, n: int
) -> None:
    number = format_case_number(pattern, year, n)
    typed = data.draw(respelt(number))
    assert assigned("dong", pattern).place_of(typed) == (Numbered("dong", year, n), number)
    assert imported_case_stream(typed) == imported_case_stream(number)


@steadily
@given(st.data(), texts, texts)
def test_a_register_gets_no_pattern_of_another_in_any_spelling(
    data: st.DataObject, before: str, after: str
) -> None:
    taken = assigned("dong", f"{before}{{year}}第{{n}}号{after}")
    typed = data.draw(st.tuples(respelt(before), respelt(after)))
    with pytest.raises(PatternTaken, match="dong"):
        taken.lacks("dong.c01", f"{typed[0]}{{year}}第{{n}}号{typed[1]}")


@steadily
@given(st.data(), texts, texts)
def test_registers_whose_numbers_end_otherwise_stand_side_by_side(
    data: st.DataObject, one: str, start: str
) -> None:
    other = data.draw(longer(one))
    assume(bare(one) != bare(other))
    taken = assigned("dong", f"{start}{{year}}第{{n}}号{one}")
    assert taken.lacks("dong.c01", f"{start}{{year}}第{{n}}号{other}")
