"""What a text field accepts: something to be read, without control characters (rule 24)."""

import pkgutil
from collections.abc import Iterator
from importlib import import_module
from inspect import isclass
from typing import Annotated, get_args, get_origin

import pytest
from pydantic import AfterValidator, BaseModel, TypeAdapter, ValidationError

from domain import commands
from domain.procedures.tier import Titles
from domain.vocabulary import LongText, PhoneNumber, RecordedText, ShortText

SHORT = TypeAdapter[str](ShortText)
LONG = TypeAdapter[str](LongText)
PHONE = TypeAdapter[str](PhoneNumber)
EVERY = pytest.mark.parametrize("kind", [SHORT, LONG, PHONE], ids=["short", "long", "phone"])


@EVERY
@pytest.mark.parametrize("text", ["", "  ", "\u3000", "\u200b", "\ufeff\u2060", "\u3164", "\u2800 \u00ad"])
def test_what_shows_nothing_is_empty(kind: TypeAdapter[str], text: str) -> None:
    with pytest.raises(ValidationError, match=r"must not be empty|at least 1 character"):
        kind.validate_python(text)


@EVERY
@pytest.mark.parametrize("sign", ["\x00", "\x07", "\x08", "\x0b", "\x0c", "\x1b", "\x7f", "\x85", "\x9f"])
def test_a_control_character_is_refused(kind: TypeAdapter[str], sign: str) -> None:
    with pytest.raises(ValidationError, match="control character"):
        kind.validate_python(f"甲{sign}乙")


@pytest.mark.parametrize("sign", ["\n", "\r\n", "\t"])
def test_only_a_long_text_has_lines_and_columns(sign: str) -> None:
    assert LONG.validate_python(f"甲{sign}乙") == f"甲{sign}乙"
    for kind in (SHORT, PHONE):
        with pytest.raises(ValidationError, match="line break"):
            kind.validate_python(f"甲{sign}乙")


@EVERY
@pytest.mark.parametrize("text", ["买买提·艾力", "甲\u200b乙", "（２０２６）", "👨\u200d👩\u200d👧", "a"])
def test_a_text_is_kept_as_it_was_typed(kind: TypeAdapter[str], text: str) -> None:
    assert kind.validate_python(text) == text


@pytest.mark.parametrize("text", ["甲\x07乙", "\u200b", "甲\n乙"])
def test_what_was_recorded_before_is_still_read(text: str) -> None:
    assert TypeAdapter[str](RecordedText).validate_python(text) == text


def test_every_text_of_every_command_is_held_to_this() -> None:
    """Only the titles of a ladder are not, which its validation checks: a published ladder stays readable."""
    modules = [
        import_module(found.name) for found in pkgutil.walk_packages(commands.__path__, "domain.commands.")
    ]
    kinds = {kind for module in modules for kind in vars(module).values() if isclass(kind)}
    models = {
        kind
        for kind in kinds
        if issubclass(kind, BaseModel) and kind.__module__.startswith("domain.commands")
    }
    assert len(models) > 100
    loose = {name for model in models for name in _loose_texts(model)}
    assert loose == {f"{Titles.__name__}.zh", f"{Titles.__name__}.en"}


def _loose_texts(model: type[BaseModel]) -> Iterator[str]:
    """Yield the texts of a model, and of the models inside it, that neither a check nor a pattern holds."""
    for name, field in model.model_fields.items():
        yield from _loose(field.annotation, tuple(field.metadata), f"{model.__name__}.{name}")


def _loose(kind: object, metadata: tuple[object, ...], path: str) -> Iterator[str]:
    if get_origin(kind) is Annotated:
        inner, *more = get_args(kind)
        yield from _loose(inner, (*metadata, *more), path)
    elif kind is str:
        checks = [item for given in metadata for item in (given, *getattr(given, "metadata", ()))]
        if not any(isinstance(item, AfterValidator) or getattr(item, "pattern", None) for item in checks):
            yield path
    elif isclass(kind) and issubclass(kind, BaseModel):
        yield from _loose_texts(kind)
    else:
        for part in get_args(kind):
            yield from _loose(part, metadata, path)
