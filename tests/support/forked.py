"""The fork server from outside: have children run, look after them, learn when they ended."""

import json
import os
import subprocess
import sys
import threading
import time
from contextlib import nullcontext, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import httpx

_ROOT: Final = Path(__file__).parents[2]
_PATIENCE: Final = 30.0


@dataclass(frozen=True, slots=True)
class Report:
    """What became of a child: `at` by the clock, `code` minus the signal that ended it."""

    event: str
    name: str
    pid: int
    at: float
    port: int = 0
    code: int = 0


@dataclass(slots=True)
class ForkedProcesses:
    """Children by name. Starts with the block, from the main thread, and ends with it."""

    log: Path | None = None
    """Where the children write; the standard error of this process where there is none."""
    _reports: list[Report] = field(default_factory=list)
    _news: threading.Condition = field(default_factory=threading.Condition)
    _process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        command = [sys.executable, "-m", "tests.support.fork_server", str(os.getpid())]
        pipe = subprocess.PIPE
        with self.log.open("ab") if self.log else nullcontext() as log:
            self._process = subprocess.Popen(
                command, cwd=_ROOT, stdin=pipe, stdout=pipe, stderr=log, start_new_session=True
            )
        threading.Thread(target=self._listen, daemon=True).start()
        self._wait("", "ready", 0)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process is not None and self._process.stdin and self._process.stdout:
            self._process.stdin.close()
            try:
                self._process.wait(10)
            finally:
                self._process.kill()
                self._process.stdout.close()

    def start(self, name: str, run: str, **given: object) -> None:
        """Have a child run from now on; killed, it is there again at once."""
        self._order({"do": "start", "name": name, "given": {"run": run, **given}}, "started")
        if run == "api":
            self._wait_until_ready(self.address(name))

    def stop(self, name: str) -> None:
        """Kill a child for good."""
        self._order({"do": "stop", "name": name}, "stopped")

    def address(self, name: str) -> str:
        """Where an API process listens."""
        return f"http://127.0.0.1:{self._last(name, 'started').port}"

    def pid(self, name: str) -> int:
        """Who runs under a name now."""
        return self._last(name, "started").pid

    def runs(self, name: str) -> bool:
        """Whether a child of that name was started and not stopped."""
        fates = [item.event for item in self._reports if item.name == name and item.event != "ended"]
        return bool(fates) and fates[-1] == "started"

    def deaths(self, name: str) -> list[Report]:
        """When children of a name ended by themselves, since somebody of that name was stopped last."""
        fates = [item for item in list(self._reports) if item.name == name]
        stopped = max((place for place, item in enumerate(fates) if item.event == "stopped"), default=-1)
        return [fate for fate in fates[stopped + 1 :] if fate.event == "ended"]

    def wait_for_deaths(self, names: tuple[str, ...], count: int, patience: float) -> bool:
        """Wait until so many children ended; say whether they did."""
        with self._news:
            return self._news.wait_for(
                lambda: sum(len(self.deaths(name)) for name in names) >= count, patience
            )

    def _last(self, name: str, event: str) -> Report:
        return next(item for item in reversed(self._reports) if item.event == event and item.name == name)

    def _order(self, order: dict[str, object], until: str) -> None:
        """Give an order and wait until it is carried out."""
        since = len(self._reports)
        assert self._process is not None
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(order).encode() + b"\n")
        self._process.stdin.flush()
        self._wait(str(order["name"]), until, since)

    def _listen(self) -> None:
        assert self._process is not None
        assert self._process.stdout is not None
        with suppress(ValueError):
            for line in self._process.stdout:
                with self._news:
                    self._reports.append(Report(**json.loads(line)))
                    self._news.notify_all()

    def _wait(self, name: str, event: str, since: int) -> None:
        def said() -> bool:
            return any(item.name == name and item.event == event for item in self._reports[since:])

        with self._news:
            if not self._news.wait_for(said, _PATIENCE):
                raise TimeoutError(f"{name} is not {event}; see {self.log or 'standard error'}")

    @staticmethod
    def _wait_until_ready(address: str) -> None:
        give_up = time.monotonic() + _PATIENCE
        with httpx.Client(base_url=address, timeout=5, trust_env=False) as client:
            while time.monotonic() < give_up:
                with suppress(httpx.TransportError):
                    if client.get("/readyz").is_success:
                        return
                time.sleep(0.02)
        raise TimeoutError(f"{address}/readyz")
