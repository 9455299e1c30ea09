"""All clients of one database: what they know in common, and asking again for what stayed unknown."""

import random
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from uuid import UUID

from cli.bootstrap import utc_now
from domain.events.envelope import Actor
from identity.keys import local_keys
from identity.tokens import issue
from tests.faults.journal import Answer, Command, History, Journal, Verdict
from tests.faults.load import ANSWER_SECONDS, Cases, Load, Sender, Witnessed
from tests.faults.stored import carried_out, command_id

SETTLE_SECONDS: Final = 20.0
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


class Clients:
    """Those who send commands to one address (or, asking again, to another) and look into one database."""

    def __init__(
        self, address: Callable[[], str], url: Callable[[], str], home: Path, journal: Journal, seed: int
    ) -> None:
        keys = local_keys(home / "keys")
        self._signing, self._secret = keys.tokens, keys.requests
        self._address = address
        self._url = url
        self._journal = journal
        self._seed = seed
        self._chance = random.Random(seed)
        self._tokens: dict[str, str] = {}
        self.cases = Cases()
        self.tally = Tally()
        self.witnessed: list[Witnessed] = []
        """Every answer that a sender of these clients got, in order."""

    def load(
        self,
        name: str,
        *,
        goes_on: bool = False,
        address: str | None = None,
        patience: float = ANSWER_SECONDS,
    ) -> Load:
        """Return clients that are yet to be set going; some stop where a connection breaks, others go on."""
        return Load(lambda: self.sender(address, patience), self.cases, f"{self._seed}-{name}", goes_on)

    def sender(self, address: str | None = None, patience: float = ANSWER_SECONDS) -> Sender:
        """Return a client with a connection of its own."""
        where = address or self._address()
        return Sender(where, self._journal, self.token, patience, self.witnessed.append)

    def command_of(self, history: History) -> UUID:
        """Return the id under which a key is recorded."""
        return command_id(self._secret, history.sub, history.route, history.key)

    def ask_again(
        self, sent: Sequence[tuple[Command, Answer]], address: str | None = None
    ) -> tuple[int, int]:
        """Send again what is unknown, until it is known, and a little of what is acknowledged.

        Returns how many commands were unknown, and how many of those had been recorded all the same.
        """
        fresh = [command for command, answer in sent if answer.verdict is Verdict.UNKNOWN]
        done = [command for command, answer in sent if answer.verdict is Verdict.OK]
        ids = [command_id(self._secret, item.sub, item.route, item.key) for item in fresh]
        committed = carried_out(self._url(), ids) if ids else 0
        self.tally.committed_unknown += committed
        echoes = self._chance.sample(done, min(_ECHOES, len(done)))
        unsettled = [*self.tally.unsettled, *fresh]
        give_up = time.monotonic() + SETTLE_SECONDS
        with self.sender(address) as sender:
            answers = [(echoe, sender.send(echoe)) for echoe in echoes]
            while unsettled and time.monotonic() < give_up:
                again = [(item, sender.send(item)) for item in unsettled]
                answers += again
                unsettled = [item for item, answer in again if answer.verdict is Verdict.UNKNOWN]
        self.tally.unsettled = unsettled
        self.tally.saw(answers)
        for command, answer in answers:
            self.cases.learn(command, answer)
        return len(fresh), committed

    def token(self, actor: Actor) -> str:
        """Return a token for somebody."""
        if actor.sub not in self._tokens:
            self._tokens[actor.sub] = issue(self._signing, actor, utc_now())
        return self._tokens[actor.sub]
