"""The ledger of the demonstration street goes out as a file and comes back into an empty house as the same ledger."""

import csv
import io
from collections.abc import Callable

import pytest

from access.scope import ALL_CASES
from cli.bootstrap import put_initial_data, utc_now
from cli.demo.loader import open_loader
from cli.demo.progress import SilentObserver
from projections.registry import projections
from projections.runtime.runner import catch_up_once
from store.spreadsheets.ledger import FileFormat, write_ledger
from tests.support.databases import run, services_at
from tests.support.postgres import EMPTY
from tests.support.tables import Given, bring_in

pytestmark = pytest.mark.soak

YEARS = (2025, 2026)


async def exported(url: str, form: FileFormat) -> dict[int, bytes]:
    """The ledgers of both years."""
    await catch_up_once(url, projections())
    written = {}
    async with services_at(url) as services:
        for year in YEARS:
            file = io.BytesIO()
            await write_ledger(services.ledger.rows(ALL_CASES, None, year), file, form, "zh")
            written[year] = file.getvalue()
    return written


def told(ledger: bytes) -> tuple[list[list[str]], set[str]]:
    """The lines but for the mark of the import, and the marks."""
    heading, *lines = csv.reader(io.StringIO(ledger.decode("utf-8-sig")))
    assert heading[-1] == "导入标记"
    return [line[:-1] for line in lines], {line[-1] for line in lines}


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_what_went_out_comes_back_the_same_but_for_the_mark(
    empty_url: str, database_of: Callable[[str], str], form: FileFormat
) -> None:
    async def there() -> tuple[dict[int, bytes], dict[int, bytes]]:
        async with services_at(empty_url) as services:
            await put_initial_data(services)
        async with open_loader(empty_url, utc_now) as loader:
            await loader.load_street()
            await loader.load_settled_cases()
            await loader.load_generated_cases(100, 1, SilentObserver())
        return await exported(empty_url, "csv"), await exported(empty_url, form)

    async def and_back(files: dict[int, bytes]) -> dict[int, bytes]:
        elsewhere = database_of(EMPTY)
        async with services_at(elsewhere) as services:
            await put_initial_data(services)
        async with open_loader(elsewhere, utc_now) as loader:
            await loader.load_street()
        async with services_at(elsewhere) as services:
            for year, content in files.items():
                await bring_in(services, Given(f"{year}.{form}", content))
        return await exported(elsewhere, "csv")

    out, files = run(there())
    back = run(and_back(files))
    for year in YEARS:
        before, marks = told(out[year])
        after, marks_after = told(back[year])
        assert after == before
        assert (marks, marks_after) == ({"否"}, {"是"})
    assert len(told(out[2025])[0]) == 43
    assert len({line[19] for line in told(out[2026])[0]}) >= 3, "open, agreed and closed cases went out"
