"""Entity tags of replies: whether a client has seen what would be sent (RFC 9110, 8.8.3, 13.1.2)."""

import re
from typing import Final

from fastapi import Request, Response

_TAGS: Final = re.compile(r'(?:W/)?("[^"]*")')
"""A weak tag counts as its strong one: proxies that compress a reply make `W/"2"` of `"2"`."""


def not_modified(request: Request, tag: str) -> Response | None:
    """Return the reply 304 where If-None-Match names the tag of what would be sent; None where it does not."""
    value = request.headers.get("if-none-match", "")
    if value.strip() == "*" or tag in _TAGS.findall(value):
        return Response(status_code=304, headers={"ETag": tag})
    return None
