"""What the OpenAPI document says of commands to disputes: one operation a row of the command table."""

from re import sub
from typing import Final

from pydantic import BaseModel, JsonValue
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from api.disputes.command_route import CommandRoute
from api.disputes.command_routes import ROUTES, SUBJECTS
from api.disputes.schemas.command_reply import ReplyView

TAG: Final = "disputes: commands"
_REF: Final = "#/components/schemas/{model}"
_OPTIONAL_TEXT: Final[list[JsonValue]] = [{"type": "string"}, {"type": "null"}]
Object = dict[str, JsonValue]


def command_paths() -> dict[str, Object]:
    """Return the path items of all commands to disputes, by path."""
    return {f"/v1/disputes/{{dispute}}/{route.path}": {"post": _operation(route)} for route in ROUTES}


def command_schemas() -> dict[str, JsonValue]:
    """Return the schemas to which the path items refer, by name."""
    bodies: list[tuple[type[BaseModel], JsonSchemaMode]] = [(route.body, "validation") for route in ROUTES]
    _, definitions = models_json_schema([*bodies, (ReplyView, "serialization")], ref_template=_REF)
    return json_object(_without_nulls(definitions["$defs"]))


def _without_nulls(value: JsonValue) -> JsonValue:
    """Leave out members that are null, such as defaults, as the framework does in its part of the document."""
    if isinstance(value, dict):
        return {name: _without_nulls(member) for name, member in value.items() if member is not None}
    return [_without_nulls(item) for item in value] if isinstance(value, list) else value


def json_object(value: JsonValue) -> Object:
    """Return a JSON value that is an object; raises TypeError where it is none."""
    if not isinstance(value, dict):
        raise TypeError("expected a JSON object")
    return value


def _operation(route: CommandRoute) -> Object:
    name = route.command.__name__
    path = sub(r"\W", "_", f"/v1/disputes/{{dispute}}/{route.path}")
    return {
        "tags": [TAG],
        "summary": sub(r"(?<!^)(?=[A-Z])", " ", name).capitalize(),
        "description": route.command.__doc__,
        "operationId": f"{name}{path}_post",
        "parameters": _parameters(route),
        "requestBody": {"required": True, "content": _json(route.body.__name__)},
        "responses": {"200": {"description": "Successful Response", "content": _json(ReplyView.__name__)}},
    }


def _parameters(route: CommandRoute) -> list[JsonValue]:
    subjects: list[JsonValue] = []
    if route.subject is not None:
        schema = SUBJECTS[route.subject].json_schema()
        subjects = [_parameter("path", route.subject, {"title": route.subject.capitalize(), **schema})]
    return [
        _parameter("path", "dispute", {"type": "string", "format": "uuid", "title": "Dispute"}),
        *subjects,
        _parameter(
            "query",
            "dry_run",
            {
                "type": "boolean",
                "default": False,
                "title": "Dry Run",
                "description": "say what would happen and record nothing",
            },
        ),
        _header("If-Match", 'the version you saw, in quotes, such as "3"; * for any'),
        _header("Idempotency-Key", "of your own choice; the same key makes a retry safe"),
    ]


def _header(name: str, description: str) -> JsonValue:
    schema: Object = {"anyOf": _OPTIONAL_TEXT, "title": name, "description": description}
    return _parameter("header", name.lower(), schema)


def _parameter(place: str, name: str, schema: Object) -> JsonValue:
    """Describe a parameter; one in the path is required."""
    parameter: Object = {"name": name, "in": place, "required": place == "path", "schema": schema}
    return {**parameter, "description": schema["description"]} if "description" in schema else parameter


def _json(model: str) -> JsonValue:
    return {"application/json": {"schema": {"$ref": _REF.format(model=model)}}}
