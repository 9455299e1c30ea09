"""Facts without the people in them, for whoever may look at what happened and not at whom it happened to.

What is personal is known from the types of the events and from nothing else: a field of a type that is marked
`PersonalData` or `Identifying` is told as null, however deep it lies. Identities are not replaced by pseudonyms:
whatever tells that two events concern the same person could lead back to that person.
"""

from collections.abc import Collection, Mapping
from functools import cache
from typing import Final, get_args

from pydantic import BaseModel, JsonValue

from domain.events.envelope import Event
from domain.vocabulary import Identifying, PersonalData
from store.event_log.codec import payload
from store.event_log.upcast import Payload

_MARKS: Final = (PersonalData, Identifying)


def impersonal(event: Event) -> Payload:
    """Return a fact as it is stored, but null in place of all that is about a person or says who it is."""
    return _of_model(payload(event), event)


def is_about_people(hint: object) -> bool:
    """Say whether a type is marked, itself or in one of its parts; models are left to their own fields."""
    return isinstance(hint, _MARKS) or any(is_about_people(part) for part in get_args(hint))


def _of_model(told: Mapping[str, JsonValue], value: BaseModel) -> Payload:
    names, withheld = _fields(type(value))
    return {
        key: None if key in withheld else _without_people(item, getattr(value, names[key]))
        for key, item in told.items()
    }


def _without_people(told: JsonValue, value: object) -> JsonValue:
    match told, value:
        case dict(), BaseModel():
            return _of_model(told, value)
        case dict(), Mapping():
            pairs = zip(told.items(), value.values(), strict=True)
            return {key: _without_people(item, own) for (key, item), own in pairs}
        case list(), Collection():
            return [_without_people(item, own) for item, own in zip(told, value, strict=True)]
        case ((dict() | list()), _):
            raise TypeError(f"nothing is known of what a {type(value).__name__} tells about people")
        case _:
            return told


@cache
def _fields(model: type[BaseModel]) -> tuple[Mapping[str, str], frozenset[str]]:
    """The fields of a model by the names under which they are stored, and which of them are withheld."""
    stored = {field.serialization_alias or name: (name, field) for name, field in model.model_fields.items()}
    withheld = (
        key
        for key, (_, field) in stored.items()
        if is_about_people(field.annotation) or any(map(is_about_people, field.metadata))
    )
    return {key: name for key, (name, _) in stored.items()}, frozenset(withheld)
