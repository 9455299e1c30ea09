"""The clock on a real database, with time running at will: midnights, downtime, two of them, late records."""

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from api.http.services import Services
from application.command_handler import CommandHandler
from application.context import Context
from application.deadline_scheduler import (
    ACTOR,
    DeadlineScheduler,
    ExpiredTimeLimit,
    FiringResult,
    command_id,
)
from application.initial_data import default_ladder
from application.ports import Reply
from cli.bootstrap import open_deadline_scheduler, open_services
from cli.settings import Settings
from domain.commands.calendar import PublishCalendar
from domain.commands.dispute import (
    AcceptDispute,
    AnyDisputeCommand,
    FileDispute,
    GiveOpinion,
    RecordSession,
)
from domain.commands.procedure import PublishProcedure
from domain.procedures.ladder import Ladder
from domain.procedures.tier import Expiry
from projections.registry import projections
from projections.runtime.runner import catch_up_once
from tests.support.databases import run
from tests.support.specification import moment
from tests.support.street import describe_street
from tests.support.world import ADMIN, SUN, ZHAO, acceptance, context, filing, session

ROOT = Path(__file__).parents[2]


class Time:
    """A clock that stands wherever it is put."""

    def __init__(self, at: str) -> None:
        self.now = moment(at)

    def __call__(self) -> datetime:
        """Return what it shows."""
        return self.now


@dataclass
class Town:
    """The street under a ladder whose time limits act."""

    url: str
    time: Time
    services: Services
    towers: list[DeadlineScheduler]

    async def case(self, filed: str, accepted: str | None = None) -> UUID:
        """File a case at a time, and perhaps accept it; whatever is recorded is recorded then."""
        case = uuid4()
        await self.do(
            FileDispute, filed, dispute=case, procedure="acting", **filing(occurred_at=moment(filed))
        )
        if accepted:
            await self.do(AcceptDispute, accepted, dispute=case, **acceptance(occurred_at=moment(accepted)))
        return case

    async def do(self, command: type[AnyDisputeCommand], at: str, **fields: object) -> None:
        """Record something at a time."""
        self.time.now = moment(at)
        by = ZHAO if fields.get("mediators") == ["qian"] else SUN
        await self.services.command_handler.handle(command.model_validate(fields), context(by))

    async def strike(self, at: str, tower: int = 0) -> FiringResult:
        """Let a clock strike at a time, after the case list has followed."""
        self.time.now = moment(at)
        await catch_up_once(self.url, projections())
        return await self.towers[tower].fire_due()

    async def history(self, case: UUID) -> list[tuple[str, str]]:
        """What happened to a case, and by whom."""
        return [
            (recorded.topic, recorded.actor.sub) for recorded in await self.services.case_reader.history(case)
        ]

    async def moves(self, case: UUID) -> list[str]:
        """What clocks did to a case."""
        return [topic.split(".")[1] for topic, by in await self.history(case) if by == ACTOR.sub]


def acting(**clocks: str) -> Ladder:
    """A ladder on which clocks act."""
    what = Expiry.model_validate(clocks or {"accept": "escalate", "mediate": "escalate"})
    tiers = tuple(tier.model_copy(update={"on_expiry": what}) for tier in default_ladder().tiers)
    return default_ladder().model_copy(update={"id": "acting", "tiers": tiers})


def in_town(
    url: str, home: Path, work: Callable[[Town], Awaitable[None]], ladder: Ladder | None = None
) -> None:
    """Do something in a town with two clocks."""

    async def begin() -> None:
        time = Time("2026-02-02")
        async with AsyncExitStack() as stack:
            services = await stack.enter_async_context(open_services(Settings(var=home), url, time))
            towers = [await stack.enter_async_context(open_deadline_scheduler(url, time)) for _ in range(2)]
            await describe_street(services)
            published = PublishProcedure(ladder=ladder or acting())
            await services.command_handler.handle(published, context(ADMIN))
            await work(Town(url, time, services, towers))

    run(begin())


def test_it_fires_once_at_midnight_and_not_before(empty_url: str, home: Path) -> None:
    async def work(town: Town) -> None:
        case = await town.case("2026-03-02", "2026-03-03")
        assert await town.strike("2026-04-03 23:59") == FiringResult()
        assert await town.strike("2026-04-04 00:00") == FiringResult(fired=1)
        assert await town.strike("2026-04-04 00:01") == FiringResult()
        assert await town.moves(case) == ["escalated"]

    in_town(empty_url, home, work)


