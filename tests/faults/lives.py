"""What a child of the cradle may be: an API process, the worker, a projector, a writer; with a fault where it is due."""

import asyncio
import os
import random
import signal
import socket
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final, cast
from uuid import UUID

from cli.process import log_to_stderr, serve_api, work
from cli.settings import Settings
from domain.events.envelope import Event, Recorded
from projections import runner
from projections.projection import Connection
from projections.runner import Runner
from store import event_log, group_commit
from store.appending import Member
from tests.faults.following import Followed
from tests.faults.plants import PLANTS
from tests.faults.slow_writers import write_slowly

OWN_LEADER_LOCK: Final = 5_207_903
"""Projectors of the tests compete for this one, beside the product's own."""
Given = Mapping[str, object]


def live(given: Given, listener: socket.socket | None, chance: random.Random) -> None:
    """Be what was asked for until the end of it."""
    log_to_stderr()
    group_commit.WAITING = cast("int", given.get("waiting", group_commit.WAITING))  # type: ignore[misc]
    for name in cast("Sequence[str]", given.get("plants", ())):
        PLANTS[name]()
    url = str(given["url"])
    match given["run"]:
        case "api" if listener is not None:
            _api(given, url, listener, chance)
        case "worker":
            work(url)
        case "projector":
            asyncio.run(_project(url, _drawn(given.get("die_in_batch"), chance)))
        case "writer":
            asyncio.run(write_slowly(url, cast("int", given["count"]), cast("int", given["logs"]), chance))


def _api(given: Given, url: str, listener: socket.socket, chance: random.Random) -> None:
    if (commits := _drawn(given.get("die_after_commit"), chance)) is not None:
        _die_after_commits(commits)
    settings = Settings(var=Path(str(given["home"])), pool_size=cast("int", given.get("pool_size", 10)))
    serve_api(settings, url, listener.detach())


def _drawn(limits: object, chance: random.Random) -> int | None:
    return chance.randint(*cast("tuple[int, int]", limits)) if limits else None


def _die_after_commits(count: int) -> None:
    """Have this process die between a commit and every reply that it would have brought."""
    write, left = event_log.write, [count]

    async def deadly(connection: Connection, members: Sequence[Member], *more: object) -> dict[UUID, object]:
        answers = await cast("Callable[..., object]", write)(connection, members, *more)  # type: ignore[misc]
        left[0] -= 1
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return answers

    event_log.write = deadly  # type: ignore[assignment]


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
    runner.LEADER_LOCK = OWN_LEADER_LOCK  # type: ignore[misc]
    await Runner(url, [_Mortal(batches)]).run()
