"""What a version of a procedure changed, as sentences: which field of which tier, before and after."""

from collections.abc import Iterator, Mapping
from typing import Final

from pydantic import JsonValue, TypeAdapter

from console.pages.procedures.wording import Wording
from domain.messages import Message, message
from domain.procedures.differences import LadderDifference, differences
from domain.procedures.durations import TimeLimit
from domain.procedures.ladder import Ladder
from domain.procedures.validation.time_limits import LONGEST

_LIMIT: Final[TypeAdapter[TimeLimit]] = TypeAdapter(TimeLimit)
_FIELDS: Final[Mapping[str, Message]] = {
    "title": message("title"),
    "entry": message("start"),
    "entry_by_category": message("start of a category"),
    "tiers": message("tiers"),
    "failed_sessions": message("failed sessions"),
    "accept_within": message("time to accept"),
    "mediate_within": message("time to mediate"),
    "on_expiry": message("when time is over"),
    "committee": message("statutory committee"),
    "panel": message("seats"),
    "quorum": message("seats that must be taken"),
    "missing_seats": message("when seats are missing"),
    "groups": message("working groups"),
    "lift_at": message("danger that lifts a case"),
    "seats": message("seats of its own"),
    "bypass": message("ways past a tier"),
    "approvals": message("people who must agree"),
    "grounds": message("grounds"),
    "follow_up_within": message("visits afterwards"),
    "headcount": message("people in the dispute"),
    "accept": message("when the time to accept is over"),
    "mediate": message("when the time to mediate is over"),
    "zh": message("in Chinese"),
    "en": message("in English"),
}
_VALUES: Final[Mapping[str, Message]] = {
    "mark": message("only marked"),
    "escalate": message("to the next tier"),
    "terminate": message("mediation ends"),
    "warn": message("a warning"),
    "refuse": message("not recorded"),
}


def version_changes(wording: Wording, before: Ladder) -> Iterator[str]:
    """Yield one sentence for each field in which the ladder of `wording` differs from the one before."""
    earlier = Wording(wording.language, before)
    for difference in differences(before, wording.ladder):
        yield wording.say(
            message(
                "{field}: {before} → {after}",
                field=_field(wording, earlier, difference),
                before=_value(earlier, difference.before),
                after=_value(wording, difference.after),
            )
        )


def _field(wording: Wording, earlier: Wording, change: LadderDifference) -> str:
    """Return the path in words; a tier or seat is called as in the version that has it."""
    first, *rest = change.path.split(".")
    if first == "tiers" and rest:
        name, *rest = rest
        parts = [(wording if name in wording.ladder.tier_names else earlier).tier(name)]
    else:
        parts = [_name(wording, first)]
    either = earlier if set(rest) & set(earlier.ladder.seats) else wording
    return " · ".join([*parts, *(_name(either, item) for item in rest)])


def _value(wording: Wording, value: JsonValue) -> str:
    match value:
        case None | []:
            return wording.say(message("nothing"))
        case bool():
            return wording.say(message("yes") if value else message("no"))
        case str():
            return _text(wording, value)
        case list():
            return wording.several(_value(wording, item) for item in value)
        case dict():
            return _fields(wording, value)
        case _:
            return str(value)


def _text(wording: Wording, value: str) -> str:
    if value in _VALUES:
        return wording.say(_VALUES[value])
    return wording.tier(value) if value in wording.ladder.tier_names else wording.seat(value)


def _fields(wording: Wording, value: dict[str, JsonValue]) -> str:
    if value and set(value) <= set(LONGEST):
        return wording.limit(_LIMIT.validate_python(value))
    if "mediate_within" in value:
        return wording.say(message("a tier"))
    if set(value) == {"zh", "en"}:
        return str(value[wording.language])
    return wording.several(
        f"{_name(wording, name)} {_value(wording, item)}" for name, item in value.items() if item
    )


def _name(wording: Wording, name: str) -> str:
    return wording.say(_FIELDS[name]) if name in _FIELDS else wording.seat(name)