def test_a_ladder_that_only_marks_never_fires(empty_url: str, home: Path) -> None:
    async def work(town: Town) -> None:
        await town.case("2026-03-02", "2026-03-03")
        assert await town.strike("2027-04-03") == FiringResult()

    in_town(empty_url, home, work, acting(accept="mark", mediate="mark"))


def test_what_a_read_model_has_not_seen_yet_the_case_itself_decides(empty_url: str, home: Path) -> None:
    async def work(town: Town) -> None:
        case = await town.case("2026-03-02", "2026-03-03")
        await catch_up_once(town.url, projections())
        town.time.now = moment("2026-04-04 00:00")
        await town.do(
            GiveOpinion,
            "2026-04-04 00:00",
            dispute=case,
            by="甲",
            opinion="乙",
            occurred_at=moment("2026-04-03"),
        )
        assert await town.towers[0].fire_due() == FiringResult(moot=1)
        assert await town.towers[0].fire_due() == FiringResult()
        assert await town.strike("2026-04-04 23:59") == FiringResult()
        assert await town.strike("2026-04-05 00:00") == FiringResult(fired=1)

    in_town(empty_url, home, work)


def test_late_records_hold_it_up_for_a_day(empty_url: str, home: Path) -> None:
    async def work(town: Town) -> None:
        case = await town.case("2026-03-02", "2026-03-03")
        late = session(outcome="no_show", held_at=moment("2026-04-02 14:00"))
        await town.do(RecordSession, "2026-04-03 22:30", dispute=case, **late)
        assert await town.strike("2026-04-04 22:29") == FiringResult()
        agreed = session(outcome="agreed", held_at=moment("2026-04-03 10:00"))
        await town.do(RecordSession, "2026-04-04 22:29", dispute=case, **agreed)
        assert await town.strike("2026-06-01") == FiringResult()
        assert await town.moves(case) == []

    in_town(empty_url, home, work)


@pytest.mark.soak
def test_after_three_days_without_a_clock_nothing_is_lost(empty_url: str, home: Path) -> None:
    async def work(town: Town) -> None:
        cases = [await town.case("2026-03-02", f"2026-03-0{day}") for day in (3, 4, 5, 6)]
        assert await town.strike("2026-04-03 12:00") == FiringResult()
        assert await town.strike("2026-04-08 12:00") == FiringResult(fired=4)
        for case in cases:
            assert await town.moves(case) == ["escalated"]
            last = (await town.services.case_reader.history(case))[-1]
            assert last.event.happened_at == moment("2026-04-08 12:00")

    in_town(empty_url, home, work)


def test_two_clocks_at_once_fire_each_case_once(empty_url: str, home: Path) -> None:
    async def work(town: Town) -> None:
        cases = [await town.case("2026-03-02", "2026-03-03") for _ in range(60)]
        town.time.now = moment("2026-04-04 00:00")
        await catch_up_once(town.url, projections())
        both = await asyncio.gather(*(tower.fire_due() for tower in town.towers))
        assert sum(item.fired for item in both) >= 60
        assert [await town.moves(case) for case in cases] == [["escalated"]] * 60

    in_town(empty_url, home, work)


def test_the_same_command_whichever_clock_sends_it() -> None:
    alarm = ExpiredTimeLimit(uuid4(), 3, "mediate", date(2026, 4, 3), moment("2026-04-04"))
    later = ExpiredTimeLimit(alarm.dispute, 9, "mediate", date(2026, 4, 3), moment("2026-04-05"))
    assert command_id(alarm) == command_id(later)
    assert command_id(alarm) != command_id(
        ExpiredTimeLimit(alarm.dispute, 3, "mediate", date(2026, 5, 3), alarm.fires_at)
    )


def test_a_make_up_saturday_counts(empty_url: str, home: Path) -> None:
    """Two working days from a Thursday in May 2026: the Friday, and the Saturday that is worked."""

    async def work(town: Town) -> None:
        case = await town.case("2026-05-07 16:00")
        assert await town.strike("2026-05-09 23:59") == FiringResult()
        assert await town.strike("2026-05-10 00:00") == FiringResult(fired=1)
        assert await town.moves(case) == ["escalated"]

    in_town(empty_url, home, work)


def test_a_calendar_that_is_published_lets_fire_what_waited_for_it(empty_url: str, home: Path) -> None:
    async def work(town: Town) -> None:
        case = await town.case("2026-12-30 16:00")
        assert await town.strike("2027-02-01") == FiringResult()
        year = PublishCalendar(year=2027, days_off=(date(2027, 1, 1),), workdays=(), basis="样例")
        await town.services.command_handler.handle(year, context(ADMIN))
        assert await town.strike("2027-02-01 00:01") == FiringResult(fired=1)
        assert await town.moves(case) == ["escalated"]

    in_town(empty_url, home, work)


