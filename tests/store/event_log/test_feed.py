"""Pages of the log: older versions read as the newest, nothing unknown passed over, nobody kept waiting by a filter."""

import json
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from access.scope import ALL_CASES
from store.event_log.codec import UndecodableEventError
from store.event_log.feed import FeedFilter, LogPage, UnknownTopicFilterError
from store.event_log.topics import TOPICS
from tests.support.databases import run, services_at

GOLDEN = Path(__file__).parents[2] / "golden"


def put(url: str, *topics: str) -> None:
    """Append an event of each topic, as it was stored when the topic was new."""
    with psycopg.connect(url) as connection:
        for topic in topics:
            path = GOLDEN / f"{topic}.json"
            state = json.loads(path.read_text(encoding="utf-8"))["state"] if path.exists() else {}
            connection.execute(
                "INSERT INTO stored_events (originator_id, originator_version, topic, state)"
                " VALUES (%s, 1, %s, %s)",
                (uuid4(), topic, json.dumps(state).encode()),
            )


def page(url: str, *names: str, after: int = 0, limit: int = 50) -> LogPage:
    async def ask() -> LogPage:
        async with services_at(url) as services:
            return await services.feed.page(ALL_CASES, after, limit, FeedFilter.of(names))

    return run(ask())


def topics(found: LogPage) -> list[str]:
    return [event.topic for event in found.events]


def test_an_empty_log_has_an_empty_page(empty_url: str) -> None:
    assert page(empty_url) == LogPage((), 0)
    assert page(empty_url, "dispute.", after=7) == LogPage((), 7)


def test_an_older_version_is_found_under_the_topic_as_which_it_is_read(empty_url: str) -> None:
    put(empty_url, "dispute.closed.v2", "dispute.closed.v1", "procedure.published.v1")
    for names in (["dispute.closed.v1"], ["dispute.closed."], ["dispute."]):
        found = page(empty_url, *names)
        assert (topics(found), found.position) == (["dispute.closed.v1"] * 2, 3)
    assert topics(page(empty_url, "procedure.")) == ["procedure.published.v3"]
    with pytest.raises(UnknownTopicFilterError):
        page(empty_url, "dispute.closed.v2")


@pytest.mark.parametrize("names", [[], ["dispute."], ["dispute.closed.v1", "dispute."]])
def test_what_a_newer_program_wrote_is_not_passed_over(empty_url: str, names: list[str]) -> None:
    put(empty_url, "dispute.closed.v1", "dispute.pondered.v1", "dispute.closed.v1")
    assert page(empty_url, *names, limit=1).position == 1
    with pytest.raises(UndecodableEventError):
        page(empty_url, *names, after=1)


def test_what_nobody_asked_for_need_not_be_readable(empty_url: str) -> None:
    put(empty_url, "dispute.closed.v1", "stars.pondered.v1", "dispute.closed.v1")
    found = page(empty_url, "dispute.")
    assert ([event.position for event in found.events], found.position) == ([1, 3], 3)


def test_a_filter_looks_so_far_and_says_how_far(empty_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("store.event_log.feed.SCAN_LIMIT", 3)
    put(empty_url, *["dispute.closed.v1"] * 7, "unit.renamed.v1", "dispute.closed.v1")
    position, pages = 0, []
    while (found := page(empty_url, "unit.", after=position)).position > position:
        pages.append((topics(found), found.position))
        position = found.position
    assert pages == [([], 3), ([], 6), (["unit.renamed.v1"], 9)]


def test_a_page_that_is_full_ends_with_its_last_event(empty_url: str) -> None:
    put(empty_url, "unit.renamed.v1", "dispute.closed.v1", "unit.renamed.v1", "dispute.closed.v1")
    found = page(empty_url, "unit.", limit=1)
    assert ([event.position for event in found.events], found.position) == ([1], 1)
    found = page(empty_url, "unit.", limit=1, after=1)
    assert ([event.position for event in found.events], found.position) == ([3], 3)
    assert page(empty_url, "unit.", limit=1, after=3) == LogPage((), 4)


def test_places_that_a_rolled_back_append_left_empty_do_no_harm(empty_url: str) -> None:
    put(empty_url, "unit.renamed.v1")
    with psycopg.connect(empty_url) as connection:
        connection.execute("SELECT setval('stored_events_notification_id_seq', 1000)")
    put(empty_url, "unit.renamed.v1")
    found = page(empty_url)
    assert ([event.position for event in found.events], found.position) == ([1, 1001], 1001)


def test_every_topic_can_be_asked_for() -> None:
    for topic in TOPICS.current:
        found = FeedFilter.of([topic])
        assert found is not None
        assert topic in found.stored(TOPICS)
        assert set(found.stored(TOPICS)) <= set(TOPICS.released)
