"""What the clients know: a line on disk before each request is sent and after each answer."""

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from pydantic import JsonValue

_UNSETTLED: Final = frozenset({408, 425, 429})
_IN_PROGRESS: Final = "/problems/in-progress"


class Verdict(StrEnum):
    """What a client may conclude from an answer, or from none."""

    OK = "ok"
    REJECTED = "rejected"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Command:
    """A request that changes something. `route` is its path with the places left open, as keys are scoped."""

    key: str
    sub: str
    route: str
    path: str
    if_match: str | None
    body: bytes


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: a status and a JSON body, or nothing at all."""

    status: int | None
    body: JsonValue = None

    @property
    def verdict(self) -> Verdict:
        """A refusal says that nothing was recorded; whatever else is no success leaves that open."""
        if self.status is None or self.status >= 500 or self.status in _UNSETTLED or self._in_progress():
            return Verdict.UNKNOWN
        return Verdict.OK if 200 <= self.status < 300 else Verdict.REJECTED

    def _in_progress(self) -> bool:
        return isinstance(self.body, dict) and self.body.get("type") == _IN_PROGRESS


@dataclass(frozen=True, slots=True)
class History:
    """Everything the clients know of one key."""

    key: str
    sub: str
    route: str
    path: str
    body_sha256: str
    sent: int
    answers: tuple[Answer, ...]

    @property
    def verdict(self) -> Verdict:
        """Success once is success; otherwise the last word counts, unless the last request is still open."""
        if any(answer.verdict is Verdict.OK for answer in self.answers):
            return Verdict.OK
        settled = self.answers and len(self.answers) == self.sent
        return self.answers[-1].verdict if settled else Verdict.UNKNOWN

    @property
    def was_unknown(self) -> bool:
        """Whether the clients were ever left in the dark."""
        return len(self.answers) < self.sent or any(e.verdict is Verdict.UNKNOWN for e in self.answers)


class Journal:
    """The file. Lines of several threads do not mix: each is written at once, at the end."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.close(self._file)

    def sending(self, command: Command) -> None:
        """Note on disk that a request is about to be sent."""
        body = hashlib.sha256(command.body).hexdigest()
        about = {"sub": command.sub, "route": command.route, "path": command.path, "body_sha256": body}
        self._write({"at": "send", "key": command.key, **about, "if_match": command.if_match})

    def answered(self, command: Command, answer: Answer) -> None:
        """Note on disk what came back."""
        said = {"verdict": answer.verdict.value, "status": answer.status, "reply": answer.body}
        self._write({"at": "reply", "key": command.key, **said})

    def _write(self, line: Mapping[str, JsonValue]) -> None:
        content = json.dumps(line).encode() + b"\n"
        if os.write(self._file, content) != len(content):
            raise OSError("the journal could not be written whole")
        os.fsync(self._file)


def read_journal(path: Path) -> list[History]:
    """Read what is known of each key, in the order in which the keys were first used."""
    sent: dict[str, list[dict[str, JsonValue]]] = {}
    answers: dict[str, list[Answer]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        entry = json.loads(line)
        if entry["at"] == "send":
            sent.setdefault(entry["key"], []).append(entry)
        else:
            answers.setdefault(entry["key"], []).append(Answer(entry["status"], entry["reply"]))
    return [_history(key, entries, answers.get(key, [])) for key, entries in sent.items()]


def _history(key: str, sent: list[dict[str, JsonValue]], answers: list[Answer]) -> History:
    about = {name: str(sent[0][name]) for name in ("sub", "route", "path", "body_sha256")}
    return History(key=key, **about, sent=len(sent), answers=tuple(answers))