def test_moving_on_waiting_and_the_end_of_the_ladder(empty_url: str, home: Path) -> None:
    """Nobody accepts at the community, nor for a while at the street; in the end its mediation runs out."""

    async def work(town: Town) -> None:
        case = await town.case("2026-03-02")
        assert await town.strike("2026-03-06") == FiringResult(fired=1)
        assert await town.strike("2026-03-20") == FiringResult(moot=1)
        assert await town.strike("2026-03-20 09:59") == FiringResult()
        assert await town.strike("2026-03-21") == FiringResult(moot=1)
        await town.do(
            AcceptDispute, "2026-03-23", dispute=case, mediators=["qian"], occurred_at=moment("2026-03-23")
        )
        assert await town.strike("2026-04-23 23:00") == FiringResult()
        assert await town.strike("2026-04-24") == FiringResult(fired=1)
        assert await town.moves(case) == ["escalated", "remedies_notified", "closed"]
        assert await town.strike("2027-01-01") == FiringResult()

    in_town(empty_url, home, work)


def test_a_fault_in_one_case_does_not_keep_the_others_from_firing(
    empty_url: str, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reported: list[tuple[UUID, str]] = []

    async def work(town: Town) -> None:
        bad, good = [await town.case("2026-03-02", "2026-03-03") for _ in range(2)]
        handle = CommandHandler.handle

        async def faulty(engine: CommandHandler, command: AnyDisputeCommand, given: Context) -> Reply:
            if command.dispute == bad:
                raise KeyError("park")
            return await handle(engine, command, given)

        def report(alarm: ExpiredTimeLimit, error: Exception) -> None:
            reported.append((alarm.dispute, type(error).__name__))

        monkeypatch.setattr(CommandHandler, "handle", faulty)
        monkeypatch.setattr(town.towers[0], "_report", report)
        assert await town.strike("2026-04-04 00:00") == FiringResult(fired=1, failed=1)
        assert await town.strike("2026-04-04 00:30") == FiringResult()
        assert await town.moves(good) == ["escalated"]
        assert reported == [(bad, "KeyError")]
        monkeypatch.undo()
        assert await town.strike("2026-04-04 01:00") == FiringResult(fired=1)
        assert await town.moves(bad) == ["escalated"]

    in_town(empty_url, home, work)


def test_a_round_that_is_cut_short_leaves_the_rest_to_the_next(
    empty_url: str, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when the worker is told to stop: its clock is cancelled in the middle of a round."""

    async def work(town: Town) -> None:
        cases = [await town.case("2026-03-02", "2026-03-03") for _ in range(5)]
        handle, handled = CommandHandler.handle, []

        async def cutting(engine: CommandHandler, command: AnyDisputeCommand, given: Context) -> Reply:
            handled.append(command.dispute)
            if len(handled) == 3:
                cut.cancel()
            return await handle(engine, command, given)

        monkeypatch.setattr(CommandHandler, "handle", cutting)
        monkeypatch.setattr("application.deadline_scheduler._CONCURRENCY", 1)
        cut = asyncio.create_task(town.strike("2026-04-04 00:00"))
        with pytest.raises(asyncio.CancelledError):
            await cut
        monkeypatch.undo()
        assert len(handled) == 3
        assert (await town.strike("2026-04-04 00:01", tower=1)).fired in {2, 3}
        assert [await town.moves(case) for case in cases] == [["escalated"]] * 5

    in_town(empty_url, home, work)


def test_the_worker_keeps_time(empty_url: str, home: Path) -> None:
    """As it is deployed: the process that follows the log fires too, here for a case that ran out long ago.

    What it fires was recorded in 2026 by the tests' clock, which is past on the worker's own.
    """

    async def work(town: Town) -> None:
        case = await town.case("2026-03-02", "2026-03-03")
        assert await a_worker_moves(town, case) == ["escalated"]

    in_town(empty_url, home, work)


async def a_worker_moves(town: Town, case: UUID) -> list[str]:
    """Run a real worker until a clock has moved a case."""
    environment = {**os.environ, "TIAOCHU_DATABASE_URL": town.url}
    command = [sys.executable, "-m", "cli.workers.child", str(os.getpid()), "worker"]
    process = await asyncio.create_subprocess_exec(*command, cwd=ROOT, env=environment)
    try:
        for _ in range(200):
            if moves := await town.moves(case):
                return moves
            await asyncio.sleep(0.1)
        return []
    finally:
        process.terminate()
        await process.wait()
