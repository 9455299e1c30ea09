"""As much of JSON Schema 2020-12 as the schema of a ladder uses; a keyword that is not known here is a KeyError."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import cast

Schema = Mapping[str, object]
_SAID = frozenset({"title", "description", "default", "examples", "$schema", "$id", "$defs"})
_TYPES: Mapping[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "integer": (int,),
    "boolean": (bool,),
    "null": (type(None),),
}


@dataclass(frozen=True)
class At:
    """A value and where it stands."""

    root: Schema
    value: object
    path: str = ""

    def inside(self, name: object, value: object) -> "At":
        return At(self.root, value, f"{self.path}.{name}")

    @property
    def fields(self) -> dict[str, object]:
        return self.value if isinstance(self.value, dict) else {}

    @property
    def items(self) -> list[object]:
        return self.value if isinstance(self.value, list) else []


def faults(schema: Schema, value: object) -> list[str]:
    """What a schema has against a value, each with its path."""
    return list(_faults(schema, At(schema, value)))


def _faults(schema: Schema, at: At) -> Iterator[str]:
    for keyword, wanted in schema.items():
        if keyword not in _SAID:
            yield from _KEYWORDS[keyword](wanted, at, schema)


def _named(wanted: object, at: At, _: Schema) -> Iterator[str]:
    known = cast("Mapping[str, Schema]", wanted)
    for name in at.fields.keys() & known.keys():
        yield from _faults(known[name], at.inside(name, at.fields[name]))


def _patterned(wanted: object, at: At, _: Schema) -> Iterator[str]:
    for pattern, schema in cast("Mapping[str, Schema]", wanted).items():
        for name, value in at.fields.items():
            if re.search(pattern, name):
                yield from _faults(schema, at.inside(name, value))


def _others(wanted: object, at: At, schema: Schema) -> Iterator[str]:
    known = cast("Mapping[str, Schema]", schema.get("properties", {}))
    patterns = cast("Mapping[str, Schema]", schema.get("patternProperties", {}))
    for name, value in at.fields.items():
        if name in known or any(re.search(pattern, name) for pattern in patterns):
            continue
        if wanted is False:
            yield f"{at.path}.{name}: additionalProperties"
        elif isinstance(wanted, dict):
            yield from _faults(wanted, at.inside(name, value))


def _names(wanted: object, at: At, _: Schema) -> Iterator[str]:
    for name in at.fields:
        yield from _faults(cast("Schema", wanted), at.inside(name, name))


def _required(wanted: object, at: At, _: Schema) -> Iterator[str]:
    if isinstance(at.value, dict):
        yield from (
            f"{at.path}.{name}: required" for name in cast("list[str]", wanted) if name not in at.fields
        )


def _items(wanted: object, at: At, _: Schema) -> Iterator[str]:
    for place, item in enumerate(at.items):
        yield from _faults(cast("Schema", wanted), at.inside(place, item))


def _any_of(wanted: object, at: At, _: Schema) -> Iterator[str]:
    if all(list(_faults(item, at)) for item in cast("list[Schema]", wanted)):
        yield f"{at.path}: anyOf"


def _reference(wanted: object, at: At, _: Schema) -> Iterator[str]:
    found: object = at.root
    for part in str(wanted).removeprefix("#/").split("/"):
        found = cast("Mapping[str, object]", found)[part]
    yield from _faults(cast("Schema", found), at)


def _plainly(holds: Callable[[object, object], bool]) -> Callable[[object, At, Schema], Iterator[str]]:
    def against(wanted: object, at: At, schema: Schema) -> Iterator[str]:
        if not holds(wanted, at.value):
            name = next(name for name, item in _KEYWORDS.items() if item is against)
            yield f"{at.path}: {name}"

    return against


def _is(name: object, value: object) -> bool:
    return isinstance(value, _TYPES[str(name)]) and (name == "boolean" or not isinstance(value, bool))


def _number(least: bool) -> Callable[[object, object], bool]:
    def holds(wanted: object, value: object) -> bool:
        if not isinstance(value, int | float) or isinstance(value, bool):
            return True
        return value >= cast("int", wanted) if least else value <= cast("int", wanted)

    return holds


def _length(kind: type, least: bool) -> Callable[[object, object], bool]:
    return lambda wanted, value: not isinstance(value, kind) or _number(least)(wanted, len(value))  # type: ignore[arg-type]


_KEYWORDS: Mapping[str, Callable[[object, At, Schema], Iterator[str]]] = {
    "properties": _named,
    "patternProperties": _patterned,
    "additionalProperties": _others,
    "propertyNames": _names,
    "required": _required,
    "items": _items,
    "anyOf": _any_of,
    "$ref": _reference,
    "type": _plainly(_is),
    "enum": _plainly(lambda wanted, value: value in cast("list[object]", wanted)),
    "minimum": _plainly(_number(least=True)),
    "maximum": _plainly(_number(least=False)),
    "minLength": _plainly(_length(str, least=True)),
    "maxLength": _plainly(_length(str, least=False)),
    "minItems": _plainly(_length(list, least=True)),
    "pattern": _plainly(
        lambda wanted, value: not isinstance(value, str) or bool(re.search(str(wanted), value))
    ),
    "uniqueItems": _plainly(
        lambda wanted, value: (
            not isinstance(value, list) or all(each not in value[:place] for place, each in enumerate(value))
        )
    ),
}
