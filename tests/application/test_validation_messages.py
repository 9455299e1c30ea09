"""What a body may say, at the edge of what it may say."""

from datetime import date, datetime

import pytest
from pydantic import TypeAdapter, ValidationError

from application.i18n import render
from application.validation_messages import field_errors
from domain.commands.dispute.performance import Performance
from domain.commands.dispute.sessions import AttendanceList
from domain.commands.platform import MediatorTerm
from domain.vocabulary import Moment
from tests.support.fields import requests

TIME: TypeAdapter[datetime] = TypeAdapter(Moment)
SHEET: TypeAdapter[object] = TypeAdapter(AttendanceList)
MEDIATOR = {"id": "sun", "name": "孙", "kind": "full_time"}


def term(begin: str, end: str) -> MediatorTerm:
    """A term of office."""
    return MediatorTerm.model_validate({**MEDIATOR, "appointed_on": begin, "term_ends_on": end})


def test_a_choice_is_told_alike_whether_it_is_of_a_list_or_of_words() -> None:
    for kind in ("enum", "literal_error"):
        finding = {"type": kind, "loc": ("body", "level"), "ctx": {"expected": "'low', 'medium' or 'high'"}}
        (found,) = field_errors([finding])
        assert render(found.detail, "en") == "must be one of: low, medium, high"
        assert render(found.detail, "zh") == "应为下列之一：低（low）、中（medium）、高（high）"


def attended(*who: tuple[str, str]) -> list[dict[str, object]]:
    """Who is said to have come, and as what."""
    return [{"who": name, "as": role, "present": True} for role, name in who]


def test_a_term_lasts_from_one_day_to_three_years() -> None:
    assert term("2025-01-01", "2025-01-01").term_ends_on == date(2025, 1, 1)
    assert term("2025-01-01", "2028-01-01").term_ends_on == date(2028, 1, 1)
    assert term("2024-02-29", "2027-02-28").term_ends_on == date(2027, 2, 28)
    with pytest.raises(ValidationError, match="ends before it begins"):
        term("2025-01-01", "2024-12-31")
    with pytest.raises(ValidationError, match="at most three years"):
        term("2025-01-01", "2028-01-02")


@pytest.mark.parametrize("role", ["party", "mediator"])
def test_nobody_attends_twice_in_one_part(role: str) -> None:
    with pytest.raises(ValidationError, match="listed already, as number 1"):
        SHEET.validate_python(attended((role, "p1"), ("invitee", "x"), (role, "p1")))
    SHEET.validate_python(attended((role, "p1"), (role, "p2")))


def test_somebody_may_attend_in_two_parts_and_those_without_an_id_may_share_a_name() -> None:
    SHEET.validate_python(attended(("mediator", "sun"), ("convener", "sun")))
    SHEET.validate_python(attended(("invitee", "邻居"), ("invitee", "邻居")))


@pytest.mark.parametrize(("year", "good"), [(1948, False), (1949, True), (2100, True), (2101, False)])
def test_a_time_lies_in_the_years_that_people_mean(year: int, *, good: bool) -> None:
    text = f"{year}-06-01T00:00:00+08:00"
    if good:
        assert TIME.validate_python(text).year == year
    else:
        with pytest.raises(ValidationError, match="must lie in the years 1949 to 2100"):
            TIME.validate_python(text)


@pytest.mark.parametrize(("amount", "text"), [(0, "must be at least 1"), (1.5, "must be a whole number")])
def test_a_part_that_was_paid_is_money(amount: object, text: str) -> None:
    assert Performance.model_validate({"performed_on": "2026-03-20", "amount_fen": 40.0}).amount_fen == 40
    with pytest.raises(ValidationError) as refused:
        Performance.model_validate({"performed_on": "2026-03-20", "amount_fen": amount})
    found = [{**item, "loc": ("body", *item["loc"])} for item in refused.value.errors()]
    assert [str(item.detail) for item in field_errors(found)] == [text]


def test_requests_limit_numbers_only_in_ways_that_have_a_sentence() -> None:
    assert not [
        part for part in requests() if {"exclusiveMinimum", "exclusiveMaximum", "multipleOf"} & set(part)
    ]
