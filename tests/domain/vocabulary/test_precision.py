"""A time of recording that a client cut short still includes what was recorded within the unit that is left."""

from datetime import datetime

import pytest

from domain.vocabulary.precision import end_of_written_unit

EXACT = "2026-05-01T10:20:30.123456+08:00"


@pytest.mark.parametrize(
    ("text", "end"),
    [
        (EXACT, EXACT),
        ("2026-05-01T10:20:30.123+08:00", "2026-05-01T10:20:30.123999+08:00"),
        ("2026-05-01T10:20:30.1Z", "2026-05-01T10:20:30.199999+00:00"),
        ("2026-05-01T10:20:30+08:00", "2026-05-01T10:20:30.999999+08:00"),
        ("2026-05-01T10:20+08:00", "2026-05-01T10:20:59.999999+08:00"),
    ],
)
def test_a_time_ends_with_the_smallest_unit_that_is_written(text: str, end: str) -> None:
    assert end_of_written_unit(text, datetime.fromisoformat(text)) == datetime.fromisoformat(end)
