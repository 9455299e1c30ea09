"""A rebuild that is killed, doubled or kept waiting: what serves goes on serving."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

from projections.rebuilding.errors import RebuildRefused
from projections.rebuilding.rebuild import rebuild
from tests.projections.rebuilding.test_rebuild import followed
from tests.projections.runtime.test_parking import cases, must_be_listed_rightly
from tests.support.databases import run
from tests.support.rebuilds import do, meanwhile, rows_of, schemas_of

_ROOT = Path(__file__).parents[3]


def test_a_second_rebuild_at_once_is_refused(street_url: str) -> None:
    cases(street_url, 1)
    followed(street_url)
    refused: list[str] = []

    async def second() -> None:
        with pytest.raises(RebuildRefused) as error:
            await rebuild(street_url, "caseload")
        refused.append(str(error.value))
        await rebuild(street_url, "ledger")

    run(rebuild(street_url, "caseload", lanes=meanwhile(second)))
    assert refused == ["caseload is being rebuilt already; wait for that rebuild, or end it."]


def test_whoever_reads_is_waited_for(street_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("projections.rebuilding.rebuild._PAUSE", 0.1)
    cases(street_url, 1)
    followed(street_url)

    async def work() -> None:
        async with await psycopg.AsyncConnection.connect(street_url) as reader:
            await reader.execute("SELECT * FROM caseload")
            rebuilt = asyncio.create_task(rebuild(street_url, "caseload"))
            await asyncio.sleep(2.5)
            assert not rebuilt.done()
            found = await (await reader.execute("SELECT count(*) FROM caseload")).fetchone()
            await reader.rollback()
            await rebuilt
            assert found == await (await reader.execute("SELECT count(*) FROM caseload")).fetchone()

    run(work())


def test_a_view_over_the_tables_is_told(street_url: str) -> None:
    cases(street_url, 1)
    followed(street_url)
    do(street_url, "CREATE VIEW mine AS SELECT * FROM caseload")
    with pytest.raises(RebuildRefused, match="such as a view"):
        run(rebuild(street_url, "caseload"))


def test_a_killed_rebuild_leaves_the_old_model_and_the_next_begins_clean(street_url: str, home: Path) -> None:
    """It is killed when the new version is filled and waits for its turn to be compared."""
    cases(street_url, 2, 4)
    followed(street_url)
    rows = rows_of(street_url, "caseload")
    with psycopg.connect(street_url) as holder:
        holder.execute("SELECT FROM projection_positions FOR UPDATE")
        killed = subprocess.Popen(
            [sys.executable, "-c", "from cli.main import main; main()", "projections", "rebuild", "caseload"],
            cwd=_ROOT,
            env={**os.environ, "TIAOCHU_VAR": os.fspath(home), "TIAOCHU_DATABASE_URL": street_url},
            stderr=subprocess.DEVNULL,
        )
        wait_until_filled(street_url, len(rows))
        killed.send_signal(signal.SIGKILL)
        killed.wait(10)
    assert rows_of(street_url, "caseload") == rows
    assert "rebuild_caseload" in schemas_of(street_url)
    known = cases(street_url, 1)
    followed(street_url)
    wait_until_let_go(street_url)
    assert run(rebuild(street_url, "caseload")).compared.differences == 0
    must_be_listed_rightly(street_url, known)
    assert "rebuild_caseload" not in schemas_of(street_url)


def wait_until_filled(url: str, count: int) -> None:
    give_up = time.monotonic() + 30
    with psycopg.connect(url, autocommit=True) as connection:
        while time.monotonic() < give_up:
            try:
                if connection.execute("SELECT count(*) FROM rebuild_caseload.caseload").fetchone() == (
                    count,
                ):
                    return
            except psycopg.errors.UndefinedTable:
                pass
            time.sleep(0.05)
    raise TimeoutError


def wait_until_let_go(url: str) -> None:
    give_up = time.monotonic() + 10
    query = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'tiaochu rebuild' AND datname = current_database()"
    with psycopg.connect(url, autocommit=True) as connection:
        while connection.execute(query).fetchone() != (0,):
            assert time.monotonic() < give_up
            time.sleep(0.05)
