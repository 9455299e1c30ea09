"""Read models through the runner: nothing skipped, nothing twice, one leader, and the same as the fold."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import ClassVar
from uuid import UUID, uuid4

import psycopg
import pytest
from structlog.testing import capture_logs

from access.scope import ALL_CASES
from api.http.services import Services
from application.case_reader import CaseSnapshot
from domain.commands.dispute import AcceptDispute, FileDispute, RecordSession, RefuseMediation, ReturnDispute
from domain.events.envelope import Event, Recorded
from projections.case_list.projection import CaseListProjection
from projections.case_list.schemas import CaseFilter
from projections.registry import projections
from projections.runtime.projection import Projection
from projections.runtime.queries import position_of
from projections.runtime.runner import LEADER_LOCK, Runner
from tests.support.databases import run, services_at
from tests.support.world import NOW, SUN, ZHAO, acceptance, context, filing, session


async def some_case(services: Services, failures: int, *, refused: bool = False) -> UUID:
    """A case with so many failed sessions; five move it to the street, which sends it back on the sixth."""
    case = uuid4()
    do = services.command_handler.handle
    await do(FileDispute.model_validate({"dispute": case, **filing()}), context(SUN))
    await do(AcceptDispute.model_validate({"dispute": case, **acceptance()}), context(SUN))
    for number in range(min(failures, 5)):
        body = session(held_at=f"2026-03-{number + 6:02}T09:00:00+08:00")
        await do(RecordSession.model_validate({"dispute": case, **body}), context(SUN))
    if failures > 5:
        back = {"dispute": case, "reason": "再调", "occurred_at": "2026-03-20T09:00:00+08:00"}
        await do(ReturnDispute.model_validate(back), context(ZHAO))
    if refused:
        no = {"dispute": case, "party": "p2", "occurred_at": "2026-03-21T09:00:00+08:00"}
        await do(RefuseMediation.model_validate(no), context(SUN))
    return case


async def _max_position(services: Services) -> int:
    async with services.case_list._pool.connection() as connection:
        row = await (await connection.execute("SELECT max(notification_id) FROM stored_events")).fetchone()
    return row[0]


async def caught_up(services: Services, name: str = CaseListProjection.NAME) -> None:
    """Return when a read model has followed the log to its end."""
    end = await _max_position(services)
    async with asyncio.timeout(20):
        while True:
            if await position_of(services.case_list._pool, name) >= end:
                return
            await asyncio.sleep(0.02)


async def must_equal_the_fold(services: Services, cases: list[UUID]) -> None:
    """Every row of the list says what the case file says."""
    page = await services.case_list.page(ALL_CASES, CaseFilter(), 200, NOW.date())
    listed = {item.id: item for item in page.items}
    assert set(listed) >= set(cases)
    for case in cases:
        file: CaseSnapshot = await services.case_reader.read(ALL_CASES, case, NOW)
        row, dispute = listed[case], file.dispute
        assert (row.version, row.status, row.tier, row.platform, row.outcome, row.number, row.mediators) == (
            dispute.version,
            dispute.status,
            dispute.tier,
            dispute.platform,
            dispute.outcome,
            dispute.number,
            list(dispute.mediators),
        )


def running(
    url: str, work: Callable[[Services, Runner], Awaitable[None]], followers: Sequence[Projection] = ()
) -> None:
    """Do something while a runner follows the log, for the product's read models or for those given."""

    async def go() -> None:
        async with services_at(url) as services:
            runner = Runner(url, followers or projections())
            task = asyncio.create_task(runner.run())
            try:
                await work(services, runner)
            finally:
                runner.stop()
                await asyncio.wait_for(task, 10)

    run(go())


