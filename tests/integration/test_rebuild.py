"""A read model rebuilt beside the one that serves, while cases go on: the same rows, nothing skipped, nothing lost."""

import psycopg
import pytest

from projections.all import NAMES, projections, read_model
from projections.rebuilding.rebuild import rebuild
from projections.runner import catch_up_once
from tests.conftest import run
from tests.integration.test_parking import cases


def rows_of(url: str, name: str) -> list[tuple]:
    with psycopg.connect(url) as connection:
        return [
            row
            for table in read_model(name).TABLES
            for row in connection.execute(
                f"SELECT to_jsonb(t)::text FROM {table.name} t ORDER BY 1"
            ).fetchall()
        ]


@pytest.mark.parametrize("name", NAMES)
def test_a_rebuilt_model_has_the_same_rows(street_url: str, name: str) -> None:
    cases(street_url, 0, 2, 4, 6)
    run(catch_up_once(street_url, projections()))
    before = rows_of(street_url, name)
    rebuilt = run(rebuild(street_url, name))
    assert rows_of(street_url, name) == before
    assert rebuilt.compared.rows == len(before)
