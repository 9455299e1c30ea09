"""Many clients who each send one command, all at the same moment."""

import json
import threading
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import Final

from tests.faults.journal import Answer, Command
from tests.faults.load import Sender
from tests.faults.stage import Stage

_DISPUTES: Final = "/v1/disputes"


def crowd(stage: Stage, stack: ExitStack, count: int) -> list[Sender]:
    """Return so many clients, who turn to the stage's API processes by turns."""
    addresses = [stage.processes.address(api) for api in stage.apis]
    clients = stage.clients
    return [stack.enter_context(clients.sender(addresses[n % len(addresses)])) for n in range(count)]


def at_once(senders: Sequence[Sender], commands: Sequence[Command], spread: float = 0.0) -> list[Answer]:
    """Have each send its command at the same moment, or all within so many seconds."""
    line = threading.Barrier(len(senders))

    def send(sender: Sender, command: Command) -> Answer:
        place = line.wait(20)
        time.sleep(spread * place / len(senders))
        return sender.send(command)

    with ThreadPoolExecutor(len(senders)) as threads:
        return list(threads.map(send, senders, commands))


def accepted_case(sender: Sender, key: str) -> tuple[str, int]:
    """File a case and have it accepted; return its id and its version."""
    filed = sender.send(filing(f"{key}-file"))
    assert isinstance(filed.body, dict), filed
    case = str(filed.body["id"])
    body = {"mediators": ["sun"], "occurred_at": "2026-03-06T09:00:00+08:00"}
    accepted = sender.send(_step(case, "acceptance", f"{key}-accept", "*", body))
    assert isinstance(accepted.body, dict), accepted
    return case, int(str(accepted.body["version"]))


def filing(key: str) -> Command:
    """Return a filing, by a mediator."""
    body = {
        "category": "neighbour",
        "difficulty": "general",
        "source": "application",
        "title": "楼道堆物",
        "facts": f"楼道里堆放旧家具（{key}）",
        "unit": "dongguang.c01.y01",
        "parties": [
            {"role": "applicant", "kind": "person", "name": "甲"},
            {"role": "respondent", "kind": "person", "name": "乙"},
        ],
        "occurred_at": "2026-03-02T09:00:00+08:00",
    }
    return Command(key, "sun", _DISPUTES, _DISPUTES, None, json.dumps(body).encode())


def session(case: str, key: str, if_match: str) -> Command:
    """Return the record of a failed session."""
    body = {
        "held_at": "2026-03-07T09:00:00+08:00",
        "method": "face_to_face",
        "attendance": [],
        "outcome": "failed",
        "minutes": f"未达成一致（{key}）",
    }
    return _step(case, "sessions", key, if_match, body)


def _step(case: str, step: str, key: str, if_match: str, body: Mapping[str, object]) -> Command:
    route, path = f"{_DISPUTES}/{{dispute}}/{step}", f"{_DISPUTES}/{case}/{step}"
    return Command(key, "sun", route, path, if_match, json.dumps(body).encode())
