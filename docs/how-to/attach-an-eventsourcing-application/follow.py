"""Follow the log up to its present end and print the sessions by tier: `python follow.py postgresql://…`."""

import sys

from cases import Cases
from eventsourcing.projection import ProjectionRunner
from session_counts import CountSessions, SessionCounts

from store.event_log.interop import environment


def main(url: str) -> None:
    """Attach the application and the projection to the log of a database."""
    env = {
        **environment(url),
        # The projection's own table and tracking: made by the library, beside the log.
        "COUNTSESSIONS_PERSISTENCE_MODULE": "eventsourcing.postgres",
        "COUNTSESSIONS_CREATE_TABLE": "y",
        "COUNTSESSIONS_POSTGRES_SINGLE_ROW_TRACKING": "y",
    }
    with ProjectionRunner(
        application_class=Cases, projection_class=CountSessions, view_class=SessionCounts, env=env
    ) as runner:
        runner.wait(runner.app.recorder.max_notification_id(), timeout=60)
        for tier, sessions in runner.projection.view.by_tier().items():
            print(tier, sessions)


if __name__ == "__main__":
    main(sys.argv[1])
