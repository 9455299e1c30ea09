"""Days and moments as people give them: RFC 3339 text and nothing else, in the years that commands accept."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Annotated, get_args

import pytest
from pydantic import BaseModel, TypeAdapter, ValidationError

from domain.commands.base import Command
from domain.vocabulary import Day, Moment, years_after
from tests.support.subclasses import all_subclasses

MOMENT: TypeAdapter[datetime] = TypeAdapter(Moment)
DAY: TypeAdapter[date] = TypeAdapter(Day)
NO_TIMES = [
    0,
    1,
    20260302,
    1772413200.5,
    "0",
    "20260302",
    "1772413200",
    "-1",
    "",
    " ",
    "now",
    True,
    None,
    [],
    {},
]
"""What is no time and no day; much of it would be taken for seconds since 1970."""


@pytest.mark.parametrize("given", NO_TIMES)
def test_a_number_or_another_text_is_no_time_and_no_day(given: object) -> None:
    for kind in (MOMENT, DAY):
        with pytest.raises(ValidationError):
            kind.validate_python(given)


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-02T09:00:00+08:00",
        "2026-03-02t01:00:00z",
        "2026-03-02 01:00:00Z",
        "2026-03-02T01:00:00.000000Z",
        "2026-03-01T15:00:00-10:00",
    ],
)
def test_rfc_3339_writes_a_time_in_several_ways(text: str) -> None:
    assert MOMENT.validate_python(text) == datetime(2026, 3, 2, 1, tzinfo=UTC)
    assert MOMENT.validate_json(f'"{text}"') == datetime(2026, 3, 2, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-02",
        "2026-03-02T09:00:00",
        "2026-03-02T09:00+08:00",
        "2026-03-02T09+08:00",
        "2026-03-02T09:00:00+0800",
        "2026-03-02T09:00:00+08",
        "20260302T090000+0800",
        "2026-W10-1T09:00:00+08:00",
        "2026-02-30T09:00:00+08:00",
        "2026-03-02T25:00:00+08:00",
        "２０２６-03-02T09:00:00+08:00",
        " 2026-03-02T09:00:00+08:00",
    ],
)
def test_another_way_to_write_a_time_is_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        MOMENT.validate_python(text)


@pytest.mark.parametrize(
    "text",
    ["2026-3-2", "2026/03/02", "2026-03-02T00:00:00Z", "2026-03-02T00:00:00", "2026-02-29", "02-03-2026"],
)
def test_another_way_to_write_a_day_is_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        DAY.validate_python(text)


@pytest.mark.parametrize(
    ("text", "good"),
    [
        ("1949-01-01T00:00:00+08:00", True),
        ("1948-12-31T16:00:00Z", True),
        ("1948-12-31T23:59:59+08:00", False),
        ("1949-01-01T00:00:00+14:00", False),
        ("1900-01-01T00:00:00+14:00", False),
        ("2100-12-31T23:59:59+08:00", True),
        ("2101-01-01T00:00:00+08:00", False),
        ("2100-12-31T16:00:00Z", False),
        ("0001-01-01T00:00:00+14:00", False),
        ("9999-12-31T23:59:59-14:00", False),
    ],
)
def test_a_time_lies_in_the_years_that_commands_accept_by_the_clock_that_counts_days(
    text: str, *, good: bool
) -> None:
    if good:
        MOMENT.validate_python(text)
        return
    with pytest.raises(ValidationError, match="must lie in the years 1949 to 2100"):
        MOMENT.validate_python(text)


def test_a_moment_of_the_program_keeps_its_limits_too() -> None:
    early = datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=14)))
    with pytest.raises(ValidationError, match="must lie in the years"):
        MOMENT.validate_python(early)
    with pytest.raises(ValidationError, match="must lie in the years"):
        DAY.validate_python(date(1948, 12, 31))
    assert DAY.validate_python(date(1949, 1, 1)) == date(1949, 1, 1)


def test_years_later_is_the_same_day() -> None:
    assert years_after(date(2024, 2, 28), 2) == date(2026, 2, 28)
    assert years_after(date(2024, 2, 29), 2) == date(2026, 3, 1)


@pytest.mark.parametrize("command", sorted(all_subclasses(Command), key=lambda kind: kind.__qualname__))
def test_every_time_of_every_command_is_strict(command: type[Command]) -> None:
    taken = [
        (name, given)
        for name, kind in times_of(command)
        for given in (0, "0", 20260302, "20260302", "1948-12-31", "2101-01-01T12:00:00+08:00")
        if is_taken(kind, given) and (name, given) != ("born_on", "1948-12-31")  # people are older
    ]
    assert taken == []


def is_taken(kind: TypeAdapter[object], given: object) -> bool:
    """Whether a field takes a value."""
    try:
        kind.validate_python(given)
    except ValidationError:
        return False
    return True


def times_of(model: type[BaseModel]) -> Iterator[tuple[str, TypeAdapter[object]]]:
    """The fields of a model, and of the models within it, that hold a time or a day."""
    for name, field in model.model_fields.items():
        parts = set(parts_of(field.annotation))
        for inner in parts:
            if isinstance(inner, type) and issubclass(inner, BaseModel):
                yield from times_of(inner)
        if parts & {date, datetime}:
            yield name, TypeAdapter(Annotated[(field.annotation, *field.metadata, None)])


def parts_of(annotation: object) -> Iterator[object]:
    """A type and the types that it is made of."""
    yield annotation
    for part in get_args(annotation):
        yield from parts_of(part)
