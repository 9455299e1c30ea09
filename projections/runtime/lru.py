"""What is held of cases between batches: of those that were touched last, so that memory stays bounded."""

from collections.abc import Mapping
from itertools import islice
from typing import Final, Generic, TypeVar
from uuid import UUID

_MOST: Final = 20_000
_T = TypeVar("_T")


class Held(Generic[_T]):
    """Something about each of the cases that were updated last."""

    def __init__(self, most: int = _MOST) -> None:
        self._most = most
        self._cases: dict[UUID, _T] = {}

    def get(self, case: UUID) -> _T | None:
        """Return what is held of a case."""
        return self._cases.get(case)

    def update(self, cases: Mapping[UUID, _T]) -> None:
        """Hold these, and let go of those whose update is the longest ago."""
        held = self._cases
        for case in cases:
            held.pop(case, None)
        held.update(cases)
        for case in list(islice(held, max(0, len(held) - self._most))):
            del held[case]
