"""Those who follow the log for the read models: killed in mid-batch, two of them, a poison event, a lost connection."""

import os
import signal
import time
from collections.abc import Sequence
from typing import Final
from uuid import UUID, uuid4

import httpx
import psycopg

from projections.registry import NAMES
from projections.runtime.runner import LEADER_LOCK
from store.event_log.append import WRITE_LOCK
from tests.faults.crowd import filing
from tests.faults.following import Handed, read_followed
from tests.faults.lives import OWN_LEADER_LOCK
from tests.faults.stage import Means, Played, Stage, on_stage, projector_names, unlike
from tests.support.forked import Report

TAKE_OVER: Final = 2.0
"""Seconds until another follower has taken over, or the same one has caught up."""
_CLIENTS: Final = 4
_PATIENCE: Final = 180.0
_LEADERS: Final = """
SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND objid IN (%s, %s) AND granted
   AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""
_LEADER_COUNT: Final = 2
"""The worker's projections, and the projector that writes down what it sees."""
_ACTIVE: Final = """
SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = %s AND granted
   AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""
_POISON: Final = """
INSERT INTO stored_events (originator_id, originator_version, topic, state) VALUES (%s, 1, %s, %s)
"""
_KINDS: Final = (
    ("nobody.knows.v1", b"{}"),
    ("dispute.filed.v1", b"\x00\xff torn"),
    ("dispute.filed.v1", b"{}"),
)


def killed_in_mid_batch(means: Means) -> Played:
    """20: the leading projector dies with its rows written and not committed; the worker is killed at random, too."""
    name, count = "fault-20", 3
    with on_stage(means, name, projectors=count, given={"die_in_batch": (1, 6), "rest": 1.0}) as stage:
        load = stage.clients.load("20", goes_on=True)
        load.start(_CLIENTS)
        names, wanted = tuple(projector_names(name, count)), means.times(40, 3)
        give_up, workers = time.monotonic() + _PATIENCE, 0
        while not stage.processes.wait_for_deaths(names, wanted, 0.5) and time.monotonic() < give_up:
            os.kill(stage.processes.pid(f"{name}-worker"), signal.SIGKILL)
            workers += 1
        deaths = [death for every in names for death in stage.processes.deaths(every)]
        time.sleep(TAKE_OVER + 0.1)
        slowest = _slowest_take_over(deaths, read_followed(stage.url))
        load.stop()
        load.join()
        for item in names:
            _start_immortal(stage, item)
        stage.clients.ask_again(load.sent)
        complaints = unlike(stage.clients.witnessed)
        if slowest > TAKE_OVER:
            complaints.append(f"another took over only after {slowest:.2f} s")
        if len(deaths) < wanted:
            complaints.append(f"only {len(deaths)} projectors died in mid-batch")
        return stage.closed(len(deaths) + workers, {"slowest_take_over": slowest}, complaints)


def _start_immortal(stage: Stage, name: str) -> None:
    stage.processes.stop(name)
    stage.processes.start(name, "projector", url=stage.url, plants=list(stage.means.plants))


def _slowest_take_over(deaths: Sequence[Report], handed: Sequence[Handed]) -> float:
    """Return how long it took at most until somebody was handed an event after a death."""
    times = [item.at for item in handed]
    waits = [min((at - death.at for at in times if at > death.at), default=99.0) for death in deaths]
    return round(max(waits, default=0.0), 3)


def two_projectors(means: Means) -> Played:
    """21: of two, one is handed everything."""
    with on_stage(means, "fault-21", projectors=2) as stage:
        load = stage.clients.load("21")
        load.start(_CLIENTS)
        until, active = time.monotonic() + means.seconds(10, 1.0), {0}
        while time.monotonic() < until:
            active.add(int(str(stage.sql(_ACTIVE, OWN_LEADER_LOCK)[0][0])))
            time.sleep(0.02)
        load.stop()
        load.join()
        stage.wait_for_projector()
        handed: list[Handed] = read_followed(stage.url)
        complaints = unlike(stage.clients.witnessed)
        if (count := len({item.pid for item in handed})) != 1:
            complaints.append(f"{count} projectors were active")
        if active - {0, 1}:
            complaints.append(f"{max(active)} projectors held the leader's lock")
        return stage.closed(1, {"active": count, "handed_out": len(handed)}, complaints)


def poison(means: Means) -> Played:
    """22: rows that cannot be decoded, among others under load."""
    with on_stage(means, "fault-22", feed=False) as stage:
        load = stage.clients.load("22")
        load.start(_CLIENTS)
        planted: list[UUID] = []
        for number in range(means.times(12, 3)):
            time.sleep(0.15)
            planted.append(_plant(stage, *_KINDS[number % len(_KINDS)]))
        load.stop()
        load.join()
        played = stage.closed(len(planted), {}, unlike(stage.clients.witnessed))
        parked = {
            (str(name), stream) for name, stream in stage.sql("SELECT projection, stream FROM parked_streams")
        }
        complaints = list(played.complaints)
        if parked != {(name, stream) for name in NAMES for stream in planted}:
            complaints.append(
                f"{len(parked)} streams are parked, not {len(planted)} for each of {len(NAMES)} models"
            )
        alarm = _alarm(stage)
        if alarm != dict.fromkeys(NAMES, len(planted)):
            complaints.append(f"the alarm in /metrics says {alarm}")
        beyond = {"parked": len(parked), "alarm": alarm}
        return Played(played.times, beyond, complaints, played.known, played.findings)


def _plant(stage: Stage, topic: str, state: bytes) -> UUID:
    stream = uuid4()
    with psycopg.connect(stage.url) as connection:
        connection.execute("SELECT pg_advisory_xact_lock(%s)", (WRITE_LOCK,))
        connection.execute(_POISON, (stream, topic, state))
    return stream


def _alarm(stage: Stage) -> dict[str, int]:
    text = httpx.get(f"{stage.processes.address(stage.apis[0])}/metrics", trust_env=False, timeout=15).text
    lines = [
        line.split() for line in text.splitlines() if line.startswith("tiaochu_projection_parked_streams{")
    ]
    return {name.split('"')[1]: int(float(count)) for name, count in lines}


def lost_notify(means: Means) -> Played:
    """23: the leaders' connections are cut, on which they listen, and then something happens."""
    with on_stage(means, "fault-23", projectors=1) as stage:
        load = stage.clients.load("23")
        load.start(2)
        waits, wanted = [0.0], means.times(40, 2)
        with stage.clients.sender() as sender:
            for number in range(wanted):
                time.sleep(0.3)
                cut = _cut_leaders(stage)
                answer = sender.send(filing(f"23-{number}"))
                if not cut or not isinstance(answer.body, dict):
                    break
                waits.append(_caught_up(stage, int(str(answer.body["position"]))))
        load.stop()
        load.join()
        complaints = unlike(stage.clients.witnessed)
        if max(waits) > TAKE_OVER:
            complaints.append(f"caught up only after {max(waits):.2f} s")
        elif len(waits) <= wanted:
            complaints.append("nobody led, or nothing could be filed")
        return stage.closed(len(waits) - 1, {"slowest_to_catch_up": round(max(waits), 3)}, complaints)


def _cut_leaders(stage: Stage) -> bool:
    """Cut the connections of both leaders, as soon as both lead; return whether they led while there was patience."""
    give_up = time.monotonic() + stage.means.patience
    while time.monotonic() < give_up:
        if len(stage.sql(_LEADERS, LEADER_LOCK, OWN_LEADER_LOCK)) == _LEADER_COUNT:
            cut = f"SELECT pg_terminate_backend(pid) FROM ({_LEADERS}) AS led"
            return len(stage.sql(cut, LEADER_LOCK, OWN_LEADER_LOCK)) == _LEADER_COUNT
        time.sleep(0.02)
    return False


def _caught_up(stage: Stage, position: int) -> float:
    """Wait until every read model has followed the log to a position; return for how many seconds."""
    began = time.monotonic()
    followers = len(NAMES) + 1
    while time.monotonic() < began + 1.5 * TAKE_OVER:
        rows = stage.sql("SELECT count(*) FROM projection_positions WHERE position >= %s", position)
        if rows[0][0] == followers:
            break
        time.sleep(0.02)
    return time.monotonic() - began
