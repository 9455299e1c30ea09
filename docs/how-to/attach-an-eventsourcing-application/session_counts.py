"""A stock projection of the `eventsourcing` library: it counts mediation sessions by tier in a table of its own."""

from eventsourcing.dispatch import singledispatchmethod
from eventsourcing.persistence import Tracking
from eventsourcing.postgres import PostgresDatastore, PostgresTrackingRecorder
from eventsourcing.projection import Projection
from psycopg.sql import SQL

from domain.events.dispute import SessionRecorded
from domain.events.envelope import Recorded


class SessionCounts(PostgresTrackingRecorder):
    """The view: a table, and how far the projection has followed the log, in one transaction."""

    def __init__(self, datastore: PostgresDatastore, **names: str) -> None:
        super().__init__(datastore, **names)
        self.sql_create_statements.append(
            SQL("CREATE TABLE IF NOT EXISTS session_counts (tier text PRIMARY KEY, sessions bigint NOT NULL)")
        )

    def count(self, tier: str, tracking: Tracking) -> None:
        """Count one session; raises IntegrityError where its event was counted before."""
        with self.datastore.transaction(commit=True) as cursor:
            self._insert_tracking(cursor, tracking)
            cursor.execute(
                "INSERT INTO session_counts AS s VALUES (%s, 1)"
                " ON CONFLICT (tier) DO UPDATE SET sessions = s.sessions + 1",
                (tier,),
            )

    def by_tier(self) -> dict[str, int]:
        """Return the number of sessions of each tier."""
        with self.datastore.transaction(commit=False) as cursor:
            rows = cursor.execute("SELECT tier, sessions FROM session_counts ORDER BY tier").fetchall()
        return {row["tier"]: row["sessions"] for row in rows}


class CountSessions(Projection[SessionCounts]):
    """Follows the log from its first event."""

    @singledispatchmethod
    def process_event(self, domain_event: object, tracking: Tracking) -> None:
        """Every event moves the tracking, whether it is counted or not."""
        if isinstance(domain_event, Recorded) and isinstance(domain_event.event, SessionRecorded):
            self.view.count(domain_event.event.tier, tracking)
        else:
            self.view.insert_tracking(tracking)
