"""`python -m tests.faults.kill_server`: kill the server with signal 9 under load, many times, then check the ledger."""

import argparse
import json
import random
import shutil
import signal
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from identity.keys import local_keys
from tests.faults.clients import Tally
from tests.faults.journal import History, Journal, Verdict, read_journal
from tests.faults.ledger import Finding, check
from tests.faults.rounds import VICTIMS, Rounds
from tests.faults.server import DidNotComeBackError, Server, free_port
from tests.faults.stored import command_id, read_stored, wait_until_caught_up

_CATCH_UP_SECONDS: Final = 60.0
_SHOWN: Final = 20
_ABOUT: Final = """
Runs `tiaochu serve` on an embedded PostgreSQL of its own in a temporary folder. In each round clients file disputes,
accept them and record sessions; after a random time one process is killed with SIGKILL: mostly the supervising one,
with which all others end, else the API process or PostgreSQL's first process. Once /readyz says 200 again, every
request whose outcome is unknown is sent again under the same key. At the end the clients' journal is held against
the database.

Exit 0: nothing lost, doubled or otherwise wrong, no process left behind, each restart within the limit;
1: something was; 2: misused.
"""


@dataclass(frozen=True, slots=True)
class Plan:
    """What to do: how often, from which seed, with how many clients, within which times."""

    rounds: int = 200
    seed: int = 1
    clients: int = 6
    minutes: float = 15.0
    limit: float = 5.0
    victims: Sequence[str] = ()
    """Whom to kill in the first rounds; after that the seed decides."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What happened, what the clients knew in the end, and what was found to be wrong."""

    plan: Plan
    tally: Tally
    journal: Sequence[History]
    findings: Sequence[Finding]
    stopped: str | None
    left_behind: int
    seconds: float

    @property
    def late(self) -> int:
        """How many restarts took longer than the limit."""
        return sum(restart > self.plan.limit for restart in self.tally.restarts)

    @property
    def good(self) -> bool:
        """Whether everything went as it must."""
        return not (self.findings or self.late or self.stopped or self.tally.unsettled or self.left_behind)

    def summary(self) -> dict[str, object]:
        """Return the figures."""
        verdicts = [item.verdict for item in self.journal]
        kinds = [finding.kind for finding in self.findings]
        restarts = self.tally.restarts or [0.0]
        return {
            "rounds": len(self.tally.restarts),
            "seed": self.plan.seed,
            "victims": dict(self.tally.victims),
            "acknowledged": verdicts.count(Verdict.OK),
            "rejected": verdicts.count(Verdict.REJECTED),
            "unknown": sum(item.was_unknown for item in self.journal),
            "unknown_recorded": self.tally.committed_unknown,
            "unsettled": verdicts.count(Verdict.UNKNOWN),
            "lost": kinds.count("lost"),
            "doubled": kinds.count("doubled"),
            "wrong": kinds.count("wrong"),
            "slowest_restart": round(max(restarts), 2),
            "median_restart": round(statistics.median(restarts), 2),
            "late_restarts": self.late,
            "left_behind": self.left_behind,
            "answers": dict(sorted(self.tally.statuses.items())),
            "seconds": round(self.seconds, 1),
            "stopped": self.stopped,
            "findings": [asdict(finding) for finding in self.findings[:_SHOWN]],
        }


def kill_server(plan: Plan, tell: Callable[[str], None], folder: Path | None = None) -> Outcome:
    """Play the rounds in a new folder and check the ledger; what `tell` is told is progress."""
    began = time.monotonic()
    with home_in(folder) as home:
        path = home / "journal.jsonl"
        server = Server(home, free_port(random.Random(plan.seed + began)))
        with Journal(path) as journal, server:
            rounds = Rounds(server, journal, plan.seed, plan.clients)
            stopped = _play(plan, rounds, tell)
            known = read_journal(path)
            findings = _checked(known, server) if stopped is None else []
    seconds = time.monotonic() - began
    return Outcome(plan, rounds.tally, known, findings, stopped, len(server.left_behind), seconds)


def _play(plan: Plan, rounds: Rounds, tell: Callable[[str], None]) -> str | None:
    """Play the rounds; return why they were not all played, or None."""
    give_up = time.monotonic() + 60 * plan.minutes
    try:
        rounds.prepare()
        for number in range(1, plan.rounds + 1):
            if time.monotonic() > give_up:
                tell("the time is up")
                return f"after {plan.minutes:g} minutes"
            chosen = plan.victims[number - 1] if number <= len(plan.victims) else None
            tell(f"round {number}/{plan.rounds}: {rounds.play(number, chosen)}")
        rounds.settle()
    except DidNotComeBackError as error:
        return str(error)
    return None


def _checked(known: Sequence[History], server: Server) -> list[Finding]:
    url, secret = server.database_url(), local_keys(server.home / "keys").requests
    wait_until_caught_up(url, _CATCH_UP_SECONDS)
    return check(known, read_stored(url), lambda item: command_id(secret, item.sub, item.route, item.key))


@contextmanager
def home_in(folder: Path | None) -> Iterator[Path]:
    """A new folder that PostgreSQL's account can pass through; it stays where the caller named one."""
    if folder is not None:
        folder.mkdir(parents=True)
        folder.chmod(0o755)
        yield folder
        return
    made = Path(tempfile.mkdtemp(prefix="tiaochu-faults-", dir="/tmp"))
    made.chmod(0o755)
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


def _plan(arguments: Sequence[str]) -> tuple[Plan, Path | None]:
    parser = argparse.ArgumentParser(
        prog="python -m tests.faults.kill_server",
        description=_ABOUT,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--rounds", type=_positive, default=200, help="how many kills (200)")
    parser.add_argument("--seed", type=int, default=1, help="decides times, victims and commands (1)")
    parser.add_argument("--clients", type=_positive, default=6, help="clients at a time (6)")
    parser.add_argument("--minutes", type=float, default=15.0, help="end after so many at the latest (15)")
    parser.add_argument("--limit", type=float, default=5.0, help="seconds that a restart may take (5)")
    parser.add_argument("--victim", choices=list(VICTIMS), help="kill none but this one")
    parser.add_argument("--folder", type=Path, help="a folder to make for data and journal, and to keep")
    given = parser.parse_args(arguments)
    if given.folder is not None and given.folder.exists():
        parser.error(f"{given.folder} is there already")
    victims = (given.victim,) * given.rounds if given.victim else ()
    return Plan(given.rounds, given.seed, given.clients, given.minutes, given.limit, victims), given.folder


def _positive(text: str) -> int:
    if (number := int(text)) < 1:
        raise ValueError(text)
    return number


def main(arguments: Sequence[str]) -> int:
    """Run as the arguments say; progress on standard error, the summary as JSON on standard output."""
    plan, folder = _plan(arguments)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    outcome = kill_server(plan, lambda line: print(line, file=sys.stderr, flush=True), folder)
    print(json.dumps(outcome.summary(), indent=1, ensure_ascii=False))
    return 0 if outcome.good else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
