"""`serve`, `worker`, `demo`."""

import json as jsons
import os
import sys
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from socket import socket
from typing import Annotated, Final, NamedTuple

import httpx
import typer

from application.ports import Unavailable
from cli.bootstrap import put_initial_data, utc_now, with_services
from cli.database import Database, database
from cli.demo.case_player import PlanRefusedError
from cli.demo.demonstration import Demonstration
from cli.language import translate
from cli.settings import Settings
from cli.workers.api_process import log_to_stderr
from cli.workers.supervisor import Supervisor, listening_sockets
from identity.keys import local_keys
from identity.tokens import issue

_READY_SECONDS: Final = 60.0
_FINISH_SECONDS: Final = 5.0
Port = Annotated[
    int, typer.Option(min=0, max=65535, help=translate("The port to listen on; 0 for any free one."))
]
Host = Annotated[str, typer.Option(help=translate("The address to listen on."))]
Workers = Annotated[int, typer.Option(min=1, max=64, help=translate("How many API processes."))]
ApiOnly = Annotated[bool, typer.Option("--api-only", help=translate("Leave the worker to another command."))]
Disputes = Annotated[
    int, typer.Option(min=0, max=100_000, help=translate("How many generated cases the street has in 2026."))
]
Seed = Annotated[
    int, typer.Option(min=0, help=translate("Which generated cases: the same number gives the same ones."))
]
Json = Annotated[bool, typer.Option("--json", help=translate("Write JSON."))]


class Ready(NamedTuple):
    """What is served: its address, the database behind it, and whether it is about to end."""

    address: str
    url: str
    stopping: Callable[[], bool]


def serve(
    port: Port = 8000,
    host: Host = "127.0.0.1",
    workers: Workers = 1,
    *,
    api_only: ApiOnly = False,
    json: Json = False,
) -> None:
    """Serve until told to stop."""

    def announce(ready: Ready) -> None:
        address = ready.address
        print(
            jsons.dumps({"address": address})
            if json
            else translate("Tiaochu serves at {address}", address=address),
            flush=True,
        )

    _serve(Settings(), (host, port), workers, with_worker=not api_only, when_ready=announce)


def demo(
    port: Port = 8000,
    host: Host = "127.0.0.1",
    workers: Workers = 1,
    disputes: Disputes = 2000,
    seed: Seed = 1,
    *,
    json: Json = False,
) -> None:
    """Serve the demonstration street."""
    settings = Settings(database_url=None, owner_database_url=None)
    key = local_keys(settings.keys).tokens
    demonstration = Demonstration(lambda actor: issue(key, actor, utc_now()), disputes, seed, json)

    def show(ready: Ready) -> None:
        demonstration.show(ready.address, ready.url, ready.stopping)

    _serve(settings, (host, port), workers, with_worker=True, when_ready=show)
    if demonstration.failed:
        raise typer.Exit(1)


def worker() -> None:
    """Run the projections until told to stop."""
    settings = Settings()
    log_to_stderr()
    with database(settings) as found:
        found.must_be_ready()
        supervisor = Supervisor(found, settings.var, _environment(settings))
        supervisor.add("worker", "worker")
        supervisor.run()


def _serve(
    settings: Settings,
    place: tuple[str, int],
    workers: int,
    *,
    with_worker: bool,
    when_ready: Callable[[Ready], None],
) -> None:
    log_to_stderr()
    listeners = _listen(*place, workers)
    address = f"http://{place[0]}:{listeners[0].getsockname()[1]}"
    local_keys(settings.keys)
    with database(settings) as found:
        _prepare(found, settings)
        supervisor = Supervisor(found, settings.var, _environment(settings))
        for number, listener in enumerate(listeners, start=1):
            supervisor.add(f"api-{number}", "api", str(listener.fileno()), inherits=(listener.fileno(),))
        if with_worker:
            supervisor.add("worker", "worker")
        ready = Ready(address, found.url, lambda: supervisor.stopping)
        waiting = _Waiting(ready, when_ready, supervisor.stop)
        supervisor.run(waiting.start, waiting.finish)
    if waiting.failure:
        print(waiting.failure, file=sys.stderr)
        raise typer.Exit(1)


def _listen(host: str, port: int, count: int) -> list[socket]:
    try:
        return listening_sockets(host, port, count)
    except OSError as error:
        print(
            translate(
                "Cannot listen on {host}:{port}: {reason}", host=host, port=port, reason=str(error.strerror)
            )
        )
        raise typer.Exit(1) from None


def _prepare(found: Database, settings: Settings) -> None:
    """The embedded database is brought up to date; any other must have been."""
    if found.embedded:
        found.migrate()
        with_services(settings, found.url, put_initial_data)
    found.must_be_ready()


class _Waiting(threading.Thread):
    """Waits until the service is ready, does what is to be done then, and stops everything where that fails."""

    def __init__(self, ready: Ready, when_ready: Callable[[Ready], None], stop: Callable[[], None]) -> None:
        super().__init__(daemon=True)
        self._ready = ready
        self._when_ready = when_ready
        self._stop_all = stop
        self.failure: str | None = None

    def run(self) -> None:
        """Wait, then do it; what fails because everything is ending anyway is no failure."""
        try:
            if self._waited():
                self._when_ready(self._ready)
        except (TimeoutError, httpx.HTTPError, PlanRefusedError, Unavailable) as error:
            if not self._ready.stopping():
                self.failure = translate("The service did not become ready: {reason}", reason=str(error))
                self._stop_all()

    def finish(self) -> None:
        """Let it come to its end before the processes that it uses are ended."""
        if self.ident is not None:
            self.join(_FINISH_SECONDS)

    def _waited(self) -> bool:
        give_up = time.monotonic() + _READY_SECONDS
        while time.monotonic() < give_up:
            if self._ready.stopping():
                return False
            with suppress(httpx.TransportError):
                if httpx.get(f"{self._ready.address}/readyz", timeout=5).is_success:
                    return True
            time.sleep(0.05)
        raise TimeoutError("/readyz")


def _environment(settings: Settings) -> Mapping[str, str]:
    return {"TIAOCHU_VAR": os.fspath(settings.var), "TIAOCHU_POOL_SIZE": str(settings.pool_size)}
