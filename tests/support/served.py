"""The product's own server in processes of its own, and requests to it."""

import atexit
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from uuid import uuid4

import httpx

from cli.bootstrap import utc_now
from domain.events.envelope import Actor
from identity.keys import local_keys
from identity.tokens import issue
from tests.support.forked import ForkedProcesses


@dataclass(frozen=True)
class Served:
    """A running server: its address, its process where it has one of its own, its database, and how to ask it."""

    address: str
    client: httpx.Client
    process: subprocess.Popen[bytes] | None
    url: str
    home: Path

    def token(self, actor: Actor) -> str:
        """A token for an actor."""
        return issue(local_keys(self.home / "keys").tokens, actor, utc_now())

    def post(self, actor: Actor, path: str, body: object, **headers: str) -> httpx.Response:
        """Send a command with a fresh key, whatever the version, unless headers say otherwise."""
        given = {"Idempotency-Key": uuid4().hex, "If-Match": "*", "Accept-Language": "en"}
        given |= {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.post(path, json=body, headers=self._authorised(actor) | given)

    def put(self, actor: Actor, path: str, body: object, **headers: str) -> httpx.Response:
        """Describe something."""
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.put(path, json=body, headers=self._authorised(actor) | given)

    def get(self, actor: Actor, path: str, **headers: str) -> httpx.Response:
        """Read something."""
        return self.ask(actor, path, None, **headers)

    def ask(
        self, actor: Actor, path: str, params: Mapping[str, str] | None, **headers: str
    ) -> httpx.Response:
        """Read something with parameters, once more while the read models are behind on a busy machine."""
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        for _ in range(3):
            reply = self.client.get(path, params=params, headers=self._authorised(actor) | given)
            if reply.status_code != 503:
                break
        return reply

    def _authorised(self, actor: Actor) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token(actor)}"}


@contextmanager
def serving(url: str, home: Path, *arguments: str) -> Iterator[Served]:
    """Run `tiaochu serve` on a database until the block ends."""
    environment = {
        **os.environ,
        "TIAOCHU_DATABASE_URL": url,
        "TIAOCHU_VAR": os.fspath(home),
        "LC_ALL": "C.UTF-8",
    }
    process = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "from cli.main import main; main()",
            "serve",
            "--port",
            "0",
            "--json",
            *arguments,
        ],
        env=environment,
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[2],
    )
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line, "the server ended before it was ready"
        address = json.loads(line)["address"]
        with httpx.Client(base_url=address, timeout=15) as client:
            yield Served(address, client, process, url, home)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)
        if process.stdout is not None:
            process.stdout.close()


@contextmanager
def serving_forked(url: str, home: Path) -> Iterator[Served]:
    """Run an API process and the worker on a database until the block ends, without a supervisor.

    They are forked from a process that has imported the product: a fraction of what `serving` takes to start.
    """
    processes, name = _forked_processes(), url.rpartition("/")[2].partition("?")[0]
    api, worker = f"{name}-api", f"{name}-worker"
    with ExitStack() as stack:
        stack.callback(processes.stop, worker)
        processes.start(worker, "worker", url=url)
        stack.callback(processes.stop, api)
        processes.start(api, "api", url=url, home=os.fspath(home))
        address = processes.address(api)
        client = stack.enter_context(httpx.Client(base_url=address, timeout=15))
        yield Served(address, client, None, url, home)


@cache
def _forked_processes() -> ForkedProcesses:
    """The fork server of this test process; it ends with it."""
    stack = ExitStack()
    atexit.register(stack.close)
    return stack.enter_context(ForkedProcesses())
