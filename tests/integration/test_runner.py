"""Read models through the runner: nothing skipped, nothing twice, one leader, and the same as the fold."""

import asyncio
from collections.abc import Awaitable, Callable
from uuid import UUID, uuid4

import psycopg
import pytest

from api.services import Services
from application.casefile import CaseFile
from domain.commands.dispute import AcceptDispute, FileDispute, RecordSession, RefuseMediation, ReturnDispute
from projections.all import projections
from projections.caseload import Caseload, Wanted
from projections.runner import LEADER_LOCK, Runner
from tests.conftest import run, services_at
from tests.support.world import NOW, SUN, ZHAO, acceptance, context, filing, session


async def some_case(services: Services, failures: int, *, refused: bool = False) -> UUID:
    """A case with so many failed sessions; five move it to the street, which sends it back on the sixth."""
    case = uuid4()
    do = services.engine.handle
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


async def must_equal_the_fold(services: Services, cases: list[UUID]) -> None:
    """Every row of the list says what the case file says."""
    listed = {item.id: item for item in (await services.case_list.page(Wanted(), 200, None)).items}
    assert set(listed) >= set(cases)
    for case in cases:
        file: CaseFile = await services.case_files.open(case, NOW)
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


def running(url: str, work: Callable[[Services, Runner], Awaitable[None]]) -> None:
    """Do something while a runner follows the log."""

    async def go() -> None:
        async with services_at(url) as services:
            runner = Runner(url, projections())
            task = asyncio.create_task(runner.run())
            try:
                await work(services, runner)
            finally:
                runner.stop()
                await asyncio.wait_for(task, 10)

    run(go())


def test_the_list_equals_the_fold(street_url: str) -> None:
    async def work(services: Services, _: Runner) -> None:
        cases = [await some_case(services, failures) for failures in (0, 1, 4, 5, 6)]
        cases.append(await some_case(services, 2, refused=True))
        assert await services.case_list.reaches(await _max_position(services))
        await must_equal_the_fold(services, cases)

    running(street_url, work)


def test_a_restart_goes_on_where_it_was(street_url: str) -> None:
    async def first(services: Services, _: Runner) -> None:
        cases.append(await some_case(services, 3))
        assert await services.case_list.reaches(await _max_position(services))

    async def second(services: Services, _: Runner) -> None:
        body = session(held_at="2026-03-18T09:00:00+08:00")
        command = RecordSession.model_validate({"dispute": cases[0], **body})
        await services.engine.handle(command, context(SUN))
        cases.append(await some_case(services, 5))
        assert await services.case_list.reaches(await _max_position(services))
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


def test_two_runners_have_one_leader_and_the_other_takes_over(street_url: str) -> None:
    async def work(services: Services, _: Runner) -> None:
        other = Runner(street_url, projections())
        task = asyncio.create_task(other.run())
        await services.case_list.reaches(await _max_position(services))
        (leader,) = await asyncio.to_thread(leader_of, street_url)
        with psycopg.connect(street_url, autocommit=True) as connection:
            connection.execute("SELECT pg_terminate_backend(%s)", (leader,))
        case = await some_case(services, 1)
        assert await services.case_list.reaches(await _max_position(services))
        await must_equal_the_fold(services, [case])
        assert len(await asyncio.to_thread(leader_of, street_url)) == 1
        other.stop()
        await asyncio.wait_for(task, 10)

    running(street_url, work)


def test_without_a_notification_the_poll_finds_it(street_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("projections.runner.CHANNEL", "nobody_speaks_here")

    async def work(services: Services, _: Runner) -> None:
        await asyncio.sleep(0.5)
        await some_case(services, 1)
        assert await services.case_list.reaches(await _max_position(services))

    running(street_url, work)


def test_a_fault_is_tried_again_and_nothing_is_lost(street_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    apply, failures = Caseload.apply, []

    async def failing(self, connection, batch):
        await apply(self, connection, batch)
        if len(failures) < 3:
            failures.append(len(batch))
            raise psycopg.errors.DeadlockDetected("made up")

    monkeypatch.setattr(Caseload, "apply", failing)

    async def work(services: Services, _: Runner) -> None:
        cases = [await some_case(services, 2)]
        assert await services.case_list.reaches(await _max_position(services))
        assert len(failures) == 3
        await must_equal_the_fold(services, cases)

    running(street_url, work)
