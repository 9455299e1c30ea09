"""Events without personal data, for readers who may see what happened but not to whom.

Only the types of an event's fields decide what is personal: a field whose type is marked `PersonalData` or
`Identifying` becomes null, however deep it lies. Identities are not replaced by pseudonyms: knowing that two events
concern the same person could lead back to that person.
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
    """Return an event as it is stored, with null in place of personal and identifying data."""
    return _of_model(payload(event), event)


def is_about_people(hint: object) -> bool:
    """Say whether a type is marked, itself or in one of its parts; models are left to their own fields."""
    return isinstance(hint, _MARKS) or any(is_about_people(part) for part in get_args(hint))


def _of_model(stored: Mapping[str, JsonValue], value: BaseModel) -> Payload:
    names, withheld = _fields(type(value))
    return {
        key: None if key in withheld else _without_people(item, getattr(value, names[key]))
        for key, item in stored.items()
    }


def _without_people(stored: JsonValue, value: object) -> JsonValue:
    match stored, value:
        case dict(), BaseModel():
            return _of_model(stored, value)
        case dict(), Mapping():
            pairs = zip(stored.items(), value.values(), strict=True)
            return {key: _without_people(item, own) for (key, item), own in pairs}
        case list(), Collection():
            return [_without_people(item, own) for item, own in zip(stored, value, strict=True)]
        case ((dict() | list()), _):
            raise TypeError(f"a {type(value).__name__} may hold personal data of an unknown kind")
        case _:
            return stored


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
