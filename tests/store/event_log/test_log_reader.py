"""Streams are read together in groups of a limited number of events."""

from uuid import UUID

import pytest

from store.event_log.log_reader import grouped

A, B, C, D = (UUID(int=number) for number in range(4))


@pytest.mark.parametrize(
    ("lengths", "groups"),
    [
        ((4, 6, 1), [[A, B], [C]]),
        ((4, 7, 1), [[A], [B, C]]),
        ((11, 1), [[A], [B]]),
        ((1, 11, 1), [[A], [B], [C]]),
        ((), []),
    ],
)
def test_a_group_has_ten_events_or_one_stream_that_has_more(
    lengths: tuple[int, ...], groups: list[list[UUID]]
) -> None:
    assert list(grouped(zip((A, B, C, D), lengths, strict=False), 10)) == groups
