"""The supervised service: API processes and the worker on one database, and what is done when they are ready."""

import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from socket import socket
from typing import Final, NamedTuple

import httpx
import typer

from application.ports import Unavailable
from cli.bootstrap import put_initial_data, with_services
from cli.database import Database, database
from cli.demo.case_player import PlanRefusedError
from cli.language import translate
from cli.settings import Settings
from cli.workers.logs import log_to_stderr
from cli.workers.supervisor import Supervisor, listening_sockets
from identity.keys import local_keys

_READY_SECONDS: Final = 60.0
_FINISH_SECONDS: Final = 5.0


class Ready(NamedTuple):
    """A service that answers: its address, its database, and whether it is about to end."""

    address: str
    url: str
    stopping: Callable[[], bool]


def run_service(
    settings: Settings,
    address: tuple[str, int],
    workers: int,
    *,
    with_worker: bool,
    when_ready: Callable[[Ready], None],
) -> None:
    """Serve on a host and port with `workers` API processes until SIGTERM or SIGINT.

    `when_ready` is called in a thread once the service answers. Raises typer.Exit where it does not become ready.
    """
    log_to_stderr()
    listeners = _listen(*address, workers)
    url = f"http://{address[0]}:{listeners[0].getsockname()[1]}"
    local_keys(settings.keys)
    with database(settings) as opened:
        _prepare(opened, settings)
        supervisor = Supervisor(opened, settings)
        for number, listener in enumerate(listeners, start=1):
            supervisor.add(f"api-{number}", "api", str(listener.fileno()), inherits=(listener.fileno(),))
        if with_worker:
            supervisor.add("worker", "worker")
        ready = Ready(url, opened.url, lambda: supervisor.stopping)
        waiter = _ReadinessWaiter(ready, when_ready, supervisor.stop)
        supervisor.run(waiter.start, waiter.finish)
    if waiter.failure:
        print(waiter.failure, file=sys.stderr)
        raise typer.Exit(1)


def _listen(host: str, port: int, count: int) -> list[socket]:
    try:
        return listening_sockets(host, port, count)
    except OSError as error:
        reason = str(error.strerror)
        print(translate("Cannot listen on {host}:{port}: {reason}", host=host, port=port, reason=reason))
        raise typer.Exit(1) from None


def _prepare(opened: Database, settings: Settings) -> None:
    """Migrate the embedded database; any other has to be migrated already."""
    if opened.embedded:
        opened.migrate()
        with_services(settings, opened.url, put_initial_data)
    opened.must_be_ready()


class _ReadinessWaiter(threading.Thread):
    """Waits until the service answers, then calls `when_ready`; stops the service where that fails."""

    def __init__(self, ready: Ready, when_ready: Callable[[Ready], None], stop: Callable[[], None]) -> None:
        super().__init__(daemon=True)
        self._ready = ready
        self._when_ready = when_ready
        self._stop_service = stop
        self.failure: str | None = None

    def run(self) -> None:
        """Wait and call; an error while the service is stopping is no failure."""
        try:
            if self._answers():
                self._when_ready(self._ready)
        except (TimeoutError, httpx.HTTPError, PlanRefusedError, Unavailable) as error:
            if not self._ready.stopping():
                self.failure = translate("The service did not become ready: {reason}", reason=str(error))
                self._stop_service()

    def finish(self) -> None:
        """Let `when_ready` end before the processes that it uses are ended."""
        if self.ident is not None:
            self.join(_FINISH_SECONDS)

    def _answers(self) -> bool:
        give_up = time.monotonic() + _READY_SECONDS
        while time.monotonic() < give_up:
            if self._ready.stopping():
                return False
            with suppress(httpx.TransportError):
                if httpx.get(f"{self._ready.address}/readyz", timeout=5).is_success:
                    return True
            time.sleep(0.05)
        raise TimeoutError("/readyz")
