"""A read model rebuilt beside the one that serves, while cases go on: the same rows, nothing skipped, nothing lost."""

import asyncio
from uuid import uuid4

import pytest
from structlog.testing import capture_logs

from api.http.services import Services
from cli.workers import rebuild_workers
from domain.events.envelope import Event, Recorded
from projections.case_list.projection import CaseListProjection
from projections.ledger.projection import LedgerProjection
from projections.rebuilding.errors import RebuildRefused
from projections.rebuilding.rebuild import rebuild
from projections.registry import NAMES, projection, projections
from projections.runtime.runner import Runner, catch_up_once
from tests.projections.runtime.test_parking import Squeamish, cases, insert, must_be_listed_rightly, parked_at
from tests.projections.runtime.test_runner import caught_up, must_equal_the_fold, pauses, running, some_case
from tests.support.databases import run
from tests.support.rebuilds import catalogue_of, do, meanwhile, position_at, rows_of, schemas_of


def followed(url: str) -> None:
    run(catch_up_once(url, projections()))


@pytest.mark.parametrize("name", NAMES)
def test_a_rebuilt_model_has_the_same_rows_in_the_same_tables(street_url: str, name: str) -> None:
    cases(street_url, 0, 2, 4, 6)
    followed(street_url)
    remarks = [
        f"COMMENT ON TABLE {table.name} IS 'of the migrations'; COMMENT ON INDEX {table.name}_pkey IS 'its key'"
        for table in projection(name).TABLES
    ]
    do(
        street_url,
        *remarks,
        "ALTER TABLE caseload SET (fillfactor = 80, autovacuum_vacuum_threshold = 99)",
        "GRANT SELECT ON caseload, units, ledger, case_steps TO pg_monitor WITH GRANT OPTION",
    )
    rows, catalogue = rows_of(street_url, name), catalogue_of(street_url, name)
    rebuilt = run(rebuild(street_url, name))
    assert rows_of(street_url, name) == rows
    assert (rebuilt.compared.rows, rebuilt.filled.rows) == (len(rows), len(rows))
    assert catalogue_of(street_url, name) == catalogue
    assert not any(item.startswith("rebuild_") for item in schemas_of(street_url))


