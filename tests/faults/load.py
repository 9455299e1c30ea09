"""The load: clients that file disputes, accept them and record sessions, and write down what they know."""

import json
import random
import ssl
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Final, Self, cast

import httpx
from pydantic import JsonValue

from domain.events.envelope import Actor
from domain.vocabulary import Role
from tests.faults.journal import Answer, Command, Journal, Verdict

ANSWER_SECONDS: Final = 15.0
"""Longer than the server may take for anything, so that nothing it still works on is given up for lost."""
_NO_TLS: Final = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""Never used, but each client would make one, and that takes as long as a request."""
_LATEST: Final = 16
"""Clients turn to the latest cases, few enough for them to meet."""
HANDLERS: Final = {
    "wu": Actor(sub="wu", role=Role.MEDIATOR, unit="dongguang.c01.y01"),
    "wang": Actor(sub="wang", role=Role.MEDIATOR, unit="dongguang.c02.y01"),
    "sun": Actor(sub="sun", role=Role.MEDIATOR, unit="dongguang.c01"),
    "zhou": Actor(sub="zhou", role=Role.MEDIATOR, unit="dongguang.c02"),
    "zhao": Actor(sub="zhao", role=Role.CONVENER, unit="dongguang"),
}
_SERVING: Final = {
    "dongguang.c01.y01": {"compound": "wu", "community": "sun", "street": "zhao"},
    "dongguang.c02.y01": {"compound": "wang", "community": "zhou", "street": "zhao"},
}
_DAYS: Final = {"compound": ("03", "04"), "community": ("06", "07"), "street": ("10", "11")}
"""Of March: when each tier accepts, and when it sits."""
TokenOf = Callable[[Actor], str]


@dataclass(frozen=True, slots=True)
class Case:
    """A case as its clients last saw it."""

    id: str
    unit: str
    version: int
    status: str
    tier: str

    @property
    def handler(self) -> str:
        """Who acts for the tier where the case is."""
        return _SERVING[self.unit][self.tier]


@dataclass(slots=True)
class Cases:
    """The open cases that all clients know."""

    _known: dict[str, Case] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def any(self, chance: random.Random) -> Case | None:
        """Return one of the latest open cases, or None where there are too few."""
        with self._lock:
            latest = list(self._known.values())[-_LATEST:]
        return chance.choice(latest) if len(latest) > 4 else None

    def learn(self, command: Command, answer: Answer) -> None:
        """Take in what an answer says of a case."""
        if answer.verdict is not Verdict.OK:
            return
        said = cast("Mapping[str, JsonValue]", answer.body)
        name, version = str(said["id"]), cast("int", said["version"])
        with self._lock:
            known = self._known.get(name)
            unit = known.unit if known else json.loads(command.body).get("unit")
            if unit is None or (known and known.version >= version):
                return
            self._known[name] = Case(name, unit, version, str(said["status"]), str(said["tier"]))
            if said["status"] == "closed":
                del self._known[name]


def next_command(key: str, case: Case | None, chance: random.Random) -> Command:
    """Think of something to do: mostly what is due, now and then what must be refused."""
    if case is None or chance.random() < 0.25:
        return _filing(key, chance)
    due = "sessions" if case.status == "accepted" else "acceptance"
    step = due if chance.random() < 0.95 else "acceptance"
    accepted, held = (f"2026-03-{day}T09:00:00+08:00" for day in _DAYS[case.tier])
    body: dict[str, object] = {"mediators": [case.handler], "occurred_at": accepted}
    if step == "sessions":
        outcome = chance.choice(("failed", "adjourned"))
        body = {"held_at": held, "method": "face_to_face", "attendance": [], "outcome": outcome}
        body["minutes"] = f"未达成一致（{key}）"
    return Command(
        key=key,
        sub=case.handler,
        route=f"/v1/disputes/{{dispute}}/{step}",
        path=f"/v1/disputes/{case.id}/{step}",
        if_match=chance.choice(("*", f'"{case.version}"', f'"{case.version}"')),
        body=json.dumps(body).encode(),
    )


def _filing(key: str, chance: random.Random) -> Command:
    unit, serving = chance.choice(tuple(_SERVING.items()))
    body = {
        "category": chance.choice(("neighbour", "property")),
        "difficulty": chance.choice(("simple", "general")),
        "source": "application",
        "title": "楼道堆物",
        "facts": f"楼道里堆放旧家具（{key}）",
        "unit": unit,
        "parties": [
            {"role": "applicant", "kind": "person", "name": "甲"},
            {"role": "respondent", "kind": "person", "name": "乙"},
        ],
        "occurred_at": "2026-03-02T09:00:00+08:00",
    }
    path = "/v1/disputes"
    return Command(key, serving["community"], path, path, None, json.dumps(body).encode())


@dataclass(frozen=True, slots=True)
class Witnessed:
    """An answer from outside: its status, or none; when it came, after how long, and when to come back."""

    status: int | None
    at: float
    seconds: float
    retry_after: str | None


class Sender:
    """Sends commands, each with a line in the journal before and after."""

    def __init__(
        self,
        address: str,
        journal: Journal,
        token: TokenOf,
        patience: float = ANSWER_SECONDS,
        witness: Callable[[Witnessed], None] = lambda _: None,
    ) -> None:
        self._client = httpx.Client(base_url=address, timeout=patience, trust_env=False, verify=_NO_TLS)
        self._journal = journal
        self._token = token
        self._witness = witness

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client.close()

    def send(self, command: Command) -> Answer:
        """Send a command once and return what came back."""
        headers = {"Authorization": f"Bearer {self._token(HANDLERS[command.sub])}"}
        headers |= {"Idempotency-Key": command.key, "Content-Type": "application/json"}
        if command.if_match is not None:
            headers["If-Match"] = command.if_match
        self._journal.sending(command)
        began, retry_after = time.monotonic(), None
        try:
            response = self._client.post(command.path, content=command.body, headers=headers)
            answer, retry_after = (
                Answer(response.status_code, response.json()),
                response.headers.get("retry-after"),
            )
        except (httpx.TransportError, ValueError):
            answer = Answer(None)
        self._journal.answered(command, answer)
        at = time.monotonic()
        self._witness(Witnessed(answer.status, at, at - began, retry_after))
        return answer


@dataclass(slots=True)
class Load:
    """A round's clients. Each stops when told to, or where a connection breaks; what they learnt stays."""

    senders: Callable[[], Sender]
    cases: Cases
    name: str
    goes_on: bool = False
    """Whether they go on where a connection breaks."""
    sent: list[tuple[Command, Answer]] = field(default_factory=list)
    _stop: threading.Event = field(default_factory=threading.Event)
    _threads: list[threading.Thread] = field(default_factory=list)

    def start(self, clients: int) -> None:
        """Set the clients going."""
        for number in range(clients):
            thread = threading.Thread(target=self._run, args=(f"{self.name}-{number}",), daemon=True)
            self._threads.append(thread)
            thread.start()

    def stop(self) -> None:
        """Tell them to begin nothing new."""
        self._stop.set()

    def join(self) -> None:
        """Wait for the last answer."""
        for thread in self._threads:
            thread.join(2 * ANSWER_SECONDS)

    def _run(self, name: str) -> None:
        chance, count = random.Random(name), 0
        with self.senders() as sender:
            while not self._stop.is_set():
                count += 1
                command = next_command(f"{name}-{count}", self.cases.any(chance), chance)
                answer = sender.send(command)
                self.cases.learn(command, answer)
                self.sent.append((command, answer))
                if answer.status is None and not self.goes_on:
                    return
                if answer.verdict is Verdict.UNKNOWN:
                    time.sleep(0.02)
