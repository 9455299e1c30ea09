"""Followers of the log that write down what they saw, for the ledger check's part (h)."""

import os
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from types import TracebackType
from typing import ClassVar, Final, Self

import httpx
import psycopg

from domain.events.envelope import Actor, Event, Recorded
from domain.vocabulary import Role
from projections.runtime.projection import Connection

ANALYST: Final = Actor(sub="analyst", role=Role.ANALYST, unit="dongguang")
_PAUSE: Final = 0.005
_PAGE: Final = 50
_PATIENCE: Final = 20.0
_POSITIONS: Final = "SELECT notification_id FROM stored_events ORDER BY notification_id"
_NEXT: Final = """
SELECT notification_id FROM stored_events WHERE notification_id > %s ORDER BY notification_id LIMIT %s
"""
_TABLE: Final = """
CREATE TABLE followed (place bigserial, position bigint NOT NULL, pid int NOT NULL,
                       at timestamptz NOT NULL DEFAULT clock_timestamp());
GRANT ALL ON followed, followed_place_seq TO tiaochu_app
"""


class Followed:
    """A read model of every position that the product's runner hands out, in the runner's own transaction."""

    NAME: ClassVar[str] = "followed"

    async def apply(self, connection: Connection, batch: Sequence[Recorded[Event]]) -> None:
        """Write down the positions, in the order in which they come, and who was handed them."""
        async with connection.cursor() as cursor:
            rows = [(item.position, os.getpid()) for item in batch]
            await cursor.executemany("INSERT INTO followed (position, pid) VALUES (%s, %s)", rows)


@dataclass(frozen=True, slots=True)
class Handed:
    """A position that the runner handed out: to which process, when."""

    position: int
    pid: int
    at: float


def make_followed(url: str) -> None:
    """Make the table of `Followed`."""
    with psycopg.connect(url) as connection:
        connection.execute(_TABLE)


def read_followed(url: str) -> list[Handed]:
    """Return what `Followed` wrote down, in order."""
    with psycopg.connect(url) as connection:
        rows = connection.execute(
            "SELECT position, pid, extract(epoch FROM at)::float8 FROM followed ORDER BY place"
        )
        return [Handed(*row) for row in rows.fetchall()]


def positions(url: str) -> list[int]:
    """Return the log's sequence."""
    with psycopg.connect(url) as connection:
        return [row[0] for row in connection.execute(_POSITIONS).fetchall()]


@dataclass(slots=True)
class Follower:
    """Asks for what comes next until the block ends and nothing more comes; `seen` is what it was told, in order."""

    name: str
    following: Callable[[int], Iterable[int]]
    """Returns some positions beyond one, in order; raises where it cannot be asked just now."""
    close: Callable[[], None] = lambda: None
    seen: list[int] = field(default_factory=list)
    _thread: threading.Thread | None = None
    _ending: threading.Event = field(default_factory=threading.Event)
    _abandoned: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ending.set()
        if self._thread:
            self._thread.join(_PATIENCE)
        self._abandoned.set()
        self.close()

    def _run(self) -> None:
        while not self._abandoned.is_set():
            ending = self._ending.is_set()
            found: list[int] = []
            try:
                found = list(self.following(self.seen[-1] if self.seen else 0))
            except (psycopg.Error, httpx.HTTPError):
                time.sleep(_PAUSE)
                continue
            self.seen += found
            if not found:
                if ending:
                    return
                time.sleep(_PAUSE)


def on_the_log(url: Callable[[], str]) -> Follower:
    """Return a follower that reads the table itself, in pages, through a connection that it makes anew."""
    held: list[psycopg.Connection] = []

    def following(last: int) -> Iterable[int]:
        try:
            connection = held[0] if held else psycopg.connect(url(), autocommit=True)
            held[:] = [connection]
            return [row[0] for row in connection.execute(_NEXT, (last, _PAGE)).fetchall()]
        except psycopg.Error:
            with suppress(IndexError):
                held.pop().close()
            raise

    def close() -> None:
        for item in held:
            item.close()

    return Follower("log", following, close)


def on_the_feed(address: Callable[[], str], token: str) -> Follower:
    """Return a follower that reads the product's feed over HTTP."""
    client = httpx.Client(timeout=15, trust_env=False, headers={"Authorization": f"Bearer {token}"})

    def following(last: int) -> Iterable[int]:
        params = {"after": last, "limit": _PAGE}
        reply = client.get(f"{address()}/v1/feed", params=params).raise_for_status()
        return [int(item["id"]) for item in reply.json()["items"]]

    return Follower("feed", following, client.close)
