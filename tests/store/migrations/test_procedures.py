"""The migration of procedures and calendars: what was in force before tells since when, from the log."""

import json
from pathlib import Path

import psycopg

from domain.events.streams import procedure_stream
from store.postgres.migrator import migrate

_BACK = """
ALTER TABLE procedures DROP COLUMN decided_at, DROP COLUMN published_at;
DROP TABLE procedure_proposals, procedure_rejections, calendars;
DELETE FROM schema_migrations WHERE number = 7;
INSERT INTO procedures
SELECT 'three-tier', 1, convert_from(state, 'UTF8')::jsonb -> 'data' -> 'ladder'
FROM stored_events WHERE topic = 'procedure.published.v3';
"""
_RECORDED = """
SELECT (convert_from(state, 'UTF8')::jsonb ->> 'recorded_at')::timestamptz,
       (convert_from(state, 'UTF8')::jsonb -> 'data' ->> 'occurred_at')::timestamptz
FROM stored_events WHERE topic = 'procedure.published.v3'
"""


def test_rows_of_before_are_completed_from_the_log(street_url: str) -> None:
    with psycopg.connect(street_url, autocommit=True) as connection:
        connection.execute(_BACK)
        assert migrate(street_url) == ("0007_procedures",)
        recorded, occurred = connection.execute(_RECORDED).fetchone() or (None, None)
        row = connection.execute("SELECT published_at, decided_at FROM procedures").fetchall()
        assert row == [(recorded, occurred)]
        years = connection.execute(
            "SELECT year, cardinality(days_off) > 0, basis FROM calendars ORDER BY year"
        ).fetchall()
        assert years[0] == (2004, True, "chinesecalendar")
        assert [year for year, _, _ in years] == list(range(2004, 2027))


def test_a_ladder_of_the_first_topic_tells_its_committees(street_url: str) -> None:
    golden = Path(__file__).parents[2] / "golden/procedure.published.v1.json"
    state = json.loads(golden.read_text(encoding="utf-8"))["state"]
    state["data"]["ladder"]["id"] = "old"
    event = (procedure_stream("old"), "procedure.published.v1", json.dumps(state).encode())
    with psycopg.connect(street_url, autocommit=True) as connection:
        connection.execute(_BACK)
        connection.execute(
            "INSERT INTO stored_events (originator_id, originator_version, topic, state) VALUES (%s, 1, %s, %s)",
            event,
        )
        connection.execute(
            "INSERT INTO procedures VALUES ('old', 1, %s)", (json.dumps(state["data"]["ladder"]),)
        )
        migrate(street_url)
        row = connection.execute(
            "SELECT jsonb_path_query_array(ladder, '$.tiers[*].committee') FROM procedures WHERE id = 'old'"
        ).fetchone()
    assert row == ([False, True, True],)
