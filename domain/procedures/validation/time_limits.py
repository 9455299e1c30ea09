"""Time limits of a raw document, and what it says of their end: each wrong one told once, where it stands."""

from collections.abc import Iterator, Mapping
from typing import Final, get_args

from domain.errors.documents import Flaw, Path
from domain.messages import message
from domain.procedures.tier import OnExpiry, TierClock
from domain.procedures.validation.raw_document import integer, mapping
from domain.procedures.workdays import LONGEST_YEARS

LONGEST: Final[Mapping[str, int]] = {
    "working_days": 250 * LONGEST_YEARS,
    "days": 365 * LONGEST_YEARS,
    "months": 12 * LONGEST_YEARS,
}
"""By its unit, the most that a time limit may be, so that every due day lies within the calendars that are asked."""
_EXAMPLE: Final = "{working_days: 3}"
_ENDS: Final = get_args(OnExpiry)


def time_limit_flaws(
    where: Path, part: Mapping[str, object], name: str, *, several: bool = False
) -> Iterator[Flaw]:
    """Yield what is wrong with the time limit `name` of a part, or with `several` of them in a list."""
    if name not in part:
        return
    value = part[name]
    if several and isinstance(value, list | tuple):
        for place, item in enumerate(value):
            yield from _length((*where, name, place), item)
    else:
        yield from _length((*where, name), value)


def expiry_flaws(where: Path, tier: Mapping[str, object]) -> Iterator[Flaw]:
    """Yield what is wrong with how a tier says what an expired time limit does, of both clocks or of each."""
    told, path = tier.get("on_expiry", _ENDS[0]), (*where, "on_expiry")
    if not isinstance(told, Mapping):
        yield from _end(path, told)
        return
    for clock, item in told.items():
        if clock in get_args(TierClock):
            yield from _end((*path, clock), item)
        else:
            yield Flaw(
                (*path, clock), message("must be one of: {words}", words=", ".join(get_args(TierClock)))
            )


def _length(path: Path, value: object) -> Iterator[Flaw]:
    told = mapping(value)
    unit = next(iter(told), "")
    if len(told) != 1 or unit not in LONGEST:
        yield Flaw(
            path,
            message("must be a number of working_days, days or months, such as {example}", example=_EXAMPLE),
        )
        return
    number, most = integer(told[unit]), LONGEST[unit]
    if number is None:
        yield Flaw((*path, unit), message("must be a whole number"))
    elif number < 1:
        yield Flaw((*path, unit), message("must be at least {limit}", limit=1))
    elif number > most:
        yield Flaw((*path, unit), message("must be at most {limit}", limit=most))


def _end(path: Path, told: object) -> Iterator[Flaw]:
    if told not in _ENDS:
        yield Flaw(path, message("must be one of: {words}", words=", ".join(_ENDS)))
