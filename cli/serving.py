"""`serve`, `worker`, `demo`."""

import json as jsons
import os
import sys
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from socket import socket
from typing import Annotated, Final

import httpx
import typer

from access.keys import local_keys
from access.tokens import issue
from cli.composition import lay_foundations, utc_now, with_services
from cli.databases import Database, database
from cli.demonstration import PEOPLE, fill, guide
from cli.language import say, told
from cli.process import log_to_stderr
from cli.settings import Settings
from cli.stories import StoryError
from cli.supervisor import Supervisor, listening_sockets
from domain.events.envelope import Actor

_READY_SECONDS: Final = 60.0
Port = Annotated[int, typer.Option(min=0, max=65535, help=told("The port to listen on; 0 for any free one."))]
Host = Annotated[str, typer.Option(help=told("The address to listen on."))]
Workers = Annotated[int, typer.Option(min=1, max=64, help=told("How many API processes."))]
ApiOnly = Annotated[bool, typer.Option("--api-only", help=told("Leave the worker to another command."))]
Json = Annotated[bool, typer.Option("--json", help=told("Write JSON."))]


def serve(
    port: Port = 8000,
    host: Host = "127.0.0.1",
    workers: Workers = 1,
    *,
    api_only: ApiOnly = False,
    json: Json = False,
) -> None:
    """Serve until told to stop."""

    def announce(address: str) -> None:
        print(
            jsons.dumps({"address": address})
            if json
            else say("Tiaochu serves at {address}", address=address),
            flush=True,
        )

    _serve(Settings(), (host, port), workers, with_worker=not api_only, when_ready=announce)


def demo(port: Port = 8000, host: Host = "127.0.0.1", workers: Workers = 1, *, json: Json = False) -> None:
    """Serve the demonstration street."""
    settings = Settings(database_url=None, owner_database_url=None)
    key = local_keys(settings.keys).tokens

    def token(actor: Actor) -> str:
        return issue(key, actor, utc_now())

    def show(address: str) -> None:
        with httpx.Client(base_url=address, timeout=30) as client:
            disputes = fill(client, token)
        shown = {"address": address, "disputes": disputes, "tokens": {who.role: token(who) for who in PEOPLE}}
        print(jsons.dumps(shown) if json else guide(address, token, disputes), flush=True)

    _serve(settings, (host, port), workers, with_worker=True, when_ready=show)


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
    when_ready: Callable[[str], None],
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
        waiting = _Waiting(address, when_ready, supervisor.stop)
        supervisor.run(waiting.start)
    if waiting.failure:
        print(waiting.failure, file=sys.stderr)
        raise typer.Exit(1)


def _listen(host: str, port: int, count: int) -> list[socket]:
    try:
        return listening_sockets(host, port, count)
    except OSError as error:
        print(
            say("Cannot listen on {host}:{port}: {reason}", host=host, port=port, reason=str(error.strerror))
        )
        raise typer.Exit(1) from None


def _prepare(found: Database, settings: Settings) -> None:
    """The embedded database is brought up to date; any other must have been."""
    if found.embedded:
        found.migrate()
        with_services(settings, found.url, lay_foundations)
    found.must_be_ready()


class _Waiting(threading.Thread):
    """Waits until the service is ready, does what is to be done then, and stops everything where that fails."""

    def __init__(self, address: str, when_ready: Callable[[str], None], stop: Callable[[], None]) -> None:
        super().__init__(daemon=True)
        self._address = address
        self._when_ready = when_ready
        self._stop = stop
        self.failure: str | None = None

    def run(self) -> None:
        """Wait, then do it."""
        try:
            self._wait()
            self._when_ready(self._address)
        except (TimeoutError, StoryError, httpx.HTTPError) as error:
            self.failure = say("The service did not become ready: {reason}", reason=str(error))
            self._stop()

    def _wait(self) -> None:
        give_up = time.monotonic() + _READY_SECONDS
        while time.monotonic() < give_up:
            with suppress(httpx.TransportError):
                if httpx.get(f"{self._address}/readyz", timeout=5).is_success:
                    return
            time.sleep(0.05)
        raise TimeoutError("/readyz")


def _environment(settings: Settings) -> Mapping[str, str]:
    return {"TIAOCHU_VAR": os.fspath(settings.var), "TIAOCHU_POOL_SIZE": str(settings.pool_size)}
