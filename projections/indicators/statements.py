"""The statements that count the rows of the two history tables."""

from typing import Final, LiteralString

from psycopg.sql import SQL

from projections.indicators.schemas import IndicatorGrouping

GROUPS: Final[dict[IndicatorGrouping | None, LiteralString]] = {
    None: "NULL::text",
    "tier": "tier",
    "category": "category",
    "unit": """CASE WHEN %(unit)s::text IS NULL THEN split_part(unit, '.', 1) WHEN unit = %(unit)s THEN unit
        ELSE %(unit)s || '.' || split_part(substr(unit, length(%(unit)s) + 2), '.', 1) END""",
    "quarter": """to_char(day, 'YYYY-"Q"Q')""",
    "month": "to_char(day, 'YYYY-MM')",
    "mediator": "mediator",
}
OPEN: Final = SQL("""(SELECT *, %(day)s::date AS day FROM {intervals} WHERE since <= %(day)s
    AND (until IS NULL OR until > %(day)s) AND status IN ('filed', 'accepted', 'escalated')
    AND dispute NOT IN (SELECT dispute FROM {intervals} WHERE outcome = 'duplicate')) AS open""")
WITHIN: Final = SQL("{visible} AND (%(unit)s::text IS NULL OR unit = %(unit)s OR unit LIKE %(below)s)")
COUNTED: Final = SQL("""
SELECT {tier} AS tier, {height} AS height, {group} AS grp, {counted} FILTER (WHERE {numerator}) AS numerator,
       {counted} FILTER (WHERE {denominator}) AS denominator
FROM {source} WHERE {within} AND day BETWEEN %(since)s AND %(until)s AND ({numerator} OR {denominator})
GROUP BY 1, 3 ORDER BY 2, 3
""")
MEDIAN: Final = SQL("""
SELECT {tier} AS tier, {height} AS height, {group} AS grp, sum({held}) AS numerator, count(*) AS denominator,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY {held}) AS median
FROM {source} WHERE {within} AND day BETWEEN %(since)s AND %(until)s AND kind = 'agreed'
GROUP BY 1, 3 ORDER BY 2, 3
""")
OVERDUE: Final = SQL("""
SELECT {group} AS grp, count(DISTINCT dispute) FILTER (WHERE due_on < %(day)s) AS numerator,
       count(DISTINCT dispute) AS denominator
FROM {source} WHERE {within} GROUP BY 1 ORDER BY 1
""")
PROCEDURES: Final = SQL(
    "SELECT DISTINCT procedure AS id, version FROM {source} WHERE {within} AND day BETWEEN %(since)s AND %(until)s"
    " ORDER BY 1, 2"
)
CASES: Final = SQL("SELECT DISTINCT dispute FROM {intervals} WHERE {within}")
