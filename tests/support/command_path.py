"""The files that a command passes, from its route to its append, and how often the log is read on the way.

`python -m tests.support.command_path` starts a PostgreSQL of its own and prints them. Looked at is what runs between
the start of the route `POST …/sessions` and the append's answer, in a process that has handled such commands before.
A file is passed where it takes the command on into another file of the product; files that only answer are listed
apart, and so is what the decision itself runs through (`domain/`), which is as long as the rules are.
"""

import asyncio
import re
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from types import FrameType
from typing import Final
from unittest.mock import patch
from uuid import uuid4

import httpx
from fastapi import APIRouter, FastAPI
from psycopg import AsyncCursor

from api.http.app import application
from cli.bootstrap import open_services, utc_now
from cli.settings import Settings
from domain.events.envelope import Actor
from identity.keys import local_keys
from identity.tokens import issue
from store.event_log.postgres_event_log import PostgresEventLog
from tests.lint.product import PACKAGES, ROOT
from tests.support.world import SUN, acceptance, filing, session

MOST_PASSED: Final = 15
MOST_ASKED: Final = 7
_READS: Final = re.compile(r"\bFROM\s+stored_events\b", re.IGNORECASE)
_WRITES: Final = re.compile(r"\bINSERT\s+INTO\s+stored_events\b", re.IGNORECASE)
_ROUTE: Final = "api/disputes/commands.py"
_DECISION: Final = ("domain",)


@dataclass(slots=True)
class CommandPath:
    """What one command ran through, in the order of its running."""

    files: dict[str, None] = field(default_factory=dict)
    callers: set[str] = field(default_factory=set)
    readings: int = 0
    appends: int = 0

    def passed(self) -> list[str]:
        """The files that a reader follows: each takes the command on into another file; the append and its codec come last."""
        return [path for path in self._outside() if path in self.callers]

    def asked(self) -> list[str]:
        """The files that only answer one of those: a clock, a token, a topic."""
        return [path for path in self._outside() if path not in self.callers]

    def of_the_decision(self) -> list[str]:
        """The files of the decision itself."""
        return [path for path in self.files if path not in self._outside()]

    def _outside(self) -> list[str]:
        return [path for path in self.files if path.partition("/")[0] not in _DECISION]


async def command_path(url: str, home: Path) -> CommandPath:
    """Record a session over HTTP in this process, once the process is warm, and say what that ran through."""
    async with _served(url, home) as client:
        case = (await _post(client, "", filing(), _headers(home, SUN)))["id"]
        await _post(client, f"/{case}/acceptance", acceptance(), _headers(home, SUN))
        for hour in (9, 10):
            held = session(held_at=f"2026-03-06T{hour:02}:00:00+08:00")
            await _post(client, f"/{case}/sessions", held, _headers(home, SUN))
        found = CommandPath()
        headers = _headers(home, SUN)
        with _traced(found), _counted(found):
            await _post(client, f"/{case}/sessions", session(), headers)
        return found


@asynccontextmanager
async def _served(url: str, home: Path) -> AsyncIterator[httpx.AsyncClient]:
    app = application(lambda: open_services(Settings(var=home), url), APIRouter())
    inner = _framework(app)
    async with inner.router.lifespan_context(inner):
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://here") as client:
            yield client


def _framework(app: object) -> FastAPI:
    """The application inside what is wrapped around it."""
    while not isinstance(app, FastAPI):
        app = app._app
    return app


def _headers(home: Path, by: Actor) -> dict[str, str]:
    token = issue(local_keys(home / "keys").tokens, by, utc_now())
    return {"Authorization": f"Bearer {token}", "Idempotency-Key": uuid4().hex, "If-Match": "*"}


async def _post(
    client: httpx.AsyncClient, path: str, body: object, headers: dict[str, str]
) -> dict[str, object]:
    reply = await client.post(f"/v1/disputes{path}", json=body, headers=headers)
    assert reply.is_success, reply.text
    return dict(reply.json())


@contextmanager
def _traced(found: CommandPath) -> Iterator[None]:
    """Note each product file of which a function is called, from the route's until the append has its answer."""
    around: set[str] = set()
    inside = tuple(f"{ROOT / package}/" for package in PACKAGES)

    def note(frame: FrameType, event: str, argument: object) -> None:
        name = frame.f_code.co_filename
        if event == "call" and name.startswith(inside):
            path = str(Path(name).relative_to(ROOT))
            if not found.files and path != _ROUTE:
                around.add(path)  # what wraps every request is called again whenever the route goes on
            elif path not in around:
                found.files[path] = None
                if (caller := _caller(frame, inside)) and caller != path:
                    found.callers.add(caller)

    append = PostgresEventLog.append

    async def until_here(*arguments: object, **options: object) -> object:
        try:
            return await append(*arguments, **options)
        finally:
            sys.setprofile(None)

    with patch.object(PostgresEventLog, "append", until_here):
        sys.setprofile(note)
        try:
            yield
        finally:
            sys.setprofile(None)


def _caller(frame: FrameType, inside: tuple[str, ...]) -> str | None:
    """The nearest product file on the stack above a frame."""
    above = frame.f_back
    while above and not above.f_code.co_filename.startswith(inside):
        above = above.f_back
    return str(Path(above.f_code.co_filename).relative_to(ROOT)) if above else None


@contextmanager
def _counted(found: CommandPath) -> Iterator[None]:
    """Count the statements that read the log and those that append to it."""
    execute = AsyncCursor.execute

    async def counting(self: object, query: object, *arguments: object, **options: object) -> object:
        if _WRITES.search(str(query)):
            found.appends += 1
        elif _READS.search(str(query)):
            found.readings += 1
        return await execute(self, query, *arguments, **options)

    with patch.object(AsyncCursor, "execute", counting):
        yield


def main() -> None:
    """Print the path."""
    from tests.faults.ground import own_ground

    with TemporaryDirectory(prefix="tiaochu-path-") as folder:
        Path(folder).chmod(0o755)
        with own_ground(Path(folder) / "home") as ground:
            found = asyncio.run(command_path(ground.fresh(), ground.home))
    parts = {
        "passed from route to append": found.passed(),
        "asked on the way": found.asked(),
        "of the decision": found.of_the_decision(),
    }
    for title, files in parts.items():
        print(f"{len(files)} files {title}:")
        print(*(f"  {path}" for path in files), sep="\n")
    print(f"{found.readings} readings of the log, {found.appends} appends")


if __name__ == "__main__":
    main()
