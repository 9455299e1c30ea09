"""Those who have to wait: for a frozen process, for a connection, for the write lock, in the queue."""

import os
import signal
import threading
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import psycopg

from store.event_log.append import WRITE_LOCK
from tests.faults.crowd import at_once, crowd, filing
from tests.faults.journal import Answer, Command
from tests.faults.load import Sender, Witnessed
from tests.faults.stage import Means, Played, Stage, first_success, on_stage, slowest, unlike

LET_GO: Final = 13.0
"""Seconds after which a frozen process has lost the write lock, if it held it: ten, and what it takes to notice."""
FAST: Final = 3.0
"""Seconds within which whoever cannot be served is told so."""
_CLIENTS: Final = 4
_CROWD: Final = 80
"""More than a group of the group commit."""
_HELD_SECONDS: Final = 3.8
_SPREAD: Final = 0.6
"""Seconds within which the crowd arrives."""
_LATE_SECONDS: Final = 0.5
_WRITE_LOCK_HELD: Final = f"SELECT pg_advisory_xact_lock({WRITE_LOCK})"


def frozen(means: Means) -> Played:
    """3: SIGSTOP to one of two API processes; its clients turn to the other with the same keys; then it goes on."""
    seconds = means.seconds(30, 1.2)
    with on_stage(means, "fault-3", apis=2, feed=False) as stage:
        complaints: list[str] = []
        times, late, silences = means.times(3), 0, [0.0]
        for number in range(times):
            asked, silence = _freeze(stage, f"3-{number}", seconds, complaints)
            late += asked
            silences.append(silence)
        time.sleep(_LATE_SECONDS)
        complaints += unlike(stage.clients.witnessed, unanswered=True)
        if not late:
            complaints.append("nobody had to turn to the other process")
        if max(silences) > LET_GO:
            complaints.append(f"the other process could record nothing for {max(silences)} s")
        beyond = {"frozen_seconds": seconds, "turned_to_the_other": late, "longest_silence": max(silences)}
        return stage.closed(times, beyond, complaints)


def _freeze(stage: Stage, name: str, seconds: float, complaints: list[str]) -> tuple[int, float]:
    """Freeze once; return how many requests went to the other process, and for how long that one recorded nothing."""
    other, pid = stage.processes.address(stage.apis[1]), stage.processes.pid(stage.apis[0])
    load = stage.clients.load(name, patience=seconds / 2)
    beside = stage.clients.load(f"{name}-beside", goes_on=True, address=other)
    load.start(2 * _CLIENTS)
    beside.start(_CLIENTS)
    time.sleep(0.3)
    os.kill(pid, signal.SIGSTOP)
    began = time.monotonic()
    thaw = threading.Timer(seconds, os.kill, (pid, signal.SIGCONT))
    thaw.start()
    load.stop()
    load.join()
    unknown, _ = stage.clients.ask_again(load.sent, other)
    thaw.join()
    beside.stop()
    beside.join()
    stage.clients.ask_again(beside.sent, other)
    if stage.clients.tally.unsettled:
        complaints.append("the other process could not be used")
    return unknown, longest_silence(stage.clients.witnessed, began, began + seconds)


def longest_silence(witnessed: Sequence[Witnessed], since: float, until: float) -> float:
    """Return for how many seconds at most nothing was acknowledged, between two moments."""
    times = [item.at for item in witnessed if item.status and item.status < 300 and since < item.at < until]
    return round(max(after - before for before, after in pairwise([since, *sorted(times), until])), 3)


def pool_exhausted(means: Means) -> Played:
    """15: all connections are taken: each waits for a table that somebody else has locked."""
    return _held(means, "15", "LOCK TABLE stored_events IN ACCESS EXCLUSIVE MODE", {"pool_size": 2})


def lock_held(means: Means) -> Played:
    """16: somebody else holds the write lock; first a crowd waits, then a crowd too large for the queue."""
    first, second = _held(means, "16", _WRITE_LOCK_HELD, {}), queue_full(means)
    return Played(
        first.times + second.times,
        {"queue": first.beyond, "full_queue": second.beyond},
        [*first.complaints, *second.complaints],
        [*first.known, *second.known],
        [*first.findings, *second.findings],
    )


def queue_full(means: Means) -> Played:
    """16, the second half: only eight may wait."""
    return _held(means, "16-full", _WRITE_LOCK_HELD, {"waiting": 8})


def _held(means: Means, name: str, hold: str, given: Mapping[str, object]) -> Played:
    with on_stage(means, f"fault-{name}", feed=False, given=given) as stage, ExitStack() as stack:
        senders = crowd(stage, stack, _CROWD)
        load = stage.clients.load(name, goes_on=True)
        load.start(_CLIENTS)
        times, held = means.times(5), [_hold_once(stage, senders, hold, n) for n in range(means.times(5))]
        load.stop()
        load.join()
        stage.clients.ask_again([*load.sent, *(item for one in held for item in one.sent)])
        witnessed = stage.clients.witnessed
        complaints = [*unlike(witnessed), *(complaint for one in held for complaint in one.complaints)]
        beyond = {
            "slowest_answer": max(one.slowest for one in held),
            "back_after": max(one.back or 0.0 for one in held),
            "told_to_come_back": sum(item.status == 503 for item in witnessed),
            "told_at_once": sum(item.status == 503 and item.seconds < FAST / 3 for item in witnessed),
        }
        if not beyond["told_to_come_back"]:
            complaints.append("nobody was told to come back")
        if "waiting" in given and not beyond["told_at_once"]:
            complaints.append("the queue was never full")
        return stage.closed(times, beyond, complaints)


@dataclass(frozen=True, slots=True)
class _Held:
    """What came of holding something once."""

    sent: Sequence[tuple[Command, Answer]]
    slowest: float
    back: float | None

    @property
    def complaints(self) -> list[str]:
        slow = [f"an answer took {self.slowest} s"] if self.slowest > FAST else []
        return slow if self.back is not None else [*slow, "the service did not come back when it could"]


def _hold_once(stage: Stage, senders: Sequence[Sender], hold: str, number: int) -> _Held:
    """Hold something, let a crowd come, let go once everybody was answered, or after long enough."""
    commands = [filing(f"{stage.journal.stem}-{number}-{n}") for n in range(len(senders))]
    time.sleep(0.2)
    since = len(stage.clients.witnessed)
    answered, held = threading.Event(), threading.Event()

    def keep() -> None:
        with psycopg.connect(stage.url) as connection:
            connection.execute(hold)
            held.set()
            answered.wait(_HELD_SECONDS)

    with ThreadPoolExecutor(1) as keeper:
        kept = keeper.submit(keep)
        held.wait(FAST)
        answers = at_once(senders, commands, spread=_SPREAD)
        waited = stage.clients.witnessed[since:]
        answered.set()
        kept.result()
    freed = time.monotonic()
    give_up = freed + FAST
    while (
        back := first_success(stage.clients.witnessed[since:], freed)
    ) is None and time.monotonic() < give_up:
        time.sleep(0.05)
    return _Held(list(zip(commands, answers, strict=True)), slowest(waited), back)
