"""The OpenAPI document, made once for all the tests of a process that read it."""

from functools import cache
from typing import cast

from pydantic import JsonValue

from api.http.app import openapi_document


@cache
def document() -> dict[str, JsonValue]:
    """The whole document; nobody changes it."""
    return openapi_document()


def paths() -> dict[str, dict[str, dict[str, object]]]:
    """What the interface offers: by path and method."""
    return cast("dict[str, dict[str, dict[str, object]]]", document()["paths"])
