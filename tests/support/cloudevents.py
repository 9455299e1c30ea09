"""What CloudEvents 1.0 and its JSON format ask of an event, read from the specification and nowhere else."""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from urllib.parse import urlsplit

_NAME = re.compile(r"[a-z0-9]{1,20}")
"""Names MUST be of lower-case letters and digits, and SHOULD NOT be longer than twenty."""
_RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
_URI_REFERENCE = re.compile(r"[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]+")
_MEDIA_TYPE = re.compile(r"[a-z]+/[a-z0-9.+-]+")
_REQUIRED = ("id", "source", "specversion", "type")
_PAYLOAD = {"data", "data_base64"}


def faults(event: Mapping[str, object]) -> list[str]:
    """What is wrong with an event in the JSON format."""
    return [*_missing(event), *_names_and_types(event), *_values(event)]


def _missing(event: Mapping[str, object]) -> Iterator[str]:
    for name in _REQUIRED:
        if not isinstance(event.get(name), str) or not event[name]:
            yield f"{name} is required and not empty"
    if event.keys() >= _PAYLOAD:
        yield "data and data_base64 exclude each other"


def _names_and_types(event: Mapping[str, object]) -> Iterator[str]:
    for name, value in event.items():
        if name in _PAYLOAD:
            continue
        if not _NAME.fullmatch(name):
            yield f"{name} is no name of an attribute"
        match value:
            case bool():
                pass
            case int():
                if not -(2**31) <= value < 2**31:
                    yield f"{name} is no Integer: it has 32 bits"
            case str():
                if any(ord(item) < 32 or 0x7F <= ord(item) <= 0x9F for item in value):
                    yield f"{name} holds a control character"
            case _:
                yield f"{name} is of no type that an attribute may have"


def _values(event: Mapping[str, object]) -> Iterator[str]:
    if event.get("specversion") != "1.0":
        yield "specversion is 1.0"
    source = str(event.get("source"))
    if not _URI_REFERENCE.fullmatch(source) or not urlsplit(source).path:
        yield "source is a URI-reference"
    if "time" in event and not (
        _RFC3339.fullmatch(str(event["time"])) and datetime.fromisoformat(str(event["time"]))
    ):
        yield "time is a timestamp of RFC 3339"
    if "subject" in event and not event["subject"]:
        yield "subject is not empty"
    if "datacontenttype" in event and not _MEDIA_TYPE.fullmatch(str(event["datacontenttype"])):
        yield "datacontenttype is a media type"
    if "dataschema" in event and not urlsplit(str(event["dataschema"])).scheme:
        yield "dataschema is a URI"
