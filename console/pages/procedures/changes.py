"""What a version changed, in the reader's words: which field of which tier, before and after."""

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


def changes(words: Wording, before: Ladder) -> Iterator[str]:
    """Say what the ladder of these words changed."""
    earlier = Wording(words.language, before)
    for difference in differences(before, words.ladder):
        yield words.say(
            message(
                "{field}: {before} → {after}",
                field=_field(words, earlier, difference),
                before=_value(earlier, difference.before),
                after=_value(words, difference.after),
            )
        )


def _field(words: Wording, earlier: Wording, change: LadderDifference) -> str:
    """The path in words, of the version that has what it names."""
    first, *rest = change.path.split(".")
    if first == "tiers" and rest:
        name, *rest = rest
        parts = [(words if name in words.ladder.tier_names else earlier).tier(name)]
    else:
        parts = [_name(words, first)]
    either = earlier if set(rest) & set(earlier.ladder.seats) else words
    return " · ".join([*parts, *(_name(either, item) for item in rest)])


def _value(words: Wording, value: JsonValue) -> str:
    match value:
        case None | []:
            return words.say(message("nothing"))
        case bool():
            return words.say(message("yes") if value else message("no"))
        case str():
            return _text(words, value)
        case list():
            return words.several(_value(words, item) for item in value)
        case dict():
            return _fields(words, value)
        case _:
            return str(value)


def _text(words: Wording, value: str) -> str:
    if value in _VALUES:
        return words.say(_VALUES[value])
    return words.tier(value) if value in words.ladder.tier_names else words.seat(value)


def _fields(words: Wording, value: dict[str, JsonValue]) -> str:
    if value and set(value) <= set(LONGEST):
        return words.limit(_LIMIT.validate_python(value))
    if "mediate_within" in value:
        return words.say(message("a tier"))
    if set(value) == {"zh", "en"}:
        return str(value[words.language])
    return words.several(
        f"{_name(words, name)} {_value(words, item)}" for name, item in value.items() if item
    )


def _name(words: Wording, name: str) -> str:
    return words.say(_FIELDS[name]) if name in _FIELDS else words.seat(name)
