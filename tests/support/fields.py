"""Every field that a request may have, and every word that one of them may hold, by the OpenAPI document."""

from collections.abc import Iterator, Mapping
from functools import cache

from pydantic import JsonValue

from api.disputes.command_openapi import json_object
from tests.support.openapi import document


@cache
def fields() -> frozenset[str]:
    """The names of the parameters of every operation, of the fields of every body, and of bodies and queries as a whole."""
    return frozenset(("body", "query")) | frozenset(
        name
        for part in requests()
        for name in (*_members(part, "properties"), *([str(part["name"])] if "in" in part else []))
    )


@cache
def choices() -> frozenset[str]:
    """The words of the closed lists."""
    return frozenset(str(word) for part in requests() for word in (*_listed(part), *_only(part)))


def _members(part: Mapping[str, JsonValue], name: str) -> tuple[str, ...]:
    found = part.get(name)
    return tuple(found) if isinstance(found, dict) else ()


def _listed(part: Mapping[str, JsonValue]) -> tuple[JsonValue, ...]:
    found = part.get("enum")
    return tuple(found) if isinstance(found, list) else ()


def _only(part: Mapping[str, JsonValue]) -> tuple[JsonValue, ...]:
    return (part["const"],) if isinstance(part.get("const"), str) else ()


def requests() -> Iterator[Mapping[str, JsonValue]]:
    """Yield every object of the parameters and the bodies, and of the schemas to which they refer."""
    whole = document()
    schemas = json_object(json_object(whole["components"])["schemas"])
    waiting: list[JsonValue] = []
    for methods in json_object(whole["paths"]).values():
        for operation in json_object(methods).values():
            waiting += [json_object(operation).get("parameters"), json_object(operation).get("requestBody")]
    seen: set[str] = set()
    while waiting:
        part = waiting.pop()
        if isinstance(part, list):
            waiting += part
        elif isinstance(part, dict):
            yield part
            waiting += part.values()
            name = str(part.get("$ref", "")).rpartition("/")[2]
            if name and name not in seen:
                seen.add(name)
                waiting.append(schemas[name])
