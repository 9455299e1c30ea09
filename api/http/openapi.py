"""Completes the OpenAPI document: the token, and the problems that every route may answer with."""

from typing import Final

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import JsonValue

from api.disputes.command_openapi import command_paths, command_schemas, json_object
from api.http.examples import BY_PATH
from api.http.problems import MEDIA_TYPE

_OF_TABLES: Final = "of a table that is imported, instead of a field"
_WITH_LINES: Final = "where it stands in a table or a document, from 1"
_PROBLEM: Final[dict[str, JsonValue]] = {
    "type": "object",
    "title": "Problem",
    "description": "A refusal (RFC 9457); title and detail in the language of Accept-Language, zh-CN or en",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference", "examples": ["/problems/mediation-refused"]},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "field": {"type": "string"},
                    "detail": {"type": "string", "description": "what is wrong with it"},
                    "text": {"type": "string", "description": "field and detail as one sentence"},
                    **{
                        name: {"type": "string", "description": _OF_TABLES}
                        for name in ("file", "sheet", "column")
                    },
                    "line": {"type": "integer", "description": _WITH_LINES},
                },
            },
        },
    },
}
_READING: Final = {
    "401": "no token, or one that is not valid",
    "403": "not for this role",
    "404": "no such thing",
    "422": "fields that are missing or wrong",
    "503": "the database does not answer, or a read model is behind",
}
_WRITING: Final = {
    **_READING,
    "400": "not JSON, or a header that is missing or cannot be understood",
    "409": "the rules or the state of the case do not allow it",
    "412": "the case has changed since the version named",
    "413": "more than 1 MB, or 20 MB of files",
    "428": "If-Match is missing",
}


def described(app: FastAPI) -> dict[str, JsonValue]:
    """Return the application's own description, made once."""
    if app.openapi_schema is None:
        document = get_openapi(
            title=app.title,
            version=app.version,
            summary=app.summary,
            routes=app.routes,
            license_info=app.license_info,
        )
        app.openapi_schema = _completed(_with_commands(document))
    return app.openapi_schema


def _with_commands(document: dict[str, JsonValue]) -> dict[str, JsonValue]:
    """Add the commands to disputes, which the framework does not route."""
    paths, components = json_object(document["paths"]), json_object(document.setdefault("components", {}))
    schemas = json_object(components.setdefault("schemas", {}))
    document["paths"] = dict(sorted({**paths, **command_paths()}.items()))
    for name, schema in command_schemas().items():
        if schemas.setdefault(name, schema) != schema:
            raise ValueError(f"two schemas are called {name}")
    components["schemas"] = dict(sorted(schemas.items()))
    return document


def _completed(document: dict[str, JsonValue]) -> dict[str, JsonValue]:
    components = json_object(document.setdefault("components", {}))
    json_object(components.setdefault("schemas", {}))["Problem"] = _PROBLEM
    components["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}}
    for path, methods in json_object(document["paths"]).items():
        for method, operation in json_object(methods).items():
            _describe(method, json_object(operation))
            if method != "get":
                _add_example(path, json_object(operation))
    return document


def _describe(method: str, operation: dict[str, JsonValue]) -> None:
    operation.setdefault("security", [{"token": []}])
    responses = json_object(operation.setdefault("responses", {}))
    for status, description in sorted((_READING if method == "get" else _WRITING).items()):
        responses[status] = {
            "description": description,
            "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }


def _add_example(path: str, operation: dict[str, JsonValue]) -> None:
    content = json_object(json_object(operation["requestBody"])["content"])
    if "application/json" in content:
        json_object(content["application/json"])["example"] = BY_PATH[path]
