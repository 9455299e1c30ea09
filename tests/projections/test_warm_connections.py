"""Queries on a connection that has prepared them: psycopg prepares a statement that it has sent five times."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Final
from uuid import UUID

import pytest

from access.scope import ALL_CASES
from application.deadline_scheduler import ExpiredTimeLimit
from domain.procedures.deadlines import DeadlineKind
from domain.procedures.ladder import ProcedureRef
from domain.vocabulary import Category
from projections.case_history.queries import DeadlineQueries
from projections.case_history.schemas import DueFilter
from projections.case_history.tables import write_history
from projections.case_list.appointments import AppointmentFilter, AppointmentQueries
from projections.case_list.queries import CaseListQueries, ExpiredTimeLimitQueries, OpenDisputeQueries
from projections.case_list.schemas import CaseFilter, LookedFor
from projections.directory.queries import DirectoryQueries
from projections.indicators.queries import IndicatorQueries
from projections.indicators.schemas import IndicatorFilter
from projections.ledger.queries import LedgerQueries
from projections.procedures.queries import ProcedureQueries
from projections.rebuilding.rebuild import rebuild
from projections.registry import projections
from projections.runtime.past_states import PastMoment
from projections.runtime.runner import catch_up_once
from store.postgres.connections import Pool, open_pool
from tests.projections.runtime.test_parking import cases
from tests.support.databases import run
from tests.support.rebuilds import do

TIMES: Final = 12
ALL: Final = ALL_CASES
DAY: Final = date(2026, 11, 21)
NOW: Final = datetime(2026, 11, 21, 4, tzinfo=UTC)
BEFORE_ANYTHING: Final = datetime(2020, 1, 1, tzinfo=UTC)
SOME_CASE: Final = UUID(int=7)
LADDER: Final = ProcedureRef(id="three-tier", version=1)
Query = Callable[[Pool], Awaitable[object]]


def indicators(
    known_at: datetime | None = None, by: str | None = None, unit: str | None = None, day: date = DAY
) -> Query:
    scope = IndicatorFilter(day=day, since=date.min, until=day, unit=unit, known_at=known_at, by=by)
    return lambda pool: IndicatorQueries(pool, write_history).compute(ALL, scope)


def deadlines(day: date, kind: DeadlineKind | None = None, past: PastMoment | None = None) -> Query:
    return lambda pool: DeadlineQueries(pool).page(ALL, DueFilter(day, kind=kind), past, 50, None)


def listed(wanted: CaseFilter, day: date = DAY, past: PastMoment | None = None) -> Query:
    return lambda pool: CaseListQueries(pool).page(ALL, wanted, 50, day, past=past)


async def ledger(pool: Pool) -> object:
    return [row async for row in LedgerQueries(pool).rows(ALL, "dongguang", 2026)]


async def past_ledger(pool: Pool) -> object:
    return [row async for row in LedgerQueries(pool).rows(ALL, "dongguang", 2026, THEN)]


THEN: Final = PastMoment(date(2026, 3, 8))
KNOWN: Final = PastMoment(date.max, datetime(2100, 1, 1, tzinfo=UTC))
EVERYTHING: Final = CaseFilter(
    unit=("dongguang",),
    status=("filed", "accepted"),
    tier=("community",),
    category=("neighbour",),
    mediator=("sun",),
    outcome=("failed",),
    rule=("exhausted",),
    since=date(2026, 1, 1),
    until=DAY,
    overdue=True,
    pending=True,
    waiting_for="li",
    waiting_in="dongguang",
    party="甲",
    person=SOME_CASE,
    q="1号",
)


QUERIES: Final[dict[str, Query]] = {
    "indicators": indicators(),
    "indicators of a unit": indicators(unit="dongguang"),
    "indicators by mediator": indicators(by="mediator"),
    "indicators of a past day": indicators(day=date(2026, 3, 8)),
    "indicators known before anything": indicators(BEFORE_ANYTHING),
    "indicators known before anything, of a unit": indicators(BEFORE_ANYTHING, unit="dongguang"),
    "indicators known before anything, by mediator": indicators(BEFORE_ANYTHING, by="mediator"),
    "indicators known by the end": indicators(datetime(2100, 1, 1, tzinfo=UTC)),
    "deadlines": deadlines(DAY),
    "deadlines of a past day": deadlines(date(2026, 3, 8)),
    "deadlines of a kind": deadlines(DAY, "mediate"),
    "case list": listed(CaseFilter()),
    "case list of a past day": listed(CaseFilter(), THEN.day, THEN),
    "case list of a mediator": listed(CaseFilter(mediator=("sun",), unit=("dongguang",), q="楼")),
    "similar cases": lambda pool: CaseListQueries(pool).alike(
        ALL, LookedFor(SOME_CASE, "dongguang.c01", Category.NEIGHBOUR, NOW, [], ["1"])
    ),
    "appointments": lambda pool: AppointmentQueries(pool).page(
        ALL, AppointmentFilter("dongguang", "sun", DAY, DAY), 50
    ),
    "clashing appointments": lambda pool: AppointmentQueries(pool).clashes(ALL, SOME_CASE, 1, NOW, "调解室"),
    "open disputes of a version": lambda pool: OpenDisputeQueries(pool).under(LADDER, None, 0, 50),
    "expired time limits": lambda pool: ExpiredTimeLimitQueries(pool).due(
        NOW + timedelta(days=400), None, 50
    ),
    "expired time limits after one": lambda pool: ExpiredTimeLimitQueries(pool).due(
        NOW, ExpiredTimeLimit(SOME_CASE, 1, "mediate", DAY, NOW), 50
    ),
    "number of expired time limits": lambda pool: ExpiredTimeLimitQueries(pool).waiting(NOW),
    "units": lambda pool: DirectoryQueries(pool).units("dongguang", 50, None),
    "platforms": lambda pool: DirectoryQueries(pool).units_with_platform(None, 50, None),
    "ledger": ledger,
    "ledger of a past day": past_ledger,
    "deadlines known by the end": deadlines(DAY, past=KNOWN),
    "case list known by the end": listed(CaseFilter(overdue=True), past=KNOWN),
    "case list by everything": listed(EVERYTHING),
    "case list of a past day by everything": listed(EVERYTHING, THEN.day, THEN),
    "procedures": lambda pool: ProcedureQueries(pool).procedures(),
    "versions": lambda pool: ProcedureQueries(pool).versions(),
    "calendars": lambda pool: ProcedureQueries(pool).calendars(),
}


@asynccontextmanager
async def one_connection(url: str) -> AsyncIterator[Pool]:
    async with open_pool(url, 1) as pool:
        yield pool


async def asked_once(url: str) -> dict[str, object]:
    """What each query answers on a connection that nobody has used."""
    answers = {}
    for name, query in QUERIES.items():
        async with one_connection(url) as pool:
            answers[name] = await query(pool)
    return answers


async def asked_often(url: str) -> dict[str, object]:
    """What each query answers on one connection on which each has been asked many times, in turn and in a row."""
    async with one_connection(url) as pool:
        for query in QUERIES.values():
            for _ in range(TIMES):
                await query(pool)
        for _ in range(TIMES):
            answers = {name: await query(pool) for name, query in QUERIES.items()}
    return answers


@pytest.fixture
def town_url(street_url: str) -> str:
    cases(street_url, 0, 2, 4, 6)
    run(catch_up_once(street_url, projections()))
    return street_url


def test_a_warm_connection_answers_what_a_fresh_one_answers(town_url: str) -> None:
    often = run(asked_often(town_url))
    once = run(asked_once(town_url))
    assert {name: answer for name, answer in often.items() if answer != once[name]} == {}
    early = {item.numerator for item in often["indicators known before anything"].items}
    assert early == {0}
    assert often["indicators known by the end"] == often["indicators"]
    assert len({str(answer) for answer in once.values()}) > len(once) / 2, (
        "the queries ask for different things"
    )


def test_a_warm_connection_reads_the_tables_that_a_rebuild_put_in_place(town_url: str) -> None:
    """The plans that it has prepared are of tables that are gone."""

    async def work() -> tuple[object, object]:
        do(town_url, "UPDATE case_steps SET kind = 'ended'", "UPDATE case_spells SET deadlines = '[]'")
        do(town_url, "UPDATE ledger SET year = 1999", "UPDATE caseload SET title = 'false'")
        do(town_url, "UPDATE units SET title = 'false'")
        async with one_connection(town_url) as pool:
            for _ in range(TIMES):
                false = {name: await query(pool) for name, query in QUERIES.items()}
            for name in ("lifelines", "ledger", "caseload", "directory"):
                await rebuild(town_url, name, differs=True)
            return false, {name: await query(pool) for name, query in QUERIES.items()}

    true = run(asked_once(town_url))
    false, rebuilt = run(work())
    assert rebuilt == true
    changed = {name for name in QUERIES if false[name] != true[name]}
    assert changed >= {"indicators", "deadlines", "case list", "units", "ledger"}
