"""Commits that would come out of order: writers dawdle between insert and commit, and nobody may skip an event."""

import time
from collections.abc import Iterable
from contextlib import ExitStack
from typing import Final

import psycopg

from store.event_log.interop import LogRecorder
from tests.contract.connections import datastore
from tests.faults.following import Follower
from tests.faults.stage import Means, Played, on_stage

_PROCESSES: Final = 3
_LOGS: Final = 4
"""Connections of a process that write side by side."""
_PATIENCE: Final = 300.0
_COUNT: Final = "SELECT count(*) FROM commands WHERE position > %s"


def out_of_order(means: Means) -> Played:
    """Have every follower there is follow ten thousand commits: the table, the feed, the runner, the library."""
    item = means.times(10_000, 300) // _PROCESSES + 1
    with on_stage(means, "order", projectors=1) as stage, ExitStack() as stack:
        began = int(str(stage.sql("SELECT coalesce(max(position), 0) FROM commands")[0][0]))
        connections = stack.enter_context(datastore(stage.url))
        stage.followers.append(stack.enter_context(_of_the_library(LogRecorder(connections))))
        writers = [f"order-writer-{number}" for number in range(_PROCESSES)]
        for name in writers:
            about = {"count": item, "logs": _LOGS, "seed": means.seed, "plants": list(means.plants)}
            stage.processes.start(name, "writer", url=stage.url, rest=1e6, **about)
            stack.callback(stage.processes.stop, name)
        done = stage.processes.wait_for_deaths(tuple(writers), _PROCESSES, _PATIENCE)
        time.sleep(0.3)
        commits = int(str(stage.sql(_COUNT, began)[0][0]))
        complaints = [] if done and commits == item * _PROCESSES else [f"{commits} commits"]
        played = stage.closed(commits, {"commits": commits}, complaints)
        skipped = sum(finding.check == "h" and finding.kind == "lost" for finding in played.findings)
        names = [follower.name for follower in stage.followers] + ["runner"]
        beyond = {**played.beyond, "skipped": skipped, "followers": names}
        return Played(played.times, beyond, played.complaints, played.known, played.findings)


def _of_the_library(recorder: LogRecorder) -> Follower:
    """Return a follower as the library's own are: it selects notifications."""

    def following(last: int) -> Iterable[int]:
        try:
            return [notification.id for notification in recorder.select_notifications(last + 1, 50)]
        except Exception as error:  # the library wraps what the driver raises
            raise psycopg.OperationalError from error

    return Follower("library", following)
