"""The OpenAPI document promises what it promised: paths, methods, parameters, bodies, replies, security.

Descriptions, titles, examples, operation ids and the names of components may change. `openapi_before.json` is the
document as it was released last; who adds to the interface on purpose writes it anew (see `BEFORE`).
"""

import json
from copy import deepcopy
from pathlib import Path
from typing import Final

from pydantic import JsonValue

from api.http.app import openapi_document

BEFORE: Final = Path(__file__).with_name("openapi_before.json")
_ANNOTATIONS: Final = frozenset({"description", "summary", "title", "example", "examples", "operationId"})
_NAMED: Final = frozenset({"properties", "patternProperties", "responses", "content", "headers", "paths"})
"""Members whose keys are names of the interface; any other object may carry annotations."""
_LITERAL: Final = frozenset({"const", "default", "enum"})


class _Comparable:
    """Rewrites a document so that equal promises are equal values."""

    def __init__(self, document: dict[str, JsonValue]) -> None:
        self._document = document

    def promises(self) -> dict[str, JsonValue]:
        """Return each operation by its path and method, and the security schemes, without references."""
        found = {
            f"{method.upper()} {path}": self._object(operation, ())
            for path, methods in self._document["paths"].items()
            for method, operation in methods.items()
        }
        return {**found, "security": self._object(self._document["components"]["securitySchemes"], ())}

    def _value(self, value: JsonValue, open_references: tuple[str, ...]) -> JsonValue:
        if isinstance(value, list):
            return [self._value(item, open_references) for item in value]
        return self._object(value, open_references) if isinstance(value, dict) else value

    def _object(self, value: dict[str, JsonValue], open_references: tuple[str, ...]) -> JsonValue:
        if "$ref" in value:
            return self._referenced(value["$ref"], open_references)
        return {
            name: self._member(name, member, open_references)
            for name, member in value.items()
            if name not in _ANNOTATIONS
        }

    def _member(self, name: str, member: JsonValue, open_references: tuple[str, ...]) -> JsonValue:
        if name in _LITERAL:
            return member
        if name in _NAMED and isinstance(member, dict):
            return {key: self._value(item, open_references) for key, item in member.items()}
        if name == "mapping" and isinstance(member, dict):  # of a discriminator
            return {key: self._referenced(target, open_references) for key, target in member.items()}
        if name == "required" and isinstance(member, list):
            return sorted(member)
        if name == "parameters":
            found = [self._value(item, open_references) for item in member]
            return sorted(found, key=lambda parameter: (parameter["in"], parameter["name"]))
        return self._value(member, open_references)

    def _referenced(self, reference: str, open_references: tuple[str, ...]) -> JsonValue:
        if reference in open_references:  # a schema inside itself: so many references out
            return {"recursion": len(open_references) - open_references.index(reference)}
        target: JsonValue = self._document
        for part in reference.removeprefix("#/").split("/"):
            target = target[part]
        return self._value(target, (*open_references, reference))


def _before() -> dict[str, JsonValue]:
    return json.loads(BEFORE.read_text(encoding="utf-8"))


def _promises(document: dict[str, JsonValue]) -> dict[str, JsonValue]:
    return _Comparable(document).promises()


def test_the_interface_promises_what_it_promised() -> None:
    before, today = _promises(_before()), _promises(json.loads(json.dumps(openapi_document())))
    assert sorted(today) == sorted(before)
    changed = [name for name, promise in before.items() if today[name] != promise]
    assert changed == []


def test_a_component_may_be_renamed_and_described_anew() -> None:
    text = json.dumps(_before())
    renamed = json.loads(text.replace("CaseView", "CaseReply"))
    assert renamed != _before()
    renamed["components"]["schemas"]["CaseReply"]["description"] = "something else"
    assert _promises(renamed) == _promises(_before())


def test_a_changed_field_parameter_or_reply_is_noticed() -> None:
    before = _before()
    without_a_field, with_a_parameter, without_a_reply, nested = (deepcopy(before) for _ in range(4))
    del without_a_field["components"]["schemas"]["CaseView"]["properties"]["title"]
    with_a_parameter["paths"]["/v1/disputes"]["get"]["parameters"].append(
        {"in": "query", "name": "more", "required": True, "schema": {"type": "string"}}
    )
    del without_a_reply["paths"]["/v1/disputes"]["get"]["responses"]["200"]
    nested["components"]["schemas"]["Tier"]["properties"]["failed_sessions"] = {"type": "string"}
    for changed in (without_a_field, with_a_parameter, without_a_reply, nested):
        assert _promises(changed) != _promises(before)
