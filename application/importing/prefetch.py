"""Taking the next piece of work out of an iterator in a thread, while the one before is still being looked after."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import TypeVar

_T = TypeVar("_T")


async def ahead(pieces: Iterator[_T]) -> AsyncIterator[_T]:
    """Yield what an iterator gives, always one piece ahead; the iterator is only ever used by one thread at a time."""
    following = asyncio.ensure_future(asyncio.to_thread(next, pieces, None))
    try:
        while (piece := await following) is not None:
            following = asyncio.ensure_future(asyncio.to_thread(next, pieces, None))
            yield piece
    finally:
        if not following.done():
            await asyncio.wait([following])
