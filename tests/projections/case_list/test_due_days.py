"""Due days in the list rest on calendars; one that is published later makes the provisional ones anew."""

from datetime import date
from uuid import UUID, uuid4

import psycopg
import pytest

from access.scope import ALL_CASES
from api.http.services import Services
from domain.commands.calendar import PublishCalendar
from domain.commands.dispute import FileDispute, GiveOpinion
from projections.case_history.projection import CaseHistoryProjection
from projections.case_list.schemas import CaseFilter
from projections.runtime.past_states import PastMoment
from projections.runtime.runner import Runner
from tests.projections.runtime.test_runner import caught_up, running
from tests.support.world import ADMIN, NOW, SUN, context, filing

PROVISIONAL, OFFICIAL = date(2003, 10, 2), date(2003, 10, 9)
"""Two working days after the last of September, by weekdays alone and with the holiday that followed."""
TODAY = date(2026, 11, 21)


async def some_case(services: Services, at: str) -> UUID:
    """A case filed at a time."""
    command = FileDispute.model_validate({"dispute": uuid4(), **filing(occurred_at=at)})
    await services.command_handler.handle(command, context(SUN))
    return command.dispute


async def advise(services: Services, case: UUID) -> None:
    """An opinion in a case, which moves nothing."""
    body = {"dispute": case, "by": "甲", "opinion": "乙", "occurred_at": "2003-10-02T09:00:00+08:00"}
    await services.command_handler.handle(GiveOpinion.model_validate(body), context(SUN))


async def publish(services: Services) -> None:
    """Publish the year 2003 with a week off in October."""
    days_off = tuple(date(2003, 10, day) for day in (1, 2, 3, 6, 7))
    command = PublishCalendar(year=2003, days_off=days_off, workdays=(), basis="样例")
    await services.command_handler.handle(command, context(ADMIN))


async def due_days(services: Services, as_of: date | None = None) -> dict[UUID, date | None]:
    """When each case is due."""
    await caught_up(services)
    await caught_up(services, CaseHistoryProjection.NAME)
    page = await services.case_list.page(
        ALL_CASES, CaseFilter(), 200, as_of or TODAY, past=PastMoment(as_of) if as_of else None
    )
    return {item.id: item.due_on for item in page.items}


def still_provisional(url: str) -> int:
    """How many rows rest on a calendar that is not published."""
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT count(*) FROM caseload WHERE provisional").fetchone()
    return int(row[0])


@pytest.mark.parametrize("batch", [1, 2, 500])
def test_a_calendar_published_later_moves_what_was_provisional(
    street_url: str, monkeypatch: pytest.MonkeyPatch, batch: int
) -> None:
    monkeypatch.setattr("projections.runtime.runner.BATCH", batch)

    async def work(services: Services, _: Runner) -> None:
        old, other, still = [await some_case(services, "2003-09-30T09:00:00+08:00") for _ in range(3)]
        known = await some_case(services, "2026-03-02T09:00:00+08:00")
        before = dict.fromkeys((old, other, still), PROVISIONAL)
        assert await due_days(services) == before | {known: date(2026, 3, 4)}
        assert still_provisional(street_url) == 3
        await advise(services, old)
        await publish(services)
        await advise(services, other)
        new = await some_case(services, "2003-09-30T10:00:00+08:00")
        after = dict.fromkeys((old, other, still, new), OFFICIAL)
        assert await due_days(services) == after | {known: date(2026, 3, 4)}
        assert await due_days(services, date(2003, 10, 1)) == after
        assert still_provisional(street_url) == 0
        file = await services.case_reader.read(ALL_CASES, old, NOW)
        assert [deadline.due_on for deadline in file.deadlines] == [OFFICIAL]

    running(street_url, work)


def test_a_worker_that_starts_after_the_publication_knows_it(street_url: str) -> None:
    async def first(services: Services, _: Runner) -> None:
        cases.append(await some_case(services, "2003-09-30T09:00:00+08:00"))
        await caught_up(services)

    async def second(services: Services, _: Runner) -> None:
        await publish(services)
        assert await due_days(services) == {cases[0]: OFFICIAL}

    async def third(services: Services, _: Runner) -> None:
        cases.append(await some_case(services, "2003-09-30T09:00:00+08:00"))
        assert await due_days(services) == dict.fromkeys(cases, OFFICIAL)

    cases: list[UUID] = []
    for work in (first, second, third):
        running(street_url, work)