@pytest.mark.soak
@pytest.mark.parametrize("name", NAMES)
def test_cases_go_on_while_a_model_is_rebuilt(
    street_url: str, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Parts and batches cut across cases, and a writer never rests."""
    monkeypatch.setattr("projections.rebuilding.rebuild.WIDTH", 100)
    monkeypatch.setattr("projections.rebuilding.filling.EVENTS", 9)
    monkeypatch.setattr("projections.rebuilding.switching.BATCH", 5)
    monkeypatch.setattr("projections.runtime.runner.BATCH", 7)
    known: list = []

    async def work(services: Services, _: Runner) -> None:
        async def writes() -> None:
            while not rebuilt.done():
                known.append(await some_case(services, len(known) % 7))

        known.extend(await asyncio.gather(*(some_case(services, item % 6) for item in range(12))))
        await caught_up(services, name)

        async def one_more() -> None:
            known.append(await some_case(services, 3))

        rebuilt = asyncio.create_task(rebuild(street_url, name, workers=meanwhile(one_more)))
        await writes()
        found = await rebuilt
        assert found.compared.differences == 0
        known.append(await some_case(services, 5))
        await caught_up(services, name)
        if name == CaseListProjection.NAME:
            await must_equal_the_fold(services, known)

    with capture_logs() as logs:
        running(street_url, work)
    assert pauses(logs) == []
    must_be_what_a_fold_of_the_log_makes(street_url, name)


def must_be_what_a_fold_of_the_log_makes(url: str, name: str) -> None:
    """The rows are those that the log makes from its beginning."""
    rows = rows_of(url, name)
    tables = ", ".join(table.name for table in projection(name).TABLES)
    do(url, f"TRUNCATE {tables}", f"DELETE FROM projection_positions WHERE name = '{name}'")
    followed(url)
    assert rows_of(url, name) == rows


def test_several_processes_fill_what_one_fills(street_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rebuild_workers, "_LARGE", 0)
    monkeypatch.setattr("projections.rebuilding.rebuild.WIDTH", 20)
    cases(street_url, 1, 2, 3, 4, 5, 6)
    followed(street_url)
    rows = rows_of(street_url, "lifelines")
    assert run(rebuild(street_url, "lifelines", workers=rebuild_workers.rebuild_workers)).filled.rows == len(
        rows
    )
    assert rows_of(street_url, "lifelines") == rows


def test_a_model_that_is_behind_goes_on_from_where_it_was(street_url: str) -> None:
    known = cases(street_url, 2, 3)
    followed(street_url)
    known += cases(street_url, 1, 4)
    before = position_at(street_url, "caseload")
    rebuilt = run(rebuild(street_url, "caseload"))
    assert (rebuilt.position, rebuilt.compared.rows) == (before, 2)
    followed(street_url)
    must_be_listed_rightly(street_url, known)


def test_a_model_that_has_not_begun_is_filled_to_the_end(street_url: str) -> None:
    known = cases(street_url, 2, 6)
    rebuilt = run(rebuild(street_url, "caseload"))
    assert rebuilt.compared is None
    must_be_listed_rightly(street_url, known)
    known += cases(street_url, 1)
    followed(street_url)
    must_be_listed_rightly(street_url, known)


PLANTED = {
    "a wrong row": "UPDATE caseload SET status = 'closed' WHERE dispute = '{case}'",
    "a row too few": "DELETE FROM caseload WHERE dispute = '{case}'",
    "a row too many": (
        'INSERT INTO caseload SELECT (jsonb_populate_record(c, \'{{"dispute":'
        ' "00000000-0000-0000-0000-000000000001", "opened": 1}}\')).* FROM caseload c'
        " WHERE dispute = '{case}'"
    ),
}


@pytest.mark.parametrize("statement", PLANTED.values(), ids=PLANTED)
def test_a_planted_fault_is_found_and_named(street_url: str, statement: str) -> None:
    known = cases(street_url, 1, 2)
    followed(street_url)
    sound = rows_of(street_url, "caseload")
    do(street_url, statement.format(case=known[0]))
    faulty = rows_of(street_url, "caseload")
    with pytest.raises(RebuildRefused) as refused:
        run(rebuild(street_url, "caseload"))
    (named,) = refused.value.found.named
    assert named.key in {(str(known[0]),), ("00000000-0000-0000-0000-000000000001",)}
    assert named.columns == (("status",) if "UPDATE" in statement else ())
    assert rows_of(street_url, "caseload") == faulty
    assert "rebuild_caseload" not in schemas_of(street_url)
    meant = run(rebuild(street_url, "caseload", differs=True))
    assert (meant.compared.differences, meant.compared.named) == (1, (named,))
    assert rows_of(street_url, "caseload") == sound


def test_what_was_parked_is_taken_where_the_new_version_can_take_it(street_url: str) -> None:
    _, bad, _ = known = cases(street_url, 2, 4, 1)
    run(catch_up_once(street_url, [Squeamish()]))
    assert [item.stream for item in parked_at(street_url)] == [bad]
    rebuilt = run(rebuild(street_url, "caseload"))
    assert rebuilt.compared.differences == 0
    assert parked_at(street_url) == []
    must_be_listed_rightly(street_url, known)


@pytest.mark.parametrize("name", NAMES)
def test_what_cannot_be_read_stays_parked(street_url: str, name: str) -> None:
    stranger = uuid4()
    (torn,) = cases(street_url, 1)
    insert(street_url, stranger, 1)
    insert(street_url, torn, 4, "dispute.session_recorded.v1", b"torn")
    cases(street_url, 2)
    followed(street_url)
    before, rows = parked_of(street_url, name), rows_of(street_url, name)
    assert set(before) == {stranger, torn}
    assert run(rebuild(street_url, name)).compared.differences == 0
    assert parked_of(street_url, name) == before
    assert rows_of(street_url, name) == rows


def parked_of(url: str, name: str) -> dict:
    return {item.stream: (item.position, item.topic, item.error) for item in parked_at(url, name)}


def test_a_new_version_that_cannot_take_a_stream_parks_it(
    street_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, bad = cases(street_url, 1, 4)
    followed(street_url)
    told = LedgerProjection.rows

    async def squeamish(self, connection, history: list[Recorded[Event]], until: int):
        if len(history) > 4:
            raise LookupError("no third session")
        return await told(self, connection, history, until)

    monkeypatch.setattr(LedgerProjection, "rows", squeamish)
    run(rebuild(street_url, "ledger"))
    (parked,) = parked_at(street_url, "ledger")
    assert (parked.stream, parked.error) == (bad, "LookupError('no third session')")


def test_a_new_version_that_fails_everywhere_does_not_take_over(
    street_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    cases(street_url, *[0] * 22)
    followed(street_url)
    rows = rows_of(street_url, "caseload")

    async def broken(*_: object):
        raise LookupError("broken")

    monkeypatch.setattr(CaseListProjection, "rows", broken)
    with pytest.raises(RebuildRefused, match="22 streams"):
        run(rebuild(street_url, "caseload"))
    assert (rows_of(street_url, "caseload"), parked_at(street_url)) == (rows, [])
