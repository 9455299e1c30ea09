"""What another threshold at the community would have changed, counted by SQL over the raw log and nothing of the product.

For a log in which every unit has a platform at the street, and the community's threshold was 5.
"""

import psycopg

_COUNTS = """
WITH told AS (
    SELECT originator_id AS dispute, originator_version AS version, split_part(topic, '.', 2) AS kind,
           convert_from(state, 'UTF8')::jsonb AS state
    FROM stored_events WHERE topic LIKE 'dispute.%%'
), mine AS (
    SELECT told.* FROM told JOIN told AS filed ON filed.dispute = told.dispute AND filed.version = 1
    WHERE filed.kind = 'filed' AND filed.state #>> '{data,procedure,id}' = 'three-tier'
), stays AS (
    SELECT *, count(*) FILTER (WHERE kind = 'accepted'
                               OR kind = 'reopened' AND state #>> '{data,status}' = 'accepted')
              OVER (PARTITION BY dispute ORDER BY version) AS stay
    FROM mine
), sessions AS (
    SELECT dispute, stay, version, (state #>> '{data,number}')::int AS number, state #>> '{data,outcome}' AS outcome
    FROM stays WHERE kind = 'session_recorded' AND state #>> '{data,tier}' = 'community'
), corrections AS (
    SELECT fixed.dispute, sessions.stay, fixed.version, sessions.outcome AS was, fixed.state #>> '{data,outcome}' AS is_now
    FROM mine AS fixed JOIN sessions
      ON sessions.dispute = fixed.dispute AND sessions.number = (fixed.state #>> '{data,session}')::int
    WHERE fixed.kind = 'session_corrected' AND fixed.state #>> '{data,outcome}' IS NOT NULL
), steps AS (
    SELECT dispute, stay, version, (outcome = 'failed')::int AS more FROM sessions
    UNION ALL
    SELECT dispute, stay, version, (is_now = 'failed')::int - (was = 'failed')::int FROM corrections
), counted AS (
    SELECT *, sum(more) OVER (PARTITION BY dispute, stay ORDER BY version) AS failures FROM steps
)
"""
_REACHED = (
    _COUNTS
    + "SELECT dispute::text, min(version) FROM counted WHERE failures >= %(threshold)s AND more > 0 GROUP BY dispute"
)
_ESCALATED = _COUNTS + "SELECT DISTINCT dispute::text FROM mine WHERE kind = 'escalated'"
_MOVES = _COUNTS + "SELECT count(*) FROM mine WHERE kind = 'escalated'"
_CASES = _COUNTS + "SELECT count(DISTINCT dispute) FROM mine"
_ARRIVED = (
    _COUNTS
    + """
SELECT state #>> '{data,platform}' AS platform,
       to_char((state #>> '{data,occurred_at}')::timestamptz AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM') AS month, count(*)
FROM mine WHERE kind IN ('filed', 'escalated') GROUP BY platform, month
"""
)


def reached(url: str, threshold: int) -> dict[str, int]:
    """The cases in which so many sessions of one stay at the community failed, and the version at which they had."""
    return {str(case): int(version) for case, version in _rows(url, _REACHED, threshold)}


def escalated(url: str) -> set[str]:
    """The cases that ever moved up."""
    return {str(case) for (case,) in _rows(url, _ESCALATED)}


def escalations(url: str) -> int:
    """How often a case moved up."""
    return int(str(_rows(url, _MOVES)[0][0]))


def cases(url: str) -> int:
    """How many cases there are, without those from before the system."""
    return int(str(_rows(url, _CASES)[0][0]))


def arrived(url: str) -> dict[tuple[str, str], int]:
    """How many cases came to each platform in each month."""
    return {(str(platform), str(month)): int(count) for platform, month, count in _rows(url, _ARRIVED)}


def _rows(url: str, query: str, threshold: int = 0) -> list[tuple]:
    with psycopg.connect(url) as connection:
        return connection.execute(query.encode(), {"threshold": threshold}).fetchall()
