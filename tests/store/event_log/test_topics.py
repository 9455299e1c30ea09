"""An older topic is read as the newest version, however many versions lie between."""

import pytest

from domain.events.dispute import Closed
from store.event_log.topics import Topics

TOPICS = Topics(
    [Closed],
    {
        "dispute.closed.v0": (
            "dispute.closed.v2",
            lambda old: {**old, "occurred_at": "2026-03-02T09:00:00Z"},
        ),
        "dispute.closed.v2": ("dispute.closed.v1", lambda old: {**old, "reason": None}),
    },
)


@pytest.mark.parametrize("topic", ["dispute.closed.v0", "dispute.closed.v2", "dispute.closed.v1"])
def test_the_newest_version_of_a_topic(topic: str) -> None:
    assert TOPICS.newest(topic) == "dispute.closed.v1"


def test_an_unknown_topic_is_returned_unchanged() -> None:
    assert TOPICS.newest("dispute.pondered.v1") == "dispute.pondered.v1"


def test_every_version_on_the_way_is_applied() -> None:
    assert TOPICS.event("dispute.closed.v0", {"outcome": "failed"}).happened_at.year == 2026
