"""Processes and connections that end: the API, the whole service in good order, PostgreSQL, one of its backends."""

import os
import random
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Final

import httpx

from cli.demo.demonstration import put_street, street
from tests.faults.clients import Clients
from tests.faults.following import on_the_log
from tests.faults.journal import Answer, Command, Journal, Verdict
from tests.faults.kill_server import Plan, kill_server
from tests.faults.rounds import READY_SECONDS
from tests.faults.server import Server, free_port
from tests.faults.stage import Means, Played, Stage, first_success, on_stage, unlike

HEALED: Final = 2.0
"""Seconds until a pool lends connections that work again."""
_IN_FLIGHT: Final = 1.2
"""Seconds for which requests that were sent before the pool had healed may still be told to come back."""
_CLIENTS: Final = 6
_GRACE: Final = 15.0
_BACKENDS: Final = (
    "SELECT pid FROM pg_stat_activity WHERE application_name = 'tiaochu' AND datname = current_database()"
)
_TERMINATE: Final = f"SELECT pg_terminate_backend(pid) FROM ({_BACKENDS}) AS found"


def api_killed(means: Means) -> Played:
    """1: as `python -m tests.faults.kill_server` does it."""
    rounds = means.times(60)
    plan = Plan(rounds, means.seed, _CLIENTS, limit=means.limit, victims=("api", "supervisor"))
    outcome = kill_server(plan, means.tell)
    said = outcome.summary()
    names = ("slowest_restart", "median_restart", "unknown_recorded", "late_restarts", "left_behind")
    complaints = [
        f"{name}: {said[name]}"
        for name in ("late_restarts", "left_behind", "unsettled", "stopped")
        if said[name]
    ]
    return Played(rounds, {name: said[name] for name in names}, complaints, outcome.journal, outcome.findings)


def stopped_in_order(means: Means) -> Played:
    """4: SIGTERM to the service under load: what it had accepted is answered before it goes."""
    with _served(means, "fault-4") as (stage, server):
        complaints: list[str] = []
        slowest, none, chance = 0.0, 0, random.Random(means.seed)
        rounds = means.times(20)
        for number in range(rounds):
            known = len(stage.clients.witnessed)
            load = stage.clients.load(f"4-{number}")
            load.start(_CLIENTS)
            time.sleep(chance.uniform(0.2, 0.8))
            slowest = max(slowest, server.end_in_order(_GRACE))
            load.stop()
            load.join()
            none += sum(answer.status is None for _, answer in load.sent)
            complaints += failed_though_accepted(
                load.sent, [w.status for w in stage.clients.witnessed[known:]]
            )
            server.launch()
            server.wait_until_ready(READY_SECONDS)
            if (committed := stage.clients.ask_again(load.sent)[1]) > 0:
                complaints.append(f"{committed} requests took effect and were not answered")
        beyond = {"slowest_stop": round(slowest, 2), "never_accepted": none}
        return stage.closed(rounds, beyond, complaints)


def failed_though_accepted(
    sent: Sequence[tuple[Command, Answer]], statuses: Sequence[int | None]
) -> list[str]:
    """Complain of requests that the service had accepted and failed: it answered, and not with what was asked."""
    failed = [status for status in statuses if status is not None and status >= 500]
    if not any(answer.verdict is Verdict.OK for _, answer in sent):
        return ["nothing was acknowledged before the stop"]
    return [f"{len(failed)} accepted requests failed with {sorted(set(failed))}"] if failed else []


def database_crashed(means: Means) -> Played:
    """5: `pg_ctl stop -m immediate` is SIGQUIT to PostgreSQL's first process."""

    def crash(_: Stage, server: Server) -> None:
        pid = server.postmaster_pid()
        assert pid is not None
        os.kill(pid, signal.SIGQUIT)

    return _crashed(means, "fault-5", means.times(15), crash)


