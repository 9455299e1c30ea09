"""What a version changed, in the reader's words: which field of which tier, before and after."""

from collections.abc import Iterator, Mapping
from typing import Final

from pydantic import JsonValue, TypeAdapter

from console.wording import Wording
from domain.messages import Message, message
from domain.procedures.differences import Difference, differences
from domain.procedures.ladder import Ladder
from domain.procedures.lengths import LONGEST
from domain.procedures.limits import TimeLimit

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
}


def changes(words: Wording, before: Ladder) -> Iterator[str]:
    """Say what the ladder of these words changed."""
    earlier = Wording(words.language, before)
    for each in differences(before, words.ladder):
        yield words.say(
            message(
                "{field}: {before} → {after}",
                field=_field(words, earlier, each),
                before=_value(earlier, each.before),
                after=_value(words, each.after),
            )
        )


def _field(words: Wording, earlier: Wording, change: Difference) -> str:
    first, *rest = change.path.split(".")
    if first == "tiers" and rest:
        name, *rest = rest
        both = words if name in words.ladder.tier_names else earlier
        parts = [both.tier(name)]
    else:
        parts = [words.say(_FIELDS[first])]
    parts += [_name(words, each) for each in rest]
    return " · ".join(parts)


def _value(words: Wording, value: JsonValue) -> str:
    match value:
        case None | []:
            return words.say(message("nothing"))
        case bool():
            return words.say(message("yes") if value else message("no"))
        case str():
            return words.tier(value) if value in words.ladder.tier_names else words.seat(value)
        case list():
            return words.several(_value(words, each) for each in value)
        case dict():
            return _fields(words, value)
        case _:
            return str(value)


def _fields(words: Wording, value: dict[str, JsonValue]) -> str:
    if value and set(value) <= set(LONGEST):
        return words.limit(_LIMIT.validate_python(value))
    if "mediate_within" in value:
        return words.say(message("a tier"))
    if set(value) == {"zh", "en"}:
        return str(value[words.language])
    return words.several(
        f"{_name(words, name)} {_value(words, each)}" for name, each in value.items() if each
    )


def _name(words: Wording, name: str) -> str:
    return words.say(_FIELDS[name]) if name in _FIELDS else words.seat(name)
