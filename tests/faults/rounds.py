"""Rounds of load, a kill, the way back, and the same requests again."""

import os
import random
import signal
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

import httpx

from access.keys import local_keys
from access.tokens import issue
from cli.composition import utc_now
from cli.demonstration import put_street, street
from domain.events.envelope import Actor
from tests.faults.journal import Answer, Command, Journal, Verdict
from tests.faults.load import Cases, Load, Sender
from tests.faults.server import Server
from tests.faults.stored import carried_out, command_id

VICTIMS: Final = {"supervisor": 70, "supervisor-twice": 6, "api": 12, "postmaster": 12}
"""Which process is killed, with its weight; twice: once more while it starts again."""
READY_SECONDS: Final = 60.0
_SETTLE_SECONDS: Final = 20.0
_LOAD_SECONDS: Final = (0.03, 0.7)
_SECOND_KILL_SECONDS: Final = (0.05, 2.0)
_ECHOES: Final = 3


@dataclass(slots=True)
class Tally:
    """What happened so far."""

    restarts: list[float] = field(default_factory=list)
    victims: Counter[str] = field(default_factory=Counter)
    statuses: Counter[str] = field(default_factory=Counter)
    committed_unknown: int = 0
    unsettled: list[Command] = field(default_factory=list)

    def saw(self, answers: Sequence[tuple[Command, Answer]]) -> None:
        """Count answers by their status."""
        self.statuses.update(str(answer.status or "none") for _, answer in answers)


class Rounds:
    """Carries rounds out, one after the other, all chances drawn from one seed."""

    def __init__(self, server: Server, journal: Journal, seed: int, clients: int) -> None:
        keys = local_keys(server.home / "keys")
        self._signing, self._secret = keys.tokens, keys.requests
        self._server = server
        self._journal = journal
        self._seed = seed
        self._clients = clients
        self._chance = random.Random(seed)
        self._tokens: dict[str, str] = {}
        self._cases = Cases()
        self.tally = Tally()

    def prepare(self) -> None:
        """Start the server and put the street on its map."""
        self._server.launch()
        self._server.wait_until_ready(READY_SECONDS)
        address = self._server.address
        with httpx.Client(base_url=address, timeout=15, trust_env=False, verify=False) as client:
            put_street(client, self._token, street())

    def play(self, number: int, victim: str | None = None) -> str:
        """Play one round and say in a line how it went; raises DidNotComeBackError."""
        victim = victim or self._chance.choices(list(VICTIMS), list(VICTIMS.values()))[0]
        load = Load(self._sender, self._cases, f"{self._seed}-{number}")
        after = self._chance.uniform(*_LOAD_SECONDS)
        load.start(self._clients)
        time.sleep(after)
        seconds = self._kill(victim, load)
        load.join()
        self.tally.victims[victim] += 1
        self.tally.restarts.append(seconds)
        self.tally.saw(load.sent)
        unknown, committed = self._ask_again(load.sent)
        sent = f"{len(load.sent)} sent, {unknown} unknown ({committed} of them recorded)"
        return f"{victim} killed after {1000 * after:.0f} ms: {sent}; ready after {seconds:.2f} s"

    def settle(self) -> None:
        """Ask once more for what is still open."""
        self._ask_again([])

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

    def _ask_again(self, sent: Sequence[tuple[Command, Answer]]) -> tuple[int, int]:
        """Send again what is unknown, until it is known, and a little of what is acknowledged.

        Returns how many commands were unknown, and how many of those had been recorded all the same.
        """
        fresh = [command for command, answer in sent if answer.verdict is Verdict.UNKNOWN]
        done = [command for command, answer in sent if answer.verdict is Verdict.OK]
        ids = [command_id(self._secret, each.sub, each.route, each.key) for each in fresh]
        committed = carried_out(self._server.database_url(), ids) if ids else 0
        self.tally.committed_unknown += committed
        echoes = self._chance.sample(done, min(_ECHOES, len(done)))
        unsettled = [*self.tally.unsettled, *fresh]
        give_up = time.monotonic() + _SETTLE_SECONDS
        with self._sender() as sender:
            answers = [(each, sender.send(each)) for each in echoes]
            while unsettled and time.monotonic() < give_up:
                again = [(each, sender.send(each)) for each in unsettled]
                answers += again
                unsettled = [each for each, answer in again if answer.verdict is Verdict.UNKNOWN]
        self.tally.unsettled = unsettled
        self.tally.saw(answers)
        for command, answer in answers:
            self._cases.learn(command, answer)
        return len(fresh), committed

    def _sender(self) -> Sender:
        return Sender(self._server.address, self._journal, self._token)

    def _token(self, actor: Actor) -> str:
        if actor.sub not in self._tokens:
            self._tokens[actor.sub] = issue(self._signing, actor, utc_now())
        return self._tokens[actor.sub]
