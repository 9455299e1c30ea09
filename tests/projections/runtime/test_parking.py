"""An event that a read model cannot take: its stream waits, the others go on, and once mended it is taken."""

from collections.abc import Sequence
from typing import ClassVar
from uuid import UUID, uuid4

import psycopg
import pytest
from structlog.testing import capture_logs

from domain.events.dispute import SessionRecorded
from domain.events.envelope import Event, Recorded
from projections.case_list.projection import CaseListProjection
from projections.registry import NAMES, projections
from projections.runtime.batch import ProjectionFaultError
from projections.runtime.parking import Parked, waiting_in
from projections.runtime.projection import Connection
from projections.runtime.retry import retry_parked
from projections.runtime.runner import catch_up_once
from tests.projections.runtime.test_runner import must_equal_the_fold, some_case
from tests.support.databases import run, services_at

UNREADABLE = (
    "INSERT INTO stored_events (originator_id, originator_version, topic, state) VALUES (%s, %s, %s, %s)"
)


def parked_at(url: str, name: str | None = None) -> list[Parked]:
    async def ask() -> list[Parked]:
        async with services_at(url) as services:
            return await waiting_in(services.case_list._pool, name)

    return run(ask())


def insert(
    url: str, stream: UUID, version: int, topic: str = "nobody.knows.v1", state: bytes = b"{}"
) -> None:
    with psycopg.connect(url) as connection:
        connection.execute(UNREADABLE, (stream, version, topic, state))


def cases(url: str, *failures: int) -> list[UUID]:
    async def make() -> list[UUID]:
        async with services_at(url) as services:
            return [await some_case(services, failure) for failure in failures]

    return run(make())


def must_be_listed_rightly(url: str, known: list[UUID]) -> None:
    async def look() -> None:
        async with services_at(url) as services:
            await must_equal_the_fold(services, known)

    run(look())


class Squeamish(CaseListProjection):
    """A list that cannot bear a third session, until it is mended."""

    CURE: ClassVar[bool] = False

    async def apply(self, connection: Connection, batch: Sequence[Recorded[Event]]) -> None:
        for item in batch:
            if not self.CURE and isinstance(item.event, SessionRecorded) and item.event.number == 3:
                raise LookupError("no third session")
        await super().apply(connection, batch)


@pytest.mark.parametrize("batch", [1, 4, 500])
def test_a_stream_with_an_event_that_cannot_be_taken_waits_and_the_others_go_on(
    street_url: str, batch: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("projections.runtime.runner.BATCH", batch)
    one, bad, other, worse = cases(street_url, 2, 4, 1, 5)
    with capture_logs() as logs:
        run(catch_up_once(street_url, [Squeamish()]))
    waiting = parked_at(street_url, "caseload")
    assert {item.stream for item in waiting} == {bad, worse}
    assert {(item.topic, item.error) for item in waiting} == {
        ("dispute.session_recorded.v1", "LookupError('no third session')")
    }
    assert sum(log["event"] == "stream parked" for log in logs) == 2
    must_be_listed_rightly(street_url, [one, other])
    (later,) = cases(street_url, 1)
    run(catch_up_once(street_url, [Squeamish()]))
    must_be_listed_rightly(street_url, [one, other, later])
    assert len(parked_at(street_url)) == 2


def test_what_cannot_be_read_at_all_waits_for_every_read_model(street_url: str) -> None:
    stranger = uuid4()
    (before,) = cases(street_url, 1)
    insert(street_url, stranger, 1)
    insert(street_url, before, 4, "dispute.session_recorded.v1", b"torn")
    (after,) = cases(street_url, 2)
    run(catch_up_once(street_url, projections()))
    waiting = parked_at(street_url)
    assert {(item.projection, item.stream) for item in waiting} == {
        (name, stream) for name in NAMES for stream in (stranger, before)
    }
    must_be_listed_rightly(street_url, [after])


def test_once_mended_a_stream_is_taken_up_to_where_the_others_are(
    street_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = cases(street_url, 4, 1)
    run(catch_up_once(street_url, [Squeamish()]))

    async def retried() -> tuple[int, list[Parked]]:
        async with services_at(street_url) as services:
            return await retry_parked(street_url, services.health, "caseload", lambda: (Squeamish(),))

    taken, waiting = run(retried())
    assert (taken, [item.stream for item in waiting]) == (0, known[:1])
    monkeypatch.setattr(Squeamish, "CURE", True)
    assert run(retried()) == (1, [])
    assert parked_at(street_url) == []
    must_be_listed_rightly(street_url, known)


def test_a_read_model_that_fails_everywhere_parks_nothing_and_pauses(street_url: str) -> None:
    class Broken(CaseListProjection):
        async def apply(self, connection: Connection, batch: Sequence[Recorded[Event]]) -> None:
            raise RuntimeError("broken")

    cases(street_url, *[0] * 11)
    with pytest.raises(ProjectionFaultError):
        run(catch_up_once(street_url, [Broken()]))
    assert parked_at(street_url) == []


def test_how_many_wait_is_told_with_the_lag(street_url: str) -> None:
    insert(street_url, uuid4(), 1)
    run(catch_up_once(street_url, projections()))

    async def told() -> set[tuple[str, int, int]]:
        async with services_at(street_url) as services:
            return {(lag.name, lag.events, lag.parked) for lag in await services.health.lags()}

    assert run(told()) == {(name, 0, 1) for name in NAMES}
