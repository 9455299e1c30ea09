"""Rounds of load, a kill, the way back, and the same requests again."""

import os
import random
import signal
import time
from collections.abc import Callable
from typing import Final

import httpx

from cli.demo.demonstration import put_street, street
from tests.faults.clients import Clients, Tally
from tests.faults.journal import Journal
from tests.faults.load import Load
from tests.faults.server import Server

VICTIMS: Final = {"supervisor": 70, "supervisor-twice": 6, "api": 12, "postmaster": 12}
"""Which process is killed, with its weight; twice: once more while it starts again."""
READY_SECONDS: Final = 60.0
_LOAD_SECONDS: Final = (0.03, 0.7)
_SECOND_KILL_SECONDS: Final = (0.05, 2.0)


class Rounds:
    """Carries rounds out, one after the other, all chances drawn from one seed."""

    def __init__(self, server: Server, journal: Journal, seed: int, clients: int) -> None:
        self._clients = Clients(lambda: server.address, server.database_url, server.home, journal, seed)
        self._server = server
        self._seed = seed
        self._count = clients
        self._chance = random.Random(seed)

    @property
    def tally(self) -> Tally:
        """What happened so far."""
        return self._clients.tally

    def prepare(self) -> None:
        """Start the server and put the street on its map."""
        self._server.launch()
        self._server.wait_until_ready(READY_SECONDS)
        address = self._server.address
        with httpx.Client(base_url=address, timeout=15, trust_env=False, verify=False) as client:
            put_street(client, self._clients.token, street())

    def play(self, number: int, victim: str | None = None) -> str:
        """Play one round and say in a line how it went; raises DidNotComeBackError."""
        victim = victim or self._chance.choices(list(VICTIMS), list(VICTIMS.values()))[0]
        load = self._clients.load(f"{self._seed}-{number}")
        after = self._chance.uniform(*_LOAD_SECONDS)
        load.start(self._count)
        time.sleep(after)
        seconds = self._kill(victim, load)
        load.join()
        self.tally.victims[victim] += 1
        self.tally.restarts.append(seconds)
        self.tally.saw(load.sent)
        unknown, committed = self._clients.ask_again(load.sent)
        sent = f"{len(load.sent)} sent, {unknown} unknown ({committed} of them recorded)"
        return f"{victim} killed after {1000 * after:.0f} ms: {sent}; ready after {seconds:.2f} s"

    def settle(self) -> None:
        """Ask once more for what is still open."""
        self._clients.ask_again([])

    def _kill(self, victim: str, load: Load) -> float:
        """Kill, have the clients stop, wait for the way back; return how many seconds that took."""
        pid, successor = self._target(victim)
        killed = time.monotonic()
        os.kill(pid, signal.SIGKILL)
        load.stop()
        if victim.startswith("supervisor"):
            self._server.bury()
            self._server.launch()
        if victim == "supervisor-twice":
            time.sleep(self._chance.uniform(*_SECOND_KILL_SECONDS))
            killed = time.monotonic()
            os.kill(self._server.pid, signal.SIGKILL)
            self._server.bury()
            self._server.launch()
        self._server.wait_until_ready(READY_SECONDS, lambda: successor() not in {pid, None})
        return time.monotonic() - killed

    def _target(self, victim: str) -> tuple[int, Callable[[], int | None]]:
        """The process to kill, and how to learn who has its place."""
        find = {"api": self._server.api_pid, "postmaster": self._server.postmaster_pid}.get(
            victim, lambda: self._server.pid
        )
        pid = find()
        if pid is None:
            raise RuntimeError(f"there is no {victim} to kill")
        return pid, find
