"""Patterns of case numbers from before the system kept them by register: each is assigned once, after an upgrade."""

from collections.abc import Iterable
from contextlib import suppress
from uuid import uuid5

from application.command_handler import CommandHandler
from application.context import Context
from application.deciders.platform import NUMBERING, PLATFORMS
from application.initial_data import COMMANDS, SYSTEM_ACTOR
from application.ports import EventLog
from application.stream_cache import StreamCache, read_states
from domain.aggregates.platform import described
from domain.commands.platform import DescribePlatform
from domain.errors import PatternTaken


class NumberPatterns:
    """Assigns the patterns of platforms to their registers where that was not done yet (rule 25)."""

    def __init__(self, log: EventLog, cache: StreamCache, handler: CommandHandler) -> None:
        self._log = log
        self._cache = cache
        self._handler = handler

    async def assign(self, units: Iterable[str]) -> None:
        """Assign the patterns of these platforms, the first of two that clash, unless any pattern is assigned already.

        Raises Contended, Unavailable.
        """
        with_platform = tuple(units)
        refs = [NUMBERING.ref(None), *map(PLATFORMS.ref, with_platform)]
        states = await read_states(self._log, self._cache, refs)
        if states.get(NUMBERING, None) is not None:
            return
        for unit, platform in states.all(PLATFORMS, with_platform).items():
            if platform.about.number_pattern is not None:
                as_it_is = {**described(platform.about), "mediators": (), "keep_others": True}
                context = Context(SYSTEM_ACTOR, uuid5(COMMANDS, f"pattern:{unit}"), fingerprint=b"founding")
                with suppress(PatternTaken):
                    await self._handler.handle(DescribePlatform.model_validate(as_it_is), context)