def backend_killed(means: Means) -> Played:
    """6: `kill -9` of one backend, after which PostgreSQL ends all the others and recovers."""
    chance = random.Random(means.seed)

    def kill(stage: Stage, _: Server) -> None:
        os.kill(int(str(chance.choice(stage.sql(_BACKENDS))[0])), signal.SIGKILL)

    return _crashed(means, "fault-6", means.times(15), kill)


def _crashed(means: Means, name: str, rounds: int, crash: Callable[[Stage, Server], None]) -> Played:
    with _served(means, name) as (stage, server):
        backs: list[float | None] = []
        witnessed = stage.clients.witnessed
        load = stage.clients.load(name, goes_on=True)
        load.start(_CLIENTS)
        for _ in range(rounds):
            time.sleep(0.6)
            crash(stage, server)
            backs.append(_first_success_after(stage, time.monotonic(), means.limit * 3))
        load.stop()
        load.join()
        server.wait_until_ready(READY_SECONDS)
        stage.clients.ask_again(load.sent)
        complaints = unlike(witnessed)
        if None in backs or max(filter(None, backs)) > means.limit:
            complaints.append(f"back after {backs} s")
        turned_away = sum(item.status == 503 for item in witnessed)
        beyond = {"slowest_recovery": max(back or 99.0 for back in backs), "told_503": turned_away}
        return stage.closed(rounds, beyond, complaints)


def _first_success_after(stage: Stage, moment: float, patience: float) -> float | None:
    """Return after how many seconds something that was asked later than a moment succeeded."""
    give_up = moment + patience
    while time.monotonic() < give_up:
        asked_later = [item for item in list(stage.clients.witnessed) if item.at - item.seconds > moment]
        if (back := first_success(asked_later, moment)) is not None:
            return back
        time.sleep(0.02)
    return None


def connections_terminated(means: Means) -> Played:
    """7: `pg_terminate_backend` for all connections of the product, again and again."""
    with on_stage(means, "fault-7", apis=2) as stage:
        load = stage.clients.load("7", goes_on=True)
        load.start(_CLIENTS)
        time.sleep(0.3)
        chance, times = random.Random(means.seed), 0
        until = time.monotonic() + means.seconds(20, 1.0)
        while time.monotonic() < until:
            times += len(stage.sql(_TERMINATE))
            time.sleep(chance.uniform(0.02, 0.15))
        back = _first_success_after(stage, time.monotonic(), 3 * HEALED)
        time.sleep(_IN_FLIGHT)
        known = len(stage.clients.witnessed)
        time.sleep(0.3)
        load.stop()
        load.join()
        healed = [item.status for item in stage.clients.witnessed[known:]]
        stage.clients.ask_again(load.sent)
        complaints = unlike(stage.clients.witnessed)
        if back is None or back > HEALED:
            complaints.append(f"the pool healed after {back} s")
        if 503 in healed:
            complaints.append("requests were still turned away after the pool had healed")
        turned_away = sum(item.status == 503 for item in stage.clients.witnessed)
        return stage.closed(times, {"healed_after": back, "told_503": turned_away}, complaints)


@contextmanager
def _served(means: Means, name: str) -> Iterator[tuple[Stage, Server]]:
    """Run the whole service, with a PostgreSQL of its own, and the street on its map."""
    home = means.folder / name
    home.mkdir()
    home.chmod(0o755)
    port = free_port(random.Random(f"{name} {means.seed} {time.monotonic()}"))
    path = means.folder / f"{name}.jsonl"
    with ExitStack() as stack:
        journal = stack.enter_context(Journal(path))
        server = stack.enter_context(Server(home, port))
        server.launch()
        server.wait_until_ready(READY_SECONDS)
        url = server.database_url()
        clients = Clients(lambda: server.address, lambda: url, home, journal, means.seed)
        with httpx.Client(base_url=server.address, timeout=15, trust_env=False) as client:
            put_street(client, clients.token, street())
        stage = Stage(means, url, clients, path)
        stage.followers.append(stack.enter_context(on_the_log(lambda: url)))
        yield stage, server
