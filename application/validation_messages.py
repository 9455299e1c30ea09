"""What is wrong with a request's fields, as sentences a person understands; never with what was sent."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, cast

from domain.messages import Argument, Message, message

_Context = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class FieldError:
    """A field by its path within the request, and what is wrong with it."""

    field: str
    detail: Message
    where: str = "body"
    kind: str = ""


_OFFSET: Final = message("must carry its offset, such as 2026-03-02T09:00:00+08:00")
_MOMENT: Final = message("must be a date and time with its offset, such as 2026-03-02T09:00:00+08:00")
_DATE: Final = message("must be a date, such as 2026-03-02")
_WHOLE: Final = message("must be a whole number")
_TEXT: Final = message("must be text")
_LIST: Final = message("must be a list")
_OBJECT: Final = message("must be an object")
_UUID: Final = message("must be a UUID")
_TRUTH: Final = message("must be true or false")
_FALLBACK: Final = message("is not valid")

_PLAIN: Final[Mapping[str, Message]] = {
    "missing": message("is required"),
    "extra_forbidden": message("is not a field of this request"),
    "string_type": _TEXT,
    "string_unicode": message("must be valid Unicode text"),
    "string_pattern_mismatch": message("is not written as it should be"),
    "int_type": _WHOLE,
    "int_parsing": _WHOLE,
    "int_from_float": _WHOLE,
    "int_parsing_size": _WHOLE,
    "bool_type": _TRUTH,
    "bool_parsing": _TRUTH,
    "timezone_aware": _OFFSET,
    "list_type": _LIST,
    "tuple_type": _LIST,
    "dict_type": _OBJECT,
    "model_type": _OBJECT,
    "model_attributes_type": _OBJECT,
}
_PREFIXES: Final[Mapping[str, Message]] = {"datetime_": _MOMENT, "date_": _DATE, "uuid_": _UUID}


def _number(context: _Context, name: str) -> Argument:
    value = context.get(name)
    return value if isinstance(value, int) else str(value)


def _choice(context: _Context) -> Message:
    words = str(context.get("expected")).replace("'", "").replace(" or ", ", ")
    return message("must be one of: {words}", words=words)


_WITH_LIMITS: Final[Mapping[str, Callable[[_Context], Message]]] = {
    "string_too_short": lambda _: message("must not be empty"),
    "string_too_long": lambda c: message(
        "must have at most {limit} characters", limit=_number(c, "max_length")
    ),
    "too_short": lambda c: message("must have at least {limit} items", limit=_number(c, "min_length")),
    "too_long": lambda c: message("must have at most {limit} items", limit=_number(c, "max_length")),
    "greater_than_equal": lambda c: message("must be at least {limit}", limit=_number(c, "ge")),
    "less_than_equal": lambda c: message("must be at most {limit}", limit=_number(c, "le")),
    "year_out_of_range": lambda c: message(
        "must lie in the years {first} to {last}", first=_number(c, "first"), last=_number(c, "last")
    ),
    "enum": _choice,
    "literal_error": _choice,
    "value_error": lambda c: Message(str(c.get("error"))),
}


def field_errors(found: Sequence[object]) -> list[FieldError]:
    """Turn pydantic's findings into sentences, each with its field."""
    return [_field_error(cast("Mapping[str, object]", item)) for item in found]


def _field_error(finding: Mapping[str, object]) -> FieldError:
    kind = str(finding["type"])
    where, *path = cast("Sequence[str | int]", finding["loc"])
    field = ".".join(str(part) for part in path) or str(where)
    return FieldError(field, _sentence(kind, cast("_Context", finding.get("ctx") or {})), str(where), kind)


def _sentence(kind: str, context: _Context) -> Message:
    if kind in _WITH_LIMITS:
        return _WITH_LIMITS[kind](context)
    if kind in _PLAIN:
        return _PLAIN[kind]
    return next((text for prefix, text in _PREFIXES.items() if kind.startswith(prefix)), _FALLBACK)
