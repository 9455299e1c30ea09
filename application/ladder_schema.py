"""The JSON Schema of a ladder (draft 2020-12): what can be said of it without knowing what its fields mean together."""

from functools import cache
from typing import Final

from pydantic import JsonValue

from domain.procedures.ladder import Ladder
from domain.procedures.validation.ladder import LEAST_APPROVALS
from domain.procedures.validation.time_limits import LONGEST
from domain.vocabulary import Difficulty, Seat

_Schema = dict[str, JsonValue]
DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
NAME: Final = "urn:tiaochu:ladder"


@cache
def ladder_schema() -> _Schema:
    """Return the schema, made from the model and what is asked of a new ladder beyond it. Not to be changed."""
    made: _Schema = Ladder.model_json_schema()
    parts = _object(made["$defs"])
    for unit, model in (("working_days", "WorkingDays"), ("days", "Days"), ("months", "Months")):
        _property(_object(parts[model]), unit)["maximum"] = LONGEST[unit]
    _property(_object(parts["Bypass"]), "approvals")["minimum"] = LEAST_APPROVALS
    panel = _property(_object(parts["Tier"]), "panel")
    panel["uniqueItems"] = True
    _object(panel["items"])["examples"] = [seat.value for seat in Seat]
    _property(made, "seats")["additionalProperties"] = False
    _property(made, "entry")["required"] = [difficulty.value for difficulty in Difficulty]
    return {"$schema": DIALECT, "$id": NAME, **made}


def _property(schema: _Schema, name: str) -> _Schema:
    return _object(_object(schema["properties"])[name])


def _object(value: JsonValue) -> _Schema:
    if not isinstance(value, dict):
        raise TypeError("expected an object")
    return value
