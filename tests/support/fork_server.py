"""`python -m tests.support.fork_server PARENT`: runs processes of the product by forking, and forks anew when one is killed.

Everything is imported once, so that a process that dies is back within a tenth of a second. Orders come in as lines
of JSON, what becomes of the children goes out as lines of JSON; they end with this process, and it with its parent.
"""

import importlib
import json
import os
import random
import select
import signal
import socket
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from cli.workers.parent_death_signal import end_with_parent

_TICK: Final = 0.01
_REST_OF_FAILED: Final = 1.0
"""Seconds until a child is forked again that could not run; one that was killed is forked at once."""


@dataclass(slots=True)
class Child:
    """A process that is to run, and who runs as it now."""

    name: str
    given: dict[str, object]
    listener: socket.socket | None
    pid: int = 0
    starts: int = 0
    due: float | None = None
    """When it is forked again, where it has ended and is not yet."""


class ForkServer:
    """Keeps the children that orders name."""

    def __init__(self) -> None:
        self._children: dict[str, Child] = {}
        self._unread = b""

    def run(self) -> None:
        """Carry orders out until they end."""
        while self._read_orders():
            self._revive()
        for item in list(self._children.values()):
            self._end(item)

    def _read_orders(self) -> bool:
        if not select.select([0], [], [], _TICK)[0]:
            return True
        read = os.read(0, 65536)
        *lines, self._unread = (self._unread + read).split(b"\n")
        for line in lines:
            order = json.loads(line)
            if order["do"] == "start":
                self._start(order["name"], order["given"])
            else:
                self._end(self._children.pop(order["name"]))
        return bool(read)

    def _start(self, name: str, given: dict[str, object]) -> None:
        listener = None
        if given["run"] == "api":
            listener = socket.create_server(("127.0.0.1", 0), backlog=512)
        child = self._children[name] = Child(name, given, listener)
        self._fork(child)

    def _fork(self, child: Child) -> None:
        child.starts += 1
        server, child.pid = os.getpid(), os.fork()
        if child.pid == 0:
            self._live(child, server)
        port = child.listener.getsockname()[1] if child.listener else 0
        _report("started", child, port=port)

    def _live(self, child: Child, server: int) -> None:
        """Be a child until the end."""
        from tests.faults.lives import live

        code = 1
        with suppress(KeyboardInterrupt, SystemExit):
            end_with_parent(server)
            for item in self._children.values():
                if item.listener and item is not child:
                    item.listener.close()
            os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
            os.dup2(2, 1)
            chance = random.Random(f"{child.given.get('seed')}-{child.name}-{child.starts}")
            live(child.given, child.listener, chance)
            code = 0
        os._exit(code)

    def _revive(self) -> None:
        for item in self._children.values():
            if item.due is not None:
                if time.monotonic() >= item.due:
                    item.due = None
                    self._fork(item)
                continue
            gone, status = os.waitpid(item.pid, os.WNOHANG)
            if gone:
                _report("ended", item, code=os.waitstatus_to_exitcode(status))
                failed = os.WIFEXITED(status) and os.WEXITSTATUS(status) != 0
                rest = _REST_OF_FAILED if failed else float(str(item.given.get("rest", 0)))
                item.due = time.monotonic() + rest

    def _end(self, child: Child) -> None:
        if child.due is None:
            with suppress(ProcessLookupError, ChildProcessError):
                os.kill(child.pid, signal.SIGKILL)
                os.waitpid(child.pid, 0)
        if child.listener:
            child.listener.close()
        _report("stopped", child)


def _report(event: str, child: Child, **more: object) -> None:
    said = {"event": event, "name": child.name, "pid": child.pid, "at": time.time(), **more}
    os.write(1, json.dumps(said).encode() + b"\n")


def main() -> None:
    """Import what the children need, say so, and carry orders out."""
    end_with_parent(int(sys.argv[1]))
    importlib.import_module("tests.faults.lives")
    os.write(1, b'{"event": "ready", "name": "", "pid": 0, "at": 0}\n')
    ForkServer().run()


if __name__ == "__main__":
    main()