@pytest.mark.parametrize("seed", [1, 2])
def test_the_list_equals_the_fold(street_url: str, monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    """Cases of every length, filed side by side, so that batches cut across them."""
    monkeypatch.setattr("projections.runtime.runner.BATCH", 7)
    draw = random.Random(seed)
    drawn = [(draw.randrange(7), draw.random() < 0.3) for _ in range(14)]

    async def work(services: Services, _: Runner) -> None:
        cases = await asyncio.gather(
            *(some_case(services, failures, refused=refused and failures < 5) for failures, refused in drawn)
        )
        await caught_up(services)
        await must_equal_the_fold(services, cases)

    running(street_url, work)


def test_a_restart_goes_on_where_it_was(street_url: str) -> None:
    async def first(services: Services, _: Runner) -> None:
        cases.append(await some_case(services, 3))
        await caught_up(services)

    async def second(services: Services, _: Runner) -> None:
        body = session(held_at="2026-03-18T09:00:00+08:00")
        command = RecordSession.model_validate({"dispute": cases[0], **body})
        await services.command_handler.handle(command, context(SUN))
        cases.append(await some_case(services, 5))
        await caught_up(services)
        await must_equal_the_fold(services, cases)

    cases: list[UUID] = []
    running(street_url, first)
    running(street_url, second)


def leader_of(url: str) -> list[int]:
    with psycopg.connect(url) as connection:
        rows = connection.execute(
            "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND objid = %s AND granted"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
            (LEADER_LOCK,),
        ).fetchall()
    return [row[0] for row in rows]


class Counting:
    """Writes down every position it is given, in the runner's transaction, and then does what it is told."""

    NAME: ClassVar[str] = "counting"

    def __init__(self, then: Callable[[int], Awaitable[None]] | None = None) -> None:
        self.batches: list[int] = []
        self._then = then

    async def apply(self, connection: psycopg.AsyncConnection, batch: Sequence[Recorded[Event]]) -> None:
        self.batches.append(len(batch))
        async with connection.cursor() as cursor:
            await cursor.executemany("INSERT INTO counted VALUES (%s)", [(item.position,) for item in batch])
        if self._then:
            await self._then(len(self.batches))


def make_counted(url: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute(
            "CREATE TABLE counted (position bigint, place bigserial);"
            "GRANT ALL ON counted, counted_place_seq TO tiaochu_app"
        )


def must_have_counted_each_once(url: str) -> None:
    with psycopg.connect(url) as connection:
        counted = connection.execute("SELECT position FROM counted ORDER BY place").fetchall()
        there = connection.execute("SELECT notification_id FROM stored_events ORDER BY 1").fetchall()
    assert counted == there


def kill(url: str, pid: int) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SELECT pg_terminate_backend(%s)", (pid,))


def test_a_runner_stopped_between_two_batches_goes_on_with_the_next(
    street_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("projections.runtime.runner.BATCH", 3)
    make_counted(street_url)

    async def first() -> None:
        async def stop(batches: int) -> None:
            if batches == 2:
                runner.stop()

        runner = Runner(street_url, [Counting(stop)])
        await asyncio.wait_for(runner.run(), 10)

    async def second(services: Services, _: Runner) -> None:
        await some_case(services, 2)
        await caught_up(services, Counting.NAME)

    run(first())
    with psycopg.connect(street_url) as connection:
        assert connection.execute("SELECT count(*) FROM counted").fetchone() == (6,)
    running(street_url, second, [Counting()])
    must_have_counted_each_once(street_url)


def test_a_batch_whose_connection_is_cut_counts_once(
    street_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("projections.runtime.runner.BATCH", 3)
    make_counted(street_url)

    async def cut(batches: int) -> None:
        if batches in {2, 4}:
            (leader,) = await asyncio.to_thread(leader_of, street_url)
            await asyncio.to_thread(kill, street_url, leader)

    async def work(services: Services, _: Runner) -> None:
        await some_case(services, 1)
        await caught_up(services, Counting.NAME)

    running(street_url, work, [Counting(cut)])
    must_have_counted_each_once(street_url)


def test_two_runners_have_one_leader_and_the_other_takes_over(
    street_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("projections.runtime.runner._BACK_OFF", (60.0,))
    make_counted(street_url)
    one, other = Counting(), Counting()

    async def work(services: Services, _: Runner) -> None:
        await caught_up(services, Counting.NAME)
        runner = Runner(street_url, [other])
        task = asyncio.create_task(runner.run())
        (leader,) = await asyncio.to_thread(leader_of, street_url)
        await some_case(services, 1)
        await caught_up(services, Counting.NAME)
        await asyncio.sleep(0.6)
        led, waited = sum(one.batches), sum(other.batches)
        await asyncio.to_thread(kill, street_url, leader)
        await some_case(services, 1)
        await caught_up(services, Counting.NAME)
        (successor,) = await asyncio.to_thread(leader_of, street_url)
        assert successor != leader
        assert (waited, sum(one.batches)) == (0, led)
        assert sum(other.batches) > 0
        runner.stop()
        await asyncio.wait_for(task, 10)

    running(street_url, work, [one])
    must_have_counted_each_once(street_url)


def test_a_leader_that_is_frozen_loses_its_lead(street_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("projections.runtime.runner._SILENCE", "300ms")
    make_counted(street_url)
    one, other = Counting(), Counting()

    async def frozen(*_: object) -> None:
        await asyncio.sleep(60)

    async def work(services: Services, leading: Runner) -> None:
        await caught_up(services, Counting.NAME)
        monkeypatch.setattr(leading, "_wait_for_news", frozen)
        await asyncio.sleep(0.4)
        runner = Runner(street_url, [other])
        task = asyncio.create_task(runner.run())
        await some_case(services, 1)
        await asyncio.wait_for(caught_up(services, Counting.NAME), 5)
        assert sum(other.batches) > 0
        runner.stop()
        await asyncio.wait_for(task, 10)

    async def go() -> None:
        async with services_at(street_url) as services:
            leading = Runner(street_url, [one])
            task = asyncio.create_task(leading.run())
            await work(services, leading)
            task.cancel()

    run(go())
    must_have_counted_each_once(street_url)


def test_without_a_notification_the_poll_finds_it(street_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("projections.runtime.runner.CHANNEL", "nobody_speaks_here")

    async def work(services: Services, _: Runner) -> None:
        await asyncio.sleep(0.5)
        await some_case(services, 1)
        await caught_up(services)

    running(street_url, work)


def pauses(logs: Sequence[Mapping[str, object]]) -> list[object]:
    return [log["seconds"] for log in logs if log["event"] == "projections paused"]


def test_a_fault_in_the_middle_of_a_case_is_tried_again(
    street_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was folded for a batch that did not come to be is not folded twice."""
    apply, failures = CaseListProjection.apply, []

    async def failing(self, connection, batch):
        await apply(self, connection, batch)
        if len(failures) < 3 and batch[0].topic.startswith("dispute.") and batch[0].version > 1:
            failures.append(len(batch))
            raise psycopg.errors.DeadlockDetected("made up")

    monkeypatch.setattr("projections.runtime.runner.BATCH", 1)
    monkeypatch.setattr(CaseListProjection, "apply", failing)

    async def work(services: Services, _: Runner) -> None:
        cases = [await some_case(services, 2)]
        await caught_up(services)
        await must_equal_the_fold(services, cases)

    with capture_logs() as logs:
        running(street_url, work)
    assert pauses(logs) == [0.1, 0.5, 1.0]


def test_a_fault_after_all_went_well_again_waits_as_briefly_as_the_first(
    street_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_counted(street_url)

    async def work(services: Services, _: Runner) -> None:
        for _again in range(3):
            await caught_up(services, Counting.NAME)
            await asyncio.sleep(0.5)
            (leader,) = await asyncio.to_thread(leader_of, street_url)
            await asyncio.to_thread(kill, street_url, leader)
            await some_case(services, 0)
        await caught_up(services, Counting.NAME)

    with capture_logs() as logs:
        running(street_url, work, [Counting()])
    assert pauses(logs) == [0.1, 0.1, 0.1]
    must_have_counted_each_once(street_url)


def test_a_fault_amid_a_long_way_to_go_waits_as_briefly_as_the_first(
    street_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Under steady load a runner never comes to the end of the log, and yet it gets on."""
    monkeypatch.setattr("projections.runtime.runner.BATCH", 1)
    make_counted(street_url)

    async def cut(batches: int) -> None:
        if batches in {4, 8, 12}:
            (leader,) = await asyncio.to_thread(leader_of, street_url)
            await asyncio.to_thread(kill, street_url, leader)

    async def work(services: Services, _: Runner) -> None:
        await caught_up(services, Counting.NAME)

    with capture_logs() as logs:
        running(street_url, work, [Counting(cut)])
    assert pauses(logs) == [0.1, 0.1, 0.1]
    must_have_counted_each_once(street_url)


def test_rows_and_position_move_together_or_not_at_all(street_url: str) -> None:
    """Every second time the position cannot be written, after the rows have been."""
    make_counted(street_url)
    with psycopg.connect(street_url) as connection:
        connection.execute(
            "CREATE SEQUENCE times; GRANT USAGE ON SEQUENCE times TO tiaochu_app;"
            "CREATE FUNCTION stumble() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            " IF nextval('times') % 2 = 1 THEN RAISE EXCEPTION 'made up'; END IF; RETURN new; END $$;"
            "CREATE TRIGGER stumbles BEFORE INSERT ON projection_positions"
            " FOR EACH ROW EXECUTE FUNCTION stumble()"
        )

    async def work(services: Services, _: Runner) -> None:
        await caught_up(services, Counting.NAME)
        await some_case(services, 1)
        await caught_up(services, Counting.NAME)

    with capture_logs() as logs:
        running(street_url, work, [Counting()])
    assert pauses(logs)
    must_have_counted_each_once(street_url)
