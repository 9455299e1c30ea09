"""Keeps the product's processes running: API processes that share a port, and the worker."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Final

import structlog

from cli.database import Database
from cli.settings import Settings
from store.embedded import EmbeddedServer

_TICK_SECONDS: Final = 0.1
_GRACE_SECONDS: Final = 10.0
_RESTART_SECONDS: Final = 2.0
"""A child that ended is started again no sooner than this after its last start."""
_log = structlog.get_logger()


@dataclass(slots=True)
class _Child:
    name: str
    command: Sequence[str]
    inherits: tuple[int, ...] = ()
    process: subprocess.Popen[bytes] | None = None
    started: float = field(default=0.0)


class Supervisor:
    """Starts children, restarts those that end, and ends them all on SIGTERM or SIGINT."""

    def __init__(self, database: Database, settings: Settings) -> None:
        self._database = database
        self._metrics = _metrics_folder(settings.var / "metrics")
        self._environment = {
            **os.environ,
            "TIAOCHU_VAR": os.fspath(settings.var),
            "TIAOCHU_POOL_SIZE": str(settings.pool_size),
            "TIAOCHU_DATABASE_URL": database.url,
            "TIAOCHU_METRICS_FOLDER": os.fspath(self._metrics),
            "PROMETHEUS_MULTIPROC_DIR": os.fspath(self._metrics),
        }
        self._children: list[_Child] = []
        self._stopping = False

    def add(self, name: str, *arguments: str, inherits: tuple[int, ...] = ()) -> None:
        """Have a child run `python -m cli.workers.child SUPERVISOR ARGUMENTS`."""
        command = [sys.executable, "-m", "cli.workers.child", str(os.getpid()), *arguments]
        self._children.append(_Child(name, command, inherits))

    @property
    def stopping(self) -> bool:
        """Whether it is stopping."""
        return self._stopping

    def run(
        self,
        when_started: Callable[[], None] = lambda: None,
        before_end: Callable[[], None] = lambda: None,
    ) -> None:
        """Run until SIGTERM or SIGINT; then end the children in order and return.

        `before_end` is called while the children still run.
        """
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._on_signal)
        try:
            for child in self._children:
                self._start(child)
            when_started()
            while not self._stopping:
                self._check()
                time.sleep(_TICK_SECONDS)
        finally:
            self._stopping = True
            before_end()
            self._end()
            shutil.rmtree(self._metrics, ignore_errors=True)

    def stop(self) -> None:
        """Have `run` end the children and return."""
        self._stopping = True

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        self.stop()

    def _start(self, child: _Child) -> None:
        child.started = time.monotonic()
        child.process = subprocess.Popen(
            child.command,
            env=self._environment,
            pass_fds=child.inherits,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )

    def _check(self) -> None:
        self._check_database()
        for child in self._children:
            if child.process is None or child.process.poll() is None:
                continue
            if time.monotonic() - child.started > _RESTART_SECONDS:
                _log.warning("child ended; starting it again", name=child.name, code=child.process.returncode)
                self._start(child)

    def _check_database(self) -> None:
        server = self._database.embedded
        if isinstance(server, EmbeddedServer) and not server.alive():
            _log.warning("the embedded database ended; starting it again")
            server.start()

    def _end(self) -> None:
        running = [
            child.process for child in self._children if child.process and child.process.poll() is None
        ]
        for process in running:
            process.terminate()
        give_up = time.monotonic() + _GRACE_SECONDS
        for process in running:
            try:
                process.wait(max(give_up - time.monotonic(), 0.1))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _metrics_folder(parent: Path) -> Path:
    """Return a folder for the children's metrics; remove those of supervisors that were killed."""
    for stale in parent.glob("[0-9]*"):
        if not _runs(int(stale.name)):
            shutil.rmtree(stale, ignore_errors=True)
    folder = parent / str(os.getpid())
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def _runs(pid: int) -> bool:
    with suppress(PermissionError):  # another account's, and running
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return False
    return True


def listening_sockets(host: str, port: int, count: int) -> list[socket.socket]:
    """Return `count` sockets that share a host and port; the kernel distributes connections among them.

    Raises OSError where another process listens there already.
    """
    probe = _bound(host, port)
    port = probe.getsockname()[1]
    if count == 1:
        return [_listening(probe)]
    probe.close()
    return [_listening(_bound(host, port, shared=True)) for _ in range(count)]


def _bound(host: str, port: int, *, shared: bool = False) -> socket.socket:
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if shared:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    try:
        listener.bind((host, port))
    except OSError:
        listener.close()
        raise
    return listener


def _listening(listener: socket.socket) -> socket.socket:
    listener.listen(2048)
    listener.set_inheritable(True)
    return listener
