"""Entity tags: which versions a client has seen (RFC 9110, 8.8.3, 13.1).

A weak tag counts as its strong one: proxies that compress a reply make `W/"2"` of `"2"`.
"""

import re
from typing import Final

from fastapi import Request, Response

from api.http.problems import MalformedHeader
from application.context import Expected
from domain.messages import message

_VERSIONS: Final = re.compile(r'\s*(?:W/)?"(\d{1,18})"\s*(?:,|$)')
_TAGS: Final = re.compile(r'(?:W/)?("[^"]*")')


def expected_versions(request: Request) -> Expected:
    """Return the versions named by If-Match, "any" for `*`, None where it is absent; raises MalformedHeader."""
    value = request.headers.get("if-match")
    if value is None or value.strip() == "*":
        return None if value is None else "any"
    versions = [int(version) for version in _VERSIONS.findall(value)]
    if not versions or _VERSIONS.sub("", value).strip():
        raise MalformedHeader(message('If-Match must be a version in quotes, such as "3", or *'))
    return frozenset(versions)


def not_modified(request: Request, tag: str) -> Response | None:
    """Return the reply 304 where If-None-Match names the tag of what would be sent; None where it does not."""
    value = request.headers.get("if-none-match", "")
    if value.strip() == "*" or tag in _TAGS.findall(value):
        return Response(status_code=304, headers={"ETag": tag})
    return None
