"""Time limits and their expiry: length, unit and action; each error is reported once, at its field."""

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
"""By its unit, the most that a time limit may be, so that every due day lies within the calendars that are loaded."""
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
    on_expiry, path = tier.get("on_expiry", _ENDS[0]), (*where, "on_expiry")
    if not isinstance(on_expiry, Mapping):
        yield from _end(path, on_expiry)
        return
    for clock, item in on_expiry.items():
        if clock in get_args(TierClock):
            yield from _end((*path, clock), item)
        else:
            yield Flaw(
                (*path, clock), message("must be one of: {words}", words=", ".join(get_args(TierClock)))
            )


def _length(path: Path, value: object) -> Iterator[Flaw]:
    limit = mapping(value)
    unit = next(iter(limit), "")
    if len(limit) != 1 or unit not in LONGEST:
        yield Flaw(
            path,
            message("must be a number of working_days, days or months, such as {example}", example=_EXAMPLE),
        )
        return
    number, most = integer(limit[unit]), LONGEST[unit]
    if number is None:
        yield Flaw((*path, unit), message("must be a whole number"))
    elif number < 1:
        yield Flaw((*path, unit), message("must be at least {limit}", limit=1))
    elif number > most:
        yield Flaw((*path, unit), message("must be at most {limit}", limit=most))


def _end(path: Path, action: object) -> Iterator[Flaw]:
    if action not in _ENDS:
        yield Flaw(path, message("must be one of: {words}", words=", ".join(_ENDS)))
