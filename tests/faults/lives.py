"""What a child of the fork server may be: an API process, the worker, a projector, a writer; with a fault where it is due."""

import asyncio
import os
import random
import signal
import socket
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Final, cast

from cli.settings import Settings
from cli.workers.api_process import run_api
from cli.workers.logs import log_to_stderr
from cli.workers.worker_process import run_worker
from domain.events.envelope import Event, Recorded
from projections.runtime import runner
from projections.runtime.projection import Connection
from projections.runtime.runner import Runner
from store.event_log import batching as gathering
from store.event_log import postgres_event_log as event_log
from store.event_log.append import Member, Result, write
from tests.faults.following import Followed
from tests.faults.plants import PLANTS, put
from tests.faults.slow_writers import write_slowly

OWN_LEADER_LOCK: Final = 5_207_903
"""Projectors of the tests compete for this one, beside the product's own."""
Given = Mapping[str, object]


def live(given: Given, listener: socket.socket | None, chance: random.Random) -> None:
    """Be what was asked for until the end of it."""
    log_to_stderr()
    put(gathering, "QUEUE_LIMIT", given.get("waiting", gathering.QUEUE_LIMIT))
    for name in cast("Sequence[str]", given.get("plants", ())):
        PLANTS[name]()
    url = str(given["url"])
    match given["run"]:
        case "api" if listener is not None:
            _api(given, url, listener, chance)
        case "worker":
            run_worker(url)
        case "projector":
            asyncio.run(_project(url, _drawn(given.get("die_in_batch"), chance)))
        case "writer":
            asyncio.run(write_slowly(url, cast("int", given["count"]), cast("int", given["logs"]), chance))
        case other:
            raise ValueError(other)


def _api(given: Given, url: str, listener: socket.socket, chance: random.Random) -> None:
    if (commits := _drawn(given.get("die_after_commit"), chance)) is not None:
        _die_after_commits(commits)
    settings = Settings(var=Path(str(given["home"])), pool_size=cast("int", given.get("pool_size", 10)))
    run_api(settings, url, listener.detach())


def _drawn(limits: object, chance: random.Random) -> int | None:
    return chance.randint(*cast("tuple[int, int]", limits)) if limits else None


def _die_after_commits(count: int) -> None:
    """Have this process die between a commit and every reply that it would have brought."""
    left = count

    async def deadly(connection: Connection, members: Sequence[Member], now: datetime) -> list[Result]:
        nonlocal left
        results = await write(connection, members, now)
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return results

    put(event_log, "write", deadly)


class _Mortal(Followed):
    """Dies in a batch, after its rows are written and before they count."""

    def __init__(self, batches: int | None) -> None:
        self._left = batches

    async def apply(self, connection: Connection, batch: Sequence[Recorded[Event]]) -> None:
        await super().apply(connection, batch)
        if self._left is not None:
            self._left -= 1
            if self._left <= 0:
                os.kill(os.getpid(), signal.SIGKILL)


async def _project(url: str, batches: int | None) -> None:
    put(runner, "LEADER_LOCK", OWN_LEADER_LOCK)
    await Runner(url, [_Mortal(batches)]).run()
