"""What leaves the house without names holds nobody's, whatever the event, however deep the name lies."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, ClassVar, get_args, get_origin, get_type_hints

import pytest
from pydantic import BaseModel

from domain.events.dispute import Filed, MediatorsReplaced
from domain.events.envelope import Event
from domain.vocabulary import Erased, Identifying, Personal, PersonalData, PersonKey, Value
from store.event_log.codec import payload
from store.event_log.topics import TOPICS
from store.privacy.redaction import impersonal
from tests.support.samples import EVENTS

SECRET = "身份证110101199001011234"


def marked(hint: object) -> bool:
    """Whether a type as it is written holds a mark, by a reading of one's own."""
    if get_origin(hint) is Annotated:
        kind, *marks = get_args(hint)
        return any(isinstance(mark, PersonalData | Identifying) for mark in marks) or marked(kind)
    return any(marked(part) for part in get_args(hint) if part is not Ellipsis)


def betraying(value: object) -> object:
    """The same, with the secret in every place that a type marks, even where the sample had left it empty."""
    if isinstance(value, BaseModel):
        hints = get_type_hints(type(value), include_extras=True)
        told = {
            name: SECRET if marked(hints[name]) else betraying(getattr(value, name))
            for name in type(value).model_fields
        }
        return value.model_copy(update=told)
    if isinstance(value, tuple):
        return tuple(betraying(item) for item in value)
    return value


def personal_texts(value: object, *, told: bool = False) -> Iterator[str]:
    """Every text of a sample that stands in a marked place."""
    match value:
        case BaseModel():
            hints = get_type_hints(type(value), include_extras=True)
            for name in type(value).model_fields:
                yield from personal_texts(getattr(value, name), told=told or marked(hints[name]))
        case tuple():
            for item in value:
                yield from personal_texts(item, told=told)
        case Mapping():
            for item in value.values():
                yield from personal_texts(item, told=told)
        case _ if told and value is not None:
            yield str(value)


def texts_of(told: object) -> Iterator[str]:
    match told:
        case dict():
            for item in told.values():
                yield from texts_of(item)
        case list():
            for item in told:
                yield from texts_of(item)
        case str():
            yield told


def test_there_is_a_sample_of_every_topic() -> None:
    assert {type(event) for event in EVENTS} == set(TOPICS.current.values())


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.TOPIC)
def test_no_personal_value_of_a_sample_survives(event: Event) -> None:
    told = list(texts_of(impersonal(event)))
    assert not [text for text in personal_texts(event) if any(text in item for item in told)]


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.TOPIC)
@pytest.mark.filterwarnings("ignore:Pydantic serializer warnings")
def test_no_place_for_something_personal_survives(event: Event) -> None:
    filled = betraying(event)
    assert isinstance(filled, Event)
    there = SECRET in json.dumps(payload(filled), ensure_ascii=False)
    assert there == any(marked(hint) for hint in deep_hints(type(event)))
    assert SECRET not in json.dumps(impersonal(filled), ensure_ascii=False)


def deep_hints(model: type[BaseModel]) -> Iterator[object]:
    for hint in get_type_hints(model, include_extras=True).values():
        yield hint
        for part in parts(hint):
            if isinstance(part, type) and issubclass(part, BaseModel) and part is not Erased:
                yield from deep_hints(part)


def parts(hint: object) -> Iterator[object]:
    yield hint
    for arg in get_args(hint):
        yield from parts(arg)


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.TOPIC)
def test_everything_else_stays_as_it_is_stored(event: Event) -> None:
    assert list(impersonal(event)) == list(payload(event))
    assert same_but_for_nulls(impersonal(event), payload(event))


def same_but_for_nulls(told: object, stored: object) -> bool:
    match told, stored:
        case dict(), dict():
            return told.keys() == stored.keys() and all(
                same_but_for_nulls(told[name], stored[name]) for name in told
            )
        case list(), list():
            return all(same_but_for_nulls(*item) for item in zip(told, stored, strict=True))
        case None, _:
            return True
        case _:
            return told == stored


def test_people_and_officials_are_gone_and_what_happened_is_left() -> None:
    (filed,) = (event for event in EVENTS if type(event) is Filed)
    told = impersonal(filed)
    first, _ = told["parties"]
    assert first == {
        "id": "p1",
        "person": None,
        "role": "applicant",
        "kind": "person",
        "name": None,
        "phone": None,
        "id_number": None,
        "address": None,
        "agent": {"name": None, "relation": None},
    }
    assert (told["category"], told["amount_fen"], told["unit"]) == ("property", 360000, "example.c01.y01")
    (replaced,) = (event for event in EVENTS if isinstance(event, MediatorsReplaced))
    assert impersonal(replaced)["mediators"] is None


class Whisper(Value):
    said: Personal[str]
    times: int


class Odd(Event):
    """Every shape in which somebody could come to hide a name."""

    TOPIC: ClassVar[str] = "odd.v1"

    plain: Personal[str]
    perhaps: Personal[str] | None
    several: tuple[Personal[str], ...]
    by_key: dict[str, Personal[str]]
    of_whom: dict[PersonKey, int]
    one: Whisper | None
    deep: dict[str, tuple[Whisper | int, ...]]


def test_no_shape_hides_a_name() -> None:
    whisper = Whisper(said="甲", times=2)
    odd = Odd(
        plain="甲",
        perhaps="甲",
        several=("甲",),
        by_key={"a": "甲"},
        of_whom={"jia": 1},
        one=whisper,
        deep={"a": (whisper, 7)},
    )
    nothing = {"said": None, "times": 2}
    told = dict.fromkeys(("plain", "perhaps", "several", "by_key", "of_whom"))
    assert impersonal(odd) == {**told, "one": nothing, "deep": {"a": [nothing, 7]}}


@dataclass
class Stranger:
    name: Personal[str]


def test_what_tells_nothing_of_its_types_is_not_let_out() -> None:
    class Strange(Event):
        TOPIC: ClassVar[str] = "strange.v1"
        whom: Stranger

    with pytest.raises(TypeError, match="Stranger"):
        impersonal(Strange(whom=Stranger("甲")))
