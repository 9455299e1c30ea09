"""Case numbers, written and read by a platform's pattern; spellings that fold alike are one number (rules 3, 25)."""

import re
from functools import lru_cache
from typing import NamedTuple

from domain.vocabulary import folded

_PLACES = {"{year}": r"(?P<year>[0-9]{4})", "{n}": r"(?P<n>0*[1-9][0-9]{0,8})"}


def format_case_number(pattern: str, year: int, n: int) -> str:
    """Return a number as the platform writes it."""
    return pattern.replace("{year}", str(year)).replace("{n}", str(n))


def parse_case_number(pattern: str, number: str) -> tuple[int, int] | None:
    """Return the year and the place of a number that follows the pattern, in any spelling; None where it does not."""
    found = _compiled(pattern).fullmatch(folded(number))
    return (int(found["year"]), int(found["n"])) if found else None


def can_clash(pattern: str, other: str) -> bool:
    """Say whether some number follows both patterns."""
    one, two = _signs(pattern), _signs(other)
    reached, waiting = set[tuple[int, int]](), [(0, 0)]
    while waiting:
        here = waiting.pop()
        if here == (len(one), len(two)):
            return True
        if here in reached or here[0] == len(one) or here[1] == len(two):
            continue
        reached.add(here)
        sign, against = one[here[0]], two[here[1]]
        if sign.agrees(against):
            waiting += [(left, right) for left in sign.after(here[0]) for right in against.after(here[1])]
    return False


class _Sign(NamedTuple):
    """One character of a number: a certain one, or, where it is None, any digit; `repeated` where more may follow."""

    character: str | None
    repeated: bool = False

    def agrees(self, other: "_Sign") -> bool:
        if self.character is None or other.character is None:
            certain = self.character or other.character
            return certain is None or certain in "0123456789"
        return self.character == other.character

    def after(self, place: int) -> tuple[int, ...]:
        return (place, place + 1) if self.repeated else (place + 1,)


def _parts(pattern: str) -> list[str]:
    """The pattern cut at its places, the rest folded."""
    parts = re.split(r"(\{year\}|\{n\})", pattern)
    return [part if part in _PLACES else folded(part) for part in parts]


@lru_cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile("".join(_PLACES.get(part, re.escape(part)) for part in _parts(pattern)))


@lru_cache
def _signs(pattern: str) -> tuple[_Sign, ...]:
    places = {"{year}": (_Sign(None),) * 4, "{n}": (_Sign(None, repeated=True),)}
    return tuple(
        sign
        for part in _parts(pattern)
        for sign in (places[part] if part in places else tuple(map(_Sign, part)))
    )
