"""Whoever lost a race waits for a turn, and not for ever where those before are held up."""

import asyncio

import pytest

from application import command_handler as engine
from application.command_handler import retry_lost_races
from application.ports import Conflict, Unavailable


def test_a_turn_that_does_not_come_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """The store answers nobody: each attempt takes its time, and they go one after the other."""
    monkeypatch.setattr(engine, "QUEUE_SECONDS", 0.1)
    turns, took = asyncio.Lock(), []

    async def ask() -> None:
        attempts, began = 0, asyncio.get_running_loop().time()

        async def attempt() -> None:
            nonlocal attempts
            attempts += 1
            if attempts == 1:
                raise Conflict
            await asyncio.sleep(0.15)
            raise Unavailable("made up")

        with pytest.raises(Unavailable):
            await retry_lost_races(attempt, turns)
        took.append(asyncio.get_running_loop().time() - began)

    async def all_ask() -> None:
        await asyncio.gather(*(ask() for _ in range(12)))

    asyncio.run(all_ask())
    assert len(took) == 12
    assert max(took) < 0.6
