"""One fault's stage: a database, the processes that answer for it, clients and followers; at the end the ledger check."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

import psycopg

from tests.faults.clients import Clients
from tests.faults.following import (
    ANALYST,
    Follower,
    make_followed,
    on_the_feed,
    on_the_log,
    positions,
    read_followed,
)
from tests.faults.ground import Ground
from tests.faults.journal import History, Journal, Verdict, read_journal
from tests.faults.ledger import Finding, check, followed
from tests.faults.load import Witnessed
from tests.faults.stored import carried_out, read_stored, wait_until_caught_up
from tests.support.forked import ForkedProcesses

Figures = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Means:
    """What a row plays with."""

    ground: Ground
    processes: ForkedProcesses
    folder: Path
    """For journals and for servers of a row's own."""
    seed: int = 1
    scale: float = 1.0
    limit: float = 5.0
    """Seconds within which a service has to be back."""
    tell: Callable[[str], None] = lambda _: None
    patience: float = 30.0
    """Seconds within which those who follow the log have to come to its end."""
    plants: tuple[str, ...] = ()
    """Faults of the product that the row is expected to find."""

    def times(self, full: int, least: int = 1) -> int:
        """How often something is done at this scale."""
        return max(least, round(full * self.scale))

    def seconds(self, full: float, least: float) -> float:
        """How long something lasts at this scale."""
        return max(least, full * self.scale)


@dataclass(frozen=True, slots=True)
class Played:
    """What a row did, and what came of it; good where nothing is complained of and nothing was found."""

    times: int
    beyond: Figures
    complaints: Sequence[str]
    known: Sequence[History]
    findings: Sequence[Finding]

    @property
    def good(self) -> bool:
        """Whether everything went as it must."""
        return not self.complaints and not self.findings


@dataclass(slots=True)
class Stage:
    """A database and everybody around it."""

    means: Means
    url: str
    clients: Clients
    journal: Path
    apis: Sequence[str] = ()
    followers: list[Follower] = field(default_factory=list)
    projectors: bool = False
    stack: ExitStack = field(default_factory=ExitStack)

    @property
    def processes(self) -> ForkedProcesses:
        """Where the processes are."""
        return self.means.processes

    def sql(self, statement: str, *values: object) -> list[tuple[object, ...]]:
        """Ask the database past the product, as its owner."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            cursor = connection.execute(statement, values)
            return cursor.fetchall() if cursor.description else []

    def rejected_and_recorded(self) -> int:
        """Count the commands that a client was refused though they took effect: false conflicts, among others."""
        rejected = [item for item in read_journal(self.journal) if item.verdict is Verdict.REJECTED]
        return carried_out(self.url, [self.clients.command_of(item) for item in rejected])

    def closed(self, times: int, beyond: Figures, complaints: Sequence[str]) -> Played:
        """Let everybody come to rest and check the ledger."""
        found = list(complaints)
        if left := len(self.clients.tally.unsettled):
            found.append(f"{left} requests never got an answer that settles them")
        if not wait_until_caught_up(self.url, self.means.patience):
            found.append("the read models did not catch up")
        known, log = read_journal(self.journal), positions(self.url)
        findings = check(known, read_stored(self.url), self.clients.command_of)
        for follower in self.followers:
            follower.__exit__(None, None, None)
            findings += followed(follower.name, follower.seen, log)
        if self.projectors:
            self.wait_for_projector()
            findings += followed("runner", [item.position for item in read_followed(self.url)], log)
        return Played(times, beyond, found, known, findings)

    def wait_for_projector(self) -> None:
        """Wait for the projectors to have followed the log to its end, or for as long as that may take."""
        give_up = time.monotonic() + self.means.patience
        reached = "SELECT coalesce(max(position), 0) FROM projection_positions WHERE name = 'followed'"
        while time.monotonic() < give_up and self.sql(reached)[0][0] != positions(self.url)[-1]:
            time.sleep(0.05)


@contextmanager
def on_stage(
    means: Means,
    name: str,
    *,
    apis: int = 1,
    through: Callable[[str], str] = lambda url: url,
    projectors: int = 0,
    feed: bool = True,
    given: Mapping[str, object] = MappingProxyType({}),
) -> Iterator[Stage]:
    """Bring a fresh street up with so many API processes, the worker, and projectors that write down what they see.

    `through` may lead the API processes to the database another way; `given` is for them and for the projectors.
    """
    url, processes = means.ground.fresh(), means.processes
    home, plants = str(means.ground.home), list(means.plants)
    names = [f"{name}-api-{number}" for number in range(1, apis + 1)]
    children = [*names, f"{name}-worker", *projector_names(name, projectors)]
    path = means.folder / f"{name}.jsonl"
    with ExitStack() as stack, Journal(path) as journal:
        stack.callback(_stop, processes, children)
        for item in names:
            about = {"url": through(url), "home": home, "plants": plants, "seed": means.seed}
            processes.start(item, "api", **{**about, **given})
        processes.start(f"{name}-worker", "worker", url=url, plants=plants)
        clients = Clients(
            lambda: processes.address(names[0]), lambda: url, means.ground.home, journal, means.seed
        )
        stage = Stage(means, url, clients, path, names, projectors=projectors > 0)
        stage.followers.append(stack.enter_context(on_the_log(lambda: url)))
        if feed and names:
            follower = on_the_feed(lambda: processes.address(names[-1]), clients.token(ANALYST))
            stage.followers.append(stack.enter_context(follower))
        if projectors:
            make_followed(url)
        for item in projector_names(name, projectors):
            processes.start(item, "projector", url=url, plants=plants, seed=means.seed, **given)
        yield stage


def projector_names(name: str, count: int) -> list[str]:
    """Return how the projectors of a stage are called."""
    return [f"{name}-projector-{number}" for number in range(1, count + 1)]


def _stop(processes: ForkedProcesses, children: Sequence[str]) -> None:
    for item in children:
        if processes.runs(item):
            processes.stop(item)


def unlike(witnessed: Sequence[Witnessed], *, unanswered: bool = False) -> list[str]:
    """Complain of answers that no fault excuses: a 500, a 503 that does not say when to come back, or none at all."""
    found = []
    if wrong := [item.status for item in witnessed if item.status is not None and 500 <= item.status != 503]:
        found.append(f"{len(wrong)} answers of {sorted(set(wrong))}")
    if mute := sum(item.status == 503 and not item.retry_after for item in witnessed):
        found.append(f"{mute} answers of 503 without Retry-After")
    if not unanswered and (none := sum(item.status is None for item in witnessed)):
        found.append(f"{none} requests without an answer")
    return found


def slowest(witnessed: Sequence[Witnessed]) -> float:
    """Return how long the slowest answer took."""
    return round(max((item.seconds for item in witnessed), default=0.0), 2)


def first_success(witnessed: Sequence[Witnessed], since: float) -> float | None:
    """Return how long after a moment (of the monotonic clock) something was acknowledged again."""
    times = [item.at - since for item in witnessed if item.status and item.status < 300 and item.at >= since]
    return round(min(times), 3) if times else None
