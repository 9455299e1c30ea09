"""Part (h) of the ledger check: what followers of the log were told."""

import pytest

from tests.faults.ledger import followed


@pytest.mark.parametrize(
    ("seen", "kinds"),
    [
        ([1, 2, 4], []),
        ([1, 4], ["lost"]),
        ([1, 2, 2, 4], ["doubled"]),
        ([1, 2, 3, 4], ["wrong"]),
        ([2, 1, 4], ["wrong"]),
        ([], ["lost"] * 3),
    ],
)
def test_h_a_follower_that_was_told_something_else_than_the_log(seen: list[int], kinds: list[str]) -> None:
    assert [(item.check, item.kind) for item in followed("somebody", seen, [1, 2, 4])] == [
        ("h", k) for k in kinds
    ]
