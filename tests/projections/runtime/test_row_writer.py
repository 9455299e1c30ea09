"""What is written in one statement is what was meant, whatever stands in it."""

import psycopg

from projections.runtime.case_cache import case_of
from projections.runtime.projection import ReadModelTable
from projections.runtime.row_writer import array, copy_into, put
from tests.support.databases import run

ODD = ('say "no"', "back\\slash", "{a,b}", "NULL", "", "两 行\n字", "tab\there")
TABLE = ReadModelTable("odd", ("id", "texts"), ("id",), case_of)


def test_odd_texts_arrive_as_they_are(empty_url: str) -> None:
    async def write() -> list[tuple]:
        async with await psycopg.AsyncConnection.connect(empty_url) as connection:
            await connection.execute("CREATE TABLE odd (id integer PRIMARY KEY, texts text[] NOT NULL)")
            await copy_into(connection, TABLE, [(1, array(ODD)), (2, array(()))])
            await put(connection, TABLE, [(2, list(ODD)), (3, [])])
            return await (await connection.execute("SELECT id, texts FROM odd ORDER BY id")).fetchall()

    assert run(write()) == [(1, list(ODD)), (2, list(ODD)), (3, [])]
