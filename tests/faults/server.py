"""The product's own server on its embedded PostgreSQL, as a process that can be killed and started again."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from socket import AF_INET, SOCK_STREAM, socket
from types import TracebackType
from typing import Final, Self

import httpx

from cli.database import DATABASE_NAME
from store.embedded import EmbeddedServerError, attach
from store.embedded.cluster import serves

_ROOT: Final = Path(__file__).parents[2]
_SERVE: Final = """
import sys
from cli.workers.parent_death_signal import end_with_parent
end_with_parent(int(sys.argv.pop(1)))
from cli.main import main
main()
"""
_POLL: Final = 0.02
_PORTS: Final = range(20_000, 30_000)
"""Below those that the kernel lends, or a client might get the very port that the server is to come back to."""


class DidNotComeBackError(RuntimeError):
    """The server was not ready again in time."""


class Server:
    """`tiaochu serve` on one port and one folder; ends with the block, and with the process that runs the block."""

    def __init__(self, home: Path, port: int, workers: int = 1) -> None:
        self.home = home
        self.address = f"http://127.0.0.1:{port}"
        self.launches = 0
        self.left_behind: list[int] = []
        self.log = home / "serve.log"
        self._command = ["serve", "--port", str(port), "--workers", str(workers)]
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def launch(self) -> None:
        """Start it; to be called from the main thread, with which it would end."""
        own = {"TIAOCHU_VAR": os.fspath(self.home), "LC_ALL": "C.UTF-8"}
        given = {name: value for name, value in os.environ.items() if not name.startswith("TIAOCHU_")}
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-c", _SERVE, str(os.getpid()), *self._command],
                cwd=_ROOT,
                env=given | own,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.launches += 1

    def wait_until_ready(self, patience: float, replaced: Callable[[], bool] = lambda: True) -> None:
        """Return once `replaced` and /readyz says 200; raises DidNotComeBackError.

        Launches it again where it gave up, as whatever looks after a service would.
        """
        give_up = time.monotonic() + patience
        with httpx.Client(base_url=self.address, timeout=2, trust_env=False, verify=False) as client:
            while time.monotonic() < give_up:
                with suppress(httpx.TransportError):
                    if replaced() and client.get("/readyz").status_code == 200:
                        return
                if self._process is None or self._process.poll() is not None:
                    self.launch()
                time.sleep(_POLL)
        raise DidNotComeBackError(f"not ready within {patience:g} s; its last words:\n{self._last_words()}")

    @property
    def pid(self) -> int:
        """The supervising process."""
        assert self._process is not None
        return self._process.pid

    def api_pid(self) -> int | None:
        """The (first) API process, if there is one."""
        children = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text(encoding="ascii").split()
        for child in children:
            try:
                words = Path(f"/proc/{child}/cmdline").read_bytes().split(b"\0")
            except OSError:
                continue
            if b"cli.workers.child" in words and b"api" in words:
                return int(child)
        return None

    def postmaster_pid(self) -> int | None:
        """The first process of PostgreSQL, if it answers."""
        found = attach(self.home)
        return found.pid if found else None

    def database_url(self) -> str:
        """How its owner reaches the database."""
        found = attach(self.home)
        if found is None:
            raise DidNotComeBackError("PostgreSQL does not answer")
        return found.url("postgres", DATABASE_NAME)

    def end_in_order(self, patience: float) -> float:
        """Ask it to stop, as whatever looks after services does; return how many seconds that took."""
        assert self._process is not None
        began = time.monotonic()
        self._process.send_signal(signal.SIGTERM)
        self._process.wait(patience)
        return time.monotonic() - began

    def bury(self) -> None:
        """Collect the supervisor that was killed."""
        assert self._process is not None
        self._process.wait(10)

    def stop(self) -> None:
        """End it in order, or else by force, and what it left behind; return once PostgreSQL is gone too."""
        database = None
        with suppress(EmbeddedServerError):
            database = self.postmaster_pid()
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
            try:
                self._process.wait(30)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        self.left_behind = _processes_of(self.home)
        for pid in self.left_behind:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        give_up = time.monotonic() + 20
        data = (self.home / "postgres" / "data").resolve()
        while database is not None and serves(database, data) and time.monotonic() < give_up:
            time.sleep(_POLL)

    def _last_words(self) -> str:
        return "\n".join(self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-12:])


def _processes_of(home: Path) -> list[int]:
    """Find the processes that were started for a folder: this server's, whoever is their parent by now."""
    mark, found = f"TIAOCHU_VAR={home}".encode(), []
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if mark in (folder / "environ").read_bytes().split(b"\0"):
                found.append(int(folder.name))
    return found


def free_port(chance: random.Random) -> int:
    """Find a port on which nobody listens."""
    for port in chance.sample(_PORTS, 100):
        with socket(AF_INET, SOCK_STREAM) as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise RuntimeError("no port is free")
